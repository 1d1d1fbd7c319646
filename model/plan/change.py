"""The change: the one idea that runs through the house.

An edit in a form, a move, a rename, an undo, an import, a fix, a merge and a diff between two revisions are all
changes. A change holds one record as it was before and as it is after (either may be missing).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from ..records.address import Address
from ..records.base import Entry, Record, to_data
from ..records.values import is_table, same
from ..text.visible import one_line
from .indexes import updated
from .plan import Plan

Path = tuple[str, ...]
LONGEST_LABEL = 120
NO_CHANGE = "nothing to change: it is so already"
"""What is said of a step without changes."""


class Missing:
    """Stands for a field that is not set, where None would be ambiguous."""

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING = Missing()


class ChangeRefused(ValueError):
    """A change does not fit the plan it was meant for: the record is not what it was when the change was made."""

    def __init__(self, address: Address) -> None:
        super().__init__(f"{address} is not what it was when the change was made")
        self.address = address


@dataclass(frozen=True)
class FieldChange:
    """One field (or one key of a table) before and after, as plain values."""

    path: Path
    before: object
    after: object


@dataclass(frozen=True)
class Change:
    """A record before and after."""

    before: Record | None
    after: Record | None

    def __post_init__(self) -> None:
        if self.before is None and self.after is None:
            raise ValueError("a change has a record before it, after it, or both")

    @cached_property
    def address(self) -> Address:
        """Where the record is after the change, or was before it was removed."""
        record = self.after or self.before
        assert record is not None
        return record.address

    @property
    def is_rename(self) -> bool:
        """Whether the record keeps its content and gets another address."""
        return bool(self.before and self.after and self.before.address != self.after.address)

    @property
    def inverse(self) -> Change:
        """The change that takes this one back."""
        return Change(self.after, self.before)

    def fields(self) -> tuple[FieldChange, ...]:
        """The fields that differ, in the order of the model; table keys one by one."""
        if self.before is None or self.after is None:
            before = to_data(self.before) if self.before else {}
            after = to_data(self.after) if self.after else {}
            return tuple(
                FieldChange((key,), before.get(key, MISSING), after.get(key, MISSING))
                for key in (before or after)
            )
        return field_changes(to_data(self.before), to_data(self.after))


@dataclass(frozen=True)
class Batch:
    """Changes that are one step for the person, with its name: `move feature-table-7k2m to execute`."""

    label: str
    changes: tuple[Change, ...]
    renamed: tuple[Address, ...] = ()
    """What gets another name by it, as it was called: no file may go on naming it so without a word."""
    texts: Mapping[Address, str] = field(default_factory=dict[Address, str])
    """Files of records that come back, as people wrote them, with comments; others are laid out canonically."""

    def __post_init__(self) -> None:
        """Keeps the name on one line, and short: it may hold a value that was set, such as a page of notes."""
        label = one_line(self.label)
        shown = label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
        object.__setattr__(self, "label", shown)

    @property
    def inverse(self) -> Batch:
        """The step that takes this one back."""
        return Batch(self.label, tuple(change.inverse for change in reversed(self.changes)))

    @property
    def touched(self) -> frozenset[Address]:
        """Addresses of all records that the step writes or removes."""
        sides = ((change.before, change.after) for change in self.changes)
        return frozenset(side.address for pair in sides for side in pair if side is not None)


def field_changes(
    before: Mapping[str, Any], after: Mapping[str, Any], path: Path = ()
) -> tuple[FieldChange, ...]:
    """The differences of two tables of plain values; tables that both sides have are compared key by key."""
    found: list[FieldChange] = []
    for key in {**before, **after}:
        old, new = before.get(key, MISSING), after.get(key, MISSING)
        if is_table(old) and is_table(new):
            found.extend(field_changes(old, new, (*path, key)))
        elif not same(old, new):
            found.append(FieldChange((*path, key), old, new))
    return tuple(found)


def apply(plan: Plan, changes: Iterable[Change]) -> Plan:
    """The plan after the changes; it shares every record that they do not touch.

    Raises ChangeRefused where a record is not what the change says it was.
    """
    changes = tuple(changes)
    if not changes:
        return plan
    records = plan.copied()
    for change in changes:
        if change.before is not None:
            address = change.before.address
            if records.get(address) != change.before:
                raise ChangeRefused(address)
            if change.after is None or change.after.address != address:
                del records[address]
        if change.after is not None:
            address = change.after.address
            if (change.before is None or change.before.address != address) and address in records:
                raise ChangeRefused(address)
            records[address] = change.after
    return updated(plan, plan.with_records(records), [(change.before, change.after) for change in changes])


def folded(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Changes that follow each other as if they were made at once: one for each record, none for what is as before."""
    found: dict[Address, Change] = {}
    for change in changes:
        begin = change.before or change.after
        assert begin is not None
        earlier = found.pop(begin.address, None)
        before = earlier.before if earlier is not None else change.before
        if before is not None or change.after is not None:
            one = Change(before, change.after)
            if one.before != one.after:
                found[one.address] = one
    return tuple(found.values())


def difference(before: Plan, after: Plan) -> tuple[Change, ...]:
    """The changes that lead from one plan to the other, ordered by address.

    Two plans that share records are compared by identity first, so that the price is that of what differs.
    """
    return changes_at({**before.records, **after.records}, before.records.get, after.records.get)


def changes_at(
    addresses: Iterable[Address],
    before: Callable[[Address], Record | None],
    after: Callable[[Address], Record | None],
) -> tuple[Change, ...]:
    """The changes at some addresses, ordered by address: what is the same before and after is none.

    What could not be read of a record is no value of it, but it is shown: another state of that is a change, too.
    """
    changes: list[Change] = []
    for address in addresses:
        old, new = before(address), after(address)
        if old is not new and (old != new or _unfit(old) != _unfit(new)):
            changes.append(Change(old, new))
    return tuple(sorted(changes, key=lambda change: change.address))


def _unfit(record: Record | None) -> object:
    return record.unfit if record is not None else ()


def with_fields(record: Record, fields: Mapping[Path, object]) -> dict[str, Any]:
    """The record's plain data with some fields set (MISSING takes one away); it still has to be validated."""
    data = to_data(record)
    for path, value in fields.items():
        set_path(data, path, value)
    return data


def set_path(data: dict[str, Any], path: Path, value: object) -> None:
    """Sets or removes one value in nested tables; a table that this leaves empty goes too."""
    *parents, last = path
    table = data
    trail: list[tuple[dict[str, Any], str]] = []
    for key in parents:
        inner = table.get(key)
        if not isinstance(inner, dict):
            if value is MISSING:
                return
            inner = table[key] = {}
        trail.append((table, key))
        table = cast("dict[str, Any]", inner)
    if value is MISSING:
        table.pop(last, None)
        for parent, key in reversed(trail):
            if parent[key]:
                break
            del parent[key]
    else:
        table[last] = value


def get_path(entry: Entry | Mapping[str, Any], path: Path) -> object:
    """The plain value at a path; MISSING where nothing is set."""
    value: Any = to_data(entry) if isinstance(entry, Entry) else entry
    for key in path:
        if not is_table(value) or key not in value:
            return MISSING
        value = value[key]
    return value

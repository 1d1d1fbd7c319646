"""The changes between two plans as a reviewer reads them: by project and kind, without what only looks like a change.

What is written differently and says the same is no change; another order of cards is one line for a column, not one
for each card.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from ..plan.change import MISSING, Change, FieldChange, difference
from ..plan.plan import Plan
from ..records.address import Address
from ..records.base import Record, sections
from ..records.card import Card
from ..records.kinds import KINDS, record_model
from ..records.project import Project
from ..records.values import is_table
from ..snapshot.snapshot import Snapshot
from .renames import Renames, aligned, renames
from .titles import Titles

What = Literal["added", "removed", "changed", "renamed"]


def ids_of(changes: Iterable[Change]) -> tuple[str, ...]:
    """The ids of what changed, in order, each once."""
    return tuple(dict.fromkeys(change.address.id for change in changes))


@dataclass(frozen=True)
class RecordChange:
    """A record that was added, removed, renamed or changed."""

    change: Change
    what: What
    was: Address | None = None
    """Its address before, where it has another one now."""
    fields: tuple[FieldChange, ...] = ()
    """What differs, entries and table keys one by one; its place among others is not among them."""

    @property
    def address(self) -> Address:
        """Where it is now, or was before it went."""
        return self.change.address

    @property
    def record(self) -> Record:
        """The record as it is now, or was before it went."""
        record = self.change.after or self.change.before
        assert record is not None
        return record


@dataclass(frozen=True)
class Reordered:
    """A column whose cards, or a list whose entries, are in another order."""

    project: str
    where: str
    """`execute/data-pipeline`; `goals of churn`; `the portfolio`."""
    moved: tuple[Address, ...]
    """The records whose place was rewritten."""
    count: int
    """How many things are in the column."""


@dataclass(frozen=True)
class Difference:
    """What differs between two states of a plan, with the earlier one in the ids of the later one."""

    before: Snapshot
    after: Snapshot
    renames: Renames
    changes: tuple[Change, ...]
    """All changes, those of order too, by address."""
    records: tuple[RecordChange, ...] = ()
    """By project, kind and id; what belongs to no project first."""
    reordered: tuple[Reordered, ...] = ()
    is_relaid: bool = False
    """Whether any file has another text."""
    uncompared: frozenset[Address] = frozenset()
    """What differs and cannot be read on one side at least: nothing is said of it, and nothing follows from it."""

    @property
    def is_same_plan(self) -> bool:
        """Whether nothing differs but layout, as far as everything that differs can be read."""
        return not self.records and not self.reordered and not self.uncompared

    @cached_property
    def titles(self) -> Titles:
        """What things are called, on either side."""
        return Titles(self.before.plan, self.after.plan)

    @cached_property
    def by_address(self) -> Mapping[Address, Change]:
        """The changes by the address that a record has now."""
        return {change.address: change for change in self.changes}


def difference_of(
    before: Snapshot,
    after: Snapshot,
    *,
    is_relaid: bool = False,
    is_whole: bool = True,
    differing: Collection[Address] | None = None,
) -> Difference:
    """What differs between two states of a plan. Records that both share are never looked into.

    `is_relaid`: whether any file has another text. `is_whole`: whether all records were read, and not only those of
    files that differ. `differing`: whose files have another text, where that is known.

    What can be read on one side alone has not gone, nor come: it is taken for the same on both.
    """
    broken = before.unreadable | after.unreadable
    uncompared = (
        broken & frozenset(differing) if differing is not None else before.unreadable ^ after.unreadable
    )
    before, after = _carried(before, after), _carried(after, before)
    moves = renames(before.plan, after.plan)
    old = before.with_plan(aligned(before.plan, moves))
    changes = difference(old.plan, after.plan)
    was = {new: address for address, new in moves.items()}
    records = [one for change in changes if (one := _record_change(change, was)) is not None]
    seen = {one.address for one in records}
    records += [
        RecordChange(Change(before.plan.records[address], record), "renamed", address)
        for address, new in moves.items()
        if new not in seen and (record := after.plan.records.get(new)) is not None
    ]
    kinds = list(KINDS)
    records.sort(key=lambda one: (one.address.project, kinds.index(one.address.kind), one.address.id))
    return Difference(
        old,
        after,
        moves,
        changes,
        tuple(records),
        tuple(_reordered(old.plan, after.plan, changes, is_whole=is_whole)),
        is_relaid=is_relaid,
        uncompared=uncompared,
    )


def _carried(snapshot: Snapshot, other: Snapshot) -> Snapshot:
    """A state with the records of another one where its own cannot be read."""
    known = other.plan.records
    lent = {address: known[address] for address in snapshot.unreadable if address in known}
    return snapshot.with_plan(Plan({**snapshot.plan.records, **lent})) if lent else snapshot


def _record_change(change: Change, was: Renames) -> RecordChange | None:
    """A change as a reviewer reads it; None where only its place among others differs."""
    address = change.address
    fields = tuple(_split(address.kind, change))
    old = was.get(address)
    if change.before is None or change.after is None:
        return RecordChange(change, "removed" if change.after is None else "added", fields=fields)
    fields = tuple(one for one in fields if not _is_rank(one, change))
    if old is not None:
        return RecordChange(change, "renamed", old, fields)
    is_shown = bool(fields) or change.before.unfit != change.after.unfit
    return RecordChange(change, "changed", None, fields) if is_shown else None


def _split(kind: str, change: Change) -> Iterator[FieldChange]:
    """The fields of a change; a section that came or went as a whole, entry by entry."""
    own = sections(record_model(kind))
    for one in change.fields():
        values = (one.before, one.after)
        if len(one.path) == 1 and one.path[0] in own:
            keys = {key: None for value in values if is_table(value) for key in value}
            for key in keys:
                before, after = (value.get(key, MISSING) if is_table(value) else MISSING for value in values)
                yield FieldChange((*one.path, key), before, after)
        else:
            yield one


def _is_rank(one: FieldChange, change: Change) -> bool:
    """Whether a field says nothing but where a thing is among others."""
    return one.path[-1] == "rank" and len(one.path) in (1, 3) and change.before is not None


# ---- order

_Sides = tuple[Sequence[str], Sequence[str]]
"""Ids in their order, before and after."""


@dataclass
class _Column:
    """Things that are in an order."""

    where: str
    sides: _Sides
    moved: dict[Address, None] = field(default_factory=dict[Address, None])

    @property
    def is_reordered(self) -> bool:
        """Whether what is on both sides is in another order."""
        before, after = self.sides
        old, new = set(before), set(after)
        return [one for one in before if one in new] != [one for one in after if one in old]


def _reordered(
    before: Plan, after: Plan, changes: Iterable[Change], *, is_whole: bool
) -> Iterator[Reordered]:
    """Columns and lists in another order, as far as both sides have what is in them.

    Where only the changed records were read, each whose place was rewritten counts as moved.
    """
    columns: dict[tuple[str, str], _Column] = {}
    for change in changes:
        old, new = change.before, change.after
        if old is None or new is None:
            continue
        for name, where, sides in _columns_of(before, after, old, new):
            key = ("" if name == "project" else new.project, name)
            if key not in columns:
                columns[key] = _Column(where, sides())
            columns[key].moved[change.address] = None
    for (project, _), column in sorted(columns.items(), key=lambda pair: pair[0]):
        if column.is_reordered or not is_whole:
            yield Reordered(project, column.where, tuple(column.moved), len(column.sides[1]))


def _columns_of(
    before: Plan, after: Plan, old: Record, new: Record
) -> Iterator[tuple[str, str, Callable[[], _Sides]]]:
    """The columns in which a record, or something in it, may have another place: a name, where it is, both orders."""
    if isinstance(old, Card) and isinstance(new, Card) and old.rank != new.rank and old.place == new.place:
        project, place = new.project, new.place
        yield f"card {place}", place, lambda: (_cards(before, project, place), _cards(after, project, place))
    if isinstance(old, Project) and isinstance(new, Project) and old.rank != new.rank:
        yield "project", "the portfolio", lambda: (list(before.projects), list(after.projects))
    for section, model in sections(type(new)).items():
        if "rank" not in model.model_fields:
            continue
        pair = (getattr(old, section), getattr(new, section))
        if any(key in pair[1] and one.rank != pair[1][key].rank for key, one in pair[0].items()):
            where = f"{section} of {new.id}"
            yield (
                f"{new.KIND} {new.id} {section}",
                where,
                lambda pair=pair: (_ranked(pair[0]), _ranked(pair[1])),
            )


def _cards(plan: Plan, project: str, place: str) -> list[str]:
    return [one.id for one in plan.group(project, place)]


def _ranked(entries: Mapping[str, Any]) -> list[str]:
    return sorted(entries, key=lambda key: (entries[key].rank, key))

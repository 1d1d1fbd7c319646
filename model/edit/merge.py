"""Three-way merge of records, field by field.

Two people who change different fields of a card do not disagree. Where both change the same field in different
ways the merge says so and decides nothing. Lists of ids, tags and links merge as sets of additions and removals;
a rank that both changed is settled without asking, because any order is as good as the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..plan.change import MISSING, Batch, Change, ChangeRefused, Path
from ..plan.plan import Plan
from ..records.base import Record, to_data


@dataclass(frozen=True)
class Conflict:
    """A field that both sides changed differently."""

    path: Path
    base: object
    mine: object
    theirs: object


@dataclass(frozen=True)
class Merged:
    """Plain values after a merge; a field in conflict stands as it is on their side."""

    data: dict[str, Any]
    conflicts: tuple[Conflict, ...]


def merge(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any], path: Path = ()
) -> Merged:
    """Merges two tables of plain values that both came from `base`.

    Laws, tested as properties: merging with an unchanged side gives the other side; equal changes agree; where
    there is no conflict the order of the sides does not matter.
    """
    data: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    for key in {**theirs, **mine}:
        b, m, t = (side.get(key, MISSING) for side in (base, mine, theirs))
        if isinstance(m, Mapping) and isinstance(t, Mapping):
            inner = merge(b if isinstance(b, Mapping) else {}, m, t, (*path, key))
            conflicts.extend(inner.conflicts)
            value: Any = inner.data
        elif _same(m, t) or _same(b, m):
            value = t
        elif _same(b, t):
            value = m
        elif _is_list(m) and _is_list(t) and (b is MISSING or _is_list(b)):
            value = _merge_lists(() if b is MISSING else b, m, t)
        elif key == "rank" and m is not MISSING and t is not MISSING:
            value = min(m, t)
        else:
            conflicts.append(Conflict((*path, key), b, m, t))
            value = t
        if value is not MISSING:
            data[key] = value
    return Merged(data, tuple(conflicts))


def rebased(plan: Plan, batch: Batch) -> Batch:
    """The step on top of what its records are now: fields that only one side changed merge.

    Raises ChangeRefused where both changed a field, or where a record came, went or was renamed.
    """
    changes = tuple(_rebased(plan, change) for change in batch.changes)
    return Batch(batch.label, tuple(change for change in changes if change.before != change.after))


def _rebased(plan: Plan, change: Change) -> Change:
    from ..plan.validate import InvalidValues, parse

    before, after = change.before, change.after
    now = plan.get(before.address if before is not None else change.address)
    if now == before:
        return change
    if before is None or after is None or now is None or change.is_rename:
        raise ChangeRefused(change.address)
    merged = merge(to_data(before), to_data(after), to_data(now))
    if merged.conflicts:
        raise ChangeRefused(change.address)
    try:
        record: Record = parse(after.address.kind, after.project, after.id, merged.data)
    except InvalidValues as error:
        raise ChangeRefused(change.address) from error
    return Change(now, record)


def _same(one: object, other: object) -> bool:
    if one is MISSING or other is MISSING:
        return one is other
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _is_list(value: object) -> bool:
    """Arrays of texts merge item by item; a fixed tuple of figures, such as an estimate, is one value."""
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def _merge_lists(base: Any, mine: Any, theirs: Any) -> tuple[Any, ...]:
    gone = (set(base) - set(mine)) | (set(base) - set(theirs))
    kept = [item for item in theirs if item not in gone]
    return (*kept, *(item for item in mine if item not in gone and item not in kept))

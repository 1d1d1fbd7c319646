"""Three-way merge of records, field by field.

Two people who change different fields of a card do not disagree. Where both change the same field in different
ways the merge says so and decides nothing. Lists of ids and links merge item by item and keep the order that one
side gave them; two different orders are a conflict. Tags and other sets have no order. Needs go by the card that
they name: two lags for one card are a conflict. A rank that both changed is settled without asking, because any
order is as good as the other. A text of several lines merges line by line. Fields that say one thing together
(`units`) are asked for together, where the kind of record is given.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..plan.change import MISSING, Batch, Change, ChangeRefused, Missing, Path, get_path
from ..plan.plan import Plan, target_of
from ..records.base import Record, to_data, with_unfit
from ..records.values import is_list, is_table, same
from .text_merge import merge_lines
from .units import contested, leaves_that_differ, units_at

SETS = frozenset({"checked", "explored", "fail_on", "holidays", "ignore", "select", "skills", "tags"})
"""Fields whose order says nothing, in whatever record; a test compares this with the models."""


@dataclass(frozen=True)
class Conflict:
    """A field that both sides changed differently, or that is part of a unit that they did."""

    path: Path
    base: object
    mine: object
    theirs: object
    unit: tuple[Path, ...] = ()
    """The fields of the unit; none where the field speaks for itself."""


@dataclass(frozen=True)
class Merged:
    """Plain values after a merge; a field in conflict has their value."""

    data: dict[str, Any]
    conflicts: tuple[Conflict, ...]


def merge(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any], kind: str = ""
) -> Merged:
    """Merges two tables of plain values that both came from `base`; with a kind of record its units are respected.

    Laws, tested as properties: merging with an unchanged side gives the other side; equal changes agree; the order
    of the sides does not matter, save that a field in conflict has their value.
    """
    return _merged_tables(base, mine, theirs, kind, ())


def _merged_tables(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any], kind: str, path: Path
) -> Merged:
    data: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    asked = _asked(base, mine, theirs, kind, path)
    for key in (*base, *sorted({*mine, *theirs} - {*base})):
        b, m, t = (side.get(key, MISSING) for side in (base, mine, theirs))
        if key in asked:
            value: Any = t
            conflicts.extend(one for one in asked[key] if one.path[len(path)] == key)
        elif (is_table(m) and is_table(t)) or _is_emptied_section(b, m, t):
            inner = _merged_tables(_table(b), _table(m), _table(t), kind, (*path, key))
            conflicts.extend(inner.conflicts)
            value = inner.data
        elif same(m, t) or same(b, m):
            value = t
        elif same(b, t):
            value = m
        else:
            value = _both(key, b, m, t)
            if value is MISSING:
                conflicts.append(Conflict((*path, key), b, m, t))
                value = t
        if value is not MISSING:
            data[key] = value
    return Merged(data, tuple(conflicts))


def _asked(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any], kind: str, path: Path
) -> dict[str, tuple[Conflict, ...]]:
    """The fields of a table's units that both sides changed, each with the conflicts of its unit."""
    found: dict[str, tuple[Conflict, ...]] = {}
    for unit in units_at(kind, path):
        if contested(unit, base, mine, theirs):
            members = tuple((*path, name) for name in unit.fields)
            leaves = [leaf for name in unit.fields for leaf in leaves_that_differ(mine, theirs, (name,))]
            conflicts = tuple(
                Conflict(
                    (*path, *leaf),
                    get_path(base, leaf),
                    get_path(mine, leaf),
                    get_path(theirs, leaf),
                    members,
                )
                for leaf in leaves
            )
            found |= dict.fromkeys(unit.fields, conflicts)
    return found


def _table(value: object) -> Mapping[str, Any]:
    """A table; an empty one where the value is none."""
    return value if is_table(value) else {}


def _is_emptied_section(base: object, mine: object, theirs: object) -> bool:
    """Whether one side took the last of some keyed tables away, and the other changed them: they go by their keys."""
    sides = [side for side in (mine, theirs) if side is not MISSING]
    if len(sides) != 1 or same(base, sides[0]):
        return False
    tables = [one for one in (base, *sides) if is_table(one) and all(map(is_table, one.values()))]
    return len(tables) == 2


def _both(key: str, base: object, mine: object, theirs: object) -> object:
    """A value that both sides changed, as both want it; MISSING where a person has to decide."""
    if isinstance(mine, str) and isinstance(theirs, str):
        if key == "rank":
            return min(mine, theirs)
        if isinstance(base, str) and ("\n" in mine or "\n" in theirs):
            merged = merge_lines(base, mine, theirs)
            return MISSING if merged is None else merged
    return _merged_lists(key, base, mine, theirs)


@dataclass(frozen=True)
class Settled:
    """A field that at least one side changed, and that was merged without a question."""

    path: Path
    base: object
    mine: object
    theirs: object
    merged: object
    by: Literal["mine", "theirs", "alike", "both"]
    """Whose change it is: that of one side, one that both made alike, or what two different ones make together."""


def settled(
    base: Mapping[str, Any],
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    merged: Merged,
    path: Path = (),
) -> Iterator[Settled]:
    """What a merge did with each field that a side changed, but for those in conflict."""
    asked = {conflict.path for conflict in merged.conflicts}
    for key in (*base, *sorted({*mine, *theirs} - {*base})):
        here = (*path, key)
        b, m, t = (side.get(key, MISSING) for side in (base, mine, theirs))
        value = get_path(merged.data, here)
        if here in asked or (same(b, m) and same(b, t)):
            continue
        if is_table(m) and is_table(t):
            yield from settled(_table(b), m, t, merged, here)
        elif same(m, t):
            yield Settled(here, b, m, t, value, "alike")
        else:
            yield Settled(here, b, m, t, value, "theirs" if same(b, m) else "mine" if same(b, t) else "both")


def rebased(plan: Plan, batch: Batch) -> Batch:
    """The step on top of what its records are now: fields that only one side changed merge.

    Raises ChangeRefused where both changed a field, or where a record came, went or was renamed.
    """
    changes = tuple(_rebased(plan, change) for change in batch.changes)
    kept = tuple(change for change in changes if change.before != change.after)
    return Batch(batch.label, kept, batch.renamed)


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
    return Change(now, with_unfit(record, now.unfit))


def _merged_lists(key: str, base: object, mine: object, theirs: object) -> object:
    """Two lists that came from one, merged; MISSING where they cannot be, or where a person has to decide."""
    items_of = _needs if key == "needs" else _items
    sides = [items_of(side) for side in (() if base is MISSING else base, mine, theirs)]
    found = [side for side in sides if side is not None]
    return _merged_items(*found, is_set=key in SETS) if len(found) == len(sides) else MISSING


Key = tuple[str, int]
Items = dict[Key, Any]
"""The items of a list in their order, each by its key and by how many with this key come before it."""


def _items(value: object) -> Items | None:
    """The items of a list; None for what merges as one value, such as the figures of an estimate."""
    if not is_list(value) or not all(isinstance(item, str | dt.date) for item in value):
        return None
    seen: Counter[str] = Counter()
    found: Items = {}
    for item in value:
        found[str(item), seen[str(item)]] = item
        seen[str(item)] += 1
    return found


def _needs(value: object) -> Items | None:
    """Needs, each by its card; None where a card is named twice, so that which of the two changed is not known."""
    items = _items(value)
    found = {(target_of(name), 0): item for (name, _), item in items.items()} if items is not None else {}
    return found if items is not None and len(found) == len(items) else None


def _merged_items(base: Items, mine: Items, theirs: Items, *, is_set: bool) -> tuple[Any, ...] | Missing:
    """Additions, removals and a new order of both sides in one list; MISSING where they contradict each other.

    What only one side put in comes after the same item as there, or at the end. Of two additions in
    the same place the one that comes first by its text is first, whoever made it.
    """
    merged: Items = {}
    for key in {**base, **mine, **theirs}:
        b, m, t = (side.get(key, MISSING) for side in (base, mine, theirs))
        if not (same(m, t) or same(b, m) or same(b, t)):
            return MISSING
        value = t if same(b, m) else m
        if value is not MISSING:
            merged[key] = value
    if is_set:
        return tuple(sorted(set(merged.values()), key=str))
    common = [
        [key for key in side if key in mine and key in theirs and key in merged] for side in (mine, theirs)
    ]
    order = common[0]
    if common[0] != common[1]:
        kept = [key for key in base if key in merged]
        moved = [side for side in common if [key for key in side if key in base] != kept]
        if len(moved) != 1:
            return MISSING
        order = moved[0]
    mine_behind, theirs_behind = (_behind(side, merged, frozenset(order)) for side in (mine, theirs))
    keys: list[Key] = []
    for place in (_START, *order, _END):
        keys += [place] if place in merged else []
        keys += heapq.merge(mine_behind.get(place, ()), theirs_behind.get(place, ()))
    return tuple(merged[key] for key in keys)


_START, _END = ("", -1), ("", -2)
"""Places in front of all items and behind them; no item has such a number."""


def _behind(side: Items, merged: Items, common: frozenset[Key]) -> dict[Key, list[Key]]:
    """What only this side put in, by the item of both sides that it comes after."""
    found: dict[Key, list[Key]] = {}
    last = _START
    for key in side:
        if key in common:
            last = key
        elif key in merged:
            found.setdefault(last, []).append(key)
    if last in found:
        found[_END] = found.pop(last)
    return found

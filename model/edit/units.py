"""Fields that say one thing together, so that a value from one person and a value from another make no sense.

A target means nothing without the baseline it was set against. Where two people change such fields, each another of
them, a merge asks; and where a merge by lines has put them together without a word, `mixed_units` finds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from ..plan.change import MISSING, Path, get_path
from ..plan.plan import Plan
from ..records.address import Address
from ..records.base import Record, to_data
from ..records.project import Project
from ..records.values import is_list, is_table, same


@dataclass(frozen=True)
class Unit:
    """Fields of one table of a kind's records."""

    kind: str
    section: str
    """The section of keyed tables that the fields are in; empty for the record's own."""
    fields: tuple[str, ...]
    anchor: str = ""
    """The field without which the others are no unit: several people may count arms, as long as no result is drawn."""


UNITS = (
    Unit("card", "", ("status", "blocked", "dropped")),
    Unit("project", "", ("phase", "stage", "cycle")),
    Unit("decision", "", ("gate", "outcome")),
    Unit("strategy", "metrics", ("baseline", "target", "kill", "better")),
    Unit("strategy", "metrics", ("limit", "margin")),
    Unit("monitor", "", ("operator", "value", "unit", "limit")),
    Unit("rollout", "guardrails", ("operator", "value", "unit", "limit", "margin")),
    Unit("experiment", "arms", ("units", "events", "total")),
    Unit("experiment", "", ("result", "arms"), anchor="result"),
)
KINDS_WITH_UNITS = frozenset(unit.kind for unit in UNITS)


def units_at(kind: str, path: Path) -> Iterator[Unit]:
    """The units of the table at a path of a kind's records."""
    section = path[0] if path else ""
    if len(path) in (0, 2):
        for unit in UNITS:
            if unit.kind == kind and unit.section == section:
                yield unit


def contested(unit: Unit, base: object, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    """Whether both sides changed a unit of a table, and not to the same values."""
    start: Mapping[str, Any] = base if is_table(base) else {}
    changed = [
        {name for name in unit.fields if not same(start.get(name, MISSING), side.get(name, MISSING))}
        for side in (mine, theirs)
    ]
    if not all(changed) or (unit.anchor and unit.anchor not in changed[0] | changed[1]):
        return False
    return any(not same(mine.get(name, MISSING), theirs.get(name, MISSING)) for name in unit.fields)


@dataclass(frozen=True)
class MixedUnit:
    """A unit that has some values from one side of a merge, and some from the other."""

    address: Address
    paths: tuple[Path, ...]
    """Its fields that differ between the sides."""
    ours: tuple[object, ...]
    """What each of them was on the one side; MISSING where it was not set."""
    theirs: tuple[object, ...]
    merged: tuple[object, ...]
    other: Address | None = None
    """The decision at a gate that one side made while the other moved the project: that unit is in two records."""


def mixed_units(base: Plan, ours: Plan, theirs: Plan, merged: Plan) -> list[MixedUnit]:
    """Units that both sides changed, in different ways, and that the merged plan has from both; by their place.

    A unit with a value that neither side had was settled by hand, and is none of these.
    """
    found: list[MixedUnit] = []
    for kind in sorted(KINDS_WITH_UNITS):
        for address, now in merged.by_kind.get(kind, {}).items():
            sides = [plan.get(address) for plan in (base, ours, theirs)]
            # Most records are as one side had them, and cannot hold anything from both.
            if sides[1] is None or sides[2] is None or now in sides[1:]:
                continue
            base_data, *others = (to_data(one) if one is not None else {} for one in (*sides, now))
            data = (base_data, others[0], others[1], others[2])
            found += _mixed(kind, address, data)
            found += _mixed_points(address, data)
    found += _moved_and_decided(base, ours, theirs, merged)
    return sorted(found, key=lambda one: (str(one.address), one.paths))


_Sides = tuple[object, object, object, object]
"""What is in one place of the base, of each side, and of the merged plan."""


def _mixed(kind: str, address: Address, sides: _Sides, path: Path = ()) -> Iterator[MixedUnit]:
    """The mixed units of a table, and of those in it."""
    base, ours, theirs, merged = sides
    if not (is_table(ours) and is_table(theirs) and is_table(merged)):
        return
    start: Mapping[str, Any] = base if is_table(base) else {}
    for unit in units_at(kind, path):
        if not contested(unit, start, ours, theirs):
            continue
        leaves = [leaf for name in unit.fields for leaf in leaves_that_differ(ours, theirs, (name,))]
        values = [tuple(get_path(side, leaf) for leaf in leaves) for side in (start, ours, theirs, merged)]
        taken = {_from(*four) for four in zip(*values, strict=True)}
        if {"ours", "theirs"} <= taken and "neither" not in taken:
            yield MixedUnit(
                address, tuple((*path, *leaf) for leaf in leaves), values[1], values[2], values[3]
            )
    if len(path) < 2:
        for name in merged:
            inner = (start.get(name), ours.get(name), theirs.get(name), merged[name])
            yield from _mixed(kind, address, inner, (*path, name))


def are_mixed_points(base: object, ours: object, theirs: object, merged: object) -> bool:
    """Whether figures that say one thing together, as those of an estimate do, are partly ours and partly theirs."""
    if not (_are_points(base) and _are_points(ours) and _are_points(theirs) and _are_points(merged)):
        return False
    if not len(base) == len(ours) == len(theirs) == len(merged):
        return False
    start, one, other, now = map(list, (base, ours, theirs, merged))
    if now in (start, one, other) or start in (one, other):
        return False
    return all(now in pair for now, *pair in zip(merged, ours, theirs, strict=True))


def _are_points(value: object) -> TypeGuard[Sequence[float]]:
    return is_list(value) and bool(value) and all(type(one) in (int, float) for one in value)


def _mixed_points(address: Address, sides: _Sides, path: Path = ()) -> Iterator[MixedUnit]:
    """The mixed points of a table, and of those in it."""
    base, ours, theirs, merged = sides
    if are_mixed_points(base, ours, theirs, merged):
        yield MixedUnit(address, (path,), (ours,), (theirs,), (merged,))
    elif is_table(base) and is_table(ours) and is_table(theirs) and is_table(merged):
        for name in merged:
            inner = (base.get(name), ours.get(name), theirs.get(name), merged[name])
            yield from _mixed_points(address, inner, (*path, name))


def _from(base: object, ours: object, theirs: object, merged: object) -> str:
    """Which side's change a value is; it may be what it was, where only the other side changed it."""
    if same(merged, base):
        return "nobody"
    return "ours" if same(merged, ours) else "theirs" if same(merged, theirs) else "neither"


def leaves_that_differ(one: Mapping[str, Any], other: Mapping[str, Any], path: Path) -> Iterator[Path]:
    """The paths at or below one of two tables at which they say different things."""
    name = path[-1]
    first, second = one.get(name, MISSING), other.get(name, MISSING)
    if is_table(first) and is_table(second):
        for key in {**first, **second}:
            for leaf in leaves_that_differ(first, second, (key,)):
                yield (*path, *leaf)
    elif not same(first, second):
        yield path


def _moved_and_decided(base: Plan, ours: Plan, theirs: Plan, merged: Plan) -> Iterator[MixedUnit]:
    """Projects that one side moved while the other decided at a gate: together they may say what neither side meant."""
    for address, now in merged.by_kind.get("project", {}).items():
        places = [_place(plan.get(address)) for plan in (base, ours, theirs)]
        for mover, moved, decider, stayed in (
            (ours, places[1], theirs, places[2]),
            (theirs, places[2], ours, places[1]),
        ):
            if moved == places[0] or stayed != places[0] or _place(now) != moved:
                continue
            for decision in merged.by_kind.get("decision", {}):
                before, there, here, kept = (
                    _decided(plan.get(decision)) for plan in (base, decider, mover, merged)
                )
                if decision.project == address.project and before == here != there == kept:
                    yield MixedUnit(address, _PLACE, places[1], places[2], _place(now), decision)


_PLACE = (("phase",), ("stage",), ("cycle",))


def _place(record: Record | None) -> tuple[object, ...]:
    if not isinstance(record, Project):
        return (MISSING,) * len(_PLACE)
    return (record.phase, record.stage, record.cycle)


def _decided(record: Record | None) -> tuple[object, object] | None:
    """The gate and the outcome of a decision at one; None for any other."""
    data = to_data(record) if record is not None else {}
    return (data["gate"], data.get("outcome", MISSING)) if "gate" in data else None

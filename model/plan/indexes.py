"""Taking a plan's indexes over into the next one, where little has changed.

A step touches a handful of records. Sorting ten thousand cards anew for each would be what a person waits for, so
the indexes that the old plan had already are patched and given to the new one. What cannot be patched simply is left
to be built when it is asked for.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Sequence

from ..records.address import Address
from ..records.base import Record
from ..records.card import Card
from .plan import Plan

Sides = Sequence[tuple[Record | None, Record | None]]
"""Records before and after; either may be missing."""

FEW = 200
"""Changes above which building anew is as fast."""


def carried(old: Plan, new: Plan, sides: Sides) -> Plan:
    """The new plan, with what can be taken over from the old one; `sides` are the records that differ."""
    known = vars(old)
    if len(sides) > FEW:
        return new
    kinds = {side.address.kind for pair in sides for side in pair if side is not None}
    for name, kind in (("board", "board"), ("projects", "project"), ("people", "person")):
        if name in known and kind not in kinds:
            vars(new)[name] = known[name]
    if "by_kind" in known:
        vars(new)["by_kind"] = _by_kind(known["by_kind"], sides)
    cards = [(before, after) for before, after in sides if _is_card(before) or _is_card(after)]
    if "cards" in known and len(known["cards"]) == len(known.get("by_kind", {}).get("card", ())):
        patched = _cards(known["cards"], cards)
        if patched is not None:
            vars(new)["cards"] = patched
            if "cards_of" in known:
                vars(new)["cards_of"] = _cards_of(known["cards_of"], cards)
            if "needed_by" in known and all(_same_needs(before, after) for before, after in cards):
                vars(new)["needed_by"] = known["needed_by"]
    return new


def _is_card(record: Record | None) -> bool:
    return isinstance(record, Card)


def _same_needs(before: Record | None, after: Record | None) -> bool:
    """Whether a change leaves alone who needs whom."""
    return (
        isinstance(before, Card)
        and isinstance(after, Card)
        and before.id == after.id
        and before.needs == after.needs
    )


def _by_kind(old: dict[str, dict[Address, Record]], sides: Sides) -> dict[str, dict[Address, Record]]:
    new = dict(old)
    for kind in {side.KIND for pair in sides for side in pair if side is not None}:
        new[kind] = dict(new.get(kind, {}))
    for before, after in sides:
        if before is not None:
            del new[before.KIND][before.address]
        if after is not None:
            new[after.KIND][after.address] = after
    return new


def _cards(old: dict[str, Card], pairs: Sides) -> dict[str, Card] | None:
    """Cards by id; None where two projects come to hold the same id, which has an order of its own."""
    new = dict(old)
    for before, after in pairs:
        if isinstance(before, Card) and not (isinstance(after, Card) and after.id == before.id):
            new.pop(before.id, None)
        if isinstance(after, Card):
            if after.id in new and not (isinstance(before, Card) and before.id == after.id):
                return None
            new[after.id] = after
    return new


def _cards_of(old: dict[str, list[Card]], pairs: Sides) -> dict[str, list[Card]]:
    new = dict(old)
    order: Callable[[Card], tuple[str, str]] = lambda card: (card.rank, card.id)  # noqa: E731  a key used twice
    for project in {side.project for pair in pairs for side in pair if isinstance(side, Card)}:
        new[project] = list(new.get(project, ()))
    for before, after in pairs:
        if isinstance(before, Card):
            members = new[before.project]
            del members[bisect_left(members, order(before), key=order)]
        if isinstance(after, Card):
            insort(new[after.project], after, key=order)
    return {project: members for project, members in new.items() if members}

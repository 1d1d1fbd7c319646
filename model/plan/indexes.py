"""Taking a plan's indexes over into the next one, where little has changed.

A step touches a handful of records. Sorting ten thousand cards again for each would be what a person waits for, so
the indexes that the old plan had already are patched and given to the new one. What cannot be patched simply is left
to be built when it is asked for.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import cast

from ..records.address import Address
from ..records.base import Record
from ..records.card import Card
from .ids import ending
from .plan import Plan, target_of

Sides = Sequence[tuple[Record | None, Record | None]]
"""Records before and after; either may be missing."""

FEW = 200
"""Changes above which building them from nothing is as fast."""

_Cards = Sequence[tuple[Card | None, Card | None]]
"""Cards by id before and after, for each id that is touched."""


def updated(old: Plan, new: Plan, sides: Sides) -> Plan:
    """The new plan, with what can be taken over from the old one; `sides` are the records that differ."""
    known = vars(old)
    if len(sides) > FEW:
        return new
    kinds = {side.KIND for pair in sides for side in pair if side is not None}
    for name, kind in (("board", "board"), ("projects", "project"), ("people", "person")):
        if name in known and kind not in kinds:
            vars(new)[name] = known[name]
    if "by_kind" not in known:
        return new
    by_kind = vars(new)["by_kind"] = _by_kind(known["by_kind"], sides) if sides else known["by_kind"]
    if "cards" in known:
        ids = {side.id for pair in sides for side in pair if isinstance(side, Card)}
        shown = _shown(old, sides, by_kind.get("card", {}), ids)
        pairs = [(old.cards.get(one), shown.get(one)) for one in sorted(ids)]
        vars(new)["cards"] = _patched(old.cards, {one: shown.get(one) for one in ids})
        for name, patch in (("cards_of", _cards_of), ("needed_by", _needed_by), ("by_ending", _by_ending)):
            if name in known:
                vars(new)[name] = patch(known[name], pairs)
    return new


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


def _shown(old: Plan, sides: Sides, cards: Mapping[Address, Record], ids: set[str]) -> dict[str, Card]:
    """The cards with some ids; where two projects come to hold the same id, the first by project."""
    # What was made and changed, or taken out, in the same step is not there as it was made.
    there = (after for _, after in sides if isinstance(after, Card) and cards.get(after.address) is after)
    shown = {after.id: after for after in there}
    ids_now = len(old.cards) - len(old.cards.keys() & ids) + len(shown)
    if ids_now == len(cards):  # as many ids as cards: no two cards have the same
        return shown
    shown: dict[str, Card] = {}
    for address in sorted(one for one in cards if one.id in ids):
        shown.setdefault(address.id, cast("Card", cards[address]))
    return shown


def _patched(old: Mapping[str, Card], shown: Mapping[str, Card | None]) -> Mapping[str, Card]:
    if not shown:
        return old
    new = dict(old)
    for card_id, card in shown.items():
        if card is None:
            new.pop(card_id, None)
        else:
            new[card_id] = card
    return new


def _cards_of(old: dict[str, list[Card]], pairs: _Cards) -> dict[str, list[Card]]:
    if not pairs:
        return old
    new = dict(old)
    order: Callable[[Card], tuple[str, str]] = lambda card: (card.rank, card.id)  # noqa: E731  a key used twice
    for project in {side.project for pair in pairs for side in pair if side is not None}:
        new[project] = list(new.get(project, ()))
    for before, after in pairs:
        if before is not None:
            members = new[before.project]
            del members[bisect_left(members, order(before), key=order)]
        if after is not None:
            insort(new[after.project], after, key=order)
    return {project: members for project, members in new.items() if members}


def _needed_by(old: dict[str, tuple[str, ...]], pairs: _Cards) -> dict[str, tuple[str, ...]]:
    return _regrouped(old, pairs, lambda card: map(target_of, card.needs))


def _by_ending(old: dict[str, tuple[str, ...]], pairs: _Cards) -> dict[str, tuple[str, ...]]:
    return _regrouped(old, pairs, lambda card: (ending(card.id),))


def _regrouped(
    old: dict[str, tuple[str, ...]], pairs: _Cards, keys: Callable[[Card], Iterable[str]]
) -> dict[str, tuple[str, ...]]:
    """Ids of cards by some keys of theirs, each group sorted."""
    groups: dict[str, list[str]] = {}
    for before, after in pairs:
        gone, come = [set(keys(one)) if one is not None else set[str]() for one in (before, after)]
        for key in gone ^ come:
            group = groups.setdefault(key, list(old.get(key, ())))
            if key in gone:
                group.remove(cast("Card", before).id)
            else:
                insort(group, cast("Card", after).id)
    if not groups:
        return old
    new = {**old, **{key: tuple(ids) for key, ids in groups.items()}}
    return {key: ids for key, ids in new.items() if ids} if not all(groups.values()) else new

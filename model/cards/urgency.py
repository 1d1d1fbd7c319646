"""Which of the cards that can be started should be started first, and why.

What is wanted soonest comes first: a card inherits the earliest day that is wanted of anything that waits for it,
directly or through others, since that day cannot be met before this card is done. Durations are left to the
schedule; here only days that a person wrote count.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterable
from dataclasses import dataclass

from ..plan.plan import Plan, target_of
from ..playbook.outline import PLACES
from ..records.card import Card
from ..text.dates import say_date
from .status import is_ready

_FAR = dt.date.max
_PHASES = [place for place in PLACES if "/" not in place]
_ORDER = {place: (_PHASES.index(place.partition("/")[0]), at) for at, place in enumerate(PLACES)}
_LAST = len(_PHASES), 0


@dataclass(frozen=True)
class Urgent:
    """A card that can be started, and why it has its place."""

    card: Card
    by: dt.date | None
    """The earliest day that depends on it."""
    because: str
    """Whose day that is, in words; empty where no day depends on it."""
    waiting: int
    """Open cards that need it directly."""


def by_urgency(plan: Plan, today: dt.date) -> list[Urgent]:
    """The cards that can be started today, most urgent first.

    Ordered by the earliest day that depends on a card, then by how many open cards wait for it, then as on the
    board.
    """
    wanted = _wanted(plan)
    found = [
        Urgent(card, *_reason(card, wanted.get(card.id), today), waiting=_waiting(plan, card))
        for card in plan.cards.values()
        if is_ready(plan, card, today)
    ]
    return sorted(found, key=lambda one: (one.by or _FAR, -one.waiting, *board_order(one.card)))


def board_order(card: Card) -> tuple[str, int, int, str, str, str]:
    """Sorts cards as the board shows them: project, phase, step, rank; a team's own steps after the known ones."""
    phase, step = _ORDER.get(card.place) or (_ORDER.get(card.phase, _LAST)[0], len(_ORDER))
    return card.project, phase, step, card.place, card.rank, card.id


def _wanted(plan: Plan) -> dict[str, tuple[dt.date, str, bool]]:
    """For each card the earliest day that depends on it, the card or milestone whose day it is, and which."""
    milestones = {
        (address.project, address.id): due
        for address, milestone in plan.entries("milestone")
        if (due := getattr(milestone, "due", None)) is not None
    }
    days: list[tuple[dt.date, str, str, bool]] = []
    for card in plan.cards.values():
        if card.is_open and card.due:
            days.append((card.due, card.id, card.id, False))
        if card.is_open and card.milestone:
            project, _, name = card.milestone.rpartition("/")
            due = milestones.get((project or card.project, name))
            if due:
                days.append((due, card.id, name, True))
    # Earliest day first: the first that reaches a card is its earliest, so that each card is looked at once.
    heapq.heapify(days)
    found: dict[str, tuple[dt.date, str, bool]] = {}
    while days:
        day, card_id, whose, is_milestone = heapq.heappop(days)
        if card_id in found:
            continue
        found[card_id] = day, whose, is_milestone
        for target in _open_needs(plan, plan.cards[card_id]):
            if target not in found:
                heapq.heappush(days, (day, target, whose, is_milestone))
    return found


def _open_needs(plan: Plan, card: Card) -> Iterable[str]:
    for need in card.needs:
        other = plan.cards.get(target_of(need))
        if other is not None and other.is_open:
            yield other.id


def _waiting(plan: Plan, card: Card) -> int:
    return sum(plan.cards[one].is_open for one in plan.needed_by.get(card.id, ()))


def _reason(
    card: Card, wanted: tuple[dt.date, str, bool] | None, today: dt.date
) -> tuple[dt.date | None, str]:
    if wanted is None:
        return None, ""
    day, whose, is_milestone = wanted
    said = f"{'late since' if day < today else 'due'} {say_date(day, today)}"
    if is_milestone:
        return day, f"milestone {whose} is {said}"
    if whose == card.id:
        return day, said
    return day, f"{whose} is {said} and waits for it"

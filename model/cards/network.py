"""The network of cards: who needs whom, and where that goes round in a circle."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple, cast

from ..plan.plan import Plan, target_of
from ..records.card import Card

Link = Literal["FS", "SS", "FF", "SF"]
"""Which end of the needed card holds back which end of this one: finish-to-start, start-to-start and so on."""

_NEED = re.compile(
    r"(?:(?P<project>[a-z0-9-]+)/)?(?P<target>[a-z0-9-]+)"
    r"(?: (?P<link>FS|SS|FF|SF)?(?:(?P<lag>[+-][0-9]+(?:\.5)?)d)?)?"
)
_EXPECTED = "a need is an id, with a kind of link and a lag if wanted: label-audit-9x4p SS+2d"


class Need(NamedTuple):
    """A card that comes first, and how it holds this one back."""

    target: str
    project: str = ""
    """Where the text names it (`churn/label-audit-9x4p`); empty otherwise."""
    link: Link = "FS"
    lag_days: float = 0.0
    """Working days between the two ends; negative for an overlap."""


@lru_cache(maxsize=1 << 17)
def parse_need(text: str) -> Need:
    """A need from its text in a card. Raises ValueError with what was expected."""
    found = _NEED.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not a need; {_EXPECTED}")
    return Need(
        target=found["target"],
        project=found["project"] or "",
        link=cast("Link", found["link"] or "FS"),
        lag_days=float(found["lag"] or 0),
    )


def needed_card(plan: Plan, need: Need) -> Card | None:
    """The card that a need means; None where the plan has no such card."""
    card = plan.cards.get(need.target)
    return None if card is None or (need.project and card.project != need.project) else card


def find_loop(plan: Plan, card_id: str, extra_need: str) -> tuple[str, ...] | None:
    """The shortest loop that a card would be in if it also had this need; None where there is none.

    Each id of the result needs the next one, and the last one needs the first, which is `card_id`. `extra_need` is
    the text of a need: an id, or one with a kind of link and a lag.
    """
    target = target_of(extra_need)
    if target == card_id:
        return (card_id,)
    path = _shortest_path(target, card_id, lambda one: _targets(plan, one))
    return None if path is None else (card_id, *path[:-1])


def loops(plan: Plan) -> list[tuple[str, ...]]:
    """Loops among the cards' needs: one, the shortest through its first id, for each group that is tied in loops.

    Groups are the strongly connected components (Tarjan 1972). A group may hold several loops; when one has been
    cut, the next one shows. Each id of a loop needs the next one, the last needs the first, which sorts first.
    """
    found: list[tuple[str, ...]] = []
    for component in _components(plan, _tied(plan)):
        members = set(component)
        first = min(members)

        def inside(one: str, members: set[str] = members) -> Iterator[str]:
            return (target for target in _targets(plan, one) if target in members)

        if first in inside(first):
            found.append((first,))
        elif len(members) > 1:
            paths = (_shortest_path(target, first, inside) for target in inside(first))
            shortest = min((path for path in paths if path is not None), key=lambda path: (len(path), path))
            found.append((first, *shortest[:-1]))
    return sorted(found)


def _targets(plan: Plan, card_id: str) -> Iterator[str]:
    """Ids of the cards that a card needs, as far as the plan has them."""
    card = plan.cards.get(card_id)
    return (target for need in (card.needs if card else ()) if (target := target_of(need)) in plan.cards)


def _shortest_path(
    start: str, goal: str, following: Callable[[str], Iterable[str]]
) -> tuple[str, ...] | None:
    """A shortest way from start to goal, both in it; breadth first, so that it is a shortest one."""
    came_from: dict[str, str] = {start: ""}
    waiting = deque([start])
    while waiting:
        one = waiting.popleft()
        if one == goal:
            path = [one]
            while came_from[path[-1]]:
                path.append(came_from[path[-1]])
            return tuple(reversed(path))
        for target in following(one):
            if target not in came_from:
                came_from[target] = one
                waiting.append(target)
    return None


def _tied(plan: Plan) -> list[str]:
    """Cards that are in a loop, or wait for one: what is left when cards that wait for nothing are taken away."""
    waiting = dict.fromkeys(plan.cards, 0)
    for target, others in plan.needed_by.items():
        for other in others if target in plan.cards else ():
            waiting[other] += 1
    free = [card_id for card_id, count in waiting.items() if not count]
    while free:
        for other in plan.needed_by.get(free.pop(), ()):
            waiting[other] -= 1
            if not waiting[other]:
                free.append(other)
    return [card_id for card_id, count in waiting.items() if count]


def _components(plan: Plan, roots: Iterable[str]) -> Iterator[list[str]]:
    """Strongly connected components that can be reached from some cards.

    With a stack of its own, since a chain of ten thousand cards is legal.
    """
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_ids: dict[str, None] = {}
    for root in roots:
        if root in number:
            continue
        number[root] = lowest[root] = len(number)
        open_ids[root] = None
        trail = [(root, _targets(plan, root))]
        while trail:
            one, targets = trail[-1]
            target = next(targets, None)
            if target is None:
                trail.pop()
                if trail:
                    parent = trail[-1][0]
                    lowest[parent] = min(lowest[parent], lowest[one])
                if lowest[one] == number[one]:
                    component: list[str] = []
                    while not component or component[-1] != one:
                        component.append(open_ids.popitem()[0])
                    yield component
            elif target not in number:
                number[target] = lowest[target] = len(number)
                open_ids[target] = None
                trail.append((target, _targets(plan, target)))
            elif target in open_ids:
                lowest[one] = min(lowest[one], number[target])

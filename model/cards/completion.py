"""What could stand where a person is typing a card in one line: people, tags, milestones, cards, places, dates."""

from __future__ import annotations

import datetime as dt
import heapq
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from ..plan.plan import Plan
from ..text.dates import parse_date, say_date
from .quick_add import KEYS, PHASES, SIGNS, STAGES

LIMIT = 8
"""At most this many are offered: more is not read, and ten thousand cards cost no more to show than ten."""

_DATE_WORDS = ("today", "tomorrow", "fri", "mon", "+1w", "+2w", "eow", "eom", "+1m")
_START = re.compile(rf"(?:([{''.join(SIGNS)}])|({'|'.join(KEYS)}):)", re.IGNORECASE)


Offered = tuple[str, str, str]
"""A value, its label, and the label in lower case."""


@dataclass(frozen=True)
class Completion:
    """Something to put in place of `line[start:end]`, and what to show for it."""

    start: int
    end: int
    text: str
    label: str


def complete(
    text: str,
    cursor: int,
    plan: Plan,
    project: str,
    today: dt.date,
    *,
    places: Collection[str] = (),
    known: dict[str, list[Offered]] | None = None,
) -> list[Completion]:
    """Up to eight values for the mark that the cursor stands in, the likeliest first; none outside of a mark.

    What begins with the typed text comes first, then what has a word that does, then what contains it. `places`
    are the places of the playbook; without them those that the project's cards use are offered. Who asks at every
    key of the same plan passes the same dictionary as `known`, so that the values are collected once.
    """
    begin = next((at for at in range(cursor, 0, -1) if text[at - 1].isspace()), 0)
    mark = _START.match(text, begin)
    if not mark or mark.end() > cursor:
        return []
    start = max(mark.end(), text.rfind(",", mark.end(), cursor) + 1)
    end = next((at for at in range(cursor, len(text)) if text[at].isspace() or text[at] == ","), len(text))
    typed = text[start:cursor].strip('"').lower()
    key = SIGNS[mark[1]] if mark[1] else mark[2].lower()
    collected = {} if known is None else known
    if key not in collected:
        values = _values(key, plan, project, today, places)
        collected[key] = [(value, label, label.lower()) for value, label in values]
    ranked = (
        (rank, order)
        for order, (value, _, lower) in enumerate(collected[key])
        if (rank := _rank(typed, value, lower)) is not None
    )
    best = [collected[key][order] for _, order in heapq.nsmallest(LIMIT, ranked)]
    return [
        Completion(start, end, f'"{value}"' if re.search(r"[\s,]", value) else value, label)
        for value, label, _ in best
    ]


def _rank(typed: str, value: str, text: str) -> int | None:
    """How well a value fits what was typed, 0 best; None where it does not. `text` is its label in lower case."""
    if typed not in text:
        # A label begins with its value.
        return None
    if text.startswith(typed):
        return 0
    lower = text[: len(value)]
    return 1 if f"-{typed}" in lower or f"/{typed}" in lower or f" {typed}" in text else 2


def _values(
    key: str, plan: Plan, project: str, today: dt.date, places: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Values of a key with their labels, the likelier first."""
    match key:
        case "owner":
            for person in plan.people.values():
                yield person.id, _label(person.id, person.name)
        case "tag":
            tags = Counter(tag for card in plan.cards_of.get(project, ()) for tag in card.tags)
            tags.update({tag: 0 for card in plan.cards.values() for tag in card.tags})
            for tag, _ in tags.most_common():
                yield tag, tag
        case "milestone":
            for name, milestone in plan.strategy(project).milestones.items():
                yield name, _label(name, milestone.title)
        case "needs":
            own = plan.cards_of.get(project, [])
            others = (card for card in plan.cards.values() if card.project != project)
            for card in (*sorted(own, key=lambda card: not card.is_open), *others):
                value = card.id if card.project == project else f"{card.project}/{card.id}"
                yield value, _label(value, card.title)
        case "due" | "not_before":
            for word in _DATE_WORDS:
                yield word, _label(word, say_date(parse_date(word, today), today))
        case "stage":
            yield from _plain(STAGES)
        case "in":
            known = places or (card.place for card in plan.cards_of.get(project, ()))
            yield from _plain((*PHASES, *known))
        case "skill":
            known = (skill for person in plan.people.values() for skill in person.skills)
            used = (card.skill for card in plan.cards_of.get(project, ()) if card.skill)
            yield from _plain((*known, *used))


def _plain(values: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((value, value) for value in dict.fromkeys(values))


def _label(value: str, text: str) -> str:
    return f"{value}  {text}" if text and text != value else value

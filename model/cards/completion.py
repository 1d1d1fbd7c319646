"""What may come next while a card is typed in one line: people, tags, milestones, cards, places, dates."""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from ..plan.plan import Plan
from ..snapshot.snapshot import Snapshot
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
    snapshot: Snapshot,
    project: str,
    *,
    places: Collection[str] = (),
    known: dict[str, list[Offered]] | None = None,
) -> list[Completion]:
    """Up to eight values for the mark that the cursor is in, the likeliest first; none outside of a mark.

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
        values = _values(key, snapshot, project, places)
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


def _values(key: str, snapshot: Snapshot, project: str, places: Collection[str]) -> Iterable[tuple[str, str]]:
    """Values of a key with their labels, the likelier first."""
    plan = snapshot.plan
    own = plan.cards_of.get(project, [])
    match key:
        case "owner":
            return ((person.id, _label(person.id, person.name)) for person in plan.people.values())
        case "tag":
            tags = Counter(tag for card in own for tag in card.tags)
            tags.update({tag: 0 for card in plan.cards.values() for tag in card.tags})
            return _plain(tag for tag, _ in tags.most_common())
        case "milestone":
            milestones = plan.strategy(project).milestones
            return ((name, _label(name, one.title)) for name, one in milestones.items())
        case "needs":
            return _cards(plan, project)
        case "due" | "not_before" | "fixed":
            today = snapshot.today
            return ((word, _label(word, say_date(parse_date(word, today), today))) for word in _DATE_WORDS)
        case "stage":
            return _plain(STAGES)
        case "in":
            return _plain((*PHASES, *(places or (card.place for card in own))))
        case "skill":
            known = (skill for person in plan.people.values() for skill in person.skills)
            return _plain((*known, *(card.skill for card in own if card.skill)))
        case _:
            return ()


def _cards(plan: Plan, project: str) -> Iterator[tuple[str, str]]:
    """The project's cards, the open ones first, then those of other projects with the project's name."""
    for card in sorted(plan.cards_of.get(project, ()), key=lambda card: not card.is_open):
        yield card.id, _label(card.id, card.title)
    for card in plan.cards.values():
        if card.project != project:
            value = f"{card.project}/{card.id}"
            yield value, _label(value, card.title)


def _plain(values: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((value, value) for value in dict.fromkeys(values))


def _label(value: str, text: str) -> str:
    return f"{value}  {text}" if text and text != value else value

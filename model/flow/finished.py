"""How long cards took that are done, and how old those are that are in progress: in working days of the board.

A day on which a card was in progress counts from the half of it in which work began to the half in which it ended, both
included, as its commits say. What was never seen in progress has no such time, and is counted as that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from ..capacity.calendar import Axis, in_days
from .card_history import CardHistory, CardStep

PERCENTILES = (50, 85, 95)
ENOUGH = 5
"""Finished cards from which on a percentile of a part of them says something."""
_NOON = 12


@dataclass(frozen=True)
class Span:
    """A card that was, or is, in progress."""

    project: str
    card: str
    place: str
    """Phase, with the step where that is known."""
    owner: str
    start: dt.date
    end: dt.date
    """When it was done; of an open card the day that it is."""
    days: float
    """Working days from start to end, half days counted."""
    estimate: tuple[float, ...] = ()
    """As it was when work began, in working days."""
    is_blocked: bool = False

    @property
    def phase(self) -> str:
        """The first half of the place."""
        return self.place.partition("/")[0]


@dataclass(frozen=True)
class Spans:
    """What is known of the time that cards took."""

    done: tuple[Span, ...] = ()
    """In the order in which they were done."""
    in_progress: tuple[Span, ...] = ()
    """The oldest first."""
    never_begun: int = 0
    """Cards that are done and were never seen in progress."""
    begun_before: int = 0
    """Cards that were in progress, or done, when the history begins: when that began is not known."""

    def percentile(self, percent: int, phase: str = "") -> float | None:
        """Within how many working days so many of a hundred cards were done, of a phase or of all; None without any."""
        return percentile([one.days for one in self.done if phase in ("", one.phase)], percent)

    def usual(self, one: Span, percent: int) -> float | None:
        """The percentile to hold a card against: of its phase, or of all cards where few of its phase are done."""
        own = [other.days for other in self.done if other.phase == one.phase]
        return percentile(own, percent) if len(own) >= ENOUGH else self.percentile(percent)

    @property
    def phases(self) -> Mapping[str, tuple[Span, ...]]:
        """The cards that are done, by the phase in which they were."""
        found: dict[str, list[Span]] = {}
        for one in self.done:
            found.setdefault(one.phase, []).append(one)
        return {name: tuple(found[name]) for name in sorted(found)}


def percentile(values: Sequence[float], percent: int) -> float | None:
    """The least value that so many of a hundred do not exceed (nearest rank); None of no values."""
    if not values:
        return None
    return sorted(values)[max(1, ceil(percent * len(values) / 100)) - 1]


def spans_of(cards: Iterable[CardHistory], since: dt.datetime | None, axis: Axis, today: dt.date) -> Spans:
    """The times of cards, seen on a day; `since` is the first commit of the history."""
    done: list[Span] = []
    in_progress: list[Span] = []
    never_begun = begun_before = 0
    for one in cards:
        ended = one.done if one.done is not None and one.done.date() <= today else None
        is_open = one.removed is None and one.state.status == "doing"
        if ended is None and not is_open:
            continue
        begin = _begin(one)
        if one.first_seen == since and one.steps[0].state.status != "todo":
            begun_before += 1
        elif begin is None:
            never_begun += 1
        elif ended is not None:
            done.append(_span(one, begin, ended.date(), _half_days(axis, begin.at, ended)))
        elif begin.at.date() <= today:
            evening = dt.datetime.combine(today, dt.time.max, begin.at.tzinfo)
            in_progress.append(_span(one, begin, today, _half_days(axis, begin.at, evening)))
    done.sort(key=lambda one: (one.end, one.project, one.card))
    in_progress.sort(key=lambda one: (-one.days, one.project, one.card))
    return Spans(tuple(done), tuple(in_progress), never_begun, begun_before)


def _begin(one: CardHistory) -> CardStep | None:
    """The step with which work began; None where it was never seen in progress."""
    return next((step for step in one.steps if step.state.status == "doing"), None)


def _span(one: CardHistory, begin: CardStep, end: dt.date, periods: int) -> Span:
    state = one.state
    return Span(
        one.project,
        one.id,
        state.place,
        state.owner,
        begin.at.date(),
        end,
        in_days(periods),
        begin.state.estimate,
        state.is_blocked,
    )


def _half_days(axis: Axis, begin: dt.datetime, end: dt.datetime) -> int:
    """Half days on the board's calendar that two moments touch, at least one: work was done, whatever day it was."""
    first, last = axis.moment(begin.date()), axis.evening(end.date())
    if begin.hour >= _NOON and axis.is_working(begin.date()):
        first += 1
    if end.hour < _NOON and axis.is_working(end.date()):
        last -= 1
    return max(1, last - first)

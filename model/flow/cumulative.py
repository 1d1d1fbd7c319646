"""How many cards were in each status on each day: what cumulative flow and burn-up are drawn from."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .card_history import CardHistory

COUNTED = ("done", "blocked", "doing", "todo")
"""The statuses that are counted, from the bottom of the chart; what is dropped or removed is no work any more."""


class Day(NamedTuple):
    """Cards in each status at the end of a day."""

    date: dt.date
    done: int
    blocked: int
    doing: int
    todo: int

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """In the order of COUNTED."""
        return self.done, self.blocked, self.doing, self.todo

    @property
    def scope(self) -> int:
        """All of them."""
        return sum(self.counts)


def days_of(cards: Iterable[CardHistory], first: dt.date | None, today: dt.date) -> tuple[Day, ...]:
    """Every day from the first of a history up to today; one pass over the steps, however many days there are."""
    if first is None or first > today:
        return ()
    changes: dict[dt.date, Counter[str]] = {}

    def change(day: dt.date, before: str, after: str) -> None:
        found = changes.setdefault(day, Counter())
        found[before] -= 1
        found[after] += 1

    for one in cards:
        word, day = "", first
        for step in one.steps:
            # Of two zones the later moment may be on the earlier day.
            day = max(day, step.at.date())
            change(day, word, step.state.word)
            word = step.state.word
        if one.removed is not None:
            change(max(day, one.removed.date()), word, "")
    counts: Counter[str] = Counter()
    found: list[Day] = []
    for at in range((today - first).days + 1):
        day = first + dt.timedelta(days=at)
        counts.update(changes.get(day, {}))
        found.append(Day(day, *(counts[name] for name in COUNTED)))
    return tuple(found)


def thinned(days: Sequence[Day], most: int) -> tuple[Day, ...]:
    """At most so many of the days, evenly spaced, with the last one."""
    if len(days) <= most:
        return tuple(days)
    return tuple(days[round((at + 1) * len(days) / most) - 1] for at in range(most))

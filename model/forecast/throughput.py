"""When the open cards are done if the weeks to come are like those that were: by counts alone, no estimate is read.

The counts of whole weeks are convolved exactly; no random numbers are drawn.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from ..calculators.planning import FEWEST_WEEKS, LARGEST_BACKLOG, throughput
from ..text.figure import Explained

WINDOW = 12
"""Weeks that are counted: what was long ago was done by other people in another way."""
METHOD = "exact convolution of the cards done in each whole week of the history"
_PERCENTILES = ("p50", "p85", "p95")


@dataclass(frozen=True)
class Throughput:
    """How many cards were done in each week, and when the open ones are."""

    weeks: tuple[int, ...]
    open_cards: int
    dates: dict[str, dt.date]
    """By percentile; empty where the history does not say it."""
    why_not: str = ""


def throughput_of(
    since: dt.date | None, done: Iterable[dt.date], open_cards: int, today: dt.date
) -> Throughput:
    """The forecast from a history that begins on a day, with a day for each card that was done."""
    this_week = today - dt.timedelta(days=today.weekday())
    counts: tuple[int, ...] = ()
    if since is not None:
        first = since + dt.timedelta(days=-since.weekday() % 7)
        weeks = max(0, (this_week - first).days // 7)
        begin = this_week - dt.timedelta(weeks=min(weeks, WINDOW))
        found = [0] * min(weeks, WINDOW)
        for day in done:
            if begin <= day < this_week:
                found[(day - begin).days // 7] += 1
        counts = tuple(found)
    if len(counts) < FEWEST_WEEKS:
        said = f"at least {FEWEST_WEEKS} whole weeks of history are needed, and there are {len(counts)}"
        return Throughput(counts, open_cards, {}, said)
    if open_cards > LARGEST_BACKLOG:
        return Throughput(counts, open_cards, {}, f"more than {LARGEST_BACKLOG:,} open cards are not counted")
    made = throughput(counts, open_cards)
    if not isinstance(made, Explained):
        return Throughput(counts, open_cards, {}, made.why)
    dates = {name: today + dt.timedelta(weeks=made.number(name)) for name in _PERCENTILES}
    return Throughput(counts, open_cards, dates)

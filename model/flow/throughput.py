"""When the open cards are done if the weeks to come are like those that were: by counts alone, no estimate is read.

The counts of whole weeks are convolved exactly; no random numbers are drawn.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ..calculators.planning import FEWEST_WEEKS, LARGEST_BACKLOG, throughput
from ..text.figure import Explained

WINDOW = 12
"""Weeks that are counted: what was long ago was done by other people in another way."""
METHOD = "exact convolution of the cards done in each whole week of the history"
_PERCENTILES = ("p50", "p85", "p95")


class Week(NamedTuple):
    """Cards that were done in a week."""

    monday: dt.date
    done: int
    is_whole: bool
    """Whether all of it is in the history and over; the forecast counts no other."""


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
    counts = tuple(one.done for one in weeks_of(since, done, today) if one.is_whole)[-WINDOW:]
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


def weeks_of(since: dt.date | None, done: Iterable[dt.date], today: dt.date) -> tuple[Week, ...]:
    """Every week from the one in which a history begins up to this one."""
    if since is None:
        return ()
    first, this_week = _monday(since), _monday(today)
    counts = Counter(map(_monday, done))
    mondays = (first + dt.timedelta(weeks=at) for at in range((this_week - first).days // 7 + 1))
    return tuple(Week(day, counts[day], since <= day < this_week) for day in mondays)


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())

"""A baseline: the dates that a plan had at another revision, on that revision's day, and what has moved since.

`diff` sees both states on one day, and so tells what the edits did. A baseline is what was planned then: time that has
passed without the work being done moves dates, too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ..capacity.calendar import Axis, say_days
from ..derived.derived import Derived
from ..derived.progress import Progress, silent
from ..plan.plan import Plan
from ..records.address import Address
from ..schedule.schedule import Schedule
from ..schedule.targets import Key
from ..snapshot.snapshot import Snapshot
from .renames import renames


class Dated(NamedTuple):
    """From when to when a card was planned; both ends belong to it."""

    start: dt.date
    start_half: str
    """`am` or `pm`."""
    end: dt.date
    end_half: str


@dataclass(frozen=True)
class Baseline:
    """What was planned."""

    title: str
    """Which revision, in words."""
    commit: str
    """Empty for what is not committed."""
    today: dt.date
    """The day on which it was planned."""
    cards: Mapping[str, Dated]
    """By the ids that cards have now, those that had dates then."""
    milestones: Mapping[Key, dt.date]


def baseline(
    then: Snapshot,
    now: Plan,
    title: str,
    commit: str,
    *,
    effort: int | None = None,
    progress: Progress = silent,
) -> Baseline:
    """The dates of an earlier state of a plan, as it was on its day; `effort` as for a schedule."""
    made = Derived(then).told(progress).schedule(effort)
    new = renames(then.plan, now)
    cards = {
        new.get(one.task.card.address, one.task.card.address).id: Dated(
            made.dates.start_date(one),
            "am" if one.task.fixed is not None else made.axis.half(one.start),
            made.dates.end_date(one),
            made.axis.half(one.end - 1),
        )
        for one in made.cards.values()
    }
    milestones: dict[Key, dt.date] = {}
    for (project, name), one in made.milestones.items():
        if one.date is not None:
            address = Address("milestone", project, name)
            address = new.get(address, address)
            milestones[address.project, address.id] = one.date
    return Baseline(title, commit, made.today, cards, milestones)


@dataclass(frozen=True)
class Counts:
    """How some cards stand against a baseline."""

    moved: int
    """That end on another half day."""
    new: int
    """That had no dates then."""
    gone: int
    """That had dates then and have none now: done, dropped, removed, or left out."""


class Moves:
    """By how much a schedule differs from a baseline, in half days of the board's calendar; later is above 0."""

    def __init__(self, before: Baseline, made: Schedule) -> None:
        self.before = before
        self.made = made

    @cached_property
    def _axis(self) -> Axis:
        """All days of both."""
        own, before = self.made.axis, self.before
        days = [*before.milestones.values(), *(one.end for one in before.cards.values()), own.first, own.last]
        return Axis(own.calendar, min(days), max(days))

    def of_card(self, name: str) -> int | None:
        """By how much a card ends later; None where it had no dates, or has none."""
        then, now = self.before.cards.get(name), self.made.cards.get(name)
        if then is None or now is None:
            return None
        end = self.made.axis.half(now.end - 1)
        return self._end(self.made.dates.end_date(now), end) - self._end(then.end, then.end_half)

    def of_milestone(self, key: Key) -> int | None:
        """By how much a milestone is later; None where it had no date, or has none."""
        then = self.before.milestones.get(key)
        now = self.made.milestones.get(key)
        if then is None or now is None or now.date is None:
            return None
        return self._axis.evening(now.date) - self._axis.evening(then)

    def counts(self, project: str = "") -> Counts:
        """Of the cards of a project, or of all."""
        own = [name for name, one in self.made.cards.items() if project in ("", one.task.project)]
        moves = [self.of_card(name) for name in own]
        plan = self.made.dates.plan
        gone = [name for name in self.before.cards if name not in self.made.cards]
        # A card that is no longer in the plan belongs to no project.
        mine = [
            name
            for name in gone
            if not project or name not in plan.cards or plan.cards[name].project == project
        ]
        return Counts(sum(bool(by) for by in moves), sum(by is None for by in moves), len(mine))

    def milestones(self, project: str = "") -> Iterable[tuple[Key, int]]:
        """The milestones that have another date, by their date now."""
        found = [
            (one.date, key, by)
            for key, one in self.made.milestones.items()
            if one.date is not None and project in ("", key[0]) and (by := self.of_milestone(key))
        ]
        return [(key, by) for _, key, by in sorted(found)]

    def _end(self, day: dt.date, half: str) -> int:
        return self._axis.evening(day) - (half == "am" and self._axis.is_working(day))


def say_move(by: int) -> str:
    """A move in words."""
    return f"{say_days(abs(by))} {'later' if by > 0 else 'earlier'}" if by else "ends as planned"

"""Why each card starts when it does, and the way back from any card to the first cause.

In a schedule where nothing can start earlier, one thing binds every start: a card that comes first, a person who is
busy until then or not there, a date that was given, or today.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from ..capacity.calendar import in_days
from ..text.dates import say_date
from ..text.named import quoted
from .dates import Dates, Placed
from .tasks import TaskNeed

Kind = Literal["needs", "person", "fixed", "not_before", "calendar", "today", "project"]


@dataclass(frozen=True)
class Reason:
    """What binds a start."""

    kind: Kind
    of: str | None
    """The card that comes first, the person who is busy or away, the project that begins."""
    text: str
    card: str | None = None
    """The card that is in the way: the one that comes first, or what the person is on."""


class Reasons:
    """The reasons of one schedule."""

    def __init__(self, dates: Dates) -> None:
        self.dates = dates

    def of(self, one: Placed) -> Reason:
        """Why a card starts when it does."""
        dates, task = self.dates, one.task
        if task.is_running:
            return Reason("today", None, "in progress, so that what is left goes on today")
        if task.fixed is not None:
            return Reason("fixed", None, f"fixed on {say_date(task.fixed, dates.today)}")
        released = dates.axis.moment(task.release)
        bound, need = self._latest_need(one)
        earliest = max(released, bound)
        opening = one.calendar.opening(earliest) if one.calendar is not None else earliest
        if opening is not None and opening < one.start:
            return self._busy(one)
        if opening != earliest:
            return self._away(one, earliest)
        if need is not None and bound > released:
            return self._needs(need)
        return self._released(one)

    def earliest(self, one: Placed) -> int:
        """The first moment at which a card could start if its person had time."""
        return max(self.dates.axis.moment(one.task.release), self._latest_need(one)[0])

    def _latest_need(self, one: Placed) -> tuple[int, TaskNeed | None]:
        """What a card waits for longest, with the first start that it allows."""
        ids = one.part.source.part.ids
        best: tuple[int, TaskNeed | None] = -1, None
        # The links of the network: a need that others imply is never the last.
        for before, _, kind, lag in one.part.scheme.incoming[one.number]:
            need = TaskNeed(ids[before], kind, lag)
            bound = self._bound(one, need)
            if bound > best[0]:
                best = bound, need
        return best

    def way_to(self, one: Placed) -> list[tuple[Placed, Reason]]:
        """The chain of reasons that leads to a card, the first cause first."""
        chain: list[tuple[Placed, Reason]] = []
        seen: set[str] = set()
        here: Placed | None = one
        while here is not None and here.task.id not in seen:
            seen.add(here.task.id)
            reason = self.of(here)
            chain.append((here, reason))
            here = self.dates.placed.get(reason.card) if reason.card is not None else None
        return chain[::-1]

    def _bound(self, one: Placed, need: TaskNeed) -> int:
        """The first start that a need allows."""
        before = self.dates.placed[need.before]
        moment = max(0, (before.end if need.kind[0] == "F" else before.start) + need.lag)
        if need.kind[1] == "S":
            return moment
        work = one.part.source.network.activities[one.number].modes[one.part.schedule.modes[one.number]].work
        if one.calendar is None:
            return moment - work
        found = one.calendar.start_to_end_by(moment, work) if moment else 0
        return found if found is not None else moment - work

    def _needs(self, need: TaskNeed) -> Reason:
        title = self.dates.placed[need.before].task.card.label
        said = f"needs {quoted(title)}, which {self.dates.reached(need)}"
        if need.kind != "FS" or need.lag:
            lag = f"{in_days(need.lag):+g}d" if need.lag else ""
            said += f" ({need.kind}{lag})"
        return Reason("needs", need.before, said, need.before)

    def _released(self, one: Placed) -> Reason:
        dates, task = self.dates, one.task
        day = say_date(task.release, dates.today)
        match task.released_by:
            case "not_before":
                return Reason("not_before", None, f"not before {day}")
            case "project":
                return Reason("project", task.project, f"the project {task.project} begins {day}")
            case _:
                return Reason("today", None, "can start today")

    def _away(self, one: Placed, earliest: int) -> Reason:
        dates = self.dates
        assert one.presence is not None
        since = say_date(dates.axis.date(earliest), dates.today)
        back = say_date(dates.axis.date(one.start), dates.today)
        return Reason(
            "calendar", one.person, f"{one.person} is not there from {since} on, and works from {back}"
        )

    def _busy(self, one: Placed) -> Reason:
        """The person's last half day before the start is taken, else the card would start then."""
        dates = self.dates
        assert one.calendar is not None
        before = one.calendar.periods[one.calendar.before[one.start] - 1]
        other = self._on(one, before)
        if other is None:
            return Reason("person", one.person, f"{one.person} has no time before that")
        until = say_date(dates.end_date(other), dates.today)
        title = other.task.card.label
        return Reason(
            "person", one.person, f"{one.person} is on {quoted(title)} until {until}", other.task.id
        )

    def _on(self, one: Placed, period: int) -> Placed | None:
        """What a person does in a half day, of the same project where there is some."""
        works = self.dates.by_person.get(one.person or "", [])
        found: Placed | None = None
        for at in range(bisect_right(works, period, key=lambda work: work.start) - 1, -1, -1):
            other = works[at]
            if other.end > period and other is not one:
                if other.task.project == one.task.project:
                    return other
                found = found or other
            if period - other.start > self._longest:
                break
        return found

    @cached_property
    def _longest(self) -> int:
        """Half days from start to end of the longest card."""
        return max((one.end - one.start for one in self.dates.placed.values()), default=0)

    def all(self) -> Iterator[tuple[Placed, Reason]]:
        """Every card with its reason."""
        for one in self.dates.placed.values():
            yield one, self.of(one)

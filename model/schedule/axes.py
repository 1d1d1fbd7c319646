"""The axis of a plan: how far back and how far ahead it has to reach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import cached_property

from ..capacity.calendar import Axis
from ..records.board import Calendar
from .parts import Calendars
from .problem import FAR_YEARS
from .tasks import Task

YEARS = (2, 4, 8, 16, 32, 64, FAR_YEARS)
"""How far the axis reaches from the last first day; the next length where something does not fit."""
_BEFORE = 365
"""Days of the axis before today, for what should have been done already."""
_PAST_YEARS = 20
"""A pin further back than this is an error of typing."""


class Axes:
    """The axis of a plan in the lengths that are needed, all with the same first day."""

    def __init__(
        self,
        calendar: Calendar,
        today: dt.date,
        tasks: Iterable[Task],
        calendars: Callable[[Axis], Calendars] = Calendars,
    ) -> None:
        self.today = today
        self._calendars = calendars
        pins = [task.fixed for task in tasks if task.fixed is not None]
        near = [day for day in pins if day >= self.earliest]
        self.first = min([*near, today - dt.timedelta(days=_BEFORE)])
        self.calendar = calendar
        self._made: list[Calendars] = []
        days = [day for task in tasks for day in (task.release, task.fixed) if day is not None]
        begin = min(max([today, *days]), self.far)
        # Due dates make it longer only where it would end before one, so that a usual one changes no axis.
        near, known = years_on(begin, YEARS[0]), years_on(today, _PAST_YEARS)
        self._from = max([begin, *(task.due for task in tasks if task.due and near < task.due <= known)])

    @cached_property
    def earliest(self) -> dt.date:
        """The first day that a pin may name."""
        return self.today - dt.timedelta(days=_PAST_YEARS * 365)

    @cached_property
    def far(self) -> dt.date:
        """The day after which nothing is planned."""
        return years_on(self.today, FAR_YEARS)

    def at(self, number: int) -> Calendars:
        """The axis in one of its lengths."""
        while len(self._made) <= number:
            last = years_on(self._from, YEARS[len(self._made)])
            self._made.append(self._calendars(Axis(self.calendar, self.first, last)))
        return self._made[number]

    @property
    def key(self) -> tuple[object, ...]:
        """What the moments of the axis depend on."""
        return self.first, self.calendar


def years_on(day: dt.date, years: int) -> dt.date:
    return day + min(dt.timedelta(days=years * 366), dt.date.max - day)

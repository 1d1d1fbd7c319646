"""The working time of a calendar in parts of a period: durations that are drawn are no whole periods."""

from __future__ import annotations

from .working_time import WorkingTime

PARTS = 32
"""Times are counted in parts of a period, so that durations need not be whole periods."""
SHIFT, PART = 5, 31
NEVER = 1 << 60
"""The end of what does not end before its calendar does."""


class Clock:
    """A calendar in parts of a period."""

    def __init__(self, calendar: WorkingTime) -> None:
        periods = calendar.periods
        self.opens = [periods[at] * PARTS if at < len(periods) else NEVER for at in calendar.before]
        """At each period, and at the end of the axis: when the first working period from it on begins."""
        self.last = len(self.opens) - 1
        self.before = [at * PARTS for at in calendar.before]
        self.periods = [period * PARTS for period in periods]

    def opening(self, moment: int) -> int:
        """The first moment from this one on at which work goes on."""
        period = moment >> SHIFT
        return max(self.opens[period], moment) if period < len(self.opens) else NEVER

    def worked(self, moment: int) -> int:
        """How much working time comes before a moment."""
        period = moment >> SHIFT
        if period >= len(self.before):
            return self.before[-1]
        is_open = self.opens[period] <= moment
        return self.before[period] + (moment & PART if is_open else 0)

    def moment(self, worked: int) -> int:
        """The first moment with so much working time before it; 0 for less than none."""
        if worked <= 0:
            return 0
        last = worked - 1 >> SHIFT
        return self.periods[last] + (worked - 1 & PART) + 1 if last < len(self.periods) else NEVER

    def end(self, start: int, work: int) -> int:
        """The end of work that begins at a moment at which work goes on."""
        if not work:
            return start
        last = self.before[start >> SHIFT] + (start & PART) + work - 1
        at = last >> SHIFT
        return self.periods[at] + (last & PART) + 1 if at < len(self.periods) else NEVER

    def start_to_end_by(self, end: int, work: int) -> int:
        """The first start from which so much work is not over before `end`."""
        worked = self.worked(end)
        if self.moment(worked) < end:
            worked += 1
        return self.moment(worked - work)

"""Working time on an axis of whole periods, so that counting over days off is done in one place.

A moment is the border before a period: work that ends with period 4 ends at moment 5. The axis ends with the last
period that is given; nothing works after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate, compress, count


class WorkingTime:
    """Which periods of the axis are worked, with the arithmetic that follows. Equal calendars can share one."""

    def __init__(self, working: Iterable[bool | int]) -> None:
        worked = bytes(map(bool, working))
        self.before: list[int] = list(accumulate(worked, initial=0))
        """At each moment up to the end of the axis: how many working periods lie before it."""
        self.periods: list[int] = list(compress(count(), worked))
        """The working periods."""

    @property
    def horizon(self) -> int:
        """The moment at which the axis ends."""
        return len(self.before) - 1

    def between(self, first: int, last: int) -> int:
        """Working periods between two moments; what is beyond the axis has none."""
        before = self.before
        if 0 <= first <= last < len(before):
            return before[last] - before[first]
        top = self.horizon
        return before[max(0, min(last, top))] - before[max(0, min(first, top))]

    def opening(self, moment: int) -> int | None:
        """The first working period that begins at this moment or later; None where none does."""
        if moment >= len(self.before):
            return None
        at = self.before[moment]
        return self.periods[at] if at < len(self.periods) else None

    def last_opening(self, moment: int) -> int | None:
        """The last working period that begins at this moment or earlier; None where none does."""
        at = self.before[min(moment + 1, self.horizon)] - 1 if moment >= 0 else -1
        return self.periods[at] if at >= 0 else None

    def end(self, start: int, work: int) -> int | None:
        """The moment at which so many working periods from `start` on are over; None after the end of the axis."""
        if work == 0:
            return start
        if start >= len(self.before):
            return None
        last = self.before[start] + work - 1
        return self.periods[last] + 1 if last < len(self.periods) else None

    def latest_start(self, end: int, work: int) -> int | None:
        """The last start of so many working periods that are over by `end`; None where there is too little before."""
        if work == 0:
            return end
        if end < 0:
            return None
        first = self.before[min(end, self.horizon)] - work
        return self.periods[first] if first >= 0 else None

    def start_to_end_by(self, end: int, work: int) -> int | None:
        """The first start from which so many working periods are not over before `end`; None where none is.

        Whether they are over before the axis ends is for `end` to say.
        """
        if end <= 0:
            return 0
        if end > self.horizon:
            return None
        if work == 0:
            return end
        first = self.before[end - 1] - work + 1
        if first < 0:
            return 0
        return self.periods[first] if first + work <= len(self.periods) else None

    def later(self, moment: int, lag: int) -> int | None:
        """The first moment with `lag` working periods more before it than `moment` has (fewer where it is negative).

        Nothing is earlier than 0; no lag leaves the moment as it is; None after the end of the axis.
        """
        if lag == 0:
            return moment
        wanted = self.before[min(moment, self.horizon)] + lag
        if wanted <= 0:
            return 0
        return self.periods[wanted - 1] + 1 if wanted <= len(self.periods) else None

    def earlier(self, moment: int, lag: int) -> int | None:
        """The last moment from which `later` by `lag` is not after `moment`; None where there is none."""
        if lag == 0:
            return moment
        wanted = self.before[min(moment, self.horizon)] - lag
        if wanted < 0:
            return None
        return self.periods[wanted] if wanted < len(self.periods) else self.horizon

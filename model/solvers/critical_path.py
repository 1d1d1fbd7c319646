"""The critical path method on an axis of whole periods: early and late times, total and free slack.

Links of all four kinds with lags of either sign, and a calendar for each activity that has one. No person's time is
looked at here: what people can do is the levelling's question, and its slack another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

from .activity_network import Link
from .working_time import WorkingTime


@dataclass(frozen=True)
class CriticalPath:
    """Times of each activity by its position; -1 for those in `unplaced`."""

    finish: int
    """The last early finish."""
    early_start: tuple[int, ...]
    early_finish: tuple[int, ...]
    late_start: tuple[int, ...]
    late_finish: tuple[int, ...]
    total_slack: tuple[int, ...]
    """In working periods of the activity's own calendar, as all slack."""
    free_slack: tuple[int, ...]
    unplaced: tuple[int, ...]
    """Activities in a loop, those that wait for one, and those that end after their calendar does."""

    @property
    def critical(self) -> tuple[int, ...]:
        """The activities that cannot start later without moving the finish."""
        return tuple(one for one, slack in enumerate(self.total_slack) if slack == 0)


class LinkedActivities:
    """Activities and links, prepared for both passes."""

    def __init__(
        self, works: Sequence[int], links: Sequence[Link], calendars: Sequence[WorkingTime | None] = ()
    ) -> None:
        self.works = works
        self.calendars = calendars or [None] * len(works)
        self.incoming: list[list[Link]] = [[] for _ in works]
        self.outgoing: list[list[Link]] = [[] for _ in works]
        for link in links:
            self.incoming[link[1]].append(link)
            self.outgoing[link[0]].append(link)
        self._order: list[int] | None = None

    def with_works(self, works: Sequence[int]) -> LinkedActivities:
        """The same links between activities that take another time, on no calendars."""
        made = copy(self)
        made.works, made.calendars = works, [None] * len(works)
        return made

    def order(self) -> list[int]:
        """Each activity after those it waits for; what is in a loop, or waits for one, is missing."""
        if self._order is not None:
            return self._order
        waits = [len(links) for links in self.incoming]
        self._order = order = [one for one, count in enumerate(waits) if not count]
        for one in order:  # it grows meanwhile
            for link in self.outgoing[one]:
                after = link[1]
                waits[after] -= 1
                if not waits[after]:
                    order.append(after)
        return order

    def forward(self, order: Sequence[int], releases: Sequence[int]) -> tuple[list[int], list[int]]:
        """Early starts and finishes; -1 where there is no room, or something that comes first has none."""
        starts, ends = [-1] * len(self.works), [-1] * len(self.works)
        for one in order:
            work, calendar = self.works[one], self.calendars[one]
            start, end_by = releases[one], 0
            for before, _, kind, lag in self.incoming[one]:
                if ends[before] < 0:
                    start = -1
                    break
                at = (ends if kind[0] == "F" else starts)[before] + lag
                if kind[1] == "S":
                    start = max(start, at)
                else:
                    end_by = max(end_by, at)
            if start < 0:
                continue
            if calendar is None:
                start = max(start, end_by - work)
                starts[one], ends[one] = start, start + work
            else:
                placed = _earliest(calendar, work, start, end_by)
                if placed is not None:
                    starts[one], ends[one] = placed
        return starts, ends

    def backward(
        self, order: Sequence[int], ends: Sequence[int], bounds: Sequence[int]
    ) -> tuple[list[int], list[int]]:
        """Late starts and finishes, where no activity ends after its bound; -1 for those that have no end."""
        late_starts, late_ends = [-1] * len(self.works), [-1] * len(self.works)
        for one in reversed(order):
            if ends[one] < 0:
                continue
            work, calendar, end = self.works[one], self.calendars[one], bounds[one]
            start_by: int | None = None
            for _, after, kind, lag in self.outgoing[one]:
                if ends[after] < 0:
                    continue
                at = (late_starts if kind[1] == "S" else late_ends)[after] - lag
                if kind[0] == "F":
                    end = min(end, at)
                else:
                    start_by = at if start_by is None else min(start_by, at)
            start = end - work if calendar is None else _latest(calendar, work, end)
            if start_by is not None and start_by < start:
                start = start_by if calendar is None else _latest_opening(calendar, start_by)
            late_starts[one] = start
            late_ends[one] = _end(calendar, start, work)
        return late_starts, late_ends

    def free_slack(self, one: int, starts: Sequence[int], ends: Sequence[int], finish: int) -> int:
        """By how much an activity can start later without moving any other, or the finish."""
        calendar, end_by, start_by = self.calendars[one], finish, finish
        for _, after, kind, lag in self.outgoing[one]:
            if ends[after] >= 0:
                theirs = (starts if kind[1] == "S" else ends)[after] - lag
                if kind[0] == "F":
                    end_by = min(end_by, theirs)
                else:
                    start_by = min(start_by, theirs)
        gap = distance(calendar, ends[one], end_by)
        if start_by < finish:
            opening = start_by if calendar is None else _latest_opening(calendar, start_by)
            gap = min(gap, distance(calendar, starts[one], opening))
        return gap


def critical_path(
    works: Sequence[int],
    links: Sequence[Link],
    calendars: Sequence[WorkingTime | None] = (),
    releases: Sequence[int] = (),
) -> CriticalPath:
    """Both passes over a network; nothing starts before 0, or before its release.

    What ends the network may end with it, and so may any activity without a successor.
    """
    network = LinkedActivities(works, links, calendars)
    order = network.order()
    starts, ends = network.forward(order, releases or [0] * len(works))
    finish = max([0, *ends])
    late, late_ends = network.backward(order, ends, [finish] * len(works))
    total, free = [-1] * len(works), [-1] * len(works)
    for one in order:
        if ends[one] >= 0:
            total[one] = distance(network.calendars[one], starts[one], late[one])
            free[one] = network.free_slack(one, starts, ends, finish)
    return CriticalPath(
        finish,
        tuple(starts),
        tuple(ends),
        tuple(late),
        tuple(late_ends),
        tuple(total),
        tuple(free),
        tuple(one for one, end in enumerate(ends) if end < 0),
    )


def _earliest(calendar: WorkingTime, work: int, start: int, end_by: int) -> tuple[int, int] | None:
    """The first start and end of some work that starts and ends no earlier than asked; None beyond the calendar."""
    if work and start <= calendar.horizon:
        # The usual case without a call: every activity of a large plan comes here.
        first = calendar.before[start]
        last = first + work - 1
        if last < len(calendar.periods) and calendar.periods[last] + 1 >= end_by:
            return calendar.periods[first], calendar.periods[last] + 1
    opening = calendar.opening(start)
    if opening is None:
        return None
    if end_by > opening:
        late = calendar.start_to_end_by(end_by, work)
        if late is None:
            return None
        opening = max(opening, late)
    end = calendar.end(opening, work)
    return None if end is None else (opening, end)


def _end(calendar: WorkingTime | None, start: int, work: int) -> int:
    """When some work is over; what would have to start before 0 counts without a calendar."""
    if calendar is None or start < 0:
        return start + work
    found = calendar.end(start, work)
    return start + work if found is None else found


def _latest(calendar: WorkingTime, work: int, end: int) -> int:
    """The last start of some work that is over by a moment; what would have to start before 0 counts from there."""
    if work and 0 <= end < len(calendar.before) and (first := calendar.before[end] - work) >= 0:
        return calendar.periods[first]
    found = calendar.latest_start(end, work)
    if found is not None:
        return found
    return min(end, 0) + calendar.before[max(0, min(end, calendar.horizon))] - work


def _latest_opening(calendar: WorkingTime, moment: int) -> int:
    """The last working period that begins at a moment or before; the moment itself where there is none."""
    at = calendar.before[max(0, min(moment + 1, calendar.horizon))] - 1
    return calendar.periods[at] if at >= 0 else moment


def distance(calendar: WorkingTime | None, first: int, last: int) -> int:
    """Working periods between two moments; without a calendar all are worked."""
    return last - first if calendar is None else calendar.between(first, last)

"""All runs of a levelled network at once, for many runs of many activities: who takes a resource follows the plan.

Each resource goes from hand to hand as in the plan, so that a run is one pass along links and hand-overs (an
early-start policy: Stork, TU Berlin 2001). It knows nothing of the future either, and with the plan's durations it is
the plan. It is somewhat later than `simulation`, where somebody free takes the next card that is ready.

A moment has a lane of 32 bits for each run in one long whole number; the top bit of a lane is kept free, so that one
subtraction compares all runs.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Sequence

from .activity_network import ActivityNetwork, Link, Mode, Schedule
from .serial_scheme import SerialScheme
from .simulation import NEVER, PARTS
from .working_time import WorkingTime

_BITS = 32
_SHIFT = 5
_FAR = 1 << 30
"""A moment after the end of every axis."""


def hand_overs(network: ActivityNetwork, schedule: Schedule) -> list[Link]:
    """From whom each activity takes what it needs of a resource, apart from units that were not used yet."""
    found: dict[tuple[int, int], Link] = {}
    unused = [
        max(capacity) if isinstance(capacity, Sequence) else capacity for capacity in network.capacities
    ]
    held: list[list[tuple[int, int]]] = [[] for _ in network.capacities]
    """Of each resource: who had units last, and how many."""
    ends, starts = schedule.ends, schedule.starts
    for one in schedule.order():
        mode = network.activities[one].modes[schedule.modes[one]]
        for resource, units in mode.demands if mode.work else ():
            left = max(0, units - unused[resource])
            unused[resource] -= units - left
            kept: list[tuple[int, int]] = []
            for giver, amount in sorted(held[resource], key=lambda item: ends[item[0]]):
                taken = min(left, amount) if ends[giver] <= starts[one] else 0
                left -= taken
                if taken:
                    found[giver, one] = Link(giver, one)
                if taken < amount:
                    kept.append((giver, amount - taken))
            held[resource] = [*kept, (one, units)]
    return list(found.values())


class _Lanes:
    """Arithmetic on moments of all runs at once. A number of lanes is never below 0 and below 2 to the 31st."""

    def __init__(self, runs: int) -> None:
        self.runs = runs
        self.tops = self.every(1 << _BITS - 1)
        self.ones = self.every(1)
        self.parts = self.every(PARTS - 1)
        self.low = self.every((1 << _BITS - 1 - _SHIFT) - 1)

    def every(self, value: int) -> int:
        """The same value in all runs."""
        return int.from_bytes(value.to_bytes(_BITS // 8, "little") * self.runs, "little")

    def packed(self, values: array[int]) -> int:
        if sys.byteorder == "big":
            values = values[:]
            values.byteswap()
        return int.from_bytes(values.tobytes(), "little")

    def unpacked(self, lanes: int) -> array[int]:
        values = array("I", lanes.to_bytes(_BITS // 8 * self.runs, "little"))
        if sys.byteorder == "big":
            values.byteswap()
        return values

    def at_least(self, one: int, other: int) -> int:
        """1 in each run in which `one` is not below `other`."""
        return ((one | self.tops) - other & self.tops) >> _BITS - 1

    def later(self, one: int, other: int) -> int:
        """The later of two moments."""
        if not one or one == other:
            return other
        if not other:
            return one
        tops = (one | self.tops) - other & self.tops
        return other ^ (one ^ other) & tops - (tops >> _BITS - 1)

    def sooner(self, one: int, other: int) -> int:
        """The earlier of two moments."""
        return one + other - self.later(one, other)

    def less(self, one: int, other: int) -> int:
        """The difference, 0 where it would be below."""
        return self.later(one, other) - other

    def looked_up(self, table: list[int], places: int) -> int:
        return self.packed(array("I", map(table.__getitem__, self.unpacked(places))))


class _Clock:
    """A calendar for all runs."""

    def __init__(self, calendar: WorkingTime, lanes: _Lanes) -> None:
        self.lanes = lanes
        before = calendar.before
        self.at_period = [
            done * PARTS + (PARTS - 1) * (then - done)
            for done, then in zip(before, [*before[1:], before[-1]], strict=True)
        ]
        """Of each period: the working time before it, and all bits of a part where it is worked."""
        self.closings = [0, *((period + 1) * PARTS for period in calendar.periods), _FAR]
        """When so many working periods are over."""
        self.last_period = lanes.every(len(self.at_period) - 1)
        self.last_closing = lanes.every(len(self.closings) - 1)

    def worked(self, moment: int) -> int:
        """How much working time lies before a moment."""
        lanes = self.lanes
        if not moment:
            return 0
        found = lanes.looked_up(self.at_period, lanes.sooner(moment >> _SHIFT & lanes.low, self.last_period))
        part = found & lanes.parts
        return found - part + (part & moment)

    def moment(self, worked: int) -> int:
        """The first moment with so much working time before it; far where the axis ends sooner."""
        lanes = self.lanes
        periods = worked + lanes.parts >> _SHIFT & lanes.low
        open_still = (periods << _SHIFT) - worked
        return lanes.looked_up(self.closings, lanes.sooner(periods, self.last_closing)) - open_still

    def worked_to_end_by(self, end: int) -> int:
        """The least working time with which `end` is reached."""
        worked = self.worked(end)
        return worked + self.lanes.ones - self.lanes.at_least(self.moment(worked), end)


class FixedOrder:
    """A network with the schedule whose hand-overs and modes its runs follow; prepared once for all runs.

    What a simulation asks for holds here too: constant capacities, fixed starts as releases. But what a link holds
    back by its end, or with a negative lag, may begin before the other one.
    """

    def __init__(self, network: ActivityNetwork, schedule: Schedule) -> None:
        self.network = network
        self.modes = [one.modes[mode] for one, mode in zip(network.activities, schedule.modes, strict=True)]
        self.order = SerialScheme(network).feasible_order(
            sorted(range(len(self.modes)), key=schedule.starts.__getitem__)
        )
        self.order = [one for one in self.order if schedule.starts[one] >= 0]
        place = {one: at for at, one in enumerate(self.order)}
        self.incoming: list[list[Link]] = [[] for _ in self.modes]
        # A link with a negative lag can turn the order of a hand-over round; then the link counts.
        links = dict.fromkeys([*network.links, *hand_overs(network, schedule)])
        for link in links:
            if link.before in place and link.after in place and place[link.before] < place[link.after]:
                self.incoming[link.after].append(link)
        self.last_use = {link.before: one for one in self.order for link in self.incoming[one]}
        self.starts_used = {link.before for link in links if link.kind[0] == "S"}

    def ends(
        self,
        work: Sequence[array[int]],
        watched: Sequence[int],
        stop: Callable[[], bool] | None = None,
    ) -> list[list[int]]:
        """For each watched activity its end in each run, in parts of a period; no runs where `stop` ends it."""
        lanes = _Lanes(len(work[0]) if work else 0)
        runs = _Runs(self.network, lanes, self.starts_used)
        gone: list[list[int]] = [[] for _ in self.modes]
        for one, user in self.last_use.items():
            if one not in watched:
                gone[user].append(one)
        for one in self.order:
            if stop and stop():
                return [[] for _ in watched]
            runs.add(one, self.modes[one], self.incoming[one], work[one])
            for other in gone[one]:
                del runs.times[other]
        never = [NEVER] * lanes.runs
        return [
            [end if end < _FAR - PARTS else NEVER for end in lanes.unpacked(runs.times[one][1])]
            if one in runs.times
            else never[:]
            for one in watched
        ]


class _Runs:
    """The times in all runs, of as many activities as are still needed."""

    def __init__(self, network: ActivityNetwork, lanes: _Lanes, starts_used: set[int]) -> None:
        self.starts_used = starts_used
        self.activities = network.activities
        self.lanes = lanes
        self.clocks = [_Clock(calendar, lanes) for calendar in network.calendars]
        self.lags = None if network.lag_calendar is None else _Clock(network.lag_calendar, lanes)
        self.times: dict[int, tuple[int, int]] = {}
        """Start and end of each activity; the start is worked out only where a link asks for it."""

    def add(self, one: int, mode: Mode, links: Sequence[Link], drawn: array[int]) -> None:
        lanes = self.lanes
        start, end_by = self._bounds(one, links)
        work = lanes.packed(drawn) if mode.work else 0
        if mode.calendar is None or not mode.work:
            start = lanes.later(start, lanes.less(end_by, work)) if end_by else start
            self.times[one] = start, start + work
            return
        clock = self.clocks[mode.calendar]
        worked = clock.worked(start)
        if end_by:
            worked = lanes.later(worked, lanes.less(clock.worked_to_end_by(end_by), work))
        if one in self.starts_used and self.activities[one].fixed is None:
            start = clock.moment(worked + lanes.ones) - lanes.ones
        self.times[one] = start, clock.moment(worked + work)

    def _bounds(self, one: int, links: Sequence[Link]) -> tuple[int, int]:
        """The first moments at which an activity can start, and can end."""
        lanes = self.lanes
        activity = self.activities[one]
        release = activity.release if activity.fixed is None else activity.fixed
        start, end_by = lanes.every(release * PARTS) if release else 0, 0
        for before, _, kind, lag in links:
            moment = self.times[before][0 if kind[0] == "S" else 1]
            if lag:
                moment = self._later(moment, lag)
            if kind[1] == "S":
                start = lanes.later(start, moment)
            else:
                end_by = lanes.later(end_by, moment)
        return start, end_by

    def _later(self, moment: int, lag: int) -> int:
        lanes = self.lanes
        worked = self.lags.worked(moment) if self.lags else moment
        change = lanes.every(abs(lag) * PARTS)
        worked = worked + change if lag > 0 else lanes.less(worked, change)
        return self.lags.moment(worked) if self.lags else worked

"""Runs of a levelled network with drawn durations, for Monte Carlo.

In each run the parallel scheme starts whatever is ready and whose people are free, in the plan's order. That is a
policy that knows nothing of the future (Stork, TU Berlin 2001): to schedule each run by itself with its durations known
would be 2.5 to 7 % too optimistic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from heapq import heapify, heappop, heappush

from .activity_network import ActivityNetwork, Link, Schedule
from .clock import NEVER, PART, PARTS, SHIFT, Clock
from .working_time import WorkingTime


class Simulation:
    """A network with the schedule whose order and modes its runs follow; prepared once for all runs.

    Capacities must be constant. A fixed start is a release here, since a need that comes late moves it. What has no
    place in the schedule is left out. What a link holds back by its end, or with a negative lag, begins when the
    other one has begun: only then is it known when that ends.
    """

    def __init__(
        self,
        network: ActivityNetwork,
        schedule: Schedule,
        clock: Callable[[WorkingTime], Clock] = Clock,
    ) -> None:
        """`clock` gives a calendar in parts of a period, and may keep it."""
        if any(not isinstance(capacity, int) for capacity in network.capacities):
            raise ValueError(
                "capacities of a simulation are constant; let calendars say when people are there"
            )
        self.order = schedule.order()
        self.place = {one: at for at, one in enumerate(self.order)}
        """Of each activity: its place in the plan's order, by which it is known in the runs."""
        self.capacities = [capacity for capacity in network.capacities if isinstance(capacity, int)]
        self.lags = Clock(network.lag_calendar) if network.lag_calendar else None
        self._add_queues(network, schedule, [clock(calendar) for calendar in network.calendars])
        self._add_links(network)
        activities = [network.activities[one] for one in self.order]
        self.releases = [PARTS * (one.release if one.fixed is None else one.fixed) for one in activities]

    def _add_queues(self, network: ActivityNetwork, schedule: Schedule, clocks: Sequence[Clock]) -> None:
        """Those who need the same resources on the same calendar wait in one queue."""
        self.demands: list[tuple[tuple[int, int], ...]] = []
        """Of each queue: the resources that those who wait in it need."""
        self.clocks: list[Clock | None] = []
        self.queue_of: list[int] = []
        self.holders: list[list[int]] = [[] for _ in self.capacities]
        """Of each resource: the queues that wait for it."""
        known: dict[object, int] = {}
        for one in self.order:
            mode = network.activities[one].modes[schedule.modes[one]]
            demands = mode.demands if mode.work else ()
            calendar = mode.calendar if mode.work else None
            queue = known.setdefault((demands, calendar), len(known))
            if queue == len(self.demands):
                self.demands.append(demands)
                self.clocks.append(None if calendar is None else clocks[calendar])
                for resource, _ in demands:
                    self.holders[resource].append(queue)
            self.queue_of.append(queue)
        self.is_exclusive = [
            any(2 * units > self.capacities[resource] for resource, units in demands)
            for demands in self.demands
        ]
        """Of each queue: whether only one of those who wait in it can be at work at a time."""

    def _add_links(self, network: ActivityNetwork) -> None:
        self.on_end: list[list[int]] = [[] for _ in self.order]
        self.on_start: list[list[Link]] = [[] for _ in self.order]
        """Links whose moment is known as soon as the first activity starts, since its end is known then."""
        self.waits = [0] * len(self.order)
        for link in network.links:
            if link.before in self.place and link.after in self.place:
                before, after = self.place[link.before], self.place[link.after]
                self.waits[after] += 1
                if link.kind == "FS" and not link.lag:
                    self.on_end[before].append(after)
                else:
                    self.on_start[before].append(link._replace(before=before, after=after))

    def ends(
        self,
        work: Sequence[Sequence[int]],
        watched: Sequence[int],
        stop: Callable[[], bool] | None = None,
    ) -> list[list[int]]:
        """For each watched activity its end in each run, in parts of a period; fewer runs where `stop` ends them.

        `work[i]` has the work of activity i in each run. What does not end before its calendar does never ends, nor
        what waits for it.
        """
        places = [self.place.get(one) for one in watched]
        found: list[list[int]] = [[] for _ in watched]
        for ends, _ in self.runs(work, stop):
            for one, place in zip(found, places, strict=True):
                one.append(NEVER if place is None else ends[place])
        return found

    def runs(
        self, work: Sequence[Sequence[int]], stop: Callable[[], bool] | None = None
    ) -> Iterator[tuple[list[int], list[int]]]:
        """For each run the ends by place in the order, and for each place what its start waited for.

        That is the place of the activity whose start or end allowed it to start, or which held its resources before;
        -1 where it was its release or its calendar.
        """
        rows = [work[one] for one in self.order]
        for drawn in zip(*rows, strict=True) if rows else ((),) * max(map(len, work), default=0):
            if stop and stop():
                break
            if self.is_plain:
                yield _plain_run(self, drawn)
            else:
                run = _Run(self, drawn)
                yield run.run(), run.causes

    @cached_property
    def is_plain(self) -> bool:
        """Whether each activity needs one person at most, wholly, on one calendar, and waits for ends alone."""
        return not any(self.on_start) and all(
            (
                len(demands) == 1
                and is_exclusive
                and len(self.holders[demands[0][0]]) == 1
                and clock is not None
            )
            or (not demands and clock is None)
            for demands, is_exclusive, clock in zip(self.demands, self.is_exclusive, self.clocks, strict=True)
        )

    @cached_property
    def first_waiting(self) -> list[list[int]]:
        """Of each queue: who waits in it when a plain run begins, the first in the plan's order first."""
        waiting: list[list[int]] = [[] for _ in self.clocks]
        for one, waits in enumerate(self.waits):
            if not waits and self.releases[one] <= self.begin:
                waiting[self.queue_of[one]].append(one)
        return waiting

    @cached_property
    def first_events(self) -> list[int]:
        """The first events of a plain run, in order: activity i is ready as count + i, queue q opens as 2 count + q.

        What waits when the run begins is no event: of thousands of cards most do.
        """
        count, shift = len(self.order), self.shift
        ready = [
            (self.releases[one] << shift) + count + one
            for one in range(count)
            if not self.waits[one] and self.releases[one] > self.begin
        ]
        opened = [
            (self.begin << shift) + 2 * count + queue
            for queue, waiting in enumerate(self.first_waiting)
            if waiting
        ]
        return sorted(ready + opened)

    @cached_property
    def begin(self) -> int:
        """The first moment at which anything can start."""
        return min(self.releases, default=0)

    @cached_property
    def tables(self) -> list[tuple[list[int], list[int], list[int]] | None]:
        """Of each queue: when its calendar opens, the work before each period, the periods; None where it always is."""
        return [None if one is None else (one.opens, one.before, one.periods) for one in self.clocks]

    @cached_property
    def shift(self) -> int:
        """By how many bits the moment of an event is shifted, to leave room for what happens."""
        return (2 * len(self.order) + len(self.demands)).bit_length()


def _plain_run(  # noqa: C901, PLR0915 - it is run millions of times, and every call in it would be felt
    plan: Simulation, work: Sequence[int]
) -> tuple[list[int], list[int]]:
    """The same as `_Run` for a plain network: nobody shares a person, so that each queue goes on by itself."""
    count, shift = len(work), plan.shift
    mask, opening_code = (1 << shift) - 1, 2 * len(work)
    queue_of, on_end, releases, tables = plan.queue_of, plan.on_end, plan.releases, plan.tables
    events, waits = plan.first_events[:], plan.waits[:]
    ends, causes, arrived = [NEVER] * count, [-1] * count, [plan.begin] * count
    waiting = [one[:] for one in plan.first_waiting]
    busy, last = [False] * len(tables), [-1] * len(tables)
    touched: list[int] = []
    while events:
        event = heappop(events)
        now, code = event >> shift, event & mask
        if code < count:
            ends[code] = now
            queue = queue_of[code]
            busy[queue] = False
            last[queue] = code
            if waiting[queue]:
                touched.append(queue)
            for after in on_end[code]:
                left = waits[after] = waits[after] - 1
                if not left:
                    if releases[after] <= now:
                        causes[after], arrived[after] = code, now
                        queue = queue_of[after]
                        heappush(waiting[queue], after)
                        touched.append(queue)
                    else:
                        heappush(events, (releases[after] << shift) + count + after)
        elif code < opening_code:
            one = code - count
            arrived[one] = now
            queue = queue_of[one]
            heappush(waiting[queue], one)
            touched.append(queue)
        else:
            touched.append(code - opening_code)
        if not touched or (events and events[0] >> shift == now):
            continue
        period = now >> SHIFT
        for queue in touched:
            wait = waiting[queue]
            if busy[queue] or not wait:
                continue
            table = tables[queue]
            if table is None:
                for one in wait:
                    heappush(events, (now + work[one] << shift) + one)
                wait.clear()
                continue
            opens, before, periods = table
            opening = opens[period] if period < len(opens) else NEVER
            if opening > now:
                if opening < NEVER:
                    heappush(events, (opening << shift) + opening_code + queue)
                continue
            one = heappop(wait)
            busy[queue] = True
            since, holder = arrived[one], last[queue]
            if since < now and holder >= 0 and ends[holder] > since:
                causes[one] = holder
            took = work[one]
            if took:
                done = before[period] + (now & PART) + took - 1
                at = done >> SHIFT
                if at < len(periods):
                    heappush(events, (periods[at] + (done & PART) + 1 << shift) + one)
            else:
                heappush(events, (now << shift) + one)
        touched.clear()
    return ends, causes


class _Run:
    """One run: what is free, who waits, and what happens next."""

    def __init__(self, plan: Simulation, work: Sequence[int]) -> None:
        count = len(work)
        self.plan = plan
        self.work = work
        self.free = plan.capacities[:]
        self.waits = plan.waits[:]
        self.ready = plan.releases[:]
        self.end_by = [0] * count
        """Before this moment an activity must not end."""
        self.causes = [-1] * count
        """What each activity waited for last; until it starts, by its links alone."""
        self.arrived = [0] * count
        """When an activity had nothing to wait for but its resources."""
        self.holders = [-1] * len(plan.capacities)
        """Of each resource: the activity that gave some of it back last."""
        self.ends = [NEVER] * count
        self.waiting: list[list[int]] = [[] for _ in plan.demands]
        # An event is one number, so that they sort fast: its moment, and then what happens. Activity i ends as i and
        # becomes ready as count + i; queue q opens as 2 count + q.
        self.shift = plan.shift
        self.events = [
            (self.ready[one] << self.shift) + count + one for one in range(count) if not self.waits[one]
        ]
        heapify(self.events)

    def run(self) -> list[int]:
        """The ends of the activities."""
        plan, events, waits, waiting, free = self.plan, self.events, self.waits, self.waiting, self.free
        on_end, queue_of, demands, holders = plan.on_end, plan.queue_of, plan.demands, plan.holders
        ready, end_by = self.ready, self.end_by
        count, shift = len(self.work), self.shift
        mask = (1 << shift) - 1
        ends, causes, arrived, last = self.ends, self.causes, self.arrived, self.holders
        while events:
            now = events[0] >> shift
            later = now + 1 << shift
            touched: list[int] = []
            while events and events[0] < later:
                code = heappop(events) & mask
                if code < count:
                    ends[code] = now
                    for resource, units in demands[queue_of[code]]:
                        free[resource] += units
                        last[resource] = code
                        touched += holders[resource]
                    for after in on_end[code]:
                        waits[after] -= 1
                        if not waits[after]:
                            if ready[after] <= now and not end_by[after]:
                                causes[after], arrived[after] = code, now
                                queue = queue_of[after]
                                heappush(waiting[queue], after)
                                touched.append(queue)
                            else:
                                self._arrive(after, now)
                elif code < 2 * count:
                    arrived[code - count] = now
                    queue = queue_of[code - count]
                    heappush(waiting[queue], code - count)
                    touched.append(queue)
                else:
                    touched.append(code - 2 * count)
            if len(touched) > 1:
                touched = [queue for queue in touched if waiting[queue]]
            elif touched and not waiting[touched[0]]:
                continue
            while touched:
                touched = self._start(touched, now)
        return ends

    def _start(self, touched: list[int], now: int) -> list[int]:
        """Start the first in the plan's order of those that wait in these queues, if it can; the queues that are left.

        A queue whose first cannot start now is left out: all who wait in it need the same.
        """
        waiting, free, plan = self.waiting, self.free, self.plan
        queue = touched[0]
        if len(touched) > 1:
            first = waiting[queue][0]
            for other in touched:
                if waiting[other][0] < first:
                    queue, first = other, waiting[other][0]
        demands = plan.demands[queue]
        for resource, units in demands:
            if free[resource] < units:
                break
        else:
            clock = plan.clocks[queue]
            if clock is None or clock.opens[min(now >> SHIFT, clock.last)] <= now:
                for resource, units in demands:
                    free[resource] -= units
                one = heappop(waiting[queue])
                if self.arrived[one] < now:
                    self._held_by(one, demands)
                self._begin(one, now, clock)
                if waiting[queue] and not plan.is_exclusive[queue]:
                    return touched
            elif (opening := clock.opening(now)) < NEVER:
                heappush(self.events, (opening << self.shift) + 2 * len(self.work) + queue)
        return [one for one in touched if one != queue] if len(touched) > 1 else []

    def _held_by(self, one: int, demands: tuple[tuple[int, int], ...]) -> None:
        """Note who held the resources that an activity had to wait for."""
        since = self.arrived[one]
        for resource, _ in demands:
            holder = self.holders[resource]
            if holder >= 0 and self.ends[holder] > since:
                self.causes[one], since = holder, self.ends[holder]

    def _begin(self, one: int, now: int, clock: Clock | None) -> None:
        end = clock.end(now, self.work[one]) if clock else now + self.work[one]
        if end < NEVER:
            heappush(self.events, (end << self.shift) + one)
        for _, after, kind, lag in self.plan.on_start[one]:
            moment = now if kind[0] == "S" else end
            if lag and moment < NEVER:
                moment = self._later(moment, lag * PARTS)
            bounds = self.end_by if kind[1] == "F" else self.ready
            if moment > bounds[after]:
                bounds[after] = moment
                self.causes[after] = one
            self.waits[after] -= 1
            if not self.waits[after]:
                self._arrive(after, now)

    def _later(self, moment: int, lag: int) -> int:
        lags = self.plan.lags
        return lags.moment(lags.worked(moment) + lag) if lags else max(0, moment + lag)

    def _arrive(self, one: int, now: int) -> None:
        """Let an activity wait for its people from the moment at which its links allow it to start."""
        moment = max(now, self.ready[one])
        end_by = self.end_by[one]
        if moment < end_by < NEVER:
            clock = self.plan.clocks[self.plan.queue_of[one]]
            work = self.work[one]
            moment = max(moment, clock.start_to_end_by(end_by, work) if clock else end_by - work)
        if max(moment, end_by) < NEVER:
            heappush(self.events, (moment << self.shift) + len(self.work) + one)

"""A project without calendars or lags, packed for speed: what is free of all resources in a period is one whole number.

Each resource has a field of bits with a guard bit on top. A request fits where subtracting it borrows from no guard
bit, so one subtraction tests all resources (the packed profile of the serial and the parallel scheme). Activities are
numbered so that each comes after those it waits for.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import accumulate


class PackedProject:
    """Durations, links and requests by topological number; `original` has the numbers the caller uses."""

    def __init__(
        self,
        durations: Sequence[int],
        successors: Sequence[Sequence[int]],
        demands: Sequence[Sequence[int]],
        capacities: Sequence[int] | Sequence[Sequence[int]],
        original: Sequence[int],
    ) -> None:
        number = {one: at for at, one in enumerate(original)}
        self.original = list(original)
        self.count = len(self.original)
        self.durations = [durations[one] for one in original]
        self.after = [sorted({number[other] for other in successors[one]}) for one in original]
        self.before: list[list[int]] = [[] for _ in original]
        for one, others in enumerate(self.after):
            for other in others:
                self.before[other].append(one)
        self.heads = [0] * self.count
        self.early_ends = [0] * self.count
        for one, needs in enumerate(self.before):
            self.heads[one] = max([self.early_ends[other] for other in needs], default=0)
            self.early_ends[one] = self.heads[one] + self.durations[one]
        self.tails = self._tails()
        self.stuck = 0
        """The activity for which the last serial pass that failed found no place."""
        self._pack([demands[one] for one in original], capacities)
        self.lower_bound = max(self.critical_path, self._work_bound(demands, capacities))

    @property
    def critical_path(self) -> int:
        """The length of the longest chain of links."""
        return max(map(sum, zip(self.heads, self.tails, strict=True)), default=0)

    def _tails(self) -> list[int]:
        tails = [0] * self.count
        for one in range(self.count - 1, -1, -1):
            tails[one] = self.durations[one] + max([tails[other] for other in self.after[one]], default=0)
        return tails

    def _pack(
        self, demands: list[Sequence[int]], capacities: Sequence[int] | Sequence[Sequence[int]]
    ) -> None:
        listed = [one for one in capacities if not isinstance(one, int)]
        longest = max(map(len, listed), default=0)
        self.horizon = longest + sum(self.durations) + 1
        shift = self.guards = 0
        self.requests = [0] * self.count
        self.is_constant = not listed
        """Whether every period has the same capacities."""
        spans = 1 if self.is_constant else self.horizon
        self.free = [0] * spans
        for resource, capacity in enumerate(capacities):
            units = [demand[resource] if self.durations[one] else 0 for one, demand in enumerate(demands)]
            most = capacity if isinstance(capacity, int) else max(capacity, default=0)
            guard = 1 << max(most, max(units, default=0), 0).bit_length()
            self.guards |= guard << shift
            for one, amount in enumerate(units):
                self.requests[one] |= amount << shift
            for period in range(spans):
                self.free[period] |= (guard | max(0, units_at(capacity, period))) << shift
            shift += guard.bit_length()
        if self.is_constant:
            self.free *= self.horizon

    def _work_bound(
        self, demands: Sequence[Sequence[int]], capacities: Sequence[int] | Sequence[Sequence[int]]
    ) -> int:
        """The first moment by which each resource alone can have done its work."""
        bound = 0
        for resource, capacity in enumerate(capacities):
            work = sum(self.durations[at] * demands[one][resource] for at, one in enumerate(self.original))
            if isinstance(capacity, int):
                bound = max(bound, -(-work // capacity) if capacity else 0)
            else:
                done = accumulate(capacity, initial=0)
                bound = max(bound, next((moment for moment, sofar in enumerate(done) if sofar >= work), 0))
        return bound

    def misfit(self) -> int | None:
        """The first activity that has no place even alone, by its topological number."""
        for one, request in enumerate(self.requests):
            run = 0
            for free in self.free[self.heads[one] :] if request else ():
                run = run + 1 if (free - request) & self.guards == self.guards else 0
                if run == self.durations[one]:
                    break
            else:
                if request:
                    return one
        return None

    def serial(self, order: Sequence[int]) -> list[int] | None:
        """Ends of the activities, each placed in turn as early as possible; None where one finds no place."""
        return self._place(order, self.before, self.free[:])

    def backward(self, order: Sequence[int], makespan: int) -> list[int]:
        """The same from the right: how long before `makespan` each activity starts.

        The order is that of a schedule's ends, the last one first; then each finds a place no earlier than it had.
        """
        tails = self._place(order, self.after, self.free[makespan - 1 :: -1] if makespan else [])
        assert tails is not None
        return tails

    def _place(self, order: Sequence[int], needs: list[list[int]], free: list[int]) -> list[int] | None:
        durations, requests, guards = self.durations, self.requests, self.guards
        ends = [0] * self.count
        one = 0
        try:
            for one in order:
                start = 0
                for other in needs[one]:
                    if ends[other] > start:
                        start = ends[other]
                request = requests[one]
                if request:
                    duration = durations[one]
                    period = start + duration - 1
                    # From the last period back, so that a misfit moves the start behind itself.
                    while period >= start:
                        if (free[period] - request) & guards == guards:
                            period -= 1
                        else:
                            start = period + 1
                            period += duration
                    end = start + duration
                    while start < end:
                        free[start] -= request
                        start += 1
                else:
                    start += durations[one]
                ends[one] = start
        except IndexError:  # the search for a place ran past the last period
            self.stuck = one
            return None
        return ends

    def parallel(self, keys: Sequence[float]) -> list[int] | None:
        """Ends of the activities by the parallel scheme: at each moment start whatever fits, the smallest key first.

        Capacities must be constant.
        """
        durations, requests, guards = self.durations, self.requests, self.guards
        waits = [len(needs) for needs in self.before]
        ends = [0] * self.count
        free, now = self.free[0], 0
        running: list[tuple[int, int]] = []
        ready = sorted((keys[one], one) for one in range(self.count) if not waits[one])
        while ready or running:
            held: list[tuple[float, int]] = []
            freed: list[tuple[float, int]] = []
            for item in ready:
                one = item[1]
                if not durations[one]:
                    ends[one] = now
                    self._release(one, waits, keys, freed)
                elif (free - requests[one]) & guards == guards:
                    free -= requests[one]
                    ends[one] = now + durations[one]
                    heappush(running, (ends[one], one))
                else:
                    held.append(item)
            if not freed:
                if not running:
                    return None if held else ends
                now = running[0][0]
                while running and running[0][0] == now:
                    one = heappop(running)[1]
                    free += requests[one]
                    self._release(one, waits, keys, freed)
            ready = sorted(held + freed) if freed else held
        return ends

    def _release(
        self, one: int, waits: list[int], keys: Sequence[float], freed: list[tuple[float, int]]
    ) -> None:
        for other in self.after[one]:
            waits[other] -= 1
            if not waits[other]:
                freed.append((keys[other], other))


def units_at(capacity: int | Sequence[int], period: int) -> int:
    """What there is of a resource in a period: nothing after the end of a list."""
    if isinstance(capacity, int):
        return capacity
    return capacity[period] if period < len(capacity) else 0

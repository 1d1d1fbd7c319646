"""The serial scheme for a network with modes, calendars, lags and fixed starts: activities one after the other, each
as early as its links and resources allow."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from heapq import heapify, heappop, heappush

from .activity_network import Schedule
from .prepared_network import PreparedNetwork
from .serial_pass import SerialPass


class SerialScheme(PreparedNetwork):
    """Passes over one network."""

    def feasible_order(self, priority: Iterable[int]) -> list[int]:
        """The activities by priority, except that each comes after those it waits for; loops are left out.

        `priority` names every activity once, but for those of loops, the most important first.
        """
        rank = {activity: at for at, activity in enumerate(priority)}
        links = self.network.links
        if len(rank) == len(self.incoming) and all(rank[link[0]] < rank[link[1]] for link in links):
            return list(rank)  # as it is for most due dates, and far cheaper to see than to sort
        waits = [len(links) for links in self.incoming]
        ready = [rank[one] for one in rank if not waits[one]]
        heapify(ready)
        by_rank = list(rank)
        order: list[int] = []
        while ready:
            one = by_rank[heappop(ready)]
            order.append(one)
            for link in self.outgoing[one]:
                waits[link.after] -= 1
                if not waits[link.after]:
                    heappush(ready, rank[link.after])
        return order

    def schedule(
        self, priority: Iterable[int], modes: Sequence[int] | None = None, without: Collection[int] = ()
    ) -> Schedule:
        """Place the activities in this order, those that must come earlier first; fixed ones before all others.

        Each takes the mode in which it ends first, or the one that `modes` gives. The activities in `without` have
        no work: what waits for them does not wait any longer than for what they wait for themselves.
        """
        return SerialPass(self, modes, frozenset(without)).run(self.feasible_order(priority))

    def in_order(self, order: list[int]) -> Schedule:
        """The same as `schedule` where each activity of the order comes after those it waits for already."""
        return SerialPass(self, None, frozenset()).run(order)

    def right_justified(self, schedule: Schedule, latest: int | Sequence[int] | None = None) -> Schedule:
        """Each activity as late as links and resources allow, none ending after `latest`: one moment, or one for each.

        The last are moved first, modes and fixed starts stay as they are. Nothing moves to the left, so that the
        distance to the starts before is the slack under the same resources. Without `latest`, the makespan.
        """
        bound = schedule.makespan if latest is None else latest
        bounds = [bound] * len(schedule.starts) if isinstance(bound, int) else bound
        moving = SerialPass.resume(self, schedule)
        plain, after = self.plain, self.plain_after
        for one in reversed(self._by_time(schedule.ends, schedule)):
            usual, waiting = plain[one], after[one]
            if usual is not None and waiting is not None:
                moving.move_plain_right(one, usual, waiting, bounds[one])
            else:
                moving.move_right(one, bounds[one])
        return moving.result(schedule.unplaced)

    def left_justified(self, schedule: Schedule) -> Schedule:
        """Each activity as early as links and resources allow, the first moved first; nothing moves to the right."""
        moving = SerialPass.resume(self, schedule)
        for one in self._by_time(schedule.starts, schedule):
            moving.move_left(one)
        return moving.result(schedule.unplaced)

    def _by_time(self, times: Sequence[int], schedule: Schedule) -> list[int]:
        order = self.feasible_order(sorted(range(len(times)), key=times.__getitem__))
        return [one for one in order if schedule.starts[one] >= 0]

"""Resource levelling: start times that keep links and resources, ending as early as a given effort allows.

`level` is the plain problem of the literature; `level_network` has calendars, modes, lags and fixed starts as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from random import Random

from .activity_network import ActivityNetwork, Schedule
from .genetic_search import Candidate, GeneticSearch
from .packed_project import PackedProject
from .serial_scheme import SerialScheme

NOISE = 0.2
"""By how much of itself a priority may be off in the schedules with which a search begins."""


@dataclass(frozen=True)
class Levelled:
    """The best schedule found, and what is known of better ones."""

    starts: tuple[int, ...]
    """A moment for each activity; empty where there is no schedule."""
    makespan: int
    lower_bound: int
    """No schedule ends earlier."""
    schedules: int
    """How many were tried."""
    misfit: tuple[int, ...] = ()
    """Why there is no schedule: the activities of a loop, or the one that finds no place."""

    @property
    def optimal(self) -> bool:
        """Whether no schedule ends earlier, for certain."""
        return not self.misfit and self.makespan == self.lower_bound


def level(  # noqa: PLR0913 - the problem has four parts
    durations: Sequence[int],
    successors: Sequence[Sequence[int]],
    demands: Sequence[Sequence[int]],
    capacities: Sequence[int] | Sequence[Sequence[int]],
    *,
    schedules: int = 1000,
    seed: int = 0,
    stop: Callable[[], bool] | None = None,
) -> Levelled:
    """The earliest end of a project that this effort finds.

    `successors[i]` cannot start before i ends; `demands[i][k]` is what i takes of resource k all through; a capacity
    is constant, or has a figure for each period and ends with the last. Effort is counted in schedules: the same
    input gives the same result on every machine. A search that `stop` ends returns the best so far.
    """
    order = _topological(successors)
    if len(order) < len(durations):
        return Levelled((), 0, 0, 0, tuple(sorted(set(range(len(durations))) - set(order))))
    project = PackedProject(durations, successors, demands, capacities, order)
    misfit = project.misfit()
    if misfit is not None:
        return Levelled((), 0, project.lower_bound, 0, (order[misfit],))
    builder = _PackedBuilder(project)
    search = GeneticSearch(builder, max(1, schedules), seed, stop)
    search.run(builder.first(Random(f"{seed} first").random))  # noqa: S311
    if search.best is None:
        return Levelled((), 0, project.lower_bound, search.schedules, (order[project.stuck],))
    starts = [0] * len(order)
    for one, end in zip(range(project.count), search.best.times, strict=True):
        starts[order[one]] = end - project.durations[one]
    return Levelled(tuple(starts), search.best.cost, project.lower_bound, search.schedules)


class _PackedBuilder:
    """What the search asks of a packed project."""

    def __init__(self, project: PackedProject) -> None:
        self.project = project
        self.bound = project.lower_bound
        self.before = project.before
        self.after = project.after
        self._forward = range(project.count)
        self._backward = range(project.count - 1, -1, -1)

    def first(self, random: Callable[[], float]) -> Iterator[tuple[Candidate | None, int]]:
        """Schedules by priority rules, then by the best of them with noise; each with the passes it took."""
        project = self.project
        tails = project.tails
        latest_finish = [tail - duration for tail, duration in zip(tails, project.durations, strict=True)]
        for rule in (tails, latest_finish, _followers(project.after)):
            keys = [-float(one) for one in rule]
            yield self._parallel(keys), 1
            yield self._serial(keys), 1
        if project.is_constant:
            from_right = _by_priority([-float(head) for head in project.early_ends], self.after, self.before)
            yield self.build(self.build_from_right(from_right).order), 2
        while True:
            yield self._parallel([-tail * (1 + NOISE * (2 * random() - 1)) for tail in tails]), 1
            yield self._serial([-tail * 2 * random() for tail in tails]), 1

    def _parallel(self, keys: list[float]) -> Candidate | None:
        if not self.project.is_constant:
            return self._serial(keys)
        ends = self.project.parallel(keys)
        return None if ends is None else self._candidate(ends)

    def _serial(self, keys: list[float]) -> Candidate | None:
        return self.build(_by_priority(keys, self.project.before, self.project.after))

    def build(self, order: list[int]) -> Candidate | None:
        ends = self.project.serial(order)
        return None if ends is None else self._candidate(ends)

    def justify(self, candidate: Candidate) -> Candidate:
        by_end = candidate.from_right or self._by_end(candidate.times)
        tails = self.project.backward(by_end, candidate.cost)
        return self.build(self._by_start(tails)) or candidate

    def build_from_right(self, order: list[int]) -> Candidate:
        tails = self.project.backward(order, self.project.horizon)
        return Candidate(max(tails), tuple(tails), self._by_start(tails), order)

    def _candidate(self, ends: list[int]) -> Candidate:
        starts = [end - duration for end, duration in zip(ends, self.project.durations, strict=True)]
        order = sorted(self._forward, key=starts.__getitem__)
        from_right = self._by_end(ends) if self.project.is_constant else None
        return Candidate(max(ends, default=0), tuple(ends), order, from_right)

    def _by_end(self, ends: Sequence[int]) -> list[int]:
        return sorted(self._backward, key=ends.__getitem__, reverse=True)

    def _by_start(self, tails: Sequence[int]) -> list[int]:
        return sorted(self._forward, key=tails.__getitem__, reverse=True)


def _followers(after: Sequence[Sequence[int]]) -> list[int]:
    """How many activities wait for each, directly or not; numbered so that each comes before those that wait."""
    reached = [0] * len(after)
    for one in range(len(after) - 1, -1, -1):
        for other in after[one]:
            reached[one] |= reached[other] | 1 << other
    return [one.bit_count() for one in reached]


def _topological(successors: Sequence[Sequence[int]]) -> list[int]:
    """The activities so that each comes after those it waits for; those of loops and behind them are left out."""
    before: list[list[int]] = [[] for _ in successors]
    for one, others in enumerate(successors):
        for other in others:
            before[other].append(one)
    return _by_priority(range(len(successors)), before, successors)


def _by_priority(
    keys: Sequence[float], before: Sequence[Sequence[int]], after: Sequence[Sequence[int]]
) -> list[int]:
    """The activities by key, the smallest first, each after those it waits for."""
    waits = [len(needs) for needs in before]
    ready = [(key, one) for one, key in enumerate(keys) if not waits[one]]
    heapify(ready)
    order: list[int] = []
    while ready:
        one = heappop(ready)[1]
        order.append(one)
        for other in after[one]:
            waits[other] -= 1
            if not waits[other]:
                heappush(ready, (keys[other], other))
    return order


@dataclass(frozen=True)
class LevelledNetwork:
    """The best schedule found, and the rule pass from which the search began."""

    schedule: Schedule
    first: Schedule
    schedules: int
    """How many were tried."""


def level_network(
    network: ActivityNetwork | SerialScheme,
    priority: Iterable[int],
    *,
    schedules: int = 1000,
    seed: int = 0,
    stop: Callable[[], bool] | None = None,
    first: Schedule | None = None,
) -> LevelledNetwork:
    """A schedule that is better than the one pass by `priority`, or that pass itself where the effort finds none.

    Better means: a smaller sum of delays past `due`, or the same and an earlier last end. `first` is that pass where
    it has been made.
    """
    scheme = network if isinstance(network, SerialScheme) else SerialScheme(network)
    ranks = scheme.feasible_order(priority)
    if first is None:
        first = scheme.in_order(ranks)
    builder = _NetworkBuilder(scheme, ranks)
    if schedules < 2 or not ranks or builder.cost(first) <= builder.bound:
        return LevelledNetwork(first, first, 1)
    search = GeneticSearch(builder, schedules, seed, stop)
    search.run(builder.first(first, Random(f"{seed} first").random))  # noqa: S311
    best = search.best.schedule if search.best else first
    return LevelledNetwork(best, first, search.schedules)


class _NetworkBuilder:
    """What the search asks of a network."""

    def __init__(self, scheme: SerialScheme, ranks: list[int]) -> None:
        self.scheme = scheme
        self.ranks = ranks
        self.before = [[link.before for link in links] for links in scheme.incoming]
        self.after = [[link.after for link in links] for links in scheme.outgoing]
        self.due = sorted(scheme.network.due.items())
        self.unlimited = SerialScheme(_without_demands(scheme.network))
        self.free = self.unlimited.in_order(ranks)
        self.bound = self.cost(self.free)

    def cost(self, schedule: Schedule) -> int:
        ends = schedule.ends
        delay = sum(max(0, ends[one] - due) for one, due in self.due)
        return len(schedule.unplaced) << 64 | delay << 32 | schedule.makespan

    def first(
        self, rule_pass: Schedule, random: Callable[[], float]
    ) -> Iterator[tuple[Candidate | None, int]]:
        """The rule pass, then passes by the longest way to the end, then either with noise."""
        yield self._candidate(rule_pass), 1
        tails = self._tails()
        yield self.build(self.scheme.feasible_order(sorted(self.ranks, key=lambda one: -tails[one]))), 1
        count = len(self.ranks)
        longest = max(tails)
        own = {one: longest * (1 - at / count) for at, one in enumerate(self.ranks)}
        by_turns = 0
        while True:
            by_turns = 1 - by_turns
            keys = {
                one: -(tails[one] if by_turns else own[one]) * (1 + NOISE * (2 * random() - 1))
                for one in self.ranks
            }
            yield self.build(self.scheme.feasible_order(sorted(self.ranks, key=keys.__getitem__))), 1

    def _tails(self) -> list[int]:
        """How long it takes at least from the start of each activity to the end of all."""
        end = self.free.makespan
        latest = self.unlimited.right_justified(self.free)
        return [end - start if start >= 0 else 0 for start in latest.starts]

    def build(self, order: list[int]) -> Candidate | None:
        return self._candidate(self.scheme.in_order(order))

    def build_from_right(self, order: list[int]) -> Candidate:
        raise NotImplementedError  # people come and go: what fits at the end need not fit at the beginning

    def justify(self, candidate: Candidate) -> Candidate:
        schedule = candidate.schedule
        latest = [schedule.makespan] * len(schedule.ends)
        for one, due in self.due:
            latest[one] = max(schedule.ends[one], min(due, schedule.makespan))
        right = self.scheme.right_justified(schedule, latest)
        return self._candidate(self.scheme.left_justified(right))

    def _candidate(self, schedule: Schedule) -> Candidate:
        order = self.scheme.feasible_order(sorted(self.ranks, key=schedule.starts.__getitem__))
        return Candidate(self.cost(schedule), schedule.starts, order, None, schedule)


def _without_demands(network: ActivityNetwork) -> ActivityNetwork:
    """The network as if there were enough of every resource."""
    activities = [
        one._replace(modes=tuple(mode._replace(demands=()) for mode in one.modes))
        for one in network.activities
    ]
    return replace(network, activities=activities)

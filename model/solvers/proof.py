"""Proof that no schedule is better, or a better one: CP-SAT of ortools, where that is installed.

It starts from a schedule that was found without it, and works for a measure of its own instead of seconds, so that the
same input gives the same result on every machine.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from .activity_network import Activity, ActivityNetwork, Link, Mode, Schedule

if TYPE_CHECKING:
    from collections.abc import Iterator


USUAL_WORK = 20.0
"""What a search may take, in CP-SAT's deterministic time: seconds, more or less."""


class Proof(NamedTuple):
    """What a search from a schedule has found."""

    starts: tuple[int, ...]
    modes: tuple[int, ...]
    late: int
    """The sum of what activities end after they are due."""
    makespan: int
    is_proven: bool
    """Whether nothing is less late, and what is as late ends no earlier."""


def is_there() -> bool:
    """Whether ortools is installed."""
    from importlib.util import find_spec

    return find_spec("ortools") is not None


def lateness(network: ActivityNetwork, found: Schedule) -> int:
    """The sum of what activities end after they are due."""
    return sum(max(0, found.ends[one] - due) for one, due in network.due.items())


def prove(network: ActivityNetwork, found: Schedule, work: float = USUAL_WORK) -> Proof | None:
    """Looks for a better schedule than the one that was found; None where it cannot be asked, or finds none in time.

    Fixed activities stay where they are, and in their mode, whatever they overlap with. A network with a lag calendar,
    with capacities that change, or with an activity that has no place cannot be asked.
    """
    if found.unplaced or network.lag_calendar is not None or not network.activities:
        return None
    if any(not isinstance(one, int) for one in network.capacities):
        return None
    return _Model(network, found).solved(work)


def _latest_end(network: ActivityNetwork, found: Schedule) -> int:
    """A moment at which everything is over in any schedule without idle time: one after the other, each by whoever
    takes longest, after all releases, pins and lags."""
    top = min((one.horizon for one in network.calendars), default=1 << 30)
    moment = 0
    for number, one in enumerate(network.activities):
        moment = max(moment, one.release, found.ends[number] if one.fixed is not None else 0)
    moment += sum(max(0, link.lag) for link in network.links)
    for one in network.activities:
        ends = [
            moment + mode.work
            if mode.calendar is None
            else network.calendars[mode.calendar].end(moment, mode.work)
            for mode in one.modes
        ]
        if one.fixed is None:
            moment = max(top if end is None else end for end in ends)
    return min(moment, top)


class _Model:
    """The problem as CP-SAT has it."""

    def __init__(self, network: ActivityNetwork, found: Schedule) -> None:
        from ortools.sat.python import cp_model  # pyright: ignore[reportMissingImports, reportUnknownVariableType]

        self.cp: Any = cp_model
        self.network, self.found = network, found
        self.model: Any = cp_model.CpModel()  # pyright: ignore[reportUnknownMemberType]
        self.horizon = found.makespan
        if network.due:
            # Less late may mean a later end; without due dates nothing that ends later is wanted.
            self.horizon = max(found.makespan, _latest_end(network, found))
        self.starts: list[Any] = []
        self.ends: list[Any] = []
        self.chosen: list[list[Any]] = []
        """For each activity, whether it is done in each mode; one alone has no variable."""
        self.taken: dict[int, list[tuple[Any, int]]] = {}
        """Intervals with units, by resource."""
        for number, one in enumerate(network.activities):
            self._add(number, one)
        self._keep_links()
        self._keep_capacities()
        self._aim()

    def _add(self, number: int, one: Activity) -> None:
        if one.fixed is not None:
            self.starts.append(self.model.new_constant(self.found.starts[number]))
            self.ends.append(self.model.new_constant(self.found.ends[number]))
            self.chosen.append([])
            return
        start = self.model.new_int_var(min(one.release, self.horizon), self.horizon, f"s{number}")
        end = self.model.new_int_var(0, self.horizon, f"e{number}")
        self.starts.append(start)
        self.ends.append(end)
        chosen = [self.model.new_bool_var(f"m{number}.{at}") for at in range(len(one.modes))]
        self.model.add_exactly_one(chosen)
        for at, mode in enumerate(one.modes):
            self._add_mode(number, one, mode, chosen[at])
            self.model.add_hint(chosen[at], at == self.found.modes[number])
        self.chosen.append(chosen)
        self.model.add_hint(start, self.found.starts[number])
        self.model.add_hint(end, self.found.ends[number])

    def _add_mode(self, number: int, one: Activity, mode: Mode, is_chosen: Any) -> None:
        start, end = self.starts[number], self.ends[number]
        if mode.calendar is None or mode.work == 0:
            self.model.add(end == start + mode.work).only_enforce_if(is_chosen)
        else:
            calendar = self.network.calendars[mode.calendar]
            pairs = [
                (at, stop)
                for at in calendar.periods
                if one.release <= at < self.horizon
                and (stop := calendar.end(at, mode.work)) is not None
                and stop <= self.horizon
            ]
            self.model.add_allowed_assignments([start, end], pairs).only_enforce_if(is_chosen)
        if mode.work:
            size = self.model.new_int_var(0, self.horizon, "")
            interval = self.model.new_optional_interval_var(start, size, end, is_chosen, "")
            for resource, units in mode.demands:
                self.taken.setdefault(resource, []).append((interval, units))

    def _keep_links(self) -> None:
        for link in self.network.links:
            if self.network.activities[link.after].fixed is None:
                self.model.add(self._end_of(link) + link.lag <= self._begin_of(link))

    def _end_of(self, link: Link) -> Any:
        return (self.ends if link.kind[0] == "F" else self.starts)[link.before]

    def _begin_of(self, link: Link) -> Any:
        return (self.starts if link.kind[1] == "S" else self.ends)[link.after]

    def _keep_capacities(self) -> None:
        for resource, capacity in enumerate(self.network.capacities):
            assert isinstance(capacity, int)
            taken = [*self.taken.get(resource, ()), *self._taken_by_fixed(resource, capacity)]
            if taken:
                intervals, units = zip(*taken, strict=True)
                self.model.add_cumulative(intervals, units, capacity)

    def _taken_by_fixed(self, resource: int, capacity: int) -> Iterator[tuple[Any, int]]:
        """What fixed activities hold, no more than there is: they may overlap, and stay where they are anyway."""
        held = [
            (self.found.starts[number], self.found.ends[number], units)
            for number, one in enumerate(self.network.activities)
            if one.fixed is not None
            for name, units in one.modes[self.found.modes[number]].demands
            if name == resource
        ]
        borders = sorted({moment for start, end, _ in held for moment in (start, end)})
        for start, end in pairwise(borders):
            units = sum(units for first, last, units in held if first <= start and end <= last)
            if units:
                yield self.model.new_fixed_size_interval_var(start, end - start, ""), min(units, capacity)

    def _aim(self) -> None:
        """Less late first, then an earlier end."""
        self.late: list[Any] = []
        for number, due in self.network.due.items():
            late = self.model.new_int_var(0, self.horizon, f"l{number}")
            self.model.add(late >= self.ends[number] - due)
            self.late.append(late)
        self.last = self.model.new_int_var(0, self.horizon, "last")
        self.model.add_max_equality(self.last, self.ends)
        self.model.minimize(sum(self.late) * (self.horizon + 1) + self.last)

    @staticmethod
    def _is_open_pin(one: Activity) -> bool:
        """Whether another person could do a fixed activity: that is not tried, so that nothing is proven."""
        return one.fixed is not None and len(one.modes) > 1

    def solved(self, work: float) -> Proof | None:
        """What the solver has found after so much work."""
        solver: Any = self.cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_deterministic_time = work
        status = solver.solve(self.model)
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return None
        modes = tuple(
            next((at for at, one in enumerate(chosen) if solver.value(one)), self.found.modes[number])
            for number, chosen in enumerate(self.chosen)
        )
        return Proof(
            tuple(solver.value(one) for one in self.starts),
            modes,
            sum(max(0, solver.value(self.ends[one]) - due) for one, due in self.network.due.items()),
            solver.value(self.last),
            status == self.cp.OPTIMAL and not any(self._is_open_pin(one) for one in self.network.activities),
        )

"""One part with its dates: the pass by due dates and order on the board, replaced where a search gains something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

from ..capacity.presence import Presence
from ..solvers.activity_network import Activity, ActivityNetwork, Schedule
from ..solvers.critical_path import LinkedActivities
from ..solvers.levelling import level_network
from ..solvers.serial_scheme import SerialScheme
from .parts import Part, PartNetwork

USUAL_EFFORT = 1000
"""Schedules that are tried for a small part."""
USUAL_PLACED = 16_000
"""Cards that are placed for a larger one, so that a plan of many parts is done in seconds. What is tried for a part
depends on that part alone, or a card elsewhere could move its dates."""
_NEVER = 1 << 40
_KEPT = 2
"""Right-justified schedules of a part that are kept: usually its targets stay where they were when others move."""


def effort_for(cards: int) -> int:
    """Schedules that are tried for a part where no number is asked for."""
    return max(1, min(USUAL_EFFORT, USUAL_PLACED // max(cards, 1)))


@dataclass(frozen=True)
class LevelledPart:
    """A start, an end and a person for each task of a part."""

    source: PartNetwork
    scheme: SerialScheme
    order: tuple[int, ...]
    """The order in which the serial scheme gives these dates."""
    schedule: Schedule
    tried: int
    """How many schedules were looked at."""
    _moved: list[tuple[tuple[int, ...], Schedule]] = field(
        default_factory=list[tuple[tuple[int, ...], Schedule]], compare=False, repr=False
    )

    def person(self, activity: int) -> Presence | None:
        """Who does a task."""
        return self.source.people[activity][self.schedule.modes[activity]]

    @cached_property
    def movable(self) -> SerialScheme:
        """The same network where work in progress could start later: slack is measured in it."""
        network = self.source.network
        if not any(task.is_running for task in self.source.part.tasks):
            return self.scheme
        activities = [
            Activity(one.modes, one.release) if task.is_running else one
            for one, task in zip(network.activities, self.source.part.tasks, strict=True)
        ]
        return self.scheme.on(replace(network, activities=activities))

    def moved_right(self, bounds: tuple[int, ...]) -> Schedule:
        """Every task as late as links, people and a bound for each of them allow; the last few are kept."""
        for before, moved in self._moved:
            if before == bounds:
                return moved
        moved = self.movable.right_justified(self.schedule, bounds)
        self._moved[:] = [(bounds, moved), *self._moved[: _KEPT - 1]]
        return moved

    def without(self, activity: int) -> Schedule:
        """The dates if one task took no work, with the same order and the same people."""
        return self.scheme.schedule(self.order, self.schedule.modes, (activity,))


def priority(network: ActivityNetwork, links: LinkedActivities | None = None) -> list[int]:
    """The activities by the time at which they must be over for every due date to hold, then as they are listed.

    `links` are those of the network, where they are prepared.
    """
    if len(network.activities) == 1:
        return [0]
    works = [
        one.modes[0].work if len(one.modes) == 1 else min(mode.work for mode in one.modes)
        for one in network.activities
    ]
    linked = links.with_works(works) if links is not None else LinkedActivities(works, network.links)
    bounds = [network.due.get(one, _NEVER) for one in range(len(works))]
    order = linked.order()
    _, late_ends = linked.backward(order, [0] * len(works), bounds)
    # What no due date depends on has bounds that only say how long the way to the end is.
    far = _NEVER // 2
    return sorted(range(len(works)), key=lambda one: min(late_ends[one], far))


def first_pass(source: PartNetwork, like: SerialScheme | None = None) -> LevelledPart:
    """The dates of a part by due dates and order on the board; `like` as in SerialScheme."""
    scheme = SerialScheme(source.network, like)
    order = priority(source.network, source.part.linked)
    return LevelledPart(source, scheme, tuple(order), scheme.schedule(order), 1)


def is_searched(part: Part, effort: int | None) -> bool:
    """Whether better dates than those of the first pass are looked for."""
    asked = effort_for(len(part.tasks)) if effort is None else effort
    # One person's work takes as long in any order; due dates and the board say which.
    return asked > 1 and len(part.totals) > 1


def improved(first: LevelledPart, effort: int | None, stop: Callable[[], bool] | None = None) -> LevelledPart:
    """Better dates than those of a first pass, where so many schedules find some; as many as suit its size if None."""
    source, scheme = first.source, first.scheme
    asked = effort_for(len(source.network.activities)) if effort is None else effort
    if not is_searched(source.part, effort):
        return first
    found = level_network(
        scheme, first.order, schedules=asked, seed=source.part.seed, stop=stop, first=first.schedule
    )
    order, best, least = first.order, first.schedule, _cost(first.schedule, source.network)
    if _cost(found.schedule, source.network) < least:
        # Dates are those of a serial pass, so that every start is explained and drag has an order to keep.
        other_order = tuple(dict.fromkeys([*found.schedule.order(), *first.order]))
        again = scheme.schedule(other_order, found.schedule.modes)
        if _cost(again, source.network) < least:
            order, best = other_order, again
    return LevelledPart(source, scheme, order, best, found.schedules)


def _cost(schedule: Schedule, network: ActivityNetwork) -> tuple[int, int, int]:
    """What is better is smaller: cards without a place, days after due dates, the last end."""
    late = sum(max(0, schedule.ends[one] - due) for one, due in network.due.items())
    return len(schedule.unplaced), late, schedule.makespan

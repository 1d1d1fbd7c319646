"""Parts of a plan that have no link, person or skill in common, each as a network of activities for the solvers.

Each is levelled alone, so that an unrelated card moves nothing, and a change of one card leaves the others as they
are. A part is a value: two equal ones have the same dates.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from weakref import WeakValueDictionary

from ..capacity.calendar import Axis
from ..capacity.presence import Presence, presence, total_share, working_time
from ..plan.plan import Plan
from ..solvers.activity_network import Activity, ActivityNetwork, Link, Mode
from ..solvers.critical_path import LinkedActivities
from ..solvers.working_time import WorkingTime
from .links import links_of
from .tasks import Task

PER_MILLE = 1000
"""Units in which the time of a person is counted who works for several projects at once."""


@dataclass(frozen=True)
class Part:
    """Some tasks and whoever can do them."""

    tasks: tuple[Task, ...]
    """Those first that come first on the board."""
    people: tuple[tuple[Presence, ...], ...]
    """For each task, who can do it; empty where no person is asked for."""
    totals: tuple[tuple[str, Fraction], ...]
    """For each of these people, the share that all projects have of them."""
    today: dt.date

    @cached_property
    def _hash(self) -> int:
        # Few parts have the same cards; what else they are made of is looked at where two are compared.
        return hash((self.ids, self.totals, self.today))

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The cards."""
        return tuple(task.id for task in self.tasks)

    @cached_property
    def share_of(self) -> Mapping[str, Fraction]:
        """The share that all projects have of each person."""
        return dict(self.totals)

    @cached_property
    def links(self) -> list[Link]:
        """The needs between its cards, by their numbers, as far as no others imply them."""
        return links_of(self.tasks)

    @cached_property
    def linked(self) -> LinkedActivities:
        """The cards by these links, for passes with whatever works are given."""
        network = LinkedActivities([0] * len(self.tasks), self.links)
        network.order()
        return network

    def with_tasks(self, changed: Mapping[str, Task]) -> Part:
        """The part where some tasks have other figures, and all have the links and the people that they had."""
        if not any(name in changed for name in self.ids):
            return self
        made = replace(self, tasks=tuple([changed.get(task.id, task) for task in self.tasks]))
        for name in ("ids", "_hash", "links", "linked"):
            made.__dict__[name] = getattr(self, name)
        return made

    @property
    def seed(self) -> int:
        """A number that follows from the cards alone."""
        return zlib.crc32("\n".join(sorted(self.ids)).encode())


@dataclass(frozen=True)
class PartNetwork:
    """A part on an axis."""

    part: Part
    axis: Axis
    network: ActivityNetwork
    people: tuple[tuple[Presence | None, ...], ...]
    """For each activity, who does it in each of its modes."""
    at: Mapping[str, int] = field(compare=False)
    """The position of each card."""

    def calendar(self, activity: int, mode: int) -> WorkingTime | None:
        """The days of who does an activity in a mode; None for the board's."""
        number = self.network.activities[activity].modes[mode].calendar
        return None if number is None else self.network.calendars[number]


def staff(plan: Plan, tasks: Mapping[str, Task]) -> dict[str, tuple[Presence, ...]]:
    """Who can do each task: its owner, or whoever has the skill. People without any time for it are not among them."""
    skilled: dict[str, list[str]] = {}
    for person in plan.people.values():
        for skill in person.skills:
            skilled.setdefault(skill, []).append(person.id)
    known: dict[tuple[str, str], Presence] = {}
    found: dict[str, tuple[Presence, ...]] = {}
    for task in tasks.values():
        names = [task.owner] if task.owner else skilled.get(task.skill, ()) if task.skill else ()
        there: list[Presence] = []
        for name in names:
            key = name, task.project
            if key not in known:
                known[key] = presence(plan, *key)
            if known[key].share > 0:
                there.append(known[key])
        found[task.id] = tuple(there)
    return found


def parts_of(
    plan: Plan, tasks: Mapping[str, Task], staffed: Mapping[str, tuple[Presence, ...]], today: dt.date
) -> list[Part]:
    """The parts of some tasks; each begins with its first task on the board."""
    leader: dict[str, str] = {}

    def find(one: str) -> str:
        root = one
        while (above := leader.setdefault(root, root)) != root:
            root = above
        while leader[one] != root:
            leader[one], one = root, leader[one]
        return root

    for task in tasks.values():
        here = find(task.id)
        for need in task.needs:
            # A card may have hundreds of needs, and most of them are tied to it already.
            if leader.get(need.before) != here and need.before in tasks:
                there = find(need.before)
                leader[here] = here = there
        for one in staffed[task.id]:
            there = find(f"@{one.person}")
            leader[here] = here = there
    groups: dict[str, list[Task]] = {}
    for task in tasks.values():
        groups.setdefault(find(task.id), []).append(task)
    return [_part(plan, group, staffed, today) for group in groups.values()]


def _part(
    plan: Plan, tasks: Sequence[Task], staffed: Mapping[str, tuple[Presence, ...]], today: dt.date
) -> Part:
    people = tuple(staffed[task.id] for task in tasks)
    names = sorted({one.person for group in people for one in group})
    totals = tuple((name, total_share(plan.people.get(name))) for name in names)
    return Part(tuple(tasks), people, totals, today)


class Calendars:
    """Working times on one axis, each made once as long as anything that was made with it is in use.

    The last few are kept beyond that: most people are there on the same days, and are asked for one after the other.
    """

    def __init__(self, axis: Axis) -> None:
        self.axis = axis
        self._known = WeakValueDictionary[tuple[object, ...], WorkingTime]()
        self._last = deque[WorkingTime](maxlen=8)

    def of(self, there: Presence) -> WorkingTime:
        """The days of a person."""
        found = self._known.get(there.key)
        if found is None:
            found = self._known[there.key] = working_time(self.axis, there)
            self._last.append(found)
        return found


def network_of(part: Part, calendars: Calendars, like: PartNetwork | None = None) -> PartNetwork:
    """A part as activities on an axis; `like` is that of the same cards with other figures."""
    axis = calendars.axis
    if like is not None and like.axis is axis and like.part.people is part.people:
        return _with_figures(like, part)
    at = {task.id: number for number, task in enumerate(part.tasks)}
    resources = _Resources(part)
    times: dict[int, int] = {}
    listed: list[WorkingTime] = []
    activities: list[Activity] = []
    people: list[tuple[Presence | None, ...]] = []
    moments: dict[dt.date, int] = {}
    due: dict[int, int] = {}

    def moment(day: dt.date) -> int:
        if day not in moments:
            moments[day] = axis.moment(day)
        return moments[day]

    today = moment(part.today)
    for number, (task, group) in enumerate(zip(part.tasks, part.people, strict=True)):
        modes: list[Mode] = []
        for one in group:
            working = calendars.of(one)
            if id(working) not in times:
                times[id(working)] = len(listed)
                listed.append(working)
            modes.append(
                Mode(span(task.work, one.share), resources.demands(one, task.project), times[id(working)])
            )
        fixed = today if task.is_running else moment(task.fixed) if task.fixed is not None else None
        activities.append(Activity(tuple(modes) or (Mode(task.work),), moment(task.release), fixed))
        people.append(group or (None,))
        if task.due is not None:
            due[number] = axis.evening(task.due)
    network = ActivityNetwork(activities, part.links, resources.capacities, listed, None, due)
    return PartNetwork(part, axis, network, tuple(people), at)


def _with_figures(like: PartNetwork, part: Part) -> PartNetwork:
    """The same activities where some take another time, or begin or are wanted on another day."""
    axis, before = like.axis, like.network
    activities, due = list(before.activities), dict(before.due)
    today = axis.moment(part.today)
    for number, (task, old) in enumerate(zip(part.tasks, like.part.tasks, strict=True)):
        if task is old or task == old:
            continue
        group, modes = part.people[number], before.activities[number].modes
        works = [span(task.work, one.share) for one in group] or [task.work]
        activities[number] = Activity(
            tuple(mode._replace(work=work) for mode, work in zip(modes, works, strict=True)),
            axis.moment(task.release),
            today if task.is_running else axis.moment(task.fixed) if task.fixed is not None else None,
        )
        if task.due is not None:
            due[number] = axis.evening(task.due)
        else:
            due.pop(number, None)
    # In the order of the cards, as they are where all are made.
    due = {number: due[number] for number in sorted(due)}
    return replace(like, part=part, network=replace(before, activities=activities, due=due))


def span(work: int, share: Fraction) -> int:
    """Half days that work takes of a person who has only a share of their time for it, rounded up."""
    return -(-work * share.denominator // share.numerator)


class _Resources:
    """People as resources: one card at a time in each project, and over all projects no more than their share.

    Where no two projects of a person fit into it together, one resource says that.
    """

    def __init__(self, part: Part) -> None:
        shares: dict[str, dict[str, Fraction]] = {}
        for task, group in zip(part.tasks, part.people, strict=True):
            for one in group:
                shares.setdefault(one.person, {})[task.project] = one.share
        self.capacities: list[int] = []
        self._demands: dict[tuple[str, str], tuple[tuple[int, int], ...]] = {}
        for person, total in part.totals:
            self._add(person, total, shares[person])

    def demands(self, one: Presence, project: str) -> tuple[tuple[int, int], ...]:
        """What a card of a project takes of a person."""
        return self._demands[one.person, project]

    def _add(self, person: str, total: Fraction, shares: Mapping[str, Fraction]) -> None:
        if all(one + other > total for one, other in combinations(shares.values(), 2)):
            alone = self._resource(1)
            for project in shares:
                self._demands[person, project] = ((alone, 1),)
            return
        # Also where all shares fit together: work in progress may take one of them twice.
        together = self._resource(round(total * PER_MILLE))
        for project, share in sorted(shares.items()):
            own = (self._resource(1), 1)
            units = min(round(share * PER_MILLE), round(total * PER_MILLE))
            self._demands[person, project] = own, (together, units)

    def _resource(self, capacity: int) -> int:
        self.capacities.append(capacity)
        return len(self.capacities) - 1

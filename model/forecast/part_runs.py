"""One part of the plan, run many times: when each of its cards ends, and what held up the last of them."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import sqrt

from ..capacity.calendar import HALF_DAYS
from ..schedule.levelled import LevelledPart
from ..schedule.parts import Calendars, network_of
from ..schedule.targets import Key
from ..schedule.tasks import Task
from ..solvers.activity_network import ActivityNetwork, Link
from ..solvers.beta_pert import CommonFactor, ThreePoints, draws
from ..solvers.clock import NEVER, PARTS, Clock
from ..solvers.critical_path import LinkedActivities
from ..solvers.lanes import LANE, LARGEST, equal, first_start, free_ends, latest, packed, unpacked
from ..solvers.simulation import Simulation
from ..solvers.working_time import WorkingTime

TRACED = 1000
"""Runs in which what held up the ends is traced: a share of them is right to three points."""

_KEPT = 500
"""Runs whose ends are kept run by run, before they are kept card by card in half the space."""
_DRAWING = 0.2
"""The share of the work on a part that drawing its durations takes, about, where people do them."""


@dataclass(frozen=True)
class Drawing:
    """How durations are drawn."""

    runs: int
    seed: int
    days: Mapping[str, ThreePoints]
    """Working days of each card."""
    stream: Callable[[Task], str]
    """What the random stream of a card follows from."""
    common: Callable[[str], CommonFactor]
    """What the cards of a project have in common."""
    reached: Callable[[float], None]
    """Hears for each card and in every run which share of a part is done; it may raise what ends the work."""
    clock: Callable[[WorkingTime], Clock] = field(default_factory=lambda: lru_cache(maxsize=8)(Clock))
    """A calendar in parts of a half day; most people share one."""

    @property
    def traced(self) -> int:
        """Runs in which what held up the ends is traced."""
        return min(self.runs, TRACED)


@dataclass
class PartRuns:
    """What came of the runs of a part. Times are parts of a half day, in a lane for each run."""

    members: Mapping[Key, Sequence[int]]
    """The activities that lead to each target."""
    ends: dict[str, int] = field(default_factory=dict[str, int])
    work: dict[str, int] = field(default_factory=dict[str, int])
    """The time that each card took of its person, or on its own."""
    deviation: dict[str, float] = field(default_factory=dict[str, float])
    """The standard deviation of that time."""
    last: dict[Key, int] = field(default_factory=dict[Key, int])
    """For each target the end of its last card, in the runs that were traced."""
    critical: dict[Key, dict[str, int]] = field(default_factory=dict[Key, dict[str, int]])
    """For each target and card: 1 in the lane of each traced run in which it held the target up."""


def run_part(
    part: LevelledPart, calendars: Calendars, drawing: Drawing, keys_of: Mapping[str, Sequence[Key]]
) -> PartRuns:
    """The runs of a part; `keys_of` names the targets of each card."""
    network = network_of(part.source.part, calendars).network
    tasks = part.source.part.tasks
    placed = [one for one, start in enumerate(part.schedule.starts) if start >= 0]
    members: dict[Key, list[int]] = {}
    for one in placed:
        for key in keys_of[tasks[one].id]:
            members.setdefault(key, []).append(one)
    found = PartRuns(members)
    longest = _longest(network, len(placed))
    works = [-1] * len(tasks)
    """Of those without a place nothing is drawn."""
    for at, one in enumerate(placed):
        drawing.reached(_DRAWING * at / len(placed))
        task, there = tasks[one], part.person(one)
        share = float(there.share) if there is not None else 1.0
        points = ThreePoints(*(min(HALF_DAYS * days / share, longest) for days in drawing.days[task.id]))
        drawn = draws(drawing.seed, drawing.stream(task), points, drawing.common(task.project), PARTS)
        works[one] = found.work[task.id] = packed(drawn)
        found.deviation[task.id] = PARTS * sqrt(points.variance)
    of_people = run_lone if len(tasks) == 1 else run_with_people
    run = _run_free if _is_free(part, network, placed) else of_people
    run(part, network, works, found, drawing)
    return found


def _longest(network: ActivityNetwork, count: int) -> int:
    """Half days to which a card's time is cut, so that no sum of them is more than a lane can tell."""
    taken = max((one.release for one in network.activities), default=0) + sum(
        abs(link.lag) for link in network.links
    )
    return max(1, (LARGEST // PARTS - taken) // (count + 1))


def _is_free(part: LevelledPart, network: ActivityNetwork, placed: Iterable[int]) -> bool:
    """Whether the cards of a part need no person."""
    modes = part.schedule.modes
    return all(
        not (mode := network.activities[one].modes[modes[one]]).demands and mode.calendar is None
        for one in placed
    )


# ---- cards that need no person


def _run_free(
    part: LevelledPart, network: ActivityNetwork, works: Sequence[int], found: PartRuns, drawing: Drawing
) -> None:
    """All runs at once, in lanes."""
    ids, runs, traced = part.source.part.ids, drawing.runs, drawing.traced
    links = [link._replace(lag=link.lag * PARTS) for link in network.links if works[link.before] >= 0]
    links = [link for link in links if works[link.after] >= 0]
    releases = [PARTS * (one.release if one.fixed is None else one.fixed) for one in network.activities]
    order = [one for one in LinkedActivities([1] * len(ids), links).order() if works[one] >= 0]
    ends = free_ends(order, links, releases, works.__getitem__, runs)
    found.ends.update((ids[one], ends[one]) for one in order)
    kept = (1 << LANE * traced) - 1
    ends = {one: lanes & kept for one, lanes in ends.items()}
    starts = {one: lanes - (works[one] & kept) for one, lanes in ends.items()}
    incoming: dict[int, list[Link]] = {}
    for link in links:
        incoming.setdefault(link.after, []).append(link)
    for key, cards in found.members.items():
        whole = found.last[key] = latest((ends[one] for one in cards), traced)
        critical = {one: equal(ends[one], whole, traced) for one in cards}
        for one in reversed(order):
            if not critical.get(one):
                continue
            for link in incoming.get(one, ()):
                allowed = first_start(link, starts, ends, works[one] & kept, traced)
                binds = equal(allowed, starts[one], traced) & critical[one]
                critical[link.before] = critical.get(link.before, 0) | binds
        found.critical[key] = {ids[one]: lanes for one, lanes in critical.items()}


# ---- cards of people


def run_lone(
    part: LevelledPart, network: ActivityNetwork, works: Sequence[int], found: PartRuns, drawing: Drawing
) -> None:
    """The same as `run_with_people` for a card that waits for no other: a plan may have thousands of them."""
    (name,), (activity,) = part.source.part.ids, network.activities
    calendar = activity.modes[part.schedule.modes[0]].calendar
    release = PARTS * (activity.release if activity.fixed is None else activity.fixed)
    drawing.reached(_DRAWING)
    drawn = unpacked(works[0], drawing.runs)
    if calendar is None:
        ends = [release + took for took in drawn]
    else:
        clock = drawing.clock(network.calendars[calendar])
        start = clock.opening(release)
        ends = [clock.end(start, took) if start < NEVER else NEVER for took in drawn]
    found.ends[name] = packed([min(end, LARGEST) for end in ends])
    kept = (1 << LANE * drawing.traced) - 1
    for key in found.members:
        found.last[key] = found.ends[name] & kept
        found.critical[key] = {name: packed([1] * drawing.traced)}


def run_with_people(
    part: LevelledPart, network: ActivityNetwork, works: Sequence[int], found: PartRuns, drawing: Drawing
) -> None:
    """One run after the other, each by the order of the plan."""
    ids, runs, traced = part.source.part.ids, drawing.runs, drawing.traced
    simulation = Simulation(network, part.schedule, drawing.clock)
    order, place = simulation.order, simulation.place
    rows: list[array[int]] = []
    columns = [array("I") for _ in order]
    drawn = [unpacked(max(lanes, 0), runs) for lanes in works]
    targets = {key: [place[one] for one in cards] for key, cards in found.members.items()}
    on_the_way = {key: [array("I", bytes(4 * traced)) for _ in order] for key in targets}
    for run, (ends, causes) in enumerate(simulation.runs(drawn)):
        drawing.reached(_DRAWING + (1 - _DRAWING) * run / runs)
        rows.append(array("Q", ends))
        if len(rows) == _KEPT or run == runs - 1:
            for into, column in zip(columns, zip(*rows, strict=True), strict=True):
                into.extend([end if end < LARGEST else LARGEST for end in column])
            rows.clear()
        if run >= traced:
            continue
        for key, cards in targets.items():
            marks = on_the_way[key]
            one = max(cards, key=ends.__getitem__)
            while one >= 0:
                marks[one][run] = 1
                one = causes[one]
    for at, column in zip(order, columns, strict=True):
        found.ends[ids[at]] = packed(column)
    kept = (1 << LANE * traced) - 1
    for key, cards in found.members.items():
        found.last[key] = latest((found.ends[ids[one]] & kept for one in cards), traced)
        marked = zip(order, on_the_way[key], strict=True)
        found.critical[key] = {ids[at]: packed(row) for at, row in marked if any(row)}

"""The forecast of a plan: what many runs of its schedule say about milestones, cards and what drives them.

Each run draws a duration for every card (beta-PERT) and schedules it with the plan's order as priority, by a policy
that knows nothing of the future. Cards of a project have a factor in common. Every card has its own random stream,
keyed by seed, card and cycle, so that a card without a link or a person in common with others moves none of them.
"""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor, sqrt
from statistics import pstdev

from ..capacity.calendar import HALF_DAYS, Axis
from ..flow.calibration import NO_CORRECTIONS, Corrections
from ..plan.plan import Plan
from ..schedule.axes import years_on
from ..schedule.dates import Placed
from ..schedule.levelled import LevelledPart
from ..schedule.parts import Calendars
from ..schedule.planning import Progress
from ..schedule.problem import FAR_YEARS
from ..schedule.schedule import Schedule
from ..schedule.targets import Key
from ..schedule.tasks import Task
from ..solvers.beta_pert import CommonFactor, ThreePoints, common_factor
from ..solvers.clock import PARTS
from ..solvers.lanes import LARGEST, equal, latest, unpacked
from .durations import days_of
from .part_runs import Drawing, PartRuns, run_part

USUAL_RUNS, USUAL_SEED = 1000, 0
LEAST_RUNS = 100
MOST_CARD_RUNS = 2_000_000
"""Runs times cards, where the caller gives no number of runs: that takes some seconds."""
METHOD = "beta-PERT durations, levelled with people in the plan's order, common factor per project"
_NEVER = LARGEST
_MOST_CORRELATED = 0.99
_NORMAL_95 = 1.96
_EASY_YEAR = 400
"""Half days that are surely in a year of any calendar that is worth planning with."""


@dataclass(frozen=True)
class Driver:
    """A card that moves a target."""

    card: str
    criticality: float
    """Share of the runs in which it held the target up."""
    weight: float
    """Its spread in days times that share, against the spread of the target: the schedule sensitivity index (PMBOK)."""


@dataclass(frozen=True)
class Outlook:
    """When a milestone, a project or a card is done, in all runs."""

    axis: Axis
    by_run: array[int]
    """In the order of the runs, in parts of a half day."""
    due: dt.date | None = None

    @cached_property
    def ends(self) -> array[int]:
        """From the earliest to the latest, in parts of a half day."""
        return array("I", sorted(self.by_run))

    def _date(self, rank: int) -> dt.date | None:
        period = _half_day(self.ends[rank - 1])
        return self.axis.date(period) if period < self.axis.horizon else None

    def date(self, chance: float) -> dt.date | None:
        """The first day by which it is done in this share of the runs; None where it is not done in so many."""
        return self._date(rank_of(chance, len(self.ends)))

    def between(self, chance: float) -> tuple[dt.date | None, dt.date | None]:
        """Where that date is with 95 % if it were worked out with ever more runs: the error of sampling."""
        low, high = self._ranks(chance)
        return self._date(low), self._date(high)

    def _ranks(self, chance: float) -> tuple[int, int]:
        return sampled_ranks(len(self.ends), chance)

    def is_certain(self, chance: float) -> bool:
        """Whether more runs could move that date by no day."""
        low, high = self.between(chance)
        return low == high

    def error(self, chance: float) -> int | None:
        """Half days by which more runs could move that date one way or the other; None where it may have none."""
        middle = _half_day(self.ends[rank_of(chance, len(self.ends)) - 1])
        low, high = (_half_day(self.ends[rank - 1]) for rank in self._ranks(chance))
        if high >= self.axis.horizon:
            return None
        whole_days = max(high // HALF_DAYS - middle // HALF_DAYS, middle // HALF_DAYS - low // HALF_DAYS)
        return whole_days * HALF_DAYS

    def held(self, day: dt.date) -> int:
        """In how many runs it is done by the end of a day."""
        evening = self.axis.evening(day) * PARTS
        return sum(1 for end in self.ends if end <= evening)

    @cached_property
    def chance(self) -> float | None:
        """The share of the runs in which the due date holds; None without one."""
        return self.held(self.due) / len(self.ends) if self.due is not None else None

    @cached_property
    def days(self) -> Mapping[dt.date, int]:
        """How many runs end on each day, for a histogram; those that never end are not in it."""
        found: dict[dt.date, int] = {}
        for end in self.ends:
            period = _half_day(end)
            if period < self.axis.horizon:
                day = self.axis.date(period)
                found[day] = found.get(day, 0) + 1
        return found

    @property
    def deviation(self) -> float:
        """The standard deviation of the ends in parts of a half day, of those that have one."""
        known = [end for end in self.ends if end < _NEVER]
        return pstdev(known) if len(known) > 1 else 0.0


class Forecast:
    """What the runs say. Percentiles are worked out when they are asked for."""

    def __init__(self, made: Schedule, axis: Axis, drawing: Drawing, parts: list[PartRuns]) -> None:
        self.schedule = made
        self.axis = axis
        self.runs, self.seed = drawing.runs, drawing.seed
        self.correlation = _correlation(made.dates.plan)
        self._drawing = drawing
        self._parts = parts
        self._ends = {card: ends for part in parts for card, ends in part.ends.items()}
        self._work = {card: work for part in parts for card, work in part.work.items()}
        self._outlooks: dict[Key | str, Outlook] = {}

    def has(self, key: Key) -> bool:
        """Whether any open card that has a place leads to a milestone or a project's end."""
        return key in self.schedule.targets.members

    def outlook(self, key: Key) -> Outlook:
        """When a milestone or a project's end, which any open card leads to, is reached."""
        if key not in self._outlooks:
            whole = latest((self._ends[card] for card in self.schedule.targets.members[key]), self.runs)
            milestone = self.schedule.milestones.get(key)
            due = milestone.due if milestone is not None else None
            self._outlooks[key] = self._outlook(whole, due)
        return self._outlooks[key]

    def together(self, cards: Iterable[str]) -> Outlook:
        """When all of some cards that have a place are done."""
        return self._outlook(latest((self._ends[card] for card in cards), self.runs), None)

    def card(self, card: str) -> Outlook:
        """When a card that has a place is done."""
        if card not in self._outlooks:
            self._outlooks[card] = self._outlook(self._ends[card], self.schedule.cards[card].task.card.due)
        return self._outlooks[card]

    def _outlook(self, lanes: int, due: dt.date | None) -> Outlook:
        return Outlook(self.axis, array("I", unpacked(lanes, self.runs)), due)

    @cached_property
    def _critical(self) -> Mapping[Key, Mapping[str, float]]:
        """For each target the share of the runs in which each card held it up."""
        traced = self._drawing.traced
        found: dict[Key, dict[str, float]] = {}
        for key in self.schedule.targets.members:
            own = [part for part in self._parts if key in part.last]
            whole = latest((part.last[key] for part in own), traced)
            counts = found.setdefault(key, {})
            for part in own:
                binding = equal(part.last[key], whole, traced)
                for card, lanes in part.critical[key].items():
                    if count := (lanes & binding).bit_count():
                        counts[card] = count / traced
        return found

    @cached_property
    def criticality(self) -> Mapping[str, float]:
        """For each card the share of the runs in which it held up what its slack refers to: the criticality index."""
        target = self.schedule.targets.target
        return {card: self._critical[target[card]].get(card, 0.0) for card in self._ends}

    def drivers(self, key: Key, most: int = 3) -> list[Driver]:
        """The cards that move a target most, the first one first."""
        whole = self.outlook(key).deviation
        deviation = {card: one for part in self._parts for card, one in part.deviation.items()}
        found = [
            Driver(card, share, share * deviation[card] / whole)
            for card, share in self._critical[key].items()
            if whole and deviation[card]
        ]
        return sorted(found, key=lambda one: (-one.weight, one.card))[:most]

    def work_of(self, cards: Sequence[Placed]) -> list[float]:
        """The days that cards of one person in one project took in each run, at that person's whole time."""
        if not cards:
            return [0.0] * self.runs
        share = float(cards[0].presence.share) if cards[0].presence is not None else 1.0
        total = [0] * self.runs
        for one in cards:
            drawn = unpacked(self._work[one.task.id], self.runs)
            total = [before + more for before, more in zip(total, drawn, strict=True)]
        return [share * parts / PARTS / HALF_DAYS for parts in total]


def usual_runs(cards: int) -> int:
    """The runs for a plan with so many open cards."""
    return max(LEAST_RUNS, min(USUAL_RUNS, MOST_CARD_RUNS // max(cards, 1)))


def forecast(
    made: Schedule,
    *,
    runs: int | None = None,
    seed: int = USUAL_SEED,
    corrections: Corrections = NO_CORRECTIONS,
    progress: Progress = lambda _doing, _share: None,
    wanted: Callable[[LevelledPart], bool] = lambda _: True,
) -> Forecast:
    """The forecast of a schedule, with estimates as they are, or as their owners' history corrects them.

    Without a number of `runs` there are the usual ones, and fewer for more than 2,000 open cards.

    `progress` hears how far it has come, and may raise what ends it.

    Parts that are not `wanted` are not run: nothing can be asked of their cards, or of targets that these lead to.
    """
    dates, plan = made.dates, made.dates.plan
    parts = [part for part in dates.parts if wanted(part)]
    done, size, total = 0, 0, sum(len(part.source.part.tasks) for part in parts) or 1
    runs = usual_runs(total) if runs is None else runs
    usual = plan.board.estimates
    calendars = Calendars(_long_axis(made))
    factors: dict[str, CommonFactor] = {}

    def common(project: str) -> CommonFactor:
        if project not in factors:
            factors[project] = common_factor(seed, project, runs, _correlation(plan))
        return factors[project]

    def stream(task: Task) -> str:
        record = plan.projects.get(task.project)
        return f"{task.id} {record.cycle if record is not None else 1}"

    def reached(share: float) -> None:
        progress("forecast", (done + share * size) / total)

    def drawn(task: Task) -> ThreePoints:
        return corrections.of(task.card.owner or "").applied(days_of(task, usual))

    days = {task.id: drawn(task) for part in parts for task in part.source.part.tasks}
    drawing = Drawing(runs, seed, days, stream, common, reached)
    found: list[PartRuns] = []
    for part in parts:
        size = len(part.source.part.tasks)
        reached(0)
        found.append(run_part(part, calendars, drawing, made.targets.keys))
        done += size
    return Forecast(made, calendars.axis, drawing, found)


def rank_of(chance: float, runs: int) -> int:
    """Which of so many rising values is not passed with this chance, counted from 1."""
    return max(ceil(chance * runs - 1e-9), 1)


def sampled_ranks(runs: int, chance: float) -> tuple[int, int]:
    """Between which ranks the value is with 95 % that ever more runs would not pass with this chance."""
    off = _NORMAL_95 * sqrt(runs * chance * (1 - chance))
    return max(1, floor(chance * runs - off)), min(runs, ceil(chance * runs + off))


def _correlation(plan: Plan) -> float:
    return min(plan.board.estimates.correlation, _MOST_CORRELATED)


def _long_axis(made: Schedule) -> Axis:
    """The axis of the schedule, longer: what takes longer than planned has a date, too."""
    axis, now = made.axis, made.dates.now
    last = max((one.end for one in made.cards.values()), default=now)
    years = min(4 + 4 * (last - now) // _EASY_YEAR, FAR_YEARS)
    return Axis(axis.calendar, axis.first, max(axis.last, years_on(made.today, years)))


def _half_day(end: int) -> int:
    """The half day in which an end is."""
    return (max(end, 1) - 1) // PARTS

"""What two states of a plan come to, in dates and money, worked out only where they may differ.

Both sides see the same day and draw from the same random streams, which follow from the ids of cards: a part of the
plan that is the same on both sides has the same dates and the same percentiles, and is not run at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import NamedTuple

from ..budget.budget import ProjectBudget, budgets, percentile
from ..capacity.calendar import HALF_DAYS, Axis
from ..forecast.expected import ExpectedWork
from ..forecast.forecast import USUAL_RUNS, USUAL_SEED, Forecast, Outlook, forecast, rank_of, sampled_ranks
from ..schedule.levelled import LevelledPart
from ..schedule.schedule import Schedule
from ..schedule.targets import Key
from ..snapshot.snapshot import Snapshot
from ..solvers.clock import PARTS

MOST_CARD_RUNS = 250_000
"""Runs times cards that are drawn for one side: a second, about."""
LEAST_RUNS = 100
"""Runs below which a percentile is off by more than most changes move it: dates and costs are the plan's then."""

Progress = Callable[[str, float | None], None]


class Outcome:
    """What one state of a plan comes to. Everything is worked out when it is asked for."""

    def __init__(self, snapshot: Snapshot, schedule: Callable[[], Schedule], progress: Progress) -> None:
        self.snapshot = snapshot
        self._schedule = schedule
        self._progress = progress
        self.wanted: frozenset[int] = frozenset()
        """The parts that are run, by identity."""
        self.projects: frozenset[str] = frozenset()
        """Projects whose cost is compared."""
        self.runs: int | None = None
        """None where no percentiles are worked out."""
        self.seed = USUAL_SEED

    @cached_property
    def schedule(self) -> Schedule:
        """The dates of all cards."""
        return self._schedule()

    @cached_property
    def forecast(self) -> Forecast | None:
        """The runs of the parts that matter; None where none are made."""
        if self.runs is None:
            return None
        return forecast(
            self.schedule,
            runs=self.runs,
            seed=self.seed,
            progress=self._progress,
            wanted=lambda part: id(part) in self.wanted,
        )

    @cached_property
    def budgets(self) -> Mapping[str, ProjectBudget]:
        """The cost of the projects that matter: in all runs, or as expected where none are made."""
        work = self.forecast or ExpectedWork(self.schedule)
        return budgets(self.snapshot, work, self.projects).by_project

    @cached_property
    def cost(self) -> float:
        """What these projects cost together at P80, or as expected: their own P80 do not add up to it."""
        costs = zip(*(one.costs for one in self.budgets.values()), strict=True)
        return percentile(sorted(map(sum, costs)) or [0.0], 0.8)

    def outlook(self, key: Key) -> Outlook | None:
        """When a milestone, or a project, is reached; None where no run says it."""
        found = self.forecast
        return found.outlook(key) if found is not None and found.has(key) else None

    def narrow(self, keys: Collection[Key], projects: Collection[str]) -> int:
        """Leave it at the parts that some targets, and the cost of some projects, depend on; count their cards."""
        targets = self.schedule.targets
        needed = {card for key in keys for card in targets.members.get(key, ())}
        needed |= {name for name, one in self.schedule.cards.items() if one.task.project in projects}
        parts = self.schedule.dates.parts
        wanted = [part for part in parts if any(task.id in needed for task in part.source.part.tasks)]
        self.wanted = frozenset(map(id, wanted))
        self.projects = frozenset(projects)
        return sum(len(part.source.part.tasks) for part in wanted)

    def moment(self, key: Key) -> int | None:
        """The moment at which a milestone, or a project, is reached; None without open cards that have a place."""
        return self.schedule.targets.ends.get(key)


@dataclass(frozen=True)
class Outcomes:
    """Both states, with what may differ between them."""

    before: Outcome
    after: Outcome
    keys: frozenset[Key]
    """Milestones, and ends of projects, that an affected card leads to."""
    cards: int
    """How many cards have to be run for the percentiles of these."""

    @property
    def has_percentiles(self) -> bool:
        """Whether they were worked out."""
        return self.before.runs is not None


def outcomes(
    before: Outcome, after: Outcome, costly: Iterable[str], runs: int | None = None, seed: int | None = None
) -> Outcomes:
    """What may differ between two states; `costly` are projects whose cost may, whatever becomes of their dates.

    `runs` are those that are asked for; without them as many as suit the number of cards, or none.
    """
    sides = (before, after)
    parts = [{id(part): part for part in side.schedule.dates.parts} for side in sides]
    touched = {card for at in (0, 1) for card in _cards(parts[at], parts[at].keys() - parts[1 - at].keys())}
    keys = {key for side in sides for card in touched for key in side.schedule.targets.keys.get(card, ())}
    projects = {key[0] for key in keys if not key[1]} | set(costly)
    cards = max(side.narrow(keys, projects) for side in sides)
    possible = min(USUAL_RUNS, MOST_CARD_RUNS // max(cards, 1))
    for side in sides:
        side.runs = runs or (possible if possible >= LEAST_RUNS else None)
        side.seed = USUAL_SEED if seed is None else seed
    return Outcomes(before, after, frozenset(keys), cards)


def _cards(parts: Mapping[int, LevelledPart], names: Iterable[int]) -> Iterable[str]:
    for name in names:
        yield from (task.id for task in parts[name].source.part.tasks)


# ---- differences


def moved_by(before: Outcome, after: Outcome, key: Key) -> int:
    """Half days by which a date comes later, on the later plan's calendar; 0 where one side has none."""
    old, new = before.moment(key), after.moment(key)
    if old is None or new is None:
        return 0
    return new - _on(after.schedule.axis, before.schedule.axis, old)


class Shift(NamedTuple):
    """By how much a percentile moves, and by how much ever more runs could change that, with 95 %."""

    by: float
    error: float

    @property
    def sure(self) -> float:
        """By how much it moves; 0 where that may be chance."""
        return self.by if abs(self.by) > self.error else 0.0


def percentile_shift(before: Outlook, after: Outlook, chance: float) -> Shift:
    """Half days by which a percentile comes later; 0 where it moves by less than one within the half day."""
    at = rank_of(chance, len(before.ends)) - 1
    was, now = before.ends[at], after.ends[at]
    widths = [_width([side.ends[rank - 1] for rank in _ranks(side.ends, chance)]) for side in (before, after)]
    apart = _apart(before.by_run, was, after.by_run, now, chance)
    was_half_day, now_half_day = -(-was // PARTS), -(-now // PARTS)
    there = _on(after.axis, before.axis, was_half_day)
    moved = now - (was + (there - was_half_day) * PARTS)
    return Shift(now_half_day - there if abs(moved) >= PARTS else 0, max(widths) * apart / PARTS)


def cost_shift(before: Sequence[float], after: Sequence[float], chance: float) -> Shift:
    """Money, in whole units, by which a cost rises at a chance; both have a figure for each run."""
    old, new = sorted(before), sorted(after)
    at = rank_of(chance, len(old)) - 1
    widths = [_width([side[rank - 1] for rank in _ranks(side, chance)]) for side in (old, new)]
    apart = _apart(before, old[at], after, new[at], chance)
    return Shift(round(new[at] - old[at]), max(widths) * apart)


def _ranks(found: Sequence[float], chance: float) -> tuple[int, int, int]:
    """The ranks between which a percentile is with 95 %, around its own."""
    low, high = sampled_ranks(len(found), chance)
    return low, rank_of(chance, len(found)), high


def _width(around: Sequence[float]) -> float:
    """By how much a percentile may be off, by the values at the ranks around its own."""
    low, middle, high = around
    return max(high - middle, middle - low)


def _apart(before: Sequence[float], was: float, after: Sequence[float], now: float, chance: float) -> float:
    """The error of a shift, as a share of the error of the percentile itself.

    Both sides draw from the same streams. A sampled percentile is off by the share of runs that happen to be below it
    (Bahadur 1966), and so a shift is off only by the runs that are below it on one side and above it on the other: the
    pairs that McNemar's test counts.
    """
    crossing = sum((old <= was) != (new <= now) for old, new in zip(before, after, strict=True))
    return sqrt(crossing / (len(before) * chance * (1 - chance)))


def _on(axis: Axis, other: Axis, moment: int) -> int:
    """A moment of another axis on this one: the same where days are counted alike, else the end of the same day."""
    if (axis.calendar, axis.first) == (other.calendar, other.first) or not 0 < moment <= other.horizon:
        return moment
    return axis.evening(other.date(moment - 1)) - (moment % HALF_DAYS)

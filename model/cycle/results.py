"""What came out of a cycle, next to what was planned for it: metrics, money, dates, lessons, and what may follow.

The next plan is only as good as the comparison with the last. Everything here follows from the plan's records; what
was written down about a cycle is its `Review`, which `closing` makes from this.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, cast

from ..calculators.money import gain
from ..flow.calibration import Record
from ..flow.card_history import PlanHistory
from ..flow.flow import estimates_against_actuals
from ..gates.condition import DerivedValues
from ..gates.gates import GateReport, next_gate, report
from ..plan.plan import Plan
from ..records.governance import Review
from ..records.project import Debt, Lesson, Project, Technique
from ..records.strategy import Metric
from ..text.dates import has_come
from ..text.figure import Explained
from ..value.project_figures import Answers, three
from ..value.worth import Ranking

MetricState = Literal["reached", "missed", "not measured", "no target"]
DateState = Literal["reached", "open", "no cards"]
DAYS_PER_WEEK = 7


@dataclass(frozen=True)
class MetricResult:
    """A metric at the end of a cycle."""

    id: str
    metric: Metric
    target: float | None
    """Of a guardrail without a target, its limit."""
    state: MetricState
    way: float | None = None
    """Share of the way from the baseline to the target that was made; None where one of them is missing."""


@dataclass(frozen=True)
class Compared:
    """A figure that was planned, next to the one that came out."""

    name: str
    planned: float | None
    actual: float | None
    unit: str
    planned_by: str
    """Where the planned figure is written."""
    actual_by: str
    """Where the other one is written, or asked for."""

    @property
    def ratio(self) -> float | None:
        """Actual by planned."""
        return self.actual / self.planned if self.actual is not None and self.planned else None


@dataclass(frozen=True)
class DateResult:
    """A milestone of the stage: when it was wanted, and whether it is reached."""

    id: str
    title: str
    due: dt.date | None
    state: DateState
    expected: dt.date | None = None
    """When its open cards are done, as the schedule has it."""


@dataclass(frozen=True)
class Lack:
    """What a look back lacks: in words, and the command that adds it."""

    words: str
    command: str


@dataclass(frozen=True)
class Taught:
    """A lesson, and the projects that are shown it."""

    id: str
    lesson: Lesson
    projects: tuple[str, ...]


@dataclass(frozen=True)
class CycleReview:
    """A cycle of a project, looked back on."""

    project: Project
    today: dt.date
    metrics: tuple[MetricResult, ...]
    figures: tuple[Compared, ...]
    dates: tuple[DateResult, ...]
    lessons: tuple[Taught, ...]
    techniques: Mapping[str, Technique]
    debts: Mapping[str, Debt]
    outcomes: Mapping[str, GateReport]
    """What each outcome of the gate out of Iterate asks; nothing before the project is there."""
    recorded: Review | None
    """What was written down about this cycle."""
    earlier: tuple[Review, ...]
    """What was written down about the cycles before, oldest first."""
    estimates: tuple[Record, ...] = ()
    """Estimates against actuals of the cards that were done in this cycle: all, each person, each kind of work."""


def cycle_review(figures: DerivedValues, project: str, history: PlanHistory | None = None) -> CycleReview:
    """What came out of the cycle that a project is in; estimates against actuals only where a history is known."""
    snapshot = figures.snapshot
    plan, record = snapshot.plan, snapshot.plan.projects[project]
    reviews = reviews_of(plan, project)
    recorded = review_of_cycle(plan, project, record.cycle)
    gate = next_gate(snapshot, project) if record.phase == "iterate" else None
    outcomes = gate.outcomes if gate is not None else ()
    return CycleReview(
        record,
        snapshot.today,
        metric_results(plan, project),
        tuple(_compared(figures, record)),
        _dates(figures, record),
        tuple(Taught(name, one, shown_to(plan, project, one)) for name, one in record.lessons.items()),
        record.techniques,
        record.debts,
        {one: report(figures, project, gate, outcome=one) for one in outcomes} if gate is not None else {},
        recorded,
        tuple(one for one in reviews if one is not recorded),
        estimates_against_actuals(plan, history, snapshot.today, project, record.started)
        if history is not None
        else (),
    )


def reviews_of(plan: Plan, project: str) -> list[Review]:
    """The reviews of a project, oldest first."""
    found = (cast("Review", one) for one in plan.of_kind("review", project))
    return sorted(found, key=lambda one: (one.cycle or 0, one.date or dt.date.min, one.id))


def review_of_cycle(plan: Plan, project: str, cycle: int) -> Review | None:
    """What was written down last about a cycle."""
    return next((one for one in reversed(reviews_of(plan, project)) if one.cycle == cycle), None)


def shown_to(plan: Plan, project: str, lesson: Lesson) -> tuple[str, ...]:
    """The other projects that share a tag with a lesson, and are not over."""
    return tuple(
        one.id
        for one in sorted(plan.projects.values(), key=lambda one: one.id)
        if one.id != project and one.state in ("active", "hold") and not set(lesson.tags).isdisjoint(one.tags)
    )


def metric_results(plan: Plan, project: str) -> tuple[MetricResult, ...]:
    """Each metric with a target, or a limit, against its value; those that decide first."""
    order = ("primary", "guardrail", "secondary", "diagnostic")
    metrics = plan.strategy(project).metrics
    return tuple(
        _metric_result(name, one)
        for name, one in sorted(metrics.items(), key=lambda it: order.index(it[1].role))
    )


def _metric_result(name: str, one: Metric) -> MetricResult:
    target = one.target if one.target is not None or one.role != "guardrail" else one.limit
    if target is None:
        return MetricResult(name, one, None, "no target")
    if one.actual is None:
        return MetricResult(name, one, target, "not measured")
    reached = one.actual >= target if one.better == "higher" else one.actual <= target
    way = None
    if one.baseline is not None and one.target is not None and one.target != one.baseline:
        way = (one.actual - one.baseline) / (one.target - one.baseline)
    return MetricResult(name, one, target, "reached" if reached else "missed", way)


def _compared(figures: DerivedValues, record: Project) -> list[Compared]:
    """Gain, cost and time: what the stage planned, and what `it-actual` says."""
    snapshot, said = figures.snapshot, Answers(figures.snapshot, record.id)
    plan = snapshot.plan
    currency, strategy = plan.board.currency, plan.strategy(record.id)
    stage = strategy.stages.get(record.stage)
    wanted = three("Gain", said, "pri-gain", "", partial(gain, unit=f"{currency} per year"))
    gain_planned = wanted.value if isinstance(wanted, Explained) else None
    cap = stage.cap if stage is not None else None
    approved = stage.approved if stage is not None and stage.approved is not None else cap
    spent, spent_by = said.figure("it-actual", "cost spent"), "it-actual"
    if spent is None and record.cycle == 1 and strategy.budget.spent is not None:
        spent, spent_by = strategy.budget.spent, "budget.spent"
    weeks = said.number("stage-timebox")
    weeks = stage.weeks if stage is not None and stage.weeks is not None else weeks
    taken, taken_by = said.figure("it-actual", "weeks taken"), "it-actual"
    if taken is None and has_come(record.started, snapshot.today):
        taken, taken_by = round((snapshot.today - record.started).days / DAYS_PER_WEEK, 1), "since it started"
    measured = said.figure("it-actual", "gain per year measured")
    if approved is None:
        approved, by = said.number("stage-cap"), "stage-cap"
    else:
        by = f"stages.{record.stage}.{'approved' if approved is not cap else 'cap'}"
    return [
        Compared("gain a year", gain_planned, measured, currency, "pri-gain", "it-actual"),
        Compared("money", approved, spent, currency, by, spent_by),
        Compared("weeks", weeks, taken, "weeks", f"stages.{record.stage}.weeks", taken_by),
    ]


def _dates(figures: DerivedValues, record: Project) -> tuple[DateResult, ...]:
    """The milestones of the stage, by the day on which they were wanted."""
    plan = figures.snapshot.plan
    milestones = plan.strategy(record.id).milestones
    asked = {name: one for name, one in milestones.items() if one.stage in (None, record.stage)}
    if not asked:
        return ()
    known = figures.schedule().milestones
    leading = {card.milestone for card in plan.cards_of.get(record.id, ()) if card.milestone}
    found: list[DateResult] = []
    for name, one in asked.items():
        due = one.promised_date or one.due
        reached = known.get((record.id, name))
        state: DateState = "no cards" if name not in leading else "open"
        if reached is not None and name in leading and reached.is_done:
            state = "reached"
        found.append(DateResult(name, one.title, due, state, reached.date if reached is not None else None))
    return tuple(sorted(found, key=lambda one: (one.due or dt.date.max, one.id)))


def missing_of(found: CycleReview) -> Sequence[Lack]:
    """What a look back lacks before it can be written down as whole, each with the command that adds it."""
    lacks = [
        Lack(f"{one.metric.label or one.id}: no value yet", f"kedge metric record {one.id} VALUE")
        for one in found.metrics
        if one.state == "not measured"
    ]
    lacks += [
        Lack(f"{one.name}: no actual figure yet", f"kedge answer {one.actual_by}")
        for one in found.figures
        if one.actual is None
    ]
    if not found.lessons:
        lacks.append(Lack("no lesson is written down", "kedge lesson add TEXT tags=…"))
    return lacks


def rank_in(ranking: Ranking, project: str) -> tuple[int, int] | None:
    """The rank of a project, and among how many; None where it is over."""
    ids = [one.worth.project.id for one in ranking.all]
    return (ids.index(project) + 1, len(ids)) if project in ids else None

"""P121 to P128: whether the strategy can hold: its targets against time, people and data, and who agreed to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ..assess.records_asked import needed_datasets
from ..plan.plan import Plan
from ..records.address import Address
from ..records.project import Project
from ..records.strategy import Metric, Strategy
from ..schedule.problem import BOARD
from ..text.dates import short_date
from ..text.figure import amount, written
from ..text.named import quoted
from ..value.project_figures import Answers
from ..value.timing import time_boxes
from .assess import WEAK
from .rule import PLAYBOOK, Hit, Rule, View, per_active, per_record, per_schedule

if TYPE_CHECKING:
    from ..budget.headcount import MonthOfSkill
    from ..records.fields import Stage

TRAINING, PRODUCTION = "execute/training-pipeline", "execute/production-pipeline"
GRADES = ("available", "quality", "relevance")
_NAMED = 3
"""People or datasets that a message names; more would hide what it says."""


# ---- people


def pipelines_apart(project: Project, view: View) -> Iterator[Hit]:
    """Training and production pipelines that have owners, and none in common."""
    training, production = (_owners(view.plan, project.id, place) for place in (TRAINING, PRODUCTION))
    if not training or not production or set(training) & set(production):
        return
    if any(one.kind == "shares people" for one in project.dependencies.values()):
        return
    yield Hit(
        project.address,
        f"no one works on both pipelines: training {_some(training)}, production {_some(production)}",
        (),
        f"give one of them a card in both (kedge list place:{TRAINING}), or write down how they work together: "
        'kedge dependency add "WHAT" kind="shares people"',
    )


def _owners(plan: Plan, project: str, place: str) -> list[str]:
    cards = plan.cards_of.get(project, ())
    return sorted(
        {one.owner for one in cards if one.place == place and one.owner and one.status != "dropped"}
    )


def too_few_people(plan: Plan, view: View) -> Iterator[Hit]:
    """Skills whose people cannot do by a month's end what due dates ask of them by then, in whatever order."""
    if view.schedule is None:
        return
    from ..budget.headcount import due_by_month
    from ..capacity.capacity import planned_load

    load = planned_load(view.snapshot)
    short: dict[tuple[str, ...], list[MonthOfSkill]] = {}
    for row in due_by_month(view.schedule, load):
        have = tuple(one.id for one in plan.people.values() if row.skill in one.skills)
        rows = short.setdefault(have, [])
        # Skills of the same people are short together, and the first month says it.
        if row.gap > 0 and (not rows or row.month == rows[0].month):
            rows.append(row)
    for have, rows in short.items():
        if rows:
            row = rows[0]
            yield Hit(
                plan.people[have[0]].address if len(have) == 1 else BOARD,
                f"{_some([one.skill for one in rows])}: due dates ask for {written(round(row.needed, 3))} "
                f"person-months of {_some(have)} by the end of {row.month:%B %Y}, and there are "
                f"{written(round(row.there, 3))} at {written(100 * load)} % of their time",
                (),
                "agree later dates, take work out, or find another person: kedge budget shows people by month",
            )


# ---- targets


def target_no_better(strategy: Strategy, view: View) -> Iterator[Hit]:  # noqa: ARG001
    """A target that the baseline reaches already, or that is worse than the value at which one stops."""
    for key, metric in strategy.metrics.items():
        for name, field, sense in (
            ("the baseline", "baseline", "nothing has to be built for it"),
            ("the value at which the project stops", "kill", "it would stop with its target met"),
        ):
            other = getattr(metric, field)
            if metric.role == "guardrail" or metric.target is None or other is None:
                continue
            if not _is_better(metric, metric.target, other):
                yield Hit(
                    strategy.address,
                    f"target {written(metric.target)} of {key} is no better than {name}, {written(other)} "
                    f"({metric.better} is better): {sense}",
                    ("metrics", key, "target"),
                    f"correct one of them: kedge metric set {key} target=… {field}=… better=…",
                )


def _is_better(metric: Metric, one: float, other: float) -> bool:
    return one > other if metric.better == "higher" else one < other


def target_before_work(plan: Plan, view: View) -> Iterator[Hit]:
    """A target that is wanted on a day on which the work of its stage is still going on."""
    for project in _active(plan):
        end = _end_of_stage(project, view)
        for key, metric in plan.strategy(project.id).metrics.items():
            if end is not None and metric.target is not None and metric.by is not None and metric.by < end:
                yield Hit(
                    Address("strategy", project.id, "strategy"),
                    f"{quoted(metric.label or key)} is to reach {written(metric.target)} "
                    f"by {short_date(metric.by, view.today)}, and the work "
                    f"of stage {project.stage} ends on {short_date(end, view.today)}",
                    ("metrics", key, "by"),
                    "agree a later date, or take work out of the stage: kedge critical shows what it waits for",
                )


def _end_of_stage(project: Project, view: View) -> dt.date | None:
    """The last day of the open work of a project's stage; what comes after the launch (Iterate) is not of it."""
    made = view.schedule
    if made is None:
        return None
    ends = [
        one.end
        for one in made.cards.values()
        if one.task.project == project.id
        and one.task.card.stage in (None, project.stage)
        and one.task.card.phase != "iterate"
    ]
    return made.axis.date(max(ends) - 1) if ends else None


def target_on_weak_data(project: Project, view: View) -> Iterator[Hit]:
    """A primary target, once it is planned for, that rests on data with a grade too low to carry it."""
    metrics = view.plan.strategy(project.id).metrics
    targets = ((key, one.target) for key, one in metrics.items() if one.role == "primary")
    key, target = next(((key, target) for key, target in targets if target is not None), ("", 0.0))
    if not key or project.phase == "assess":
        return
    weak = [
        f"{one.id} ({name} {grade})"
        for one in needed_datasets(view.plan, project)
        for name in GRADES
        if (grade := getattr(one, name)) is not None and grade < WEAK
    ]
    if weak:
        yield Hit(
            Address("strategy", project.id, "strategy"),
            f"target {written(target)} of {quoted(metrics[key].label or key)} rests on {_some(weak)}: "
            f"grades below {WEAK} of 5",
            ("metrics", key, "target"),
            "improve the data first, try the target on it in a time box, or aim lower",
        )


def metric_unsigned(project: Project, view: View) -> Iterator[Hit]:
    """A primary metric, once the project is planned, that those who decide have not signed."""
    metrics = view.plan.strategy(project.id).metrics
    key = next((key for key, one in metrics.items() if one.role == "primary"), None)
    if key is None or project.phase == "assess":
        return
    deciding = {name: one for name, one in project.stakeholders.items() if one.interest == "decides"}
    if not deciding and Answers(view.snapshot, project.id).answer("strat-signed") is None:
        yield Hit(
            project.address,
            f"no one has signed {key}: no stakeholder of the project decides",
            ("stakeholders",),
            "say who does: kedge stakeholder add NAME interest=decides metrics_signed_on=DATE",
        )
    for name, one in deciding.items():
        if one.metrics_signed_on is None:
            yield Hit(
                project.address,
                f"{one.name}, who decides, has not signed {key}",
                ("stakeholders", name, "metrics_signed_on"),
                f"go through it together, then: kedge stakeholder set {name} metrics_signed_on=today",
            )


# ---- time and money


def past_time_box(plan: Plan, view: View) -> Iterator[Hit]:
    """Milestones that are due, or come, after the last day of the time box of their stage."""
    made = view.schedule
    for project in _active(plan):
        strategy = plan.strategy(project.id)
        boxes = (
            time_boxes(plan, Answers(view.snapshot, project.id), project, view.today)
            if strategy.milestones
            else {}
        )
        for key, milestone in strategy.milestones.items():
            stage = milestone.stage or project.stage
            found = made.milestones.get((project.id, key)) if made is not None else None
            comes = found.date if found is not None else None
            end = boxes.get(stage)
            if end is None or (found is not None and found.is_done):
                continue
            said = [
                f"{verb} {short_date(day, view.today)}"
                for verb, day in (("is due on", milestone.due), ("comes on", comes))
                if day is not None and day > end
            ]
            if said:
                yield Hit(
                    Address("strategy", project.id, "strategy"),
                    f"{key} {' and '.join(said)}, after the time box of stage {stage}, which ends on "
                    f"{short_date(end, view.today)}",
                    ("milestones", key, "due"),
                    "take work out of the stage, or decide at its gate that it may take longer: "
                    f"kedge stage set {stage} weeks=…",
                )


def spent_above_approved(strategy: Strategy, view: View) -> Iterator[Hit]:
    """More money spent than all stages together have approved, or more approved or planned than a stage may lose."""
    approved = [one.approved for one in strategy.stages.values() if one.approved is not None]
    spent, unit = strategy.budget.spent, view.plan.board.currency
    if approved and spent is not None and spent > sum(approved):
        yield Hit(
            strategy.address,
            f"{amount(spent, unit)} are spent, and {amount(sum(approved), unit)} approved",
            ("budget", "spent"),
            "ask for more before more is spent, or stop: kedge budget shows what is to come",
        )
    caps: dict[Stage, float] = {
        stage: one.cap for stage, one in strategy.stages.items() if one.cap is not None
    }
    if not approved and caps and spent is not None and spent > sum(caps.values()):
        yield Hit(
            strategy.address,
            f"{amount(spent, unit)} are spent, and the stages are capped at {amount(sum(caps.values()), unit)}",
            ("budget", "spent"),
            "decide whether it goes on, and who approves more",
        )
    yield from _beyond_cap(strategy, caps, unit)


def _beyond_cap(strategy: Strategy, caps: Mapping[Stage, float], unit: str) -> Iterator[Hit]:
    """Money approved for a stage, or asked by what must be bought for it, above the most that it may lose."""
    for name, cap in caps.items():
        own = (one for one in strategy.resources.values() if one.stage == name and one.cost is not None)
        bought = sum((one.cost or 0.0) * (1.0 if one.quantity is None else one.quantity) for one in own)
        for value, what, field in (
            (strategy.stages[name].approved or 0.0, "approved", ("stages", name, "approved")),
            (bought, "asked for by resources", ("resources",)),
        ):
            if value > cap:
                yield Hit(
                    strategy.address,
                    f"{name}: {amount(value, unit)} are {what}, and {amount(cap, unit)} is the most that may be "
                    "lost (cap)",
                    field,
                    "lower the one, or have the cap raised by the person who set it",
                )


def _active(plan: Plan) -> Iterator[Project]:
    return (one for one in plan.projects.values() if one.state == "active")


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


KINDS = ("board", "card", "person", "project", "strategy", "assessment")


RULES = (
    Rule(
        "P121",
        "pipelines-apart",
        "warning",
        "Where one group trains the model and another serves it, features and cleaning are built twice, and differ.",
        "Let one person work on both pipelines, or write down as a dependency how the two groups work together.",
        PLAYBOOK + "rule-same-people",
        'place = "execute/production-pipeline"',
        per_active(pipelines_apart, "card"),
    ),
    Rule(
        "P122",
        "target-no-better",
        "warning",
        "A target that is met before anything is built, or behind the value at which one stops, judges nothing.",
        "Correct target, baseline, the value at which one stops, or which way is better.",
        PLAYBOOK + "strat-north-star",
        "baseline = 0.4\ntarget = 0.3",
        per_record(target_no_better, "strategy"),
    ),
    Rule(
        "P123",
        "target-before-work",
        "warning",
        "A target that is wanted before the work for it is over will be missed, and the plan says so already.",
        "Agree a later date, or take work out.",
        PLAYBOOK + "rule-feasible",
        "by = 2026-11-25",
        per_schedule(target_before_work, *KINDS),
    ),
    Rule(
        "P124",
        "too-few-people",
        "warning",
        "Where due dates ask for more of a skill than there is, no order of the cards helps: some of them come late.",
        "Agree later dates, take work out, or find another person with the skill.",
        PLAYBOOK + "rule-feasible",
        'skills = ["ml"]',
        per_schedule(too_few_people, *KINDS),
    ),
    Rule(
        "P125",
        "target-on-weak-data",
        "advice",
        "Data that is poor, hard to get or irrelevant limits what any model can reach, whatever the target is.",
        "Improve the data, try it in a time box, or aim lower.",
        PLAYBOOK + "rule-feasible, rule-overreach",
        "quality = 2",
        per_active(target_on_weak_data, "card", "dataset", "strategy"),
    ),
    Rule(
        "P126",
        "metric-unsigned",
        "warning",
        "A shared word with two meanings surfaces at launch, when it is expensive.",
        "Go through the primary metric with each of those who decide, and note the day.",
        PLAYBOOK + "strat-signed",
        'interest = "decides"',
        per_active(metric_unsigned, "strategy"),
    ),
    Rule(
        "P127",
        "past-time-box",
        "warning",
        "A stage has a time box so that one stops and decides; a milestone behind it decides that it goes on.",
        "Take work out of the stage, or decide at its gate that it may take longer.",
        PLAYBOOK + "stage-timebox",
        "weeks = 2",
        per_schedule(past_time_box, *KINDS),
    ),
    Rule(
        "P128",
        "spent-above-approved",
        "warning",
        "Money that no one approved was spent on a decision that no one made.",
        "Ask for more before more is spent, or stop.",
        PLAYBOOK + "strat-budget",
        "spent = 60000",
        per_record(spent_above_approved, "strategy"),
    ),
)

"""A170 to A179: two statements of a project that cannot both be true, or a range that no reading of it has."""

from __future__ import annotations

from collections.abc import Iterator

from ..playbook.part import STAGE_ORDER
from ..records.address import Address
from ..records.base import Record
from ..records.card import Card
from ..records.governance import Decision
from ..records.project import Project
from ..records.strategy import Strategy
from ..text.figure import Explained, figure_of, written
from ..value.project_figures import WEEKS_PER_YEAR, Answers
from .assess import MONEY_QUESTIONS, is_settled, waits_for_nothing
from .rule import FIGURES, PLAYBOOK, Hit, Rule, View, per_active, per_project, per_record


def _assessment(project: Project) -> Address:
    return Address("assessment", project.id, "assessment")


def two_figures(project: Project, view: View) -> Iterator[Hit]:
    """The same figure twice, with two values: in an answer, and in the project or its strategy."""
    said, stage = Answers(view.snapshot, project.id), view.plan.strategy(project.id).stages.get(project.stage)
    pairs = (
        ("pri-complexity", "complexity 1-5", project.complexity, f"{project.id} has a complexity of"),
        ("pri-delay", "", project.cost_of_delay, f"{project.id} has a cost_of_delay of"),
        (
            "stage-timebox",
            "",
            stage.weeks if stage is not None else None,
            f"the strategy gives {project.stage}",
        ),
    )
    for question, name, other, where in pairs:
        own = said.figure(question, name) if name else said.number(question)
        if own is not None and other is not None and own != other:
            yield Hit(
                _assessment(project),
                f"{question} says {written(own)}, and {where} {written(other)}",
                ("answers", question, *(("values", name) if name else ("verdict",))),
                "write the same figure in both, or take one of them out",
            )
    yield from _other_effort(project, said)


EFFORT_APART = 0.1
"""Share by which the person-months by skill may differ from their sum in pri-cost: rounding, not another estimate."""


def _other_effort(project: Project, said: Answers) -> Iterator[Hit]:
    """Person-months by skill that do not add up to those of the answer; the former count."""
    effort, months = sum(project.effort.values()), said.figure("pri-cost", "person-months to next gate")
    if project.effort and months and abs(effort - months) > EFFORT_APART * months:
        yield Hit(
            project.address,
            f"effort adds up to {written(effort)} person-months, and pri-cost says {written(months)}",
            ("effort",),
            "write the same in both; the effort by skill is what counts",
        )


def metric_not_better(project: Project, view: View) -> Iterator[Hit]:
    """A metric whose target is no better than its value now."""
    for key, metric in view.plan.strategy(project.id).metrics.items():
        start, target = metric.baseline, metric.target
        if start is None or target is None or metric.role in ("guardrail", "diagnostic"):
            continue
        if (target <= start) if metric.better == "higher" else (target >= start):
            yield Hit(
                Address("strategy", project.id, "strategy"),
                f"{metric.label or key}: the target is {written(target)}, the baseline {written(start)}, and "
                f"{metric.better} is better",
                ("metrics", key, "target"),
                "set a target that is better than today, or correct which way is better (better)",
            )


LEAST_BETTER, MOST_BETTER = 0.5, 400
"""Percent by which a model beats a rule: less is chance, or a share typed for a percentage; five times as good is a
leak. Our own."""
PERCENT = ("percent of", "% of", "share of")
"""How units of a part of a whole begin: it is between 0 and 100."""


def beyond_the_whole(project: Project, view: View) -> Iterator[Hit]:
    """A part of a whole that is below nothing or above all of it."""
    for key, goal in project.goals.items():
        if not (goal.unit or "").casefold().startswith(PERCENT):
            continue
        for field in ("start", "target"):
            value: float | None = getattr(goal, field)
            if value is not None and not 0 <= value <= 100:
                yield Hit(
                    project.address,
                    f"{goal.label or key}: {field} is {written(value)} {goal.unit}; a part is between 0 and 100",
                    ("goals", key, field),
                    "correct the figure or the unit",
                )
    said = Answers(view.snapshot, project.id)
    if said.figure("pri-errors", "prevalence") == 1:
        yield Hit(
            _assessment(project),
            "a prevalence of 1 (pri-errors) says that every case is one of those to find, and then no model is needed",
            ("answers", "pri-errors", "values", "prevalence"),
            "say which share of all cases they are: kedge answer pri-errors prevalence=SHARE",
        )
    recall, wrong = (said.figure("pri-errors", name) for name in ("recall", "false-alarm rate"))
    if recall == 1 and wrong == 0:
        yield Hit(
            _assessment(project),
            "pri-errors: a recall of 1 without a false alarm: no model is without errors",
            ("answers", "pri-errors", "values", "recall"),
            "look for a leak of the answer into the data, and write what was measured on other rows",
        )
    better = said.number("stage-baseline")
    if better is not None and 0 < better < LEAST_BETTER:
        yield Hit(
            _assessment(project),
            f"stage-baseline says {written(better)} percent better than the simplest baseline: that is a tie",
            ("answers", "stage-baseline", "verdict"),
            "keep the baseline, or say in percent by how much it is beaten on the same data",
        )
    if better is not None and better > MOST_BETTER:
        yield Hit(
            _assessment(project),
            f"{written(better)} percent better than the simplest baseline (stage-baseline); above "
            f"{MOST_BETTER} the baseline or the test is probably wrong",
            ("answers", "stage-baseline", "verdict"),
            "look for a leak of the answer into the data, and measure the baseline on the same rows",
        )


DEAREST_DELAY = 10.0
"""How many weeks of gain a week of delay may cost; fines and seasons make it more than one. Our own."""


def delay_beyond_gain(project: Project, view: View) -> Iterator[Hit]:
    """Waiting that costs far more than what is waited for brings."""
    found, said = view.worth(project), Answers(view.snapshot, project.id)
    if found is None or project.mandatory or not isinstance(found.gain, Explained) or found.gain.value <= 0:
        return
    week = figure_of(found.gain) / WEEKS_PER_YEAR
    for value, address, field in (
        (project.cost_of_delay, project.address, ("cost_of_delay",)),
        (said.number("pri-delay"), _assessment(project), ("answers", "pri-delay", "verdict")),
    ):
        if value is not None and value > DEAREST_DELAY * week:
            yield Hit(
                address,
                f"a week of delay costs {written(value)}, and a week of the gain brings {written(week)} "
                f"({field[1] if len(field) > 1 else field[0]})",
                field,
                "correct one of them, or say in the gain what else is lost",
            )


DAYS_AFTER = 180
"""Days for which what was built is still watched: the right answers come late."""


def comes_after_the_end(project: Project, view: View) -> Iterator[Hit]:
    """A milestone of this stage that is due long after the project."""
    if project.due is None:
        return
    for key, one in view.plan.strategy(project.id).milestones.items():
        is_later = one.stage is not None and STAGE_ORDER[one.stage] > STAGE_ORDER[project.stage]
        if one.due is not None and (one.due - project.due).days > DAYS_AFTER and not is_later:
            yield Hit(
                Address("strategy", project.id, "strategy"),
                f"{one.label or key} is due on {one.due}, after the project on {project.due}",
                ("milestones", key, "due"),
                "move one of the days, or give the milestone the later stage that it belongs to",
            )


FAR_POINTS = 50
"""How many times the low point the high one of an estimate may be; ten is a wild guess. Our own."""
LONGEST_CARD = 260
"""Working days of a year."""
LONGEST_MILESTONE = 780
"""Working days of three years."""


def wild_estimate(record: Record, view: View) -> Iterator[Hit]:  # noqa: ARG001
    """An estimate whose points are so far apart, or so long, that one of them was mistyped."""
    for field, what, points, most in _estimates(record):
        low, high = points[0], points[-1]
        if high > most or high > FAR_POINTS * low > 0:
            yield Hit(
                record.address,
                f"{what} of {written(low)} to {written(high)} working days",
                field,
                "correct it, or cut it into parts that can be estimated",
            )


def _estimates(record: Record) -> Iterator[tuple[tuple[str, ...], str, tuple[float, ...], float]]:
    """Estimates of a record: the field, what it is, its points, and the most days that it may have."""
    if isinstance(record, Strategy):
        for key, one in record.milestones.items():
            if one.estimate:
                yield ("milestones", key, "estimate"), f"{key}: an estimate", one.estimate, LONGEST_MILESTONE
    elif isinstance(record, Card) and record.is_open:
        if record.estimate:
            yield ("estimate",), "an estimate", record.estimate, LONGEST_CARD
        if record.remaining is not None:
            yield ("remaining",), "remaining work", (record.remaining,), LONGEST_CARD


LONGEST_APPROVAL = 520
"""Working days of two years."""


def waiting_for_access(project: Project, view: View) -> Iterator[Hit]:
    """Days to get access that no office takes, though access is there."""
    for dataset in view.plan.datasets(project.id):
        if dataset.approval_days is not None and dataset.approval_days > LONGEST_APPROVAL:
            yield Hit(
                dataset.address,
                f"{dataset.id}: approval_days of {written(dataset.approval_days)} is more than two working years",
                ("approval_days",),
                "write how long it takes as a rule; the first data are planned by it",
            )


def passed_without_decision(project: Project, view: View) -> Iterator[Hit]:
    """A project that asked for money in Assess and is past its gate, without a decision that let it pass."""
    said = Answers(view.snapshot, project.id)
    if project.phase == "assess" or project.cycle > 1 or view.unread("decision", project.id):
        return
    gate = next((one for one in view.playbook.gates if one.from_phase == "assess"), None)
    passed = gate is not None and any(
        one.gate == gate.id for one in view.plan.of_kind("decision", project.id) if isinstance(one, Decision)
    )
    if gate is not None and not passed and all(map(said.answer, MONEY_QUESTIONS)):
        yield Hit(
            project.address,
            f"{project.id} is in {project.phase}, and no decision at {gate.id} let it go there (phase)",
            ("phase",),
            f"record who decided: kedge decision add … gate={gate.id} outcome=go by=PERSON why=…",
        )


MEASURED = ("recall", "false-alarm rate")


def figures_in_part(project: Project, view: View) -> Iterator[Hit]:
    """Figures of which some are said and the others are not, so that a cost counts as nothing."""
    said = Answers(view.snapshot, project.id)
    if not is_settled(project, said):
        return
    for question, begun in (("pri-run", ("money per year to run",)), ("pri-errors", MEASURED)):
        item, answer = view.playbook.item(question), said.answer(question)
        if (
            question == "pri-run"
            and answer is None
            and project.phase == "assess"
            and waits_for_nothing(project, view)
        ):
            yield Hit(
                _assessment(project),
                "pri-run is not answered, so that running it counts as nothing",
                ("answers", question),
                "say what it costs each year: kedge answer pri-run money=MONEY hours=HOURS ceiling=MONEY",
            )
        if item is None or answer is None or answer.because:
            continue
        missing = [one.id for one in item.figures if one.id not in answer.values]
        if missing and any(name in answer.values for name in begun):
            yield Hit(
                _assessment(project),
                f"{question} says nothing of {', '.join(missing)}, so that it counts as nothing",
                ("answers", question, "values"),
                f'kedge answer {question} "{missing[0]}=NUMBER", or --because why it is left out',
            )


RULES = (
    Rule(
        "A170",
        "two-figures",
        "warning",
        "One figure in two places: whoever reads the one decides otherwise than whoever reads the other.",
        "Write the same figure in both, or take one of them out.",
        PLAYBOOK + "pri-complexity, pri-delay, stage-timebox",
        "[answers.pri-delay]\nverdict = 100",
        per_project(two_figures, "assessment", "strategy"),
    ),
    Rule(
        "A171",
        "metric-not-better",
        "warning",
        "A target at or below what the simplest method reaches is met by doing nothing.",
        "Set a target that is better than the baseline, or correct which way is better.",
        PLAYBOOK + "pf-metrics",
        "baseline = 0.6\ntarget = 0.5",
        per_active(metric_not_better, "strategy"),
    ),
    Rule(
        "A172",
        "beyond-the-whole",
        "warning",
        "More than all, or less than none, was mistyped, or is counted in another unit than it says.",
        "Correct the figure or the unit.",
        PLAYBOOK + "disc-outcome, stage-baseline; the limit for the latter is our own",
        'unit = "percent of orders"\nstart = 120.0',
        per_active(beyond_the_whole, "assessment"),
    ),
    Rule(
        "A173",
        "delay-beyond-gain",
        "warning",
        "The order of projects follows what waiting costs. Three digits too many put one before all others.",
        "Correct the cost of delay or the gain.",
        PLAYBOOK + "pri-delay; ten weeks of gain are our own",
        "cost_of_delay = 8000000",
        per_active(delay_beyond_gain, "person", *FIGURES),
    ),
    Rule(
        "A174",
        "comes-after-the-end",
        "advice",
        "What is due after the project is over is done by no one.",
        "Move one of the days, or give the milestone its later stage.",
        PLAYBOOK + "gate-plan",
        "due = 2028-01-01",
        per_active(comes_after_the_end, "strategy"),
    ),
    Rule(
        "A175",
        "wild-estimate",
        "advice",
        "The forecast takes the points as they are written: one mistyped high end moves every date after it.",
        "Correct the estimate, or cut the card into parts.",
        PLAYBOOK + "plan",
        "estimate = [2, 3, 5000]",
        per_record(wild_estimate, "card", "strategy"),
    ),
    Rule(
        "A176",
        "access-takes-years",
        "advice",
        "The days that access takes move the first day on which the work can begin.",
        "Write how long it takes as a rule.",
        PLAYBOOK + "data-inventory",
        "approval_days = 4000",
        per_active(waiting_for_access, "dataset"),
    ),
    Rule(
        "A178",
        "passed-without-decision",
        "advice",
        "The gate is there so that a second person looks. A phase that is set by hand passes it unseen.",
        "Record who decided and why, or set the phase back and ask the gate.",
        PLAYBOOK + "gate-assess",
        'phase = "plan"',
        per_active(passed_without_decision, "assessment", "decision"),
    ),
    Rule(
        "A179",
        "figures-in-part",
        "advice",
        "A cost looks complete where one of its parts is missing, and that part is taken as free.",
        "Say the other figures, or in the answer why they are left out (because).",
        PLAYBOOK + "pri-run, pri-errors",
        '[answers.pri-run.values]\n"money per year to run" = 12000',
        per_active(figures_in_part, "person", *FIGURES),
    ),
)

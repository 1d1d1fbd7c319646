"""E120 to E127: live tests whose counts, size or result do not go together, and canaries that cannot show anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from ..operations.budgets import error_budget
from ..operations.experiments import Trial, experiment_size
from ..operations.rollouts import steps_of
from ..records.delivery import Experiment, Monitor, Rollout
from ..records.project import Project
from ..text.figure import written
from ..value.project_figures import Answers
from .rule import PLAYBOOK, Hit, Rule, View, per_active

SAME = 0.99
"""Share of the units that are needed from which on a planned size is large enough: people round."""


def _trials(project: Project, view: View) -> Iterator[Trial]:
    """The live tests of a project."""
    for record in sorted(view.plan.of_kind("experiment", project.id), key=lambda one: one.id):
        experiment = cast("Experiment", record)
        if experiment.kind == "A/B":
            yield Trial.of(view.plan, experiment)


def counts_contradict(project: Project, view: View) -> Iterator[Hit]:
    """More events than units, shares that do not sum to 1, a control that is no variant, more failures than events."""
    for record in sorted(view.plan.of_kind("experiment", project.id), key=lambda one: one.id):
        trial = Trial.of(view.plan, cast("Experiment", record))
        is_share = trial.spread(trial.record.primary_metric or "") is None
        for name, arm in trial.record.arms.items():
            if is_share and arm.units is not None and (arm.events or 0) > arm.units:
                yield Hit(
                    record.address,
                    f"{record.id}: {name} has {written(arm.events or 0)} events of {written(arm.units)} units",
                    ("arms", name, "events"),
                    "count units that did it, or say the metric's spread where it is a mean",
                )
        if trial.record.kind == "A/B" and len(trial.record.arms) > 1:
            try:
                _ = trial.shares
            except ValueError as wrong:
                yield Hit(record.address, f"{record.id}: {wrong}", (), "correct it")
    said = Answers(view.snapshot, project.id)
    for record in sorted(view.plan.of_kind("monitor", project.id), key=lambda one: one.id):
        monitor = cast("Monitor", record)
        if monitor.failures is not None and monitor.events is not None and monitor.failures > monitor.events:
            yield Hit(
                record.address,
                f"{record.id}: {written(monitor.failures)} failures of {written(monitor.events)} events",
                ("failures",),
                "correct the counts",
            )
            continue
        try:
            error_budget(monitor, said)
        except ValueError as wrong:
            yield Hit(record.address, f"{record.id}: {wrong}", ("failures",), "correct the counts")


def split_not_as_planned(project: Project, view: View) -> Iterator[Hit]:
    """Units that did not come out in the planned shares, so that no effect can be read."""
    for trial in _trials(project, view):
        found = view.read(trial)
        if found is not None and not found.split.ok:
            yield Hit(
                trial.record.address,
                f"{trial.record.id}: {found.split.text.partition(';')[0]}",
                ("arms",),
                "look for the fault in the assignment or the counting before anything is read",
            )


def read_too_early(project: Project, view: View) -> Iterator[Hit]:
    """A result that was recorded before the planned size was reached, without limits for early looks."""
    for trial in _trials(project, view):
        found = view.read(trial)
        if trial.record.result is not None and found is not None and found.verdict == "still running":
            part = next((note for note in found.notes if "planned units" in note), "before its end")
            yield Hit(
                trial.record.address,
                f"{trial.record.id} says {trial.record.result} with {part}",
                ("result",),
                "wait for the planned size, or plan looks with limits: boundary=obrien-fleming",
            )


def guardrail_without_margin(project: Project, view: View) -> Iterator[Hit]:
    """A guardrail of a live test without a bound for how much worse it may get."""
    for trial in _trials(project, view):
        for at, metric in enumerate(trial.record.guardrails):
            if trial.record.result is None and not trial.margin(metric):
                yield Hit(
                    trial.record.address,
                    f"{trial.record.id}: the guardrail {metric} has no margin",
                    ("guardrails", at),
                    f"kedge experiment set {trial.record.id} measures.{metric}.margin=…",
                )


def test_too_small(project: Project, view: View) -> Iterator[Hit]:
    """A planned size that cannot show the smallest effect that pays."""
    for trial in _trials(project, view):
        record = trial.record
        if record.result is not None or not record.sample_size:
            continue
        try:
            found = experiment_size(trial)
        except ValueError:
            continue  # what is missing for the size, the playbook asks for
        if found.per_arm and record.sample_size < SAME * found.per_arm[0]:
            yield Hit(
                record.address,
                f"{record.id} plans {written(record.sample_size)} units in {found.arms[0]}, and an effect of "
                f"{written(abs(found.absolute))} takes {written(found.per_arm[0])}",
                ("sample_size",),
                f"kedge experiment size {record.id} has the arithmetic; --write keeps it",
            )


def canary_too_short(project: Project, view: View) -> Iterator[Hit]:
    """A step of a rollout that sees fewer events than a guardrail asks for."""
    for record in sorted(view.plan.of_kind("rollout", project.id), key=lambda one: one.id):
        try:
            steps = steps_of(cast("Rollout", record))
        except ValueError:
            continue
        for one in steps:
            for name in one.too_few if one.step.outcome is None else ():
                yield Hit(
                    record.address,
                    f"{record.id}: {written(one.handled or 0)} requests meet the step {one.id}, and its guardrail "
                    f"{name} is judged from more on",
                    ("steps", one.id, "minutes"),
                    "watch it longer, or give it a larger share",
                )


def looks_without_limits(project: Project, view: View) -> Iterator[Hit]:
    """A test that is read several times with the limit of a test that is read once."""
    for trial in _trials(project, view):
        record = trial.record
        if (record.looks or 1) > 1 and record.boundary == "none" and record.result is None:
            try:
                chance = trial.false_alarm
            except ValueError:
                continue
            yield Hit(
                record.address,
                f"{record.id}: {record.looks} looks without limits call nothing an effect in "
                f"{written(100 * chance)} of 100 tests",
                ("looks",),
                f"kedge experiment set {record.id} boundary=obrien-fleming, or read it once",
            )


def result_is_not_its_counts(project: Project, view: View) -> Iterator[Hit]:
    """A recorded result that the recorded counts do not give."""
    for trial in _trials(project, view):
        found, record = view.read(trial), trial.record
        if (
            record.result is None
            or found is None
            or found.result in (None, record.result)
            or not found.split.ok
        ):
            continue
        yield Hit(
            record.address,
            f"{record.id} says {record.result}, and its counts say {found.result}: {found.text}",
            ("result",),
            f"kedge experiment read {record.id} --write, or say why in its notes and allow it",
        )


RULES = (
    Rule(
        "E120",
        "counts-contradict",
        "error",
        "Counts that cannot be true make every figure after them wrong.",
        "Correct the one that is wrong.",
        PLAYBOOK + "tp-integrity",
        "units = 100\nevents = 120",
        per_active(counts_contradict, "experiment", "monitor", "strategy", "assessment"),
    ),
    Rule(
        "E121",
        "split-not-as-planned",
        "warning",
        "Where the units did not come out as planned something moved them, and it moved the result too.",
        "Look for the fault; do not read the result.",
        "Fabijan et al. 2019; Kohavi, Tang, Xu 2020: p below 0.001",
        "units = 11000",
        per_active(split_not_as_planned, "experiment", "strategy"),
    ),
    Rule(
        "E122",
        "read-too-early",
        "warning",
        "Looking ten times at a 5 % test gives a 19 % false-alarm rate.",
        "Wait for the planned size, or plan looks with limits.",
        PLAYBOOK + "tp-integrity; Armitage, McPherson, Rowe 1969",
        'result = "supports"',
        per_active(read_too_early, "experiment", "strategy"),
    ),
    Rule(
        "E123",
        "guardrail-without-margin",
        "advice",
        "Without a margin a guardrail that got worse is called unchanged as long as the test is small.",
        "Say how much worse it may get, or give the metric a baseline and a limit.",
        PLAYBOOK + "tp-guard; Schultzberg et al. 2024",
        'guardrails = [\n  "complaints",\n]',
        per_active(guardrail_without_margin, "experiment", "strategy"),
    ),
    Rule(
        "E124",
        "test-too-small",
        "warning",
        "A test that is too small says nothing, and that is then read as no effect.",
        "Take the size that `kedge experiment size` gives, or a larger smallest effect.",
        PLAYBOOK + "tp-experiment",
        "sample_size = 500",
        per_active(test_too_small, "experiment", "strategy"),
    ),
    Rule(
        "E125",
        "canary-too-short",
        "advice",
        "A step that is over before its guardrails can be judged only costs time.",
        "Watch it longer, or give it a larger share.",
        PLAYBOOK + "tp-rollout",
        "least_events = 5000",
        per_active(canary_too_short, "rollout"),
    ),
    Rule(
        "E126",
        "looks-without-limits",
        "warning",
        "Each further look at the limit of a single one is a further chance of a false alarm.",
        "Take limits for several looks, or read it once at the end.",
        "Armitage, McPherson, Rowe 1969; O'Brien and Fleming 1979",
        "looks = 5",
        per_active(looks_without_limits, "experiment"),
    ),
    Rule(
        "E127",
        "result-is-not-its-counts",
        "warning",
        "The next stage is decided on the result; whoever reads the counts later would decide otherwise.",
        "Read the counts again, or say why they do not tell.",
        PLAYBOOK + "tp-verdict",
        'result = "supports"',
        per_active(result_is_not_its_counts, "experiment", "strategy"),
    ),
)

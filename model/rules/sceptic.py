"""A145 to A155: what a sceptical reviewer asks before the gate: days that cannot be, boxes without anything in them.

Each speaks of something that was said, never of what is merely not said yet, so that a first idea hears nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from math import isclose
from typing import cast

from ..assess.access import late_access
from ..assess.legal import choices, rights_at_low_risk
from ..calculators.inputs import calculated
from ..playbook.models import Item
from ..records.address import Address
from ..records.assessment import Assessment
from ..records.base import Entry, Record, sections
from ..records.dataset import Dataset
from ..records.delivery import Monitor, Rollout
from ..records.governance import Decision, Review, Risk
from ..records.project import Constraint, Goal, Project, Stakeholder, Technique, Unknown
from ..records.strategy import Budget, Metric
from ..text.figure import Explained, written
from ..value.project_figures import Answers
from ..value.worth import worth
from .assess import FIGURES, PLAYBOOK
from .rule import Hit, Rule, View, per_active, per_record

# ---- days

DONE_ON: Mapping[type[Entry], tuple[str, ...]] = {
    Dataset: ("asked_on", "checked_on"),
    Stakeholder: ("briefed_on", "metrics_signed_on", "feasibility_checked_on"),
    Metric: ("measured_on",),
    Budget: ("spent_until",),
    Decision: ("date",),
    Review: ("date",),
    Rollout: ("rehearsed_on",),
    Monitor: ("last_fired", "last_tested"),
}
"""Days on which something was done, which cannot lie ahead."""


def _with_entries(record: Record) -> Iterator[tuple[tuple[str, ...], Entry]]:
    """A record and the entries in it, each with its path."""
    yield (), record
    for name in sections(type(record)):
        yield from (((name, key), entry) for key, entry in getattr(record, name).items())
    budget = getattr(record, "budget", None)
    if isinstance(budget, Budget):
        yield ("budget",), budget


def done_in_the_future(record: Record, view: View) -> Iterator[Hit]:
    """Something that was done on a day that is still to come."""
    for path, entry in _with_entries(record):
        for field in DONE_ON.get(type(entry), ()):
            day = getattr(entry, field)
            if day is not None and day > view.today:
                name = f"{entry.label or path[-1] if path else record.id}"
                yield Hit(
                    record.address,
                    f"{name}: {field} is {day}, which is {(day - view.today).days} days ahead",
                    (*path, field),
                    "write the day on which it was done; it counts from then on",
                )


def day_has_passed(project: Project, view: View) -> Iterator[Hit]:
    """A day by which something was wanted, and which has passed without it."""
    for record in (
        project,
        *view.plan.of_kind("dataset", project.id),
        *view.plan.of_kind("risk", project.id),
    ):
        for path, entry in _with_entries(record):
            field, said = _wanted_by(entry)
            day = cast("dt.date | None", getattr(entry, field)) if field else None
            if day is not None and day < view.today:
                name = f"{entry.label or path[-1] if path else record.id}"
                yield Hit(
                    record.address,
                    f"{name}: {said} by {day}, {(view.today - day).days} days ago",
                    (*path, field),
                    "say what came of it, or set a day ahead",
                )


def _wanted_by(entry: Entry) -> tuple[str, str]:
    """The field with the day by which something is still wanted, and what; nothing where it is done."""
    match entry:
        case Goal():
            return "by", "wanted"
        case Project():
            return "due", "promised"
        case Unknown(answer=None):
            return "due", "to be found out"
        case Constraint() | Technique():
            return "review_by", "to be looked at again"
        case Risk(state="open"):
            return "review_by", "to be looked at again"
        case Dataset(personal_data=True):
            return "delete_after", "to be deleted"
        case _:
            return "", ""


def goal_stands_still(project: Project, view: View) -> Iterator[Hit]:  # noqa: ARG001
    """A goal whose target is what there is today."""
    for key, goal in project.goals.items():
        if goal.start is not None and goal.start == goal.target:
            yield Hit(
                project.address,
                f"{goal.label or key}: the target is {written(goal.start)}, which is what there is today",
                ("goals", key, "target"),
                f"say what must get better, and by how much: kedge goal set {key} target=…",
            )


# ---- law and access


def rights_and_low_risk(project: Project, view: View) -> Iterator[Hit]:
    """A use that touches people's rights, in a risk class for those that do not."""
    for message in rights_at_low_risk(view.snapshot, project.id):
        yield Hit(
            Address("assessment", project.id, "assessment"),
            message,
            ("answers", "disc-risk-class", "verdict"),
            "have it judged: kedge answer disc-risk-class CLASS --because WHO --evidence PATH",
        )


PEOPLE_LABEL, BY_PEOPLE = "labels made by people", "must be made by people"


def profile_says_less(project: Project, view: View) -> Iterator[Hit]:
    """Answers that say of the project what its profile does not, so that the questions for it are never asked."""
    said = Answers(view.snapshot, project.id)
    profile, labels = said.answer("disc-profile"), said.answer("data-labels")
    chosen = choices(profile)
    if not chosen:
        return
    address, field = Address("assessment", project.id, "assessment"), ("answers", "disc-profile", "verdict")
    hint = "add it to disc-profile: that switches on the questions which only such projects need"
    if labels is not None and labels.verdict == BY_PEOPLE and PEOPLE_LABEL not in chosen:
        yield Hit(
            address, f"data-labels says {BY_PEOPLE}, and disc-profile lacks “{PEOPLE_LABEL}”", field, hint
        )
    content = [key for key, one in project.methods.items() if one.output == "content"]
    if content and "generates content" not in chosen:
        yield Hit(
            address, f"{content[0]} gives content, and disc-profile lacks “generates content”", field, hint
        )


def access_too_late(project: Project, view: View) -> Iterator[Hit]:
    """Data that is only asked for, and comes after the stage is over, or should have come long ago."""
    said = Answers(view.snapshot, project.id)
    for record in view.plan.of_kind("dataset", project.id):
        dataset = cast("Dataset", record)
        for message, field in late_access(dataset, said.number("stage-timebox"), view.today):
            yield Hit(
                dataset.address,
                message,
                (field,),
                "ask who decides, plan the stage around it, or use other data meanwhile",
            )


# ---- figures


EMPTY: Mapping[str, str] = {"stage-timebox": "weeks", "stage-cap": "to lose"}
"""Questions whose answer is a box that something must fit into."""


def empty_box(project: Project, view: View) -> Iterator[Hit]:
    """A time box, a cap or a dataset with nothing in it."""
    said, address = Answers(view.snapshot, project.id), Address("assessment", project.id, "assessment")
    for question, what in EMPTY.items():
        if said.number(question) == 0:
            yield Hit(
                address,
                f"{question} is 0 {what}: nothing can be done in that",
                ("answers", question, "verdict"),
                f"say how much it may take: kedge answer {question} NUMBER",
            )
    for record in view.plan.of_kind("dataset", project.id):
        if cast("Dataset", record).rows == 0:
            yield Hit(
                record.address,
                f"{record.id} has 0 rows",
                ("rows",),
                "count them, or leave the figure out until it is known",
            )


MOST: tuple[tuple[str, float], ...] = (
    ("person-months", 1_200),
    ("weeks", 520),
    ("days", 3_650),
    ("hours", 1_000),
    ("money", 1e12),
    ("people or events", 1e13),
    ("events", 1e13),
    ("percent", 10_000),
)
"""By the beginning of a unit, what no project has come to: a hundred people for a year, ten years, a trillion."""


def absurd_figure(assessment: Assessment, view: View) -> Iterator[Hit]:
    """A figure that no project has: thousands of weeks, trillions of money."""
    for name, answer in assessment.answers.items():
        item = view.playbook.item(name)
        if item is None or answer.state is not None:
            continue
        figures = [("verdict", item.unit, answer.verdict, name)] if item.kind == "number" else []
        figures += [("values", one.unit, answer.values.get(one.id), one.id) for one in item.figures]
        for table, unit, value, what in figures:
            most = next((most for start, most in MOST if unit.startswith(start)), None)
            if most is None or isinstance(value, bool) or not isinstance(value, int | float):
                continue
            if abs(value) > most:
                path = (table,) if table == "verdict" else (table, what)
                yield Hit(
                    assessment.address,
                    f"{name}: {what if table == 'values' else 'the answer'} is {written(value)} ({unit}); "
                    f"above {written(most)} it was probably mistyped",
                    ("answers", name, *path),
                    f"kedge assess {name} shows what is asked",
                )


def no_range(project: Project, view: View) -> Iterator[Hit]:
    """A gain or a cost whose three points are one number."""
    said = Answers(view.snapshot, project.id)
    for question, prefix in (("pri-gain", ""), ("pri-cost", "to next gate: ")):
        three = [said.figure(question, f"{prefix}{point}") for point in ("low", "likely", "high")]
        if None not in three and three[0] == three[2]:
            yield Hit(
                Address("assessment", project.id, "assessment"),
                f"{question}: low, likely and high are all {written(three[0] or 0)}, so that nothing is uncertain",
                ("answers", question, "values", f"{prefix}low"),
                "say how bad and how good it may be; P80 and the cap are judged by the range",
            )


CAP_BINDS = 3.0
"""How many times the cost at P80 a cap may be and still stop somebody; our own."""


def cap_never_binds(project: Project, view: View) -> Iterator[Hit]:
    """A most that may be lost, which is so high that it never stops the stage."""
    cap = Answers(view.snapshot, project.id).number("stage-cap")
    if cap is None or any(view.unread(kind, project.id) for kind in FIGURES):
        return
    cost = worth(view.snapshot, project).cost
    if isinstance(cost, Explained) and 0 < cost.number("p80") * CAP_BINDS < cap:
        yield Hit(
            Address("assessment", project.id, "assessment"),
            f"stage-cap is {written(cap)}, {written(cap / cost.number('p80'))} times the cost at P80, "
            f"{written(cost.number('p80'))}",
            ("answers", "stage-cap", "verdict"),
            "say what you accept to lose if it goes wrong, not what could be had",
        )


def other_than_its_arithmetic(project: Project, view: View) -> Iterator[Hit]:
    """An answer that is another number than what its own figures make."""
    assessment = cast("Assessment | None", view.plan.get(Address("assessment", project.id, "assessment")))
    for name, answer in assessment.answers.items() if assessment is not None else ():
        item = view.playbook.item(name)
        found = _reckoned(item, answer.values) if item is not None and answer.state is None else None
        value = answer.verdict
        if found is None or isinstance(value, bool) or not isinstance(value, int | float):
            continue
        if not isclose(value, found.value, rel_tol=0.01, abs_tol=0.01):
            yield Hit(
                Address("assessment", project.id, "assessment"),
                f"{name} is {written(value)}, and its figures make {written(found.value)}",
                ("answers", name, "verdict"),
                f"kedge assess {name} --explain has the arithmetic; kedge answer {name} NAME=VALUE works it out",
            )


def _reckoned(item: Item, values: Mapping[str, object]) -> Explained | None:
    return calculated(item, values) if item.kind == "number" and item.calculator else None


RULES = (
    Rule(
        "A145",
        "done-in-the-future",
        "warning",
        "What was done has a day that has passed. With a day ahead it keeps a gate open that should ask again.",
        "Write the day on which it was done.",
        PLAYBOOK + "gate-assess",
        "checked_on = 2027-01-04",
        per_record(done_in_the_future),
    ),
    Rule(
        "A146",
        "day-has-passed",
        "warning",
        "A goal whose date has passed can no longer be reached, and what was to be found out by then is still open.",
        "Say what came of it, or set a new day, with the person who wanted it.",
        PLAYBOOK + "disc-outcome, disc-unknowns",
        "by = 2026-06-30",
        per_active(day_has_passed, "dataset", "risk"),
    ),
    Rule(
        "A147",
        "goal-stands-still",
        "warning",
        "A goal that asks for what there is already is reached by doing nothing.",
        "Write a target that is better than today.",
        PLAYBOOK + "disc-outcome",
        "start = 12.0\ntarget = 12.0",
        per_active(goal_stands_still),
    ),
    Rule(
        "A148",
        "rights-and-low-risk",
        "warning",
        "What touches people's rights or chances is seldom of minimal risk, and the duties come with the class.",
        "Have the class judged by the person who answers for it, and link what they wrote.",
        PLAYBOOK + "disc-risk-class, disc-profile",
        '[answers.disc-risk-class]\nverdict = "minimal risk"',
        per_active(rights_and_low_risk, "assessment", "dataset"),
    ),
    Rule(
        "A149",
        "profile-says-less",
        "warning",
        "The profile switches on questions. What it does not say is never asked.",
        "Add to disc-profile what the other answers say.",
        PLAYBOOK + "disc-profile",
        '[answers.data-labels]\nverdict = "must be made by people"',
        per_active(profile_says_less, "assessment"),
    ),
    Rule(
        "A150",
        "access-too-late",
        "warning",
        "Data that nobody has is not there. Waiting for access is the commonest silent delay.",
        "Ask who decides, plan the stage around the day, or use other data meanwhile.",
        PLAYBOOK + "data-inventory",
        'access = "asked"\napproval_days = 400',
        per_active(access_too_late, "dataset", "assessment"),
    ),
    Rule(
        "A151",
        "empty-box",
        "warning",
        "A box of nothing is a question that was passed over.",
        "Say how many weeks, how much money, how many rows.",
        PLAYBOOK + "stage-timebox, stage-cap, data-inventory",
        "[answers.stage-timebox]\nverdict = 0",
        per_active(empty_box, "assessment", "dataset"),
    ),
    Rule(
        "A152",
        "absurd-figure",
        "warning",
        "A slip of three digits decides over the portfolio as any other figure does.",
        "Correct the figure, or ignore this rule in the project with a reason.",
        PLAYBOOK + "units of the questions; the limits are our own",
        "[answers.stage-timebox]\nverdict = 2600",
        per_record(absurd_figure, "assessment"),
    ),
    Rule(
        "A153",
        "no-range",
        "advice",
        "A range shows how much is known; one number hides it, and P80 is then the likely case.",
        "Say how bad and how good it may be.",
        PLAYBOOK + "pri-gain, pri-cost",
        "low = 400000\nlikely = 400000\nhigh = 400000",
        per_active(no_range, "assessment"),
    ),
    Rule(
        "A154",
        "cap-never-binds",
        "advice",
        "Staged funding caps the loss. A cap far above the cost caps nothing.",
        "Say what you accept to lose before the next gate.",
        PLAYBOOK + "stage-cap; three times P80 is our own",
        "[answers.stage-cap]\nverdict = 5000000",
        per_active(cap_never_binds, "person", *FIGURES),
    ),
    Rule(
        "A155",
        "not-its-arithmetic",
        "warning",
        "Two figures for the same thing: one of them is wrong, and the one that counts was typed.",
        "Let the figures make the answer, or take them away.",
        PLAYBOOK + "calculators",
        "[answers.data-cost]\nverdict = 0",
        per_active(other_than_its_arithmetic, "assessment"),
    ),
)

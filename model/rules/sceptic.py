"""A148 to A155: what a sceptical reviewer asks before the gate: the law, access, boxes without anything in them.

Each speaks of something that was said, never of what is merely not said yet, so that a first idea hears nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isclose

from ..assess.access import late_access
from ..assess.legal import LOW_RISK, choices, rights_at_low_risk
from ..calculators.inputs import calculated
from ..playbook.fit import POINTS
from ..playbook.item import Item
from ..records.address import Address
from ..records.assessment import Assessment
from ..records.base import Record
from ..records.board import Board
from ..records.dataset import Dataset
from ..records.project import Project
from ..text.figure import Explained, written
from ..value.project_figures import Answers
from .rule import FIGURES, PLAYBOOK, Hit, Rule, View, per_active, per_record

# ---- law and access


def rights_and_low_risk(project: Project, view: View) -> Iterator[Hit]:
    """A use that touches people's rights, or shows them content, in a risk class for those that do not."""
    yield from _content_at_low_risk(project, view)
    for message in rights_at_low_risk(view.snapshot, project.id):
        yield Hit(
            Address("assessment", project.id, "assessment"),
            message,
            ("answers", "disc-risk-class", "verdict"),
            "have it judged: kedge answer disc-risk-class CLASS --because WHO --evidence PATH",
        )


CONTENT = "generates content"


def _content_at_low_risk(project: Project, view: View) -> Iterator[Hit]:
    """Content that a model makes, in a risk class without the duty to say so."""
    said = Answers(view.snapshot, project.id)
    risk = said.answer("disc-risk-class")
    if risk is not None and risk.verdict in LOW_RISK and CONTENT in choices(said.answer("disc-profile")):
        yield Hit(
            Address("assessment", project.id, "assessment"),
            f"disc-profile says “{CONTENT}”, and the legal risk class is “{risk.verdict}”: people who read or "
            "hear it must know that a machine made it",
            ("answers", "disc-risk-class", "verdict"),
            'have it judged: kedge answer disc-risk-class "transparency duties" --because WHO --evidence PATH',
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
            address,
            f"labels {BY_PEOPLE} (data-labels), and the profile (disc-profile) does not say “{PEOPLE_LABEL}”",
            field,
            hint,
        )
    content = [key for key, one in project.methods.items() if one.output == "content"]
    if content and CONTENT not in chosen:
        yield Hit(
            address,
            f"{content[0]} gives content, and disc-profile does not say “{CONTENT}”",
            field,
            hint,
        )


def access_too_late(project: Project, view: View) -> Iterator[Hit]:
    """Data that is only asked for, and comes after the stage is over, or should have come long ago."""
    said = Answers(view.snapshot, project.id)
    for dataset in view.plan.datasets(project.id):
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
    for dataset in view.plan.datasets(project.id):
        if dataset.rows == 0:
            yield Hit(
                dataset.address,
                f"{dataset.id} has 0 rows",
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


HOURS_OF_DAY = 24
MOST_ROWS = 10**13
"""Rows that one dataset has at most; our own."""
MOST_FUNDS = 1e11
"""Money that one board has to give at most; our own."""


def absurd_figure(record: Record, view: View) -> Iterator[Hit]:
    """A figure that no project has: thousands of weeks, trillions of money."""
    if isinstance(record, Assessment):
        yield from _absurd_answers(record, view)
    elif isinstance(record, Dataset) and (record.rows or 0) > MOST_ROWS:
        yield Hit(
            record.address,
            f"{record.id}: {written(record.rows or 0)} rows; above {written(MOST_ROWS)} they were probably mistyped",
            ("rows",),
            f"count again: kedge data profile FILE --dataset {record.id}",
        )
    elif isinstance(record, Board):
        yield from _absurd_board(record)


def _absurd_board(record: Board) -> Iterator[Hit]:
    hours = record.calendar.hours_per_day
    if hours > HOURS_OF_DAY:
        yield Hit(
            record.address,
            f"calendar: {written(hours)} working hours in a day (hours_per_day); a day has {HOURS_OF_DAY}",
            ("calendar", "hours_per_day"),
            "write how long people work on a day, such as 8",
        )
    if (record.funds.budget or 0.0) > MOST_FUNDS:
        yield Hit(
            record.address,
            f"funds: a budget of {written(record.funds.budget or 0.0)}; above {written(MOST_FUNDS)} it was probably "
            "mistyped",
            ("funds", "budget"),
            "write what the next gates of all projects may take",
        )


def _absurd_answers(assessment: Assessment, view: View) -> Iterator[Hit]:
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


LEAST_RANGE = 0.01
"""Share of the likely point that the other two are apart at least; our own."""
COST_APART = 50
"""How many times its low point the high one of a cost may be; ten is a wild guess. Our own."""


def no_range(project: Project, view: View) -> Iterator[Hit]:
    """A gain or a cost whose three points are one number; a cost whose points say nothing, so far apart are they."""
    said = Answers(view.snapshot, project.id)
    for prefix in ("to next gate: ", "after it: "):
        low, high = (said.figure("pri-cost", f"{prefix}{point}") for point in ("low", "high"))
        if low is not None and high is not None and high > COST_APART * low:
            yield Hit(
                Address("assessment", project.id, "assessment"),
                f"pri-cost: {prefix}low is {written(low)} and high {written(high)}: between them all is possible",
                ("answers", "pri-cost", "values", f"{prefix}low"),
                "say what it costs where all goes well: work that is planned is not for free",
            )
    for question, prefix in (("pri-gain", ""), ("pri-cost", "to next gate: ")):
        low, likely, high = (said.figure(question, f"{prefix}{point}") for point in POINTS)
        if low is not None and likely is not None and high is not None and high - low <= LEAST_RANGE * likely:
            all_of = "" if low == high else "next to "
            yield Hit(
                Address("assessment", project.id, "assessment"),
                f"{question}: low, likely and high are all {all_of}{written(likely)}, so that nothing is uncertain",
                ("answers", question, "values", f"{prefix}low"),
                "say how bad and how good it may be; P80 and the cap are judged by the range",
            )


CAP_BINDS = 3.0
"""How many times the cost at P80 a cap may be and still stop the stage; our own."""


def cap_never_binds(project: Project, view: View) -> Iterator[Hit]:
    """A most that may be lost, which is so high that it never stops the stage."""
    cap = Answers(view.snapshot, project.id).number("stage-cap")
    found = view.worth(project) if cap is not None else None
    if cap is None or found is None:
        return
    cost = found.cost
    if isinstance(cost, Explained) and 0 < cost.number("p80") * CAP_BINDS < cap:
        yield Hit(
            Address("assessment", project.id, "assessment"),
            f"the most that may be lost (stage-cap) is {written(cap)}, "
            f"{written(cap / cost.number('p80'))} times the cost at P80, {written(cost.number('p80'))}",
            ("answers", "stage-cap", "verdict"),
            "say what you accept to lose if it goes wrong, not what could be had",
        )


def other_than_its_arithmetic(project: Project, view: View) -> Iterator[Hit]:
    """An answer that is another number than what its own figures make."""
    for name, answer in view.plan.answers(project.id).items():
        item = view.playbook.item(name)
        found = _worked_out(item, answer.values) if item is not None and answer.state is None else None
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


def _worked_out(item: Item, values: Mapping[str, object]) -> Explained | None:
    return calculated(item, values) if item.kind == "number" and item.calculator else None


RULES = (
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
        "Data without access cannot be used. Waiting for access is the commonest silent delay.",
        "Ask who decides, plan the stage around the day, or use other data meanwhile.",
        PLAYBOOK + "data-inventory",
        'access = "asked"\napproval_days = 400',
        per_active(access_too_late, "dataset", "assessment"),
    ),
    Rule(
        "A151",
        "empty-box",
        "warning",
        "A time, a sum or a count of 0 means that the question was skipped.",
        "Say how many weeks, how much money, how many rows.",
        PLAYBOOK + "stage-timebox, stage-cap, data-inventory",
        "[answers.stage-timebox]\nverdict = 0",
        per_active(empty_box, "assessment", "dataset"),
    ),
    Rule(
        "A152",
        "absurd-figure",
        "warning",
        "A figure with three digits too many decides over the portfolio like any other.",
        "Correct the figure, or ignore this rule in the project with a reason.",
        PLAYBOOK + "units of the questions; the limits are our own",
        "[answers.stage-timebox]\nverdict = 2600",
        per_record(absurd_figure, "assessment", "board", "dataset"),
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

"""A122 and A123: figures of next to nothing where something is planned.

A zero is a statement: that it costs nothing to run, that it needs no upkeep, that waiting is free. Where it is so,
the answer has a reason; without one it is a field that was passed over, and every figure above it is too good.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..records.address import Address
from ..records.person import Person
from ..records.project import Method, Project
from ..text.figure import written
from ..value.costs import assumed_day_rate, day_rate
from ..value.project_figures import Answers
from .rule import PLAYBOOK, Hit, Rule, View, per_active, per_record

FEW_ROWS = 30
"""Rows below which a share is known to no better than 18 points; our own."""


def few_rows(project: Project, view: View) -> Iterator[Hit]:
    """A dataset with so few rows that nothing can be learned or measured from it."""
    for dataset in view.plan.datasets(project.id):
        if dataset.rows is not None and 0 < dataset.rows < FEW_ROWS and dataset.access != "refused":
            yield Hit(
                dataset.address,
                f"{dataset.id} has {dataset.rows} rows: below {FEW_ROWS} nothing can be learned or measured from it",
                ("rows",),
                f"count again (kedge data profile FILE --dataset {dataset.id}), or find more data",
            )


NOTHING: Mapping[tuple[str, str], str] = {
    ("pri-run", "money per year to run"): "what runs takes machines",
    ("pri-run", "hours of upkeep per week"): "what runs is looked after",
    ("pri-run", "ceiling per 1000 predictions"): "with that no prediction may be made",
    ("pri-cost", "weeks to train and evaluate"): "a method that is tried takes time",
    ("pri-cost", "after it: likely"): "to bring it into use takes work",
    ("pri-errors", "cost of a miss"): "then a model that finds nothing is as good",
    ("pri-errors", "cost of a false alarm"): "then a model that calls everything is as good",
    ("pri-delay", ""): "then it can wait for ever",
    ("data-cost", ""): "what is collected, cleaned and labelled takes work",
}
"""Figures, by question and name, that are 0 for a reason or by mistake, and what speaks for the mistake."""
NEXT_TO_NOTHING: Mapping[str, float] = {"money": 1.0, "money per error": 0.001, "hours": 0.1, "weeks": 0.1}
"""By unit, the least figure that is not taken for zero, so that 0.01 is no way around; our own."""
LEAST_DATA = 0.0005
"""Share of the cost to the next gate that data cost at least: below it a figure is in thousands; our own."""
LATER, THERE = "appear by themselves later", "exist already"


def nothing_planned(project: Project, view: View) -> Iterator[Hit]:
    """A figure of 0 where work is planned, without a reason."""
    said, address = Answers(view.snapshot, project.id), Address("assessment", project.id, "assessment")
    labels = said.answer("data-labels")
    for (question, name), doubt in NOTHING.items():
        if question == "data-cost" and labels is not None and labels.verdict == THERE:
            continue  # what is there already may be free
        value = said.figure(question, name) if name else said.number(question)
        answer = said.answer(question)
        if value is None or answer is None or answer.because or (answer.values and not name):
            continue  # what its own figures make, A155 holds against them
        least = _least(view, question, name)
        if question == "data-cost":
            least = max(least, LEAST_DATA * (said.figure("pri-cost", "to next gate: likely") or 0))
        if value == 0 or 0 < value < least:
            yield Hit(
                address,
                f"{question}: {name or 'the answer'} is {written(value)}; {doubt}",
                ("answers", question, *(("values", name) if name else ("verdict",))),
                f"kedge assess {question} shows what is asked; where 0 is right: kedge answer {question} --because WHY",
            )
    yield from _next_to_nothing_after(project, said)
    compute, trained = (
        said.answer("data-compute"),
        [one for one in project.methods.values() if _is_trained(one)],
    )
    if compute is not None and compute.verdict == 0 and not compute.because and trained:
        yield Hit(
            address,
            f"data-compute: the answer is 0, and {trained[0].title} is trained",
            ("answers", "data-compute", "verdict"),
            "kedge calc training-compute works it out; where 0 is right: kedge answer data-compute --because WHY",
        )
    delay = said.number("data-truth-delay")
    if delay == 0 and labels is not None and labels.verdict == LATER:
        yield Hit(
            address,
            f"the right answer is known after 0 days (data-truth-delay), and labels “{LATER}” (data-labels)",
            ("answers", "data-truth-delay", "verdict"),
            "say how many days after a prediction the right answer is known",
        )


def _is_trained(method: Method) -> bool:
    """Whether a method takes machines for learning: a small one learns on any computer."""
    return method.kind in ("deep", "pre-trained") and method.origin in ("build", "adapt")


LEAST_AFTER = 0.005
"""Share of the cost to the next gate that comes after it at least; our own."""


def _next_to_nothing_after(project: Project, said: Answers) -> Iterator[Hit]:
    """A cost after the gate that looks as if it were in thousands."""
    before, after = (said.figure("pri-cost", f"{when}: likely") for when in ("to next gate", "after it"))
    answer = said.answer("pri-cost")
    if not before or not after or answer is None or answer.because:
        return
    if 0 < after < LEAST_AFTER * before:
        yield Hit(
            Address("assessment", project.id, "assessment"),
            f"pri-cost: after it: likely is {written(after)}, next to {written(before)} to the next gate",
            ("answers", "pri-cost", "values", "after it: likely"),
            "say in one unit what it takes to bring it into use; where it is right: --because WHY",
        )


def _least(view: View, question: str, name: str) -> float:
    """Below which figure a question's answer is next to nothing."""
    item = view.playbook.item(question)
    units = {one.id: one.unit for one in item.figures} | {"": item.unit} if item is not None else {}
    unit = units.get(name, "")
    # A thousand predictions may cost less than a cent.
    return 1e-6 if name.startswith("ceiling") else NEXT_TO_NOTHING.get(unit, NEXT_TO_NOTHING["money"])


LEAST_PAID = 0.05
"""Share of the mean day rate of the others below which a rate was probably mistyped; our own."""


def unpaid(person: Person, view: View) -> Iterator[Hit]:
    """A person whose working day costs next to nothing, so that all their work is free."""
    if person.day_rate is None:
        return
    others = [one for one in view.plan.people.values() if one.day_rate and one.id != person.id]
    usual = (
        day_rate(view.plan, view.playbook, others) if others else assumed_day_rate(view.plan, view.playbook)
    )
    if person.day_rate == 0 or (usual is not None and person.day_rate < LEAST_PAID * usual.value):
        yield Hit(
            person.address,
            f"{person.id}: a day_rate of {written(person.day_rate)} makes all their work next to free",
            ("day_rate",),
            f"write what a day of theirs costs: kedge person set {person.id} day_rate=MONEY, or leave it out",
        )


RULES = (
    Rule(
        "A122",
        "few-rows",
        "warning",
        "A handful of rows is an example. What is learned or measured from it is chance.",
        "Count again, or find more data before money is spent.",
        PLAYBOOK + "data-inventory; 30 rows are our own",
        "rows = 3",
        per_active(few_rows, "dataset"),
    ),
    Rule(
        "A123",
        "nothing-planned",
        "warning",
        "Work that costs nothing was not estimated, and the project looks better than it is by what it will cost.",
        "Estimate it, or say in the answer why it is 0 (because).",
        PLAYBOOK + "pri-run, pri-cost, pri-errors, pri-delay, data-cost",
        '[answers.pri-run.values]\n"money per year to run" = 0',
        per_active(nothing_planned, "assessment"),
    ),
    Rule(
        "A129",
        "next-to-unpaid",
        "warning",
        "People are most of what a project costs. With a day rate of next to nothing their work is free everywhere.",
        "Write what a day costs, or leave the rate out: then that of the others counts.",
        PLAYBOOK + "scoring.day_rate",
        "day_rate = 0",
        per_record(unpaid, "person"),
    ),
)

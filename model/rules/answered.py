"""A110 to A118: answers that cannot count, figures and levels that fall short."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from ..assess.matrix import matrices
from ..edit.waivers import lacks_of, lacks_to_set_aside
from ..playbook.fit import misfits, shown
from ..playbook.item import Item
from ..records.address import Address
from ..records.assessment import Answer, Assessment
from ..records.project import Project
from ..text.amounts import counted
from ..text.figure import Explained, figure_of, written
from ..text.wording import lacks_words
from ..value.project_figures import Answers, complexity, proposed_complexity
from .assess import is_settled
from .rule import FIGURES, PLAYBOOK, Hit, Rule, View, per_active, per_project, per_record

# ---- answers


def answer_does_not_fit(assessment: Assessment, view: View) -> Iterator[Hit]:
    """An answer that its question cannot mean, so that it never counts."""
    for name, answer in assessment.answers.items():
        item = view.playbook.item(name)
        if item is None or answer.state is not None:
            continue
        for path, message in (*misfits(item, answer), *_not_asked(item, answer)):
            hint = f"kedge assess {name} says what is expected"
            yield Hit(assessment.address, f"{name}: {message}", ("answers", name, *path), hint)


def _not_asked(item: Item, answer: Answer) -> Iterator[tuple[tuple[str, ...], str]]:
    """Lines, and a way of the evidence, that the question does not ask for: nothing would follow from them."""
    for line in answer.checked:
        if line not in item.lines:
            what = "is not one of its lines" if item.lines else "is checked, and it has no lines"
            yield ("checked",), f"{shown(line)} {what}"
    if answer.result is not None and not item.result:
        yield ("result",), f"it does not ask which way the evidence points ({shown(answer.result)})"


def not_applicable_without_reason(project: Project, view: View) -> Iterator[Hit]:
    """A question set aside without saying why, or without the one who may do that: it counts as not answered."""
    address = Address("assessment", project.id, "assessment")
    for name, answer in view.plan.answers(project.id).items():
        item = view.playbook.item(name)
        if item is None or answer.state != "not-applicable":
            continue
        wrong = lacks_to_set_aside(view.snapshot, project, item, answer)
        if wrong:
            field = "because" if lacks_words(answer.because or "", item.text) else "approved_by"
            field = field if getattr(answer, field) is not None else "state"
            message, _, how = wrong.rpartition(": ")
            yield Hit(address, f"{name} counts as not answered: {message}", ("answers", name, field), how)


def answer_too_old(project: Project, view: View) -> Iterator[Hit]:
    """An answer that held until a day that has passed."""
    address = Address("assessment", project.id, "assessment")
    for name, answer in view.plan.answers(project.id).items():
        late = (view.today - answer.valid_until).days if answer.valid_until is not None else 0
        if late > 0:
            yield Hit(
                address,
                f"{name} held until {answer.valid_until}, {counted(late, 'day')} ago",
                ("answers", name, "valid_until"),
                "check whether it still holds, and say until when",
            )


# ---- who decides


def waiver_does_not_count(project: Project, view: View) -> Iterator[Hit]:
    """A waiver that sets nothing aside: no approver, the lead as approver, no reason, no end, or past its end."""
    for key, waiver in project.waivers.items():
        lacks = lacks_of(view.snapshot, project, waiver)
        if lacks:
            message, field = (
                f"the waiver of {waiver.item or key} does not count; missing: {', '.join(lacks)}",
                "",
            )
        elif waiver.expires is not None and waiver.expires < view.today:
            message, field = f"the waiver of {waiver.item or key} ended on {waiver.expires}", "expires"
        else:
            continue
        path = ("waivers", key, field) if field else ("waivers", key)
        yield Hit(
            project.address, message, path, "answer the question, or have another person approve it again"
        )


def pays_back_on_hope(project: Project, view: View) -> Iterator[Hit]:
    """Costs that take a larger gain than the evidence speaks for, once money is asked for."""
    if project.mandatory or not is_settled(project, Answers(view.snapshot, project.id)):
        return
    found, playbook = view.worth(project), view.playbook
    if found is None:
        return
    figures = (found.gain, found.cost, found.later_cost)
    present = found.present_value
    if not isinstance(present, Explained) or not all(isinstance(one, Explained) for one in figures):
        return
    yearly, cost, later = map(figure_of, figures)
    keep = figure_of(found.running_cost) + figure_of(found.error_cost)
    # As the value of the bet: the gain and what keeps it running come only if it works, the cost in any case.
    chance = found.confidence.value
    one_a_year = present.number("of one a year") * chance  # nothing after centuries, or without a chance
    needed = (cost + later) / one_a_year + keep if one_a_year else inf
    if needed > yearly:
        yield Hit(
            Address("assessment", project.id, "assessment"),
            f"to pay back in {written(playbook.scoring.horizon_years)} years at a chance of {written(chance)} it "
            f"takes {written(needed)} a year, and the gain that is claimed is {written(yearly)} (pri-gain)",
            ("answers", "pri-gain"),
            "get better evidence first, or do less for it; kedge assess --explain has the arithmetic",
        )


def simpler_than_its_data(project: Project, view: View) -> Iterator[Hit]:
    """A complexity below the one that the data propose, without a reason."""
    if view.unread("dataset", project.id):
        return
    said = Answers(view.snapshot, project.id)
    answer = said.answer("pri-complexity")
    stated, proposed = complexity(view.plan, said, project), proposed_complexity(view.plan, said, project)
    if figure_of(stated, 5) < figure_of(proposed) and not (answer is not None and answer.because):
        on_project = project.complexity is not None
        yield Hit(
            project.address if on_project else Address("assessment", project.id, "assessment"),
            f"complexity {written(figure_of(stated))}, and the data propose {written(figure_of(proposed))}",
            ("complexity",) if on_project else ("answers", "pri-complexity"),
            "take the higher one, or say why in the answer to pri-complexity (because); "
            "kedge assess pri-complexity --explain has the arithmetic",
        )


def quality_short(project: Project, view: View) -> Iterator[Hit]:
    """A quality, or a concern, that is below its need when a cycle is over; while one builds that is only natural."""
    if project.phase != "iterate":
        return
    address = Address("requirements", project.id, "requirements")
    record = view.plan.requirements(project.id)
    graded = [*record.qualities.values(), *record.concerns.values()] if record is not None else []
    if all(one.reached is None for one in graded):
        return
    standing = view.standings(project.id)
    for section, rows in matrices(view.snapshot, project.id, standing).items():
        for row in rows:
            if row.gap is not None and row.gap > 0:
                yield Hit(
                    address,
                    f"the cycle is over with {row.id} at {row.reached}, and stage {project.stage} "
                    f"needs {row.needed}",
                    (section, row.id, "reached"),
                    "close it in the next cycle, or need less and say why; kedge matrix shows all of them",
                )


RULES = (
    Rule(
        "A110",
        "answer-does-not-fit",
        "warning",
        "An answer that the question cannot mean never counts, and the gate stays closed without anyone seeing why.",
        "Write a choice, a grade or a line as the question has it; `kedge answer` does.",
        PLAYBOOK + "items",
        '[answers.disc-risk-class]\nverdict = "minimal"',
        per_record(answer_does_not_fit, "assessment"),
    ),
    Rule(
        "A111",
        "not-applicable-without-reason",
        "warning",
        "A question is set aside for a reason, and where it holds a gate by a person who may decide there, or it is "
        "not set aside.",
        "Write the reason in `because`, and who agrees in `approved_by`.",
        PLAYBOOK + "not_applicable_rule",
        '[answers.disc-reach]\nstate = "not-applicable"',
        per_project(not_applicable_without_reason, "assessment", "person", "strategy"),
    ),
    Rule(
        "A112",
        "answer-too-old",
        "advice",
        "Laws, prices and data change. The day was written because the answer would not hold for ever.",
        "Look at it again, and move the day.",
        PLAYBOOK + "disc-risk-class",
        "valid_until = 2026-10-31",
        per_active(answer_too_old, "assessment"),
    ),
    Rule(
        "A113",
        "waiver-does-not-count",
        "warning",
        "A waiver without approver, reason and end is a question that was forgotten.",
        "Answer the question, or have the waiver approved by a person who does not lead the project.",
        PLAYBOOK + "waiver_rule",
        '[waivers.reach]\nitem = "disc-reach"',
        per_active(waiver_does_not_count, "person", "strategy"),
    ),
    Rule(
        "A116",
        "pays-back-on-hope",
        "advice",
        "Goals are made larger to justify what a project costs. The gain that would pay for it, at the chance that the "
        "evidence carries, is held against the gain that is claimed.",
        "Get better evidence before more money is spent, do less, or stop at the next gate.",
        PLAYBOOK + "rule-overreach",
        '"to next gate: likely" = 300000',
        per_active(pays_back_on_hope, "person", *FIGURES),
    ),
    Rule(
        "A117",
        "simpler-than-its-data",
        "advice",
        "Data decide how complex a project becomes: weak grades, an infrastructure that is not ready and many sources "
        "all have to be paid for. A lower figure may be right, and then it has a reason.",
        "Take the complexity that the data propose, or write the reason as because of pri-complexity.",
        PLAYBOOK + "rule-data-sets-complexity",
        "complexity = 1",
        per_active(simpler_than_its_data, "dataset", "assessment"),
    ),
    Rule(
        "A118",
        "quality-short",
        "advice",
        "Good predictions alone do not run in production: what is hard to run, to trace or to change comes back as "
        "cost. What is short when a cycle is over belongs into the next one.",
        "Close the gap in the next cycle, or write a lower need with its reason (why).",
        PLAYBOOK + "view-qualities",
        "[qualities.traceability]\nneeded = 4\nreached = 2",
        per_active(quality_short),
    ),
)

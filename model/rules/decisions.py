"""A114, A115, A140 to A143: decisions that a person wrote down, and whether they are decisions.

Commands and the board refuse what does not count before it is written. Files are written by hand as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from ..edit.deciders import is_the_lead, lacks_of_decision
from ..records.address import Address
from ..records.governance import Decision
from ..records.project import Project
from ..text.wording import lacks_words
from .rule import PLAYBOOK, Hit, Rule, View, per_active, per_project


def _at_gates(project: Project, view: View) -> Iterator[Decision]:
    """The decisions of a project at gates that the playbook has; another one is a finding of its own."""
    for record in sorted(view.plan.of_kind("decision", project.id), key=lambda one: one.id):
        decision = cast("Decision", record)
        if decision.gate and view.playbook.gate(decision.gate) is not None:
            yield decision


def lead_decides_alone(project: Project, view: View) -> Iterator[Hit]:
    """A decision at a gate by the person who leads the project, under whatever id."""
    for decision in _at_gates(project, view):
        wrong = is_the_lead(view.plan, project, decision.by) if decision.by else ""
        if wrong:
            yield Hit(
                decision.address,
                f"{wrong}, and decided at {decision.gate}",
                ("by",),
                "have it decided by a person who does not lead the project",
            )


def decider_may_not(project: Project, view: View) -> Iterator[Hit]:
    """A decision at a gate by a person who was not there, or has no part in which deciding belongs."""
    if view.unread("person", ""):
        return
    for decision in _at_gates(project, view):
        if decision.by and is_the_lead(view.plan, project, decision.by):
            continue
        for field, wrong in lacks_of_decision(view.snapshot, decision):
            if field == "by":
                is_known = decision.by is None or view.has("person", decision.by, "")
                if is_known:
                    yield Hit(
                        decision.address,
                        f"the decision at {decision.gate} does not count: {wrong}",
                        ("by",) if decision.by else ("gate",),
                        "have it decided by a person who may, or give them the role",
                    )


def decision_says_nothing(project: Project, view: View) -> Iterator[Hit]:
    """A decision at a gate without a day, an outcome or a reason; a reason of a judgement that is none."""
    for decision in _at_gates(project, view):
        for field, wrong in lacks_of_decision(view.snapshot, decision):
            if field != "by":
                where = field if getattr(decision, field) is not None else "gate"
                yield Hit(
                    decision.address,
                    f"the decision at {decision.gate} does not count: {wrong}",
                    (where,),
                    "a decision record says when, what and why",
                )
        for name, one in decision.judged.items():
            wrong = lacks_words(one.reason or "")
            if wrong or one.verdict is None:
                yield Hit(
                    decision.address,
                    f"{name} does not count as judged: {wrong or 'neither met nor not met'}",
                    ("judged", name),
                    'write verdict = "met" or "not met", and the reason',
                )


def override_without_conditions(project: Project, view: View) -> Iterator[Hit]:
    """A closed gate that was passed, and nothing was agreed about what closed it."""
    for decision in _at_gates(project, view):
        if decision.override is not None and not decision.conditions:
            yield Hit(
                decision.address,
                f"{decision.gate} was passed closed, and nothing is agreed about what was missing",
                ("override",),
                "write what is done about it, and by when, as conditions",
            )


def barred_goes_on(project: Project, view: View) -> Iterator[Hit]:
    """A project that left Assess with an answer that no gate is passed with."""
    address = Address("assessment", project.id, "assessment")
    answers = view.plan.answers(project.id)
    for item in view.playbook.items if project.phase != "assess" else ():
        answer = answers.get(item.id)
        if answer is not None and answer.verdict in item.stops:
            yield Hit(
                address,
                f"{item.id} is {answer.verdict}, and the project is in {project.phase}",
                ("answers", item.id, "verdict"),
                "stop it (kedge gate kill), or have it judged again",
            )


def stopped_without_decision(project: Project, view: View) -> Iterator[Hit]:
    """A project that is held or dropped without a decision that says why, or dropped without a lesson."""
    if project.state not in ("hold", "dropped") or view.unread("decision", project.id):
        return
    decisions = [cast("Decision", one) for one in view.plan.of_kind("decision", project.id)]
    said = any(
        not lacks_words(one.why or "") and one.outcome in ("hold", "kill", "retire", "recycle")
        for one in decisions
    )
    if not said:
        yield Hit(
            project.address,
            f"the project is {'on hold' if project.state == 'hold' else 'dropped'}, and no decision says why in a "
            "few words",
            ("state",),
            f"kedge decision add … --project {project.id} outcome={'hold' if project.state == 'hold' else 'kill'}"
            " by=… why=…",
        )
    if project.state == "dropped" and not project.lessons:
        yield Hit(
            project.address,
            "the project is dropped, and no lesson of it is recorded",
            ("state",),
            f"say what others should know: kedge lesson add … --project {project.id}",
        )


_READ = ("decision", "person", "strategy")
"""Kinds of records that say who decided, and in which part."""

RULES = (
    Rule(
        "A114",
        "lead-decides-alone",
        "warning",
        "The lead of a project believes in it. A gate is there so that another person looks.",
        "Have the gate decided by its gatekeeper.",
        PLAYBOOK + "gate-assess, decided_by",
        'gate = "gate-assess"',
        per_project(lead_decides_alone, *_READ),
    ),
    Rule(
        "A115",
        "stopped-without-decision",
        "advice",
        "A project that stops without a word comes back next year, with the same mistakes.",
        "Record who stopped it and why, and what it taught.",
        PLAYBOOK + "port-drop, rule-lesson-before-kill",
        'state = "hold"',
        per_project(stopped_without_decision, "decision"),
    ),
    Rule(
        "A140",
        "decider-may-not",
        "warning",
        "A gate names who decides. A decision by another person is an opinion, and the gate counts it as none.",
        "Have it decided by a person with one of the roles, by the sponsor, or by a stakeholder who decides or pays.",
        PLAYBOOK + "gates, roles",
        'by = "omar"',
        per_project(decider_may_not, *_READ),
    ),
    Rule(
        "A141",
        "decision-says-nothing",
        "warning",
        "Whoever reads the decision a year later finds a day and a name, and cannot tell what it was based on.",
        "Write the day, the outcome and the reason in a few words.",
        PLAYBOOK + "pri-decision",
        'why = "ok"',
        per_project(decision_says_nothing, *_READ),
    ),
    Rule(
        "A142",
        "override-without-conditions",
        "advice",
        "What was missing at the gate is still missing. Without an agreement it stays so.",
        "Write what is done about it and by when, as conditions of the decision.",
        PLAYBOOK + "gates",
        'override = "the fair is in May"',
        per_project(override_without_conditions, *_READ),
    ),
    Rule(
        "A143",
        "barred-goes-on",
        "error",
        "A use that is prohibited cannot be mitigated, and no person in the plan can allow it.",
        "Stop the project, or have the use judged again.",
        PLAYBOOK + "disc-risk-class",
        'verdict = "prohibited"',
        per_active(barred_goes_on, "assessment"),
    ),
)

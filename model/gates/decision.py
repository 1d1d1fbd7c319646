"""A decision at a gate: who may take it, what it must say, and how the project moves with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from ..edit.deciders import lacks_to_decide
from ..edit.edits import edit
from ..edit.refusal import EditRefused
from ..plan.change import Batch, Change
from ..plan.ids import free_id
from ..plan.plan import Plan
from ..plan.validate import parse
from ..playbook.gate import Gate
from ..records.governance import Judgement, Review
from ..records.project import Project
from ..snapshot.snapshot import Snapshot
from ..text.amounts import counted
from ..text.dates import has_come
from ..text.named import named, quoted
from ..text.wording import lacks_words
from .gates import Check, GateReport, judged

GOING_ON = ("go", "iterate", "next stage", "update this stage")
"""Outcomes that pass the gate."""
ENDING: Mapping[str, str] = {"kill": "dropped", "retire": "done"}
"""Outcomes that end a project, and its state then."""
_NEXT_STAGE = {"mvp": "growth", "growth": "maturity", "maturity": "maturity"}


@dataclass(frozen=True)
class GateDecision:
    """How a gate ends, who says so, and why."""

    outcome: str
    by: str
    why: str
    override: str = ""
    """Why a closed gate is passed."""
    next_review: dt.date | None = None
    """When a project on hold is looked at again."""
    judged: Mapping[str, Judgement] = field(default_factory=dict[str, Judgement])
    """The conditions that are not computed, by id, as whoever decides sees them."""
    conditions: tuple[str, ...] = ()
    """What is agreed with it."""


def outcome_of(gate: Gate, text: str) -> str:
    """The outcome that a text means: its beginning, or `pass` where only one goes on. Raises EditRefused."""
    wanted = " ".join(text.casefold().replace("-", " ").split())
    going_on = [one for one in gate.outcomes if one in GOING_ON]
    if wanted == "pass" and len(going_on) == 1:
        return going_on[0]
    fits = [one for one in gate.outcomes if one == wanted] or [
        one for one in gate.outcomes if wanted and one.startswith(wanted)
    ]
    if len(fits) != 1:
        raise EditRefused(
            f"{named(gate.title, gate.id)} ends in one of: {', '.join(gate.outcomes)}; not in {text!r}"
        )
    return fits[0]


def with_judgements(found: GateReport, said: Mapping[str, Judgement], by: str) -> GateReport:
    """What a gate asks once a person who decides has judged some of its conditions. Raises EditRefused."""
    checks = {check.id: check for check in found.checks}
    for name, one in said.items():
        check, asked = checks.get(name), found.gate.condition(name)
        if check is None or asked is None:
            own = [key for key, other in checks.items() if other.is_judged]
            known = f"those to be judged are: {', '.join(own)}" if own else "none of its conditions is judged"
            raise EditRefused(f"{named(found.gate.title, found.gate.id)} has no condition {name!r}; {known}")
        if not check.is_judged:
            raise EditRefused(f"{name} is computed ({check.verdict}), so that it cannot be judged")
        result = judged(asked, one, f"judged by {by}")
        if result is None:
            wrong = lacks_words(one.reason or "", asked.text)
            raise EditRefused(f"{name} is judged with a reason: {wrong or 'met or not met is wanted'}")
        checks[name] = result
    return replace(found, checks=tuple(checks.values()))


def to_judge(found: GateReport) -> list[Check]:
    """The conditions that whoever decides has still to judge."""
    return [check for check in found.checks if check.verdict == "to be judged"]


def refuse_decider(snapshot: Snapshot, found: GateReport, by: str, outcome: str) -> None:
    """Raises EditRefused where a person may not decide, or where no person may decide so."""
    gate, project = found.gate, snapshot.plan.projects[found.project]
    if by not in snapshot.plan.people:
        raise EditRefused(f"there is no person {by!r} who could decide")
    wrong = lacks_to_decide(snapshot, project, by, gate)
    if wrong:
        raise EditRefused(
            f"{wrong}; {named(gate.title, gate.id)} is decided by another person ({gate.decided_by})"
        )
    if outcome in GOING_ON and gate.from_phase != project.phase:
        raise EditRefused(
            f"{named(gate.title, gate.id)} leads out of {gate.from_phase}, and {project.id} is in {project.phase}"
        )
    if outcome in GOING_ON and found.barred:
        raise EditRefused(f"{found.barred}; an override does not help")


def decide(snapshot: Snapshot, found: GateReport, decision: GateDecision) -> Batch:
    """Records a decision at a gate, and moves the project on where the outcome says so.

    A project that is held, killed or retired changes its state with it, and one that goes on is active again. Out of
    Iterate the next cycle begins at the first step, and the review of this one names the decision. Raises
    EditRefused where the outcome is not one of the gate's, where the person may not decide, where a reason is missing,
    where nothing was learned from what is ended, where what is held has no day of review, where a condition is not
    judged, or where the gate is closed and there is no override.
    """
    plan, today, outcome = snapshot.plan, snapshot.today, decision.outcome
    gate, project = found.gate, plan.projects[found.project]
    if outcome not in gate.outcomes:
        raise EditRefused(
            f"{named(gate.title, gate.id)} ends in one of: {', '.join(gate.outcomes)}; not in {outcome!r}"
        )
    refuse_decider(snapshot, found, decision.by, outcome)
    _refuse_reason("a decision has a reason", decision.why)
    if outcome in ENDING and all(lacks_words(one.what) for one in project.lessons.values()):
        raise EditRefused(
            f"{outcome} without a lesson: say first what {project.id} taught, in a few words (kedge lesson add)"
        )
    _refuse_review(decision, today)
    found = with_judgements(found, decision.judged, decision.by)
    override = ""
    if outcome in GOING_ON:
        _refuse_unjudged(found)
        override = "" if found.is_open else decision.override.strip()
        if not found.is_open:
            _refuse_closed(found, override)
    wanted = f"{gate.id}-{outcome.replace(' ', '-')}-{today.isoformat()}"
    decision_id = free_id(wanted, plan.ids("decision", project.id))
    data = {
        "title": f"{gate.title} {outcome.capitalize()}",
        "gate": gate.id,
        "outcome": outcome,
        "date": today,
        "by": decision.by,
        "why": decision.why.strip(),
        "conditions": [text.strip() for text in decision.conditions if text.strip()],
        "override": override,
        "next_review": decision.next_review,
        "judged": {
            check.id: {
                "verdict": one.verdict,
                "reason": (one.reason or "").strip(),
                "condition": " ".join(check.text.split()),
            }
            for check in found.checks
            if (one := decision.judged.get(check.id)) is not None
        },
    }
    record = parse("decision", project.id, decision_id, {key: value for key, value in data.items() if value})
    moved = edit(plan, project.address, _moved(project, gate, outcome, today)).changes
    reviewed = _named_in_review(plan, project, decision_id, outcome) if gate.from_phase == "iterate" else ()
    return Batch(
        f"{project.id}: {outcome} at {quoted(gate.title)}", (Change(None, record), *moved, *reviewed)
    )


def _named_in_review(plan: Plan, project: Project, decision: str, outcome: str) -> tuple[Change, ...]:
    """The review of the cycle, naming what was decided on it; nothing where there is no review."""
    found = [cast("Review", one) for one in plan.of_kind("review", project.id)]
    of_cycle = [one for one in found if one.cycle == project.cycle]
    if not of_cycle:
        return ()
    last = max(of_cycle, key=lambda one: (one.date or dt.date.min, one.id))
    return edit(plan, last.address, {("decision",): decision, ("next",): outcome}).changes


def _refuse_reason(what: str, text: str) -> None:
    wrong = lacks_words(text)
    if wrong:
        raise EditRefused(f"{what}: {wrong}, not {text.strip()[:40]!r}")


def _refuse_review(decision: GateDecision, today: dt.date) -> None:
    review = decision.next_review
    if decision.outcome == "hold" and review is None:
        raise EditRefused("a project on hold has a day on which it is looked at again")
    if has_come(review, today):
        raise EditRefused(f"the next review needs a day ahead, and {review} is not one")


def _refuse_unjudged(found: GateReport) -> None:
    waiting = to_judge(found)
    if waiting:
        ways = " ".join(f"--judge {check.id}=met:REASON" for check in waiting)
        raise EditRefused(
            f"{named(found.gate.title, found.gate.id)} has {counted(len(waiting), 'condition')} to be judged by "
            f"whoever decides ({'; '.join(check.text for check in waiting)}): {ways}"
        )


def _refuse_closed(found: GateReport, override: str) -> None:
    if not override:
        raise EditRefused(
            f"{named(found.gate.title, found.gate.id)} is closed ({'; '.join(found.asks)}): "
            "add what is missing, or pass it with an override and its reason"
        )
    _refuse_reason("an override has a reason", override)


def _moved(project: Project, gate: Gate, outcome: str, today: dt.date) -> dict[tuple[str, ...], object]:
    if outcome == "hold":
        return {("state",): "hold"}
    if outcome in ENDING:
        return {("state",): ENDING[outcome]}
    fields: dict[tuple[str, ...], object] = {("state",): "active"} if project.state == "hold" else {}
    if outcome in GOING_ON:
        fields["phase",] = gate.to_phase
        if gate.from_phase == "iterate":
            fields["cycle",] = project.cycle + 1
            fields["started",] = today
            if has_come(project.due, today):
                fields["due",] = None  # it was promised for the cycle that is over
            if outcome == "next stage":
                fields["stage",] = _NEXT_STAGE[project.stage]
    return fields

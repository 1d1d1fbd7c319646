"""Gates: what must hold before a project leaves a phase, and what a decision at one records.

A gate asks for questions that are met, for a share of the others, and for conditions that are computed. Each
condition is a function found by the gate and the place of its sentence in the playbook. One whose inputs do not
exist yet says what is missing; it never counts as met.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from ..assess.standing import Standing, score, wanted_score
from ..edit.edits import edit
from ..edit.refusal import EditRefused
from ..plan.change import Batch, Change
from ..plan.plan import Plan
from ..plan.validate import parse
from ..playbook import shipped
from ..playbook.models import Gate
from ..playbook.playbook import Playbook
from ..records.project import Project
from ..snapshot.snapshot import Snapshot
from ..text.amounts import whole_percent
from ..value.claims import EVIDENCE_QUESTIONS
from .catalog import CONDITIONS
from .condition import Case, DerivedValues, Verdict


@dataclass(frozen=True)
class Check:
    """A computed condition: what it asks, whether it holds, and the arithmetic or what is missing."""

    text: str
    verdict: Verdict
    because: tuple[str, ...] = ()


@dataclass(frozen=True)
class GateReport:
    """Whether a gate is open, and what it still asks."""

    gate: Gate
    project: str
    holding: tuple[Standing, ...]
    """Questions that hold it."""
    waived: tuple[Standing, ...]
    set_aside: tuple[Standing, ...]
    """Questions that were said not to apply."""
    score: float | None
    """Share of the weights met among the questions that do not block; None where there are none."""
    wanted_score: float
    checks: tuple[Check, ...]
    warnings: tuple[str, ...] = ()
    to_confirm: tuple[Standing, ...] = ()
    """Questions whose answer is from an earlier cycle; they do not hold the gate."""
    raising: tuple[Standing, ...] = ()
    """Questions that would raise the score, the weightiest first."""

    @property
    def is_open(self) -> bool:
        """Whether nothing keeps the project from passing."""
        score_is_enough = self.score is None or self.score >= self.wanted_score
        return not self.holding and score_is_enough and all(check.verdict == "met" for check in self.checks)

    @property
    def asks(self) -> list[str]:
        """What it still asks, counted; nothing where it is open."""
        if self.is_open:
            return []
        count = len(self.holding)
        parts = [f"{count} question{'s hold' if count > 1 else ' holds'} it"] if count else []
        for verdict in ("not met", "cannot be told"):
            count = sum(check.verdict == verdict for check in self.checks)
            parts += [f"{count} condition{'s' if count > 1 else ''} {verdict}"] if count else []
        if self.score is not None and self.score < self.wanted_score:
            parts.append(f"score {whole_percent(self.score)}, wanted {whole_percent(self.wanted_score)}")
        return parts


def report(figures: DerivedValues, project: str, gate: Gate, *, outcome: str = "") -> GateReport:
    """What a gate asks of a project now; `outcome` as in `Case`."""
    playbook, record = figures.snapshot.playbook, figures.snapshot.plan.projects[project]
    asked = _asked(playbook, gate, figures.standings(project))
    case = Case(figures, project, outcome)
    waived = tuple(one for one in asked if one.state == "waived")
    set_aside = tuple(one for one in asked if one.state == "not-applicable")
    return GateReport(
        gate=gate,
        project=project,
        # The question for the decision itself is answered by deciding.
        holding=tuple(one for one in asked if one.holds_gate and not one.is_decision),
        waived=waived,
        set_aside=set_aside,
        score=score(asked) if gate.scored else None,
        wanted_score=wanted_score(playbook, record.stage, gate.steps) if gate.scored else 0.0,
        checks=tuple(_check(case, gate, text) for text in gate.conditions),
        warnings=(*_warnings(playbook, asked, waived, set_aside), *_shortfalls(case, asked)),
        to_confirm=tuple(one for one in asked if one.to_confirm),
        raising=tuple(
            sorted(
                (one for one in asked if one.counts and not one.blocks and not one.met),
                key=lambda one: -one.item.weight,
            )
        )
        if gate.scored
        else (),
    )


def next_gate(snapshot: Snapshot, project: str) -> Gate | None:
    """The gate that leads out of the phase where a project is."""
    gates = snapshot.playbook.gates_of(snapshot.plan.projects[project].phase)
    return gates[-1] if gates else None


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
        raise EditRefused(f"{gate.id} ends in one of: {', '.join(gate.outcomes)}; not in {text!r}")
    return fits[0]


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


def decide(snapshot: Snapshot, found: GateReport, decision: GateDecision) -> Batch:
    """Records a decision at a gate, and moves the project on where the outcome says so.

    A project that is held, killed or retired changes its state with it, and one that goes on is active again. Raises
    EditRefused where the outcome is not one of the gate's, where the lead decides alone, where a reason is missing,
    where nothing was learned from what is ended, where what is held has no day of review, or where the gate is
    closed and there is no override.
    """
    plan, today = snapshot.plan, snapshot.today
    outcome, by = decision.outcome, decision.by
    why, override, next_review = decision.why.strip(), decision.override.strip(), decision.next_review
    gate, project = found.gate, plan.projects[found.project]
    if outcome not in gate.outcomes:
        raise EditRefused(f"{gate.id} ends in one of: {', '.join(gate.outcomes)}; not in {outcome!r}")
    if by not in plan.people:
        raise EditRefused(f"there is no person {by!r} who could decide")
    if by == project.lead:
        raise EditRefused(f"{by} leads {project.id}; a gate is decided by somebody else ({gate.decided_by})")
    if not why:
        raise EditRefused("a decision has a reason: say it in a sentence")
    if outcome in ENDING and not project.lessons:
        raise EditRefused(
            f"{outcome} without a lesson: say first what {project.id} taught (kedge lesson add)"
        )
    if outcome == "hold" and next_review is None:
        raise EditRefused("a project on hold has a day on which it is looked at again")
    if next_review is not None and next_review <= today:
        raise EditRefused(f"the next review lies ahead, and {next_review} does not")
    goes_on = outcome in GOING_ON
    if goes_on and not found.is_open and not override:
        raise EditRefused(
            f"{gate.id} is closed ({'; '.join(found.asks)}): mend that, or pass it all the same with an override "
            "and its reason"
        )
    decision_id = _free_id(plan, project.id, f"{gate.id}-{outcome.replace(' ', '-')}-{today.isoformat()}")
    data = {
        "title": f"{gate.title} {outcome.capitalize()}",
        "gate": gate.id,
        "outcome": outcome,
        "date": today,
        "by": by,
        "why": why,
        "override": override if goes_on and not found.is_open else None,
        "next_review": next_review,
    }
    record = parse("decision", project.id, decision_id, {key: value for key, value in data.items() if value})
    moved = edit(plan, project.address, _moved(project, gate, outcome, today)).changes
    return Batch(f"{project.id}: {outcome} at {gate.id}", (Change(None, record), *moved))


GOING_ON = ("go", "iterate", "next stage", "update this stage")
"""Outcomes that pass the gate."""
ENDING: Mapping[str, str] = {"kill": "dropped", "retire": "done"}
"""Outcomes that end a project, and its state then."""
_NEXT_STAGE = {"mvp": "growth", "growth": "maturity", "maturity": "maturity"}


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
            if outcome == "next stage":
                fields["stage",] = _NEXT_STAGE[project.stage]
    return fields


def _free_id(plan: Plan, project: str, wanted: str) -> str:
    taken = set(plan.ids("decision", project))
    number = 2
    name = wanted
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    return name


def _asked(playbook: Playbook, gate: Gate, standing: Mapping[str, Standing]) -> list[Standing]:
    ids = [item.id for step in gate.steps for item in playbook.items_of(step)]
    ids += [name.item or name.field for name in gate.also if not (name.item and name.field)]
    ids += [name.item for name in gate.also if name.item and name.field]
    return [standing[name] for name in dict.fromkeys(ids) if name in standing and standing[name].applies]


def _check(case: Case, gate: Gate, text: str) -> Check:
    # A team may put its own sentences into a gate: a function answers for the shipped sentence only.
    known = shipped().gate(gate.id)
    index = known.conditions.index(text) if known is not None and text in known.conditions else -1
    function = CONDITIONS.get((gate.id, index))
    if function is None:
        return Check(text, "cannot be told", ("kedge does not compute this: whoever decides judges it",))
    verdict, because = function(case)
    return Check(text, verdict, because)


def _shortfalls(case: Case, asked: Collection[Standing]) -> Iterator[str]:
    """What of the evidence counts as less than is claimed, at a gate that asks for it."""
    if not {one.item.id for one in asked}.isdisjoint(EVIDENCE_QUESTIONS.values()):
        yield from (f"{one.shortfall}: {one.way}" for one in case.worth.claims if one.why)


def _warnings(
    playbook: Playbook, asked: list[Standing], waived: tuple[Standing, ...], set_aside: tuple[Standing, ...]
) -> list[str]:
    found: list[str] = []
    if len(waived) > playbook.about.max_waivers_per_gate:
        found.append(
            f"{len(waived)} questions are waived; more than {playbook.about.max_waivers_per_gate} are too many"
        )
    if asked and len(set_aside) / len(asked) > playbook.about.max_not_applicable_share:
        share = round(100 * len(set_aside) / len(asked))
        found.append(f"{share} % of the questions were said not to apply")
    return found

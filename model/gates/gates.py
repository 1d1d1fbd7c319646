"""Gates: what must hold before a project leaves a phase.

A gate asks for questions that are met, for a share of the others, and for conditions. A condition whose id Kedge knows
is computed, and one whose inputs do not exist yet says what is missing; any other, and what no input can answer, is
judged by the person who decides. Neither counts as met before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ..assess.records_asked import is_of_this_cycle
from ..assess.standing import Standing, score, wanted_score
from ..edit.deciders import decisions_at
from ..playbook.gate import Gate, GateCondition
from ..playbook.playbook import Playbook
from ..records.governance import Judgement
from ..snapshot.snapshot import Snapshot
from ..text.amounts import whole_percent
from ..text.wording import lacks_words
from ..value.claims import EVIDENCE_QUESTIONS, Claim
from .catalog import CONDITIONS
from .condition import Case, DerivedValues, Verdict


@dataclass(frozen=True)
class Check:
    """A condition: what it asks, whether it holds, and the arithmetic, who judged it and why, or what is missing."""

    id: str
    text: str
    verdict: Verdict
    because: tuple[str, ...] = ()
    is_judged: bool = False
    """Whether a person judges it, since it is not computed."""


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
    unproven: tuple[Claim, ...] = ()
    """Claims behind the chance of success that count as less than is said."""
    unchecked: tuple[str, ...] = ()
    """What rests on evidence alone that others may not find: links and files that are not committed."""
    barred: str = ""
    """Why no one can pass it, whatever is said; empty where it can be passed."""

    @property
    def is_open(self) -> bool:
        """Whether nothing keeps the project from passing."""
        score_is_enough = self.score is None or self.score >= self.wanted_score
        all_met = all(check.verdict == "met" for check in self.checks)
        return not self.holding and not self.barred and score_is_enough and all_met

    @property
    def asks(self) -> list[str]:
        """What it still asks, counted; nothing where it is open."""
        if self.is_open:
            return []
        count = len(self.holding)
        parts = [self.barred] if self.barred else []
        parts += [f"{count} question{'s hold' if count > 1 else ' holds'} it"] if count else []
        for verdict in ("not met", "unknown", "to be judged"):
            count = sum(check.verdict == verdict for check in self.checks)
            parts += [f"{count} condition{'s' if count > 1 else ''} {verdict}"] if count else []
        if self.score is not None and self.score < self.wanted_score:
            parts.append(f"score {whole_percent(self.score)}, wanted {whole_percent(self.wanted_score)}")
        return parts


def report(figures: DerivedValues, project: str, gate: Gate, *, outcome: str = "") -> GateReport:
    """What a gate asks of a project now; `outcome` as in `Case`."""
    playbook, record = figures.snapshot.playbook, figures.snapshot.plan.projects[project]
    asked = _asked(playbook, gate, figures.standings(project))
    case = Case(figures, project, gate, outcome)
    waived = tuple(one for one in asked if one.state == "waived")
    set_aside = tuple(one for one in asked if one.state == "not-applicable")
    claimed = _claimed(case, asked)
    return GateReport(
        gate=gate,
        project=project,
        # The question for the decision itself is answered by deciding.
        holding=tuple(one for one in asked if one.holds_gate and not one.is_decision),
        waived=waived,
        set_aside=set_aside,
        score=score(asked) if gate.scored else None,
        wanted_score=wanted_score(playbook, record.stage, gate.steps) if gate.scored else 0.0,
        checks=tuple(_check(case, one) for one in gate.conditions),
        barred=_barred(case),
        warnings=tuple(_warnings(playbook, asked, waived, set_aside)),
        unproven=tuple(one for one in claimed if one.why),
        unchecked=tuple(one.unchecked for one in claimed if one.unchecked),
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


def _asked(playbook: Playbook, gate: Gate, standing: Mapping[str, Standing]) -> list[Standing]:
    ids = [item.id for step in gate.steps for item in playbook.items_of(step)]
    ids += [name.item or name.field for name in gate.also if not (name.item and name.field)]
    ids += [name.item for name in gate.also if name.item and name.field]
    return [standing[name] for name in dict.fromkeys(ids) if name in standing and standing[name].applies]


def _check(case: Case, asked: GateCondition) -> Check:
    function = CONDITIONS.get(asked.id)
    verdict, known = function(case) if function is not None else ("to be judged", ())
    if verdict != "to be judged":
        return Check(asked.id, asked.text, verdict, known)
    snapshot, before = case.figures.snapshot, tuple[str, ...]()
    for decision in reversed(decisions_at(snapshot, case.project, case.gate.id)):
        said = decision.judged.get(asked.id)
        if said is not None and is_of_this_cycle(case.plan, case.project, decision):
            who = f"judged by {decision.by} on {decision.date}"
            if said.condition is not None and said.condition.split() != asked.text.split():
                before = (f"another sentence was {who}: {said.condition}",)
                break
            found = judged(asked, said, who)
            if found is not None:
                return found
    how = f"kedge gate pass --judge {asked.id}=met:REASON; d on the board asks for it"
    because = (*known, *before, f"whoever decides judges it: {how}")
    return Check(asked.id, asked.text, verdict, because, is_judged=True)


def judged(asked: GateCondition, said: Judgement, who: str) -> Check | None:
    """A condition as a person judged it; None where nothing is said, or no reason."""
    if said.verdict is None or lacks_words(said.reason or "", asked.text):
        return None
    return Check(asked.id, asked.text, said.verdict, (f"{who}: {said.reason}",), is_judged=True)


def _barred(case: Case) -> str:
    """An answer with which no gate is passed."""
    for one in case.standing.values():
        verdict = one.answer.verdict if one.answer is not None else None
        if isinstance(verdict, str) and verdict in one.item.stops:
            return f"{one.item.id} is {verdict}: with that no gate is passed, whoever decides"
    return ""


def _claimed(case: Case, asked: Collection[Standing]) -> tuple[Claim, ...]:
    """What is claimed for the chance of success, at a gate that asks for it."""
    is_asked = not {one.item.id for one in asked}.isdisjoint(EVIDENCE_QUESTIONS.values())
    return case.worth.claims if is_asked else ()


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

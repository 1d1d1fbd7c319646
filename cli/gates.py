"""Gates: what must hold before a project goes on, and the decision that is taken there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from ..model.text.dates import parse_date
from ..model.text.visible import one_line
from ..storage.disk.errors import BadValue, KedgeError, UnknownId
from . import context, naming, output
from .command import Command
from .completing import complete_project, ids_of
from .gate_lines import gate_lines
from .settings import Settings

if TYPE_CHECKING:
    from ..model.gates.decision import GateDecision
    from ..model.gates.gates import GateReport
    from ..model.playbook.gate import Gate
    from ..model.records.base import Record
    from ..model.records.governance import Judgement
    from ..model.snapshot.snapshot import Snapshot


@click.command(cls=Command, reads=True, writes=True)
@click.argument("words", metavar="[PROJECT] [OUTCOME]", nargs=-1, shell_complete=complete_project)
@click.option("--gate", "gate_id", metavar="GATE", default="", help="Another gate than the next one.")
@click.option(
    "--by", metavar="PERSON", help="Who decides; not the project's lead.", shell_complete=ids_of("person")
)
@click.option("--because", metavar="TEXT", default="", help="Why, in a sentence.")
@click.option("--override", metavar="REASON", default="", help="Why a closed gate is passed.")
@click.option(
    "--judge",
    "judgements",
    metavar="ID=met:REASON",
    multiple=True,
    help="A condition that is not computed, as whoever decides sees it: met, or not-met.",
)
@click.option("--condition", "agreed", metavar="TEXT", multiple=True, help="What is agreed with it.")
@click.option("--next-review", metavar="DATE", help="When it is looked at again; needed for hold.")
@click.pass_obj
def gate(  # noqa: PLR0913  an argument for each option
    settings: Settings,
    words: tuple[str, ...],
    gate_id: str,
    by: str | None,
    because: str,
    override: str,
    judgements: tuple[str, ...],
    agreed: tuple[str, ...],
    next_review: str | None,
) -> int:
    """Show what a project's next gate asks and what is missing; the exit code is 1 where it is closed.

    With an OUTCOME (pass, hold, kill, recycle, or another one of the gate) the decision is recorded, and the project
    moves with it, as one step: kedge gate churn pass --by helen --because "twice the recall of the rule"
    """
    deciding = bool(by or because or override or judgements or agreed or next_review or settings.dry_run)
    derived = context.derived(settings, context.read(settings))
    project, outcome = _meant(settings, derived.snapshot, words, gate_id)
    if deciding and not outcome:
        raise click.UsageError(
            "an outcome is missing, such as: kedge gate PROJECT pass --by PERSON --because TEXT"
        )
    asked = _gate(derived.snapshot, project, gate_id)
    if outcome:
        from ..model.gates.decision import GateDecision, outcome_of

        meant = outcome_of(asked, outcome)
        if not by:
            raise click.UsageError(f"--by is missing: who decides at {asked.id}? ({asked.decided_by})")
        if not because.strip():
            raise click.UsageError("--because is missing: a decision has a reason, in a few words")
        review = parse_date(next_review, settings.today) if next_review else None
        judged = dict(map(_judgement, judgements))
        decision = GateDecision(meant, by, because, override, review, judged, agreed)
        _decide(settings, project, asked, decision)
        return 0
    found = derived.gate(project, asked.id)
    if settings.json:
        output.data("gate", report_data(found))
    else:
        output.lines(gate_lines(derived.snapshot, found, whole=settings.verbose))
    return 0 if found.is_open else 1


def _judgement(text: str) -> tuple[str, Judgement]:
    """`works-council=met:they agreed on 3 May` as the id of a condition and what is made of it. Raises BadValue."""
    from ..model.records.governance import Judgement

    name, _, said = text.partition("=")
    verdict, _, reason = said.partition(":")
    words = {"met": "met", "not-met": "not met", "not met": "not met"}
    if verdict.strip() not in words or not name.strip():
        raise BadValue(f"--judge wants ID=met:REASON or ID=not-met:REASON, not {text!r}")
    return name.strip(), Judgement.model_validate(
        {"verdict": words[verdict.strip()], "reason": reason.strip()}
    )


def _meant(settings: Settings, snapshot: Snapshot, words: Sequence[str], gate_id: str) -> tuple[str, str]:
    """The project, and the outcome where one is said. Raises KedgeError or EditRefused."""
    plan = snapshot.plan
    if len(words) > 2:
        raise click.UsageError(
            "a project and an outcome are enough; an outcome of two words is written next-stage"
        )
    if len(words) == 2:
        return naming.one_of(words[0], "project", plan.projects), words[1]
    if not words:
        return context.need_project(settings, plan), ""
    try:
        return naming.one_of(words[0], "project", plan.projects), ""
    except UnknownId:
        # One word may be an outcome, where the project is clear.
        from ..model.edit.refusal import EditRefused
        from ..model.gates.decision import outcome_of

        try:
            project = context.need_project(settings, plan)
            outcome_of(_gate(snapshot, project, gate_id), words[0])
        except EditRefused:
            raise UnknownId(words[0], "project", list(plan.projects)[:8]) from None
        return project, words[0]


def _gate(snapshot: Snapshot, project: str, text: str) -> Gate:
    from ..model.gates.gates import next_gate

    playbook = snapshot.playbook

    if text:
        found = playbook.gate(naming.one_of(text, "gate", [one.id for one in playbook.gates]))
    else:
        found = next_gate(snapshot, project)
    if found is None:
        raise BadValue(
            f"no gate leads out of {snapshot.plan.projects[project].phase}", "--gate GATE names another one"
        )
    return found


def _decide(settings: Settings, project: str, asked: Gate, decision: GateDecision) -> None:
    """Records a decision, as one step."""
    from ..model.gates.decision import decide

    workspace = context.open_workspace(settings)
    derived = context.derived(settings, workspace)
    plan = derived.plan
    if not plan.people:
        raise KedgeError(
            f"the plan has no person yet who could decide at {asked.id}",
            "kedge person add NAME adds a person, who must not be the lead of the project",
        )
    found = derived.gate(project, asked.id, decision.outcome)
    by = naming.one_of(decision.by, "person", plan.people)
    batch = decide(derived.snapshot, found, replace(decision, by=by))
    if decision.override and found.is_open:
        output.say(settings, f"note: {asked.id} is open, so that nothing is overridden")
    after = next(
        (change.after for change in batch.changes if change.after and change.after.id == project), None
    )
    moved = _moved(plan.projects[project], after) if after is not None else ""
    context.commit(settings, workspace, batch, f"{batch.label}{moved}")
    if not settings.dry_run and batch.changes[0].after is not None:
        output.lines([batch.changes[0].after.id])


def _moved(before: Record, after: Record) -> str:
    names = ("phase", "stage", "cycle", "state")
    said = [
        f"{name} {getattr(after, name)}" for name in names if getattr(before, name) != getattr(after, name)
    ]
    return f"; the project is now: {', '.join(said)}" if said else ""


# ---- for programs


def report_data(found: GateReport) -> dict[str, Any]:
    """What a gate asks, for programs."""

    def group(standings: Sequence[Any]) -> list[dict[str, str]]:
        return [{"question": one.item.id, "step": one.item.step, "lacks": one.lacks()} for one in standings]

    return {
        "gate": found.gate.id,
        "project": found.project,
        "open": found.is_open,
        "holding": group(found.holding),
        "waived": group(found.waived),
        "not_applicable": group(found.set_aside),
        "to_confirm": group(found.to_confirm),
        "score": found.score,
        "wanted_score": found.wanted_score,
        "raising": [{"question": one.item.id, "weight": one.item.weight} for one in found.raising],
        "conditions": [
            {
                "id": check.id,
                "text": check.text,
                "verdict": check.verdict,
                "judged": check.is_judged,
                "because": [one_line(line) for line in check.because],
            }
            for check in found.checks
        ],
        "unproven": [
            {"factor": one.factor, "said": one.said, "counts_as": one.level, "why": one.why}
            for one in found.unproven
        ],
        "unchecked": list(found.unchecked),
        "warnings": list(found.warnings),
        "outcomes": list(found.gate.outcomes),
        "decided_by": found.gate.decided_by,
    }

"""Gates: what must hold before a project goes on, and the decision that is taken there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from ..model.text.amounts import whole_percent
from ..model.text.dates import parse_date
from ..model.text.visible import one_line
from ..storage.disk.errors import BadValue, KedgeError, UnknownId
from . import context, output
from .command import Command
from .completing import complete_project, ids_of
from .settings import Settings
from .text import sign, wrapped

if TYPE_CHECKING:
    from ..model.gates.decision import GateDecision
    from ..model.gates.gates import Check, GateReport
    from ..model.playbook.models import Gate
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
@click.option("--override", metavar="REASON", default="", help="Why a closed gate is passed all the same.")
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
        review = parse_date(next_review, settings.today) if next_review else None
        judged = dict(map(_judgement, judgements))
        decision = GateDecision(meant, by, because, override, review, judged, agreed)
        _decide(settings, project, asked, decision)
        return 0
    found = derived.gate(project, asked.id)
    if settings.json:
        output.data("gate", report_data(found))
    else:
        output.lines(_lines(settings, derived.snapshot, found))
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
        return context.one_of(words[0], "project", plan.projects), words[1]
    if not words:
        return context.need_project(settings, plan), ""
    try:
        return context.one_of(words[0], "project", plan.projects), ""
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
        found = playbook.gate(context.one_of(text, "gate", [one.id for one in playbook.gates]))
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
            f"nobody is in the plan yet who could decide at {asked.id}",
            "kedge person add NAME makes somebody; it must not be who leads the project",
        )
    found = derived.gate(project, asked.id, decision.outcome)
    by = context.one_of(decision.by, "person", plan.people)
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


# ---- for people


def _lines(settings: Settings, snapshot: Snapshot, found: GateReport) -> Iterator[str]:
    asked, record, playbook = found.gate, snapshot.plan.projects[found.project], snapshot.playbook
    yield from wrapped(
        f"{asked.id}  {asked.title}  ({found.project}: {asked.from_phase} → {asked.to_phase})", "  ", ""
    )
    yield f"{'open' if found.is_open else 'closed'}, at stage {record.stage}"
    if found.barred:
        yield from wrapped(found.barred, "  ", "")
    yield from ("", _must_line(found))
    for step in dict.fromkeys(one.item.step for one in found.holding):
        named = playbook.step(step)
        yield f"  {named.title if named else step}"
        for one in found.holding:
            if one.item.step == step:
                yield from wrapped(one.item.text, " " * 6, f"    {sign('not met')} {one.item.id}  ")
                yield from wrapped(one.lacks(), " " * 6)
    yield from ("", _score_line(found))
    if found.score is not None and found.score < found.wanted_score:
        named = ", ".join(f"{one.item.id} {one.item.weight}" for one in found.raising)
        yield from wrapped(f"what raises it, with its weight: {named}")
    if found.to_confirm:
        yield from ("", "Carried over from an earlier cycle: kedge answer QUESTION --confirm, or answer anew")
        yield from wrapped(", ".join(one.item.id for one in found.to_confirm))
    if found.checks:
        yield from ("", "Conditions")
        for check in found.checks:
            yield from _check_lines(
                check, whole=settings.verbose or check.verdict != "met" or check.is_judged
            )
    yield from _set_aside(found)
    for warning in found.warnings:
        yield from ("", *wrapped(f"warning: {warning}", "  ", ""))
    yield from (
        "",
        *wrapped(f"It ends in: {', '.join(asked.outcomes)}. Decided by: {asked.decided_by}.", "  ", ""),
    )


def _set_aside(found: GateReport) -> Iterator[str]:
    for title, group in (("Waived", found.waived), ("Said not to apply", found.set_aside)):
        if group:
            yield from ("", title)
            for one in group:
                yield from wrapped(one.set_aside_by, " " * 6, f"    {one.item.id}  ")


def _must_line(found: GateReport) -> str:
    count = len(found.holding)
    if not count:
        return "Needed questions: all met, or waived"
    return f"Needed questions: {count} {'is' if count == 1 else 'are'} not met"


def _score_line(found: GateReport) -> str:
    if found.score is None:
        return "Score of the other questions: not asked"
    enough = "enough" if found.score >= found.wanted_score else "not enough"
    reached, wanted = whole_percent(found.score), whole_percent(found.wanted_score)
    return f"Score of the other questions: {reached} of the weights, wanted {wanted}: {enough}"


def _check_lines(check: Check, *, whole: bool) -> Iterator[str]:
    head = f"  {sign(check.verdict)} "
    name = f" ({check.id})" if check.is_judged else ""
    yield from wrapped(f"{check.verdict}: {check.text}{name}", " " * 4, head)
    for line in check.because if whole else check.because[-1:]:
        yield from wrapped(line, " " * 8, " " * 6)


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
        "warnings": list(found.warnings),
        "outcomes": list(found.gate.outcomes),
        "decided_by": found.gate.decided_by,
    }

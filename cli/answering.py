"""Answers to the questions of the playbook, and the evidence behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import click

from ..model.text.named import named
from ..model.text.visible import one_line
from ..storage.disk.errors import BadValue, KedgeError, UnknownId
from ..storage.git.evidence import locate
from . import context, naming, output
from .assess import complete_question, find_question
from .command import Command
from .completing import ids_of
from .settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..model.assess.expected import Fields
    from ..model.plan.plan import Plan
    from ..model.playbook.item import Item
    from ..model.playbook.playbook import Playbook
    from ..model.records.assessment import Answer
    from ..model.snapshot.snapshot import Snapshot


@click.command(cls=Command, writes=True, context_settings={"ignore_unknown_options": True})
@click.argument("question", shell_complete=complete_question)
@click.argument("words", metavar="[VERDICT…] [NAME=VALUE…]", nargs=-1)
@click.option("--because", metavar="TEXT", help="The reason, in a line.")
@click.option(
    "--evidence", multiple=True, metavar="PATH|URL", help="Where it can be read; adds to what is there."
)
@click.option(
    "--confidence", metavar="LEVEL", help="How good the evidence is: nothing, opinion, analogue, test …"
)
@click.option("--result", metavar="WAY", help="Which way it points: supports, mixed or against.")
@click.option(
    "--checked", multiple=True, metavar="LINE", help="A line that holds, by number or words; all, none."
)
@click.option("--unchecked", multiple=True, metavar="LINE", help="A line that no longer holds.")
@click.option("--valid-until", metavar="DATE", help="Until when it holds; after that it is asked again.")
@click.option("--unknown", is_flag=True, help="The answer is not known; that blocks until it is.")
@click.option("--not-applicable", is_flag=True, help="The question does not apply here; needs --because.")
@click.option(
    "--approved-by",
    metavar="PERSON",
    help="Who agrees that it does not apply, where it holds a gate; not the lead.",
    shell_complete=ids_of("person"),
)
@click.option("--confirm", is_flag=True, help="What was said in an earlier cycle still holds in this one.")
@click.option("--clear", is_flag=True, help="Take the answer away.")
@click.pass_obj
def answer(  # noqa: PLR0913  an argument for each option
    settings: Settings,
    question: str,
    words: tuple[str, ...],
    because: str | None,
    evidence: tuple[str, ...],
    confidence: str | None,
    result: str | None,
    checked: tuple[str, ...],
    unchecked: tuple[str, ...],
    valid_until: str | None,
    approved_by: str | None,
    *,
    unknown: bool,
    not_applicable: bool,
    confirm: bool,
    clear: bool,
) -> None:
    """Answer a QUESTION of the playbook.

    VERDICT is yes or no, a grade, a number with or without its unit (170k, 29 weeks), a choice or the beginning of
    one, lines of a checklist by number or words, NAME=VALUE for each figure (low=1 likely=2 high=3, or 1/2/3), or a
    text. `kedge assess QUESTION` says what is expected.
    """
    from ..model.assess import answers, verdicts
    from ..model.assess.expected import expects
    from ..model.assess.standing import standings
    from ..model.text.dates import parse_date

    _refuse_options(words)
    workspace = context.open_workspace(settings)
    now = context.snapshot(settings, workspace)
    plan, playbook = now.plan, now.playbook
    project = context.need_project(settings, plan)
    item = playbook.item(_question_id(playbook, question))
    assert item is not None
    before = _before(plan, project, item)
    if clear:
        context.commit(settings, workspace, answers.clear_answer(plan, project, item))
        return
    if confirm:
        if words or unknown or not_applicable:
            raise click.UsageError("--confirm keeps the answer; leave it out to answer something else")
        batch = answers.confirm(plan, project, standings(now, project)[item.id])
        context.commit(settings, workspace, batch, _after(now.after(batch.changes), project, item))
        return
    fields: Fields = {}
    if unknown or not_applicable:
        if words or (unknown and not_applicable):
            raise click.UsageError("say one of: a verdict, --unknown, --not-applicable")
        fields["state"] = "unknown" if unknown else "not-applicable"
    if words:
        fields |= verdicts.read_verdict(item, words, before, settings.today)
    if checked or unchecked:
        fields["checked"] = _checked_lines(item, before.checked if before else (), checked, unchecked)
    notes: list[str] = []
    if item.per == "dataset" and fields.get("checked"):
        notes += _dataset_notes(plan, project)
    if evidence:
        found = [locate(workspace.root, settings.folder, path) for path in evidence]
        fields["evidence"] = _with_evidence(before, [path for path, _ in found])
        notes += [note for _, note in found if note]
    typed = {
        "because": because,
        "confidence": verdicts.read_level(confidence) if confidence else confidence,
        "result": verdicts.read_result(result) if result else result,
        "valid_until": parse_date(valid_until, settings.today) if valid_until else valid_until,
        "approved_by": _approver(plan, approved_by, not_applicable),
    }
    fields |= {name: value or None for name, value in typed.items() if value is not None}
    if not fields:
        raise BadValue(f"{named(item.text, item.id)} needs an answer", f"expected: {expects(item)}")
    batch = answers.set_answer(plan, project, item, fields, before)
    for note in notes:
        output.say(settings, f"note: {note}")
    context.commit(settings, workspace, batch, _after(now.after(batch.changes), project, item))


def _approver(plan: Plan, text: str | None, is_set_aside: bool) -> str | None:  # noqa: FBT001  what it belongs to
    if text and not is_set_aside:
        raise click.UsageError("--approved-by goes with --not-applicable")
    return naming.one_of(text, "person", plan.people) if text else None


def _checked_lines(
    item: Item, lines: Sequence[str], checked: Sequence[str], unchecked: Sequence[str]
) -> list[str]:
    from ..model.assess.verdicts import check_lines

    if checked:
        lines = check_lines(item, checked, lines)
    return check_lines(item, unchecked, lines, holds=False) if unchecked else list(lines)


def _with_evidence(before: Answer | None, paths: Sequence[str]) -> list[str]:
    return list(dict.fromkeys([*(before.evidence if before else ()), *paths]))


def _dataset_notes(plan: Plan, project: str) -> Iterator[str]:
    yield "this counts for every dataset; for one of them: kedge dataset set ID explored=+LINE"
    undated = [one.id for one in plan.of_kind("dataset", project) if not getattr(one, "checked_on", None)]
    if undated:
        yield f"when was it looked at? kedge dataset set {' '.join(sorted(undated))} checked_on=DATE"


def _refuse_options(words: Sequence[str]) -> None:
    """Numbers may be negative, so that click takes every unknown option for a word."""
    for word in words:
        if word.startswith("-") and not word[1:2].isdigit():
            raise click.UsageError(f"there is no option {word}")


def _question_id(playbook: Playbook, text: str) -> str:
    try:
        return find_question(playbook, text)
    except UnknownId as error:
        hint = f"nearest: {', '.join(error.nearest)}" if error.nearest else "kedge assess lists them"
        raise KedgeError(f"no question has the id {text!r}", hint) from None


def _before(plan: Plan, project: str, item: Item) -> Answer | None:
    """The answer that is added to; one that an earlier cycle gave for itself is not."""
    entries = (one for address, one in plan.entries("answer", project) if address.id == item.id)
    found = cast("Answer | None", next(entries, None))
    return None if found is None or item.is_over(found.cycle, plan.projects[project].cycle) else found


def _after(then: Snapshot, project: str, item: Item) -> str:
    """How far the question is then, and which one comes next."""
    from ..model.assess.expected import expects
    from ..model.assess.questions import way
    from ..model.assess.standing import asking_order, next_open, standings, wanted_score

    standing, playbook = standings(then, project), then.playbook
    one = standing[item.id]
    remark = one.remark if one.applies else ""
    if one.counted.why:
        remark += f"; {way(one).replace('QUESTION', item.id)}"
    text = f"{project}: {named(item.text, item.id)} is {one.word}" + (f": {remark}" if remark else "")
    phase = playbook.step(item.step)
    steps = [step.id for step in playbook.steps_of(phase.phase)] if phase is not None else [item.step]
    wanted = wanted_score(playbook, then.plan.projects[project].stage, steps)
    upcoming = next_open(standing, asking_order(playbook, steps), item.id, wanted)
    if upcoming is None:
        return text
    deciding = "kedge gate pass --by PERSON --because TEXT; kedge gate shows what is missing"
    lacks = standing[upcoming.id].lacks()
    wants = deciding if upcoming.record == ("decision",) else expects(upcoming)
    if upcoming.record != ("decision",) and "kedge " in lacks:  # what is there already lacks something
        wants = lacks.removesuffix(" (enter on the board)")
    return f"{text}\n  next: {one_line(upcoming.text)} ({upcoming.id})\n  wants: {one_line(wants)}"

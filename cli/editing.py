"""The daily work: commands that change cards, one step each, several cards at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from ..model.text.named import quoted
from ..model.text.visible import one_line
from ..storage.disk.errors import BadValue, KedgeError
from . import context, output
from .command import Command
from .completing import assignments_of, complete_card, complete_place, complete_quick, complete_record
from .settings import Settings

if TYPE_CHECKING:
    from ..model.plan.change import Batch
    from ..model.records.card import Card
    from ..storage.plan.workspace import Workspace

_VALUE, _SAID = 40, 64
"""Cells of one value, and of all that a step sets, in the line that says so."""
_cards = click.argument("ids", metavar="ID…", nargs=-1, required=True, shell_complete=complete_card)


@click.command(cls=Command, writes=True)
@click.argument("words", metavar="TITLE…", nargs=-1, required=True, shell_complete=complete_quick)
@click.pass_obj
def add(settings: Settings, words: tuple[str, ...]) -> None:
    """Add a card, and print its id.

    The line may say more than the title: @owner #tag ~2/3/5 (working days) !milestone due:fri not_before:+1w
    needs:ID stage:mvp skill:sql in:execute/data-pipeline. Your shell may want it in quotes.

    For example: kedge add "Feature table @mira ~2/3/8 #data due:fri"
    """
    from random import SystemRandom

    from ..model.cards.quick_add import parse_quick
    from ..model.edit.edits import add_card

    workspace = context.open_on_demand(settings)
    project = context.need_project(settings, workspace.plan)
    line = " ".join(words)
    places = context.places(workspace.files)
    quick = parse_quick(line, workspace.plan, project, settings.today, me=settings.me, places=places)
    if quick.problems:
        problem = quick.problems[0]
        expected = f"; expected {', '.join(problem.expected)}" if problem.expected else ""
        hint = " ".join(f"{one.message}." for one in quick.problems[1:])
        raise BadValue(f"{problem.message} (at character {problem.start + 1}){expected}", hint)
    batch = add_card(workspace.plan, project, quick.title, quick.fields, SystemRandom())
    card = batch.changes[0].after
    assert card is not None
    context.commit(settings, workspace, batch, f"added to {project}: {quoted(card.label)}")
    if not settings.dry_run:
        output.lines([card.id])


@click.command(cls=Command, name="set", writes=True)
@click.argument(
    "words", metavar="ID… FIELD=VALUE…", nargs=-1, required=True, shell_complete=assignments_of("card")
)
@click.pass_obj
def set_fields(settings: Settings, words: tuple[str, ...]) -> None:
    """Set fields of cards, or of any other record.

    FIELD= clears one; tags=+new,-old adds and takes away; checklist.k7f2.done=yes reaches inside. Dates may be
    written as fri, +2w or 1 dec, estimates as 2/3/5, ids may be shortened.

    For example: kedge set 7k2m owner=sam due=fri tags=+urgent
    """
    from . import fields

    ids, assignments = fields.split(words)
    if not ids or not assignments:
        raise click.UsageError("ids and then FIELD=VALUE are needed, such as 7k2m owner=mira")
    workspace = context.open_on_demand(settings)
    found = [context.find(settings, workspace.plan, text) for text in ids]
    batch = assigned(settings, workspace, list(dict.fromkeys(found)), assignments)
    context.commit(settings, workspace, batch)


def assigned(
    settings: Settings, workspace: Workspace, found: Sequence[Any], assignments: Sequence[Any]
) -> Batch:
    """The step that sets fields of records and entries. Raises KedgeError for a field or value that does not fit."""
    from ..model.edit.edits import edit_each, name_of
    from ..model.records.kinds import KINDS, record_model
    from . import fields
    from .showing import entry_at

    plan = workspace.plan
    reader = fields.Reader(plan, settings.today, context.places(workspace.files))
    wanted, names = {}, f"{len(found)} records"
    for address in found:
        is_first = address.kind in KINDS and plan.get(address) is None
        entry = record_model(address.kind)() if is_first else entry_at(plan, address)
        wanted[address] = reader.values(address.kind, type(entry), entry, address.project, assignments)
        if len(found) == 1:
            names = name_of(entry, address.id)
    return edit_each(plan, wanted, f"set {_said(assignments)} of {names}")


def _said(assignments: Sequence[Any]) -> str:
    """What is set, as it was typed where that is short: the step is named so in one line, by undo too."""
    texts = [f"{'.'.join(one.path)}={one_line(one.text)}" for one in assignments]
    said = ", ".join(output.shorten(text, _VALUE) for text in texts)
    names = ", ".join(".".join(one.path) for one in assignments)
    return next((one for one in (said, names) if len(one) <= _SAID), f"{len(texts)} fields")


@click.command(cls=Command, writes=True)
@click.argument("words", metavar="ID… PLACE", nargs=-1, required=True, shell_complete=complete_place)
@click.pass_obj
def move(settings: Settings, words: tuple[str, ...]) -> None:
    """Move cards to a PLACE: a phase (execute), a phase with its step (execute/data-pipeline), or the step alone.

    For example: kedge move 7k2m data-pipeline
    """
    from ..model.edit import edits
    from .fields import place

    if len(words) < 2:
        raise click.UsageError("ids and a place are needed, such as 7k2m execute/data-pipeline")
    workspace = context.open_on_demand(settings)
    cards = context.find_cards(settings, workspace.plan, words[:-1])
    target = place(words[-1], context.places(workspace.files))
    context.commit(settings, workspace, edits.move(cards, target))


def _on_cards(settings: Settings, ids: Sequence[str], verb: Callable[[list[Card]], Batch]) -> None:
    workspace = context.open_on_demand(settings)
    context.commit(settings, workspace, verb(context.find_cards(settings, workspace.plan, ids)))


@click.command(cls=Command, writes=True)
@_cards
@click.option("--branch", is_flag=True, help="Also make the branch on which the card is done, and go to it.")
@click.pass_obj
def start(settings: Settings, ids: tuple[str, ...], *, branch: bool) -> None:
    """Mark cards as in progress.

    With --branch the commits that follow can name the card by themselves: kedge git install --hook.

    For example: kedge start 7k2m
    """
    from ..model.edit.edits import set_status

    if branch:
        from .branching import start_on_branch

        start_on_branch(settings, ids)
    else:
        _on_cards(settings, ids, lambda cards: set_status(cards, "doing"))


@click.command(cls=Command, writes=True)
@_cards
@click.pass_obj
def done(settings: Settings, ids: tuple[str, ...]) -> None:
    """Mark cards as done.

    For example, two at once: kedge done 7k2m crm4
    """
    from ..model.edit.edits import set_status

    _on_cards(settings, ids, lambda cards: set_status(cards, "done"))


@click.command(cls=Command, writes=True)
@_cards
@click.option("--reason", metavar="TEXT", help="Why they cannot go on; an empty one takes the mark away.")
@click.pass_obj
def block(settings: Settings, ids: tuple[str, ...], reason: str | None) -> None:
    """Mark cards as blocked, with the reason. Where they wait for another card: `kedge set ID needs=+OTHER`.

    The reason may also come last, in quotes: kedge block 7k2m "no test account yet".
    """
    from ..model.edit.edits import block as blocked

    if reason is None:
        ids, reason = _with_reason(ids)
    _on_cards(settings, ids, lambda cards: blocked(cards, reason))


@click.command(cls=Command, writes=True)
@_cards
@click.pass_obj
def unblock(settings: Settings, ids: tuple[str, ...]) -> None:
    """Take the blocked mark from cards.

    For example: kedge unblock 7k2m
    """
    from ..model.edit.edits import block as blocked

    _on_cards(settings, ids, lambda cards: blocked(cards, ""))


@click.command(cls=Command, writes=True)
@_cards
@click.option("--reason", metavar="TEXT", help="Why; others will read it later.")
@click.pass_obj
def drop(settings: Settings, ids: tuple[str, ...], reason: str | None) -> None:
    """Drop cards, with the reason that others will read later.

    The reason may also come last, in quotes: kedge drop 7k2m "legal said no".
    """
    from ..model.edit.edits import drop as dropped

    if reason is None:
        ids, reason = _with_reason(ids)
    _on_cards(settings, ids, lambda cards: dropped(cards, reason))


def _with_reason(words: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Ids, and a reason in the last place: no id is empty or has a space in it."""
    if len(words) > 1 and (not words[-1] or " " in words[-1].strip()):
        return words[:-1], words[-1]
    raise click.UsageError('a reason is needed: --reason "no test account yet"')


@click.command(cls=Command, writes=True)
@click.argument("card_id", metavar="ID", shell_complete=complete_card)
@click.argument("item")
@click.pass_obj
def tick(settings: Settings, card_id: str, item: str) -> None:
    """Tick an ITEM of a card's checklist, or untick it: its key, or words of its text that fit only one.

    For example: kedge tick 7k2m "agreed with legal"
    """
    from ..model.edit.edits import tick as ticked

    workspace = context.open_on_demand(settings)
    card = context.find_card(settings, workspace.plan, card_id)
    keys = [key for key in card.checklist if key == item] or [
        key for key, one in card.checklist.items() if item.casefold() in one.text.casefold()
    ]
    if len(keys) > 1:
        texts = "; ".join(f"{key} {card.checklist[key].text}" for key in keys)
        raise KedgeError(f"{item!r} fits {len(keys)} items: {texts}", "write more of it, or its key")
    context.commit(settings, workspace, ticked(card, keys[0] if keys else item))


@click.command(cls=Command, writes=True)
@click.argument("old", metavar="ID", shell_complete=complete_record)
@click.argument("new", metavar="NEW_ID")
@click.pass_obj
def rename(settings: Settings, old: str, new: str) -> None:
    """Give a record another id, and follow every reference to it, as one step.

    For example: kedge rename 7k2m churn-features
    """
    from ..model.edit.renames import rename as renamed

    workspace = context.open_workspace(settings)
    address = context.find(settings, workspace.plan, old)
    context.commit(settings, workspace, renamed(workspace.plan, address, new))


@click.command(cls=Command, writes=True)
@click.argument("ids", metavar="ID…", nargs=-1, required=True, shell_complete=complete_record)
@click.pass_obj
def remove(settings: Settings, ids: tuple[str, ...]) -> None:
    """Remove records with their files, or entries from theirs; `kedge undo` brings them back.

    Work that will not be done is better dropped: its reason then stays. References to what was removed stay too, and
    are found by kedge check.
    """
    from ..model.edit.edits import remove as removed

    workspace = context.open_workspace(settings)
    found = list(dict.fromkeys(context.find(settings, workspace.plan, text) for text in ids))
    context.commit(settings, workspace, removed(workspace.plan, found))


@click.command(cls=Command, writes=True)
@click.pass_obj
def undo(settings: Settings) -> None:
    """Take back the last change made by any kedge on this clone; refuses where its files have changed since."""
    _travel(settings, "undo")


@click.command(cls=Command, writes=True)
@click.pass_obj
def redo(settings: Settings) -> None:
    """Make the change again that was undone last."""
    _travel(settings, "redo")


def _travel(settings: Settings, verb: str) -> None:
    from ..storage.plan.file_steps import diff_of
    from ..storage.plan.journal import FileStep

    # The step knows its files, and projects say what an agent may take back: nothing else has to be read.
    workspace = context.open_workspace(settings, {"board", "project"})
    if settings.dry_run:
        step = workspace.journal.to_undo() if verb == "undo" else workspace.journal.to_redo()
        sides = [(one.after, one.before) if verb == "undo" else (one.before, one.after) for one in step.files]
        writes = [FileStep(one.path, *pair) for one, pair in zip(step.files, sides, strict=True)]
        output.diff(diff_of(workspace.root, writes))
        return
    label, _ = workspace.undo() if verb == "undo" else workspace.redo()
    output.RUN.has_written = True
    output.say_step(settings, f"{'undid' if verb == 'undo' else 'redid'}: {label}")

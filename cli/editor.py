"""A record's own file in the person's editor. Nothing typed is ever lost.

The editor works on a copy. What comes back is read as the plan would read it; with a mistake in it the editor can be
opened again at its line, and whoever gives up keeps the text in a file.
"""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

import click

from ..storage.disk.editor import NoEditor, editor_command, editor_words, run_editor
from ..storage.disk.errors import KedgeError, WriteRefused
from . import context, output
from .command import Command
from .completing import complete_record
from .settings import Settings

if TYPE_CHECKING:
    from ..model.records.address import Address
    from ..model.records.findings import Finding
    from ..storage.plan.workspace import Workspace


@click.command(cls=Command, writes=True)
@click.argument("record_id", metavar="ID", shell_complete=complete_record)
@click.pass_obj
def edit(settings: Settings, record_id: str) -> int:
    """Open a record's file in your editor (VISUAL or EDITOR).

    With a mistake in the text the editor can be opened again; nothing typed is lost. A goal, a metric and so on
    are in the file of their project.
    """
    from ..storage.disk.paths import path_of

    if not output.on_terminal():
        raise KedgeError("an editor needs a terminal", "kedge set ID FIELD=VALUE works without one")
    editor_words(settings.environment)  # refused before a copy is made for it
    workspace = context.open_workspace(settings)
    address = _address(settings, workspace, record_id)
    path = path_of(address)
    before = workspace.files[path].content.decode("utf-8", "surrogateescape")
    folder = tempfile.mkdtemp(prefix="kedge-edit-")
    draft = os.path.join(folder, os.path.basename(path))
    _write(draft, before)
    text = _edited(settings, workspace, path, draft, before)
    if text is None:
        output.complain(f"kedge: {path} is as it was; what you typed is in {draft}")
        return WriteRefused.exit_code
    if text == before:
        output.say(settings, "nothing was changed")
    elif settings.dry_run:
        from ..storage.plan.file_steps import diff_of

        output.diff(diff_of(workspace.root, workspace.prepare_rewrite({path: text})))
    else:
        try:
            workspace.rewrite(f"edit {address.id}", {path: text})
        except WriteRefused as error:
            raise WriteRefused(error.message, f"{error.hint}; what you typed is in {draft}") from error
        output.RUN.has_written = True
        output.say(settings, f"edited {address.id}")
    os.unlink(draft)
    os.rmdir(folder)
    return 0


def _address(settings: Settings, workspace: Workspace, text: str) -> Address:
    """The record whose file is meant; also one whose file cannot be read, since it is here that it is mended."""
    from ..model.edit.edits import holder
    from ..model.plan.ids import resolve

    broken = {f"{one.project}/{one.id}": one for one in workspace.broken()}
    match = resolve(text, broken).match
    return broken[match] if match else holder(context.find(settings, workspace.plan, text))[0]


def _edited(settings: Settings, workspace: Workspace, path: str, draft: str, before: str) -> str | None:
    """What the person made of the text; None where it has a mistake and they gave up."""
    line = 0
    while True:
        _run(settings, draft, line)
        with open(draft, encoding="utf-8", errors="surrogateescape", newline="") as file:
            text = file.read()
        mistakes = [] if text == before else _mistakes(workspace, path, text)
        if not mistakes:
            return text
        for one in mistakes:
            place = f"line {one.line}, column {one.column}: " if one.line else ""
            output.complain(f"kedge: {place}{one.message}" + (f"\n  {one.hint}" if one.hint else ""))
        line = mistakes[0].line
        if output.ask("Open it again?", {"y": "again", "n": ""}, "y") != "again":
            return None


def _mistakes(workspace: Workspace, path: str, text: str) -> list[Finding]:
    """What is wrong with a text for a file of the plan; warnings are left to `check`."""
    from ..model.records.findings import Finding
    from ..storage.disk.scan import NO_STAMP
    from ..storage.plan.read import understand

    if not text.strip():
        return [Finding("F100", "error", "the file is empty", hint="kedge remove takes a record away")]
    content = text.encode("utf-8", "surrogateescape")
    file, _ = understand(path, workspace.files[path].address, NO_STAMP, content)
    return [one for one in file.findings if one.severity == "error"]


def _run(settings: Settings, draft: str, line: int) -> None:
    try:
        run_editor(editor_command(settings.environment, draft, line))
    except NoEditor as error:
        where = f"nothing was written; your text is in {draft}"
        raise NoEditor(error.message, f"{error.hint}; {where}" if error.hint else where) from None


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        file.write(text)

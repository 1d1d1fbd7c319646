"""A record's own file in the person's editor: a copy is edited, looked at, and only then written.

What a person wrote is never lost: with a mistake in it the text comes back with the mistake said on its line, and
a text that is given up stays behind as a copy whose place is told.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from textual.app import App, SuspendNotSupported
from textual.worker import Worker

from ...model.edit.merge import merge
from ...model.edit.text_merge import merge_lines
from ...model.plan.plan import holder_id
from ...model.records.address import Address
from ...model.records.base import to_data
from ...model.records.findings import Finding
from ...model.records.kinds import ENTRIES
from ...model.records.values import same
from ...model.text.visible import one_line
from ...storage.disk.editor import NoEditor, editor_command, run_editor
from ...storage.disk.errors import KedgeError
from ...storage.disk.fetch import MAX_SIZE, read_bytes
from ...storage.disk.paths import path_of
from ...storage.disk.scan import NO_STAMP
from ...storage.plan.read import understand
from ..dialogs.ask import Ask
from ..dialogs.message import Message
from ..session.session import Session, Travelled
from ..widgets.host import HostedApp

Run = Callable[[Sequence[str]], None]
"""Runs an editor with the terminal in its hands. Raises NoEditor where that did not work."""
MARK = "#! kedge: "
"""Begins the lines that say a mistake; they are taken out again."""


@dataclass(frozen=True)
class _Text:
    """What is wrong with a text."""

    mistakes: tuple[Finding, ...]
    is_broken: bool


def edit_record(
    app: HostedApp, session: Session, address: Address, line: int = 0, run: Run | None = None
) -> Worker[None]:
    """Opens the file of a record, or of the record that an entry is in; goes on while the app lives."""
    if address.kind in ENTRIES:
        kind = ENTRIES[address.kind].record
        address = Address(kind, address.project, holder_id(kind, address.project))
    return app.run_worker(
        _Edit(app, session, address, run or in_terminal(app)).go(line), group="editor", exclusive=True
    )


def in_terminal(app: App[Any]) -> Run:
    """Runs an editor in the place of the app."""

    def run(words: Sequence[str]) -> None:
        # An exception that left `suspend` would leave the terminal as it is there: without the board.
        failed: NoEditor | None = None
        with app.suspend():
            try:
                run_editor(words)
            except NoEditor as error:
                failed = error
        if failed is not None:
            raise failed

    return run


def with_mistakes(text: str, mistakes: Sequence[Finding]) -> str:
    """The text with each mistake as a comment above its line."""
    rows = text.splitlines(keepends=True)
    for one in sorted(mistakes, key=lambda mistake: mistake.line, reverse=True):
        at = max(0, min(one.line - 1, len(rows)))
        hint = f" ({one.hint})" if one.hint else ""
        rows.insert(at, f"{MARK}line {one.line}: {one_line(one.message)}{one_line(hint)}\n")
    return "".join(rows)


def without_mistakes(text: str) -> str:
    """The text as the person wrote it."""
    return "".join(row for row in text.splitlines(keepends=True) if not row.startswith(MARK))


class _Edit:
    """One trip to the editor and back, as often as it takes."""

    def __init__(self, app: HostedApp, session: Session, address: Address, run: Run) -> None:
        self.app = app
        self.session = session
        self.address = address
        self.path = path_of(address)
        self._run = run
        self._copy = ""

    async def go(self, line: int) -> None:
        """Edits until the text is written, or given up."""
        self.session.wait()
        full = os.path.join(self.session.workspace.root, self.path)
        try:
            start = read_bytes(full)[1]
        except OSError as error:
            await self._tell(f"{self.path} cannot be read: {error.strerror}")
            return
        if len(start) > MAX_SIZE:
            await self._tell(
                f"{self.path} is larger than {MAX_SIZE:,} bytes", "open it in an editor yourself"
            )
            return
        folder = tempfile.mkdtemp(prefix="kedge-")
        self._copy = os.path.join(folder, f"{self.address.id}.toml")
        shown = start
        while True:
            content = await self._edited(shown, line)
            if content is None:
                return
            if content == start:
                self._forget()
                return
            text = self._look(content)
            if not text.mistakes:
                await self._write(start, content)
                return
            answer = await self._ask(text)
            if answer == "k":
                await self._write(start, content)
                return
            if answer != "e":
                await self._give_up(content, f"{self.path} stays as it was.")
                return
            line = min(one.line for one in text.mistakes)
            shown = with_mistakes(content.decode("utf-8", "surrogateescape"), text.mistakes).encode(
                "utf-8", "surrogateescape"
            )

    async def _edited(self, shown: bytes, line: int) -> bytes | None:
        """What the person made of a text; None where no editor can be opened."""
        self._keep(shown)
        try:
            self._run(editor_command(os.environ, self._copy, line))
        except SuspendNotSupported:
            await self._tell("An editor cannot be opened from here.", f"The file is {self.path}")
            return None
        except NoEditor as error:
            lines = (f"{error.message}: nothing was changed", error.hint, f"Your text is in {self._copy}")
            await self._tell(*filter(None, lines))
            return None
        finally:
            self.app.refresh(layout=True)
        try:
            with open(self._copy, "rb") as file:
                edited = file.read()
        except OSError as error:
            await self._tell(f"The editor left no file to read ({error.strerror}): nothing was changed.")
            return None
        return without_mistakes(edited.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def _look(self, content: bytes) -> _Text:
        file, _ = understand(self.path, self.address, NO_STAMP, content)
        wrong = tuple(one for one in file.findings if one.severity == "error")
        return _Text(wrong, file.broken)

    async def _ask(self, text: _Text) -> str | None:
        rows = [f"line {one.line}: {one.message}" for one in text.mistakes[:8]]
        options = [("e", "edit it again, with the mistake on its line")]
        if not text.is_broken:
            options.append(("k", "keep it as it is; kedge check reports it"))
        options.append(("d", "discard it (a copy is kept)"))
        return await self.app.push_screen_wait(Ask(f"A mistake in {self.path}", "\n".join(rows), options))

    async def _write(self, start: bytes, content: bytes) -> None:
        """Writes the text through the workspace, so that it can be undone; asks where the file is another by now."""
        self.session.wait()
        workspace = self.session.workspace
        label = f"edit {self.address.id} in the editor"
        try:
            theirs = read_bytes(os.path.join(workspace.root, self.path))[1]
            both = self._merged(start, content, theirs) if theirs != start else None
            if both is not None:
                content = both
            elif theirs != start:
                options = (
                    ("o", "overwrite it with my text"),
                    ("k", "keep the file (a copy of mine is kept)"),
                )
                text = f"{self.path} was changed outside the editor while you edited it."
                if await self.app.push_screen_wait(Ask("Two changes", text, options)) != "o":
                    await self._give_up(content, "The file was kept as it is.")
                    return
            # The workspace refuses a file that is not what it has read.
            workspace.reread([self.path])
            touched = workspace.rewrite(label, {self.path: content.decode("utf-8")})
        except KedgeError as error:
            await self._give_up(content, f"Not saved: {error.message}")
        except (OSError, UnicodeDecodeError) as error:
            await self._give_up(content, f"Not saved: {error}")
        else:
            self._forget()
            told = Travelled(
                "saved" if both is None else "merged with what changed meanwhile", label, touched
            )
            self.app.host.tell(told)

    def _merged(self, start: bytes, mine: bytes, theirs: bytes) -> bytes | None:
        """The person's text with what was changed in the file meanwhile; None where that must be asked.

        Lines are merged, and the result counts only if it says what the merge of the values says.
        """
        try:
            text = merge_lines(start.decode(), mine.decode(), theirs.decode())
        except UnicodeDecodeError:
            return None
        if text is None:
            return None
        records = [
            understand(self.path, self.address, NO_STAMP, one)[1]
            for one in (start, mine, theirs, text.encode())
        ]
        values = [to_data(record) for record in records if record is not None]
        if len(values) < len(records):
            return None
        merged = merge(values[0], values[1], values[2])
        return text.encode() if not merged.conflicts and same(merged.data, values[3]) else None

    async def _give_up(self, content: bytes, reason: str) -> None:
        self._keep(content)
        await self._tell(reason, f"Your text is kept in {self._copy}")

    def _keep(self, content: bytes) -> None:
        with open(self._copy, "wb") as file:
            file.write(content)

    def _forget(self) -> None:
        shutil.rmtree(os.path.dirname(self._copy), ignore_errors=True)

    async def _tell(self, *lines: str) -> None:
        await self.app.push_screen_wait(Message("Editor", lines))

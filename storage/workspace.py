"""The workspace: the plan in memory, the files it came from, and the only hand that writes them.

A step is staged (the plan in memory has it at once) and then written (the files have it). Commands do both in
one go; the board paints in between and writes from a thread. Whatever goes wrong, the old files are whole, and the
plan in memory is brought back to what the disk says.

Before a file is replaced its content is compared with what was read. Where somebody else changed it, fields that
only one side touched are merged, and for a field that both touched the write is refused.
"""

from __future__ import annotations

import difflib
import io
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..model.address import Address
from ..model.change import MISSING, Batch, Change, apply, field_changes
from ..model.findings import Finding
from ..model.merge import Conflict, merge
from ..model.plan import Plan
from ..model.records.base import Record, to_data
from ..model.validate import parse as parse_record
from . import atomic, lock
from .errors import BrokenFile, ChangedOutside, NewerFormat, NothingToUndo, NotReadable, WriteRefused
from .journal import FileStep, Journal, Step, sides
from .layouts import layout_of
from .locate import state_folder
from .places import address_of, path_of
from .read import Loaded, Places, SourceFile, read_bytes, read_file, read_plan, understand
from .scan import Found, Stamp, scan, stamp

Listener = Callable[[frozenset[Address]], None]


@dataclass(frozen=True)
class FileWrite:
    """One file of a step: what stands there now, and what will."""

    path: str
    before: bytes | None
    after: bytes | None
    record: Record | None
    """The record that the file will hold."""


class Workspace:
    """A plan on disk and in memory."""

    def __init__(self, root: str, environment: Mapping[str, str], loaded: Loaded) -> None:
        self.root = root
        self.plan = loaded.plan
        self.files: dict[str, SourceFile] = dict(loaded.files)
        self.strays = loaded.strays
        self.read_only = loaded.read_only
        self.journal = Journal(state_folder(root, environment))
        self.listeners: list[Listener] = []
        self._staged: list[Batch] = []
        self._guard = threading.RLock()

    @classmethod
    def open(cls, root: str, environment: Mapping[str, str], kinds: Iterable[str] | None = None) -> Workspace:
        """Reads the plan in a folder, or some kinds of it, after finishing what a stopped kedge left half done.

        Raises NotReadable where the folder itself cannot be read.
        """
        if not os.access(root, os.R_OK | os.X_OK):
            raise NotReadable(f"cannot read {root}", "check its permissions")
        journal = Journal(state_folder(root, environment))
        if journal.unfinished():
            _finish(root, journal)
        return cls(root, environment, read_plan(root, kinds))

    # ---- what was found

    @property
    def reading_findings(self) -> list[Finding]:
        """What was wrong with files and values."""
        return sorted(
            (*self.strays, *(one for file in self.files.values() for one in file.findings)), key=_place
        )

    def broken(self) -> frozenset[Address]:
        """Addresses whose file cannot be read at present; their last good record is still in the plan."""
        return frozenset(file.address for file in self.files.values() if file.broken)

    def located(self, findings: Iterable[Finding]) -> list[Finding]:
        """Findings of rules with the file, line and column of what they speak of."""
        by_file: dict[str, list[Finding]] = {}
        for finding in findings:
            path = finding.file or (path_of(finding.address) if finding.address else "")
            by_file.setdefault(path, []).append(finding)
        found: list[Finding] = []
        for path, group in by_file.items():
            file = self.files.get(path)
            where = Places(file.content) if file is not None and not file.broken else None
            for one in group:
                if one.line or where is None:
                    line, column = one.line, one.column
                else:
                    line, column = where(one.field)
                found.append(
                    Finding(
                        one.code,
                        one.severity,
                        one.message,
                        one.address,
                        one.field,
                        one.hint,
                        path,
                        line,
                        column,
                        one.fix,
                    )
                )
        return found

    # ---- writing

    def commit(self, batch: Batch) -> frozenset[Address]:
        """Stages and writes a step; the touched addresses. Raises WriteRefused, and then nothing has changed."""
        self.stage(batch)
        return self.write(batch)

    def stage(self, batch: Batch) -> None:
        """Gives the plan in memory a step that is yet to be written. Raises ChangeRefused where it does not fit."""
        with self._guard:
            self.plan = apply(self.plan, batch.changes)
            self._staged.append(batch)

    def write(self, batch: Batch) -> frozenset[Address]:
        """Writes a staged step. Where that fails the plan in memory goes back to what the disk says."""
        try:
            with lock.held(self.root):
                writes = self.prepare(batch)
                self._make(batch.label, writes)
        except BaseException:
            self._unstage(batch)
            self.reread(path_of(address) for address in batch.touched)
            raise
        with self._guard:
            self._unstage(batch)
            self._remember(writes)
        self._tell(batch.touched)
        return batch.touched

    def preview(self, batch: Batch) -> str:
        """The unified diff that a step would make; nothing is written."""
        return diff_of(self.prepare(batch))

    def rewrite(self, label: str, texts: Mapping[str, str]) -> frozenset[Address]:
        """Gives files another text that says the same, as one step; the addresses. Raises WriteRefused."""
        with lock.held(self.root):
            writes = self.prepare_rewrite(texts)
            self._make(label, writes)
        with self._guard:
            self._remember(writes)
        touched = frozenset(self.files[one.path].address for one in writes)
        self._tell(touched)
        return touched

    def prepare_rewrite(self, texts: Mapping[str, str]) -> list[FileWrite]:
        """The files that get another text, against what is on disk now. Raises WriteRefused."""
        self._refuse_newer()
        writes: list[FileWrite] = []
        for path, text in texts.items():
            content = self._current(path)
            if content is None or content != self.files[path].content:
                raise ChangedOutside(f"{path} was changed by someone else", "nothing was written; try again")
            writes.append(FileWrite(path, content, text.encode("utf-8"), None))
        return writes

    def prepare(self, batch: Batch) -> list[FileWrite]:
        """The files that a step would write, against what is on disk now. Raises WriteRefused."""
        self._refuse_newer()
        writes: list[FileWrite] = []
        for change in batch.changes:
            writes.extend(self._prepare_change(change))
        return writes

    def _refuse_newer(self) -> None:
        if self.read_only:
            raise NewerFormat(
                "a newer kedge wrote this plan: it can be read, not written", "install a newer kedge"
            )

    def _prepare_change(self, change: Change) -> list[FileWrite]:
        if change.before is None:
            assert change.after is not None
            return [self._prepare_new(change.after)]
        path = path_of(change.before.address)
        content = self._current(path)
        if content is None:
            raise ChangedOutside(
                f"{path} was removed by someone else", "nothing was written; read the plan again"
            )
        if change.after is None:
            known = self.files.get(path)
            if known is not None and known.content != content:
                raise ChangedOutside(f"{path} was changed by someone else", "look at it before you remove it")
            return [FileWrite(path, content, None, None)]
        text, record = self._patched(path, content, change.before, change.after)
        if not change.is_rename:
            return [FileWrite(path, content, text, record)]
        target = path_of(change.after.address)
        if self._current(target) is not None:
            raise ChangedOutside(f"{target} exists already", "choose another id")
        return [FileWrite(target, None, text, record), FileWrite(path, content, None, None)]

    def _prepare_new(self, record: Record) -> FileWrite:
        from .toml.emit import emit

        path = path_of(record.address)
        if self._current(path) is not None:
            raise ChangedOutside(f"{path} exists already", "choose another id")
        return FileWrite(
            path, None, emit(plain(to_data(record)), layout_of(record.address.kind)).encode(), record
        )

    def _patched(self, path: str, content: bytes, before: Record, after: Record) -> tuple[bytes, Record]:
        """A file's new content, and the record that it then holds."""
        from .toml.patch import REMOVE, PatchRefused, patch

        base, mine, record = to_data(before), to_data(after), after
        known = self.files.get(path)
        if known is None or known.broken or known.content != content:
            theirs = self._theirs(path, before, content)
            merged = merge(base, mine, to_data(theirs))
            if merged.conflicts:
                raise ChangedOutside(_conflict_message(path, merged.conflicts), conflicts=merged.conflicts)
            base, mine = to_data(theirs), merged.data
            record = parse_record(before.address.kind, after.project, after.id, merged.data)
        changes = field_changes(base, mine)
        edits = {one.path: REMOVE if one.after is MISSING else plain(one.after) for one in changes}
        if not edits:
            return content, record
        try:
            text = patch(content.decode("utf-8"), edits, layout_of(before.address.kind))
        except PatchRefused as error:
            raise WriteRefused(
                f"{path} cannot be changed safely: {error}", "nothing was written; edit it by hand"
            ) from error
        return text.encode("utf-8"), record

    def _theirs(self, path: str, before: Record, content: bytes) -> Record:
        file, record = understand(path, before.address, Stamp(0, 0, 0, 0), content)
        if record is None:
            first = file.findings[0]
            raise BrokenFile(
                f"{path}:{first.line}:{first.column}: {first.message}",
                "nothing was written; mend the file first: kedge edit, or any editor",
            )
        return record

    def _current(self, path: str) -> bytes | None:
        """What stands in a file now; None where there is none."""
        try:
            return read_bytes(os.path.join(self.root, path))[1]
        except FileNotFoundError:
            return None
        except OSError as error:
            raise BrokenFile(f"{path} cannot be read: {error.strerror}", "nothing was written") from error

    def _make(self, label: str, writes: list[FileWrite]) -> None:
        """Writes the files of a step through the journal; takes back what was written where one of them fails."""
        files = tuple(FileStep(one.path, one.before, one.after) for one in writes if one.before != one.after)
        if not files:
            return
        with atomic.refusals(self.journal.folder):
            step = self.journal.begin(label, files)
        done: list[FileStep] = []
        try:
            for file in files:
                done.append(file)
                with atomic.refusals(file.path):
                    _put(self.root, file.path, file.after)
            with atomic.refusals(self.journal.folder):
                self.journal.finished(step)
        except BaseException:
            # Where even this fails the step stays in the journal, and the next start finishes it.
            for file in done:
                if self._current(file.path) != file.before:
                    _put(self.root, file.path, file.before)
            self.journal.forget(step)
            raise

    # ---- undo and redo

    def undo(self) -> tuple[str, frozenset[Address]]:
        """Takes back the last step of any kedge on this clone: its label, and what it touched.

        Raises NothingToUndo where there is none, or where one of its files has changed since.
        """
        return self._travel(self.journal.to_undo, "undoing")

    def redo(self) -> tuple[str, frozenset[Address]]:
        """Makes the step again that was undone last. Raises NothingToUndo likewise."""
        return self._travel(self.journal.to_redo, "redoing")

    def _travel(self, choose: Callable[[], Step], state: str) -> tuple[str, frozenset[Address]]:
        with lock.held(self.root):
            step = choose()
            verb = "undo" if state == "undoing" else "redo"
            heading = Step(step.number, state, step.label, step.files)  # pyright: ignore[reportArgumentType]
            for path, start, _ in sides(heading):
                if self._current(path) != start:
                    raise NothingToUndo(
                        f"cannot {verb} {step.label!r}: {path} has changed since",
                        "git diff shows what is there now",
                    )
            with atomic.refusals(self.journal.folder):
                step = self.journal.moved(step, heading.state)
            made: list[tuple[str, bytes | None]] = []
            try:
                for path, start, target in sides(step):
                    made.append((path, start))
                    with atomic.refusals(path):
                        _put(self.root, path, target)
            except BaseException:
                for path, start in made:
                    if self._current(path) != start:
                        _put(self.root, path, start)
                self.journal.moved(step, "done" if state == "undoing" else "undone")
                raise
            self.journal.finished(step)
        return step.label, self.reread(file.path for file in step.files)

    # ---- following the disk

    def refresh(self) -> frozenset[Address]:
        """Reads again what has changed on disk; the touched addresses. Steps not yet written stay as they are."""
        found, strays = scan(self.root)
        self.strays = tuple(strays)
        seen = {item.path for item in found}
        changed = [item.path for item in found if self._is_changed(item)]
        gone = [path for path in self.files if path not in seen]
        return self.reread((*changed, *gone)) if changed or gone else frozenset()

    def reread(self, paths: Iterable[str]) -> frozenset[Address]:
        """Reads some files again, whatever their stamps say; the addresses whose record or state differs."""
        touched: set[Address] = set()
        with self._guard:
            records = dict(self.plan.records)
            waiting = {address for batch in self._staged for address in batch.touched}
            for path in paths:
                address = address_of(path)
                if address is None or address in waiting:
                    continue
                if not os.path.lexists(os.path.join(self.root, path)):
                    self.files.pop(path, None)
                    if records.pop(address, None) is not None:
                        touched.add(address)
                    continue
                file, record = read_file(self.root, Found(path, address))
                known = self.files.get(path)
                self.files[path] = file
                if record is None:
                    # The last good record stays on the board, marked, until the file can be read again.
                    if known is None or not known.broken:
                        touched.add(address)
                elif records.get(address) != record or (
                    known is not None and known.findings != file.findings
                ):
                    records[address] = record
                    touched.add(address)
            if touched:
                self.plan = Plan(records)
                self.read_only = Loaded(self.plan).read_only
        if touched:
            self._tell(frozenset(touched))
        return frozenset(touched)

    def _is_changed(self, item: Found) -> bool:
        known = self.files.get(item.path)
        if known is None:
            return True
        try:
            return stamp(os.stat(os.path.join(self.root, item.path))) != known.stamp
        except OSError:
            return not known.broken

    def _unstage(self, batch: Batch) -> None:
        with self._guard:
            self._staged = [one for one in self._staged if one is not batch]

    def _remember(self, writes: list[FileWrite]) -> None:
        """Keeps what was written as what is known, so that our own writes are no changes by others."""
        waiting = {address for batch in self._staged for address in batch.touched}
        records = dict(self.plan.records)
        for one in writes:
            address = address_of(one.path)
            assert address is not None
            if one.after is None:
                self.files.pop(one.path, None)
                continue
            mark = stamp(os.stat(os.path.join(self.root, one.path)))
            self.files[one.path], record = understand(one.path, address, mark, one.after)
            if address not in waiting and record is not None and records.get(address) != record:
                records[address] = record
        if records != self.plan.records:
            self.plan = Plan(records)

    def _tell(self, touched: frozenset[Address]) -> None:
        for listener in self.listeners:
            listener(touched)


def diff_of(writes: Iterable[FileWrite]) -> str:
    """The unified diff that writing these files would make."""
    lines: list[str] = []
    for one in writes:
        old_name = f"a/{one.path}" if one.before is not None else "/dev/null"
        new_name = f"b/{one.path}" if one.after is not None else "/dev/null"
        lines.extend(difflib.unified_diff(_lines(one.before), _lines(one.after), old_name, new_name))
    return "".join(line if line.endswith("\n") else line + "\n" for line in lines)


def plain(value: Any) -> Any:
    """A value as TOML writes it: lists for tuples, and no `2.0` where a person wrote 2."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def _lines(content: bytes | None) -> list[str]:
    """Lines as TOML has them: only a line feed ends one, whatever else Unicode calls a line."""
    return list(io.StringIO((content or b"").decode("utf-8", "replace"), newline="\n"))


def _put(root: str, path: str, content: bytes | None) -> None:
    full = os.path.join(root, path)
    if content is None:
        atomic.remove(full)
    else:
        atomic.replace(full, content)


def _finish(root: str, journal: Journal) -> None:
    """Finishes steps in whose middle a kedge was stopped; a file that somebody changed since is left alone."""
    try:
        with lock.held(root, patience=2.0):
            for step in journal.unfinished():
                for path, start, target in sides(step):
                    full = os.path.join(root, path)
                    current = read_bytes(full)[1] if os.path.exists(full) else None
                    if current == start and current != target:
                        _put(root, path, target)
                journal.finished(step)
    except (WriteRefused, OSError):
        return  # Read-only, or another kedge is at it: the plan can be read all the same.


def _conflict_message(path: str, conflicts: tuple[Conflict, ...]) -> str:
    fields = "; ".join(
        f"{'.'.join(one.path)}: here {_shown(one.mine)}, there {_shown(one.theirs)}" for one in conflicts
    )
    return f"{path} was changed by someone else in the same fields ({fields})"


def _shown(value: object) -> str:
    text = "removed" if value is MISSING else str(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _place(finding: Finding) -> tuple[str, int, int, str, str]:
    return finding.sort_key

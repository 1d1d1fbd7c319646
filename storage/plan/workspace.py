"""The workspace: the plan in memory, the files it came from, and the only hand that writes them.

A step is staged (the plan in memory has it at once) and then written (the files have it). Commands do both in
one go; the board paints in between and writes from a thread. Whatever goes wrong, the old files are whole, and the
plan in memory is brought back to what the disk says.

Before a file is replaced its content is compared with what was read. Where another program changed it, fields that
only one side touched are merged, and for a field that both touched the write is refused.
"""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING

from ...model.plan.change import Batch, apply, changes_at
from ...model.records.address import Address
from ...model.records.base import Record
from ...model.records.findings import Finding
from ...model.records.kinds import FORMAT_VERSION
from ..disk import atomic, lock
from ..disk.actor import Actor, actor_of
from ..disk.errors import ChangedOutside, KedgeError, NeedsPerson, NewerFormat, NothingToUndo
from ..disk.locate import state_folder
from ..disk.paths import address_of, path_of
from ..disk.saving import patiently, wait_for_saves
from ..disk.scan import Found, scan
from ..disk.source import Disk
from .file_steps import changes_of, current, diff_of, files_of, remarks
from .journal import FileStep, Journal, Step, sides
from .known_files import KnownFiles
from .old_names import refuse_old_names
from .on_demand import read_on_demand
from .places import located
from .read import Loaded, read_file, read_plan, understand
from .record_cache import cache_of, remember
from .source_file import SourceFile
from .transaction import carry_out, get_ready

if TYPE_CHECKING:
    from ...model.snapshot.snapshot import Snapshot

Listener = Callable[[Batch], None]


def _at_once(job: Callable[[], None]) -> None:
    job()


class Workspace:
    """A plan on disk and in memory."""

    def __init__(
        self, root: str, environment: Mapping[str, str], loaded: Loaded, barred: KedgeError | None = None
    ) -> None:
        self.root = root
        self.plan = loaded.plan
        self.known = KnownFiles(root, loaded.files)
        self.strays = loaded.strays
        self.repository_files = loaded.repository_files
        self.environment = environment
        self.journal = Journal(state_folder(root, environment))
        self.listeners: list[Listener] = []
        """Called for every change of the plan in memory, in order, by the thread that makes it."""
        self._barred = barred
        self._staged: list[Batch] = []
        self._guard = threading.RLock()

    @classmethod
    def open(
        cls,
        root: str,
        environment: Mapping[str, str],
        kinds: Iterable[str] | None = None,
        barred: KedgeError | None = None,
        later: Callable[[Callable[[], None]], object] = _at_once,
    ) -> Workspace:
        """Reads the plan in a folder, or some kinds of it, after finishing what a stopped kedge left half done.

        `barred` is why it may only be read. `later` gets the work that can wait until the first paint.
        Raises NotReadable where the folder itself cannot be read.
        """
        get_ready(root, state_folder(root, environment))
        cache = cache_of(root, environment)
        found = read_plan(Disk(root, cache), kinds)
        if cache is not None:
            later(partial(remember, cache, found.files, found.plan))
        return cls(root, environment, found, barred)

    @classmethod
    def open_on_demand(
        cls,
        root: str,
        environment: Mapping[str, str],
        on_broken: Callable[[str], object],
        barred: KedgeError | None = None,
    ) -> Workspace:
        """Opens a plan whose files are read when they are needed; `on_broken` gets the paths of unreadable ones.

        Raises NotReadable where the folder itself cannot be read.
        """
        get_ready(root, state_folder(root, environment))
        disk = Disk(root, cache_of(root, environment))
        return cls(root, environment, read_on_demand(disk, on_broken), barred)

    # ---- what was found

    @property
    def files(self) -> Mapping[str, SourceFile]:
        """The files as they were read or written last, by path."""
        return self.known.files

    def broken(self) -> frozenset[Address]:
        """Addresses whose file cannot be read at present; their last good record is still in the plan."""
        return frozenset(file.address for file in self.known.faulty.values() if file.broken)

    def snapshot(self, today: dt.date) -> Snapshot:
        """The plan as it is in memory, with what was wrong with its files."""
        from .snapshot import snapshot_of

        with self._guard:
            return snapshot_of(self, today, list(self.known.faulty.values()))

    def located(self, findings: Iterable[Finding]) -> list[Finding]:
        """Findings of rules with the file, line and column of what they speak of."""
        return located(self.files, findings)

    # ---- writing

    def commit(self, batch: Batch) -> frozenset[Address]:
        """Stages and writes a step; the touched addresses. Raises WriteRefused, and then nothing has changed."""
        self.stage(batch)
        return self.write(batch)

    def stage(self, batch: Batch) -> None:
        """Gives the plan in memory a step that is yet to be written. Raises ChangeRefused where it does not fit."""
        with self._guard:
            self._change(batch)
            self._staged.append(batch)

    def write(self, batch: Batch) -> frozenset[Address]:
        """Writes a staged step. Where that fails the plan in memory goes back to what the disk says."""
        try:
            with lock.held(self.root):
                writes = self._make(batch.label, lambda: self.prepare(batch))
        except BaseException:
            self._unstage(batch)
            self.reread(path_of(address) for address in batch.touched)
            raise
        with self._guard:
            self._unstage(batch)
            self._remember(batch.label, writes)
        return batch.touched

    def preview(self, batch: Batch) -> str:
        """The unified diff that a step would make; nothing is written."""
        return diff_of(self.root, patiently(lambda: self.prepare(batch)))

    def rewrite(self, label: str, texts: Mapping[str, str]) -> frozenset[Address]:
        """Gives files another text that says the same, as one step; the addresses. Raises WriteRefused."""
        with lock.held(self.root):
            writes = self._make(label, lambda: self.prepare_rewrite(texts))
        with self._guard:
            self._remember(label, writes)
        return frozenset(self.files[one.path].address for one in writes)

    def prepare_rewrite(self, texts: Mapping[str, str]) -> list[FileStep]:
        """The files that get another text, against what is on disk now. Raises WriteRefused."""
        self._refuse_barred()
        writes: list[FileStep] = []
        for path, text in texts.items():
            content = current(self.root, path)
            if content is None or content != self.files[path].content:
                raise ChangedOutside(f"{path} was changed by someone else", "nothing was written; try again")
            writes.append(FileStep(path, content, text.encode("utf-8")))
        return writes

    def prepare(self, batch: Batch) -> list[FileStep]:
        """The files that a step would write, against what is on disk now. Raises WriteRefused."""
        self._refuse_barred()
        refuse_old_names(self.root, self.files, batch)
        return files_of(self.root, self.files, batch)

    def remarks(self, batch: Batch) -> list[str]:
        """What a step that is yet to be written does besides what its label says, a line for each."""
        found = remarks(self.files, batch)
        if all(address.kind == "card" for address in batch.touched):
            # Most steps are of cards, which hold no goal posts: what knows those is not loaded for them.
            return found
        from ...model.review.goal_posts import goal_remarks

        return [*found, *goal_remarks(self.plan, batch)]

    @property
    def barred(self) -> KedgeError | None:
        """Why the plan can be read, but not written; None where it can be written."""
        if self.plan.board.format > FORMAT_VERSION:
            return NewerFormat(
                "a newer kedge wrote this plan: it can be read, not written", "install a newer kedge"
            )
        return self._barred

    def _refuse_barred(self) -> None:
        if self.barred is not None:
            raise self.barred

    @cached_property
    def actor(self) -> Actor:
        """Who makes the changes. Raises BadValue where `KEDGE_ACTOR` is neither of the two that it may be."""
        return actor_of(self.environment)

    def _refuse_agents(self, files: Iterable[FileStep]) -> None:
        """Raises NeedsPerson where an agent would do what a person answers for."""
        if self.actor.is_agent:
            from ...model.review.person_only import person_only

            what = person_only(self.plan, changes_of(files))
            if what:
                raise NeedsPerson(what, self.actor.because)

    def _make(self, label: str, prepare: Callable[[], list[FileStep]]) -> list[FileStep]:
        """Writes the files of a step through the journal; where one of them fails none is changed.

        Where another program saves one of them at that moment, the step is prepared again from what it saved.
        """

        def made() -> list[FileStep]:
            writes = prepare()
            files = tuple(one for one in writes if one.before != one.after)
            self._refuse_agents(files)
            if files:
                with atomic.refusals(self.journal.folder):
                    step = self.journal.begin(label, files)
                carry_out(self.root, self.journal, step)
            return writes

        return patiently(made)

    # ---- undo and redo

    def undo(self) -> tuple[str, frozenset[Address]]:
        """Takes back the last step of any kedge on this clone: its label, and what it touched.

        Raises NothingToUndo where there is none, or where one of its files has changed since.
        """
        return self._travel(self.journal.to_undo, "undoing")

    def redo(self) -> tuple[str, frozenset[Address]]:
        """Makes the step again that was undone last. Raises NothingToUndo."""
        return self._travel(self.journal.to_redo, "redoing")

    def _travel(self, choose: Callable[[], Step], state: str) -> tuple[str, frozenset[Address]]:
        self._refuse_barred()
        with lock.held(self.root):
            step = choose()
            verb = "undo" if state == "undoing" else "redo"
            heading = Step(step.number, state, step.label, step.files)  # pyright: ignore[reportArgumentType]
            for path, start, _ in sides(heading):
                if current(self.root, path) != start:
                    raise NothingToUndo(
                        f"cannot {verb} {step.label!r}: {path} has changed since",
                        "git diff shows what is there now",
                    )
            self._refuse_agents(FileStep(*side) for side in sides(heading))
            with atomic.refusals(self.journal.folder):
                step = self.journal.moved(step, heading.state)
            carry_out(self.root, self.journal, step)
        return step.label, self.reread((file.path for file in step.files), step.label)

    # ---- following the disk

    def refresh(self, paths: Collection[str] | None = None) -> frozenset[Address]:
        """Reads again what has changed on disk; the touched addresses. Steps not yet written stay as they are.

        `paths` are the files that may have changed, None where it may be any. All are looked at where one of them is,
        or was, no plain file of a record.
        """
        if paths is not None and self._are_records(paths):
            return self.reread(self.known.unlike_disk(paths))
        found, strays = scan(self.root)
        before, self.strays = self.strays, tuple(strays)
        seen = {item.path for item in found}
        changed = self.known.unlike_disk(seen)
        gone = [path for path in self.files if path not in seen]
        touched = self.reread((*changed, *gone)) if changed or gone else frozenset[Address]()
        if not touched and before != self.strays:
            self.changed_around()
        return touched

    def changed_around(self) -> None:
        """Tells listeners that something beside the records has changed, such as a file that is evidence."""
        with self._guard:
            self._change(Batch("change outside kedge", ()))

    def _are_records(self, paths: Collection[str]) -> bool:
        """Whether paths are those of records, with a file at each or nothing, and were so before."""
        strays = {one.file for one in self.strays}
        return strays.isdisjoint(paths) and all(map(self.known.is_plain, paths))

    def reread(self, paths: Iterable[str], label: str = "change outside kedge") -> frozenset[Address]:
        """Reads some files again, whatever their stamps say; the addresses whose record or state differs.

        Listeners get one step with the label.
        """
        touched: set[Address] = set()
        read: dict[Address, Record | None] = {}
        paths = tuple(paths)
        wait_for_saves(self.root, {path: self.files[path].content for path in paths if path in self.files})
        with self._guard:
            waiting = self._waiting()
            for path in paths:
                address = address_of(path)
                if address is None or address in waiting:
                    continue
                if not os.path.lexists(os.path.join(self.root, path)):
                    self.known.keep(path, None)
                    read[address] = None
                    continue
                file, record = read_file(self.root, Found(path, address))
                before = self.files.get(path)
                self.known.keep(path, file)
                if record is None:
                    # The last good record stays on the board, marked, until the file can be read again.
                    if before is None or not before.broken:
                        touched.add(address)
                else:
                    read[address] = record
                    if before is not None and before.findings != file.findings:
                        touched.add(address)
            batch = Batch(label, changes_at(read, self.plan.get, read.get))
            touched |= batch.touched
            if touched:
                self._change(batch)
        return frozenset(touched)

    def _unstage(self, batch: Batch) -> None:
        with self._guard:
            self._staged = [one for one in self._staged if one is not batch]

    def _waiting(self) -> set[Address]:
        """Addresses of records with a step that is yet to be written."""
        return {address for batch in self._staged for address in batch.touched}

    def _remember(self, label: str, writes: list[FileStep]) -> None:
        """Keeps what was written as what is known, so that our own writes are no changes by others."""
        waiting = self._waiting()
        written: dict[Address, Record] = {}
        for one in writes:
            address = address_of(one.path)
            assert address is not None
            if one.after is None:
                self.known.keep(one.path, None)
                continue
            file, record = understand(
                one.path, address, self.known.stamp_after(one.path, one.after), one.after
            )
            self.known.keep(one.path, file)
            if address not in waiting and record is not None:
                written[address] = record
        # What others changed in the same files has been merged in.
        self._change(Batch(label, changes_at(written, self.plan.get, written.get)))

    def _change(self, batch: Batch) -> None:
        """Takes the plan in memory to its next state, and calls listeners.

        They get a step without changes, too: then the state of a file has changed, or its findings.
        """
        self.plan = apply(self.plan, batch.changes)
        for listener in self.listeners:
            listener(batch)

"""The board's hold on the plan: steps are painted at once and written behind.

A step is staged on the screen's thread (no file is touched there) and written by one thread, in order. What
happens to it comes back as an event. Undo, redo and reading again go through the same thread, so that nothing
overtakes anything.
"""

from __future__ import annotations

import datetime as dt
import queue
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from ...model.derived.derived import Derived
from ...model.edit.merge import rebased
from ...model.edit.signing import signed
from ...model.plan.change import Batch, ChangeRefused
from ...model.plan.plan import Plan
from ...model.records.address import Address
from ...model.snapshot.snapshot import Snapshot
from ...storage.disk.errors import ChangedOutside, KedgeError, NeedsPerson, NothingToUndo, WriteRefused
from ...storage.git.ages import dated
from ...storage.plan.workspace import Workspace
from .trial import Trial
from .worker import Known, Unknown, Worker, Working


@dataclass(frozen=True)
class Saved:
    """A step has reached the disk."""

    batch: Batch
    remarks: tuple[str, ...] = ()
    """What it did in the files besides what its label says."""


@dataclass(frozen=True)
class SaveFailed:
    """A step could not be written; the plan in memory is as the disk has it."""

    batch: Batch
    error: KedgeError


@dataclass(frozen=True)
class Travelled:
    """A step was undone or redone, or a file was written in the editor; `verb` says which."""

    verb: str
    label: str
    touched: frozenset[Address]


@dataclass(frozen=True)
class Refused:
    """Something other than a step that could not be done: an undo, a redo, keeping a note."""

    error: KedgeError


@dataclass(frozen=True)
class Failed:
    """Something unexpected went wrong; what was asked for has not been done."""

    error: Exception


@dataclass(frozen=True)
class Refreshed:
    """Files were changed by someone else and have been read again."""

    touched: frozenset[Address]


PAINT_FIRST = 0.02
"""Seconds that a write waits, so that it takes no time from the painting of its own step."""

Event = Saved | SaveFailed | Travelled | Refused | Refreshed | Failed | Known | Unknown | Working


class Session:
    """One open plan with its writer thread. `tell` is called from that thread, with what has happened."""

    def __init__(self, workspace: Workspace, today: dt.date, tell: Callable[[Event], None]) -> None:
        self.workspace = workspace
        self.today = today
        self._derived = Derived(self._snapshot())
        self.trial: Trial | None = None
        """Steps that are only tried, where there are such: they are in no file."""
        self.worker = Worker(tell)
        """What finds out things while the person goes on; screens are told."""
        workspace.listeners.append(self._follow)
        self.unsaved: list[Batch] = []
        """Steps that could not be written, oldest first, until they are tried again or given up."""
        self._tell = tell
        self._jobs: queue.Queue[Callable[[], object] | None] = queue.Queue()
        self._to_refresh: set[str] | None = set()
        """Files that another program may have changed and that have not been looked at; None: any of them."""
        self._guard = threading.Lock()
        self._asked, self._travelled = 0, 0
        self._thread = threading.Thread(target=self._work, name="kedge-writer", daemon=True)
        self._thread.start()

    @property
    def plan(self) -> Plan:
        """The plan as the person sees it, with steps that are still being written, and those on trial."""
        return self.trial.derived.plan if self.trial is not None else self.workspace.plan

    @property
    def derived(self) -> Derived:
        """What follows from the plan as the person sees it."""
        return self.trial.derived if self.trial is not None else self._derived

    def _follow(self, step: Batch) -> None:
        # Called for every change of the plan, by the thread that makes it.
        old, new = self._derived.snapshot, self._snapshot()
        is_same = not step.changes and (old.reading, old.unreadable, old.read_method) == (
            new.reading,
            new.unreadable,
            new.read_method,
        )
        if not (is_same and new.files.agrees_with(old.files)):
            self._derived = self._derived.after(new, step.changes)
            if self.trial is not None:
                for batch in self.trial.follow(self._derived):
                    self._tell_given_up(batch)

    def _tell_given_up(self, batch: Batch) -> None:
        error = ChangedOutside(f"no longer tried, since the same was changed meanwhile: {batch.label}")
        self._jobs.put(lambda: self._tell(Refused(error)))

    # ---- trials

    def begin_trial(self) -> None:
        """From now on steps are only tried, until they are kept or dropped."""
        self.trial = Trial(self._derived)

    def keep_trial(self) -> Batch:
        """Makes all that was tried as one step, and gives it.

        Raises ChangeRefused where it does not fit the plan; the trial then goes on.
        """
        trial = self.trial
        assert trial is not None
        batch, self.trial = trial.batch(), None
        try:
            return self.do(batch)
        except ChangeRefused:
            self.trial = trial
            raise

    def drop_trial(self) -> int:
        """Forgets what was tried; how many steps that were."""
        trial, self.trial = self.trial, None
        return len(trial.steps) if trial is not None else 0

    # ---- steps

    def do(self, batch: Batch) -> Batch:
        """Makes a step: in memory at once, on disk soon. Raises ChangeRefused where it does not fit the plan.

        Returns the step as it is made: new decisions in it say who recorded them.
        """
        batch = signed(batch, lambda: self.workspace.actor.name)
        if batch.changes and self.trial is not None:
            self.trial.do(batch)
            # A form waits for what it has made: on trial that is all that happens to it.
            self._jobs.put(lambda: self._tell(Saved(batch)))
        elif batch.changes:
            if self._asked != self._travelled:
                # What it was made from is being taken back: made before that, it could never be written.
                self.wait()
            self.workspace.stage(batch)
            self._jobs.put(lambda: self._write(batch))
        return batch

    def undo(self) -> None:
        """Takes back the last step of any kedge on this clone; on trial the last one that was tried."""
        if self.trial is not None:
            self._tell_travelled("took back", self.trial.undo())
            return
        self._asked += 1
        self._jobs.put(lambda: self._travel("undid", self.workspace.undo))

    def redo(self) -> None:
        """Makes the step again that was undone last."""
        if self.trial is not None:
            self._tell_travelled("tried again", self.trial.redo())
            return
        self._asked += 1
        self._jobs.put(lambda: self._travel("redid", self.workspace.redo))

    def _tell_travelled(self, verb: str, batch: Batch | None) -> None:
        if batch is None:
            told: Event = Refused(NothingToUndo("nothing was tried", "Esc ends the trial"))
        else:
            told = Travelled(verb, batch.label, batch.touched)
        self._jobs.put(lambda: self._tell(told))

    def refresh(self, paths: Collection[str] | None = None) -> None:
        """Looks whether another program has changed some files, or any; several requests in a row are one look."""
        with self._guard:
            is_waiting = self._to_refresh != set()
            if self._to_refresh is not None:
                self._to_refresh = None if paths is None else self._to_refresh | set(paths)
        if not is_waiting:
            self._jobs.put(self._refresh)

    def retry(self) -> list[Batch]:
        """Tries the steps again that could not be written; those that no longer fit the plan are given back.

        Steps that change different fields of one record fit, also where the earlier of them had not been written.

        They stay among the unsaved ones until they are given up.
        """
        failed, self.unsaved = self.unsaved, []
        unfit: list[Batch] = []
        for batch in failed:
            try:
                self.do(rebased(self.plan, batch))
            except ChangeRefused:
                unfit.append(batch)
        self.unsaved.extend(unfit)
        return unfit

    def give_up(self) -> None:
        """Forgets the steps that could not be written."""
        self.unsaved = []

    def later(self, job: Callable[[], object]) -> None:
        """Has something done by the writer's thread, after what was asked for before; what it raises is told."""
        self._jobs.put(job)

    @property
    def is_busy(self) -> bool:
        """Whether something asked for has not been done yet."""
        return self._jobs.unfinished_tasks > 0

    def wait(self) -> None:
        """Returns when everything asked for so far has been done."""
        self._jobs.join()

    def close(self) -> None:
        """Finishes what is queued and ends the threads."""
        self.worker.close()
        self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except KedgeError as error:
                self._tell(Refused(error))
            except Exception as error:  # noqa: BLE001  the thread must outlive a mistake in one job
                self._tell(Failed(error))
            finally:
                self._jobs.task_done()
        self._jobs.task_done()

    def _write(self, batch: Batch) -> None:
        time.sleep(PAINT_FIRST)
        remarks = tuple(self.workspace.remarks(batch))
        try:
            self.workspace.write(batch)
        except KedgeError as error:
            self._failed(batch, error)
        except Exception as error:  # noqa: BLE001  whatever it was, the step is not on the disk
            self._failed(batch, WriteRefused(f"{type(error).__name__}: {error}", "please report this"))
        else:
            self._tell(Saved(batch, remarks))

    def _failed(self, batch: Batch, error: KedgeError) -> None:
        if not isinstance(error, NeedsPerson):
            # What a person has to do stays refused, however often this shell tries.
            self.unsaved.append(batch)
        self._tell(SaveFailed(batch, error))

    def _travel(self, verb: str, travel: Callable[[], tuple[str, frozenset[Address]]]) -> None:
        try:
            label, touched = travel()
        except KedgeError as error:
            self._tell(Refused(error))
        else:
            self._tell(Travelled(verb, label, touched))
        finally:
            self._travelled += 1

    def _snapshot(self) -> Snapshot:
        """The plan as it is in memory; git is asked for the age of a file when that is wanted."""
        workspace = self.workspace
        return dated(workspace.snapshot(self.today), workspace.root, workspace.environment)

    def _refresh(self) -> None:
        with self._guard:
            paths, self._to_refresh = self._to_refresh, set()
        strays = self.workspace.strays
        try:
            touched = self.workspace.refresh(paths)
            is_around = not self.workspace.repository_files().agrees_with(self.derived.snapshot.files)
            if is_around:
                self.workspace.changed_around()
        except (KedgeError, OSError) as error:
            self._tell(Failed(error))
        else:
            if touched or is_around or strays != self.workspace.strays:
                self._tell(Refreshed(touched))

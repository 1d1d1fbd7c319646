"""Carrying a step out: every file of it, or none.

Used for a new step, for undo and redo, and for what a stopped kedge left in the middle.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator, Sequence

from ..disk import atomic, lock
from ..disk.errors import ChangedOutside, KeptBoth, LeftHalfDone, Locked, NotWritable
from ..disk.locate import need_readable
from ..disk.staging import NAME, place_for, staging, sweep
from ..disk.swap import Swap
from .journal import Journal, Step, sides


def carry_out(root: str, journal: Journal, step: Step) -> None:
    """Writes the files of a step in the direction in which it is going, and then says in the journal that it did.

    Everything is on the disk before the first file gets its new name. Raises NotWritable, or SavedMeanwhile where
    another program was faster, after taking back what was written; LeftHalfDone where even that failed.
    """
    try:
        with atomic.refusals(root):
            swaps = _swaps(root, step)
        with _places(swaps):
            try:
                _write(journal, step, swaps)
            except BaseException:
                _take_back(swaps)
                raise
            finally:
                _drop(swaps)
    except LeftHalfDone:
        raise
    except BaseException:
        _abandon(journal, step)
        raise


def get_ready(root: str, state: str) -> None:
    """Finishes what a stopped kedge left half done in a plan. Raises NotReadable where its folder cannot be read."""
    need_readable(root)
    journal = Journal(state)
    if journal.has_unfinished() or os.path.lexists(os.path.join(root, NAME)):
        finish_unfinished(root, journal)


def finish_unfinished(root: str, journal: Journal) -> None:
    """Finishes steps in whose middle a kedge was stopped, and removes what killed ones left lying.

    A file that was changed since is left alone. Raises NothingToUndo where a step cannot be read.
    """
    try:
        with lock.held(root, patience=2.0) as is_alone:
            for step in journal.unfinished():
                _finish(root, step)
                journal.finished(step)
            sweep(root, is_alone=is_alone)
    except (Locked, NotWritable, OSError):
        return  # Read-only, or another kedge is at it: the plan can still be read.


def _write(journal: Journal, step: Step, swaps: Sequence[Swap]) -> None:
    for swap in swaps:
        with atomic.refusals(swap.path):
            swap.prepare()
    for swap in swaps:
        with atomic.refusals(swap.path):
            swap.make()
    _sync(swaps)
    for swap in swaps:
        swap.check()
    with atomic.refusals(journal.folder):
        journal.finished(step)


def _finish(root: str, step: Step) -> None:
    swaps = _swaps(root, step)
    with _places(swaps):
        for swap in swaps:
            swap.recover()
            with contextlib.suppress(ChangedOutside):
                swap.prepare()
                swap.make()
        _sync(swaps)
        _drop(swaps)


def _take_back(swaps: Sequence[Swap]) -> None:
    kept: KeptBoth | None = None
    for swap in reversed(swaps):
        try:
            swap.take_back()
        except KeptBoth as error:
            kept = error
        except OSError as error:
            raise LeftHalfDone(f"{swap.path} could not be taken back: {error.strerror}") from error
    if kept is not None:
        raise kept


def _abandon(journal: Journal, step: Step) -> None:
    try:
        journal.abandoned(step)
    except OSError as error:
        raise LeftHalfDone(
            f"the step could not be taken out of {journal.folder}: {error.strerror}"
        ) from error


def _drop(swaps: Sequence[Swap]) -> None:
    for swap in swaps:
        # What cannot be removed now is swept at the next start.
        with contextlib.suppress(OSError):
            swap.drop()


def _sync(swaps: Sequence[Swap]) -> None:
    for folder in {os.path.dirname(swap.target) for swap in swaps}:
        atomic.sync_folder(folder)


def _swaps(root: str, step: Step) -> list[Swap]:
    """The files of a step, each with a place where it is until it gets its name."""
    found: list[Swap] = []
    for number, (path, start, goal) in enumerate(sides(step)):
        target = os.path.join(root, path)
        if start is not None and goal is not None:
            # A link stays one, and its target is replaced.
            target = os.path.realpath(target)
        aside = os.path.join(place_for(root, target), NAME, f"{step.number}-{number}")
        found.append(Swap(path, target, aside, start, goal))
    return found


@contextlib.contextmanager
def _places(swaps: Sequence[Swap]) -> Generator[None, None, None]:
    with contextlib.ExitStack() as stack:
        for folder in sorted({swap.place for swap in swaps}):
            with atomic.refusals(folder):
                stack.enter_context(staging(folder))
        yield

"""Carrying a step out: every file of it, or none.

Used for a new step, for undo and redo, and for what a stopped kedge left in the middle.
"""

from __future__ import annotations

import os

from ..disk import atomic, lock
from ..disk.errors import WriteRefused
from ..disk.prefetch import read_bytes
from .file_steps import current
from .journal import Journal, Step, sides


def carry_out(root: str, step: Step) -> None:
    """Writes the files of a step in the direction in which it is going.

    Raises NotWritable, after taking back what was written. Where even that fails the step stays in the journal,
    and the next start finishes it.
    """
    made: list[tuple[str, bytes | None]] = []
    try:
        for path, start, target in sides(step):
            made.append((path, start))
            with atomic.refusals(path):
                _put(root, path, target)
    except BaseException:
        take_back(root, made)
        raise


def take_back(root: str, made: list[tuple[str, bytes | None]]) -> None:
    """Gives files the content again that they started from."""
    for path, start in made:
        if current(root, path) != start:
            _put(root, path, start)


def finish_unfinished(root: str, journal: Journal) -> None:
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


def _put(root: str, path: str, content: bytes | None) -> None:
    full = os.path.join(root, path)
    if content is None:
        atomic.remove(full)
    else:
        atomic.replace(full, content)

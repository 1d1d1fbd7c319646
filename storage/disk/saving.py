"""Files that another program is in the middle of saving in place: it has cut them short and not yet written all.

Where the system shows that a file is open for writing, that is enough (see `lease`). Elsewhere, and for programs that
close it in between, a file counts as half saved while it was changed within the last moment and is empty, or only the
beginning of what it was.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from typing import TypeVar

from . import lease
from .errors import SavedMeanwhile
from .regular import read_regular

RECENT = 2.0
"""Seconds after which a file counts as what its owner meant it to be."""
PATIENCE = 1.0
"""Seconds that a save is waited for."""
PAUSE = 0.02
T = TypeVar("T")


def refuse_half_saved(root: str, path: str, known: bytes | None) -> None:
    """Raises SavedMeanwhile where a file is just being saved; `known` is what it was when it was read last."""
    full = os.path.join(root, path)
    if lease.is_open_elsewhere(full):
        raise SavedMeanwhile(path, "is open for writing in another program")
    if known and _is_cut_short(full, known):
        raise SavedMeanwhile(path, "was cut short a moment ago, as editors do while they save")


def patiently(make: Callable[[], T]) -> T:
    """What comes of writing files, which is tried again for a moment while other programs save them."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return make()
        except SavedMeanwhile:
            if time.monotonic() >= deadline:
                raise
        time.sleep(PAUSE)


def wait_for_saves(root: str, known: Mapping[str, bytes]) -> None:
    """Waits until none of some files is half saved, but no longer than PATIENCE."""
    deadline = time.monotonic() + PATIENCE
    while known := {path: was for path, was in known.items() if _is_cut_short(f"{root}/{path}", was)}:
        if time.monotonic() >= deadline:
            return
        time.sleep(PAUSE)


def _is_cut_short(path: str, known: bytes) -> bool:
    try:
        status = os.stat(path)
        # Of what was empty already when it was first seen, more is expected too.
        if status.st_size >= max(len(known), 1) or abs(time.time() - status.st_mtime) > RECENT:
            return False
        return known.startswith(read_regular(path, len(known) + 1))
    except OSError:
        return False

"""The folder in which files lie until they get their names, and those that lost them until nothing needs them.

It is in the plan, since a file can only be renamed within its disk, and takes on the rights of the folders around
it. It ignores itself for git, so that a run that is killed at any moment leaves nothing that `git add` would take,
and it is there only while something is in it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Generator

from .atomic import write_new
from .exchange import TAKEN
from .paths import STAGING

NAME = STAGING
_IGNORES = ".gitignore"
_STALE = 60.0
"""Seconds after which a file there is one that a killed run has left, where no lock shows it."""


@contextlib.contextmanager
def staging(folder: str) -> Generator[str, None, None]:
    """The path of a staging folder in a folder, which exists until the end. Raises OSError."""
    path = os.path.join(folder, NAME)
    with contextlib.suppress(FileExistsError):
        os.mkdir(path)
    if os.path.islink(path):
        raise NotADirectoryError(20, "a link where kedge keeps its temporary files", path)
    try:
        _ignore(path)
        yield path
    finally:
        _leave(path)


def place_for(root: str, target: str) -> str:
    """The folder whose staging folder serves a file: the plan's own, or where it is on another disk the file's."""
    folder = os.path.dirname(target)
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return root if os.stat(folder).st_dev == os.stat(root).st_dev else folder


def sweep(folder: str, *, is_alone: bool) -> None:
    """Removes what killed runs left in the staging folder of a folder; all of it where no other kedge can be there."""
    path = os.path.join(folder, NAME)
    try:
        if os.path.islink(path):
            return
        with os.scandir(path) as entries:
            for entry in entries:
                # What was taken from its name may be the only copy: only the step's own recovery knows it.
                if entry.name == _IGNORES or entry.name.endswith(TAKEN):
                    continue
                age = time.time() - entry.stat(follow_symlinks=False).st_mtime
                if is_alone or age > _STALE:
                    if entry.is_dir(follow_symlinks=False):
                        shutil.rmtree(entry.path)
                    else:
                        os.unlink(entry.path)
    except OSError:
        return  # There is none, or the plan can only be read.
    _leave(path)


def _ignore(path: str) -> None:
    """Makes git pass over the folder, before anything is in it."""
    name = os.path.join(path, _IGNORES)
    if os.path.lexists(name):
        return
    with contextlib.suppress(FileExistsError):
        try:
            _write_at_once(path, name, b"*\n")
        except FileExistsError:
            raise
        except (AttributeError, OSError):
            write_new(name, b"*\n")


def _write_at_once(folder: str, name: str, content: bytes) -> None:
    """Writes a file that has all of its content when it gets its name. Raises OSError where the disk cannot."""
    handle = os.open(folder, os.O_WRONLY | os.O_TMPFILE | os.O_CLOEXEC, 0o666)
    try:
        os.write(handle, content)
        # Only with a folder given does Python follow the link that stands for the open file.
        os.link(f"/proc/self/fd/{handle}", name, src_dir_fd=handle)
    finally:
        os.close(handle)


def _leave(path: str) -> None:
    """Removes the folder where nothing else is in it."""
    with contextlib.suppress(OSError):
        if os.listdir(path) == [_IGNORES]:
            os.unlink(os.path.join(path, _IGNORES))
        os.rmdir(path)

"""Replacing files so that a reader, a crash or a full disk never meets half of one.

A temporary file in the same folder, written and fsynced, renamed over the old one, the folder fsynced
(`os.replace` is atomic on POSIX and on NTFS). Mode and, where allowed, owner are kept; a symlink stays one, and
its target is replaced.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import time
from collections.abc import Iterator

from .errors import NotWritable

_REASONS = {
    errno.EACCES: "no permission",
    errno.EPERM: "no permission",
    errno.EROFS: "the file system is read-only",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file is too large",
}


@contextlib.contextmanager
def refusals(path: str) -> Iterator[None]:
    """Turns what the system says about a write into NotWritable with its reason in plain words."""
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
        raise NotWritable(f"{reason}: cannot write {path}", "nothing was changed") from error


def replace(path: str, content: bytes) -> None:
    """Writes a file whole, or not at all. Raises OSError; the old content then still stands."""
    target = os.path.realpath(path)
    folder = os.path.dirname(target)
    os.makedirs(folder, exist_ok=True)
    temporary = os.path.join(folder, f".{os.path.basename(target)}.{secrets.token_hex(4)}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o666)
    try:
        try:
            view = memoryview(content)
            while view:
                view = view[os.write(handle, view) :]
            _keep_mode(target, handle)
            os.fsync(handle)
        finally:
            os.close(handle)
        _rename(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    sync_folder(folder)


def remove(path: str) -> None:
    """Removes a file for good. Raises OSError; a file that is gone already is fine."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    sync_folder(os.path.dirname(path))


def sync_folder(folder: str) -> None:
    """Makes a rename or a removal survive a power cut, where the system lets one fsync a folder."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _keep_mode(target: str, handle: int) -> None:
    try:
        old = os.stat(target)
    except FileNotFoundError:
        return
    # A file that may not be written is not replaced behind its owner's back.
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), target)
    if hasattr(os, "fchmod"):
        os.fchmod(handle, old.st_mode & 0o7777)
        if old.st_uid != os.geteuid():
            with contextlib.suppress(OSError):
                os.fchown(handle, old.st_uid, old.st_gid)


def _rename(temporary: str, target: str) -> None:
    # On Windows a virus scanner or an editor may hold the file for a moment.
    for pause in (0.01, 0.05, 0.25, 1.0):
        try:
            os.replace(temporary, target)
            return
        except PermissionError:
            if os.name != "nt":
                raise
            time.sleep(pause)
    os.replace(temporary, target)

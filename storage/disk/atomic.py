"""Replacing files so that a reader, a crash or a full disk never meets half of one.

A temporary file, written and fsynced, renamed over the old one, the folder fsynced (`os.replace` is atomic on POSIX
and on NTFS). The files of a plan, which others write too, are replaced by `swap`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Generator

from . import exchange
from .errors import NotWritable

TEMPORARY = ".tmp"
"""How the names of files end that are not whole yet."""
_BINARY = getattr(os, "O_BINARY", 0)

_REASONS = {
    errno.EACCES: "no permission",
    errno.EPERM: "no permission",
    errno.EROFS: "the file system is read-only",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file is too large",
}


@contextlib.contextmanager
def refusals(path: str) -> Generator[None, None, None]:
    """Turns what the system says about a write into NotWritable with its reason in plain words."""
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
        raise NotWritable(f"{reason}: cannot write {path}", "nothing was changed") from error


def replace(path: str, content: bytes) -> None:
    """Writes a file of kedge's own whole, or not at all. Raises OSError; the old content is then still there.

    For files that only kedge writes: what another program saves meanwhile is not looked at.
    """
    folder = os.path.dirname(path)
    os.makedirs(folder, exist_ok=True)
    temporary = os.path.join(folder, f".{os.path.basename(path)}.{secrets.token_hex(4)}{TEMPORARY}")
    try:
        write_new(temporary, content)
        exchange.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    sync_folder(folder)


def write_new(path: str, content: bytes, like: str | None = None) -> os.stat_result:
    """Writes a file that does not exist yet, to the disk; its status. Raises OSError.

    Mode and, where allowed, owner are those of the file `like`, which may not be one that cannot be written.
    """
    handle = os.open(
        path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | _BINARY, 0o666
    )
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(handle, view) :]
        if like is not None:
            _keep_mode(like, handle)
        os.fsync(handle)
        return os.fstat(handle)
    finally:
        os.close(handle)


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
    old = os.stat(target)
    # A file that may not be written is not replaced behind its owner's back.
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), target)
    if hasattr(os, "fchmod"):
        os.fchmod(handle, old.st_mode & 0o7777)
        if old.st_uid != os.geteuid():
            with contextlib.suppress(OSError):
                os.fchown(handle, old.st_uid, old.st_gid)

"""Opening files that may be anything: a pipe would hold kedge up for ever, and a folder or a device is no record."""

from __future__ import annotations

import errno
import os
import stat

_READING = (
    os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
)
_NAMES = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISCHR, "a device"),
)


def open_regular(path: str) -> int:
    """A handle to read a file by. Raises OSError where there is none, and where what has the name is no file."""
    handle = os.open(path, _READING)
    mode = os.fstat(handle).st_mode
    if stat.S_ISREG(mode):
        return handle
    os.close(handle)
    raise OSError(errno.EINVAL, f"it is {_name(mode)}, not a file", path)


def read_regular(path: str, most: int) -> bytes:
    """The beginning of a file, at most so many bytes. Raises OSError."""
    with open(open_regular(path), "rb") as file:
        return file.read(most)


def other_than_file(path: str) -> str:
    """What has a name where a file is wanted, in words; empty where it is a file, or nothing."""
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        if not os.path.islink(path):
            return ""
        return "a link in a circle" if error.errno == errno.ELOOP else "a link that leads nowhere"
    return "" if stat.S_ISREG(mode) else _name(mode)


def _name(mode: int) -> str:
    return next((name for test, name in _NAMES if test(mode)), "something else")

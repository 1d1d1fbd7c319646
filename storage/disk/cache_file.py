"""Files of the state folder that only save time: each is used if it is whole, ours, and written for the same key.

Nothing in one can be executed: it holds bytes, whose meaning is checked by those who read them. What is wrong with one
is never an error for a person: it is written again.

    a line of JSON: key, sizes, sum | the parts, one after the other
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
import time
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

FORMAT = 1
LARGEST = 256_000_000
"""Bytes above which a file is neither written nor read."""
UNUSABLE = (OSError, ValueError, KeyError, TypeError, IndexError, RecursionError, AttributeError)
"""What reading one may raise, whatever is in it."""
_ABANDONED = 60.0
"""Seconds after which a half-written file is that of a process that was killed."""
_HEAD = 4_096
_FLAGS = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)


def load(folder: str, name: str, key: str) -> tuple[Mapping[str, Any], list[bytes]]:
    """The head and the parts of a file. Raises one of UNUSABLE where it is not ours, not whole, or of another key."""
    _refuse_foreign(os.lstat(folder), stat.S_ISDIR)
    handle = os.open(os.path.join(folder, name), os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _FLAGS)
    with open(handle, "rb") as file:
        status = os.fstat(handle)
        _refuse_foreign(status, stat.S_ISREG)
        line = file.readline(_HEAD)
        head = json.loads(line)
        sizes = head["sizes"]
        if (head["kedge"], head["key"], sum(sizes)) != (FORMAT, key, status.st_size - len(line)):
            raise ValueError("of another program or plan, or cut short")
        if min(sizes) < 0 or status.st_size > LARGEST:
            raise ValueError("sizes")
        parts = [file.read(size) for size in sizes]
    if _sum(parts) != head["sum"]:
        raise ValueError("torn")
    return head, parts


def store(folder: str, name: str, key: str, parts: Sequence[bytes], more: Mapping[str, object]) -> None:
    """Puts a new file in the place of the old one, with `more` in its head; nothing where it would be too large.

    It is not synced: half of one is noticed. Raises OSError or ValueError.
    """
    sizes = [len(part) for part in parts]
    head = {**more, "kedge": FORMAT, "key": key, "sizes": sizes, "sum": _sum(parts)}
    line = json.dumps(head).encode() + b"\n"
    if len(line) + sum(sizes) > LARGEST or len(line) > _HEAD:
        return
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.mkdir(folder, 0o700)
    _refuse_foreign(os.lstat(folder), stat.S_ISDIR)
    temporary = os.path.join(folder, f"{name}.tmp")
    with contextlib.suppress(FileNotFoundError):
        # Where it is younger another kedge is writing it, and what that one writes is as good.
        if abs(time.time() - os.lstat(temporary).st_mtime) > _ABANDONED:
            os.unlink(temporary)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS, 0o600)
    try:
        with open(handle, "wb") as file:
            file.writelines((line, *parts))
        os.replace(temporary, os.path.join(folder, name))
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _sum(parts: Iterable[bytes]) -> int:
    found = 0
    for part in parts:
        found = zlib.crc32(part, found)
    return found


def _refuse_foreign(status: os.stat_result, is_right: Callable[[int], bool]) -> None:
    """Raises ValueError for what is no file (or folder), and for what others could have written."""
    if not is_right(status.st_mode):
        raise ValueError("something else")
    if hasattr(os, "geteuid") and (status.st_uid != os.geteuid() or status.st_mode & 0o077):
        raise ValueError("others may have written it")

"""The bytes of a plan's files."""

from __future__ import annotations

import os
from typing import NamedTuple

from .regular import open_regular
from .scan import Stamp, stamp

MAX_SIZE = 1_000_000


class TooLarge(OSError):
    """A file that is known to be larger than MAX_SIZE, and was not read."""


class NotFetched(OSError):
    """A file that a partial clone of a repository does not have yet."""

    def __init__(self) -> None:
        super().__init__(0, "this partial clone has not fetched it")


class Unmerged(OSError):
    """A file that is in the middle of a merge: the index has several versions of it."""

    def __init__(self) -> None:
        super().__init__(0, "it has conflicts that are not resolved yet")


class Fetched(NamedTuple):
    """A file as it is on the disk."""

    stamp: Stamp
    content: bytes
    """Of a file that is larger than MAX_SIZE only as much as shows that."""


def fetch(root: str, path: str) -> Fetched | OSError:
    """A file below the plan, or the error where it cannot be read."""
    try:
        return Fetched(*read_bytes(f"{root}/{path}"))
    except OSError as error:
        return error


def read_bytes(path: str) -> tuple[Stamp, bytes]:
    """A file's stamp and its content; of a file that is too large only as much as shows that. Raises OSError."""
    handle = open_regular(path)
    try:
        status = os.fstat(handle)
        content = os.read(handle, min(status.st_size, MAX_SIZE) + 1)
        if len(content) != status.st_size:
            # It is growing, it comes in pieces, or it is too large.
            parts = [content]
            while parts[-1] and sum(map(len, parts)) <= MAX_SIZE:
                parts.append(os.read(handle, MAX_SIZE))
            content = b"".join(parts)
        return stamp(status), content
    finally:
        os.close(handle)

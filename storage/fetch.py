"""The bytes of a plan's files with the data in them: all of reading that needs no model.

It is two thirds of the work, and nothing of kedge's has to be imported for it. So where the system can fork, a second
process does it while the board is still loading its libraries; whatever that process does not tell is read here.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

from ..model.findings import Finding
from .scan import Found, Stamp, scan, stamp
from .toml.parse import ParseFailure, parse

MAX_SIZE = 1_000_000
_READING = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
_PART = 200
"""Files that the second process tells of at once."""
_BUFFER = 1 << 18

Data = dict[str, Any] | ParseFailure


class Fetched(NamedTuple):
    """A file as it lies on the disk, and what TOML makes of it."""

    stamp: Stamp
    content: bytes
    """Of a file that is larger than MAX_SIZE only as much as shows that."""
    data: Data


Listing = tuple[list[Found], list[Finding]]


def fetch(root: str, path: str) -> Fetched | OSError:
    """A file below the plan; why it cannot be read, where that is so."""
    try:
        mark, content = read_bytes(f"{root}/{path}")
    except OSError as error:
        return error
    return Fetched(mark, content, parsed(content))


def parsed(content: bytes) -> Data:
    """The data of a file's content; none where it is too large to be looked at."""
    return parse(content) if len(content) <= MAX_SIZE else {}


def read_bytes(path: str) -> tuple[Stamp, bytes]:
    """A file's stamp and its content; of a file that is too large only as much as shows that. Raises OSError."""
    handle = os.open(path, _READING)
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


class Ahead:
    """What a second process reads of a plan: which files there are, then one after the other what is in them."""

    def __init__(self, pipe: BinaryIO, process: int) -> None:
        self._pipe = pipe
        self._process = process

    @classmethod
    def begin(cls, root: str) -> Ahead | None:
        """Starts to read; None where the system has no safe way to. No other thread may run yet.

        On macOS a process that was forked may not use what the system's libraries have begun.
        """
        if not sys.platform.startswith("linux"):
            return None
        try:
            ours, theirs = os.pipe()
            process = os.fork()
        except OSError:
            return None
        if process == 0:
            # With our end open here too, nobody would tell us that the other process has gone.
            os.close(ours)
            _tell_all(root, theirs)
        os.close(theirs)
        return cls(os.fdopen(ours, "rb", _BUFFER), process)

    def listing(self) -> Listing | None:
        """The plan's files, and findings of what does not belong; None where the other process has failed."""
        return next(self._told(), None)

    def files(self) -> Iterator[Fetched | OSError]:
        """The files in the order of the listing; fewer where the other process has failed."""
        for part in self._told():
            yield from part

    def close(self) -> None:
        """Ends the other process, whether it is done or not."""
        self._pipe.close()
        with suppress(ChildProcessError):
            os.waitpid(self._process, 0)

    def _told(self) -> Iterator[Any]:
        with suppress(EOFError, pickle.UnpicklingError):
            while True:
                yield pickle.load(self._pipe)  # noqa: S301  our own process wrote it, from data and not from code


def _tell_all(root: str, to: int) -> None:
    """What the second process does, and all that it does."""
    try:
        with os.fdopen(to, "wb", _BUFFER) as pipe:
            found, strays = scan(root)
            pickle.dump((found, strays), pipe, pickle.HIGHEST_PROTOCOL)
            files = (fetch(root, item.path) for item in found)
            while part := list(islice(files, _PART)):
                pickle.dump(part, pipe, pickle.HIGHEST_PROTOCOL)
    finally:
        # Whatever has happened: the first process sees where this one has stopped, and goes on from there.
        os._exit(0)


def fetched(root: str, found: Iterable[Found], ahead: Ahead | None) -> Iterator[Fetched | OSError]:
    """What is in some files, one after the other: what was read ahead, and the rest."""
    left = iter(found)
    if ahead is not None:
        yield from (raw for raw, _ in zip(ahead.files(), left, strict=False))
    yield from (fetch(root, item.path) for item in left)

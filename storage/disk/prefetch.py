"""The bytes of a plan's files with the data in them: all of reading that needs no model.

It is two thirds of the work, and nothing of kedge's has to be imported for it. So where the system can fork, a second
process begins with the first file while the board is still loading its libraries, and this one with the last file as
soon as it has time: they meet in between.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from select import select
from typing import Any, NamedTuple

from ...model.plan.findings import Finding
from ..toml.parse import ParseFailure, parse
from .scan import Found, Stamp, scan, stamp

MAX_SIZE = 1_000_000
_READING = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
_PART = 200
"""Files that the second process tells of at once."""
_SIZE = 8
"""Bytes of the number that says how many were written."""

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
    """What a second process reads of a plan: which files there are, then one after the other what is in them.

    It writes into memory that both processes have, and tells here only how much it has written: it never waits.
    """

    def __init__(self, process: int, pipe: int, memory: int) -> None:
        self._process = process
        self._pipe = pipe
        self._memory = memory
        self._read = 0

    @classmethod
    def begin(cls, root: str) -> Ahead | None:
        """Starts to read; None where the system has no safe way to. No other thread may run yet.

        On macOS a process that was forked may not use what the system's libraries have begun.
        """
        if not sys.platform.startswith("linux"):
            return None
        try:
            memory = os.memfd_create("kedge-read")
            ours, theirs = os.pipe()
            process = os.fork()
        except OSError:
            return None
        if process == 0:
            # With our end open here too, nobody would tell us that the other process has gone.
            os.close(ours)
            _tell_all(root, theirs, memory)
        os.close(theirs)
        return cls(process, ours, memory)

    def listing(self) -> Listing | None:
        """The plan's files, and findings of what does not belong; None where the other process has failed."""
        return self._told()

    def part(self) -> Sequence[Fetched | OSError] | None:
        """The next files in the order of the listing; None where nothing has been told since."""
        return self._told() if select([self._pipe], [], [], 0)[0] else None

    def close(self) -> None:
        """Ends the other process, whether it is done or not."""
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)
        os.close(self._pipe)
        os.close(self._memory)

    def _told(self) -> Any:
        size = int.from_bytes(os.read(self._pipe, _SIZE))
        content = os.pread(self._memory, size, self._read)
        self._read += size
        # Our own process wrote it, from data and not from code.
        return pickle.loads(content) if content else None  # noqa: S301


def _tell_all(root: str, pipe: int, memory: int) -> None:
    """What the second process does, and all that it does."""

    def tell(what: object) -> None:
        content = pickle.dumps(what, pickle.HIGHEST_PROTOCOL)
        if os.write(memory, content) < len(content):
            raise OSError("there is no memory for more")  # what is there in part is not told at all
        os.write(pipe, len(content).to_bytes(_SIZE))

    try:
        listing = scan(root)
        tell(listing)
        files = (fetch(root, item.path) for item in listing[0])
        while part := list(islice(files, _PART)):
            tell(part)
    finally:
        # Whatever has happened: the first process reads by itself what this one does not tell.
        os._exit(0)


def fetched(
    root: str, found: Sequence[Found], ahead: Ahead | None
) -> Iterator[tuple[int, Fetched | OSError]]:
    """What is in some files, each with its index: first to last what was read ahead, last to first the rest."""
    front, back = 0, len(found)
    while front < back:
        part = ahead.part() if ahead is not None else None
        if part is None:
            back -= 1
            yield back, fetch(root, found[back].path)
        else:
            for raw in part[: back - front]:
                yield front, raw
                front += 1

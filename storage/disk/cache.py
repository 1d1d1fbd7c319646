"""A cache of a plan's files in the state folder, so that files need not be read and parsed in every run.

It is never the truth. It is used only if it is whole, owned by us, and written by this version for this plan. An entry
is used only while its file has the same stamp, and only if that stamp was older than the reading: a file that was
changed at that moment may have been changed again without a new stamp (git calls such an entry racy). Nothing in it
can be executed: it holds texts, numbers, and JSON that is validated as the values in files are.

    a line of JSON | JSON: paths, stamps, lengths | the records as JSON | the contents of the files
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
import time
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import NamedTuple

from .scan import Stamp, stamp_of

NAME = "files"
FORMAT = 1
LARGEST = 256_000_000
"""Bytes above which the cache is neither written nor read."""
WORTH = 100
"""Number of files from which writing or reading the cache pays."""
GRAIN = 2_000_000_000
"""Nanoseconds between two stamps on the coarsest of file systems."""
_ABANDONED = 60.0
"""Seconds after which a half-written cache is that of a process that was killed."""
_HEAD = 4_096
_FLAGS = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)


class Kept(NamedTuple):
    """A file as it was when it was read."""

    stamp: Stamp
    content: bytes | memoryview
    made: bytes
    """Its record as JSON; empty where it has none, or none that can be kept."""


class _Known(NamedTuple):
    """The cache as it was read: where the parts of each file are, and the parts of all files."""

    files: dict[str, tuple[Stamp, int, int, int, int]]
    """The stamp; start and end of the record, start and end of the content."""
    made: bytes
    contents: bytes
    view: memoryview
    """Of the contents."""


class Cache:
    """The cached files of one plan. Whatever is wrong with the cache, the files themselves are read instead."""

    def __init__(self, folder: str, root: str, key: str) -> None:
        """`key` stands for the version of the program and the plan."""
        self._folder = folder
        self._root = root
        self._key = key
        self._began = time.time_ns()
        """Before anything is read, so that what changes meanwhile counts as changed."""
        self._read: _Known | None = None
        self._new: dict[str, Kept] = {}

    def get(self, path: str, stamp: Stamp | None) -> Kept | None:
        """The cached file, if it has the stamp that the file has now."""
        files, made, _, view = self._read or self._known()
        found = files.get(path)
        if found is None or found[0] != stamp:
            return None
        known, made_from, made_to, start, end = found
        return Kept(known, view[start:end], made[made_from:made_to])

    def holding(self, texts: Iterable[bytes]) -> set[str]:
        """Paths of the cached files that hold one of some texts; their stamps are not compared."""
        files, _, contents, _ = self._read or self._known()
        paths = list(files)
        starts = [row[3] for row in files.values()]
        found: set[str] = set()
        for text in texts:
            at = contents.find(text)
            while at >= 0:
                path = paths[max(0, bisect_right(starts, at) - 1)]
                end = files[path][4]
                if at + len(text) <= end:
                    found.add(path)
                at = contents.find(text, max(end, at + 1))
        return found

    def knows(self, path: str, stamp: Stamp | None) -> bool:
        """Whether a file is cached with the stamp that it has now."""
        found = (self._read or self._known()).files.get(path)
        return found is not None and found[0] == stamp

    def takes(self, stamp: Stamp) -> bool:
        """Whether a file read in this run can be cached: not if it was changed at about the same time."""
        return _is_settled(stamp, self._began)

    def keep(self, path: str, file: Kept) -> None:
        """Adds a file that was read in this run, unless it is cached already."""
        if self.takes(file.stamp) and len(file.content) == file.stamp[1]:
            known = self.get(path, file.stamp)
            if known is None or known.made != file.made:
                self._new[path] = file

    def save(self) -> None:
        """Writes the cache if enough is new. If it cannot be written, the old one stays."""
        if len(self._new) < WORTH:
            return
        files = {**self._still_true(), **self._new}
        self._new = {}
        columns = [list(files), *map(list, zip(*(one.stamp for one in files.values()), strict=True))]
        columns.append([len(one.made) for one in files.values()])
        parts = (
            json.dumps(columns, separators=(",", ":")).encode(),
            b"".join(one.made for one in files.values()),
            b"".join(one.content for one in files.values()),
        )
        sizes = [len(part) for part in parts]
        head = {"kedge": FORMAT, "key": self._key, "moment": self._began, "sizes": sizes, "sum": _sum(parts)}
        line = json.dumps(head).encode() + b"\n"
        if len(line) + sum(sizes) <= LARGEST and len(line) <= _HEAD:
            with contextlib.suppress(OSError, ValueError):
                _write(self._folder, (line, *parts))

    def _known(self) -> _Known:
        if self._read is None:
            try:
                self._read = _load(self._folder, self._key)
            except (OSError, ValueError, KeyError, TypeError, IndexError, RecursionError):
                self._read = _Known({}, b"", b"", memoryview(b""))
        return self._read

    def _still_true(self) -> dict[str, Kept]:
        """The cached files that still have their stamps, whether this run has read them or not."""
        others = [path for path in self._known().files if path not in self._new]
        kept = ((path, self.get(path, stamp_of(f"{self._root}/{path}"))) for path in others)
        return {path: file for path, file in kept if file is not None}


def _is_settled(stamp: Stamp, moment: int) -> bool:
    """Whether a stamp was so old at a moment that any change after it gives another stamp."""
    return stamp[0] < moment - GRAIN and stamp[3] < moment - GRAIN


def _load(folder: str, key: str) -> _Known:
    """What the cache in a folder holds. Raises OSError, ValueError and the like where it is not ours, or not whole."""
    _refuse_foreign(os.lstat(folder), stat.S_ISDIR)
    handle = os.open(os.path.join(folder, NAME), os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _FLAGS)
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
        index, made, contents = map(file.read, sizes)
    if _sum((index, made, contents)) != head["sum"]:
        raise ValueError("torn")
    return _Known(_files(index, sizes, head["moment"]), made, contents, memoryview(contents))


def _files(text: bytes, sizes: list[int], moment: int) -> dict[str, tuple[Stamp, int, int, int, int]]:
    """The files of an index that had been left alone for long enough. Raises ValueError where it is none."""
    paths, mtimes, lengths, inodes, ctimes, made = json.loads(text)
    columns = (mtimes, lengths, inodes, ctimes, made)
    if any(set(map(type, column)) - {int} for column in columns) or set(map(type, paths)) - {str}:
        raise ValueError("types")
    if {len(paths)} != set(map(len, columns)) or min(0, *lengths, *made) < 0:
        raise ValueError("lengths")
    if [sum(made), sum(lengths)] != sizes[1:]:
        raise ValueError("sums")
    stamps = list(zip(*columns[:4], strict=True))
    made_from, made_to = accumulate(made, initial=0), accumulate(made)
    start, end = accumulate(lengths, initial=0), accumulate(lengths)
    rows = zip(paths, zip(stamps, made_from, made_to, start, end, strict=False), strict=False)
    return {path: row for path, row in rows if _is_settled(row[0], moment)}


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


def _write(folder: str, parts: tuple[bytes, ...]) -> None:
    """Puts a new cache in the place of the old one. It is not synced: half of one is noticed.

    Raises OSError or ValueError.
    """
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.mkdir(folder, 0o700)
    _refuse_foreign(os.lstat(folder), stat.S_ISDIR)
    temporary = os.path.join(folder, f"{NAME}.tmp")
    with contextlib.suppress(FileNotFoundError):
        # Where it is younger another kedge is writing it, and what that one writes is as good.
        if abs(time.time() - os.lstat(temporary).st_mtime) > _ABANDONED:
            os.unlink(temporary)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS, 0o600)
    try:
        with open(handle, "wb") as file:
            file.writelines(parts)
        os.replace(temporary, os.path.join(folder, NAME))
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise

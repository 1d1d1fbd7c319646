"""A cache of a plan's files in the state folder, so that files need not be read and parsed in every run.

It is never the truth. It is used only if it is whole, owned by us, and written by this version for this plan. An entry
is used only while its file has the same stamp, and only if that stamp was older than the reading: a file that was
changed at that moment may have been changed again without a new stamp (git calls such an entry racy). Nothing in it
can be executed: it holds texts, numbers, and JSON that is validated as the values in files are.

    JSON: paths, stamps, lengths | the records as JSON | the contents of the files
"""

from __future__ import annotations

import contextlib
import json
import time
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

from .cache_file import UNUSABLE, load, store
from .scan import Stamp, stamp_of

NAME = "files"
FORMAT = 1
WORTH = 100
"""Number of files from which writing or reading the cache pays."""
GRAIN = 2_000_000_000
"""Nanoseconds between two stamps on the coarsest of file systems."""


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

    def content(self, path: str) -> Kept | None:
        """The cached file whatever stamp it has now, for one who knows by other means what should be in it."""
        found = (self._read or self._known()).files.get(path)
        return self.get(path, found[0]) if found is not None else None

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
        with contextlib.suppress(OSError, ValueError):
            store(self._folder, NAME, f"{FORMAT} {self._key}", parts, {"moment": self._began})

    def _known(self) -> _Known:
        if self._read is None:
            try:
                self._read = _load(self._folder, self._key)
            except UNUSABLE:
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
    """What the cache in a folder holds. Raises what `load` raises, and ValueError where the index is none."""
    head, (index, made, contents) = load(folder, NAME, f"{FORMAT} {key}")
    return _Known(_files(index, head["sizes"], head["moment"]), made, contents, memoryview(contents))


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

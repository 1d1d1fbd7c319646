"""Where a plan is read from: the disk, or another place that can list files and give what is in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from ...model.records.findings import Finding
from ...model.snapshot.repository_files import RepositoryFiles
from .cache import WORTH, Cache, Kept
from .fetch import Fetched, fetch
from .repository_files import WorkTreeFiles
from .saving import wait_for_saves
from .scan import Found, scan, stamp_of

Listing = tuple[list[Found], list[Finding]]
Raw = Fetched | Kept | OSError
"""A file as it is now, as it is in the cache, or the error where it cannot be read."""


class Source(Protocol):
    """The files of a plan."""

    def files(self, kinds: Iterable[str] | None = None) -> Listing:
        """The files (or only those of some kinds) in the order of their paths, and findings of what does not belong."""
        ...

    def read(self, found: Sequence[Found]) -> Iterator[tuple[int, Raw]]:
        """What is in some of the files, each with its index, in any order."""
        ...

    def repository_files(self) -> RepositoryFiles:
        """The files around the plan as they are now; nothing is looked up yet."""
        ...


@dataclass(frozen=True)
class Disk:
    """A plan's folder on the disk."""

    root: str
    cache: Cache | None = None
    """What earlier runs have read."""

    def files(self, kinds: Iterable[str] | None = None) -> Listing:
        """The files in the folder."""
        return scan(self.root, kinds)

    def read(self, found: Sequence[Found]) -> Iterator[tuple[int, Raw]]:
        """What is in them now; an empty file gets a moment, since an editor may be saving it."""
        known = self.cache.get if self.cache is not None and len(found) >= WORTH else None
        empty: list[int] = []
        for at, (path, _) in enumerate(found):
            raw = known(path, stamp_of(f"{self.root}/{path}")) if known else None
            raw = raw or fetch(self.root, path)
            if isinstance(raw, Fetched) and not raw.content:
                empty.append(at)
            else:
                yield at, raw
        if empty:
            wait_for_saves(self.root, {found[at].path: b"" for at in empty})
        for at in empty:
            yield at, fetch(self.root, found[at].path)

    def repository_files(self) -> RepositoryFiles:
        """Those of the work tree around the folder."""
        return WorkTreeFiles(self.root)

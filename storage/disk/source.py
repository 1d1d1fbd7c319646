"""Where a plan is read from: the disk, or another place that can list files and give what is in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from .prefetch import Ahead, Fetched, Listing, fetch, fetched
from .saving import wait_for_saves
from .scan import Found, scan


class Source(Protocol):
    """The files of a plan."""

    def files(self, kinds: Iterable[str] | None = None) -> Listing:
        """The files (or only those of some kinds) in the order of their paths, and findings of what does not belong."""
        ...

    def read(self, found: Sequence[Found]) -> Iterator[tuple[int, Fetched | OSError]]:
        """What is in some of the files, each with its index, in any order."""
        ...


@dataclass(frozen=True)
class Disk:
    """A plan's folder on the disk."""

    root: str
    ahead: Ahead | None = None
    """What has been read of the whole plan already."""

    def files(self, kinds: Iterable[str] | None = None) -> Listing:
        """The files in the folder."""
        return (self.ahead.listing() if self.ahead is not None else None) or scan(self.root, kinds)

    def read(self, found: Sequence[Found]) -> Iterator[tuple[int, Fetched | OSError]]:
        """What is in them now; one that is empty because an editor is saving it is worth a moment."""
        empty: list[int] = []
        for at, raw in fetched(self.root, found, self.ahead):
            if isinstance(raw, Fetched) and not raw.content:
                empty.append(at)
            else:
                yield at, raw
        if empty:
            wait_for_saves(self.root, {found[at].path: b"" for at in empty})
        for at in empty:
            yield at, fetch(self.root, found[at].path)

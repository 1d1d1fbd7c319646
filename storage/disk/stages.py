"""The versions of a file that a merge could not put together, as git keeps them."""

from __future__ import annotations

from dataclasses import dataclass

Names = tuple[str, str, str]
"""Git's names of the contents of base, ours and theirs; empty for a version that is not there."""


@dataclass(frozen=True)
class Knot:
    """Files in conflict in which git has mixed several records, of which one is asked about."""

    files: tuple[tuple[str, Names], ...]
    """The files as the index has them."""
    others: tuple[tuple[str, Names], ...]
    """The files of the other records that are in question, as the index should have them."""


@dataclass(frozen=True)
class Stages:
    """A file in conflict: what it was, and what both sides made of it; None where it was not there."""

    path: str
    """Below the plan, with forward slashes."""
    base: bytes | None
    ours: bytes | None
    theirs: bytes | None
    names: Names = ("", "", "")
    beside: tuple[tuple[str, bytes | None], ...] = ()
    """Other files, with what is to be in them, that git has mixed with this one; None for one that goes."""
    mixed: tuple[bytes, ...] = ()
    """What git has put into these files, where that is not what a side has there."""
    other_names: tuple[str, str] | None = None
    """The file's path in the base and in theirs, where both sides renamed it, each in its own way."""
    knot: Knot | None = None

    @property
    def key(self) -> str:
        """The names of the versions, by which they are known again."""
        return " ".join(name or "-" for name in self.names)

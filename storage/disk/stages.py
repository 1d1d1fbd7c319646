"""The versions of a file that a merge could not put together, as git keeps them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stages:
    """A file in conflict: what it was, and what both sides made of it; None where it was not there."""

    path: str
    """Below the plan, with forward slashes."""
    base: bytes | None
    ours: bytes | None
    theirs: bytes | None
    key: str = ""
    """The names of the versions, by which they are known again."""
    beside: tuple[str, bytes] | None = None
    """Another file, with its content, that git has taken for this one: it is to be left as the side has it that made
    it."""
    mixed: bytes | None = None
    """What git has put into the file, where a version is not that of the index, but that of its side's commit."""
    other_names: tuple[str, str] | None = None
    """The file's path in the base and in theirs, where both sides renamed it, each in its own way."""

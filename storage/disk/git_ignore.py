"""Whether a repository's own rules keep a file out of git, read without starting git.

Only what everyone has, or this clone: `.gitignore` and `info/exclude`. What a person's own settings ignore can still
be added by others, and is not committed yet rather than ignored.
"""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .regular import read_regular
from .repository import Repository

MOST_BYTES = 100_000
"""Of a file of rules; what comes after is not read, so that no stranger's rules take long."""
_ANY_FOLDERS = "**"
_SIGNS = frozenset("*?[\\")
"""Without these a name means itself."""
_MARK = "\xef\xbb\xbf"
"""How some editors begin a file: the bytes of a byte order mark."""


@dataclass(frozen=True)
class _Pattern:
    """One line of a file of rules."""

    parts: tuple[str, ...]
    keeps: bool
    """Whether it takes back what an earlier line ignores."""
    of_folders: bool

    def matches(self, names: Sequence[str], *, is_folder: bool) -> bool:
        """Whether a path, from the folder of the rules, is meant."""
        return (is_folder or not self.of_folders) and _fits(self.parts, tuple(names))


def is_ignored(repository: Repository, path: str) -> bool:
    """Whether a path from the top, of a file that git does not keep, is ignored by the repository's rules."""
    # Git compares bytes; in this encoding each is one character.
    names = os.fsencode(path).decode("latin-1").split("/")
    # What is in an ignored folder cannot be taken back by a later rule.
    return any(
        _is_meant(repository, names[:depth], is_folder=depth < len(names))
        for depth in range(1, len(names) + 1)
    )


def _is_meant(repository: Repository, names: Sequence[str], *, is_folder: bool) -> bool:
    for rules, depth in _rules(repository, names):
        for one in reversed(rules):
            if one.matches(names[depth:], is_folder=is_folder):
                return not one.keeps
    return False


def _rules(repository: Repository, names: Sequence[str]) -> Iterator[tuple[tuple[_Pattern, ...], int]]:
    """The rules that hold for a path, the nearest first, each with the depth of the folder that they begin at."""
    for depth in range(len(names) - 1, -1, -1):
        folder = "/".join(names[:depth]).encode("latin-1")
        yield _read(os.path.join(repository.top, os.fsdecode(folder), ".gitignore")), depth
    yield _read(os.path.join(repository.common, "info", "exclude")), 0


def _read(path: str) -> tuple[_Pattern, ...]:
    """The rules of a file; git does not follow a link in its place."""
    try:
        if os.path.islink(path):
            return ()
        content = read_regular(path, MOST_BYTES)
    except OSError:
        return ()
    return _parsed(content.decode("latin-1"))


@lru_cache(maxsize=64)
def _parsed(text: str) -> tuple[_Pattern, ...]:
    return tuple(filter(None, map(_pattern, text.removeprefix(_MARK).split("\n"))))


def _pattern(line: str) -> _Pattern | None:
    line = _without_blanks(line.removesuffix("\r"))
    if not line or line.startswith("#"):
        return None
    keeps = line.startswith("!")
    body = line.removeprefix("!") if keeps else line
    of_folders, body = body.endswith("/"), body.removesuffix("/")
    parts = tuple(body.removeprefix("/").split("/"))
    if "/" not in body:
        parts = (_ANY_FOLDERS, *parts)
    return _Pattern(parts, keeps, of_folders) if any(parts) else None


def _without_blanks(line: str) -> str:
    """A line without the blanks at its end, but for one that is written with a backslash."""
    bare = line.rstrip(" ")
    return f"{bare} " if bare.endswith("\\") and bare != line else bare


def _fits(parts: tuple[str, ...], names: tuple[str, ...]) -> bool:
    """Whether names of folders and a file fit the parts of a pattern, of which `**` is any number of folders."""
    ends = {0}
    """How many names the parts so far may have taken."""
    for at, part in enumerate(parts):
        if part == _ANY_FOLDERS:
            # At the end it is what is inside a folder, not the folder.
            least = min(ends, default=len(names)) + (at == len(parts) - 1 and at > 0)
            ends = set(range(least, len(names) + 1))
        else:
            ends = {end + 1 for end in ends if end < len(names) and _is_name(part, names[end])}
    return len(names) in ends


def _is_name(part: str, name: str) -> bool:
    if _SIGNS.isdisjoint(part):
        return part == name
    return _of_name(part).match(name) is not None


@lru_cache(maxsize=512)
def _of_name(part: str) -> re.Pattern[str]:
    """One name of a path, with git's signs written as those of fnmatch."""
    text = re.sub(r"\\(.)", lambda found: f"[{found[1]}]" if found[1] in "*?[" else found[1], part)
    return re.compile(fnmatch.translate(text.replace("[^", "[!")), re.DOTALL)

"""What happened to one file of the plan, commit by commit, as changes of its fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..model.change import FieldChange, field_changes
from .git import contents, run
from .toml.parse import ParseFailure, parse

MOST = 100
"""Commits that are looked at."""
_START = "\x01"
_NOTHING = set("0")


@dataclass(frozen=True)
class Revision:
    """A commit that touched the file."""

    commit: str
    date: dt.date
    """Of the author, in their own time zone."""
    author: str
    subject: str
    changes: tuple[FieldChange, ...] = ()
    is_first: bool = False
    """Whether the file was made here; its fields are then not told one by one."""
    is_readable: bool = True
    """Whether the file could be understood before and after."""


def history(root: str, path: str, environment: Mapping[str, str], most: int = MOST) -> list[Revision]:
    """The commits that touched a file of the plan, newest first; renames are followed.

    Empty outside of a repository, and for a file that was never committed. Two git processes, however many commits.
    """
    arguments = [
        *("log", "--follow", f"--max-count={most}", "-z", "--raw", "--no-abbrev", "--no-ext-diff"),
        *("--no-textconv", "--no-show-signature", "--format=%x01%H%x00%as%x00%an%x00%s", "--", path),
    ]
    output = run(root, arguments, environment)
    if not output:
        return []
    commits = list(_commits(output.decode("utf-8", "replace")))
    names = {name for _, before, after in commits for name in (before, after)}
    found = contents(root, sorted(name for name in names if set(name) - _NOTHING), environment)
    return [_with_changes(one, found.get(before), found.get(after)) for one, before, after in commits]


def _commits(output: str) -> Iterator[tuple[Revision, str, str]]:
    """Each commit with the names of the file's content before and after it."""
    parts = iter(output.split("\0"))
    found: Revision | None = None
    for part in parts:
        part = part.lstrip("\n")
        if part.startswith(_START):
            date, author, subject = (next(parts, "") for _ in range(3))
            found = Revision(part[1:], date_of(date), author, subject)
        elif part.startswith(":") and found is not None:
            _, _, before, after, _ = part.split(" ", 4)
            yield found, before, after
            found = None


def date_of(text: str) -> dt.date:
    """The day of a commit; a broken one, which git allows, is the first there is."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return dt.date.min


def _with_changes(revision: Revision, before: bytes | None, after: bytes | None) -> Revision:
    old, new = values_of(before), values_of(after)
    return Revision(
        revision.commit,
        revision.date,
        revision.author,
        revision.subject,
        changes=field_changes(old, new) if before is not None and old is not None and new is not None else (),
        is_first=before is None,
        is_readable=old is not None and new is not None,
    )


def values_of(content: bytes | None) -> dict[str, Any] | None:
    """The plain values of a file; none of a file that is not there, None of one that cannot be read."""
    data = {} if content is None else parse(content)
    return None if isinstance(data, ParseFailure) else data

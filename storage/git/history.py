"""What happened to one file of the plan, commit by commit, as changes of its fields."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...model.plan.change import FieldChange, field_changes
from ...model.plan.change_text import FieldWords
from ...model.records.address import Address
from ..disk.paths import address_of
from ..disk.regular import read_regular
from ..disk.repository import GitProblem, Reason
from ..toml.parse import ParseFailure, parse
from .git import Git, git_at
from .log import Commit, Touch, log

MOST = 100
"""Commits that are looked at."""
_LONGEST = 10_000_000
"""Bytes of the list of commits at which a shallow clone ends."""
NO_EARLIER = "the history of this clone begins here"


@dataclass(frozen=True)
class Revision:
    """A commit that touched the file."""

    commit: str
    date: dt.date
    """Of the author, in their own time zone."""
    author: str
    subject: str
    changes: tuple[FieldChange, ...] = ()
    """Of a merge only what neither side had."""
    is_first: bool = False
    """Whether the file was made here; its fields are then not listed one by one."""
    is_beginning: bool = False
    """Whether the history of a shallow clone begins here, so that the file may be older."""
    is_last: bool = False
    """Whether the file was removed here; its fields are then not listed one by one."""
    is_readable: bool = True
    """Whether the file could be understood before and after."""
    is_fetched: bool = True
    """Whether what the file was before and after is here, which in a partial clone it need not be."""
    moved: tuple[Address, Address] | None = None
    """What the record was called before and after, where it was renamed here, or went to another project."""


def history(
    root: str, path: str, environment: Mapping[str, str], most: int = MOST
) -> list[Revision] | GitProblem:
    """The commits that touched a file of the plan, newest first, under all the names that it had.

    Empty for a file that was never committed. As many git processes, however many commits.
    """
    with git_at(root, environment) as git:
        if isinstance(git, GitProblem):
            return git
        prefix = git.repository.prefix(root)
        found = _followed(git, prefix + path, most)
        if isinstance(found, GitProblem):
            return found
        beginnings = beginnings_of(git)
        wanted = sorted({name for _, one in found for name in (*one.before, one.after) if name})
        contents = git.contents(wanted)
        if isinstance(contents, GitProblem):
            return contents
    revisions = [
        (revision_of(commit, one, contents, prefix, is_beginning=commit.id in beginnings), one)
        for commit, one in found
    ]
    # A merge that only put together what both sides had did nothing of its own.
    return [
        one
        for one, touch in revisions
        if len(touch.before) == 1 or one.changes or not (one.is_readable and one.is_fetched)
    ]


def happened(one: Revision, kind: str, words: FieldWords) -> Iterator[str]:
    """What a commit did to a record of a kind, in words."""
    if one.moved is not None:
        before, after = one.moved
        if before.project != after.project:
            yield f"moved from project {before.project} to {after.project}"
        if before.id != after.id:
            yield f"renamed from {before.id} to {after.id}"
    if one.is_beginning:
        yield f"{NO_EARLIER}: git fetch --unshallow gets what came before"
    elif one.is_first or one.is_last:
        yield "the file was made" if one.is_first else "the file was removed"
    elif not one.is_fetched:
        yield "this partial clone has not fetched what the file was then"
    elif not one.is_readable:
        yield "the file could not be read"
    elif not (one.changes or one.moved):
        yield "no field changed: layout or comments"
    yield from (words.line(kind, change) for change in one.changes)


_Found = list[tuple[Commit, Touch]]


def _followed(git: Git, path: str, most: int) -> _Found | GitProblem:
    """The commits that touched a file, with what they did to it."""
    found = _touches(git, ["--follow", "-M"], [path], most)
    if isinstance(found, GitProblem):
        # Git compares contents to see a rename; without them what was done under this name is known.
        is_partial = found.reason is Reason.NOT_FETCHED
        return _touches(git, ["--no-renames"], [path], most) if is_partial else found
    names = list(dict.fromkeys(name for _, one in found for name in one.names))
    if len(names) > 1:
        # Following leaves out what others did under the old name while the new one lay on a branch.
        return _touches(git, ["-M"], names, most) or found
    return found


def _touches(git: Git, options: Sequence[str], paths: Sequence[str], most: int) -> _Found | GitProblem:
    commits = log(git, [*options, f"--max-count={most}"], paths)
    if isinstance(commits, GitProblem):
        return commits
    return [(commit, commit.files[0]) for commit in commits if commit.files]


def revision_of(
    commit: Commit, one: Touch, contents: Mapping[str, bytes], prefix: str, *, is_beginning: bool = False
) -> Revision:
    new = values_of(contents.get(one.after))
    old = [values_of(contents.get(side)) for side in one.before]
    is_fetched = all(name in contents for name in (*one.before, one.after) if name)
    changes: list[FieldChange] = []
    if is_fetched and one.before[0] and one.after and new is not None and old[0] is not None:
        others = [
            {change.path for change in field_changes(side, new)} for side in old[1:] if side is not None
        ]
        changes = [
            change for change in field_changes(old[0], new) if all(change.path in paths for paths in others)
        ]
    moved = [address_of(name.removeprefix(prefix)) for name in one.names]
    return Revision(
        commit.id,
        commit.date,
        commit.author,
        commit.subject,
        tuple(changes),
        is_first=not one.before[0],
        is_beginning=is_beginning and not one.before[0],
        is_last=not one.after,
        is_readable=new is not None and None not in old,
        is_fetched=is_fetched,
        moved=(moved[0], moved[1]) if len(moved) == 2 and moved[0] and moved[1] else None,
    )


def beginnings_of(git: Git) -> frozenset[str]:
    """The commits with which the history of a shallow clone begins: it does not have what was before them."""
    try:
        text = read_regular(os.path.join(git.folder, "shallow"), _LONGEST)
    except OSError:
        return frozenset()
    return frozenset(text.decode("ascii", "replace").split())


def values_of(content: bytes | None) -> dict[str, Any] | None:
    """The plain values of a file; none of a file that is not there, None of one that cannot be read."""
    data = {} if content is None else parse(content)
    return None if isinstance(data, ParseFailure) else data

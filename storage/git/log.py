"""What `git log` says: commits, and which versions of a file each of them put in place of which."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

from ..disk.repository import GitProblem, Reason
from .git import Git

NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
_MANY = 100
"""Commits that are worth two processes."""
_START = "\x01"
_FORMAT = "%x01%H%x00%P%x00%aI%x00%aN%x00%aE%x00%s%x00%(trailers:key=Card,valueonly,separator=%x2C)"


class Touch(NamedTuple):
    """One file that a commit changed."""

    before: tuple[str, ...]
    """Names of the contents before it, one for each parent; empty where there was none."""
    after: str
    names: tuple[str, ...]
    """The path, before that the one it was renamed from; from the top of the work tree."""


class Commit(NamedTuple):
    """A commit, with the files among those asked for that it changed; none for most merges."""

    id: str
    parents: tuple[str, ...]
    """Its parents; with `--parents` those ancestors that touched the files."""
    at: dt.datetime
    """Of the author, in their own time zone; NEVER where it is broken, which git allows."""
    author: str
    email: str
    subject: str
    cards: str = ""
    """What its trailers `Card:` say, with commas between them."""
    files: tuple[Touch, ...] = ()

    @property
    def date(self) -> dt.date:
        """The author's day."""
        return self.at.date()


def log(
    git: Git, options: Sequence[str], paths: Sequence[str], start: str = "HEAD", *, with_files: bool = True
) -> list[Commit] | GitProblem:
    """The commits up to `start` that touched some paths, newest first; none where there are no commits yet."""
    arguments = [
        *(
            "log",
            *options,
            "-z",
            *(("--raw", "-c") if with_files else ()),
            "--no-abbrev",
            "--no-ext-diff",
            "--no-textconv",
        ),
        *("--no-show-signature", f"--format={_FORMAT}", start, "--", *paths),
    ]
    output = git.run(arguments, settings=_mailmap(git))
    if isinstance(output, GitProblem):
        is_unborn = output.reason is Reason.BAD_REVISION and start == "HEAD"
        return [] if is_unborn else output
    return list(_commits(output.decode("utf-8", "surrogateescape")))


def touched_by(git: Git, commits: Sequence[str], paths: Sequence[str]) -> list[Commit] | GitProblem:
    """Those of some commits that changed something below some paths, with what; renames are not looked for.

    Each commit is compared with its parents once, where `log` would first ask which commits to show; two processes
    share many.
    """
    middle = len(commits) // 2 if len(commits) > _MANY else 0
    with ThreadPoolExecutor(2) as pool:
        halves = list(pool.map(partial(_compared, git, paths), (commits[:middle], commits[middle:])))
    found: list[Commit] = []
    for one in halves:
        if isinstance(one, GitProblem):
            return one
        found += _commits(one.decode("utf-8", "surrogateescape"))
    return found


def exact_renames(git: Git, commits: Sequence[str]) -> list[Commit] | GitProblem:
    """Those of some commits that gave files other names and left their contents as they were, with these files.

    A merge renames nothing of its own.
    """
    arguments = [
        *("diff-tree", "--stdin", "-r", "-z", "--raw", "--no-abbrev", "-M100%", "--diff-filter=R"),
        *("--no-ext-diff", "--no-textconv", f"--format={_FORMAT}"),
    ]
    output = git.run(arguments, "".join(f"{one}\n" for one in commits).encode("ascii"), _mailmap(git))
    if isinstance(output, GitProblem):
        return output
    return list(_commits(output.decode("utf-8", "surrogateescape")))


def _compared(git: Git, paths: Sequence[str], commits: Sequence[str]) -> bytes | GitProblem:
    arguments = [
        *("diff-tree", "--stdin", "-r", "-c", "--root", "-z", "--raw", "--no-abbrev", "--no-renames"),
        *("--no-ext-diff", "--no-textconv", f"--format={_FORMAT}", "--", *paths),
    ]
    given = "".join(f"{one}\n" for one in commits).encode("ascii")
    return git.run(arguments, given, _mailmap(git)) if given else b""


def _mailmap(git: Git) -> list[str]:
    """The list of names that stands in the work tree, which git looks for where it is started."""
    path = os.path.join(git.repository.top, ".mailmap")
    is_there = git.repository.top and os.path.isfile(path) and not os.path.islink(path)
    return [f"mailmap.file={path}"] if is_there else []


def _commits(output: str) -> Iterator[Commit]:
    """Parts are taken by their number, never by what is in them: a subject may say anything."""
    parts = iter(output.split("\0"))
    found: Commit | None = None
    files: list[Touch] = []
    for part in parts:
        part = part.lstrip("\n")
        if part.startswith(_START):
            if found is not None:
                yield found._replace(files=tuple(files))
            parents, at, *texts = (next(parts, "") for _ in range(6))
            author, email, subject, cards = map(_text, texts)
            files = []
            found = Commit(part[1:], tuple(parents.split()), moment(at), author, email, subject, cards)
        elif part.startswith(":"):
            files.append(_touch(part, parts))
    if found is not None:
        yield found._replace(files=tuple(files))


def _touch(part: str, rest: Iterator[str]) -> Touch:
    # As many colons as parents; for each a mode and a name, then those of the result, and a letter for each.
    parents = len(part) - len(part.lstrip(":"))
    fields = part[parents:].split(" ")
    contents = [name if name.strip("0") else "" for name in fields[parents + 1 : -1]]
    is_renamed = parents == 1 and fields[-1][:1] in ("R", "C")
    names = tuple(next(rest, "") for _ in range(2 if is_renamed else 1))
    return Touch(tuple(contents[:-1]), contents[-1], names)


def _text(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def moment(text: str) -> dt.datetime:
    """A time as git writes it, with its zone; NEVER where it is none, or has no zone."""
    try:
        found = dt.datetime.fromisoformat(text)
        # A zone may be so far from ours that the same moment has no date there.
        found.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return NEVER
    return found if found.tzinfo else NEVER

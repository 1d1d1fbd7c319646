"""Fetching what a partial clone lacks of a plan: all of it in one go, when a person asks for it.

Nothing else in kedge fetches. It is done by the person's own git with the person's own settings, for how they sign in;
of the repository only the address of its remote is used, and only one that runs no command.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..disk.repository import GitProblem, Reason, Repository
from .git import Git, git_at, run_fetch

_REMOTE = re.compile(
    r"(?:(?:https?|ssh|git|file)://[^-\s]\S*|(?:[\w.~][\w.~-]*@)?[\w.][\w.-]*:(?!:|//)\S+|/.*)"
)
"""Addresses of remotes: as a URL, as `host:path`, or a folder of this machine."""


@dataclass(frozen=True)
class FetchedMissing:
    """What was fetched."""

    count: int
    """Versions of files; 0 where all were there."""
    remote: str
    """The remote's address, without what a password could be in."""


def fetch_missing(root: str | Repository, environment: Mapping[str, str]) -> FetchedMissing | GitProblem:
    """Fetches every version of the files of the plan at `root` that the refs of this clone lead to.

    Of a repository without a work tree, every version of all files: where its plan is differs from ref to ref.
    """
    with git_at(root, environment) as git:
        if isinstance(git, GitProblem):
            return git
        place = git.repository.place(root) if isinstance(root, str) else ""
        missing = _missing(git, place)
        if isinstance(missing, GitProblem):
            return missing
        name, url = _remote(git)
        shown = re.sub(r"//[^/@]*@", "//", url)
        if not missing:
            return FetchedMissing(0, shown)
        what = f"{len(missing):,} version{'s' * (len(missing) != 1)} of plan files"
        if not _REMOTE.fullmatch(url):
            named = (
                f"the remote {name} has an address that kedge does not fetch from" if name else "no remote"
            )
            return GitProblem(Reason.NOT_FETCHED, f"{what}; {named}")
        problem = run_fetch(git, url, missing, environment)
        if problem is not None:
            return GitProblem(Reason.NOT_FETCHED, f"{what}; {shown}: {problem.detail or problem.message}")
        left = _missing(git, place)
        if isinstance(left, GitProblem):
            return left
        if left:
            return GitProblem(Reason.NOT_FETCHED, f"{len(left):,} versions that {shown} does not give")
    return FetchedMissing(len(missing), shown)


def _missing(git: Git, place: str) -> list[str] | GitProblem:
    """Names of the objects of a folder that are not here, as far back as the commits are."""
    options = ["rev-list", "--objects", "--missing=print", "--all", "HEAD", "--"]
    output = git.run([*options, *([place] if place else [])])
    if isinstance(output, GitProblem):
        return output
    return [line[1:].decode("ascii", "replace") for line in output.split(b"\n") if line[:1] == b"?"]


def _remote(git: Git) -> tuple[str, str]:
    """Name and address of the remote that keeps what is missing."""
    for name in (*git.promisors, "origin"):
        url = git.settings.get(f"remote.{name}.url", "")
        if url:
            is_folder = url.startswith(".") and bool(git.repository.top)
            return name, os.path.normpath(os.path.join(git.repository.top, url)) if is_folder else url
    return "", ""

"""The latest commits of a plan, with what each did to its records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ...model.records.address import Address
from ..disk.paths import address_of
from ..disk.repository import GitProblem
from .git import git_at
from .history import Revision, beginnings_of, revision_of
from .log import Commit, log

LARGEST = 500
"""Records of one commit beyond which none is compared: such a commit made the plan, or moved it."""


class PlanCommit(NamedTuple):
    """A commit, and what it did to each record that it touched."""

    commit: Commit
    records: tuple[tuple[Address, Revision], ...]
    is_beginning: bool
    """Whether the history of a shallow clone begins here: the records may be older."""


def plan_log(root: str, environment: Mapping[str, str], most: int) -> list[PlanCommit] | GitProblem:
    """The latest commits that changed records of the plan at `root`, newest first."""
    with git_at(root, environment) as git:
        if isinstance(git, GitProblem):
            return git
        prefix = git.repository.prefix(root)
        commits = log(git, ["--no-renames", f"--max-count={most}"], [prefix] if prefix else [])
        if isinstance(commits, GitProblem):
            return commits
        touched = [
            (commit, one, address)
            for commit in commits
            for one in commit.files
            if (address := address_of(one.names[-1].removeprefix(prefix))) is not None
        ]
        large = {commit.id for commit in commits if len(commit.files) > LARGEST}
        names = {
            name
            for commit, one, _ in touched
            if commit.id not in large
            for name in (*one.before, one.after)
            if name
        }
        beginnings = beginnings_of(git)
        contents = git.contents(sorted(names))
        if isinstance(contents, GitProblem):
            return contents
    found: dict[str, list[tuple[Address, Revision]]] = {}
    for commit, one, address in touched:
        revision = revision_of(commit, one, contents, prefix, is_beginning=commit.id in beginnings)
        found.setdefault(commit.id, []).append((address, revision))
    return [PlanCommit(one, tuple(found[one.id]), one.id in beginnings) for one in commits if one.id in found]

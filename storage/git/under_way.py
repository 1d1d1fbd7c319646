"""What git is in the middle of: whose work is merged into what is checked out, and from where both came."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal, NamedTuple

from ..disk.repository import GitProblem, Repository, find_repository
from .git import Git

Operation = Literal["merge", "rebase", "am", "cherry-pick", "revert", "stash", ""]
ENDS: dict[Operation, str] = {
    "merge": "git commit",
    "rebase": "git rebase --continue",
    "am": "git am --continue",
    "cherry-pick": "git cherry-pick --continue",
    "revert": "git revert --continue",
    "stash": "git stash drop removes the stash, which git has kept",
}
"""What comes next in each, once nothing is in conflict."""
_MARKS: tuple[tuple[str, Operation], ...] = (
    ("rebase-merge", "rebase"),
    (os.path.join("rebase-apply", "applying"), "am"),
    ("rebase-apply", "rebase"),
    ("MERGE_HEAD", "merge"),
    ("CHERRY_PICK_HEAD", "cherry-pick"),
    ("REVERT_HEAD", "revert"),
)
"""What git keeps in its folder while something is under way; a rebase picks and merges, too."""


class UnderWay(NamedTuple):
    """The commits of a merge of any kind, beside HEAD, which is ours."""

    base: str
    theirs: str
    is_back: bool = False
    """Whether theirs is what was before the base, as in a revert."""


_PICKED = ("CHERRY_PICK_HEAD", "REBASE_HEAD", "refs/stash")


def under_way(git: Git) -> list[UnderWay]:
    """What may be under way, surest first: git keeps no note of a stash that is put back."""
    found: list[UnderWay] = []
    merged = git.resolve("MERGE_HEAD")
    if not isinstance(merged, GitProblem):
        base = git.merge_base("HEAD", merged)
        if not isinstance(base, GitProblem):
            found.append(UnderWay(base, merged))
    pairs = [(f"{name}^", name, False) for name in _PICKED]
    pairs.insert(2, ("REVERT_HEAD", "REVERT_HEAD^", True))
    for before, after, is_back in pairs:
        base, theirs = git.resolve(before), git.resolve(after)
        if not isinstance(base, GitProblem) and not isinstance(theirs, GitProblem):
            found.append(UnderWay(base, theirs, is_back))
    return found


def operation(repository: Repository) -> Operation:
    """What is under way, by the files that git keeps of it.

    Git keeps none of a stash that was put back, and leaves the stash where it was as long as files are in conflict.
    """
    for name, found in _MARKS:
        if os.path.lexists(os.path.join(repository.folder, name)):
            return found
    is_stashed = os.path.lexists(os.path.join(repository.common, "logs", "refs", "stash"))
    return "stash" if is_stashed else ""


def next_step(root: str, environment: Mapping[str, str]) -> str:
    """The command that comes next once nothing is in conflict; empty where nothing is under way."""
    repository = find_repository(root, environment)
    found = "" if isinstance(repository, GitProblem) else operation(repository)
    return ENDS[found] if found else ""

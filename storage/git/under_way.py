"""What git is in the middle of: whose work is merged into what is checked out, and from where both came."""

from __future__ import annotations

from typing import NamedTuple

from ..disk.repository import GitProblem
from .git import Git


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

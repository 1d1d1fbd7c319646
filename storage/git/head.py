"""The commit that the work tree is on."""

from __future__ import annotations

from collections.abc import Mapping

from ..disk.repository import GitProblem
from .git import git_at


def head_commit(root: str, environment: Mapping[str, str]) -> str | None:
    """The commit around a folder; None where there is no repository, or none yet."""
    with git_at(root, environment) as git:
        head = git if isinstance(git, GitProblem) else git.resolve("HEAD")
    return head if isinstance(head, str) else None

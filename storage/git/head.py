"""The commit that the work tree is on."""

from __future__ import annotations

from collections.abc import Mapping

from ..disk.repository import GitProblem
from .git import git_at


def head_commit(root: str, environment: Mapping[str, str]) -> str | GitProblem:
    """The commit around a folder."""
    with git_at(root, environment) as git:
        return git if isinstance(git, GitProblem) else git.resolve("HEAD")

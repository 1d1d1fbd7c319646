"""Whether the plan has moved on in the main branch since this branch left it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..disk.repository import GitProblem
from .git import Git, git_at

MOST = 1_000


class Behind(NamedTuple):
    """Commits of the main branch that changed the plan, and are not in this branch yet."""

    commits: int
    """MOST at most."""
    branch: str
    """The main branch, as people write it: `origin/main`."""

    @property
    def said(self) -> str:
        """In a few words; empty where there are none."""
        return f"{self.commits} behind {self.branch}" if self.commits else ""


def behind_main(root: str, environment: Mapping[str, str]) -> Behind | GitProblem:
    """How far the plan at `root` is behind the main branch as this clone knows it."""
    with git_at(root, environment) as git:
        return git if isinstance(git, GitProblem) else behind(git, git.repository.place(root))


def behind(git: Git, place: str) -> Behind | GitProblem:
    """The same for a plan in a folder of a repository."""
    main = git.main_branch()
    if isinstance(main, GitProblem):
        return main
    options = ["--count", f"--max-count={MOST}", main, "^HEAD"]
    output = git.run(["rev-list", *options, "--", *([place] if place else [])])
    if isinstance(output, GitProblem):
        return output
    return Behind(int(output), main.removeprefix("refs/remotes/").removeprefix("refs/heads/"))

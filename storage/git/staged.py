"""Which files of a plan are staged for the next commit."""

from __future__ import annotations

from collections.abc import Mapping

from ..disk.repository import GitProblem, Reason
from .git import git_at


def staged_files(root: str, environment: Mapping[str, str]) -> frozenset[str] | GitProblem:
    """Paths below the plan that differ between the last commit and the index; all before the first commit."""
    with git_at(root, environment) as git:
        if isinstance(git, GitProblem):
            return git
        prefix = git.repository.prefix(root)
        within = ["--", *([prefix] if prefix else [])]
        output = git.run(["diff-index", "--cached", "--name-only", "--no-renames", "-z", "HEAD", *within])
        if isinstance(output, GitProblem) and output.reason in (Reason.BAD_REVISION, Reason.FAILED):
            head = git.resolve("HEAD")
            if isinstance(head, GitProblem):
                output = git.run(["ls-files", "--cached", "-z", *within])
        if isinstance(output, GitProblem):
            return output
    paths = output.decode("utf-8", "surrogateescape").split("\0")
    return frozenset(one.removeprefix(prefix) for one in paths if one)

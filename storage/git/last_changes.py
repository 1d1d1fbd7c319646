"""The last commit that changed each of some files, in one pass over the history of these files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...model.snapshot.repository_files import LastChange
from ..disk.repository import GitProblem, Repository
from .git import git_at
from .log import log


def last_changes(
    place: str | Repository, environment: Mapping[str, str], paths: Sequence[str], commit: str = ""
) -> dict[str, LastChange] | GitProblem:
    """The last change of each path from the top of the repository; a path that no commit has is left out.

    `commit` is where the history ends; empty for that of the work tree.
    """
    with git_at(place, environment) as git:
        if isinstance(git, GitProblem):
            return git
        wanted = sorted({path for path in paths if _is_plain(path)})
        commits = log(git, [commit] if commit else [], wanted) if wanted else []
    if isinstance(commits, GitProblem):
        return commits
    found: dict[str, LastChange] = {}
    for at, one in enumerate(commits):
        for touch in one.files:
            if touch.names:
                change = LastChange(at, one.at, one.id, one.author, touch.after)
                found.setdefault(touch.names[0], change)
    return {path: found[path] for path in wanted if path in found}


def _is_plain(path: str) -> bool:
    """Whether a text can be a path in the repository."""
    parts = path.split("/")
    return (
        bool(path) and "\0" not in path and not path.startswith("/") and ".." not in parts and "" not in parts
    )

"""The last commit that changed each of some files, in one pass over the history of these files."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ...model.snapshot.repository_files import LastChange
from ..disk.repository import GitProblem, Repository
from .git import Git, git_at
from .log import Commit, exact_renames, log

_MOST_RENAMES = 8
"""Times that the names of files are followed back; each takes a pass over the history."""
Renames = dict[tuple[str, str], str]
"""The name that a file had before, by the commit that renamed it and the name since then."""


def last_changes(
    place: str | Repository, environment: Mapping[str, str], paths: Sequence[str], commit: str = ""
) -> dict[str, LastChange] | GitProblem:
    """The last change of each path from the top of the repository; a path that no commit has is left out.

    Another name alone is no change. `commit` is where the history ends; empty for that of the work tree.
    """
    with git_at(place, environment) as git:
        if isinstance(git, GitProblem):
            return git
        wanted = sorted({path for path in paths if _is_plain(path)})
        found: dict[str, tuple[str, LastChange, bool] | None] = {}
        renames: Renames = {}
        for _ in range(_MOST_RENAMES):
            asked = sorted({*wanted, *renames.values()})
            commits = log(git, ["--no-renames", *filter(None, [commit])], asked) if wanted else []
            if isinstance(commits, GitProblem):
                return commits
            found = {path: _last(commits, path, renames) for path in wanted}
            came = {(one.commit, name) for name, one, is_new in filter(None, found.values()) if is_new}
            before = _renamed(git, commits, came - renames.keys())
            if isinstance(before, GitProblem):
                return before
            if not before:
                break
            renames |= before
    return {path: one[1] for path, one in found.items() if one is not None}


def _last(commits: Sequence[Commit], path: str, renames: Renames) -> tuple[str, LastChange, bool] | None:
    """The last change of a file: the name that it had then, the change, and whether the file was new."""
    name = path
    for at, one in enumerate(commits):
        touch = next((touch for touch in one.files if touch.names and touch.names[0] == name), None)
        if touch is None:
            continue
        if (one.id, name) not in renames:
            change = LastChange(at, one.at, one.id, one.author, touch.after)
            return name, change, bool(touch.after) and not any(touch.before)
        name = renames[one.id, name]
    return None


def _renamed(git: Git, commits: Sequence[Commit], came: Collection[tuple[str, str]]) -> Renames | GitProblem:
    """The names before of files that came with a commit, where it took them from another place as they were."""
    asked = {name for name, _ in came}
    children = [one.id for one in commits if one.id in asked and one.parents]
    found = exact_renames(git, children) if children else []
    if isinstance(found, GitProblem):
        return found
    return {
        (one.id, touch.names[1]): touch.names[0]
        for one in found
        for touch in one.files
        if len(touch.names) == 2 and (one.id, touch.names[1]) in came
    }


def _is_plain(path: str) -> bool:
    """Whether a text can be a path in the repository."""
    parts = path.split("/")
    return (
        bool(path) and "\0" not in path and not path.startswith("/") and ".." not in parts and "" not in parts
    )

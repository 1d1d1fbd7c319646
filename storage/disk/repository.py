"""Finding the repository around a plan by its files alone, without starting git.

Only a `.git` above counts, as a folder or as the file of a worktree or a submodule: git itself would also take a plan
for a bare repository when it happens to hold `HEAD`, `objects` and `refs`, and a plan may come from anyone.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

FOLDER = "kedge"
"""Of the git folder: what kedge keeps of this clone in it."""
_MOST_BYTES = 10_000
"""Of a file that holds one path or one name."""


class Reason(Enum):
    """Why git has no answer."""

    NO_GIT = "git is not installed"
    NO_REPOSITORY = "not in a git repository"
    UNREADABLE = "the git repository cannot be read"
    TIMEOUT = "git did not answer in time"
    BAD_REVISION = "no such revision"
    NO_PLAN = "no plan at this revision"
    NO_MAIN_BRANCH = "no main branch: origin names none, and there is neither main nor master"
    NO_MERGE_BASE = "nothing in common in the history of the two"
    NOT_FETCHED = "this partial clone has not fetched what is needed"
    TOO_LARGE = "git's answer is too large"
    FAILED = "git failed"


@dataclass(frozen=True)
class GitProblem:
    """Why git has no answer, with what is particular to this case."""

    reason: Reason
    detail: str = ""

    @property
    def message(self) -> str:
        """In one line."""
        return f"{self.reason.value}: {self.detail}" if self.detail else self.reason.value

    @property
    def is_expected(self) -> bool:
        """Whether nothing is wrong: there need be no git, no repository around a plan, and no main branch in it."""
        return self.reason in (Reason.NO_GIT, Reason.NO_REPOSITORY, Reason.NO_MAIN_BRANCH)


@dataclass(frozen=True)
class Repository:
    """Where a repository has its parts."""

    top: str
    """The top folder of the work tree, by its real path; empty for a bare repository."""
    folder: str
    """Holds HEAD and the index."""
    common: str
    """Holds refs, objects and settings; the same folder unless this is a linked worktree."""

    def place(self, path: str) -> str:
        """A path as seen from the top, with forward slashes; empty for the top itself."""
        place = os.path.relpath(os.path.realpath(path), self.top).replace(os.sep, "/")
        return "" if place == "." else place

    def prefix(self, path: str) -> str:
        """What the paths of files in a folder begin with, as seen from the top; empty for the top itself."""
        place = self.place(path)
        return f"{place}/" if place else ""


def find_repository(start: str, environment: Mapping[str, str] | None = None) -> Repository | GitProblem:
    """The repository whose work tree holds a path; `GIT_CEILING_DIRECTORIES` is respected as git does.

    What `GIT_DIR` names is not asked: inside a hook it is the repository of the hook, which need not be the plan's.
    """
    ceilings = (environment or {}).get("GIT_CEILING_DIRECTORIES", "").split(os.pathsep)
    barred = {os.path.realpath(one) for one in ceilings if os.path.isabs(one)}
    folder = os.path.realpath(start)
    while True:
        path = os.path.join(folder, ".git")
        if os.path.isfile(path):
            target = _pointed_at(path)
            found = _repository(folder, target) if target else None
            return found or GitProblem(Reason.UNREADABLE, f"{path} does not lead to one")
        found = _repository(folder, path)
        if found is not None:
            return found
        parent = os.path.dirname(folder)
        if parent == folder or parent in barred:
            return GitProblem(Reason.NO_REPOSITORY)
        folder = parent


def bare_repository(folder: str) -> Repository | GitProblem:
    """A repository without a work tree, which a person has named: none is ever searched for."""
    try:
        found = _repository("", os.path.realpath(folder))
    except OSError:
        found = None  # the current folder is gone
    return found or GitProblem(Reason.UNREADABLE, f"{folder} is none")


def work_tree(start: str) -> str:
    """The top of the work tree around a path; empty where there is none."""
    found = find_repository(start)
    return found.top if isinstance(found, Repository) else ""


def _repository(top: str, folder: str) -> Repository | None:
    """The repository with its files in a folder; None where these are not the files of one."""
    common = folder
    pointer = first_line(os.path.join(folder, "commondir"))
    if pointer:
        common = os.path.normpath(os.path.join(folder, pointer))
    if not all(os.path.isdir(os.path.join(common, name)) for name in ("objects", "refs")):
        return None
    return Repository(top, folder, common) if head_of(folder) else None


def head_of(folder: str) -> str:
    """What HEAD says, as git writes it today; empty where there is none, or it is something else."""
    path = os.path.join(folder, "HEAD")
    try:
        # Old ones are links to the branch.
        text = f"ref: {os.readlink(path)}" if os.path.islink(path) else first_line(path)
    except OSError:
        return ""
    is_commit = len(text) in (40, 64) and set(text) <= set("0123456789abcdef")
    return text if is_commit or text.startswith("ref: refs/") else ""


def own_file(repository: Repository, name: str) -> str:
    """Where kedge keeps a file of its own in the git folder; empty where that would lead out of it."""
    folder = os.path.join(repository.folder, FOLDER)
    return "" if os.path.islink(folder) else os.path.join(folder, name)


def _pointed_at(path: str) -> str:
    """Where the `.git` file of a worktree or a submodule points; empty where it does not."""
    name, _, target = first_line(path).partition(":")
    target = target.strip()
    return (
        os.path.normpath(os.path.join(os.path.dirname(path), target)) if name == "gitdir" and target else ""
    )


def first_line(path: str) -> str:
    """The first line of a small file; empty where there is none. Pipes and devices are not opened."""
    if not os.path.isfile(path):
        return ""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.readline(_MOST_BYTES).strip()
    except OSError:
        return ""


def is_sparse(place: str, environment: Mapping[str, str] | None = None) -> bool:
    """Whether git may leave files out of the work tree around a folder: looked up without git, for every command."""
    found = find_repository(place, environment)
    return isinstance(found, Repository) and os.path.exists(
        os.path.join(found.folder, "info", "sparse-checkout")
    )

"""The files around a plan on the disk, as evidence: whether they are there, and hold anything."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from functools import cached_property

from ...model.snapshot.repository_files import FileState, RepositoryFiles
from .document import MOST_READ, state_of
from .git_ignore import is_ignored
from .git_index import indexed
from .paths import address_of
from .regular import read_regular
from .repository import Repository, find_repository, work_tree


class WorkTreeFiles(RepositoryFiles):
    """The files of the work tree that a plan's folder is in; without a repository those beside that folder.

    Paths lead from the top of the repository, or else from the folder that holds the plan's, as in a repository of
    several projects. Links are followed as long as they stay inside. Where git keeps the plan, a file that it does not
    keep is said to be so: others do not have it.
    """

    def __init__(self, root: str) -> None:
        super().__init__()
        self._root = root

    @cached_property
    def _top(self) -> str:
        return os.path.realpath(repository(self._root))

    @cached_property
    def _plan(self) -> str:
        return os.path.realpath(self._root)

    def _find(self, path: str) -> FileState:
        found = self._at(os.path.join(self._top, path))
        beside = os.path.dirname(self._plan)
        return self._at(os.path.join(beside, path)) if found == "not there" and beside != self._top else found

    @cached_property
    def _git(self) -> Repository | None:
        found = find_repository(self._top)
        return found if isinstance(found, Repository) and found.top == self._top else None

    @cached_property
    def _indexed(self) -> Mapping[str, bool] | None:
        return indexed(self._git) if self._git else None

    def _at(self, full: str) -> FileState:
        try:
            real = os.path.realpath(full)
            inside = _below(self._top, real)
            if inside is None or inside.partition("/")[0].casefold() == ".git":
                return "outside the repository"
            mode = os.stat(real).st_mode
            if not stat.S_ISREG(mode):
                return "not a file"
            if self._is_record(real):
                return "part of the plan"
            found = _content(real)
        except (OSError, ValueError):
            # ValueError: a name that no file can have.
            return "not there"
        return self._with_git(full, inside, found) if found in ("there", "not fetched") else found

    def _with_git(self, full: str, inside: str, found: FileState) -> FileState:
        """What a file counts as that holds something; a link must be kept as well as what it leads to."""
        by_name = _below(
            self._top, os.path.join(os.path.realpath(os.path.dirname(full)), os.path.basename(full))
        )
        for path in dict.fromkeys((inside, by_name or inside)):
            kept = self._kept(path)
            if kept != "there":
                return kept
        return found

    def _kept(self, path: str) -> FileState:
        """Whether git keeps a file that is there, by its path from the top; it does where there is no git."""
        if self._git is None or self._indexed is None:
            return "there"
        holds = self._indexed.get(path)
        if holds is not None:
            return "there" if holds else "not committed"
        parts = path.split("/")
        if any(os.path.lexists(os.path.join(self._top, *parts[:at], ".git")) for at in range(1, len(parts))):
            return "in another repository"
        return "ignored by git" if is_ignored(self._git, path) else "not committed"

    def _is_record(self, full: str) -> bool:
        path = _below(self._plan, full)
        return path is not None and address_of(path) is not None


def repository(root: str) -> str:
    """The top of the work tree around a plan; the folder that the plan is in where there is none."""
    beside = folder = os.path.dirname(os.path.abspath(root))
    top = work_tree(beside)
    # Above a link the top goes by the name that leads there from the plan.
    while top and os.path.realpath(folder) != top and folder != os.path.dirname(folder):
        folder = os.path.dirname(folder)
    return folder


def _content(full: str) -> FileState:
    """Raises OSError."""
    try:
        return state_of(full, read_regular(full, MOST_READ))
    except PermissionError:
        # It is there, and others may read it.
        return "there" if os.stat(full).st_size else "empty"


def _below(top: str, real: str) -> str | None:
    """A path as seen from a folder, with forward slashes; None where it is not in it, or is the folder itself."""
    try:
        inside = os.path.relpath(real, top).replace(os.sep, "/")
    except ValueError:
        # On another drive.
        return None
    return None if inside == ".." or inside.startswith("../") or inside == "." else inside

"""The files around a plan on the disk, as evidence: whether they are there, and hold anything."""

from __future__ import annotations

import os
import stat
from functools import cached_property

from ...model.snapshot.repository_files import FileState, RepositoryFiles
from ...model.text.wording import is_placeholder
from .paths import address_of
from .regular import read_regular
from .repository import work_tree

MOST_BLANK = 4096
"""Bytes up to which a file is read to see whether it is only white space; a larger one is taken as it is."""


LONGEST_PLACEHOLDER = 80
"""Bytes; in more than that something is said, or it is no text."""


class WorkTreeFiles(RepositoryFiles):
    """The files of the work tree that a plan's folder is in; without a repository those beside that folder.

    Paths lead from the top of the repository, or else from the folder that holds the plan's, as in a repository of
    several projects. Links are followed as long as they stay inside.
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
            return "empty" if _is_blank(real) else "there"
        except (OSError, ValueError):
            # ValueError: a name that no file can have.
            return "not there"

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


def is_blank(content: bytes) -> bool:
    """Whether a file's content says nothing: white space, or a word such as `x`, `tbd`, `...` that stands for none."""
    content = content.removeprefix(b"\xef\xbb\xbf").strip()
    if len(content) > LONGEST_PLACEHOLDER:
        return False
    try:
        return is_placeholder(content.decode())
    except UnicodeDecodeError:
        return False


def _is_blank(full: str) -> bool:
    """Raises OSError."""
    size = os.stat(full).st_size
    if size > MOST_BLANK:
        return False
    try:
        return is_blank(read_regular(full, MOST_BLANK))
    except PermissionError:
        # It is there, and others may read it.
        return size == 0


def _below(top: str, real: str) -> str | None:
    """A path as seen from a folder, with forward slashes; None where it is not in it, or is the folder itself."""
    try:
        inside = os.path.relpath(real, top).replace(os.sep, "/")
    except ValueError:
        # On another drive.
        return None
    return None if inside == ".." or inside.startswith("../") or inside == "." else inside

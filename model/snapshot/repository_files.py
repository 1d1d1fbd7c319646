"""Whether what a plan names as evidence is there, and how old it is: the files around the plan, no part of it.

Figures and standings ask here, each path once for a snapshot, and only when one of them is asked for. Where files can
be looked up is known to storage; a plan without such a place has everything it names "not looked up".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple

FileState = Literal[
    "there",
    "empty",
    "only headings",
    "not there",
    "outside the repository",
    "not a file",
    "part of the plan",
    "ignored by git",
    "in another repository",
    "not committed",
    "not fetched",
    "not looked up",
]
"""`empty`: of nothing but white space, or of a word that stands for nothing. `only headings`: a Markdown document of
which nothing but the outline was written. `not a file`: a folder, a pipe. `part of the plan`: a record, which claims
what evidence is asked for. `ignored by git`, `in another repository`: a file that no other clone will have.
`not committed`: one that no other clone has yet. `not fetched`: the note that Git LFS leaves in a file's place."""


class LastChange(NamedTuple):
    """The last commit that changed a file."""

    order: int
    """Its place in the history, the newest commit first."""
    at: dt.datetime
    """In the author's time zone."""
    commit: str
    author: str
    content: str = ""
    """Git's name of what the file holds since then; empty where it was removed."""

    @property
    def day(self) -> dt.date:
        """The author's day."""
        return self.at.date()


LastChanges = Mapping[str, LastChange]
"""By path from the top of the repository; a file that no commit has is not among them."""


class RepositoryFiles:
    """The files that paths lead to, looked up when they are first asked for.

    This one looks nothing up: it is that of tests and of programs that give a plan of their own. Paths count then, as
    links do, and are shown as not looked up.
    """

    def __init__(self) -> None:
        self._seen: dict[str, FileState] = {}

    def look(self, path: str) -> FileState:
        """What a path leads to; it has no empty parts, and no `.` or `..`."""
        found = self._seen.get(path)
        if found is None:
            found = self._seen[path] = self._find(path)
        return found

    @property
    def seen(self) -> dict[str, FileState]:
        """What has been looked up so far."""
        return self._seen.copy()

    def agrees_with(self, earlier: RepositoryFiles) -> bool:
        """Whether all that was looked up earlier is still so; it is looked up again."""
        return self is earlier or all(self.look(path) == state for path, state in earlier.seen.items())

    def _find(self, path: str) -> FileState:  # noqa: ARG002  the form of those that look
        return "not looked up"

    def changes(self, paths: Sequence[str]) -> LastChanges:  # noqa: ARG002  the form of those that ask git
        """The last commit of each path; nothing where no history is known."""
        return {}


class DatedFiles(RepositoryFiles):
    """The same files, with a history that is asked when an age is first wanted."""

    def __init__(self, files: RepositoryFiles, ask: Callable[[Sequence[str]], LastChanges]) -> None:
        super().__init__()
        self._files, self._ask = files, ask
        self._changes: dict[tuple[str, ...], LastChanges] = {}

    @property
    def seen(self) -> dict[str, FileState]:
        """What has been looked up so far."""
        return self._files.seen

    def look(self, path: str) -> FileState:
        """What a path leads to."""
        return self._files.look(path)

    def changes(self, paths: Sequence[str]) -> LastChanges:
        """The last commit of each path; asked once for the same paths."""
        key = tuple(paths)
        if key not in self._changes:
            self._changes[key] = self._ask(paths)
        return self._changes[key]

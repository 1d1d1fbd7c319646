"""The files of a commit or of the index, as evidence: whether they were there, and held anything."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from functools import cached_property

from ...model.snapshot.repository_files import FileState, LastChanges, RepositoryFiles
from ..disk.document import MOST_READ, state_of
from ..disk.paths import address_of
from ..disk.repository import GitProblem, Repository
from .git import git_at
from .last_changes import last_changes
from .tree import FILES, LINK, Blob, listed

MOST_LINKS = 40
"""So many are followed before it is a circle."""


class FilesOfCommit(RepositoryFiles):
    """The files of a commit; they are listed when the first one is looked up.

    Links are followed as long as they stay inside, as in the work tree.
    """

    def __init__(
        self, repository: Repository, commit: str, plan: str, environment: Mapping[str, str]
    ) -> None:
        super().__init__()
        self._repository = repository
        self._commit = commit
        self._plan = plan
        """The plan's folder from the top; empty where it is the top."""
        self._environment = environment

    @cached_property
    def _blobs(self) -> Mapping[str, Blob] | GitProblem:
        with git_at(self._repository, self._environment) as git:
            found = git if isinstance(git, GitProblem) else listed(git, self._commit, "")
        return found if isinstance(found, GitProblem) else {one.path: one for one in found}

    def changes(self, paths: Sequence[str]) -> LastChanges:
        """The last commit of each path up to this one; nothing of the index, which is no commit."""
        if not self._commit:
            return {}
        found = last_changes(self._repository, self._environment, paths, self._commit)
        return {} if isinstance(found, GitProblem) else found

    def _find(self, path: str) -> FileState:
        blobs = self._blobs
        if isinstance(blobs, GitProblem):
            return "not looked up"
        beside = self._plan.rpartition("/")[0]
        found = self._at(blobs, path)
        return self._at(blobs, f"{beside}/{path}") if found == "not there" and beside else found

    def _at(self, blobs: Mapping[str, Blob], path: str) -> FileState:
        real = self._followed(blobs, path)
        if real is None:
            return "outside the repository"
        one = blobs.get(real)
        if one is None:
            is_folder = any(name.startswith(f"{real}/") for name in blobs)
            return "not a file" if is_folder else "not there"
        if one.mode not in FILES:
            return "not a file"
        return "part of the plan" if self._is_record(real) else self._content(real, one)

    def _followed(self, blobs: Mapping[str, Blob], path: str) -> str | None:
        """Where a path leads through links; None where that is out of the repository, "" where it goes in circles."""
        for _ in range(MOST_LINKS):
            parts = path.split("/")
            steps = ("/".join(parts[: at + 1]) for at in range(len(parts)))
            link = next((one for one in steps if one in blobs and blobs[one].mode == LINK), None)
            if link is None:
                return path
            target = self._read(blobs[link]).decode("utf-8", "surrogateescape")
            path = posixpath.normpath(
                posixpath.join(posixpath.dirname(link), target) + path.removeprefix(link)
            )
            if path.startswith(("/", "../")) or path == "..":
                return None
        return ""

    def _is_record(self, path: str) -> bool:
        start = f"{self._plan}/" if self._plan else ""
        return path.startswith(start) and address_of(path.removeprefix(start)) is not None

    def _content(self, path: str, blob: Blob) -> FileState:
        """What a file holds; one that git does not have was not empty to it, and no one fetches files of the past."""
        if not 0 < blob.size <= MOST_READ:
            return "there" if blob.size else "empty"
        content = self._read(blob)
        found = state_of(path, content) if content else "there"
        return "there" if found == "not fetched" else found

    def _read(self, blob: Blob) -> bytes:
        """What a blob holds; nothing where git does not have it."""
        with git_at(self._repository, self._environment) as git:
            contents = git if isinstance(git, GitProblem) else git.contents([blob.id])
        return b"" if isinstance(contents, GitProblem) else contents.get(blob.id, b"")

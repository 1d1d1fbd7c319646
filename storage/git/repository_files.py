"""The files of a commit or of the index, as evidence: whether they were there, and held anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from ...model.snapshot.repository_files import FileState, LastChanges, RepositoryFiles
from ..disk.paths import address_of
from ..disk.repository import GitProblem, Repository
from ..disk.repository_files import MOST_BLANK, is_blank
from .git import git_at
from .last_changes import last_changes
from .tree import FILES, Blob, listed


class FilesOfCommit(RepositoryFiles):
    """The files of a commit; they are listed when the first one is looked up. Links are not followed."""

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
        one = blobs.get(path)
        if one is None:
            is_folder = any(name.startswith(f"{path}/") for name in blobs)
            return "not a file" if is_folder else "not there"
        if one.mode not in FILES:
            return "not a file"
        if self._is_record(path):
            return "part of the plan"
        return "empty" if self._is_blank(one) else "there"

    def _is_record(self, path: str) -> bool:
        start = f"{self._plan}/" if self._plan else ""
        return path.startswith(start) and address_of(path.removeprefix(start)) is not None

    def _is_blank(self, blob: Blob) -> bool:
        """Whether a file holds nothing; one that git does not have was not empty to it."""
        if not 0 < blob.size <= MOST_BLANK:
            return blob.size == 0
        with git_at(self._repository, self._environment) as git:
            contents = git if isinstance(git, GitProblem) else git.contents([blob.id])
        return not isinstance(contents, GitProblem) and all(map(is_blank, contents.values()))

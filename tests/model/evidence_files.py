"""Files around a plan that exist in a test only."""

from __future__ import annotations

from collections.abc import Mapping

from kedge.model.snapshot.repository_files import FileState, RepositoryFiles


class Files(RepositoryFiles):
    """Files with a state each; others are not there."""

    def __init__(self, states: Mapping[str, FileState] | None = None) -> None:
        super().__init__()
        self._states = states or {}

    def _find(self, path: str) -> FileState:
        return self._states.get(path, "not there")

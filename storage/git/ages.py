"""The ages of the files around a plan in a work tree, for what is worked out from it. Git is asked only when one is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...model.snapshot.repository_files import DatedFiles, LastChanges
from ...model.snapshot.snapshot import Snapshot
from ..disk.repository import GitProblem


def dated(snapshot: Snapshot, root: str, environment: Mapping[str, str]) -> Snapshot:
    """The snapshot of a work tree whose files know their ages; git is asked when one is wanted."""

    def ask(paths: Sequence[str]) -> LastChanges:
        # Most commands never ask.
        from .last_changes import last_changes

        found = last_changes(root, environment, paths)
        return {} if isinstance(found, GitProblem) else found

    return replace(snapshot, files=DatedFiles(snapshot.files, ask))

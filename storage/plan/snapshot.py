"""From what was read of a plan to the value that everything is worked out from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from ...model.plan.plan import Plan
from ...model.records.findings import Finding
from ...model.snapshot.repository_files import RepositoryFiles
from ...model.snapshot.snapshot import Snapshot
from .playbook import method_of
from .source_file import SourceFile


class Source(Protocol):
    """What a plan was read from: a workspace, or files that were read once."""

    @property
    def plan(self) -> Plan:
        """What could be read."""
        ...

    @property
    def files(self) -> Mapping[str, SourceFile]:
        """By path below the plan."""
        ...

    @property
    def strays(self) -> Iterable[Finding]:
        """Findings about files and folders that do not belong."""
        ...

    @property
    def repository_files(self) -> Callable[[], RepositoryFiles]:
        """The files around the plan as they are when this is called."""
        ...


def snapshot_of(
    source: Source, today: dt.date, faulty: Iterable[SourceFile] | None = None, revision: str = ""
) -> Snapshot:
    """The plan as it is, with what was wrong with its files; `faulty` are those with findings, where they are known.

    `revision` is where it was read from; empty for the work tree.
    """
    if faulty is None:
        faulty = [file for file in source.files.values() if file.findings or file.broken]
    findings = [*source.strays, *(one for file in faulty for one in file.findings)]
    return Snapshot(
        source.plan,
        method_of(source.files),
        today,
        tuple(sorted(findings, key=lambda one: one.sort_key)),
        frozenset(file.address for file in faulty if file.broken),
        revision=revision,
        files=source.repository_files(),
    )

"""Reading a plan: every file on its own, so that one mistake never hides the others.

Reading never raises for bad data. It gives the plan that could be read, and findings with file, line and column.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ...model.plan.plan import Plan
from ...model.records.address import Address
from ...model.records.base import Record
from ...model.records.findings import Finding
from ...model.records.kinds import FORMAT_VERSION
from ...model.snapshot.repository_files import RepositoryFiles
from ..disk.cache import Kept
from ..disk.fetch import Fetched, fetch
from ..disk.scan import Found, Stamp
from ..disk.source import Disk, Raw, Source
from .record_cache import revived
from .source_file import SourceFile

if TYPE_CHECKING:
    from .text_reader import TextReader


@dataclass(frozen=True)
class Loaded:
    """What was read: the plan, the files it came from, and what was found on the way."""

    plan: Plan
    files: Mapping[str, SourceFile] = field(default_factory=dict[str, SourceFile])
    """By path below the plan."""
    strays: tuple[Finding, ...] = ()
    """Findings about files and folders that do not belong."""
    repository_files: Callable[[], RepositoryFiles] = RepositoryFiles
    """The files around the plan as they are when this is called."""

    @property
    def findings(self) -> Iterator[Finding]:
        """Findings of reading, files first that do not belong."""
        yield from self.strays
        for file in self.files.values():
            yield from file.findings

    @property
    def read_only(self) -> bool:
        """Whether a newer kedge wrote this plan."""
        return self.plan.board.format > FORMAT_VERSION


def read_plan(source: str | Source, kinds: Iterable[str] | None = None) -> Loaded:
    """Reads a plan, or only its records of some kinds, from a folder of the disk or from elsewhere."""
    source = Disk(source) if isinstance(source, str) else source
    found, strays = source.files(kinds)
    reader = Reader()
    with resting_collector():
        made = {at: reader.made(found[at], raw) for at, raw in source.read(found)}
    records: dict[Address, Record] = {}
    files: dict[str, SourceFile] = {}
    for at, item in enumerate(found):
        files[item.path], record = reader.finished(*made[at])
        if record is not None:
            records[item.address] = record
    return Loaded(Plan(records), files, tuple(strays), source.repository_files)


@contextmanager
def resting_collector() -> Generator[None, None, None]:
    """Lets the garbage collector rest while many records are made: none of them is garbage.

    What was made is frozen, so that it need not be gone through afterwards either; records have no cycles.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()


def read_file(root: str, found: Found) -> tuple[SourceFile, Record | None]:
    """Reads one file; a file that cannot be read has findings and no record."""
    return Reader().read(found, fetch(root, found.path))


def understand(path: str, address: Address, mark: Stamp, content: bytes) -> tuple[SourceFile, Record | None]:
    """The record in a file's content, with a finding for everything that is wrong with it."""
    return Reader().read(Found(path, address), Fetched(mark, content))


class Reader:
    """Makes records of the files of a plan, from the cache or from their texts."""

    def read(self, found: Found, raw: Raw) -> tuple[SourceFile, Record | None]:
        """The file, with a finding for everything that is wrong with it, and its record if it has one."""
        return self.finished(*self.made(found, raw))

    def made(self, found: Found, raw: Raw) -> tuple[SourceFile, Record | None]:
        """The file and its record; where its values stand is looked up afterwards."""
        if isinstance(raw, Kept) and raw.made and (record := revived(found.address, raw.made)) is not None:
            return SourceFile(found.address, raw.stamp, raw.content), record
        return self._texts.made(found, raw)

    def finished(self, file: SourceFile, record: Record | None) -> tuple[SourceFile, Record | None]:
        """The file with the places of its findings."""
        return self._texts.located(file, record) if file.findings else (file, record)

    @cached_property
    def _texts(self) -> TextReader:
        from .text_reader import TextReader

        return TextReader()

"""Reading a plan: every file on its own, so that one mistake never hides the others.

Reading never raises for bad data. It gives the plan that could be read, and findings with file, line and column.
"""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ...model.plan.plan import Plan
from ...model.plan.unfit import CODE
from ...model.plan.validate import KnownKeys, build, is_clean, required_fields
from ...model.records.address import Address
from ...model.records.base import Record, with_unfit
from ...model.records.findings import Finding
from ...model.records.kinds import FORMAT_VERSION, record_model
from ..disk.cache import Kept
from ..disk.fetch import MAX_SIZE, Fetched, TooLarge, fetch
from ..disk.paths import PLAYBOOK
from ..disk.scan import NO_STAMP, Found, Stamp
from ..disk.source import Disk, Raw, Source
from ..toml.bounds import dense
from ..toml.parse import ParseFailure, parse
from . import file_findings as say
from .places import PlacesWithin
from .record_cache import revived
from .source_file import SourceFile

if TYPE_CHECKING:
    from ...model.plan.plain_forms import PlainForm


@dataclass(frozen=True)
class Loaded:
    """What was read: the plan, the files it came from, and what was found on the way."""

    plan: Plan
    files: Mapping[str, SourceFile] = field(default_factory=dict[str, SourceFile])
    """By path below the plan."""
    strays: tuple[Finding, ...] = ()
    """Findings about files and folders that do not belong."""

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
    return Loaded(Plan(records), files, tuple(strays))


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
    """Makes records of the files of a plan. What it looks up for all of them together is bounded."""

    def __init__(self) -> None:
        self._known = KnownKeys()
        self._places = PlacesWithin()
        self._dense = 0
        """Values in dense files so far."""

    def read(self, found: Found, raw: Raw) -> tuple[SourceFile, Record | None]:
        """The file, with a finding for everything that is wrong with it, and its record if it has one."""
        return self.finished(*self.made(found, raw))

    def made(self, found: Found, raw: Raw) -> tuple[SourceFile, Record | None]:
        """What is made of a file alone; where its values stand is looked up afterwards."""
        path, address = found
        if isinstance(raw, TooLarge):
            return _broken(address, NO_STAMP, b"", say.too_large(path, address))
        if isinstance(raw, OSError):
            return _broken(address, NO_STAMP, b"", say.not_read(path, address, raw))
        mark, content = raw.stamp, bytes(raw.content)
        if len(content) > MAX_SIZE:
            return _broken(address, mark, b"", say.too_large(path, address))
        if (values := dense(content)) > 0:
            self._dense += values
            if self._dense > say.MOST_VALUES:
                return _broken(address, mark, content, say.beyond(path, address))
        if isinstance(raw, Kept) and raw.made and (record := revived(address, raw.made)) is not None:
            return SourceFile(address, raw.stamp, raw.content), record
        data = parse(content)
        if not isinstance(data, ParseFailure) and b"<<<<<<<" in content:
            data = say.hidden_conflict(content) or data
        if isinstance(data, ParseFailure):
            return _broken(address, mark, content, say.syntax_finding(path, address, data))
        if address == PLAYBOOK:
            return SourceFile(address, mark, content), None
        if not content.strip() and required_fields(record_model(address.kind)):
            return _broken(address, mark, content, say.empty(path, address))
        return self._record(found, mark, content, data)

    def _record(
        self, found: Found, mark: Stamp, content: bytes, data: dict[str, Any]
    ) -> tuple[SourceFile, Record | None]:
        path, address = found
        record = _quick(address, data)
        findings: tuple[Finding, ...] = ()
        forms: tuple[PlainForm, ...] = ()
        unfit: tuple[Finding, ...] = ()
        if record is None:
            place = (address.kind, address.project, address.id)
            record, problems = build(*place, data, self._known)
            if any(one.code == CODE for one in problems):
                from ...model.plan.plain_forms import read as read_plainly

                record, problems, forms = read_plainly(*place, data, self._known)
            findings = tuple(say.value_findings(path, address, problems, forms))
            unfit = tuple(say.value_finding(path, address, one) for one in problems if one.code == CODE)
        if address.kind == "board" or say.may_be_newer(content):
            findings += tuple(say.format_findings(path, address, content, data))
        return SourceFile(address, mark, content, findings, plain_forms=forms, unfit=unfit), record

    def finished(self, file: SourceFile, record: Record | None) -> tuple[SourceFile, Record | None]:
        """The file with its findings at the line and column of the value (where that is missing, of its table)."""
        if not file.findings or file.broken or all(one.line for one in (*file.findings, *file.unfit)):
            return file, record
        found_at = list(self._places.located(file.content, (*file.findings, *file.unfit), file.plain_forms))
        count = len(file.findings)
        file = file._replace(findings=tuple(found_at[:count]), unfit=tuple(found_at[count:]))
        return file, with_unfit(record, file.unfit) if record is not None else None


def _broken(address: Address, mark: Stamp, content: bytes, finding: Finding) -> tuple[SourceFile, None]:
    """A file of which nothing could be read."""
    return SourceFile(address, mark, content, (finding,), broken=True), None


def _quick(address: Address, data: dict[str, Any]) -> Record | None:
    """The record where all values fit, which is nearly always; None where they have to be looked at one by one."""
    model = record_model(address.kind)
    if "id" in data or "project" in data:
        return None
    try:
        record = model.__pydantic_validator__.validate_python(
            {**data, "id": address.id, "project": address.project}
        )
    except ValueError:
        return None
    return record if is_clean(record) else None

"""From the text of a file to its record, with a finding for everything that is wrong in it.

A file whose record comes from the cache needs none of this, so that it is imported for other files only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...model.plan.unfit import CODE
from ...model.plan.validate import KnownKeys, build, is_clean, required_fields
from ...model.records.address import Address
from ...model.records.base import Record, with_unfit
from ...model.records.findings import Finding
from ...model.records.kinds import record_model
from ..disk.fetch import MAX_SIZE, TooLarge
from ..disk.paths import PLAYBOOK
from ..disk.scan import NO_STAMP, Found, Stamp
from ..disk.source import Raw
from ..toml.bounds import dense
from ..toml.parse import ParseFailure, parse
from . import file_findings as say
from .places import PlacesWithin
from .source_file import SourceFile

if TYPE_CHECKING:
    from ...model.plan.plain_forms import PlainForm


class TextReader:
    """Makes records of the texts of a plan. What it looks up for all of them together is bounded."""

    def __init__(self) -> None:
        self._known = KnownKeys()
        self._places = PlacesWithin()
        self._dense = 0
        """Values in dense files so far."""

    def made(self, found: Found, raw: Raw) -> tuple[SourceFile, Record | None]:
        """The file and its record; where its values stand is looked up afterwards."""
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

    def located(self, file: SourceFile, record: Record | None) -> tuple[SourceFile, Record | None]:
        """The file with its findings at the line and column of the value (where that is missing, of its table)."""
        if file.broken or all(one.line for one in (*file.findings, *file.unfit)):
            return file, record
        found = list(self._places.located(file.content, (*file.findings, *file.unfit), file.plain_forms))
        count = len(file.findings)
        file = file._replace(findings=tuple(found[:count]), unfit=tuple(found[count:]))
        return file, with_unfit(record, file.unfit) if record is not None else None


def _broken(address: Address, mark: Stamp, content: bytes, finding: Finding) -> tuple[SourceFile, None]:
    """A file of which nothing could be read."""
    return SourceFile(address, mark, content, (finding,), broken=True), None


def _quick(address: Address, data: dict[str, Any]) -> Record | None:
    """The record if all its values fit, as nearly all do; None if each has to be checked by itself."""
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

"""Reading a plan: every file on its own, so that one mistake never hides the others.

Reading never raises for bad data. It gives the plan that could be read, and findings with file, line and column.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from ...model.plan.plan import Plan
from ...model.plan.unfit import CODE
from ...model.plan.validate import KnownKeys, Problem, build, is_clean, required_fields
from ...model.records.address import Address
from ...model.records.base import Record, with_unfit
from ...model.records.findings import Finding, Severity, first_of_each, more
from ...model.records.kinds import FORMAT_VERSION, record_model
from ..disk.paths import PLAYBOOK
from ..disk.prefetch import MAX_SIZE, Fetched, NotFetched, TooLarge, fetch, parsed
from ..disk.scan import NO_STAMP, Found, Stamp
from ..disk.source import Disk, Source
from ..toml.parse import ParseFailure, conflicts, newer_syntax

if TYPE_CHECKING:
    from ...model.plan.plain_forms import PlainForm

MOST_VALUES = 150_000
"""Values in the dense files of a plan together: rules take time for each, and a portfolio has a tenth of that."""
FEW_VALUES = 64
"""Values of any file that are not counted: cards and most other records have fewer."""
PROSE = 20
"""Bytes for which one comma or equals sign is not counted: notes have commas too."""
_FORM = "F130"
"""The code of findings about a field written in another form."""
_FETCH = "git log -p -- plan fetches what is missing"


class SourceFile(NamedTuple):
    """A file as it was read."""

    address: Address
    stamp: Stamp
    content: bytes
    findings: tuple[Finding, ...] = ()
    broken: bool = False
    """Whether nothing could be read from it; it is then never written to."""
    plain_forms: tuple[PlainForm, ...] = ()
    """Fields written in another form than the format's, and read for what they plainly mean; outermost first."""
    unfit: tuple[Finding, ...] = ()
    """All values that could not be understood: they are written over by nothing."""


@dataclass(frozen=True)
class Loaded:
    """What was read: the plan, the files it came from, and what was found on the way."""

    plan: Plan
    files: Mapping[str, SourceFile] = field(default_factory=dict)
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
    known = KnownKeys()
    with resting_collector():
        made = {at: _made(found[at], raw, known) for at, raw in source.read(found)}
    records: dict[Address, Record] = {}
    files: dict[str, SourceFile] = {}
    places = PlacesWithin()
    dense = 0
    for at, item in enumerate(found):
        file, record = made[at]
        if (values := _dense(file.content)) > 0:
            dense += values
            if dense > MOST_VALUES:
                file, record = _beyond(item, file), None
        files[item.path], record = _with_lines(file, record, places)
        if record is not None:
            records[item.address] = record
    return Loaded(Plan(records), files, tuple(strays))


@contextmanager
def resting_collector() -> Iterator[None]:
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
    return _with_lines(*_made(found, fetch(root, found.path), KnownKeys()), PlacesWithin())


def understand(path: str, address: Address, mark: Stamp, content: bytes) -> tuple[SourceFile, Record | None]:
    """The record in a file's content, with a finding for everything that is wrong with it."""
    made = _made(Found(path, address), Fetched(mark, content, parsed(content)), KnownKeys())
    return _with_lines(*made, PlacesWithin())


def _made(found: Found, raw: Fetched | OSError, known: KnownKeys) -> tuple[SourceFile, Record | None]:
    """What is made of a file as it lies on the disk; where its values stand is looked up afterwards."""
    path, address = found
    if isinstance(raw, TooLarge):
        return SourceFile(address, NO_STAMP, b"", (_too_large(path, address),), broken=True), None
    if isinstance(raw, OSError):
        finding = Finding(
            "F110",
            "error",
            f"cannot be read: {raw.strerror}",
            address,
            file=path,
            hint=_FETCH if isinstance(raw, NotFetched) else "check its permissions",
        )
        return SourceFile(address, NO_STAMP, b"", (finding,), broken=True), None
    mark, content, data = raw
    if len(content) > MAX_SIZE:
        return SourceFile(address, mark, b"", (_too_large(path, address),), broken=True), None
    if not isinstance(data, ParseFailure) and b"<<<<<<<" in content:
        data = _hidden_conflict(content) or data
    if isinstance(data, ParseFailure):
        return SourceFile(address, mark, content, (_syntax_finding(path, address, data),), broken=True), None
    if address == PLAYBOOK:
        return SourceFile(address, mark, content), None
    if not content.strip() and required_fields(record_model(address.kind)):
        return SourceFile(address, mark, content, (_empty(path, address),), broken=True), None
    record = _quick(address, data)
    findings: tuple[Finding, ...] = ()
    forms: tuple[PlainForm, ...] = ()
    unfit: tuple[Finding, ...] = ()
    if record is None:
        record, problems = build(address.kind, address.project, address.id, data, known)
        if any(one.code == CODE for one in problems):
            from ...model.plan.plain_forms import read as read_plainly

            record, problems, forms = read_plainly(address.kind, address.project, address.id, data, known)
        findings = tuple(_value_findings(path, address, problems, forms))
        unfit = tuple(_value_finding(path, address, one) for one in problems if one.code == CODE)
    newer = _newer(content)
    if newer or address.kind == "board":
        findings += tuple(_format_findings(path, address, content, data, newer))
    return SourceFile(address, mark, content, findings, plain_forms=forms, unfit=unfit), record


def _dense(content: bytes) -> int:
    """How many more values a file has than people write; counted as cheaply as can be."""
    values = content.count(b",") + content.count(b"=")
    return values - max(FEW_VALUES, len(content) // PROSE)


def _beyond(found: Found, file: SourceFile) -> SourceFile:
    message = f"the densest files of this plan have more than {MOST_VALUES:,} values; this one is not read"
    hint = "it is never written to; move part of the plan to one of its own"
    finding = Finding("F108", "error", message, found.address, (), hint, found.path, 1, 1)
    return SourceFile(file.address, file.stamp, file.content, (finding,), broken=True)


def _too_large(path: str, address: Address) -> Finding:
    message, hint = f"larger than {MAX_SIZE:,} bytes", "move long text to a file of its own"
    return Finding("F108", "error", message, address, file=path, hint=hint)


def _empty(path: str, address: Address) -> Finding:
    hint = "kedge edit writes it, git restore brings back what was committed; else remove the file"
    return Finding("F107", "error", "the file is empty", address, (), hint, path, 1, 1)


def _hidden_conflict(content: bytes) -> ParseFailure | None:
    """Markers of git inside a text of several lines, where TOML sees nothing wrong."""
    for first, last in conflicts(content.decode("utf-8-sig")):
        message = f"an unresolved merge conflict stands in lines {first} to {last}"
        return ParseFailure(first, 1, message, conflict=(first, last))
    return None


def _syntax_finding(path: str, address: Address, failure: ParseFailure) -> Finding:
    code, message, hint = "F101", failure.message, "mend it in an editor; until then nothing is written to it"
    if message == "illegal character '\\n'":
        message, hint = (
            "a text in quotes is not closed on its line",
            "close the quote; until then nothing is written to it",
        )
    if failure.conflict is not None:
        code = "F102"
        hint = "keep one of the two sides and remove the lines with <<<<<<<, ======= and >>>>>>>"
    elif message.startswith("not UTF-8"):
        code, hint = "F103", "save it as UTF-8"
    elif failure.lines:
        code, hint = "F115", "keep one of them"
    elif failure.too_much:
        code, hint = "F108", "it is not read and never written to; move part of it to a file outside the plan"
    return Finding(code, "error", message, address, (), hint, path, failure.line, failure.column)


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


def _newer(content: bytes) -> bool:
    """Whether a file may hold syntax of TOML 1.1; a cheap look that only ever errs towards yes."""
    return b"{\n" in content or (b"\\" in content and (b"\\e" in content or b"\\x" in content))


def _format_findings(
    path: str, address: Address, content: bytes, data: dict[str, Any], newer: bool
) -> Iterator[Finding]:
    if newer:
        for line, column, what in newer_syntax(content.decode("utf-8-sig")):
            yield Finding(
                "F116",
                "warning",
                f"{what} is TOML 1.1, which other tools do not read yet",
                address,
                file=path,
                line=line,
                column=column,
                hint="write it the TOML 1.0 way; kedge fmt does that",
            )
    version = data.get("format")
    if address.kind != "board" or not isinstance(version, int) or version == FORMAT_VERSION or version < 0:
        return
    if version > FORMAT_VERSION:
        code, hint = "F113", "it can be read here, not written; install a newer kedge"
    else:
        code, hint = "F114", f"no kedge ever wrote that format: write format = {FORMAT_VERSION}"
    message = f"the plan has format {version}; this kedge writes format {FORMAT_VERSION}"
    line, column = Places(content)(("format",))
    yield Finding(code, "error", message, address, ("format",), hint, path, line, column)


def _value_findings(
    path: str, address: Address, problems: list[Problem], forms: tuple[PlainForm, ...]
) -> Iterator[Finding]:
    for form in forms:
        message = f"{'.'.join(form.path)} is {form.was}, read as {form.form}"
        hint = "kedge fmt writes it in that form, and so does the next edit of it"
        yield Finding(_FORM, "warning", message, address, form.path, hint, path)
    listed, rest = first_of_each((one for one in problems if not one.others), lambda problem: problem.code)
    rest += ((one, one.others) for one in problems if one.others)
    for one in listed:
        yield _value_finding(path, address, one)
    for one, count in rest:
        yield more(_value_finding(path, address, one), count)


def _value_finding(path: str, address: Address, problem: Problem) -> Finding:
    severity: Severity = "warning" if problem.code in ("F105", "F106") else "error"
    return Finding(problem.code, severity, problem.message, address, problem.path, problem.hint, path)


def _with_lines(
    file: SourceFile, record: Record | None, places: PlacesWithin
) -> tuple[SourceFile, Record | None]:
    """Findings at the line and column of the value (where it is missing, of the table around it)."""
    if file.broken or all(one.line for one in (*file.findings, *file.unfit)):
        return file, record
    found = list(places.located(file.content, (*file.findings, *file.unfit), file.plain_forms))
    count = len(file.findings)
    file = file._replace(findings=tuple(found[:count]), unfit=tuple(found[count:]))
    return file, with_unfit(record, file.unfit) if record is not None else None


class Places:
    """Where the fields of one file stand in its text."""

    def __init__(self, content: bytes) -> None:
        from ..toml.scan import Document

        self._document = Document(content.decode("utf-8-sig"))

    def __call__(self, path: tuple[str | int, ...], *, of_value: bool = False) -> tuple[int, int]:
        """Line and column of a field's key (or its value), or of the nearest thing around it; from 1."""
        span = self._document.span(path) if of_value else None
        return self._document.position(span[0]) if span else self._document.where(path) or (1, 1)


class PlacesWithin:
    """Places for the findings of many files, as long as that takes no more than a second or two.

    In a plan whose files hold millions of items, the findings of the later ones have a file, but no line.
    """

    MOST = 100_000
    """Items, keys, tables and groups of lines that are looked at in all."""

    def __init__(self) -> None:
        self._left = self.MOST

    def located(
        self, content: bytes, findings: Iterable[Finding], forms: Sequence[PlainForm] = ()
    ) -> Iterator[Finding]:
        """Findings about one file with line and column; those that have theirs, or are a mere number, as they are."""
        self._left -= sum(map(content.count, (b",", b"[", b"{", b".", b"="))) + content.count(b"\n") // 8
        where = Places(content) if self._left >= 0 else None
        for one in findings:
            if one.line or one.count > 1 or where is None:
                yield one
            else:
                at = one.field
                for form in reversed(forms) if one.code != _FORM else ():
                    at = form.written(at)
                line, column = where(at, of_value=one.code == CODE)
                yield replace(one, line=line, column=column)

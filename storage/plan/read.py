"""Reading a plan: every file on its own, so that one mistake never hides the others.

Reading never raises for bad data. It gives the plan that could be read, and findings with file, line and column.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ...model.plan.findings import Finding, Severity
from ...model.plan.plan import Plan
from ...model.plan.validate import Problem, build, is_clean
from ...model.records.address import Address
from ...model.records.base import Record
from ...model.records.kinds import FORMAT_VERSION, record_model
from ..disk.paths import PLAYBOOK
from ..disk.prefetch import MAX_SIZE, Ahead, Fetched, fetch, fetched, parsed
from ..disk.scan import NO_STAMP, Found, Stamp, scan
from ..toml.parse import ParseFailure, conflicts, newer_syntax


class SourceFile(NamedTuple):
    """A file as it was read."""

    address: Address
    stamp: Stamp
    content: bytes
    findings: tuple[Finding, ...] = ()
    broken: bool = False
    """Whether nothing could be read from it; it is then never written to."""


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


def read_plan(root: str, kinds: Iterable[str] | None = None, ahead: Ahead | None = None) -> Loaded:
    """Reads a plan, or only its records of some kinds; what of the whole plan was read ahead need not be again."""
    found, strays = (ahead.listing() if ahead is not None else None) or scan(root, kinds)
    with resting_collector():
        made = {at: _made(found[at], raw) for at, raw in fetched(root, found, ahead)}
    records: dict[Address, Record] = {}
    files: dict[str, SourceFile] = {}
    for at, item in enumerate(found):
        files[item.path], record = made[at]
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
    return _made(found, fetch(root, found.path))


def understand(path: str, address: Address, mark: Stamp, content: bytes) -> tuple[SourceFile, Record | None]:
    """The record in a file's content, with a finding for everything that is wrong with it."""
    return _made(Found(path, address), Fetched(mark, content, parsed(content)))


def _made(found: Found, raw: Fetched | OSError) -> tuple[SourceFile, Record | None]:
    """What is made of a file as it lies on the disk."""
    path, address = found
    if isinstance(raw, OSError):
        finding = Finding(
            "F110",
            "error",
            f"cannot be read: {raw.strerror}",
            address,
            file=path,
            hint="check its permissions",
        )
        return SourceFile(address, NO_STAMP, b"", (finding,), broken=True), None
    mark, content, data = raw
    if len(content) > MAX_SIZE:
        problem = Finding(
            "F108",
            "error",
            f"larger than {MAX_SIZE:,} bytes",
            address,
            file=path,
            hint="move long text to a file of its own",
        )
        return SourceFile(address, mark, content[:0], (problem,), broken=True), None
    if not isinstance(data, ParseFailure) and b"<<<<<<<" in content:
        data = _hidden_conflict(content) or data
    if isinstance(data, ParseFailure):
        return SourceFile(address, mark, content, (_syntax_finding(path, address, data),), broken=True), None
    if address == PLAYBOOK:
        return SourceFile(address, mark, content), None
    record = _quick(address, data)
    findings: tuple[Finding, ...] = ()
    if record is None:
        record, problems = build(address.kind, address.project, address.id, data)
        findings = tuple(_located(path, address, content, problems))
    newer = _newer(content)
    if newer or address.kind == "board":
        findings += tuple(_format_findings(path, address, content, data, newer))
    return SourceFile(address, mark, content, findings), record


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


def _located(path: str, address: Address, content: bytes, problems: list[Problem]) -> Iterator[Finding]:
    """Findings at the line and column of the value (or, where it is missing, of the table around it)."""
    where = Places(content)
    for problem in problems:
        line, column = where(problem.path, of_value=problem.code == "F104")
        severity: Severity = "warning" if problem.code in ("F105", "F106") else "error"
        yield Finding(
            problem.code, severity, problem.message, address, problem.path, problem.hint, path, line, column
        )


class Places:
    """Where the fields of one file stand in its text."""

    def __init__(self, content: bytes) -> None:
        from ..toml.scan import Document

        self._document = Document(content.decode("utf-8-sig"))

    def __call__(self, path: tuple[str | int, ...], *, of_value: bool = False) -> tuple[int, int]:
        """Line and column of a field's key (or its value), or of the nearest thing around it; from 1."""
        span = self._document.span(path) if of_value else None
        return self._document.position(span[0]) if span else self._document.where(path) or (1, 1)

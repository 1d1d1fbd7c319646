"""What is wrong with a file and its values, as findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...model.plan.validate import Problem
from ...model.records.address import Address
from ...model.records.findings import MOST, Finding, Severity, first_of_each, more
from ...model.records.kinds import FORMAT_VERSION
from ..disk.fetch import MAX_SIZE, NotFetched
from ..toml.parse import ParseFailure, conflicts, newer_syntax
from .places import FORM, Places

if TYPE_CHECKING:
    from ...model.plan.plain_forms import PlainForm

MOST_VALUES = 60_000
"""Values in the dense files of a plan together: rules take time for each, and a portfolio has a fraction of that."""
_FETCH = "kedge git fetch gets all of the plan that is missing"


def beyond(path: str, address: Address) -> Finding:
    """A dense file that is one too many."""
    message = f"the densest files of this plan have more than {MOST_VALUES:,} values; this one is not read"
    hint = "it is never written to; move part of the plan to one of its own"
    return Finding("F108", "error", message, address, (), hint, path, 1, 1)


def not_read(path: str, address: Address, error: OSError) -> Finding:
    """A file that the system does not give."""
    hint = _FETCH if isinstance(error, NotFetched) else "check its permissions"
    return Finding("F110", "error", f"cannot be read: {error.strerror}", address, file=path, hint=hint)


def too_large(path: str, address: Address) -> Finding:
    """A file with more bytes than are read."""
    message, hint = f"larger than {MAX_SIZE:,} bytes", "move long text to a file of its own"
    return Finding("F108", "error", message, address, file=path, hint=hint)


def empty(path: str, address: Address) -> Finding:
    """A file without anything in it."""
    hint = "kedge edit writes it, git restore brings back what was committed; else remove the file"
    return Finding("F107", "error", "the file is empty", address, (), hint, path, 1, 1)


def hidden_conflict(content: bytes) -> ParseFailure | None:
    """Markers of git inside a text of several lines, where TOML sees nothing wrong."""
    for first, last in conflicts(content.decode("utf-8-sig")):
        message = f"an unresolved merge conflict is in lines {first} to {last}"
        return ParseFailure(first, 1, message, conflict=(first, last))
    return None


def syntax_finding(path: str, address: Address, failure: ParseFailure) -> Finding:
    """A file that is no TOML."""
    code, message, hint = (
        "F101",
        failure.message,
        "correct it in an editor; until then nothing is written to it",
    )
    if message == "illegal character '\\n'":
        message, hint = (
            "a text in quotes is not closed on its line",
            "close the quote; until then nothing is written to it",
        )
    if failure.conflict is not None:
        code = "F102"
        hint = "kedge resolve settles it field by field (on the board: S); or keep one of the two sides in an editor"
    elif message.startswith("not UTF-8"):
        code, hint = "F103", "save it as UTF-8"
    elif failure.lines:
        code, hint = "F115", "keep one of them"
    elif failure.too_much:
        code, hint = "F108", "it is not read and never written to; move part of it to a file outside the plan"
    return Finding(code, "error", message, address, (), hint, path, failure.line, failure.column)


def may_be_newer(content: bytes) -> bool:
    """Whether a file may hold syntax of TOML 1.1; a cheap look that only ever errs towards yes."""
    return b"{\n" in content or (b"\\" in content and (b"\\e" in content or b"\\x" in content))


def format_findings(path: str, address: Address, content: bytes, data: dict[str, Any]) -> Iterator[Finding]:
    """Syntax of TOML 1.1, and another format of the plan."""
    if may_be_newer(content):
        found = newer_syntax(content.decode("utf-8-sig"))
        hint = "write it the TOML 1.0 way; kedge fmt does that"
        for line, column, what in found[:MOST]:
            message = f"{what} is TOML 1.1, which other tools do not read yet"
            yield Finding("F116", "warning", message, address, (), hint, path, line, column)
        if len(found) > MOST:
            yield more(Finding("F116", "warning", "", address, file=path), len(found) - MOST)
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


def value_findings(
    path: str, address: Address, problems: list[Problem], forms: tuple[PlainForm, ...]
) -> Iterator[Finding]:
    """Values in another form, values that do not fit, keys that no model knows."""
    for form in forms:
        message = f"{'.'.join(form.path)} is {form.was}, read as {form.form}"
        hint = "kedge fmt writes it in that form, and so does the next edit of it"
        yield Finding(FORM, "warning", message, address, form.path, hint, path)
    listed, rest = first_of_each((one for one in problems if not one.others), lambda problem: problem.code)
    for one in listed:
        yield value_finding(path, address, one)
    counted: dict[str, tuple[Problem, int]] = {}
    for one, count in (*rest, *((one, one.others) for one in problems if one.others)):
        counted[one.code] = (one, counted.get(one.code, (one, 0))[1] + count)
    for one, count in counted.values():
        yield more(value_finding(path, address, one), count)


def value_finding(path: str, address: Address, problem: Problem) -> Finding:
    """A problem with one value, in its file."""
    severity: Severity = "warning" if problem.code in ("F105", "F106") else "error"
    return Finding(problem.code, severity, problem.message, address, problem.path, problem.hint, path)

"""Reading TOML text, with errors as values that say where and what, and in which lines to look."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import tomli

from .bounds import DEEPEST, TOKEN, too_deep, too_much
from .layout import Path
from .scan import BOM, ELEMENT, INLINE, PAIR, SCALAR, Document, ScanError, Statement, Value, key_parts
from .values import PatchRefused, show

_CONFLICT = re.compile(r"^(?:(?P<open><{7})(?: .*)?|(?P<close>>{7})(?: .*)?)\r?$", re.MULTILINE)
_NEW_ESCAPE = re.compile(r"(?:[^\\]|\\[^ex])*?(\\e|\\x)", re.DOTALL)
_NO_SECONDS = re.compile(r"(?:\d{4}-\d\d-\d\d[Tt ])?\d\d:\d\d(?:[Zz]|[+-]\d\d:\d\d)?")


@dataclass(frozen=True, slots=True)
class ParseFailure:
    """Why a text could not be read. Lines and columns count from 1, columns in code points.

    `conflict` is the first and last line that git's conflict markers enclose; `lines` are further lines that
    the message is about (where the same key stood before). `too_much` is set where the text may be TOML, and holds
    more than is read.
    """

    line: int
    column: int
    message: str
    lines: tuple[int, ...] = ()
    conflict: tuple[int, int] | None = None
    too_much: bool = False


def load(text: str) -> dict[str, Any]:
    """The data of a TOML text that is to be changed. Raises PatchRefused where it is none."""
    try:
        return tomli.loads(text.removeprefix(BOM))
    except (ValueError, RecursionError) as error:
        raise PatchRefused(f"the text is not TOML: {error}") from None


def parse(source: str | bytes) -> dict[str, Any] | ParseFailure:
    """The data of a TOML text, or why it could not be read."""
    if isinstance(source, bytes):
        try:
            source = source.decode()
        except UnicodeDecodeError as error:
            good = source[: error.start].decode()
            line, column = _position(good.removeprefix(BOM), len(good.removeprefix(BOM)))
            return ParseFailure(
                line, column, f"not UTF-8: the byte 0x{source[error.start]:02x} begins no character"
            )
    text = source.removeprefix(BOM)
    if found := too_much(text):
        return ParseFailure(*_position(text, found[0]), found[1], too_much=True)
    try:
        data = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        # The parser counts in text with LF line ends; lines and columns are the same in ours, offsets not.
        return _explained(text.replace("\r\n", "\n"), error.msg, error.pos)
    except RecursionError:
        return ParseFailure(
            1, 1, f"arrays or tables are nested more than {DEEPEST} levels deep", too_much=True
        )
    except ValueError as error:
        return ParseFailure(1, 1, f"a number is too long to read: {error}")
    why = too_deep(data)
    return ParseFailure(1, 1, why, too_much=True) if why else data


def conflicts(text: str) -> list[tuple[int, int]]:
    """The ranges of lines between git's conflict markers, markers included."""
    ranges: list[tuple[int, int]] = []
    opened = None
    for mark in _CONFLICT.finditer(text.removeprefix(BOM)):
        line = text.removeprefix(BOM).count("\n", 0, mark.start()) + 1
        if mark["open"]:
            opened = opened or line
        elif opened:
            ranges.append((opened, line))
            opened = None
    return ranges


def _position(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _explained(text: str, message: str, offset: int) -> ParseFailure:
    line, column = _position(text, offset)
    if ranges := conflicts(text):
        first, last = ranges[0]
        said = f"an unresolved merge conflict is in lines {first} to {last}"
        return ParseFailure(first, 1, said, conflict=(first, last))
    for token in TOKEN.finditer(text):
        if token.lastgroup:
            quotes = text[token.start() : token.start() + 3]
            line, column = _position(text, token.start())
            return ParseFailure(line, column, f"a text that begins with {quotes} is never closed")
    if message.startswith(("Cannot ", "Duplicate ")):
        return _twice(text, message, offset) or ParseFailure(line, column, message)
    return ParseFailure(line, column, message[:1].lower() + message[1:])


def _twice(text: str, message: str, offset: int) -> ParseFailure | None:
    """The failure for a key or table that is there before, with both lines; None if they are not found."""
    end = text.find("\n", offset)
    document = Document("")
    document.text = text if end < 0 else text[: end + 1]
    try:
        document.scan()
    except (ScanError, RecursionError):
        return None
    # The parser stops at the end of the statement that fails, or just in front of the rest of its line.
    until = [statement for statement in document.statements if statement.start <= offset]
    if not until:
        return None
    last = until[-1]
    if message.startswith("Duplicate "):
        line, column = document.position(last.key_start)
        return ParseFailure(line, column, "a key is there twice in an inline table")
    path = last.path
    line, column = document.position(last.key_start)
    for earlier in until[:-1]:
        if _clash(earlier, last, path):
            before = document.position(earlier.key_start)[0]
            what = "a key" if last.kind == PAIR else "a table"
            said = f"{show(path)} is {what} that is there already: it is in lines {before} and {line}"
            return ParseFailure(line, column, said, lines=(before,))
    return None


def _clash(earlier: Statement, last: Statement, path: Path) -> bool:
    if earlier.path == path:
        return True
    names = tuple(part for part in path if isinstance(part, str))
    before = tuple(part for part in earlier.path if isinstance(part, str))
    if last.kind == PAIR:
        return before == names or (earlier.kind == PAIR and names[: len(before)] == before)
    if last.kind == ELEMENT or earlier.kind == PAIR:
        return before[: len(names)] == names or names[: len(before)] == before
    return before == names


_MAY_BE_NEWER = re.compile(r"[\\:{]")
"""An escape, a time or an inline table: without one of them there is nothing to look for."""


def newer_syntax(text: str) -> list[tuple[int, int, str]]:
    """(line, column, what) of all that only TOML 1.1 allows, in a text that `parse` has read."""
    document = Document(text)
    found: list[tuple[int, str]] = []
    for statement in document.statements:
        found += _in_key(document.text, statement.key_start)
        if statement.value is not None:
            found += _in_value(document.text, statement.value)
    return [(*document.position(offset), what) for offset, what in sorted(found)]


def newer_in_value(text: str, value: Value) -> bool:
    """Whether a value of a text uses anything that only TOML 1.1 allows."""
    may_be = _MAY_BE_NEWER.search(text, value.start, value.end)
    return may_be is not None and bool(_in_value(text, value))


def _in_key(text: str, pos: int) -> list[tuple[int, str]]:
    return [hit for start, end in key_parts(text, pos) for hit in _in_scalar(text, start, end)]


def _in_scalar(text: str, start: int, end: int) -> list[tuple[int, str]]:
    if text[start] == '"':
        hit = _NEW_ESCAPE.match(text, start, end)
        return [(hit.start(1), f"the escape {hit[1]}")] if hit else []
    if _NO_SECONDS.fullmatch(text, start, end):
        return [(start, "a time without seconds")]
    return []


def _in_value(text: str, value: Value) -> list[tuple[int, str]]:
    if value.kind == SCALAR:
        return _in_scalar(text, value.start, value.end)
    found: list[tuple[int, str]] = []
    for entry in value.children:
        if value.kind == INLINE:
            found += _in_key(text, entry.start)
        found += _in_value(text, entry.value)
    if value.kind == INLINE:
        if value.children and value.children[-1].comma >= 0:
            found.append((value.children[-1].comma, "a comma after an inline table's last pair"))
        # A line may end within a value, but not between two of them.
        starts = [*(entry.value.start for entry in value.children), value.end]
        ends = [value.start + 1, *(entry.value.end for entry in value.children)]
        gaps = (text.find("\n", end, start) for end, start in zip(ends, starts, strict=True))
        found += [(gap, "a line end inside an inline table") for gap in gaps if gap >= 0][:1]
    return found

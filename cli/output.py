"""Everything that is printed goes through here: data to stdout, talk to stderr.

Text from plan files is made visible on its way out, so that no file can write to the terminal. Tables are made
by hand, because the library that draws them would cost a listing more than its data does; it is asked only for
the width of characters outside ASCII.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ..model.text.visible import one_line, visible
from .settings import Settings

ENVELOPE = 1
"""Version of the envelope around all data for programs."""

_RUNNERS = ("GITHUB_ACTIONS", "TF_BUILD")
_COMMAND = re.compile(r"^([^\S\n]*):(?=:)|#(?=#(?:vso)?\[)", re.MULTILINE)
"""What GitHub's and Azure's runners take for a command in the output of a step."""
_FORMULA = re.compile(r"[=+\-@\t\r](?!\d+(?:\.\d+)?$)")
_LINE = 100
"""Cells of a line that says what was done, on every machine the same."""
_GAP = re.compile(r"^ +|\S  +")
_NARROW, _AMPLE = 16, 40
"""Cells that a column keeps which gives way to the others, and those that it keeps while others can go."""


class ClosedPipe(Exception):
    """Whoever read our output has gone: nothing is wrong."""


class OutputFailed(Exception):
    """The output could not be written where the person sent it."""


@dataclass
class Run:
    """What this run has done so far that its last words depend on."""

    has_written: bool = False
    """Whether the plan was changed: a failure afterwards must not pass for a change that was not made."""
    broken: object = None
    """The stream that failed. It is kept, since it would write again what it could not when it is let go."""


RUN = Run()


@contextmanager
def guarded() -> Iterator[None]:
    """Around what writes to stdout. Raises ClosedPipe or OutputFailed, and then nothing more is written there."""
    try:
        yield
    except OSError as error:
        RUN.broken, sys.stdout = sys.stdout, io.StringIO()
        if isinstance(error, BrokenPipeError):
            raise ClosedPipe from error
        raise OutputFailed(f"cannot write the output: {error.strerror}") from error


def write(text: str) -> None:
    """Writes text to stdout as it is. Raises ClosedPipe or OutputFailed."""
    with guarded():
        sys.stdout.write(text)
        sys.stdout.flush()


def lines(texts: Iterable[str]) -> None:
    """Writes texts, a line each, with control characters made visible, broken at words in a narrow terminal."""
    write(in_log("".join(f"{row}\n" for text in texts for row in fitted(visible(text)))))


def fitted(line: str) -> list[str]:
    """A line broken between words where the terminal is narrower; what follows begins below the line's last column.

    Columns are two blanks apart. A file or a program gets the line whole.
    """
    wide = room()
    if not wide or width(line) <= wide:
        return [line]
    from ..model.text.wrap import wrap  # few lines are that long

    start = max((one.end() for one in _GAP.finditer(line) if one.end() <= wide // 2), default=0)
    indent = " " * (width(line[:start]) if line[:start].strip() else len(line) - len(line.lstrip()) + 2)
    rows = wrap([(line[start:], None)], wide - width(line[:start]), wide - len(indent), width)
    texts = ("".join(word for word, _ in row).rstrip() for row in rows)
    return [f"{indent if at else line[:start]}{text}" for at, text in enumerate(texts)]


def in_log(text: str) -> str:
    """A text as it can be put into the log of a runner: there a line of a plan must not pass for a command to it."""
    if not any(os.environ.get(name) for name in _RUNNERS):
        return text
    return _COMMAND.sub(lambda found: "\\x23" if found[1] is None else f"{found[1]}\\x3a", text)


def diff(text: str) -> None:
    """Writes a diff: its lines as TOML has them, so that no comment can pass for a line of its own.

    A carriage return stays where it ends a line: no patch of such a file would apply without it.
    """
    write(in_log("\r\n".join(visible(part) for part in text.split("\r\n"))))


def data(kind: str, content: object) -> None:
    """Writes data for programs: an envelope with a version, what it holds, and the data."""
    write(envelope(kind, content))


def envelope(kind: str, content: object) -> str:
    """Data for programs as text."""
    whole = {"kedge": ENVELOPE, "kind": kind, "data": content}
    try:
        text = json.dumps(whole, indent=2, allow_nan=False)
    except ValueError:
        text = json.dumps(_without_nan(whole), indent=2)
    return text + "\n"


def _without_nan(value: object) -> object:
    """TOML knows numbers that JSON does not."""
    if isinstance(value, Mapping):
        return {key: _without_nan(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(inner) for inner in value]
    return None if isinstance(value, float) and (value != value or abs(value) == float("inf")) else value


def csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Writes comma-separated values with a line of names."""
    import csv as library

    buffer = io.StringIO()
    writer = library.writer(buffer, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    write(buffer.getvalue())


def _cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: it would be run by whoever opens the file."""
    return f"'{visible(text)}" if _FORMULA.match(text) else visible(text)


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    settings: Settings,
    elastic: str = "",
    least: Sequence[str] = (),
) -> None:
    """Writes a table of cells, in columns as wide as their widest cell; columns without any value are left out.

    On a terminal every row stays on its line: the `elastic` column gives way, and where that is not enough the
    columns in `least` go, the first of them first.
    """
    columns = [_Column.of(name, cells) for name, cells in zip(head, zip(*rows, strict=True), strict=False)]
    columns = [column for column in columns if any(column.cells)]
    wide = room()
    if wide:
        columns = _fitted(columns, wide, elastic, least)
    template = "  ".join(f"%-{one.width}s" if one.is_ascii else "%s" for one in columns)
    text = [(template % row).rstrip() for row in zip(*(one.padded() for one in columns), strict=True)]
    if wide:
        text = [shorten(line, wide) for line in text]
    if text and settings.color and sys.stdout.isatty():
        text[0] = f"\x1b[1m{text[0]}\x1b[0m"
    write(in_log("".join(f"{line}\n" for line in text)))


def _fitted(columns: list[_Column], room: int, elastic: str, least: Sequence[str]) -> list[_Column]:
    excess = 0
    for name in ("", *least):
        columns = [one for one in columns if one.name != name]
        excess = sum(one.width for one in columns) + 2 * (len(columns) - 1) - room
        if excess <= sum(max(0, one.width - _AMPLE) for one in columns if one.name == elastic):
            break
    return [one.shrunk(excess) if one.name == elastic and excess > 0 else one for one in columns]


@dataclass(frozen=True)
class _Column:
    """The cells of a column below its name, made visible, and how wide they are."""

    name: str
    cells: Sequence[str]
    width: int
    is_ascii: bool

    @classmethod
    def of(cls, name: str, cells: Sequence[str]) -> _Column:
        # One look at all of them: nearly always there is nothing to make visible, and a character is a cell.
        joined = "".join(cells)
        if joined.isascii() and joined.isprintable():
            return cls(name, cells, max(len(name), *map(len, cells)), is_ascii=True)
        cells = [one_line(cell) for cell in cells]
        return cls(name, cells, max(width(name), *map(width, cells)), is_ascii=False)

    def shrunk(self, excess: int) -> _Column:
        """The column with its long cells cut."""
        room = max(_NARROW, self.width - excess)
        return _Column(self.name, [shorten(cell, room) for cell in self.cells], room, is_ascii=False)

    def padded(self) -> list[str]:
        """The name and the cells; those that a format cannot pad are as wide as the column."""
        cells = [self.name, *self.cells]
        return cells if self.is_ascii else [cell + " " * (self.width - width(cell)) for cell in cells]


def room() -> int:
    """Columns of the terminal; 0 where the output goes to a file or a program, which want all of it."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() else 0
    except (OSError, ValueError):
        return 0


def width(text: str) -> int:
    """How many cells of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def shorten(text: str, room: int) -> str:
    """The text, cut to a number of cells with an ellipsis where it does not fit."""
    if width(text) <= room:
        return text
    cut = text[: max(room - 1, 0)]
    while width(cut) > room - 1:
        cut = cut[:-1]
    return f"{cut}…"


def padded(text: str, room: int) -> str:
    """The text in one line of exactly so many cells."""
    text = shorten(one_line(text), room)
    return text + " " * (room - width(text))


UNREADABLE = "unreadable"
"""Stands in a list where the file has something that could not be read; `kedge show` and `check` say what."""


def say(settings: Settings, text: str) -> None:
    """Tells the person on stderr what was done; silent with `--quiet`."""
    if not settings.quiet:
        complain(text)


def say_step(settings: Settings, text: str) -> None:
    """Tells in one line what a step did, however long the values in it are."""
    say(settings, shorten(one_line(text), _LINE))


def complain(text: str) -> None:
    """Writes lines to stderr, whatever the options; a closed stderr is no error."""
    try:
        sys.stderr.write(in_log("".join(f"{visible(line)}\n" for line in text.split("\n"))))
        sys.stderr.flush()
    except OSError:
        return


def ask(question: str, answers: Mapping[str, str], default: str) -> str:
    """Asks on a terminal for one of some letters; what it means. End of input is the default."""
    shown = "/".join(key.upper() if key == default else key for key in answers)
    while True:
        sys.stderr.write(f"{question} [{shown}] ")
        sys.stderr.flush()
        typed = sys.stdin.readline()
        key = typed.strip().lower()[:1] or default
        if not typed or key in answers:
            return answers.get(key, answers[default])


def on_terminal() -> bool:
    """Whether a person sits at both ends."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stderr and sys.stderr.isatty())


def formatted(template: str, known: Iterable[str]) -> Callable[[Mapping[str, str]], str]:
    r"""A function that fills a template such as `{id:<20} {title}\n`; nothing in it is ever evaluated.

    Raises BadParameter for a name that is not known.
    """
    import re

    import click

    names = list(known)
    pattern = re.compile(r"\{\{|\}\}|\{(\w+)(?::([<>^]?)(\d{1,3}))?\}|\{[^}]*\}?|\\[nt\\]")
    for match in pattern.finditer(template):
        whole = match.group()
        if whole.startswith("{") and whole != "{{" and match[1] not in names:
            raise click.BadParameter(
                f"{whole} is not known; there are: {', '.join(names)}", param_hint="--format"
            )

    escapes = {"{{": "{", "}}": "}", "\\n": "\n", "\\t": "\t", "\\\\": "\\"}

    def fill(values: Mapping[str, str]) -> str:
        def one(match: re.Match[str]) -> str:
            if match.group() in escapes:
                return escapes[match.group()]
            text = one_line(values[match[1]])
            space = " " * (int(match[3] or 0) - width(text))
            half = len(space) // 2
            return {"<": text + space, "": text + space, ">": space + text}.get(
                match[2] or "", space[:half] + text + space[half:]
            )

        return pattern.sub(one, template)

    return fill

"""Reading a text line by line where DuckDB stops at one: what cannot be read is counted, and the rest is measured.

This is slower than DuckDB and used only for files with such lines, in other encodings, or with line ends of several
kinds. Every line that is left out is counted, and the first is named by its number in the file.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ...model.data.table_shape import Shape
from ...model.text.amounts import counted
from ...model.text.json_text import KeyTwice, json_value
from ...model.text.visible import one_line
from .profiling_engine import Engine

MOST_LINES = 1000
"""Lines that a cell in quotes may have; with more the quote was never closed."""
LONGEST_CELL = 16 * 1024 * 1024
TELL_EVERY = 50_000
NOT_UTF8 = "not UTF-8: another encoding, such as latin-1, can be named (--encoding)"


@dataclass
class Tally:
    """What was read of a file, and what was not."""

    rows: int = 0
    longest: int = 0
    """Characters of the longest row as it was written."""
    unreadable: int = 0
    first: str = ""
    short: int = 0
    """Lines that ended properly before their last cells."""

    def leave_out(self, line: int, why: str) -> None:
        """Counts a line that cannot be read."""
        self.unreadable += 1
        self.first = self.first or f"line {line:,}: {why}"


class _Unclosed(Exception):
    """A cell in quotes has no end within reach."""


class _Lines(Iterator[str]):
    """Lines with their numbers, of which some can be given back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._back: list[str] = []
        self.taken: list[str] = []
        """The lines of the record that is being read."""
        self.number = 0

    def __next__(self) -> str:
        if len(self.taken) >= MOST_LINES:
            raise _Unclosed
        line = self._back.pop() if self._back else next(self._lines)
        self.number += 1
        self.taken.append(line)
        return line

    def give_back(self) -> None:
        """All lines of the record but the first are read again."""
        self._back += reversed(self.taken[1:])
        self.number -= len(self.taken) - 1
        self.taken = self.taken[:1]


def copy_rows(engine: Engine, lines: Iterable[str], shape: Shape, copy: str) -> Tally:
    """Writes the rows of a CSV file in the plainest form of CSV, and counts what is no row."""
    tally, width = Tally(), len(shape.names)
    source = _Lines(lines)
    for _ in range(shape.skip):
        next(source, "")
    limit = csv.field_size_limit(LONGEST_CELL)
    try:
        with open(copy, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            for at, (cells, why) in enumerate(_rows(source, shape)):
                if at % TELL_EVERY == 0:
                    engine.tell()
                if not why and len(cells) != width:
                    if shape.terminated and len(cells) < width and not cells[-1].strip():
                        tally.short += 1
                        cells += [""] * (width - len(cells))
                    else:
                        why = f"{counted(len(cells), 'cell')} where {width} are wanted"
                if why:
                    tally.leave_out(source.number - len(source.taken) + 1, why)
                    continue
                try:
                    tally.longest = max(tally.longest, writer.writerow(cells))
                except UnicodeEncodeError:
                    tally.leave_out(source.number - len(source.taken) + 1, NOT_UTF8)
                    continue
                tally.rows += 1
    finally:
        csv.field_size_limit(limit)
    return tally


def _rows(source: _Lines, shape: Shape) -> Iterator[tuple[list[str], str]]:
    """The cells of each record, or why it cannot be read. Blank lines are no rows where there are several columns."""
    doubled, width = shape.escape == shape.quote, len(shape.names)

    def reader(lines: Iterable[str], *, strict: bool) -> Any:
        return csv.reader(
            lines,
            delimiter=shape.delimiter,
            quotechar=shape.quote,
            doublequote=doubled,
            escapechar=None if doubled else shape.escape,
            strict=strict,
        )

    reading = reader(source, strict=True)
    while True:
        source.taken = []
        why = ""
        cells: list[str] = []
        try:
            cells = next(reading)
        except StopIteration:
            return
        except (_Unclosed, csv.Error):
            why = "a quote that is not closed"
        if len(source.taken) > 1 and (why or len(cells) != width):
            # Most likely a quote that is never closed: the lines behind it are read by themselves.
            why = "a quote that is not closed"
            source.give_back()
            reading = reader(source, strict=True)
        elif why:
            line = source.taken[0]
            if line.count(shape.quote) % 2 == 0:
                # A quote inside a cell is part of it.
                cells, why = next(reader([line], strict=False), list[str]()), ""
            reading = reader(source, strict=True)
        if why or (len(cells) > 1 or any(cell.strip() for cell in cells)) or (width == 1 and len(cells) < 2):
            yield (cells or [""]), why


def copy_objects(engine: Engine, lines: Iterable[str], copy: str) -> Tally:
    """Writes the lines that are JSON objects, and counts the others; blank lines are none."""
    tally = Tally()
    with open(copy, "w", encoding="utf-8", newline="") as file:
        for number, line in enumerate(lines, 1):
            if number % TELL_EVERY == 1:
                engine.tell()
            text = line.strip().removeprefix("\ufeff")
            if not text:
                continue
            if why := _no_object(text):
                tally.leave_out(number, why)
                continue
            tally.longest = max(tally.longest, file.write(f"{text}\n"))
            tally.rows += 1
    return tally


def _no_object(text: str) -> str:
    """Why a line is not a JSON object; empty where it is one."""
    try:
        text.encode()
        found = json_value(text)
    except UnicodeEncodeError:
        return "not UTF-8"
    except KeyTwice as error:
        return one_line(f"the key {error.key[:40]!r} is there twice")
    except json.JSONDecodeError as error:
        return one_line(f"not JSON: {error.msg} at character {error.pos + 1}")
    except (ValueError, RecursionError):
        return "a number or a nesting that is too long"
    return "" if isinstance(found, dict) else "not a JSON object"

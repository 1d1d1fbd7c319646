"""What divides the cells of a text: the character that gives most lines the same number of plausible cells."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..text.amounts import counted
from .profile import DataFinding
from .table_names import first_row_is_names, kind_of

DELIMITERS = (",", ";", "\t", "|")
ONE_CELL = "\x1f"
"""The delimiter of a text that has none: a character that no text has."""
QUOTING = {('"', '"'): "", ('"', "\\"): r'\\"', ("'", "'"): r"(?m)[,;\t|]'[^'\r\n]*'[,;\t|\r\n]"}
"""The quote and what is before one that is part of a cell, with the sign that a text has this way of quoting."""
MOST_RECORDS = 2000
LONG_RUN = 50
"""So many lines of one width are a table, whatever follows: rows may grow a cell later."""
STABLE = 0.5
"""Share of lines that must have the same number of cells for a character to be the delimiter."""
CLOSE = 0.9
"""Share of the best score from which another delimiter fits as well."""
NAMED = {"\t": "tab", " ": "' '"}


@dataclass(frozen=True)
class Record:
    line: int
    """The first of its lines, from 0."""
    end: int
    """The line after its last."""
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Divided:
    """The text read with one delimiter."""

    delimiter: str
    quote: str
    escape: str
    records: tuple[Record, ...]
    score: float


def note(what: str, detail: str, example: str = "") -> DataFinding:
    """Something about the form of a file that is plain, and worth knowing."""
    return DataFinding("form", "", "note", what, detail, example)


def doubt(what: str, detail: str, example: str = "") -> DataFinding:
    """Something about the form of a file that a person should look at."""
    return DataFinding("form", "", "problem", what, detail, example)


def best_division(lines: Sequence[str], start: int, asked: str, doubts: list[DataFinding]) -> Divided:
    """The text read with the delimiter that fits best, or with none."""
    one = divided(lines, start, ONE_CELL, '"', '"')
    candidates = [asked] if asked else DELIMITERS
    text = "".join(lines[start:])
    # Other ways of quoting are looked at only where there are signs of them; of equals, max takes the first.
    quoting = [pair for pair, sign in QUOTING.items() if re.search(sign, text)]
    readings = [
        max((divided(lines, start, between, *pair) for pair in quoting), key=lambda reading: reading.score)
        for between in candidates
        if any(between in line for line in lines[start:])
    ]
    readings.sort(key=lambda reading: -reading.score)
    if not readings or (readings[0].score <= 0 and not asked):
        doubts += _doubts_of_one_column(one, asked)
        return one
    best = readings[0]
    if asked:
        return best
    if best.delimiter == "," and _is_prose(best, one):
        doubts.append(
            doubt("one column", "it has commas that do not seem to divide cells; --delimiter , divides them")
        )
        return one
    for other in readings[1:]:
        if other.score >= CLOSE * best.score:
            taken, fits = _named(best.delimiter), _named(other.delimiter)
            said = f"{taken} is taken, and {fits} would fit as well; --delimiter names one"
            doubts.append(doubt("several delimiters", said))
            break
    return best


def divided(lines: Sequence[str], start: int, delimiter: str, quote: str, escape: str) -> Divided:
    records = tuple(_records(lines, start, delimiter, quote, escape))
    return Divided(delimiter, quote, escape, records, _score(records, delimiter))


def _records(lines: Sequence[str], start: int, delimiter: str, quote: str, escape: str) -> Iterator[Record]:
    """The records that are not blank."""
    doubled = escape == quote
    reader = csv.reader(
        lines[start:],
        delimiter=delimiter,
        quotechar=quote,
        doublequote=doubled,
        escapechar=None if doubled else escape,
    )
    before = count = 0
    try:
        for cells in reader:
            first, before = before, reader.line_num
            if any(cell.strip() for cell in cells) or len(cells) > 1:
                yield Record(start + first, start + before, tuple(cells))
                count += 1
            if count == MOST_RECORDS:
                return
    except csv.Error:
        # A cell longer than any that is read: what was seen until there is judged.
        return


def _score(records: Sequence[Record], delimiter: str) -> float:
    """How well a delimiter fits: the share of lines with the same number of cells, times that of plausible cells."""
    widths = Counter(len(record.cells) for record in records)
    width, count = max(widths.items(), key=lambda pair: (pair[0] > 1, pair[1]), default=(0, 0))
    if width < 2 or count < STABLE * len(records):
        return 0.0
    cells = [cell for record in records if len(record.cells) == width for cell in record.cells]
    others = "".join(one for one in DELIMITERS if one not in (delimiter, ","))
    # A comma belongs to a cell of a number or of words, not between other letters and digits.
    commas = r"" if delimiter == "," else r"|[^\d\s],\S|\S,[^\d\s]"
    strange = re.compile(rf"""["{re.escape(others)}]|^\s*'[^']*$|^[^']*'\s*${commas}""")
    fitting = count / len(records) * sum(not strange.search(cell) for cell in cells) / len(cells)
    return fitting if len(records[0].cells) == width else fitting / 2


def _is_prose(best: Divided, one: Divided) -> bool:
    """Whether commas are part of texts: the first line has none, and those below are no table with names either."""
    first = best.records[0].cells
    if len(first) > 1 or len(best.records) != len(one.records) or " " in "".join(first).strip():
        return False
    at, width = table_width(best.records)
    rows = [record.cells for record in best.records[at:] if len(record.cells) == width]
    judged = first_row_is_names(rows[0], rows[1:])
    return not (judged.is_names and judged.sure)


def _doubts_of_one_column(one: Divided, asked: str) -> Iterator[DataFinding]:
    texts = ["".join(record.cells).rstrip() for record in one.records]
    if asked:
        yield doubt(
            "the delimiter does not occur", f"{_named(asked)} is in no line, so that each is one cell"
        )
        return
    if len(texts) < 2:
        return
    if all(re.search(r"\S {2,}\S", text) for text in texts):
        yield doubt(
            "one column", "each line has blanks in it as columns of fixed width have; these are not read"
        )
        return
    for between in ("^", "~", ":", "\x01", "/", "#", "!", "*", "&", " "):
        counts = {text.count(between) for text in texts}
        numbers = sum(kind_of(part) == "number" for text in texts for part in text.split(between))
        if (
            len(counts) == 1
            and (times := counts.pop())
            and 2 * numbers >= len(texts) * (times + 1) - (times + 1)
        ):
            said = f"each line has {_named(between)} {counted(times, 'time')}: --delimiter names it if it divides cells"
            yield doubt("one column", said)
            return
    if any(between in text for text in texts for between in DELIMITERS):
        yield doubt(
            "one column", "no delimiter gives most lines the same number of cells; --delimiter names one"
        )


def _named(delimiter: str) -> str:
    return NAMED.get(delimiter, repr(delimiter))


def table_width(records: Sequence[Record]) -> tuple[int, int]:
    """Where the table begins, and how many cells its rows have."""
    first = next((at for at, record in enumerate(records) if len(record.cells) > 1), 0)
    width = len(records[first].cells)
    run = first
    while run < len(records) and len(records[run].cells) == width:
        run += 1
    rows = [record.cells for record in records[first:run]]
    widths = Counter(len(record.cells) for record in records)
    common = max(widths.items(), key=lambda pair: (pair[0] > 1, pair[1], pair[0] == width))[0]
    if width == common or run - first >= LONG_RUN:
        return first, width
    if len(rows) > 2 and (found := first_row_is_names(rows[0], rows[1:])).is_names and found.sure:
        return first, width
    return next(at for at, record in enumerate(records) if len(record.cells) == common), common

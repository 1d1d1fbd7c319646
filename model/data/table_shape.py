"""Whether a text looks like a table: what divides its cells, where its rows begin, and what is doubtful about that.

A file that is read in the wrong way still gives figures, and they look like any others. So the beginning of a text is
judged before anything is counted: the delimiter is the one that gives most lines the same number of cells with
plausible contents (the idea of van den Burg, Nazábal & Sutton 2019, Wrangling messy CSV files by detecting row and type
patterns), the line of names is held against the rows below it, and whatever is not plain is a finding.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..text.amounts import counted
from .profile import DataFinding
from .table_delimiter import ONE_CELL, Divided, Record, best_division, divided, doubt, note, table_width
from .table_names import first_row_is_names, is_second_head, kind_of, unique_names

TOTAL = re.compile(r"(grand |sub)?totals?\b|sum(me|s)?\b|gesamt|insgesamt", re.IGNORECASE)


@dataclass(frozen=True)
class Shape:
    """How a text is read as a table."""

    delimiter: str
    quote: str
    escape: str
    skip: int
    """Lines above the first row."""
    names: tuple[str, ...]
    """The names of the columns, no two of them the same."""
    given: tuple[str, ...] = ()
    """The same as they are in the file."""
    padded: bool = False
    """Whether there are blanks around the delimiter that belong to no cell."""
    terminated: bool = False
    """Whether a delimiter also ends each line, so that a line with fewer cells is complete."""
    plain: bool = True
    """Whether each record above the first row is one line, and all lines end in the same way."""
    rows: int = 0
    """Rows that were seen, so that a reader that finds fewer has not read the text for what it is."""
    doubts: tuple[DataFinding, ...] = ()


def shape_of(text: str, *, complete: bool, delimiter: str = "", header: bool | None = None) -> Shape:
    """The shape of a text of which this is the beginning, or all where it is `complete`.

    `delimiter` and `header` are what a person said about it. A text without a line has no names.
    """
    lines = re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$", text)
    if not complete and len(lines) > 1:
        lines.pop()
    doubts: list[DataFinding] = []
    above = 0
    while above < len(lines) and not lines[above].strip():
        above += 1
    if above < len(lines) and (
        found := re.fullmatch(r'"?sep=(.)"?', lines[above].rstrip("\r\n"), re.IGNORECASE)
    ):
        delimiter = delimiter or found[1]
        doubts.append(note("a line that names the delimiter", f"line {above + 1}, left out"))
        above += 1
    comments = above
    while comments < len(lines) and lines[comments].startswith("#"):
        comments += 1
    if comments == len(lines):
        comments = above
    reading = best_division(lines, comments, delimiter, doubts)
    marked = _marked_names(lines, above, comments, reading)
    if marked:
        reading = divided(lines, comments - 1, reading.delimiter, reading.quote, reading.escape)
    if comments - marked > above:
        count = comments - marked - above
        doubts.append(note("comment lines at the top", f"{count}, left out", _cut(lines[above])))
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    last = divided(lines[:end], end - 1, reading.delimiter, reading.quote, reading.escape).records
    found = _shaped(
        reading, doubts, last[-1].cells if complete and last else (), header=header, marked=marked
    )
    ends = {line[len(line.rstrip("\r\n")) :] for line in lines} - {""}
    return found if len({end[-2:] for end in ends}) < 2 else replace(found, plain=False)


# ---- where the rows begin


def _marked_names(lines: Sequence[str], above: int, comments: int, reading: Divided) -> bool:
    """Whether the last comment has the names: as many cells as the rows, which have no names themselves."""
    if comments == above or not reading.records or reading.delimiter == ONE_CELL:
        return False
    names = lines[comments - 1].lstrip("#").rstrip("\r\n").split(reading.delimiter)
    width = table_width(reading.records)[1]
    rows = [record.cells for record in reading.records if len(record.cells) == width]
    return len(names) == width and not first_row_is_names(rows[0], rows[1:]).sure


def _shaped(
    reading: Divided, doubts: list[DataFinding], last: Sequence[str], *, header: bool | None, marked: bool
) -> Shape:
    records = reading.records
    if not records:
        return Shape(reading.delimiter, reading.quote, reading.escape, 0, (), doubts=tuple(doubts))
    at, width = table_width(records)
    rows = [record.cells for record in records[at:] if len(record.cells) == width]
    terminated = width > 2 and len(rows) > 1 and all(not cells[-1].strip() for cells in rows)
    judged = first_row_is_names(rows[0], rows[1:])
    is_names = judged.is_names if header is None else header
    given: tuple[str, ...] = ()
    begin = at
    if marked:
        given, begin = (records[at].cells[0].lstrip("#").strip(), *records[at].cells[1:]), at + 1
    elif (
        header is not False
        and at
        and _may_name(records[at - 1].cells, width, has_names=judged.is_names and judged.sure)
    ):
        given = _fitted(records[at - 1].cells, width, doubts, terminated=terminated)
        at -= 1
        begin = at + 1
    elif is_names:
        given, begin = records[at].cells, at + 1
        if header is None and judged.doubtful:
            doubts.append(note("the line of names", f"{judged.doubtful}; --no-header if it is a row"))
    elif header is None:
        said = "the first line looks like a row; columns are called column0, column1, …; --header if it has names"
        doubts.append(doubt("no line of names", said))
    if at:
        said = f"{counted(at, 'line')} left out; the table begins in line {records[at].line + 1}"
        doubts.append(note("lines above the table", said, _cut(reading.delimiter.join(records[0].cells))))
    given, begin = _second_head(records, given, begin, width, doubts)
    if not given:
        given = ("",) * width
        names = tuple(f"column{number}" for number in range(width))
    else:
        names = unique_names(given)
        doubts += _doubts_of_names(given, names)
    if len(last) == width and len(records) > begin + 2:
        doubts += _totals(last, records[begin:])
    line = records[begin].line if begin < len(records) else records[-1].end
    padded = reading.delimiter in "|;," and all(
        cell[:1] == " " for record in records[begin:] for cell in record.cells[1:] if cell
    )
    return Shape(
        reading.delimiter,
        reading.quote,
        reading.escape,
        line,
        names,
        given,
        padded,
        terminated,
        all(record.end - record.line == 1 for record in records[:begin]),
        sum(len(record.cells) == width for record in records[begin:]),
        tuple(doubts),
    )


def _may_name(cells: Sequence[str], width: int, *, has_names: bool) -> bool:
    """Whether a line of another number of cells just above the rows has their names."""
    texts = [cell.strip() for cell in cells if cell.strip()]
    if len(cells) < 2 or has_names or len(set(texts)) < len(texts) or 2 * len(cells) < width:
        return False
    return bool(texts) and all(kind_of(text) == "text" for text in texts)


def _fitted(
    cells: tuple[str, ...], width: int, doubts: list[DataFinding], *, terminated: bool
) -> tuple[str, ...]:
    """The names in a line that has fewer or more cells than the rows."""
    if len(cells) == width - 1 and terminated:
        return (*cells, "")
    said = f"{counted(len(cells), 'cell')}, and the rows have {width}"
    if len(cells) == width - 1:
        doubts.append(note("the line of names", f"{said}: the first is taken for the name of the row"))
        return ("", *cells)
    doubts.append(doubt("the line of names", f"{said}: which name belongs to which column is not sure"))
    return (*cells, *[""] * width)[:width]


def _second_head(
    records: Sequence[Record], given: tuple[str, ...], begin: int, width: int, doubts: list[DataFinding]
) -> tuple[tuple[str, ...], int]:
    """The names and where the rows begin, below a second line of names, of units, or of dashes."""
    if not given or begin >= len(records):
        return given, begin
    cells = records[begin].cells
    if re.fullmatch(r"[-=+:|\s]*[-=]{2}[-=+:|\s]*", "|".join(cells)):
        return given, begin + 1
    if len(cells) != width:
        return given, begin
    rows = [record.cells for record in records[begin + 1 :] if len(record.cells) == width]
    if not is_second_head(cells, rows):
        return given, begin
    doubts.append(
        note(
            "a second line above the rows",
            f"line {records[begin].line + 1}, left out",
            _cut(", ".join(cells)),
        )
    )
    texts = [cell.strip() for cell in given]
    broken = "" in texts[1:] or len(set(texts)) < len(texts)
    is_better = broken and all(cell.strip() for cell in cells) and len(set(cells)) == len(cells)
    return (cells if is_better else given), begin + 1


def _doubts_of_names(given: Sequence[str], names: Sequence[str]) -> Iterator[DataFinding]:
    texts = [one.strip() for one in given]
    # At an edge it is the number of a row, or what is behind a delimiter that ends each line.
    blank = [names[at] for at in range(1, len(texts) - 1) if not texts[at]]
    if blank:
        more = f" and {len(blank) - 5} more" if len(blank) > 5 else ""
        yield doubt("columns without a name", f"{len(blank)}, called {', '.join(blank[:5])}{more}")
    for same, times in Counter(filter(None, texts)).items():
        if times > 1:
            yield doubt(
                "columns of the same name", f"{times} have the same name, and are numbered here", f"'{same}'"
            )
    alike: dict[str, set[str]] = {}
    for one in filter(None, texts):
        alike.setdefault(" ".join(one.casefold().split()), set()).add(one)
    several = [sorted(group) for group in alike.values() if len(group) > 1]
    if several:
        yield doubt("names that differ only by capitals or blanks", f"{len(several)}", ", ".join(several[0]))


def _totals(last: Sequence[str], records: Sequence[Record]) -> Iterator[DataFinding]:
    """A last line with sums would be counted as a row."""
    first = next((cell.strip() for cell in last if cell.strip()), "")
    times = sum(TOTAL.match(one.cells[0].strip()) is not None for one in records)
    if TOTAL.match(first) and times < 2:
        said = "the last line seems to be one, and is counted as a row"
        yield doubt("a line of totals", said, f"'{first[:40]}'")


def _cut(text: str) -> str:
    text = text.strip()
    return f"'{text}'" if len(text) <= 60 else f"'{text[:59]}…'"

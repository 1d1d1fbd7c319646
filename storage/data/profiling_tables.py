"""Files as tables of DuckDB: reading CSV, Parquet and JSON lines without trusting anything in them.

Columns are called c0, c1, … in SQL, so that no name from a file is ever part of a statement. CSV and JSON are read
once into a compressed table in the temporary folder; Parquet is measured where it lies.
"""
# ruff: noqa: S608  statements are made of our own names and quoted texts, see above

from __future__ import annotations

import codecs
import gzip
import os
import re
import zlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ...model.data.profile import Family
from ...model.text.visible import one_line
from ..disk.errors import BadValue
from .profiling_engine import MEMORY, Engine, NotUnderstood, quoted
from .profiling_forms import ISO_SHAPE, LOOK, recognised

MARKERS = ("", "NA", "N/A", "#N/A", "n/a", "NaN", "nan", "NULL", "null", "None")
"""Texts that stand for no value."""
MOST_REJECTS = 10_000
SAMPLE = 100_000
"""Rows from which the types of a CSV file are guessed; all rows are held against the guess."""
WHOLE_NUMBERS = frozenset(
    f"{sign}{size}INT" for sign in ("", "U") for size in ("TINY", "SMALL", "BIG", "HUGE")
) | {"INTEGER", "UINTEGER"}
NUMBERS = WHOLE_NUMBERS | {"FLOAT", "DOUBLE", "DECIMAL"}
ENDINGS = {".json": "json", ".jsonl": "json", ".ndjson": "json"}
ENCODINGS = ("utf-8", "utf-16", "latin-1")
DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Reading:
    """How files are read."""

    missing: tuple[str, ...] = MARKERS
    delimiter: str = ""
    """Empty: the one that the first line has most of."""
    header: bool = True
    encoding: str = "utf-8"
    memory: str = MEMORY

    @classmethod
    def of(
        cls,
        missing: Sequence[str] = (),
        delimiter: str = "",
        header: bool = True,
        encoding: str = "",
        memory: str = "",
    ) -> Reading:
        """The reading that a person asked for in words; what is empty is as usual. Raises BadValue."""
        between = {"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter)
        if len(between) > 1:
            raise BadValue(f"{delimiter!r} is no delimiter", "one character is needed, or: tab")
        if encoding and encoding not in ENCODINGS:
            raise BadValue(f"{encoding!r} is no encoding that is read", f"one of {', '.join(ENCODINGS)}")
        if memory and not re.fullmatch(r"\d{1,6}(\.\d+)?\s*[MG]B", memory, re.IGNORECASE):
            raise BadValue(f"{memory!r} is no size of memory", "such as 600MB or 2GB")
        marks = ("", *missing) if missing else MARKERS
        return cls(marks, between, header, encoding or ENCODINGS[0], memory or MEMORY)


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    name: str
    type: str
    family: Family
    sql: str
    """Its value as an expression; NULL where it has none, or none of its type."""
    raw: str
    """What stands in the file; NULL only where nothing does."""
    odd: tuple[int, str] | None = None
    written: Mapping[str, int] = field(default_factory=dict)
    """Values by the form in which they are written, where that is not the one that every reader knows."""


@dataclass(frozen=True)
class Table:
    """A file, or several of the same columns, as a relation of DuckDB."""

    name: str
    relation: str
    columns: tuple[Column, ...]
    rows: int
    unreadable: int = 0
    unreadable_first: str = ""

    def column(self, name: str) -> Column | None:
        """The column of a name."""
        return next((column for column in self.columns if column.name == name), None)


def load(engine: Engine, path: str, reading: Reading, relation: str, name: str) -> Table:
    """Makes a file a relation. Raises KedgeError where it cannot be read at all."""
    engine.doing(f"reading {name}")
    with open(path, "rb") as file:
        start = file.read(4)
    if start == b"PAR1":
        source = f"read_parquet({quoted(engine.files[path])}, hive_partitioning = false)"
        return _made(engine, relation, name, source, _described(engine, source), reading, "VIEW")
    if not os.path.getsize(path):
        raise BadValue(f"{name} is empty", "a data file has at least a line of names")
    packing = {b"\x1f\x8b": "gzip", b"\x28\xb5": "zstd"}.get(start[:2], "")
    bare = os.path.splitext(name)[0] if packing else name
    if ENDINGS.get(os.path.splitext(bare)[1].lower()) == "json":
        return _checked(engine, _json(engine, path, reading, relation, name, packing))
    return _checked(engine, _csv(engine, path, reading, relation, name, packing))


def _checked(engine: Engine, table: Table) -> Table:
    """The table with columns of texts taken as numbers or dates where nearly all of their values are."""
    return replace(table, columns=tuple(recognised(engine, table, column) for column in table.columns))


def _described(engine: Engine, source: str) -> list[tuple[str, str]]:
    return [(str(row[0]), str(row[1])) for row in engine.rows(f"DESCRIBE SELECT * FROM {source}")]


def _made(
    engine: Engine,
    relation: str,
    name: str,
    source: str,
    described: Sequence[tuple[str, str]],
    reading: Reading,
    form: str = "TABLE",
) -> Table:
    """Makes the relation from a table function, with values that stand for none taken out."""
    names = [f"c{at}" for at in range(len(described))]
    cells = [_cell(at, kind, reading.missing) for at, (_, kind) in enumerate(described)]
    chosen = ", ".join(f"{cell[0]} AS {at}" for at, cell in zip(names, cells, strict=True))
    engine.rows(
        f"CREATE OR REPLACE {form} {relation} AS SELECT {chosen} FROM {source} AS t({', '.join(names)})"
    )
    columns = tuple(
        Column(title, kind, family, at, at)
        for at, (title, _), (_, kind, family) in zip(names, described, cells, strict=True)
    )
    return Table(name, relation, columns, engine.row(f"SELECT count(*) FROM {relation}")[0])


def _cell(at: int, kind: str, missing: Sequence[str]) -> tuple[str, str, Family]:
    """The expression that reads a cell, the name of its type, and what family of values it holds."""
    cell = f"c{at}"
    plain = kind.partition("(")[0]
    if kind in ("FLOAT", "DOUBLE"):
        return f"CASE WHEN NOT isnan({cell}) THEN {cell} END", kind, "number"
    if plain in NUMBERS and not kind.endswith("]"):
        return cell, kind, "number"
    if kind == "DATE" or (plain.startswith("TIMESTAMP") and not kind.endswith("]")):
        return cell, kind, "date"
    if kind == "BOOLEAN":
        return f"{cell}::VARCHAR", kind, "values"
    if kind in ("VARCHAR", "JSON", "UUID") or (plain == "ENUM" and not kind.endswith("]")):
        text = f"json_extract_string({cell}, '$')" if kind == "JSON" else f"{cell}::VARCHAR"
        marks = " ".join(f"WHEN {quoted(mark)} THEN NULL" for mark in missing)
        # One WHEN for each: DuckDB makes a join of a longer IN, and hundreds of columns would not fit into memory.
        cleaned = f"CASE trim({text}) {marks} ELSE {text} END" if missing else text
        return cleaned, plain, "values"
    if kind.endswith("]"):
        return f"to_json({cell})::VARCHAR", "LIST", "other"
    if plain in ("STRUCT", "MAP", "UNION"):
        return f"to_json({cell})::VARCHAR", plain, "other"
    return f"{cell}::VARCHAR", "NULL" if "NULL" in kind else one_line(plain)[:40], "other"


def _unpacked(packing: str) -> str:
    return f", compression = '{packing}'" if packing else ""


# ---- JSON lines


def _json(engine: Engine, path: str, reading: Reading, relation: str, name: str, packing: str) -> Table:
    link = quoted(engine.files[path])
    options = f"format = 'auto', hive_partitioning = false{_unpacked(packing)}"
    try:
        source = f"read_json({link}, {options}, sample_size = {SAMPLE})"
        return _made(engine, relation, name, source, _described(engine, source), reading)
    except NotUnderstood:
        # A value further down may not be of the type that the first rows have: then all rows are asked.
        source = f"read_json({link}, {options}, sample_size = -1)"
        return _made(engine, relation, name, source, _described(engine, source), reading)


# ---- CSV


def _csv(engine: Engine, path: str, reading: Reading, relation: str, name: str, packing: str) -> Table:
    """Reads a CSV file; columns whose values turn out not to be of the guessed type are read again as texts."""
    start = _start(path, packing)
    if start.startswith(codecs.BOM_UTF16_BE):
        raise BadValue(f"{name} is UTF-16 with the high byte first, which is not read", "save it as UTF-8")
    if start.startswith(codecs.BOM_UTF16_LE):
        reading = replace(reading, encoding="utf-16")
    options = _csv_options(start, reading, packing)
    scan = f"read_csv({quoted(engine.files[path])}, {options}, sample_size = {SAMPLE}"
    try:
        texts = _no_dates(engine, scan)
    except NotUnderstood:
        return _csv_by_hand(engine, path, start, reading, relation, name, options)
    while True:
        rejects = f"rejects_{relation}_{len(texts)}"
        source = f"{scan}, {_rejected(rejects)}{_as_text(texts)})"
        described = dict(_described(engine, source))
        table = _made(engine, relation, name, source, [*described.items()], reading)
        wrong = engine.rows(f"SELECT DISTINCT column_name FROM {rejects} WHERE error_type = 'CAST'")
        new = {
            column: described[column] for (column,) in wrong if column in described and column not in texts
        }
        if not new:
            break
        texts |= new
    columns = tuple(replace(column, type=texts.get(column.name, column.type)) for column in table.columns)
    return _with_rejects(engine, replace(table, columns=columns), rejects)


def _no_dates(engine: Engine, scan: str) -> dict[str, str]:
    """The columns that DuckDB takes for dates although they are not written as ISO 8601 wants; to be read as texts.

    It would read 02.01.25 as a day of 2002, endless numbers as dates, and guess which part is the day.
    """
    described = _described(engine, f"{scan})")
    dates = {at: name for at, (name, kind) in enumerate(described) if kind.startswith(("DATE", "TIMESTAMP"))}
    if not dates:
        return {}
    names = ", ".join(f"c{at}" for at in range(len(described)))
    first = f"(SELECT * FROM {scan}{_as_text(dates.values())}) AS t({names}) LIMIT {LOOK})"
    others = ", ".join(
        f"count(*) FILTER (NOT regexp_full_match(trim(c{at}), {quoted(ISO_SHAPE)}))" for at in dates
    )
    found = engine.row(f"SELECT {others} FROM {first}")
    return {name: "VARCHAR" for name, other in zip(dates.values(), found, strict=True) if other}


def _as_text(columns: Collection[str]) -> str:
    """The option that reads columns as texts."""
    types = ", ".join(f"{quoted(column)}: 'VARCHAR'" for column in columns)
    return f", types = {{{types}}}" if types else ""


def _rejected(table: str) -> str:
    tables = f"rejects_table = '{table}', rejects_scan = '{table}_scan'"
    return f"store_rejects = true, {tables}, rejects_limit = {MOST_REJECTS}"


def _csv_by_hand(
    engine: Engine, path: str, start: bytes, reading: Reading, relation: str, name: str, options: str
) -> Table:
    """Reads a CSV file of which no form could be guessed: every column as text, under the names in its first line."""
    import csv

    first = _first_line(start, reading)
    try:
        given = next(csv.reader([first], delimiter=_delimiter(first, reading)), [])
    except csv.Error:
        given = []
    titles: list[str] = []
    for at, title in enumerate(given):
        title = title.strip() if reading.header else ""
        title = title or f"column{at}"
        titles.append(title if title.lower() not in {one.lower() for one in titles} else f"{title}_{at}")
    if not titles or any("\0" in title for title in titles):
        raise BadValue(f"{name} has no line of names", "is it a CSV file? UTF-16 needs --encoding utf-16")
    rejects = f"rejects_{relation}_hand"
    columns = ", ".join(f"{quoted(title)}: 'VARCHAR'" for title in titles)
    source = (
        f"read_csv({quoted(engine.files[path])}, {options}, auto_detect = false, strict_mode = false,"
        f" columns = {{{columns}}}, {_rejected(rejects)})"
    )
    try:
        table = _made(engine, relation, name, source, [(title, "VARCHAR") for title in titles], reading)
    except NotUnderstood as error:
        raise BadValue(f"{name} cannot be read as CSV: {error.message}") from error
    return _with_rejects(engine, table, rejects)


def _with_rejects(engine: Engine, table: Table, rejects: str) -> Table:
    found = engine.rows(f"SELECT line, error_message FROM {rejects} ORDER BY line LIMIT 1")
    if not found:
        return table
    count = engine.row(f"SELECT count(DISTINCT line) FROM {rejects}")[0]
    line, message = found[0]
    said = one_line(str(message)).strip()[:200]
    if "utf-8" in said:
        said = "not UTF-8: another encoding, such as latin-1, can be named (--encoding)"
    if not table.rows:
        raise BadValue(f"no line of {table.name} can be read", f"line {line}: {said}")
    return replace(table, unreadable=count, unreadable_first=f"line {line}: {said}")


def _csv_options(start: bytes, reading: Reading, packing: str) -> str:
    # What is packed as zstd cannot be looked into here: DuckDB guesses.
    delimiter = reading.delimiter or (_delimiter(_first_line(start, reading), reading) if start else "")
    before = start[: len(start) - len(start.lstrip(b"\r\n"))]
    blank = max(before.count(b"\n"), before.count(b"\r"))
    marks = ", ".join(map(quoted, reading.missing))
    parts = [
        f"delim = {quoted(delimiter)}" if delimiter else "",
        "quote = '\"', escape = '\"', comment = '', ignore_errors = true, hive_partitioning = false",
        f"skip = {blank}",
        f"encoding = {quoted(reading.encoding)}{_unpacked(packing)}",
        f"header = {str(reading.header).lower()}",
        f"nullstr = [{marks}]" if marks else "",
    ]
    return ", ".join(filter(None, parts))


def _start(path: str, packing: str) -> bytes:
    """The beginning of a file, unpacked; nothing of one that is packed as zstd."""
    try:
        with open(path, "rb") as file:
            if packing == "zstd":
                return b""
            return (gzip.GzipFile(fileobj=file) if packing else file).read(65536)
    except (OSError, EOFError, zlib.error) as error:
        raise BadValue(f"{path} cannot be unpacked: {error}") from error


def _first_line(start: bytes, reading: Reading) -> str:
    """The first line that is not blank; line ends inside quotes belong to it."""
    encoding = "utf-8-sig" if reading.encoding == "utf-8" else reading.encoding
    text = start.decode(encoding, "replace").lstrip("\r\n")
    quotes = 0
    for at, character in enumerate(text):
        quotes += character == '"'
        if character in "\r\n" and quotes % 2 == 0:
            return text[:at]
    return text


def _delimiter(line: str, reading: Reading) -> str:
    """The delimiter that was asked for, or the one that stands outside quotes in a line most often."""
    if reading.delimiter:
        return reading.delimiter
    outside = "".join(line.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


# ---- several files as one table


def union(engine: Engine, tables: Sequence[Table], relation: str) -> Table:
    """Tables of the same columns as one; where types differ, numbers become DOUBLE and anything else text."""
    if len(tables) == 1:
        return tables[0]
    first = tables[0]
    columns: list[Column] = []
    parts: list[list[str]] = [[] for _ in tables]
    for at, column in enumerate(first.columns):
        same = [one for table in tables if (one := table.column(column.name)) is not None]
        families = {one.family for one in same}
        if families == {"number"}:
            kind, family = (
                (column.type, column.family) if len({one.type for one in same}) == 1 else ("DOUBLE", "number")
            )
        elif families == {"date"}:
            kind, family = "TIMESTAMP", column.family
        else:
            kind, family = "VARCHAR", "values" if families != {"other"} else "other"
        values = [one.sql if kind != "VARCHAR" else one.raw for one in same]
        differ = len({one.type for one in same}) > 1 or any(one.written for one in same)
        for part, value, one in zip(parts, values, same, strict=True):
            cast = value if kind == column.type == one.type and not one.odd else f"CAST({value} AS {kind})"
            raw = f"{one.raw}::VARCHAR"
            if differ and kind != "VARCHAR":
                # What is the same is a duplicate, in whatever form each part writes it.
                raw = f"coalesce(CAST({value} AS {kind})::VARCHAR, {raw})"
            part += [f"{cast} AS v{at}", f"{raw} AS r{at}"]
        odd = [one.odd for one in same if one.odd]
        total = (sum(count for count, _ in odd), odd[0][1]) if odd and family != "values" else None
        shown = (
            column.type if kind in ("VARCHAR", "TIMESTAMP") and len({one.type for one in same}) == 1 else kind
        )
        written = sum((Counter(one.written) for one in same), Counter[str]())
        columns.append(Column(column.name, shown, family, f"v{at}", f"r{at}", total, written))
    selects = [
        f"SELECT {', '.join(part)} FROM {table.relation}" for part, table in zip(parts, tables, strict=True)
    ]
    engine.rows(f"CREATE OR REPLACE VIEW {relation} AS {' UNION ALL '.join(selects)}")
    unreadable = next((table for table in tables if table.unreadable), None)
    return Table(
        " + ".join(table.name for table in tables),
        relation,
        tuple(columns),
        sum(table.rows for table in tables),
        sum(table.unreadable for table in tables),
        f"{unreadable.name}, {unreadable.unreadable_first}" if unreadable else "",
    )

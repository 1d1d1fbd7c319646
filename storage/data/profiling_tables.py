"""Files as tables of DuckDB: reading CSV, Parquet and JSON lines without trusting anything in them.

Columns are called c0, c1, … in SQL, so that no name from a file is ever part of a statement. CSV and JSON are read
once into a compressed table in the temporary folder; Parquet is measured where it is.
"""
# ruff: noqa: S608  statements are made of our own names and quoted texts, see above

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...model.data.profile import Family, Mixed
from ...model.data.table_shape import Shape, doubt, shape_of
from ...model.text.visible import one_line
from ..disk.errors import BadValue
from .profiling_columns import Column, Table
from .profiling_engine import MEMORY, Engine, NotUnderstood, quoted
from .profiling_forms import CELL, VALUE, recognised
from .profiling_lines import copy_objects, copy_rows
from .profiling_start import Start, start_of, text_lines

MARKERS = ("", "NA", "N/A", "#N/A", "n/a", "NaN", "nan", "NULL", "null", "None")
"""Texts that stand for no value."""
SAMPLE = 100_000
"""Objects from which the types of JSON lines are guessed; all are held against the guess."""
DIRECT = ("utf-8", "latin-1")
"""Encodings that DuckDB reads itself."""
WHOLE_NUMBERS = frozenset(
    f"{sign}{size}INT" for sign in ("", "U") for size in ("TINY", "SMALL", "BIG", "HUGE")
) | {"INTEGER", "UINTEGER"}
NUMBERS = WHOLE_NUMBERS | {"FLOAT", "DOUBLE", "DECIMAL"}
ENCODINGS = ("utf-8", "utf-16", "latin-1")


@dataclass(frozen=True)
class Reading:
    """How files are read."""

    missing: tuple[str, ...] = MARKERS
    delimiter: str = ""
    """Empty: the one that gives most lines the same number of cells."""
    header: bool | None = None
    """Whether CSV files have a line of names; None: as it seems."""
    encoding: str = "utf-8"
    memory: str = MEMORY

    @classmethod
    def of(
        cls,
        missing: Sequence[str] = (),
        delimiter: str = "",
        *,
        header: bool | None = None,
        encoding: str = "",
        memory: str = "",
    ) -> Reading:
        """The reading that a person asked for in words; what is empty is as usual. Raises BadValue."""
        between = {"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter)
        if len(between) > 1:
            raise BadValue(f"{delimiter!r} is not a delimiter", "one character is needed, or: tab")
        if encoding and encoding not in ENCODINGS:
            raise BadValue(
                f"{encoding!r} is not an encoding that can be read", f"one of {', '.join(ENCODINGS)}"
            )
        if memory and not re.fullmatch(r"\d{1,6}(\.\d+)?\s*[MG]B", memory, re.IGNORECASE):
            raise BadValue(f"{memory!r} is not an amount of memory", "such as 600MB or 2GB")
        marks = ("", *missing) if missing else MARKERS
        return cls(marks, between, header, encoding or ENCODINGS[0], memory or MEMORY)


def load(engine: Engine, path: str, reading: Reading, relation: str, name: str) -> Table:
    """Makes a file a relation. Raises KedgeError where it cannot be read at all."""
    engine.doing(f"reading {name}")
    start = start_of(engine, path, name, reading.encoding)
    if start.kind == "parquet":
        source = f"read_parquet({quoted(engine.files[path])}, hive_partitioning = false)"
        table = _made(engine, relation, name, source, _described(engine, source), reading, "VIEW")
        return replace(table, columns=tuple(_looked_into(engine, table, one) for one in table.columns))
    read = _json if start.kind == "json" else _csv
    table = read(engine, path, start, reading, relation, name)
    return _kept(engine, replace(table, doubts=(*start.doubts, *table.doubts)))


def _looked_into(engine: Engine, table: Table, column: Column) -> Column:
    """A column of a file that has types: a text stays one, unless its numbers or dates have mistakes in them."""
    found = recognised(engine, table, column)
    is_mistaken = found.odd or len(found.written) > 1
    return found if is_mistaken else replace(column, mixed=found.mixed)


def _kept(engine: Engine, table: Table) -> Table:
    """The table with columns of texts as numbers or dates where nearly all of their values are, each read once."""
    columns: list[Column] = []
    cells: list[str] = []
    for at, column in enumerate(recognised(engine, table, column) for column in table.columns):
        value, cell = f"v{at}", f"c{at}"
        is_text_needed = column.sql != column.raw and (column.odd or column.written or column.identity)
        cells.append(f"{column.sql} AS {value}")
        cells += [f"{column.raw} AS {cell}"] if is_text_needed else []
        identity = column.identity.replace(VALUE, value).replace(CELL, cell)
        columns.append(replace(column, sql=value, raw=cell if is_text_needed else value, identity=identity))
    relation = f"{table.relation}_kept"
    engine.rows(f"CREATE TABLE {relation} AS SELECT {', '.join(cells)} FROM {table.relation}")
    engine.rows(f"DROP TABLE {table.relation}")
    return replace(table, relation=relation, columns=tuple(columns))


def _described(engine: Engine, source: str) -> list[tuple[str, str]]:
    return [(str(row[0]), str(row[1])) for row in engine.rows(f"DESCRIBE SELECT * FROM {source}")]


def _made(  # noqa: PLR0913  a function of DuckDB, and how its cells are to be read
    engine: Engine,
    relation: str,
    name: str,
    source: str,
    described: Sequence[tuple[str, str]],
    reading: Reading,
    form: str = "TABLE",
    *,
    padded: bool = False,
) -> Table:
    """Makes the relation from a table function, with values that stand for none taken out."""
    names = [f"c{at}" for at in range(len(described))]
    cells = [_cell(at, kind, reading.missing, padded=padded) for at, (_, kind) in enumerate(described)]
    chosen = ", ".join(f"{cell[0]} AS {at}" for at, cell in zip(names, cells, strict=True))
    engine.rows(
        f"CREATE OR REPLACE {form} {relation} AS SELECT {chosen} FROM {source} AS t({', '.join(names)})"
    )
    columns = tuple(
        Column(title, kind, family, at, at)
        for at, (title, _), (_, kind, family) in zip(names, described, cells, strict=True)
    )
    return Table(name, relation, columns, engine.row(f"SELECT count(*) FROM {relation}")[0])


def _cell(at: int, kind: str, missing: Sequence[str], *, padded: bool) -> tuple[str, str, Family]:
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
        text = f"trim({text})" if padded else text
        marks = " ".join(f"WHEN {quoted(mark)} THEN NULL" for mark in missing)
        # One WHEN for each: DuckDB makes a join of a longer IN, and hundreds of columns would not fit into memory.
        cleaned = f"CASE trim({text}) {marks} ELSE {text} END" if missing else text
        if not any(mark[:1].isdigit() for mark in missing):
            # Most cells are numbers: they are not compared with each mark.
            cleaned = f"CASE WHEN ascii({text}) BETWEEN 49 AND 57 THEN {text} ELSE {cleaned} END"
        return cleaned, plain, "values"
    if kind.endswith("]"):
        return f"to_json({cell})::VARCHAR", "LIST", "other"
    if plain in ("STRUCT", "MAP", "UNION"):
        return f"to_json({cell})::VARCHAR", plain, "other"
    return f"{cell}::VARCHAR", "NULL" if "NULL" in kind else one_line(plain)[:40], "other"


def _unpacked(packing: str) -> str:
    return f", compression = '{packing}'" if packing else ""


# ---- JSON lines


def _json(engine: Engine, path: str, start: Start, reading: Reading, relation: str, name: str) -> Table:
    """Reads JSON lines or a list of objects; lines that are no objects are counted, and left out."""
    is_list = bool(re.match(r"\s*\[\s*\{", start.text))
    if start.encoding == "utf-8":
        source = f"read_json({quoted(engine.files[path])}, format = 'auto'{_unpacked(start.packing)}, "
        try:
            table = _objects(engine, source, reading, relation, name)
            # One column of this name is what DuckDB makes of lines that are not all objects.
            if is_list or [column.name for column in table.columns] != ["json"]:
                return _with_doubts(table, start)
        except NotUnderstood as error:
            if is_list:
                raise BadValue(f"{name} is a list that cannot be read as JSON: {error.message}") from error
    copy = engine.beside(f"{relation}.jsonl")
    with text_lines(engine, path, start) as lines:
        tally = copy_objects(engine, lines, copy)
    if not tally.rows:
        raise BadValue(f"no line of {name} can be read", tally.first)
    size = max(16 * 2**20, 2 * tally.longest)
    source = f"read_json({quoted(copy)}, format = 'newline_delimited', maximum_object_size = {size}, "
    try:
        table = _objects(engine, source, reading, relation, name)
    except NotUnderstood as error:
        raise BadValue(f"{name} cannot be read as JSON lines: {error.message}") from error
    os.unlink(copy)
    return _with_doubts(replace(table, unreadable=tally.unreadable, unreadable_first=tally.first), start)


def _objects(engine: Engine, source: str, reading: Reading, relation: str, name: str) -> Table:
    """The objects as a relation: first by the types of the first rows, then by those of all."""
    try:
        return _typed(engine, f"{source}sample_size = {SAMPLE}", reading, relation, name)
    except NotUnderstood:
        # A value further down may not be of the type that the first rows have: then all rows are asked.
        return _typed(engine, f"{source}sample_size = -1", reading, relation, name)


def _typed(engine: Engine, source: str, reading: Reading, relation: str, name: str) -> Table:
    described = _described(engine, f"{source})")
    names = {title.casefold() for title, _ in described}
    renamed = [
        title
        for title, _ in described
        if title.casefold().rpartition("_")[0] in names and title[-1].isdigit()
    ]
    if not renamed:
        # Numbers as they are written, since some are longer than a DOUBLE, and texts: DuckDB would guess dates.
        texts = {"DOUBLE": "JSON"} | dict.fromkeys(("DATE", "TIMESTAMP", "TIME", '"NULL"'), "VARCHAR")
        described = [(title, texts.get(kind, kind)) for title, kind in described]
        types = ", ".join(f"{quoted(title)}: {quoted(kind)}" for title, kind in described)
        source = f"{source}, columns = {{{types}}}"
    return _made(engine, relation, name, f"{source})", described, reading)


def _with_doubts(table: Table, start: Start) -> Table:
    """The table with what is not plain about its objects."""
    doubts = list(table.doubts)
    lists = [column.name for column in table.columns if column.type == "LIST"]
    if table.rows == 1 and lists and start.complete:
        # A file that is a single object most likely has its rows in one of its fields.
        said = f"the rows may be in its field {one_line(lists[0])}, which is not looked into"
        doubts.append(doubt("one object", said))
    names = {column.name.casefold() for column in table.columns}
    for column in table.columns:
        bare, _, number = column.name.rpartition("_")
        if number.isdigit() and bare.casefold() in names and json.dumps(column.name) not in start.text:
            doubts.append(
                doubt(
                    "names that differ only by capitals or blanks",
                    f"{one_line(bare)}, called {one_line(column.name)}",
                )
            )
    return replace(table, doubts=tuple(doubts))


# ---- CSV


def _csv(engine: Engine, path: str, start: Start, reading: Reading, relation: str, name: str) -> Table:
    """Reads a CSV file in the shape that its beginning has, each cell as text.

    DuckDB reads it where every line is as it should be; otherwise it is read again line by line.
    """
    shape = shape_of(start.text, complete=start.complete, delimiter=reading.delimiter, header=reading.header)
    if not shape.names:
        raise BadValue(f"{name} has no line of names", "it has comments or blank lines only")
    if any("\ufffd" in name for name in shape.names):
        wrong = doubt(
            "names that are not UTF-8", "another encoding, such as latin-1, can be named (--encoding)"
        )
        shape = replace(shape, doubts=(*shape.doubts, wrong))
    if start.encoding in DIRECT and shape.plain and not shape.terminated:
        source = _read_csv(
            engine.files[path],
            shape,
            f", skip = {shape.skip}, encoding = '{start.encoding}'{_unpacked(start.packing)}",
        )
        try:
            table = _texts(engine, source, shape, reading, relation, name)
            # Line ends of several kinds can make DuckDB take all lines for one, without an error.
            if table.rows >= shape.rows:
                return replace(table, doubts=shape.doubts)
        except NotUnderstood:
            pass
    engine.doing(f"reading {name} line by line")
    copy = engine.beside(f"{relation}.csv")
    with text_lines(engine, path, start) as lines:
        tally = copy_rows(engine, lines, shape, copy)
    if not tally.rows and tally.unreadable:
        raise BadValue(
            f"no line of {name} can be read", f"{tally.first}; --delimiter says what is between cells"
        )
    longest = max(2 * 2**20, 4 * tally.longest)
    source = _read_csv(
        copy, replace(shape, delimiter=",", quote='"', escape='"'), f", max_line_size = {longest}"
    )
    table = _texts(engine, source, shape, reading, relation, name)
    os.unlink(copy)
    doubts = list(shape.doubts)
    if tally.short:
        said = f"{tally.short:,} end before the last column, whose value is counted as missing"
        doubts.append(doubt("lines with fewer cells", said))
    return replace(table, unreadable=tally.unreadable, unreadable_first=tally.first, doubts=tuple(doubts))


def _read_csv(link: str, shape: Shape, more: str) -> str:
    columns = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(len(shape.names)))
    return (
        f"read_csv({quoted(link)}, auto_detect = false, header = false, columns = {{{columns}}}, strict_mode = true,"
        f" delim = {quoted(shape.delimiter)}, quote = {quoted(shape.quote)}, escape = {quoted(shape.escape)},"
        " comment = '',"
        f" hive_partitioning = false{more})"
    )


def _texts(engine: Engine, source: str, shape: Shape, reading: Reading, relation: str, name: str) -> Table:
    """The cells as a relation of texts, without a nameless column at an edge that is empty in every row."""
    described = [(title, "VARCHAR") for title in shape.names]
    table = _made(engine, relation, name, source, described, reading, padded=shape.padded)
    last = len(shape.names) - 1
    edges = {0, last} if any(shape.given) and last > 1 else {last} if shape.terminated else set[int]()
    blank = [at for at in edges if not shape.given[at].strip()]
    if not blank:
        return table
    held = engine.row(f"SELECT {', '.join(f'count(c{at})' for at in blank)} FROM {relation}")
    empty = {at for at, count in zip(blank, held, strict=True) if not count}
    return replace(table, columns=tuple(one for at, one in enumerate(table.columns) if at not in empty))


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
        mixed = _mixed([one.mixed for one in same])
        columns.append(Column(column.name, shown, family, f"v{at}", f"r{at}", total, written, mixed))
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
        tuple(
            replace(one, detail=f"{one.detail} (in {table.name})") for table in tables for one in table.doubts
        ),
    )


def _mixed(parts: Sequence[Mixed | None]) -> Mixed | None:
    """What most values of a column are in parts that are all mixed in the same way."""
    known = [one for one in parts if one is not None]
    if len(known) < len(parts) or len({one.kind for one in known}) > 1:
        return None
    return Mixed(
        known[0].kind,
        sum(one.fitting for one in known),
        sum(one.others for one in known),
        max(one.different for one in known),
        known[0].example,
    )

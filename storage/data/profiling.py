"""Measuring data files: what is in their columns, which rows stand there twice, how several files fit together.

Counts are exact. Above five million rows quartiles and numbers of different values are approximate, and said to be:
exact ones would need every value in memory at once.
"""
# ruff: noqa: S608  statements are made of our own names and quoted texts, see profiling_tables

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ...model.data.profile import (
    FEW_VALUES,
    METHODS,
    ColumnFigures,
    DataFinding,
    Join,
    Measurement,
    TableFigures,
    dataset_fields,
)
from ...model.edit.edits import edit
from ...model.plan.change import Batch
from ...model.plan.plan import Plan
from ...model.records.address import Address
from ...model.records.base import to_data
from ..disk.errors import BadValue, KedgeError
from .profiling_columns import Column, Table
from .profiling_engine import Engine, NotEnoughMemory, Progress
from .profiling_tables import WHOLE_NUMBERS, Reading, load, union

EXACT_ROWS = 5_000_000
EXACT_VALUES = 100_000
"""So many different values are counted exactly in any number of rows: they fit into memory."""
APPROXIMATE = ("quartiles (t-digest)", f"numbers of different values above {EXACT_VALUES:,} (HyperLogLog)")
MOST_DAYS = 40_000
"""Days of more than a century: a column with more is not about days."""
MOST_GROUPS = 100_000
LONGEST_SHOWN = 60
PARTS = 16
NEAR = 0.02
"""A column with more different values than this share of its rows cannot be nearly constant."""


@dataclass(frozen=True)
class Asked:
    """What is to be measured, besides the files."""

    method: str = "tukey"
    key: tuple[str, ...] = ()
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    """Values that must occur, by column."""
    older: str = ""
    """A file whose groups must still occur."""


def measure(paths: Sequence[str], asked: Asked, reading: Reading, progress: Progress) -> Measurement:
    """Measures files: those with the columns of the first are parts of one table, others are compared with it.

    Raises KedgeError for a file or column that is not there or cannot be read.
    """
    names = _names([*paths, *([asked.older] if asked.older else [])])
    with Engine([*paths, *([asked.older] if asked.older else [])], reading.memory, progress) as engine:
        tables = [load(engine, path, reading, f"t{at}", names[path]) for at, path in enumerate(paths)]
        parts = [table for table in tables if _titles(table) == _titles(tables[0])]
        table = union(engine, parts, "whole")
        groups = dict(asked.groups)
        if asked.older:
            groups = (
                _groups_of(engine, load(engine, asked.older, reading, "older", names[asked.older]), table)
                | groups
            )
        for name in (*asked.key, *groups):
            _wanted(table, name)
        figures = _measured_table(engine, table, asked, groups)
        sources: tuple[TableFigures, ...] = ()
        if len(tables) > 1:
            plain = replace(asked, key=())
            sources = tuple(_measured_table(engine, one, plain, {}) for one in tables)
        others = [one for one in tables if one not in parts]
        key, assumed = (asked.key, False) if asked.key or not others else (_likely_key(tables, sources), True)
        joins = tuple(_joins(engine, table, others, key)) if key else ()
        sha256 = _hash(paths[0], names, progress) if len(parts) == 1 else ""
    return Measurement(
        table=figures,
        sources=sources,
        key=key,
        key_assumed=assumed and bool(key),
        joins=joins,
        reference=groups,
        sha256=sha256,
        source=table.name,
        method=METHODS[asked.method],
    )


def listed_values(path: str) -> frozenset[str]:
    """The values in a file, a line each. Raises BadValue."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            found = frozenset(line.strip() for line in file if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise BadValue(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if not found:
        raise BadValue(f"{path} names no value", "write a value on each line")
    return found


def date_column(measured: Measurement, named: str) -> str:
    """The column whose days count: the named one, else the only one with dates, if any. Raises BadValue."""
    dates = [name for name, figures in measured.table.columns.items() if figures.family == "date"]
    if named and named not in dates:
        hint = f"dates are in {', '.join(dates)}" if dates else "no column has dates"
        raise BadValue(f"{named!r} is not a column of dates", hint)
    return named or (dates[0] if len(dates) == 1 else "")


def measured_change(  # noqa: PLR0913  what was measured, where it goes, and how it was asked for
    plan: Plan,
    root: str,
    address: Address,
    measured: Measurement,
    found: Iterable[DataFinding],
    first: str,
    today: dt.date,
    *,
    critical: Iterable[str] = (),
    dates: str = "",
) -> Batch:
    """The change that writes what was measured into the record of a dataset of the plan at `root`.

    `first` is the path of the first file, `dates` the column whose days count. Raises EditRefused where a figure does
    not fit.
    """
    if measured.sha256:
        measured = replace(measured, source=_shared_path(first, root))
    fields = dataset_fields(to_data(plan.records[address]), measured, found, critical, dates, today)
    return edit(plan, address, fields, f"measure {address.id}")


def _shared_path(path: str, root: str) -> str:
    """A path that means the same to everyone: below the plan's folder's neighbours, else the file's name alone."""
    beside = os.path.relpath(os.path.realpath(path), os.path.dirname(os.path.realpath(root)))
    return os.path.basename(path) if beside.startswith("..") else beside.replace(os.sep, "/")


def _titles(table: Table) -> set[str]:
    return {column.name for column in table.columns}


def _names(paths: Sequence[str]) -> dict[str, str]:
    """A short name for each file: its own, or the path where two have the same. Raises BadValue for a repeat."""
    if len(set(paths)) < len(paths):
        raise BadValue("a file is named twice", "name each file once")
    bare = [os.path.basename(path) for path in paths]
    return {path: name if bare.count(name) == 1 else path for path, name in zip(paths, bare, strict=True)}


def _hash(path: str, names: Mapping[str, str], progress: Progress) -> str:
    progress(f"hashing {names[path]}", None)
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _wanted(table: Table, name: str) -> Column:
    column = table.column(name)
    if column is None:
        from ...model.plan.validate import nearest

        titles = [one.name for one in table.columns]
        close = nearest(name, titles)
        hint = f"did you mean {close}?" if close else f"it has {', '.join(titles[:20])}"
        raise BadValue(f"{table.name} has no column {name!r}", hint)
    return column


# ---- one table


def _measured_table(
    engine: Engine, table: Table, asked: Asked, groups: Mapping[str, frozenset[str]]
) -> TableFigures:
    columns: dict[str, ColumnFigures] = {}
    for at, column in enumerate(table.columns, 1):
        engine.doing(f"measuring {table.name}, column {at} of {len(table.columns)}")
        columns[column.name] = _column(engine, table, column, asked.method, is_group=column.name in groups)
    engine.doing(f"looking for duplicates in {table.name}")
    cells = ", ".join(column.raw for column in table.columns)
    keys = [_wanted(table, name).raw for name in asked.key]
    whole = " AND ".join(f"{key} IS NOT NULL" for key in keys) or "true"
    with_key = engine.row(f"SELECT count(*) FROM {table.relation} WHERE {whole}")[0]
    return TableFigures(
        name=table.name,
        rows=table.rows,
        columns=columns,
        duplicates=table.rows - _different(engine, cells, table.relation),
        unreadable=table.unreadable,
        unreadable_first=table.unreadable_first,
        doubts=table.doubts,
        key_duplicates=with_key - _different(engine, ", ".join(keys), table.relation, whole)
        if keys
        else None,
        key_missing=table.rows - with_key if keys else None,
        approximate=APPROXIMATE if table.rows > EXACT_ROWS else (),
    )


def _different(engine: Engine, cells: str, relation: str, where: str = "true") -> int:
    """How many rows differ in some cells, by their hashes: in parts, where not all of them fit into memory."""
    hashes = f"(SELECT hash({cells}) AS h FROM {relation} WHERE {where})"
    try:
        return engine.row(f"SELECT count(DISTINCT h) FROM {hashes}")[0]
    except NotEnoughMemory:
        parts = (
            f"SELECT count(DISTINCT h) FROM {hashes} WHERE h % {PARTS} = {part}" for part in range(PARTS)
        )
        return sum(engine.row(part)[0] for part in parts)


def _column(engine: Engine, table: Table, column: Column, method: str, *, is_group: bool) -> ColumnFigures:
    exact = table.rows <= EXACT_ROWS
    value, number = column.sql, column.family == "number"
    different = f"count(DISTINCT {column.same})" if exact else f"approx_count_distinct({column.same})"
    shown = {"number": value, "date": f"{value}::VARCHAR"}.get(
        column.family, f"left({value}, {LONGEST_SHOWN})"
    )
    parts = [f"count({column.raw})", different, f"min({shown})", f"max({shown})"]
    if number:
        finite = _finite(value)
        parts += [f"avg({finite})", _quantiles(finite, "[0.25, 0.5, 0.75]", exact=exact)]
    present, distinct, low, high, *spread = engine.row(f"SELECT {', '.join(parts)} FROM {table.relation}")
    if not exact and distinct < EXACT_VALUES:
        distinct = engine.row(f"SELECT count(DISTINCT {column.same}) FROM {table.relation}")[0]
    figures = ColumnFigures(
        type=column.type,
        family=column.family,
        missing=table.rows - present,
        distinct=distinct,
        minimum=_plain(low),
        maximum=_plain(high),
        odd=column.odd,
        written=column.written,
        mixed=column.mixed,
    )
    if number and spread[1] is not None:
        figures = _with_outliers(engine, table, replace(figures, mean=spread[0]), spread[1], value, method)
    figures = _with_values(engine, table, column, figures, is_group=is_group)
    return replace(figures, days=_days(engine, table, value)) if column.family == "date" else figures


def _finite(value: str) -> str:
    """A value, unless it is endless: that is no measure of where the others lie."""
    return f"CASE WHEN isfinite({value}::DOUBLE) THEN {value}::DOUBLE END"


def _quantiles(value: str, shares: str, *, exact: bool) -> str:
    return f"{'quantile_cont' if exact else 'approx_quantile'}({value}, {shares})"


def _with_outliers(
    engine: Engine,
    table: Table,
    figures: ColumnFigures,
    quartiles: Sequence[float],
    value: str,
    method: str,
) -> ColumnFigures:
    """Counts values outside the fences; without a spread there are none, and nothing is counted."""
    low, middle, high = map(float, quartiles)
    if method == "mad":
        away = _quantiles(f"abs({_finite(value)} - {middle!r})", "0.5", exact=table.rows <= EXACT_ROWS)
        spread = engine.row(f"SELECT {away} FROM {table.relation}")[0]
        fences = (middle - 3.5 * spread / 0.6745, middle + 3.5 * spread / 0.6745)
    else:
        spread = high - low
        fences = (low - 1.5 * spread, high + 1.5 * spread)
    figures = replace(figures, quartiles=(low, middle, high))
    if not spread:
        return figures
    outside = f"count(*) FILTER ({value} < {fences[0]!r}::DOUBLE OR {value} > {fences[1]!r}::DOUBLE)"
    return replace(figures, fences=fences, outliers=engine.row(f"SELECT {outside} FROM {table.relation}")[0])


def _with_values(
    engine: Engine, table: Table, column: Column, figures: ColumnFigures, *, is_group: bool
) -> ColumnFigures:
    """Rows per value where there are few, or where they are compared with a reference."""
    if figures.distinct > max(FEW_VALUES * 1.2, NEAR * table.rows) and not is_group:
        return figures
    most = MOST_GROUPS if is_group else FEW_VALUES
    text = column.raw if column.family == "number" and is_group else column.same
    found = engine.rows(
        f"SELECT {text}::VARCHAR AS value, count(*) AS held FROM {table.relation} WHERE {text} IS NOT NULL"
        f" GROUP BY value ORDER BY held DESC, value LIMIT {most + 1}"
    )
    if is_group and len(found) > most:
        raise KedgeError(f"{column.name!r} has more than {most:,} different values: these are no groups")
    return replace(
        figures, values=dict(found) if len(found) <= most else None, commonest=found[0] if found else None
    )


def _days(engine: Engine, table: Table, value: str) -> tuple[dt.date, ...]:
    found = engine.rows(
        f"SELECT DISTINCT {value}::DATE::VARCHAR FROM {table.relation} WHERE {value} IS NOT NULL LIMIT {MOST_DAYS + 1}"
    )
    days: list[dt.date] = []
    for (text,) in found[:MOST_DAYS]:
        try:
            days.append(dt.date.fromisoformat(text))
        except ValueError:
            # Endless dates and years of five digits are no days that a calendar has.
            continue
    return tuple(sorted(days)) if len(found) <= MOST_DAYS else ()


def _plain(value: Any) -> float | str | None:
    """A figure as JSON and TOML know it; decimals become floats."""
    return value if value is None or isinstance(value, int | float | str) else float(value)


# ---- several files


def _groups_of(engine: Engine, older: Table, table: Table) -> dict[str, frozenset[str]]:
    """The groups of an older file, for the columns of categories that both have."""
    found: dict[str, frozenset[str]] = {}
    for column in older.columns:
        now = table.column(column.name)
        if now is None or now.family != "values" or column.family != "values":
            continue
        engine.doing(f"reading groups of {older.name}")
        rows = engine.rows(
            f"SELECT DISTINCT {column.sql}::VARCHAR FROM {older.relation} WHERE {column.sql} IS NOT NULL"
            f" LIMIT {FEW_VALUES + 1}"
        )
        if 0 < len(rows) <= FEW_VALUES:
            found[column.name] = frozenset(value for (value,) in rows)
    return found


def _likely_key(tables: Sequence[Table], sources: Sequence[TableFigures]) -> tuple[str, ...]:
    """The first column that all sources have and that is different in every row of one of them."""
    for column in tables[0].columns:
        if not all(table.column(column.name) for table in tables):
            continue
        for source in sources:
            figures = source.columns[column.name]
            exact = source.rows <= EXACT_ROWS
            if exact and source.rows > 1 and not figures.missing and figures.distinct == source.rows:
                return (column.name,)
    return ()


def _joins(engine: Engine, table: Table, others: Sequence[Table], key: Sequence[str]) -> Iterator[Join]:
    """How the keys of the table fit those of the other sources, both ways."""
    for other in others:
        engine.doing(f"joining {table.name} and {other.name}")
        pairs = [(_wanted(table, name), _wanted(other, name)) for name in key]
        kinds = [_joined_as(*pair) for pair in pairs]
        sides: list[str] = []
        for side, relation in ((0, table.relation), (1, other.relation)):
            cells = [
                f"{pair[side].raw if kind == 'VARCHAR' else pair[side].sql}::{kind}"
                for pair, kind in zip(pairs, kinds, strict=True)
            ]
            named = ", ".join(f"{cell} AS k{at}" for at, cell in enumerate(cells))
            whole = " AND ".join(f"{cell} IS NOT NULL" for cell in cells)
            sides.append(f"(SELECT DISTINCT {named} FROM {relation} WHERE {whole})")
        equal = " AND ".join(f"a.k{at} = b.k{at}" for at in range(len(pairs)))
        for (left, one), (right, another) in (
            ((table.name, sides[0]), (other.name, sides[1])),
            ((other.name, sides[1]), (table.name, sides[0])),
        ):
            keys, alone = engine.row(
                f"SELECT count(*), count(*) FILTER (b.k0 IS NULL) FROM {one} AS a LEFT JOIN {another} AS b ON {equal}"
            )
            yield Join(left, right, keys, alone)


def _joined_as(left: Column, right: Column) -> str:
    """The type in which two keys are compared: whole numbers exactly, of whatever length."""
    if left.family == right.family == "date":
        return "TIMESTAMP"
    if left.family != "number" or right.family != "number":
        return "VARCHAR"
    return "DOUBLE" if {left.type, right.type} - WHOLE_NUMBERS or left.odd or right.odd else "HUGEINT"

"""How numbers and dates are written in cells of text, and what they are then.

A form is taken for a column only where nearly all of its values have it, and where no other form fits as well: a day
that may as well be a month is left as text, and said to be.
"""
# ruff: noqa: S608  statements are made of our own names and quoted texts, see profiling_tables

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ...model.data.profile import MOSTLY, Mixed
from .profiling_columns import Column, Table
from .profiling_engine import Engine, quoted

NEARLY_ALL = 0.95
"""Share of numbers from which a column of texts is taken as numbers with mistakes in it."""
LOOK = 1000
"""Values in which a form must occur to be looked for in all."""
CODES = 0.01
"""Share of values in the form of a code, such as a post code, from which a column has codes and no numbers."""
CODE = r"0[0-9]+([.,][0-9]+)*|\+[0-9]{7,15}|[0-9]+[eE][0-9]+"
"""A zero in front, a telephone number, and what a hexadecimal number looks like when it has one letter."""
VERSION = r"[0-9]{1,2}\.(0|[1-9][0-9]{0,2})"
MOST_VERSIONS = 200
SIMPLE = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?"
"""What is a number and nothing else, unless it is as short as a version."""
LONGEST_EXACT = 16
"""Characters of a number that a DOUBLE holds exactly, with its point."""
LONGEST_VERSION = 6
LONGEST_BIGINT = 18
CELL, VALUE = "CELL", "VALUE"
EXACT = f"CASE WHEN strlen({CELL}) > {LONGEST_EXACT} THEN trim({CELL}) ELSE {VALUE}::VARCHAR END"
"""What is the same number where a DOUBLE does not tell."""
PLAIN, ISO = "1234.5", "2025-12-31"
"""What every reader takes for a number or a date."""
TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p")
ISO_SHAPE = "[0-9]{4}[-/][0-9]{1,2}[-/].*"


def _number(pattern: str, *replaced: tuple[str, str]) -> str:
    cell = "trim(CELL)"
    for old, new in replaced:
        cell = f"replace({cell}, {quoted(old)}, {quoted(new)})"
    return f"CASE WHEN regexp_full_match(trim(CELL), {quoted(pattern)}) THEN try_cast({cell} AS DOUBLE) END"


def _date(form: str) -> str:
    """A date in the parts of strptime, with or without a time behind it."""
    pattern = form.replace(".", r"\.")
    for part, shape in (("%d", "[0-9]{1,2}"), ("%m", "[0-9]{1,2}"), ("%y", "[0-9]{2}"), ("%Y", "[0-9]{4}")):
        pattern = pattern.replace(part, shape)
    pattern = pattern.replace("%b", "[A-Za-z]{3}") + "( .*)?"
    forms = ", ".join(quoted(form + time) for time in TIMES)
    matches = f"regexp_full_match(trim(CELL), {quoted(pattern)})"
    return f"CASE WHEN {matches} THEN try_strptime(trim(CELL), [{forms}]) END"


NUMBERS: Mapping[str, str] = {
    PLAIN: _number(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?(?i:inf|infinity)"),
    "1.234,5": _number(r"[+-]?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+)(,[0-9]+)?", (".", ""), (",", ".")),
    "1,234.5": _number(r"[+-]?([0-9]+|[1-9][0-9]{0,2}(,[0-9]{3})+)(\.[0-9]+)?", (",", "")),
}
DATES: Mapping[str, str] = {
    ISO: f"CASE WHEN regexp_full_match(trim(CELL), {quoted(ISO_SHAPE)}) THEN try_cast(CELL AS TIMESTAMP) END",
    "31.12.2025": _date("%d.%m.%Y"),
    # Strictly two digits each: 1.2.10 is a version rather than a day.
    "31.12.25": _date("%d.%m.%y").replace("{1,2}", "{2}"),
    "31/12/2025": _date("%d/%m/%Y"),
    "12/31/2025": _date("%m/%d/%Y"),
    "31/12/25": _date("%d/%m/%y"),
    "12/31/25": _date("%m/%d/%y"),
    "31-12-2025": _date("%d-%m-%Y"),
    "12-31-2025": _date("%m-%d-%Y"),
    "31 Dec 2025": _date("%d %b %Y"),
    "Dec 31, 2025": _date("%b %d, %Y"),
}
"""Forms by an example, each as SQL that gives the value of a CELL, or NULL where it is not of the form."""
ALIKE = (
    ("1.234,5", "1,234.5"),
    ("31/12/2025", "12/31/2025"),
    ("31/12/25", "12/31/25"),
    ("31-12-2025", "12-31-2025"),
)
"""Forms of which one text may have both."""


def recognised(engine: Engine, table: Table, column: Column) -> Column:
    """The column as numbers or dates where nearly all of its values are written so, else as text."""
    if column.family != "values" or column.type == "BOOLEAN":
        return column
    found = _simple_numbers(engine, table, column)
    if found is not None:
        return found
    least, fits, unclear = _forms(engine, table, column)
    number = max(NUMBERS, key=lambda form: fits.get(form, 0))
    dates = [form for form in DATES if form in fits]
    if fits.get(number, 0) >= least:
        if number == PLAIN:
            found = _plain_numbers(engine, table, column, fits[number])
            if isinstance(found, Column):
                return found
            unclear = found
        else:
            return _taken(engine, table, column, "DOUBLE", _value(number, column), {number: fits[number]})
    elif sum(fits[form] for form in dates) >= least:
        value = f"coalesce({', '.join(_value(form, column) for form in dates)})"
        written = {form: fits[form] for form in dates} if dates != [ISO] else {}
        timed = engine.row(
            f"SELECT count(*) FILTER ({value} <> date_trunc('day', {value})) FROM {table.relation}"
        )
        kind = "TIMESTAMP" if timed[0] else "DATE"
        return _taken(engine, table, column, kind, f"({value})::{kind}", written)
    elif not fits and _is_boolean(engine, table, column):
        return replace(column, type="BOOLEAN", sql=f"lower(trim({column.raw}))")
    if column.type not in ("JSON", "UUID"):
        column = replace(column, type="VARCHAR")
    column = replace(column, mixed=_mixed(engine, table, column, (number, dates), fits, least))
    return replace(column, written={name: count for name, count in unclear.items() if count >= least})


def _mixed(
    engine: Engine,
    table: Table,
    column: Column,
    forms: tuple[str, list[str]],
    fits: Mapping[str, int],
    least: float,
) -> Mixed | None:
    """What most values of a column of text are, with the others; None where they are of no one kind."""
    number, dates = forms
    counts = fits.get(number, 0), sum(fits[form] for form in dates)
    mostly = least * MOSTLY / NEARLY_ALL
    if max(counts) < mostly or max(counts) >= least:
        return None
    names = [number] if counts[0] >= counts[1] else dates
    is_other = " AND ".join(f"({_value(form, column)}) IS NULL" for form in names)
    others = f"FILTER ({column.raw} IS NOT NULL AND {is_other})"
    fitting, count, different, example = engine.row(
        f"SELECT count({column.raw}) - count(*) {others}, count(*) {others},"
        f" count(DISTINCT {column.raw}) {others}, min({column.raw}) {others} FROM {table.relation}"
    )
    kind = "numbers" if names == [number] else "dates"
    return Mixed(kind, fitting, count, different, str(example)[:200]) if count else None


def _simple_numbers(engine: Engine, table: Table, column: Column) -> Column | None:
    """The column as numbers where all of its values are simple ones, which one look at each of them tells."""
    simple = f"count(*) FILTER (regexp_full_match({column.raw}, {quoted(SIMPLE)}))"
    present, fitting = engine.row(f"SELECT count(*), {simple} FROM {_first(table, column)}")
    if not present or fitting < present:
        return None
    present, fitting, dotted, longest, inexact = engine.row(
        f"SELECT count({column.raw}), {simple}, count(*) FILTER (contains({column.raw}, '.')),"
        f" max(strlen({column.raw})), {_inexact(column)} FROM {table.relation}"
    )
    if fitting < present or (longest <= LONGEST_VERSION if dotted else longest > LONGEST_BIGINT):
        return None
    kind = "DOUBLE" if dotted else "BIGINT"
    return _as(column, kind, f"try_cast({column.raw} AS {kind})", EXACT if dotted and inexact else "")


def _first(table: Table, column: Column) -> str:
    """Some values of a column."""
    return f"(SELECT {column.raw} FROM {table.relation} WHERE {column.raw} IS NOT NULL LIMIT {LOOK})"


def _inexact(column: Column) -> str:
    """How many long numbers a DOUBLE holds only nearly: those that it would not be written as."""
    return (
        f"count(*) FILTER (strlen({column.raw}) > {LONGEST_EXACT}"
        f" AND try_cast({column.raw} AS DOUBLE)::VARCHAR <> {column.raw})"
    )


def _plain_numbers(engine: Engine, table: Table, column: Column, count: int) -> Column | dict[str, int]:
    """The column as numbers of the narrowest type that holds each exactly; else what they may be as well."""
    cell = f"trim({column.raw})"
    whole = f"regexp_full_match({cell}, '[+-]?[0-9]+')"
    versions = f"count(*) FILTER (regexp_full_match({cell}, {quoted(VERSION)}))"
    ends = [
        f"count(*) FILTER (regexp_full_match({cell}, {quoted(end)}))"
        for end in (r".*\.[1-9]+0", r".*\.[0-9]")
    ]
    wholes, small, large, inexact, versioned, zeros, short = engine.row(
        f"SELECT count(*) FILTER ({whole}), count(CASE WHEN {whole} THEN try_cast({cell} AS BIGINT) END),"
        f" count(CASE WHEN {whole} THEN try_cast({cell} AS HUGEINT) END), {_inexact(column)},"
        f" {versions}, {ends[0]}, {ends[1]} FROM {table.relation}"
    )
    if wholes == count:
        kind = "BIGINT" if small == count else "HUGEINT"
        if large < count:
            return {}
        return _taken(
            engine, table, column, kind, f"CASE WHEN {whole} THEN try_cast({cell} AS {kind}) END", {}
        )
    if versioned == count and zeros and short:
        # 1.9 and 1.10 are versions or numbers; few different ones are more likely versions.
        different = engine.row(f"SELECT count(DISTINCT {cell}) FROM {table.relation}")[0]
        if different <= MOST_VERSIONS:
            return {"1.10 as a number or as a version": count}
    found = _taken(engine, table, column, "DOUBLE", _value(PLAIN, column), {})
    return replace(found, identity=EXACT) if inexact else found


def _is_boolean(engine: Engine, table: Table, column: Column) -> bool:
    other = f"lower(trim({column.raw})) NOT IN ('true', 'false')"
    seen = engine.row(f"SELECT count(*), count(*) FILTER ({other}) FROM {_first(table, column)}")
    return (
        seen[0]
        and not seen[1]
        and not engine.row(f"SELECT count(*) FILTER ({other}) FROM {table.relation}")[0]
    )


def _value(form: str, column: Column) -> str:
    return {**NUMBERS, **DATES}[form].replace(CELL, column.raw)


def _forms(engine: Engine, table: Table, column: Column) -> tuple[float, dict[str, int], dict[str, int]]:
    """How many values a form needs, how many each has, and how many have two forms alike, by the names of both."""
    names = [*NUMBERS, *DATES]
    seen = engine.row(
        f"SELECT {', '.join(f'count({_value(name, column)})' for name in names)} FROM {_first(table, column)}"
    )
    names = [name for name, count in zip(names, seen, strict=True) if count]
    if not names:
        return 1, {}, {}
    counts = ", ".join(f"count({_value(name, column)})" for name in names)
    codes = f"count(*) FILTER (regexp_full_match(trim({column.raw}), {quoted(CODE)}))"
    present, coded, *held = engine.row(f"SELECT count({column.raw}), {codes}, {counts} FROM {table.relation}")
    fits = dict(zip(names, held, strict=True))
    if coded > CODES * present and column.type != "JSON":
        fits = {name: count for name, count in fits.items() if name not in NUMBERS}
    unclear: dict[str, int] = {}
    for one, other in ALIKE:
        both = fits.get(one, 0), fits.get(other, 0)
        if both[0] == both[1] > 0:
            unclear[f"{one} or {other}"] = both[0]
        # Of two readings of the same texts only the one that explains more of them may count.
        for name, count in zip((one, other), both, strict=True):
            if count == min(both):
                fits.pop(name, None)
    return max(NEARLY_ALL * present, 1), fits, unclear


def _taken(
    engine: Engine, table: Table, column: Column, kind: str, value: str, written: Mapping[str, int]
) -> Column:
    """The column with other values, and with what does not fit into them."""
    misfit = f"{column.raw} IS NOT NULL AND {value} IS NULL"
    count, example = engine.row(
        f"SELECT count(*) FILTER ({misfit}), min({column.raw}) FILTER ({misfit}) FROM {table.relation}"
    )
    return replace(
        _as(column, kind, value), odd=(count, str(example)[:200]) if count else None, written=written
    )


def _as(column: Column, kind: str, value: str, identity: str = "") -> Column:
    """The column with other values."""
    return replace(
        column,
        type=column.type if column.type not in ("VARCHAR", "JSON") else kind,
        family="date" if kind in ("DATE", "TIMESTAMP") else "number",
        sql=value,
        identity=identity,
    )

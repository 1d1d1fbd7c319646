"""How numbers and dates are written in cells of text, and what they are then.

A form is taken for a column only where nearly all of its values have it, and where no other form fits as well: a day
that may as well be a month is left as text, and said to be.
"""
# ruff: noqa: S608  statements are made of our own names and quoted texts, see profiling_tables

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from .profiling_engine import Engine, quoted

if TYPE_CHECKING:
    from .profiling_tables import Column, Table

NEARLY_ALL = 0.95
"""Share of numbers from which a column of texts is taken as numbers with mistakes in it."""
LOOK = 1000
"""Values in which a form must occur to be looked for in all."""
CODES = 0.01
"""Share of numbers with a zero in front from which they are codes, such as post codes: a number has none."""
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
    PLAIN: "try_cast(CELL AS DOUBLE)",
    "1.234,5": _number(r"[+-]?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+)(,[0-9]+)?", (".", ""), (",", ".")),
    "1,234.5": _number(r"[+-]?([0-9]+|[1-9][0-9]{0,2}(,[0-9]{3})+)(\.[0-9]+)?", (",", "")),
}
DATES: Mapping[str, str] = {
    ISO: f"CASE WHEN regexp_full_match(trim(CELL), {quoted(ISO_SHAPE)}) THEN try_cast(CELL AS TIMESTAMP) END",
    "31.12.2025": _date("%d.%m.%Y"),
    "31.12.25": _date("%d.%m.%y"),
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
    least, fits, unclear = _forms(engine, table, column)
    number = max(NUMBERS, key=lambda form: fits.get(form, 0))
    dates = [form for form in DATES if form in fits]
    if fits.get(number, 0) >= least:
        written = {number: fits[number]} if number != PLAIN else {}
        return _taken(engine, table, column, "DOUBLE", _value(number, column), written)
    if sum(fits[form] for form in dates) >= least:
        value = f"coalesce({', '.join(_value(form, column) for form in dates)})"
        written = {form: fits[form] for form in dates} if dates != [ISO] else {}
        timed = engine.row(
            f"SELECT count(*) FILTER ({value} <> date_trunc('day', {value})) FROM {table.relation}"
        )
        kind = "TIMESTAMP" if timed[0] else "DATE"
        return _taken(engine, table, column, kind, f"({value})::{kind}", written)
    if column.type not in ("JSON", "UUID"):
        column = replace(column, type="VARCHAR")
    return replace(column, written={name: count for name, count in unclear.items() if count >= least})


def _value(form: str, column: Column) -> str:
    return {**NUMBERS, **DATES}[form].replace("CELL", column.raw)


def _forms(engine: Engine, table: Table, column: Column) -> tuple[float, dict[str, int], dict[str, int]]:
    """How many values a form needs, how many each has, and how many have two forms alike, by the names of both."""
    names = [*NUMBERS, *DATES]
    first = f"(SELECT {column.raw} FROM {table.relation} WHERE {column.raw} IS NOT NULL LIMIT {LOOK})"
    seen = engine.row(f"SELECT {', '.join(f'count({_value(name, column)})' for name in names)} FROM {first}")
    names = [name for name, count in zip(names, seen, strict=True) if count]
    if not names:
        return 1, {}, {}
    counts = ", ".join(f"count({_value(name, column)})" for name in names)
    zeros = f"count(*) FILTER (regexp_full_match(trim({column.raw}), '0[0-9]+'))"
    present, coded, *held = engine.row(f"SELECT count({column.raw}), {zeros}, {counts} FROM {table.relation}")
    fits = dict(zip(names, held, strict=True))
    if coded > CODES * present:
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
        column,
        type=column.type if column.type not in ("VARCHAR", "JSON") else kind,
        family="number" if kind == "DOUBLE" else "date",
        sql=value,
        odd=(count, str(example)[:200]) if count else None,
        written=written,
    )

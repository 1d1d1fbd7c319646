"""What a data file was measured to be, and how that changes the record of its dataset.

Figures come from `storage`, and `profile_findings` says what they mean. Only what was measured is ever said to be
explored, and what a person wrote stays.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ..text.visible import one_line

Family = Literal["number", "date", "values", "other"]

FEW_VALUES = 200
"""Columns with at most so many different values are taken as categories, and their values are counted."""

TUKEY = "Tukey's fences: below Q1 - 1.5 IQR or above Q3 + 1.5 IQR"
MAD = "modified z-score: further than 3.5 MAD / 0.6745 from the median"
METHODS = {"tukey": TUKEY, "mad": MAD}
"""Tukey 1977, Exploratory Data Analysis; Iglewicz & Hoaglin 1993, How to Detect and Handle Outliers."""

MISSING = "missing values in the fields that matter"
OUTLIERS = "outliers and odd behaviour"
GROUPS = "whole groups absent (people, items, regions)"
JOINS = "irregularities from joining sources"
UNITS = "units, codes and dates consistent throughout"
DUPLICATES = "duplicates"
"""Lines of the first look at the data, as the playbook has them."""

MEASURED = frozenset({"type", "missing_share", "distinct", "outliers"})
"""Fields of a column that hold figures."""
LONGEST = 500
"""Characters that a line of a record may have."""

MOSTLY = 0.8
"""Share of values from which a column is said to be mostly of one kind."""


@dataclass(frozen=True)
class Mixed:
    """Values of a column of text most of which, but too few to take it for one, are numbers or dates."""

    kind: Literal["numbers", "dates"]
    fitting: int
    others: int
    different: int
    """How many of the others differ: a few are marks such as `n/a`, many are codes."""
    example: str


@dataclass(frozen=True)
class ColumnFigures:
    """What was measured of one column."""

    type: str
    family: Family
    missing: int
    distinct: int
    minimum: float | str | None = None
    maximum: float | str | None = None
    mean: float | None = None
    quartiles: tuple[float, float, float] | None = None
    fences: tuple[float, float] | None = None
    outliers: int | None = None
    """None where they cannot be counted: no numbers, or no spread to measure them by."""
    values: Mapping[str, int] | None = None
    """Rows per value, where there are few different ones."""
    commonest: tuple[str, int] | None = None
    """The value of most rows and their number, where one could hold nearly all of them."""
    odd: tuple[int, str] | None = None
    """How many values are not of the type that nearly all are, and one of them."""
    written: Mapping[str, int] = field(default_factory=dict[str, int])
    """Values by the form in which they are written, where that is not the one that every reader knows."""
    mixed: Mixed | None = None
    """What most of its values are, where a smaller share is something else."""
    days: tuple[dt.date, ...] = ()
    """The days on which something happened, sorted."""


@dataclass(frozen=True)
class DataFinding:
    """One thing that the figures say: a `problem` where a person should do something, else a `note`."""

    kind: str
    column: str
    level: Literal["problem", "note"]
    what: str
    """The same words whenever the same is found again, so that an old gap is not taken for a new one."""
    detail: str
    example: str = ""
    """A cell of the file: shown to whoever measures it, and never written into a plan that others read."""

    @property
    def head(self) -> str:
        """What stays the same of the text when it is found again with other figures."""
        return one_line(f"{self.column}: {self.what}: " if self.column else f"{self.what}: ")

    @property
    def gap(self) -> str:
        """The finding as a line of the record, without what is written in the file."""
        return (self.head + one_line(self.detail))[:LONGEST]

    @property
    def text(self) -> str:
        """The finding with its column and an example, on one line."""
        example = f", such as {self.example}" if self.example else ""
        return self.head + one_line(self.detail + example)


@dataclass(frozen=True)
class TableFigures:
    """What was measured of one file, or of several that are parts of one table."""

    name: str
    rows: int
    columns: Mapping[str, ColumnFigures]
    duplicates: int = 0
    unreadable: int = 0
    unreadable_first: str = ""
    doubts: tuple[DataFinding, ...] = ()
    """What is not plain about the form of the file."""
    key_duplicates: int | None = None
    key_missing: int | None = None
    approximate: tuple[str, ...] = ()
    """Which figures are approximate, in words."""


@dataclass(frozen=True)
class Join:
    """How the keys of two sources fit: different keys on the left, and those without a partner on the right."""

    left: str
    right: str
    keys: int
    alone: int


@dataclass(frozen=True)
class Measurement:
    """All that one run measured."""

    table: TableFigures
    """The table that the dataset's record describes."""
    sources: tuple[TableFigures, ...] = ()
    """Each file by itself, where there are several."""
    key: tuple[str, ...] = ()
    key_assumed: bool = False
    joins: tuple[Join, ...] = ()
    reference: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    """Values that must occur, by column."""
    sha256: str = ""
    source: str = ""
    method: str = TUKEY


def explored(measured: Measurement) -> tuple[str, ...]:
    """The checks of a first look that this run really made."""
    table = measured.table
    shared = [set(one.columns) & set(measured.sources[0].columns) for one in measured.sources[1:]]
    made = {
        MISSING: table.rows > 0,
        OUTLIERS: any(figures.outliers is not None for figures in table.columns.values()),
        GROUPS: any(
            name in table.columns and table.columns[name].values is not None for name in measured.reference
        ),
        JOINS: bool(measured.joins),
        UNITS: any(shared),
        DUPLICATES: table.rows > 0,
    }
    return tuple(sorted(check for check, done in made.items() if done))


def dataset_fields(
    record: Mapping[str, Any],
    measured: Measurement,
    found: Iterable[DataFinding],
    critical: Iterable[str],
    dates: str,
    today: dt.date,
) -> dict[tuple[str, ...], object]:
    """The fields of a dataset's record as measured, from its plain data; None clears one.

    What a person wrote stays: which columns are critical, gaps, and checks made by hand. `dates` names the column
    whose days the dataset covers, if any; columns that are gone lose their figures.
    """
    table = measured.table
    spread = any(figures.outliers is not None for figures in table.columns.values())
    days = table.columns[dates].days if dates in table.columns else ()
    fields: dict[tuple[str, ...], object] = {
        ("rows",): table.rows,
        ("checked_on",): today,
        ("explored",): sorted({*record.get("explored", ()), *explored(measured)}) or None,
        ("gaps",): merged_gaps(record.get("gaps", ()), found) or None,
        ("profile", "source"): one_line(measured.source)[:LONGEST],
        ("profile", "sha256"): measured.sha256 or None,
        ("profile", "duplicates"): table.duplicates,
        ("profile", "first_date"): days[0] if days else None,
        ("profile", "last_date"): days[-1] if days else None,
        ("profile", "method"): measured.method if spread else None,
    }
    for name, figures in table.columns.items():
        fields |= {
            ("columns", name, "type"): figures.type,
            ("columns", name, "missing_share"): share(figures.missing, table.rows),
            ("columns", name, "distinct"): figures.distinct,
            ("columns", name, "outliers"): figures.outliers,
        }
    for name, column in record.get("columns", {}).items():
        if name not in table.columns:
            # `critical = false` is what a column is anyway; anything else was written by a person.
            written = {key for key, value in column.items() if (key, value) != ("critical", False)}
            if written <= MEASURED:
                fields[("columns", name)] = None
            else:
                fields |= {("columns", name, key): None for key in MEASURED}
    for name in set(critical) & set(table.columns):
        fields[("columns", name, "critical")] = True
    return fields


def merged_gaps(old: Sequence[str], found: Iterable[DataFinding]) -> list[str]:
    """The gaps with the problems that were found: one that was there with other figures keeps its place."""
    gaps = list(old)
    for one in found:
        if one.level != "problem":
            continue
        at = next((at for at, gap in enumerate(gaps) if gap.startswith(one.head)), None)
        if at is None:
            gaps.append(one.gap)
        else:
            gaps[at] = one.gap
    return gaps


def share(part: int, whole: int) -> float | None:
    """A share to six significant digits, so that a few rows of a billion are not none; None of nothing."""
    return float(f"{part / whole:.6g}") if whole else None

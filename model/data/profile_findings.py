"""What the figures of a data file say: problems that a person should look at, and notes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from ..text.amounts import percent
from .profile import MOSTLY, ColumnFigures, DataFinding, Measurement, Mixed, TableFigures

NEARLY_CONSTANT = 0.99
MANY_MISSING = 0.2
FEWEST_STEPS = 6
"""Steps between days from which a rhythm can be seen."""
FEW_MARKS = 20
"""So many different values among numbers are marks and mistakes; more are codes."""
TRUTHS = ("true/false", "yes/no", "1/0", "y/n", "t/f", "on/off")
LONG_TRUTH = 4
"""Letters of a form of yes and no from which it is no code."""
SHOWN = 5
"""Values that are named in a line; the rest is counted."""
UNITS = (
    (1.609344, "miles and kilometres"),
    (2.204623, "kilograms and pounds"),
    (2.54, "inches and centimetres"),
    (3.28084, "metres and feet"),
    (3.6, "m/s and km/h"),
    (4.184, "calories and joules"),
    (60, "seconds and minutes, or minutes and hours"),
    (100, "hundredths, such as cents or percent"),
    (1000, "thousandths"),
    (3600, "seconds and hours"),
    (86400, "seconds and days"),
    (1_000_000, "millionths"),
)
"""Factors between units that are often taken for each other."""
SURELY_ANOTHER_UNIT = 10
"""From this factor on a distribution of the same form is worth a question, whatever the units."""


def findings(measured: Measurement, critical: Iterable[str], today: dt.date) -> tuple[DataFinding, ...]:
    """What the figures say, problems first."""
    table, important = measured.table, set(critical)
    found = [*_of_table(measured)]
    for name, figures in table.columns.items():
        found += _of_column(name, figures, table.rows, today, critical=name in important)
        if name in measured.reference and figures.values is not None:
            found += _of_groups(name, figures.values, measured.reference[name])
    for name in sorted(important - set(table.columns)):
        found.append(
            DataFinding("missing", name, "problem", "no such column", "it is critical, and not in the file")
        )
    for other in measured.sources[1:]:
        found += _between(measured.sources[0], other)
    return tuple(sorted(dict.fromkeys(found), key=lambda one: one.level != "problem"))


# ---- one table


def _of_table(measured: Measurement) -> Iterator[DataFinding]:
    table = measured.table
    parts = {one.detail for one in table.doubts}
    yield from table.doubts
    for source in measured.sources:
        named = (replace(one, detail=f"{one.detail} (in {source.name})") for one in source.doubts)
        yield from (one for one in named if one.detail not in parts)
    if table.unreadable:
        said = f"{table.unreadable:,}, the first: {table.unreadable_first}"
        yield DataFinding("unreadable", "", "problem", "lines that cannot be read", said)
    if not table.rows:
        yield DataFinding("empty", "", "problem", "no rows", "only the names of the columns are there")
    if table.duplicates:
        said = f"{table.duplicates:,} ({percent(table.duplicates, table.rows)} of rows)"
        yield DataFinding("duplicates", "", "problem", "duplicate rows", said)
    key = " + ".join(measured.key)
    if table.key_duplicates and not measured.key_assumed:
        said = f"{table.key_duplicates:,} more rows than keys"
        yield DataFinding("duplicates", key, "problem", "rows that share a key", said)
    if table.key_missing:
        yield DataFinding("keys", key, "problem", "rows without a key", f"{table.key_missing:,}")
    for join in measured.joins:
        if join.alone:
            said = f"{join.alone:,} of {join.keys:,} ({percent(join.alone, join.keys)})"
            yield DataFinding("keys", key, "problem", f"keys of {join.left} that {join.right} has not", said)


def _of_column(
    name: str, figures: ColumnFigures, rows: int, today: dt.date, *, critical: bool
) -> Iterator[DataFinding]:
    present = rows - figures.missing
    if not present:
        if rows:
            yield DataFinding("missing", name, "problem", "missing values", "no row has a value")
        return
    if figures.missing and (critical or figures.missing >= MANY_MISSING * rows):
        said = f"{percent(figures.missing, rows)} of rows{', and it is critical' if critical else ''}"
        yield DataFinding("missing", name, "problem" if critical else "note", "missing values", said)
    yield from _of_types(name, figures)
    if figures.outliers:
        said = f"{figures.outliers:,} ({percent(figures.outliers, present)} of values)"
        yield DataFinding("outliers", name, "note", "outliers", said)
    if figures.distinct == 1:
        yield DataFinding(
            "constant", name, "note", "constant", f"every value is {_quoted(str(figures.minimum))}"
        )
    elif figures.commonest and figures.commonest[1] >= NEARLY_CONSTANT * present:
        value, count = figures.commonest
        said = f"{percent(count, present)} of its values are {_quoted(value)}"
        yield DataFinding("near-constant", name, "note", "nearly constant", said)
    if figures.family == "values" and figures.values:
        yield from _of_spelling(name, figures.values)
    if figures.family == "date":
        yield from _of_days(name, figures, today)


def _of_types(name: str, figures: ColumnFigures) -> Iterator[DataFinding]:
    """Values that are of another type than the others of their column, or written in another way."""
    if figures.odd:
        count, example = figures.odd
        expected = "dates" if figures.family == "date" else "numbers"
        yield DataFinding(
            "types",
            name,
            "problem",
            f"values that are no {expected}",
            f"{count:,}",
            _quoted(example),
        )
    truths = list(_of_truth(name, figures.values)) if figures.family == "values" and figures.values else []
    yield from truths
    if figures.mixed and not truths:
        yield _of_mixed(name, figures.mixed)
    if figures.family == "values" and figures.written:
        form, count = next(iter(figures.written.items()))
        yield DataFinding(
            "types", name, "note", "more than one reading", f"{count:,} values are {form}; left as text"
        )
    elif len(figures.written) > 1:
        yield DataFinding("types", name, "problem", "written in several ways", _said_forms(figures))


def _of_mixed(name: str, mixed: Mixed) -> DataFinding:
    """A column of which most is numbers or dates: a few other values are marks or mistakes, many are codes."""
    is_marked = mixed.different <= FEW_MARKS
    said = f"{mixed.others:,} of {mixed.fitting + mixed.others:,} values are no {mixed.kind}; left as text"
    level = "problem" if is_marked else "note"
    return DataFinding("types", name, level, f"mostly {mixed.kind}", said, _quoted(mixed.example))


def _of_truth(name: str, values: Mapping[str, int]) -> Iterator[DataFinding]:
    """Yes and no that are written in several ways, or are only most of the values."""
    counts: Counter[str] = Counter()
    said: dict[str, set[str]] = {}
    for value, count in values.items():
        word = value.strip().casefold()
        form = next((one for one in TRUTHS if word in one.split("/")), "")
        counts[form] += count
        said.setdefault(form, set()).add(word)
    others, total = counts.pop("", 0), sum(values.values())
    if not counts or sum(counts.values()) < MOSTLY * total:
        return
    (main, count), *rest = counts.most_common()
    # One word alone, or a letter among other letters, is a code like any other.
    if len(said[main]) < 2 or (others and len(main) < LONG_TRUTH) or not (rest or others):
        return
    example = next(value for value in sorted(values) if value.strip().casefold() not in said[main])
    what, detail = "mostly yes and no, with other values", f"{total - count:,} of {total:,} are not {main}"
    if not others:
        what = "yes and no in several ways"
    yield DataFinding("types", name, "problem", what, detail, _quoted(example))


def _of_spelling(name: str, values: Mapping[str, int]) -> Iterator[DataFinding]:
    """Codes that differ only by capitals and blanks are one code, written in several ways."""
    alike: dict[str, list[str]] = {}
    for value in values:
        alike.setdefault(" ".join(value.casefold().split()), []).append(value)
    several = [sorted(group) for group in alike.values() if len(group) > 1]
    if several:
        what = "codes that are written in several ways"
        yield DataFinding("codes", name, "problem", what, f"{len(several)}", _listed(several[0]))


def _of_groups(name: str, values: Mapping[str, int], wanted: frozenset[str]) -> Iterator[DataFinding]:
    absent, new = sorted(wanted - set(values)), sorted(set(values) - wanted)
    if absent:
        said = f"{len(absent)} of {len(wanted)}: {_listed(absent)}"
        yield DataFinding("groups", name, "problem", "groups that are absent", said)
    if new:
        yield DataFinding(
            "groups", name, "note", "groups that the reference has not", f"{len(new)}: {_listed(new)}"
        )


# ---- dates


@dataclass(frozen=True)
class Coverage:
    """How the days of a column follow each other."""

    rhythm: Literal["day", "working day", "week", "month", ""]
    """Empty where they follow none."""
    gaps: tuple[tuple[dt.date, dt.date], ...]
    """First and last day without anything, where the rhythm expects something."""


def coverage(days: Sequence[dt.date]) -> Coverage:
    """The rhythm in which days follow each other, and where it is broken; `days` sorted, each once.

    The rhythm is that of at least half of the steps; days that follow none have no gaps. Working days are days of
    which at most one in twenty is at a weekend.
    """
    pairs = list(pairwise(days))
    steps = Counter((after - before).days for before, after in pairs)
    half = len(pairs) / 2
    if len(pairs) < FEWEST_STEPS:
        return Coverage("", ())
    if steps[1] >= half:
        weekend = sum(day.weekday() >= 5 for day in days)
        rhythm, most = ("working day", 1) if weekend * 20 <= len(days) and len(days) > 7 else ("day", 1)
    elif steps[7] >= half:
        rhythm, most = "week", 7
    elif sum(steps[step] for step in (28, 29, 30, 31)) >= half:
        rhythm, most = "month", 31
    else:
        return Coverage("", ())
    between = ((before + _DAY, after - _DAY) for before, after in pairs if (after - before).days > most)
    gaps = (gap for gap in between if rhythm != "working day" or _has_working_day(*gap))
    return Coverage(rhythm, tuple(gaps))


_DAY = dt.timedelta(1)


def _has_working_day(first: dt.date, last: dt.date) -> bool:
    length = (last - first).days + 1
    return length > 2 or any((first + n * _DAY).weekday() < 5 for n in range(length))


def _of_days(name: str, figures: ColumnFigures, today: dt.date) -> Iterator[DataFinding]:
    if isinstance(figures.maximum, str) and figures.maximum[:10] > today.isoformat():
        yield DataFinding("dates", name, "note", "dates after today", f"to {figures.maximum[:10]}")
    found = coverage(figures.days)
    if found.gaps:
        first, last = max(found.gaps, key=lambda gap: gap[1] - gap[0])
        span = f"{first}" if first == last else f"{first} to {last}"
        count = f"{len(found.gaps)} times, the longest " if len(found.gaps) > 1 else ""
        said = f"{count}{span}; otherwise there are some every {found.rhythm}"
        yield DataFinding("dates", name, "problem", "days without rows", said)


# ---- between sources


def _between(one: TableFigures, other: TableFigures) -> Iterator[DataFinding]:
    """Irregularities between two sources, in the columns that both have."""
    for name, left in one.columns.items():
        right = other.columns.get(name)
        if right is None or not (one.rows - left.missing and other.rows - right.missing):
            continue
        if _are_written_differently(left, right):
            said = f"{_said_forms(left)} in {one.name}, {_said_forms(right)} in {other.name}"
            yield DataFinding("types", name, "problem", "written in another way", said)
        if left.family != right.family or (left.odd is None) != (right.odd is None):
            said = f"{_said_type(left)} in {one.name}, {_said_type(right)} in {other.name}"
            yield DataFinding("types", name, "problem", "types that differ", said)
        elif left.quartiles and right.quartiles and not (_is_key(left, one) and _is_key(right, other)):
            yield from _between_numbers(name, (left, one.name), (right, other.name))
        elif left.family == "values" and _are_disjoint(left, right):
            said = (
                f"{_listed(left.values or ())} in {one.name}, {_listed(right.values or ())} in {other.name}"
            )
            yield DataFinding("codes", name, "problem", "codes that differ", said)


def _are_disjoint(left: ColumnFigures, right: ColumnFigures) -> bool:
    """Whether two columns of several codes each have none in common."""
    one, other = left.values or {}, right.values or {}
    return len(one) > 1 and len(other) > 1 and not set(one) & set(other)


def _said_type(figures: ColumnFigures) -> str:
    return f"{figures.type}{' with other values' if figures.odd else ''}"


def _are_written_differently(left: ColumnFigures, right: ColumnFigures) -> bool:
    """Whether two columns of numbers or of dates have a form each, and not the same."""
    alike = left.family == right.family != "values" and max(len(left.written), len(right.written)) == 1
    return alike and left.written.keys() != right.written.keys()


def _said_forms(figures: ColumnFigures) -> str:
    """How values are written, by examples."""
    if len(figures.written) == 1:
        return f"as {next(iter(figures.written))}"
    plain = "2025-12-31" if figures.family == "date" else "1234.5"
    return ", ".join(f"{count:,} as {form}" for form, count in figures.written.items()) or f"as {plain}"


def _is_key(figures: ColumnFigures, table: TableFigures) -> bool:
    """Whether every row has its own number: those of another file are expected to be others."""
    return figures.distinct >= 0.95 * (table.rows - figures.missing)


def _between_numbers(
    name: str, left: tuple[ColumnFigures, str], right: tuple[ColumnFigures, str]
) -> Iterator[DataFinding]:
    (one, here), (other, there) = left, right
    assert one.quartiles is not None
    assert other.quartiles is not None
    factor, units = unit_factor(one.quartiles, other.quartiles)
    if factor:
        big, small = (there, here) if factor > 1 else (here, there)
        size = max(factor, 1 / factor)
        times = f"{size:,.0f}" if size >= 10 else f"{size:.2f}"
        said = f"about {times} times as large in {big} as in {small}{f' ({units}?)' if units else ''}"
        yield DataFinding("units", name, "problem", "units that seem to differ", said)
    elif not (_reaches(one, other) and _reaches(other, one)):
        said = f"half of {here} is in {_middle(one)}, half of {there} in {_middle(other)}"
        yield DataFinding("ranges", name, "problem", "ranges that are far apart", said)


def unit_factor(left: Sequence[float], right: Sequence[float]) -> tuple[float, str]:
    """By how much the quartiles on the right are larger, and the units that differ by so much.

    The factor is 0 where the two have another form, or where it is neither one between known units nor large.
    """
    if any(a * b <= 0 for a, b in zip(left, right, strict=True)) or left[0] == left[2]:
        return 0, ""
    factors = [b / a for a, b in zip(left, right, strict=True)]
    middle = factors[1]
    if any(abs(factor / middle - 1) > 0.1 for factor in factors):
        return 0, ""
    size = max(middle, 1 / middle)
    units = next((names for known, names in UNITS if abs(size / known - 1) <= 0.05), "")
    return (middle, units) if units or size >= SURELY_ANOTHER_UNIT else (0, "")


def _reaches(one: ColumnFigures, other: ColumnFigures) -> bool:
    """Whether the middle half of one column is at least partly inside the range of the other."""
    assert one.quartiles is not None
    low, high = other.minimum, other.maximum
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return True
    return one.quartiles[2] >= low and one.quartiles[0] <= high


def _middle(figures: ColumnFigures) -> str:
    assert figures.quartiles is not None
    return f"{figures.quartiles[0]:.4g} to {figures.quartiles[2]:.4g}"


# ---- words


def _listed(values: Iterable[str]) -> str:
    names = list(values)
    shown = ", ".join(map(_quoted, names[:SHOWN]))
    return f"{shown} and {len(names) - SHOWN} more" if len(names) > SHOWN else shown


def _quoted(text: str) -> str:
    return f"'{text}'" if len(text) <= 40 else f"'{text[:39]}…'"

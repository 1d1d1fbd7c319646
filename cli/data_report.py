"""Measured data files as tables for people and as data for programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ..model.data.profile import share
from ..model.data.profile_findings import coverage
from ..model.text.amounts import counted, percent_in_short
from ..model.text.visible import one_line
from . import output
from .settings import Settings
from .text import wrapped

if TYPE_CHECKING:
    from ..model.data.dataset_match import DatasetMatch
    from ..model.data.drift import ColumnDrift, Significance
    from ..model.data.profile import ColumnFigures, DataFinding, Measurement, TableFigures
    from ..storage.data.profiling_drift import Clusters, Comparison


# ---- profile


def profile_data(
    measured: Measurement, found: Iterable[DataFinding], critical: set[str], day: str
) -> dict[str, Any]:
    """A profile for programs; figures that were not measured are null."""
    table = measured.table
    return {
        **_table_data(table, critical),
        "key": list(measured.key),
        "key_assumed": measured.key_assumed,
        "joins": [
            {"left": join.left, "right": join.right, "keys": join.keys, "alone": join.alone}
            for join in measured.joins
        ],
        "sources": [_table_data(source, critical) for source in measured.sources],
        "dates": _dates_data(table, day),
        "method": measured.method,
        "approximate": list(table.approximate),
        "sha256": measured.sha256 or None,
        "findings": _findings_data(found),
    }


def _findings_data(found: Iterable[DataFinding]) -> list[dict[str, Any]]:
    return [
        {"kind": one.kind, "column": one.column or None, "level": one.level, "message": one.text}
        for one in found
    ]


def match_data(dataset: str, match: DatasetMatch) -> dict[str, Any]:
    """How the file's columns fit those of the dataset's record, for programs."""
    return {
        "id": dataset,
        "fits": match.fits,
        "first": match.is_first,
        "gone": list(match.gone),
        "new": list(match.new),
        "retyped": list(match.retyped),
    }


def _table_data(table: TableFigures, critical: set[str]) -> dict[str, Any]:
    return {
        "source": table.name,
        "rows": table.rows,
        "columns": {
            name: _column_data(figures, table.rows, critical=name in critical)
            for name, figures in table.columns.items()
        },
        "duplicates": table.duplicates,
        "key_duplicates": table.key_duplicates,
        "key_missing": table.key_missing,
        "unreadable": table.unreadable,
    }


def _column_data(figures: ColumnFigures, rows: int, *, critical: bool) -> dict[str, Any]:
    return {
        "type": figures.type,
        "critical": critical,
        "missing": figures.missing,
        "missing_share": share(figures.missing, rows),
        "distinct": figures.distinct,
        "outliers": figures.outliers,
        "min": figures.minimum,
        "max": figures.maximum,
        "mean": figures.mean,
        "quartiles": list(figures.quartiles) if figures.quartiles else None,
        "fences": list(figures.fences) if figures.fences else None,
        "values": dict(figures.values) if figures.values and figures.family == "values" else None,
        "written": dict(figures.written) or None,
        "odd": {"count": figures.odd[0], "example": figures.odd[1]} if figures.odd else None,
        "mixed": asdict(figures.mixed) if figures.mixed else None,
    }


def _dates_data(table: TableFigures, day: str) -> dict[str, Any] | None:
    if not day or not table.columns[day].days:
        return None
    days = table.columns[day].days
    found = coverage(days)
    return {
        "column": day,
        "first": days[0].isoformat(),
        "last": days[-1].isoformat(),
        "days": len(days),
        "rhythm": found.rhythm or None,
        "gaps": [[first.isoformat(), last.isoformat()] for first, last in found.gaps],
    }


def print_profile(
    settings: Settings, measured: Measurement, found: Iterable[DataFinding], critical: set[str], day: str
) -> None:
    """Prints a profile for a person."""
    table = measured.table
    size = f"{counted(table.rows, 'row')}, {counted(len(table.columns), 'column')}"
    output.lines([f"{table.name}: {size}", ""])
    head = ("column", "type", "missing", "distinct", "min", "median", "max", "outliers")
    rows = [
        _cells(name, figures, table.rows, critical=name in critical)
        for name, figures in table.columns.items()
    ]
    output.table(head, rows, settings, elastic="column", least=("median", "distinct"))
    if critical & set(table.columns):
        output.lines(["", "* critical: the project cannot do without it"])
    output.lines(["", *(line for fact in _facts(measured, day) for line in wrapped(fact, "  ", ""))])
    found = list(found)
    _print_findings(found, "problems")
    if not found:
        output.lines(["", "nothing found"])


def _print_findings(found: Iterable[DataFinding], problems: str) -> None:
    for level, title in (("problem", problems), ("note", "notes")):
        texts = [one.text for one in found if one.level == level]
        if texts:
            output.lines(["", f"{title}  {len(texts)}"])
            output.lines(line for text in texts for line in wrapped(text, "    ", "  "))


def _cells(name: str, figures: ColumnFigures, rows: int, *, critical: bool) -> tuple[str, ...]:
    median = figures.quartiles[1] if figures.quartiles else None
    is_date = figures.family == "date"
    return (
        f"{'* ' * critical}{name}",
        figures.type.partition("(")[0].partition(" ")[0],
        percent_in_short(share(figures.missing, rows) or 0),
        f"{figures.distinct:,}",
        _short(figures.minimum, is_date=is_date),
        _short(median, is_date=is_date),
        _short(figures.maximum, is_date=is_date),
        f"{figures.outliers:,}" if figures.outliers is not None else "",
    )


def _short(value: float | str | None, *, is_date: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value[:10] if is_date else output.shorten(value, 10)
    return f"{value:.6g}" if isinstance(value, float) or abs(value) >= 10**10 else str(value)


def _facts(measured: Measurement, day: str) -> Iterable[str]:
    table = measured.table
    yield f"duplicate rows: {table.duplicates:,}"
    if day and (days := table.columns[day].days):
        found = coverage(days)
        rhythm = f", every {found.rhythm}" if found.rhythm else ""
        gaps = f", {len(found.gaps)} gap{'s' * (len(found.gaps) > 1)}" if found.gaps else ""
        yield f"{day}: {days[0]} to {days[-1]}, {len(days):,} days{rhythm}{gaps}"
    elif sum(figures.family == "date" for figures in table.columns.values()) > 1:
        yield "several columns have dates: --date says whose days count"
    if measured.key_assumed:
        yield f"joined by {' + '.join(measured.key)}, which is different in every row; --key says another"
    if any(figures.quartiles for figures in table.columns.values()):
        yield f"outliers by {measured.method}"
        flat = [name for name, one in table.columns.items() if one.quartiles and one.outliers is None]
        if flat:
            yield f"no outliers counted where the middle half is one value: {', '.join(map(one_line, flat))}"
    written = [
        f"{one_line(name)} as {' or '.join(one.written)}"
        for name, one in table.columns.items()
        if one.written and one.family != "values"
    ]
    if written:
        yield f"read: {', '.join(written)}"
    if table.approximate:
        yield f"approximate: {', '.join(table.approximate)}"


# ---- drift


def drift_data(compared: Comparison) -> dict[str, Any]:
    """A comparison for programs."""
    return {
        "old": {"source": compared.old[0], "rows": compared.old[1]},
        "new": {"source": compared.new[0], "rows": compared.new[1]},
        "columns": {column.column: _drift_column(column) for column in compared.columns},
        "skipped": dict(compared.skipped),
        "drifted": compared.has_drifted,
        "findings": _findings_data(compared.found),
        "cluster": _clusters_data(compared.clusters) if compared.clusters else None,
    }


def _clusters_data(clusters: Clusters) -> dict[str, Any]:
    old, new = clusters.counts
    return {
        "column": clusters.column,
        "old": old,
        "new": new,
        "in_both": clusters.shared,
        "rows_without": list(clusters.lone),
        "by_day": clusters.by_day,
    }


def _drift_column(column: ColumnDrift) -> dict[str, Any]:
    return {
        "kind": column.kind,
        "verdict": column.verdict,
        "psi": column.psi,
        "fair_limit": column.limit,
        "matters": column.matters,
        "design_effect": column.design_effect,
        "missing_share": list(column.missing),
        "bins": {name: list(pair) for name, pair in column.bins.items()},
        "tests": [
            {
                "name": test.name,
                "statistic": test.statistic,
                "p_value": test.p_value,
                "effect": {"name": test.effect[0], "value": test.effect[1]},
                "degrees": test.degrees,
                "pooled": test.pooled,
            }
            for test in column.tests
        ],
    }


def print_drift(settings: Settings, compared: Comparison) -> None:
    """Prints a comparison for a person, the columns that moved most first."""
    (old, before), (new, after) = compared.old, compared.new
    output.lines([f"{old} ({before:,} rows) to {new} ({after:,} rows)"])
    if compared.clusters:
        output.lines(wrapped(_clusters_said(compared.clusters)))
    output.lines([""])
    columns = sorted(compared.columns, key=lambda column: -column.psi)
    if columns:
        clustered = compared.clusters is not None
        head = ("column", "verdict", "PSI", "fair limit", "missing", "effect size", "test", "p")
        rows = [_drift_cells(column) for column in columns]
        if clustered:
            head = (*head, "rows as one")
            rows = [(*row, f"{one.design_effect:.1f}") for row, one in zip(rows, columns, strict=True)]
        output.table(head, rows, settings, elastic="column", least=("test", "missing"))
        output.lines(["", *wrapped(_legend(columns[0].matters, clustered=clustered), "  ", "")])
        if any("(others)" in column.bins for column in columns):
            rest = "values beyond the 50 commonest are taken together, also in chi-square"
            output.lines(wrapped(rest, "  ", ""))
    _print_findings(compared.found, "drift beside the index")
    if compared.skipped:
        output.lines(["", "not compared"])
        for name, why in compared.skipped.items():
            output.lines(wrapped(f"{name}: {why}", "    ", "  "))


def _clusters_said(clusters: Clusters) -> str:
    old, new = clusters.counts
    day = ", moments of a day together" if clusters.by_day else ""
    return f"clustered by {one_line(clusters.column)}{day}: {old:,} to {new:,} clusters"


def _legend(matters: float, *, clustered: bool) -> str:
    said = (
        "drift: the index is above its fair limit, which chance alone passes in 5 of 100 checks, and above"
        f" {matters:g}; small: above the limit only; too few rows: the limit itself is above what matters;"
        " effect size: D or V from 0 to 1, whatever the number of rows"
    )
    if clustered:
        return f"{said}; rows as one: so many rows of a cluster say as much as one independent row"
    return f"{said}; rows that come in sessions, users or days need --cluster"


def _drift_cells(column: ColumnDrift) -> tuple[str, ...]:
    before, after = column.missing
    missing = (
        " → ".join(percent_in_short(part) or "0 %" for part in (before, after)) if before or after else ""
    )
    test = column.tests[0] if column.tests else None
    return (
        column.column,
        column.verdict,
        f"{column.psi:.4f}",
        f"{column.limit:.4f}",
        missing,
        _effect(test) if test else "",
        test.name if test else "",
        ("< 0.0001" if test.p_value < 0.0001 else f"{test.p_value:.4f}") if test else "",
    )


def _effect(test: Significance) -> str:
    name, value = test.effect
    return f"{name.rpartition(' ')[2]} {value:.3f}"

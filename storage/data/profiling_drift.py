"""Counting two data files against each other, column by column, so that `model.drift` can judge them."""
# ruff: noqa: S608  statements are made of our own names and quoted texts, see profiling_tables

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...model.data.clusters import LEAST_CLUSTERS, ClusterCounts
from ...model.data.drift import MATTERS, MISSING, ColumnDrift, Kind, column_drift
from ...model.data.drift_findings import (
    FileSide,
    Side,
    of_clusters,
    of_column,
    of_columns,
    of_files,
    of_values,
)
from ...model.data.profile import DataFinding
from ..disk.errors import BadValue
from .profiling import EXACT_ROWS
from .profiling_columns import Column, Table
from .profiling_engine import Engine, Progress
from .profiling_tables import WHOLE_NUMBERS, Reading, load

BINS = 10
FEW_NUMBERS = 20
"""Numbers with at most so many different values are compared value by value."""
SHOWN_VALUES = 50
"""The commonest values of both files, which are compared one by one; the others are taken together, in the index and in
chi-square."""
MOST_VALUES = 1000
SHOWN_COLUMNS = 12


@dataclass(frozen=True)
class Clusters:
    """The column by which rows of two files come in clusters."""

    column: str
    counts: tuple[int, int]
    """How many different ones, old and new; each row without a value is one of its own."""
    lone: tuple[int, int]
    """Rows without a value."""
    shared: int
    """How many are in both files."""
    by_day: bool
    """Whether moments are taken together by day."""


@dataclass(frozen=True)
class Comparison:
    """Two files compared."""

    old: tuple[str, int]
    """Name and rows."""
    new: tuple[str, int]
    columns: tuple[ColumnDrift, ...]
    skipped: Mapping[str, str]
    """Columns whose values were not compared, and why."""
    found: tuple[DataFinding, ...] = ()
    """What else changed, problems first."""
    clusters: Clusters | None = None
    """None where rows are taken as independent."""

    @property
    def has_drifted(self) -> bool:
        """Whether a column has drifted, or something else is as loud."""
        moved = any(column.verdict == "drift" for column in self.columns)
        return moved or any(one.level == "problem" for one in self.found)


@dataclass(frozen=True)
class _Pair:
    """A column in both files; `side` is 0 for the old one."""

    old: Table
    new: Table
    left: Column
    right: Column

    def both(self, *, as_text: bool, clusters: Clusters | None = None, raw: bool = False) -> str:
        """All values of both files as one relation of `side` and `v`, and `c` for the cluster; NULL for none."""
        sides: list[str] = []
        for side, (table, column) in enumerate(((self.old, self.left), (self.new, self.right))):
            kind = "VARCHAR" if as_text else "DOUBLE"
            value = column.raw if raw else f"{column.sql}::{kind}"
            cluster = f", {_cluster(table, clusters)} AS c" if clusters is not None else ""
            sides.append(f"SELECT {side} AS side, {value} AS v{cluster} FROM {table.relation}")
        return f"({' UNION ALL '.join(sides)})"


@dataclass(frozen=True)
class _Bins:
    """How the values of a column fall into bins: names, an expression for the number of the bin, rows in each."""

    place: str
    counts: Mapping[str, tuple[int, int]]
    parameters: Sequence[object] = ()


def compare(
    old: str,
    new: str,
    reading: Reading,
    progress: Progress,
    matters: float = MATTERS,
    cluster: str | None = None,
) -> Comparison:
    """Compares the columns that two files share; `cluster` is a column whose rows with the same value go together.

    Raises KedgeError where a file cannot be read or has no rows, or where rows cannot be clustered by that column.
    """
    with Engine([old, new], reading.memory, progress) as engine:
        before = load(engine, old, reading, "t0", old)
        after = load(engine, new, reading, "t1", new)
        for table in (before, after):
            if not table.rows:
                raise BadValue(f"{table.name} has no rows", "two samples are needed")
        clusters = _clusters(engine, before, after, cluster) if cluster is not None else None
        judging = _Judging(engine, matters, clusters)
        columns: list[ColumnDrift] = []
        skipped: dict[str, str] = {}
        found = [*of_files(_file(before), _file(after))]
        found += of_columns(*([column.name for column in table.columns] for table in (before, after)))
        if clusters is not None:
            found += of_clusters(clusters.column, clusters.counts, clusters.lone, clusters.shared)
        for at, left in enumerate(before.columns, 1):
            engine.doing(f"comparing column {at} of {len(before.columns)}")
            right = after.column(left.name)
            if right is None:
                skipped[left.name] = "not in the new file"
                continue
            sides = _side(engine, before, left), _side(engine, after, right)
            changed = [*of_column(left.name, *sides)]
            found += changed
            if clusters is not None and left.name == clusters.column:
                skipped[left.name] = "rows are clustered by it"
                continue
            pair = _Pair(before, after, left, right)
            compared = judging.compared(pair, sides)
            if isinstance(compared, str):
                skipped[left.name] = compared
                compared = judging.presence(pair, sides)
            elif compared.kind == "values" and "(others)" not in compared.bins:
                bins = {name: pair for name, pair in compared.bins.items() if name != MISSING}
                found += of_values(
                    left.name, *([name for name in bins if bins[name][side]] for side in (0, 1))
                )
            if compared is not None:
                columns.append(compared)
        skipped |= {
            one.name: "not in the old file" for one in after.columns if before.column(one.name) is None
        }
    found.sort(key=lambda one: one.level != "problem")
    return Comparison((old, before.rows), (new, after.rows), tuple(columns), skipped, tuple(found), clusters)


def _file(table: Table) -> FileSide:
    return FileSide(table.name, table.rows, table.unreadable, table.unreadable_first, table.doubts)


def _side(engine: Engine, table: Table, column: Column) -> Side:
    exact = table.rows <= EXACT_ROWS
    different = f"count(DISTINCT {column.same})" if exact else f"approx_count_distinct({column.same})"
    present, distinct = engine.row(f"SELECT count({column.raw}), {different} FROM {table.relation}")
    odd = column.odd[0] if column.odd else 0
    return Side(column.type, column.family, table.rows, present, distinct, odd)


@dataclass(frozen=True)
class _Judging:
    """How columns are judged."""

    engine: Engine
    matters: float
    clusters: Clusters | None

    def presence(self, pair: _Pair, sides: tuple[Side, Side]) -> ColumnDrift | None:
        """How many rows have a value, where values themselves are not compared; None where all have one."""
        old, new = sides
        missing = old.rows - old.present, new.rows - new.present
        if not any(missing):
            return None
        bins = _Bins("0", {"(present)": (old.present, new.present)})
        both = pair.both(as_text=False, clusters=self.clusters, raw=True)
        return self._judged(pair, "missing", bins, both, missing)

    def compared(self, pair: _Pair, sides: tuple[Side, Side]) -> ColumnDrift | str:
        """One column judged, or why it was not."""
        old, new = sides
        if not old.present or not new.present:
            return f"no values {'before' if not old.present else 'now'}"
        if pair.left.family != pair.right.family:
            return f"another type: {pair.left.type} before, {pair.right.type} now"
        if pair.left.family == "date":
            return "dates move by themselves"
        if pair.left.family == "other":
            return f"{pair.left.type} is not compared"
        engine, both = self.engine, pair.both(as_text=pair.left.family == "values", clusters=self.clusters)
        sizes = engine.row(
            f"SELECT count(*) FILTER (side = 0 AND v IS NULL), count(*) FILTER (side = 1 AND v IS NULL),"
            f" count(v) FILTER (side = 0), count(v) FILTER (side = 1) FROM {both}"
        )
        missing, present = (sizes[0], sizes[1]), (sizes[2], sizes[3])
        if _is_key(pair, sides):
            return "a key: different in every row"
        values = _values(engine, both)
        if pair.left.family == "number" and (values is None or len(values) > FEW_NUMBERS):
            bins = _bins(engine, both, exact=pair.old.rows <= EXACT_ROWS)
            distance = (_distance(engine, both), *present) if all(present) else None
            return self._judged(pair, "number", bins, both, missing, distance)
        if values is None:
            return f"more than {MOST_VALUES:,} different values"
        if len(values) > FEW_NUMBERS and 2 * len(values) > max(present):
            return f"{len(values):,} different values in {max(present):,} rows"
        common = dict(list(values.items())[:SHOWN_VALUES])
        rest = list(values.values())[SHOWN_VALUES:]
        # Values beyond the commonest are in no place of the list: they fall into the bin after its last one.
        place = "coalesce(list_position(?::VARCHAR[], v::VARCHAR) - 1, len(?::VARCHAR[]))"
        listed = [*common]
        if rest:
            common["(others)"] = (sum(one for one, _ in rest), sum(other for _, other in rest))
        return self._judged(pair, "values", _Bins(place, common, (listed, listed)), both, missing)

    def _judged(
        self,
        pair: _Pair,
        kind: Kind,
        bins: _Bins,
        both: str,
        missing: tuple[int, int],
        distance: tuple[float, int, int] | None = None,
    ) -> ColumnDrift:
        clustered = _together(self.engine, bins, both, self.clusters) if self.clusters is not None else None
        return column_drift(
            pair.left.name,
            kind,
            bins.counts,
            missing,
            distance=distance,
            clustered=clustered,
            matters=self.matters,
        )


# ---- clusters


def _clusters(engine: Engine, old: Table, new: Table, name: str) -> Clusters:
    """What the column of clusters holds. Raises BadValue where it is missing or gives too few."""
    engine.doing(f"counting the clusters of {name}")
    tables, families = (old, new), list[str]()
    for table in tables:
        column = table.column(name)
        if column is None:
            known = ", ".join(one.name for one in table.columns[:SHOWN_COLUMNS])
            raise BadValue(f"{table.name} has no column {name!r}", f"--cluster takes one of: {known}")
        families.append(column.family)
    clusters = Clusters(name, (0, 0), (0, 0), 0, families == ["date", "date"])
    counted = [
        engine.row(f"SELECT count(DISTINCT c), count(*) - count(c) FROM {_named_clusters(table, clusters)}")
        for table in tables
    ]
    shared = engine.row(
        f"SELECT count(*) FROM (SELECT c FROM {_named_clusters(old, clusters)} WHERE c IS NOT NULL"
        f" INTERSECT SELECT c FROM {_named_clusters(new, clusters)})"
    )[0]
    counts = counted[0][0] + counted[0][1], counted[1][0] + counted[1][1]
    for table, many in zip(tables, counts, strict=True):
        if many < LEAST_CLUSTERS:
            said = f"{table.name} has one {name!r} in all its rows"
            raise BadValue(said, "the spread of clusters needs two at least, and ten to say much")
    return Clusters(name, counts, (counted[0][1], counted[1][1]), shared, clusters.by_day)


def _cluster(table: Table, clusters: Clusters) -> str:
    """The cluster of a row as an expression, which is the same in both files."""
    column = table.column(clusters.column)
    assert column is not None, "it was asked for before"
    return f"{column.sql}::DATE::VARCHAR" if clusters.by_day else f"{column.same}::VARCHAR"


def _named_clusters(table: Table, clusters: Clusters) -> str:
    return f"(SELECT {_cluster(table, clusters)} AS c FROM {table.relation})"


def _together(engine: Engine, bins: _Bins, both: str, clusters: Clusters) -> ClusterCounts:
    """How rows of the same cluster fall into the bins of a column together."""
    names = list(bins.counts)

    def name(at: int) -> str:
        return names[at] if at >= 0 else MISSING

    placed = (
        f"(SELECT side, c, CASE WHEN v IS NULL THEN -1 ELSE {bins.place} END AS bin, count(*)::DOUBLE AS n"
        f" FROM {both} GROUP BY ALL)"
    )
    found = engine.rows(
        f"WITH placed AS MATERIALIZED {placed}"
        " SELECT side, bin, other, sum(product) FROM ("
        "  SELECT a.side AS side, a.bin AS bin, b.bin AS other, a.n * b.n AS product"
        "  FROM placed a JOIN placed b ON a.side = b.side AND a.c = b.c"
        # A row without a cluster is alone with itself.
        "  UNION ALL SELECT side, bin, bin, n FROM placed WHERE c IS NULL"
        " ) GROUP BY side, bin, other",
        bins.parameters,
    )
    together: dict[tuple[str, str], tuple[float, float]] = {}
    for side, one, other, product in found:
        key = (name(one), name(other))
        before = together.get(key, (0.0, 0.0))
        together[key] = (product, before[1]) if side == 0 else (before[0], product)
    return ClusterCounts(clusters.counts, together)


def _is_key(pair: _Pair, sides: tuple[Side, Side]) -> bool:
    """Whether a column of whole numbers is different in every row of both files: then it only counts up."""
    are_whole = all(
        column.type in WHOLE_NUMBERS or column.type.endswith(",0)") for column in (pair.left, pair.right)
    )
    if not are_whole or min(side.present for side in sides) <= FEW_NUMBERS:
        return False
    return all(side.distinct == side.present for side in sides)


def _values(engine: Engine, both: str) -> dict[str, tuple[int, int]] | None:
    """Rows per value, old and new, most frequent first; None where there are too many different ones."""
    found = engine.rows(
        "SELECT v::VARCHAR, count(*) FILTER (side = 0), count(*) FILTER (side = 1)"
        f" FROM {both} WHERE v IS NOT NULL GROUP BY v ORDER BY count(*) DESC, v LIMIT {MOST_VALUES + 1}"
    )
    return {value: (old, new) for value, old, new in found} if len(found) <= MOST_VALUES else None


def _bins(engine: Engine, both: str, *, exact: bool) -> _Bins:
    """Rows per bin of numbers; the bins are the tenths of the old file, fewer where many values are equal."""
    shares = ", ".join(str(at / BINS) for at in range(1, BINS))
    quantiles = "quantile_cont" if exact else "approx_quantile"
    finite = "CASE WHEN isfinite(v) THEN v END"
    old: list[float] = (
        engine.row(f"SELECT {quantiles}({finite}, [{shares}]) FROM {both} WHERE side = 0")[0] or []
    )
    edges = sorted(set(old))
    cases = " ".join(f"WHEN v <= {edge!r}::DOUBLE THEN {at}" for at, edge in enumerate(edges))
    place = f"CASE {cases} ELSE {len(edges)} END" if edges else "0"
    found = engine.rows(
        f"SELECT {place} AS bin, count(*) FILTER (side = 0), count(*) FILTER (side = 1)"
        f" FROM {both} WHERE v IS NOT NULL GROUP BY bin ORDER BY bin"
    )
    counts = {at: (before, after) for at, before, after in found}
    return _Bins(place, {_bin_name(edges, at): counts.get(at, (0, 0)) for at in range(len(edges) + 1)})


def _bin_name(edges: list[float], at: int) -> str:
    if not edges:
        return "all"
    if at == 0:
        return f"to {edges[0]!r}"
    return f"over {edges[-1]!r}" if at == len(edges) else f"{edges[at - 1]!r} to {edges[at]!r}"


def _distance(engine: Engine, both: str) -> float:
    """The largest distance of the two cumulative distributions, at any value."""
    return engine.row(
        "SELECT max(abs(old / sum_old - new / sum_new)) FROM ("
        " SELECT sum(a) OVER up AS old, sum(b) OVER up AS new, sum(a) OVER () AS sum_old, sum(b) OVER () AS sum_new"
        f" FROM (SELECT v, count(*) FILTER (side = 0) AS a, count(*) FILTER (side = 1) AS b FROM {both}"
        " WHERE v IS NOT NULL GROUP BY v) WINDOW up AS (ORDER BY v))"
    )[0]

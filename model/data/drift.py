"""How far data has moved between two samples, and whether that is more than chance.

The population stability index says how much, its fair limit says how much chance alone gives for so many rows. Tests
of significance are beside it, never instead of it: with a million rows they find every shift, whether or not
it matters. The size of the effect is beside each: Cramér's V, or the largest distance of the cumulative distributions.
Rows that come in clusters (`clusters`) have a wider limit and a larger p-value.

Sources: Siddiqi 2017, Intelligent Credit Scoring (index); Yurdakul & Naranjo 2020, Statistical properties of the
population stability index, Journal of Risk Model Validation 14(4) (limit); Stephens 1970, Use of the
Kolmogorov-Smirnov, Cramér-von Mises and related statistics without extensive tables, JRSS B 32 (p-value of D);
Cochran 1954, Some methods for strengthening the common chi-square tests, Biometrics 10 (when it fits);
Cramér 1946, Mathematical Methods of Statistics, 21.9 (V).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from .clusters import ClusterCounts, Spread, spread
from .distributions import chi_square_quantile, chi_square_tail, kolmogorov_limit_tail

MATTERS = 0.1
"""A change of the index that is worth acting on; the habit of the field, not a test."""
CONFIDENCE = 0.95
EMPTY_BIN = 1e-4
"""What an empty bin counts as where only shares are known."""
LEAST_EXPECTED = 5
MISSING = "(missing)"
"""The bin of rows without a value."""

Verdict = Literal["drift", "small", "none", "too few rows"]
Kind = Literal["number", "values", "missing"]
"""What of a column was compared: its numbers, its values, or only whether it has any."""


@dataclass(frozen=True)
class Significance:
    """A test: its statistic and how often chance alone gives as much."""

    name: str
    statistic: float
    p_value: float
    effect: tuple[str, float]
    """How large the difference is, whatever the number of rows: its name, and a value from 0 to 1."""
    degrees: int | None = None
    pooled: int = 0
    """Rare values that were taken together so that the test fits."""


@dataclass(frozen=True)
class ColumnDrift:
    """What was found for one column of two samples."""

    column: str
    kind: Kind
    psi: float
    limit: float
    """The index that chance alone stays under in 95 of 100 checks."""
    matters: float
    bins: Mapping[str, tuple[int, int]]
    """Rows per bin, old and new."""
    tests: tuple[Significance, ...]
    missing: tuple[float, float]
    """Shares without a value, old and new."""
    design_effect: float | None = None
    """How many rows count as one, because they come in clusters; None where rows are taken as independent."""

    @property
    def verdict(self) -> Verdict:
        """Drift above both the limit of chance and what matters; too few rows where chance alone could matter."""
        if self.psi > max(self.limit, self.matters):
            return "drift"
        if self.limit > self.matters:
            return "too few rows"
        return "small" if self.psi > self.limit else "none"


def column_drift(  # noqa: PLR0913  what was counted of one column
    column: str,
    kind: Kind,
    bins: Mapping[str, tuple[int, int]],
    missing: tuple[int, int],
    *,
    distance: tuple[float, int, int] | None = None,
    clustered: ClusterCounts | None = None,
    matters: float = MATTERS,
) -> ColumnDrift:
    """Judges one column from its rows per bin.

    Rows without a value are a bin of their own, so that a field that stops being filled is seen. `distance` is the
    largest distance of the two cumulative distributions with the two numbers of values. With `clustered` the limit is
    that of clusters, never below that of independent rows. Raises ValueError where a sample has no rows, or a single
    cluster.
    """
    counted = {name: pair for name, pair in bins.items() if any(pair)}
    if any(missing):
        counted[MISSING] = missing
    old, new = (sum(pair[side] for pair in counted.values()) for side in (0, 1))
    if not old or not new:
        raise ValueError(f"a sample of {column!r} has no rows")
    limit, effect = psi_limit(len(counted), old, new), None
    if clustered is not None:
        found = spread(counted, [[name] for name in counted], clustered)
        limit, effect = max(limit, found.limit(CONFIDENCE)), found.design_effect
    tests: list[Significance] = []
    if distance is not None:
        largest, size, other = distance
        # So many rows in clusters say as much as fewer that are independent: Kish's effective number.
        p = kolmogorov_tail(largest, size / (effect or 1), other / (effect or 1))
        tests.append(Significance("Kolmogorov-Smirnov", largest, p, ("D", largest)))
    if kind == "values" and (fitting := chi_square_test(counted, clustered)):
        tests.append(fitting)
    return ColumnDrift(
        column,
        kind,
        psi_of_counts([*counted.values()]),
        limit,
        matters,
        counted,
        tuple(tests),
        (missing[0] / old, missing[1] / new),
        effect,
    )


# ---- population stability index


def psi(expected: Sequence[float], actual: Sequence[float], floor: float = EMPTY_BIN) -> float:
    """The population stability index of two lists of shares, bin by bin: sum of (a - e) ln(a / e).

    Empty bins count as `floor`. Raises ValueError where the lists differ in length.
    """
    pairs = ((max(old, floor), max(new, floor)) for old, new in zip(expected, actual, strict=True))
    return sum((new - old) * math.log(new / old) for old, new in pairs)


def psi_of_counts(counts: Sequence[tuple[int, int]]) -> float:
    """The index from rows per bin, old and new; an empty bin counts as half a row, which fits any sample size."""
    old, new = (sum(pair[side] for pair in counts) for side in (0, 1))
    shares = [(max(a, 0.5) / old, max(b, 0.5) / new) for a, b in counts if a or b]
    return psi([a for a, _ in shares], [b for _, b in shares], 0.0)


def psi_limit(bins: int, old: int, new: int, confidence: float = CONFIDENCE) -> float:
    """What the index stays under by chance alone: chi2(confidence, bins - 1) * (1/old + 1/new).

    Source: Yurdakul & Naranjo 2020. One bin cannot move: its limit is 0.
    """
    return chi_square_quantile(confidence, bins - 1) * (1 / old + 1 / new) if bins > 1 else 0.0


# ---- tests


def chi_square_test(
    bins: Mapping[str, tuple[int, int]], clustered: ClusterCounts | None = None
) -> Significance | None:
    """Whether two samples have the same shares of some values (test of homogeneity), with Cramér's V.

    Values that are expected less than 5 times on either side are taken together (Cochran 1954); None where fewer
    than two groups are left. The statistic is Pearson's; its p-value is that of clusters where rows come in them.
    """
    old, new = (sum(pair[side] for pair in bins.values()) for side in (0, 1))
    if not old or not new:
        return None
    groups, pooled = _groups(bins, min(old, new) / (old + new))
    if len(groups) < 2:
        return None
    statistic = 0.0
    for group in groups:
        pair = [sum(bins[name][side] for name in group) for side in (0, 1)]
        for seen, size in zip(pair, (old, new), strict=True):
            expected = sum(pair) * size / (old + new)
            statistic += (seen - expected) ** 2 / expected
    degrees = len(groups) - 1
    by: Spread | None = spread(bins, groups, clustered) if clustered is not None else None
    p = by.tail(statistic * (1 / old + 1 / new)) if by is not None else chi_square_tail(statistic, degrees)
    effect = ("Cramér's V", math.sqrt(statistic / (old + new)))
    return Significance("chi-square", statistic, p, effect, degrees, pooled)


def _groups(bins: Mapping[str, tuple[int, int]], least: float) -> tuple[list[list[str]], int]:
    """The names of bins with a group of the rare ones, the commonest first, and how many of them are rare."""

    def rows(group: Sequence[str]) -> int:
        return sum(sum(bins[name]) for name in group)

    groups = [[name] for name, pair in bins.items() if sum(pair) * least >= LEAST_EXPECTED]
    rare = [name for name, pair in bins.items() if any(pair) and sum(pair) * least < LEAST_EXPECTED]
    if rare:
        groups.append(rare)
        groups.sort(key=rows, reverse=True)
        if rows(groups[-1]) * least < LEAST_EXPECTED and len(groups) > 1:
            last = groups.pop()
            groups[-1] = [*groups[-1], *last]
    return groups, len(rare)


def kolmogorov_tail(distance: float, old: float, new: float) -> float:
    """How often chance alone moves two cumulative distributions apart by this distance or more.

    The limiting distribution of Kolmogorov and Smirnov with Stephens' correction for finite samples; it fits values
    of many digits, and says too much rather than too little where many are equal.
    """
    root = math.sqrt(old * new / (old + new))
    return kolmogorov_limit_tail((root + 0.12 + 0.11 / root) * distance)

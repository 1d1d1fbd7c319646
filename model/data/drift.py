"""How far data has moved between two samples, and whether that is more than chance.

The population stability index says how much, its fair limit says how much chance alone gives for so many rows. Tests
of significance are beside it, never instead of it: with a million rows they find every shift, whether or not
it matters. The distributions are our own few lines, because nothing else here would need a statistics library.

Sources: Siddiqi 2017, Intelligent Credit Scoring (index); Yurdakul & Naranjo 2020, Statistical properties of the
population stability index, Journal of Risk Model Validation 14(4) (limit); Stephens 1970, Use of the
Kolmogorov-Smirnov, Cramér-von Mises and related statistics without extensive tables, JRSS B 32 (p-value of D);
Cochran 1954, Some methods for strengthening the common chi-square tests, Biometrics 10 (when it fits);
Abramowitz & Stegun 1964, 6.5 and 26.4 (chi-square).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

MATTERS = 0.1
"""A change of the index that is worth acting on; the habit of the field, not a test."""
CONFIDENCE = 0.95
EMPTY_BIN = 1e-4
"""What an empty bin counts as where only shares are known."""
LEAST_EXPECTED = 5

Verdict = Literal["drift", "small", "none", "too few rows"]
Kind = Literal["number", "values", "missing"]
"""What of a column was compared: its numbers, its values, or only whether it has any."""


@dataclass(frozen=True)
class Significance:
    """A test: its statistic and how often chance alone gives as much."""

    name: str
    statistic: float
    p_value: float
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

    @property
    def verdict(self) -> Verdict:
        """Drift above both the limit of chance and what matters; too few rows where chance alone could matter."""
        if self.psi > max(self.limit, self.matters):
            return "drift"
        if self.limit > self.matters:
            return "too few rows"
        return "small" if self.psi > self.limit else "none"


def column_drift(
    column: str,
    kind: Kind,
    bins: Mapping[str, tuple[int, int]],
    missing: tuple[int, int],
    *,
    distance: tuple[float, int, int] | None = None,
    matters: float = MATTERS,
) -> ColumnDrift:
    """Judges one column from its rows per bin.

    Rows without a value are a bin of their own, so that a field that stops being filled is seen. `distance` is the
    largest distance of the two cumulative distributions with the two numbers of values. Raises ValueError where a
    sample has no rows.
    """
    counted = {name: pair for name, pair in bins.items() if any(pair)}
    if any(missing):
        counted["(missing)"] = missing
    old, new = (sum(pair[side] for pair in counted.values()) for side in (0, 1))
    if not old or not new:
        raise ValueError(f"a sample of {column!r} has no rows")
    tests: list[Significance] = []
    if distance is not None:
        largest, size, other = distance
        tests.append(Significance("Kolmogorov-Smirnov", largest, kolmogorov_tail(largest, size, other)))
    if kind == "values" and (fitting := chi_square_test([*counted.values()])):
        tests.append(fitting)
    return ColumnDrift(
        column,
        kind,
        psi_of_counts([*counted.values()]),
        psi_limit(len(counted), old, new),
        matters,
        counted,
        tuple(tests),
        (missing[0] / old, missing[1] / new),
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


def chi_square_test(counts: Sequence[tuple[int, int]]) -> Significance | None:
    """Whether two samples have the same shares of some values (test of homogeneity).

    Values that are expected less than 5 times on either side are taken together (Cochran 1954); None where fewer
    than two groups are left.
    """
    old, new = (sum(pair[side] for pair in counts) for side in (0, 1))
    if not old or not new:
        return None
    least = min(old, new) / (old + new)
    common = [pair for pair in counts if sum(pair) * least >= LEAST_EXPECTED]
    rare = [pair for pair in counts if any(pair) and sum(pair) * least < LEAST_EXPECTED]
    if rare:
        common.append((sum(pair[0] for pair in rare), sum(pair[1] for pair in rare)))
        common.sort(key=sum, reverse=True)
        if sum(common[-1]) * least < LEAST_EXPECTED and len(common) > 1:
            last = common.pop()
            common[-1] = (common[-1][0] + last[0], common[-1][1] + last[1])
    if len(common) < 2:
        return None
    statistic = 0.0
    for pair in common:
        for seen, size in zip(pair, (old, new), strict=True):
            expected = sum(pair) * size / (old + new)
            statistic += (seen - expected) ** 2 / expected
    degrees = len(common) - 1
    return Significance("chi-square", statistic, chi_square_tail(statistic, degrees), degrees, len(rare))


def kolmogorov_tail(distance: float, old: int, new: int) -> float:
    """How often chance alone moves two cumulative distributions apart by this distance or more.

    The limiting distribution of Kolmogorov and Smirnov with Stephens' correction for finite samples; it fits values
    of many digits, and says too much rather than too little where many are equal.
    """
    root = math.sqrt(old * new / (old + new))
    return kolmogorov_limit_tail((root + 0.12 + 0.11 / root) * distance)


def kolmogorov_limit_tail(x: float) -> float:
    """The upper tail of the Kolmogorov distribution (Smirnov 1948)."""
    if x <= 0:
        return 1.0
    if x < 1.18:
        # The other form of the same theta function: this one converges where x is small.
        terms = (math.exp(-((2 * k - 1) ** 2) * math.pi**2 / (8 * x * x)) for k in range(1, 20))
        return 1 - math.sqrt(2 * math.pi) / x * sum(terms)
    return 2 * sum((-1) ** (k - 1) * math.exp(-2 * k * k * x * x) for k in range(1, 20))


# ---- the chi-square distribution


def chi_square_tail(x: float, degrees: int) -> float:
    """The probability that a chi-square variable is above x (Abramowitz & Stegun 26.4.19)."""
    return _upper_gamma(degrees / 2, x / 2) if x > 0 else 1.0


def chi_square_quantile(probability: float, degrees: int) -> float:
    """The value that a chi-square variable stays under with this probability, by bisection."""
    if not 0 < probability < 1 or degrees < 1:
        raise ValueError(f"no quantile {probability} with {degrees} degrees of freedom")
    low, high = 0.0, float(degrees)
    while chi_square_tail(high, degrees) > 1 - probability:
        low, high = high, high * 2
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if chi_square_tail(middle, degrees) > 1 - probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _upper_gamma(a: float, x: float) -> float:
    """The regularised upper incomplete gamma function Q(a, x)."""
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        # Abramowitz & Stegun 6.5.29: a series in x.
        term = total = 1 / a
        n = a
        while term > total * 1e-16:
            n += 1
            term *= x / n
            total += term
        return max(0.0, 1 - front * total)
    # Abramowitz & Stegun 6.5.31: a continued fraction, evaluated from the front (Lentz 1976).
    b = x + 1 - a
    c, d = math.inf, 1 / b
    fraction = d
    for k in range(1, 100_000):
        factor = -k * (k - a)
        b += 2
        d = 1 / (factor * d + b)
        c = b + factor / c
        fraction *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return front * fraction

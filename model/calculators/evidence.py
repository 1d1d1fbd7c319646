"""How much data and how many examples: agreement of labellers, size of a test, learning curve."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, log, sqrt

from ..text.figure import Explained, expect, number, written

GOOD_AGREEMENT = (
    (0.0, "poor"),
    (0.2, "slight"),
    (0.4, "fair"),
    (0.6, "moderate"),
    (0.8, "substantial"),
    (1.0, "almost perfect"),
)
"""Upper ends of the words of Landis & Koch 1977."""


def kappa(table: Sequence[Sequence[float]]) -> Explained:
    """Agreement of two labellers beyond chance, from a square table of counts (rows one, columns the other).

    Source: Cohen 1960; words after Landis & Koch 1977.
    """
    rows = [[number("a count", count, low=0) for count in row] for row in table]
    expect(
        len(rows) >= 2 and all(len(row) == len(rows) for row in rows), "a square table of counts is expected"
    )
    total = sum(map(sum, rows))
    expect(total > 0, "a table with at least one labelled item is expected")
    observed = sum(row[at] for at, row in enumerate(rows)) / total
    columns = [sum(row[at] for row in rows) for at in range(len(rows))]
    chance = sum(sum(row) * column for row, column in zip(rows, columns, strict=True)) / total**2
    expect(chance < 1, "labels of at least two kinds are expected; with one kind agreement says nothing")
    value = (observed - chance) / (1 - chance)
    word = next(word for high, word in GOOD_AGREEMENT if value <= high)
    return Explained(
        "Agreement of two labellers",
        value,
        "",
        "kappa = (observed - by chance) / (1 - by chance)",
        {"table": tuple(tuple(row) for row in rows)},
        (
            f"observed = {written(observed)}; by chance = {written(chance)}",
            f"kappa = {written(observed - chance)} / {written(1 - chance)} = {written(value)}: {word}",
        ),
        "Cohen 1960; words after Landis & Koch 1977",
        {"kappa": value, "observed": observed, "by_chance": chance},
    )


def eval_size(
    *,
    p: float | None = None,
    margin: float | None = None,
    k: float | None = None,
    of: float | None = None,
    level: float = 0.95,
) -> Explained:
    """How many test examples a margin needs (`p`, `margin`), or the interval after k of n hits (`k`, `of`).

    All shares; `margin` is the half-width. Without a single hit `at_most` is the rule of three, 3 / n, the upper end
    of the one-sided 95 % interval. Source: Cochran 1977; Wilson 1927; Hanley & Lippman-Hand 1983.
    """
    level = number("level", level, 0, 1)
    expect(0 < level < 1, "a level between 0 and 1 is expected")
    z = _deviate(level)
    if margin is not None:
        expect(k is None and of is None, "either p and margin, or k and of are expected, not both")
        p, margin = number("p", 0.5 if p is None else p, 0, 1), number("margin", margin, 0, 1)
        expect(margin > 0, "a margin above 0 is expected")
        exact = z * z * p * (1 - p) / margin**2
        n = ceil(exact - 1e-9)
        return Explained(
            "Test examples",
            n,
            "examples",
            "n = z² p (1 - p) / margin², rounded up",
            {"p": p, "margin": margin, "level": level},
            (f"{written(z)}² × {written(p)} × {written(1 - p)} / {written(margin)}² = {written(exact)}",),
            "Cochran",
            {"n": n, "n_exact": exact},
        )
    expect(k is not None and of is not None, "p and margin, or k and of are expected")
    of = number("of", of, low=1)
    k = number("k", k, 0, of)
    share, wide = k / of, z * z / of
    middle = (share + wide / 2) / (1 + wide)
    half = z * sqrt(share * (1 - share) / of + wide / (4 * of)) / (1 + wide)
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    figures = {"low": low, "high": high, "share": share}
    steps = [f"{written(middle)} ± {written(half)} = {written(low)} to {written(high)}"]
    if k == 0:
        figures["at_most"] = min(1.0, 3 / of)
        steps.append(f"not one in {written(of)}: at most 3 / {written(of)} = {written(figures['at_most'])}")
    return Explained(
        "Share with its interval",
        share,
        "",
        "Wilson: (share + z²/2n ± z sqrt(share (1 - share)/n + z²/4n²)) / (1 + z²/n)",
        {"k": k, "of": of, "level": level},
        tuple(steps),
        "Wilson 1927; rule of three",
        figures,
    )


def learning_curve(
    n1: float, e1: float, n2: float, e2: float, *, target: float, floor: float = 0.0
) -> Explained:
    """How many examples a target error takes, from two measured points and an assumed floor of the error.

    Errors in any one unit. The floor changes the answer much: show it with and without. Source: power law of
    learning curves, Hestness et al. 2017.
    """
    n1, n2 = number("n1", n1, low=1), number("n2", n2, low=1)
    e1, e2 = number("e1", e1, low=0), number("e2", e2, low=0)
    floor, target = number("floor", floor, low=0), number("target", target, low=0)
    expect(n1 < n2, f"n1 < n2 is expected, not {written(n1)} and {written(n2)}")
    expect(floor < e2 < e1, f"floor < e2 < e1 is expected, not {written((floor, e2, e1))}")
    expect(target > floor, f"a target above the floor {written(floor)} is expected, not {written(target)}")
    above1, above2 = e1 - floor, e2 - floor
    b = log(above1 / above2) / log(n2 / n1)
    n = n2 * (above2 / (target - floor)) ** (1 / b)
    return Explained(
        "Examples for the target",
        n,
        "examples",
        "error(n) = floor + a n^-b",
        {"n1": n1, "e1": e1, "n2": n2, "e2": e2, "floor": floor, "target": target},
        (
            f"b = ln({written(above1)} / {written(above2)}) / ln({written(n2)} / {written(n1)}) = {written(b)}",
            f"n = {written(n2)} × ({written(above2)} / {written(target - floor)})^(1 / {written(b)}) = {written(n)}",
        ),
        "power law of learning curves, Hestness et al. 2017",
        {"b": b, "n": n},
    )


def _deviate(level: float) -> float:
    """The two-sided standard normal deviate of a level."""
    from statistics import NormalDist

    return NormalDist().inv_cdf((1 + level) / 2)

"""How much data and how many examples: agreement of labellers, size of a test, learning curve."""

from __future__ import annotations

from math import ceil, exp, log, sqrt

from ..text.figure import Explained, count, expect, number, share, written
from .kinds import Count, Counts, Ratio, Share

GOOD_AGREEMENT = (
    (0.2, "slight"),
    (0.4, "fair"),
    (0.6, "moderate"),
    (0.8, "substantial"),
    (1.0, "almost perfect"),
)
"""Upper ends of the words of Landis & Koch 1977; what is below 0 is poor."""


def kappa(table: Counts) -> Explained:
    """Agreement of two labellers beyond chance, from a square table of counts (rows one, columns the other).

    Source: Cohen 1960; words after Landis & Koch 1977.
    """
    rows = [[count("table", one) for one in row] for row in table]
    expect(
        len(rows) >= 2 and all(len(row) == len(rows) for row in rows),
        "table: a square table of counts is expected, a row for each answer of the first labeller, such as 20,5/10,15",
    )
    total = sum(map(sum, rows))
    expect(total > 0, "table: a table with at least one labelled item is expected")
    observed = sum(row[at] for at, row in enumerate(rows)) / total
    columns = [sum(row[at] for row in rows) for at in range(len(rows))]
    chance = sum(sum(row) * column for row, column in zip(rows, columns, strict=True)) / total**2
    expect(
        chance < 1, "table: labels of at least two kinds are expected; with one kind agreement says nothing"
    )
    value = (observed - chance) / (1 - chance)
    word = next(word for high, word in GOOD_AGREEMENT if value <= high) if value >= 0 else "poor"
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
    p: Share | None = None,
    margin: Share | None = None,
    k: Count | None = None,
    of: Count | None = None,
    level: Share = 0.95,
) -> Explained:
    """How many test examples a margin needs (`p`, `margin`), or the interval after k of n hits (`k`, `of`).

    `margin` is the half-width. Without a single hit `at_most` is the exact upper end of the one-sided interval, with
    nothing but hits `at_least` is its lower end; at 95 % the former is about 3 / n, the rule of three. Source:
    Cochran 1977; Wilson 1927; Clopper & Pearson 1934; Hanley & Lippman-Hand 1983.
    """
    level = share("level", level)
    expect(0 < level < 1 - 1e-12, "level: more than 0 and less than 1 is expected, such as 0.95")
    z = _deviate(level)
    if margin is not None:
        expect(k is None and of is None, "either p and margin, or k and of are expected, not both")
        p, margin = share("p", 0.5 if p is None else p), share("margin", margin)
        expect(
            0 < p < 1,
            "p: more than 0 and less than 1 is expected, such as 0.5: no test has shown yet that all or none fail",
        )
        expect(
            1e-6 <= margin < 1,
            "margin: at least 0.000001 and less than 1 is expected, such as 0.05; there is no margin of 0",
        )
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
    expect(p is None, "either p and margin, or k and of are expected, not both")
    of = count("of", of, low=1)
    k = count("k", k, 0, of)
    part, wide = k / of, z * z / of
    middle = (part + wide / 2) / (1 + wide)
    half = z * sqrt(part * (1 - part) / of + wide / (4 * of)) / (1 + wide)
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    figures = {"low": low, "high": high, "share": part}
    steps = [f"{written(middle)} ± {written(half)} = {written(low)} to {written(high)}"]
    if k in (0, of):
        # (1 - level)^(1/of), in a form that keeps its digits where it is nearly 1.
        bound = exp(log(1 - level) / of)
        name, word, end = ("at_most", "not one", 1 - bound) if k == 0 else ("at_least", "all", bound)
        figures[name] = end
        form = f"{'1 - ' if k == 0 else ''}(1 - {written(level)})^(1/{written(of)})"
        steps.append(
            f"{word} in {written(of)}: {name.replace('_', ' ')} {form} = {written(end)}, one-sided at "
            f"{written(100 * level)} %"
        )
    return Explained(
        "Share with its interval",
        part,
        "",
        "Wilson: (share + z²/2n ± z sqrt(share (1 - share)/n + z²/4n²)) / (1 + z²/n)",
        {"k": k, "of": of, "level": level},
        tuple(steps),
        "Wilson 1927; none or all: Clopper & Pearson 1934",
        figures,
    )


def learning_curve(
    n1: Count, e1: Ratio, n2: Count, e2: Ratio, *, target: Ratio, floor: Ratio = 0.0
) -> Explained:
    """How many examples a target error takes, from two measured points and an assumed floor of the error.

    Errors in any one unit. The floor changes the answer much: show it with and without. Source: power law of
    learning curves, Hestness et al. 2017.
    """
    n1, n2 = count("n1", n1, low=1), count("n2", n2, low=1)
    e1, e2 = number("e1", e1, low=0), number("e2", e2, low=0)
    floor, target = number("floor", floor, low=0), number("target", target, low=0)
    expect(n1 < n2, f"n1: fewer examples than n2 are expected, not {written(n1)} and {written(n2)}")
    expect(floor < e2 < e1, f"floor < e2 < e1 is expected, not {written((floor, e2, e1))}")
    expect(
        target > floor,
        f"target: more than the floor {written(floor)} is expected, which no number of examples reaches",
    )
    above1, above2 = e1 - floor, e2 - floor
    b = log(above1 / above2) / log(n2 / n1)
    digits = log(n2) + log(above2 / (target - floor)) / b if b > 0 else float("inf")
    expect(
        digits < log(FAR),
        f"target: no number of examples within reach gets to {written(target)}: from e1 to e2 the error hardly falls",
    )
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


FAR = 1e15
"""Examples that there never are."""


def _deviate(level: float) -> float:
    """The two-sided standard normal deviate of a level."""
    from statistics import NormalDist

    return NormalDist().inv_cdf((1 + level) / 2)

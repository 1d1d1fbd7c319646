"""What a plan takes: money in three points, people by skill, the chance of a date, and how right the estimates were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import exp, log, sqrt
from statistics import NormalDist
from typing import Literal

from ..text.figure import Calculated, Explained, Figure, Unattainable, count, exact, expect, number, written
from .distributions import path_law
from .kinds import Amount, Amounts, Count, Paths, Share, Shares, ThreePoints
from .money import Z80, pert

FEWEST_WEEKS = 5
"""A throughput forecast from fewer weeks is refused: one odd week would be a fifth of it."""
LONGEST_WEEKS = 2_000
NEGLIGIBLE = 1e-15
"""Chances below it are left out of long convolutions."""
EXACT_BACKLOG = 300
"""Up to this backlog chances are exact fractions, so that one half is one half."""
LARGEST_BACKLOG = 10_000

Points = Sequence[float]


def budget(lines: ThreePoints, *, correlated: bool = False, unit: str = "") -> Explained:
    """P50 and P80 of a sum of cost lines in three points each.

    Independent lines add their variances; `correlated` ones their standard deviations. By the classic sums and the
    normal distribution, so that P50 is the mean; the budget of a plan uses beta-PERT instead.
    Source: PERT, Malcolm et al. 1959.
    """
    known = [_points("lines", line) for line in lines]
    expect(known, "lines: at least one of low, likely and high is expected")
    means, spreads = zip(*(pert(*line) for line in known), strict=True)
    mean = sum(means)
    sd = sum(spreads) if correlated else sqrt(sum(one * one for one in spreads))
    p80, likely = mean + Z80 * sd, sum(one[1] for one in known)
    how = "sum of the sds" if correlated else "root of the summed variances"
    return Explained(
        "Budget, P80",
        p80,
        unit,
        "mean = sum of (low + 4 likely + high) / 6; sd of a line = (high - low) / 6; P80 = mean + 0.8416 sd",
        {"lines": tuple(known), "correlated": "yes" if correlated else "no"},
        (
            f"mean = {' + '.join(map(written, means))} = {written(mean)}",
            f"sd = {how} = {written(sd)}",
            f"P80 = {written(mean)} + 0.8416 × {written(sd)} = {written(p80)}",
            f"the likely values alone add up to {written(likely)}, {written(p80 - likely)} short of P80",
        ),
        "PERT, classic sums; contingency is P80 - mean",
        {"mean": mean, "sd": sd, "p50": mean, "p80": p80, "contingency": p80 - mean, "sum_of_likely": likely},
    )


def headcount(demand: Amount, people: Count, *, share: Share = 1, planned_load: Share = 0.8) -> Calculated:
    """People of one skill needed against people there, in person-months of one month.

    `gap` is what is missing, below 0 what is to spare; a `ratio` above 1 is a gap. Source: own.
    """
    demand, people = number("demand", demand, low=0), count("people", people)
    share, planned_load = number("share", share, 0, 1), number("planned_load", planned_load, 0, 1)
    there = exact(people) * exact(share) * exact(planned_load)
    gap = float(exact(demand) - there)
    if not there and demand:
        return Unattainable(
            "People needed against people there",
            f"no person has time for this skill: all {written(demand)} person-months are missing",
            {"gap": demand},
            "own",
        )
    ratio = float(exact(demand) / there) if there else 0.0
    return Explained(
        "People needed against people there",
        ratio,
        "",
        "demand / (people × share × planned load)",
        {"demand": demand, "people": people, "share": share, "planned_load": planned_load},
        (
            f"there = {written(people)} × {written(share)} × {written(planned_load)} = {written(float(there))}",
            f"{written(demand)} / {written(float(there))} = {written(ratio)}: "
            + (f"{written(gap)} person-months are missing" if gap > 0 else "enough"),
        ),
        "own",
        {"ratio": ratio, "gap": gap, "there": float(there)},
        notes=("one person alone has this skill: a risk",) if people == 1 else (),
    )


def schedule(
    *,
    path: ThreePoints | None = None,
    paths: Paths | None = None,
    mean: Amount | None = None,
    variance: Amount | None = None,
    by: float | None = None,
    method: Literal["classic", "beta-pert"] = "classic",
) -> Explained:
    """Chance that a path of tasks, in three points each, is done by a time; or from a known mean and variance.

    `classic` adds means and variances and takes the normal distribution, as published. `beta-pert` adds the
    distributions themselves, and takes parallel `paths` into account, which the classic sum cannot.
    Source: Malcolm et al. 1959; beta-PERT with lambda 4.
    """
    expect(method in ("classic", "beta-pert"), "method: classic or beta-pert is expected")
    when = None if by is None else number("by", by)
    if mean is not None or variance is not None:
        expect(path is None and paths is None, "either mean and variance, or a path is expected")
        expect(mean is not None and variance is not None, "mean and variance are expected together")
        return _normal(number("mean", mean, low=0), number("variance", variance, low=0), when, ())
    routes = [path] if path is not None else list(paths or ())
    expect(
        len(routes) >= 1 and (path is None or paths is None), "path, paths, or mean and variance is expected"
    )
    known = [[_points("path", task) for task in route] for route in routes]
    expect(all(known), "path: at least one task is expected")
    if method == "beta-pert":
        return _beta(known, when)
    expect(len(known) == 1, "several paths are for method=beta-pert: the classic sum knows one")
    means, spreads = zip(*(pert(*task) for task in known[0]), strict=True)
    variances = [spread**2 for spread in spreads]
    steps = (
        f"mean = {' + '.join(map(written, means))} = {written(sum(means))}",
        f"variance = {' + '.join(map(written, variances))} = {written(sum(variances))}",
    )
    return _normal(sum(means), sum(variances), when, steps, tuple(known[0]))


def _normal(
    mean: float,
    variance: float,
    by: float | None,
    steps: tuple[str, ...],
    path: tuple[tuple[float, float, float], ...] = (),
) -> Explained:
    sd = sqrt(variance)
    figures: dict[str, Figure] = {"mean": mean, "variance": variance, "p80": mean + Z80 * sd}
    if by is not None:
        # A certain path is done by its mean; sums of thirds leave a trace in binary.
        chance = NormalDist().cdf((by - mean) / sd) if sd else float(by >= mean - 1e-9)
        figures["p_by"] = chance
        steps += (
            f"P(done by {written(by)}) = Phi(({written(by)} - {written(mean)}) / {written(sd)}) = {written(chance)}",
        )
    inputs: dict[str, Figure] = {"path": path} if path else {"mean": mean, "variance": variance}
    return Explained(
        "Length of the path, P80",
        mean + Z80 * sd,
        "",
        "mean = sum of (low + 4 likely + high) / 6; variance = sum of ((high - low) / 6)²; normal distribution",
        inputs,
        (*steps, f"P80 = {written(mean)} + 0.8416 × {written(sd)} = {written(mean + Z80 * sd)}"),
        "PERT, Malcolm et al. 1959, classic sums",
        figures,
        notes=("other paths that are nearly as long make the date later: this sum does not see them",),
    )


def _beta(routes: list[list[tuple[float, float, float]]], by: float | None) -> Explained:
    law = path_law(routes)
    figures: dict[str, Figure] = {"mean": law.mean, "variance": law.variance, "p80": law.quantile(0.8)}
    steps = [f"mean {written(law.mean)}, variance {written(law.variance)}, P80 {written(law.quantile(0.8))}"]
    if by is not None:
        figures["p_by"] = law.chance(by)
        steps.append(f"P(done by {written(by)}) = {written(law.chance(by))}")
    return Explained(
        "Length of the longest path, P80" if len(routes) > 1 else "Length of the path, P80",
        law.quantile(0.8),
        "",
        "distributions of beta-PERT durations added by convolution; parallel paths: product of their chances",
        {"paths": tuple(tuple(route) for route in routes)},
        tuple(steps),
        "beta-PERT with lambda 4; variance (mean - low)(high - mean) / 7",
        figures,
    )


def throughput(samples: Amounts, backlog: Count) -> Calculated:
    """Weeks until an open backlog is done, from cards finished in each past week: P50, P85 and P95.

    The convolution of the observed counts, no random numbers; a chance of exactly the asked share counts as reached.
    Refused under five weeks. Source: throughput forecasting (Vacanti 2015, Magennis), exact instead of simulated.
    """
    counts = [int(count("samples", one)) for one in samples]
    expect(
        len(counts) >= FEWEST_WEEKS, f"samples: at least {FEWEST_WEEKS} weeks are expected, not {len(counts)}"
    )
    work = int(count("backlog", backlog, high=LARGEST_BACKLOG))
    if not any(counts) and work:
        return Unattainable(
            "Weeks until the backlog is done",
            "nothing was finished in these weeks: there is nothing to go by",
        )
    wanted = {"p50": Fraction(1, 2), "p85": Fraction(17, 20), "p95": Fraction(19, 20)}
    found = _weeks(Counter(counts), len(counts), work, wanted)
    if found is None:
        return Unattainable(
            "Weeks until the backlog is done",
            f"not within {LONGEST_WEEKS:,} weeks at the pace of these weeks",
        )
    pace = sum(counts) / len(counts)
    return Explained(
        "Weeks until the backlog is done, P85",
        found["p85"],
        "weeks",
        "first week in which the convolution of the weekly counts reaches the backlog with the wanted chance",
        {"samples": tuple(counts), "backlog": work},
        (
            f"{written(pace)} a week on average, {min(counts)} to {max(counts)}",
            f"P50 {found['p50']}, P85 {found['p85']}, P95 {found['p95']} weeks",
        ),
        "throughput forecasting (Vacanti, Magennis); exact convolution",
        dict(found),
        notes=("weeks to come are taken to be like the weeks counted",),
    )


def _weeks(
    counts: Mapping[int, int], weeks: int, work: int, wanted: Mapping[str, Fraction]
) -> dict[str, int] | None:
    """By asked chance, the first week that reaches it; None where that takes too long."""
    is_exact = work <= EXACT_BACKLOG
    step = {n: Fraction(times, weeks) if is_exact else times / weeks for n, times in sorted(counts.items())}
    open_work: dict[int, Fraction | float] = {work: Fraction(1) if is_exact else 1.0} if work else {}
    found: dict[str, int] = {}
    for week in range(LONGEST_WEEKS + 1):
        left = sum(open_work.values())
        for name, share in wanted.items():
            if name not in found and left <= (1 - share if is_exact else float(1 - share) + 1e-12):
                found[name] = week
        if len(found) == len(wanted):
            return found
        following: dict[int, Fraction | float] = {}
        for rest, chance in open_work.items():
            for done, share in step.items():
                if rest > done:
                    following[rest - done] = following.get(rest - done, 0) + chance * share
        open_work = following if is_exact else {k: v for k, v in following.items() if v > NEGLIGIBLE}
    return None


def calibration(
    *,
    p: Shares | None = None,
    outcome: Amounts | None = None,
    planned: Amounts | float | None = None,
    actual: Amounts | float | None = None,
) -> Calculated:
    """How right one's own numbers were: chances against outcomes (Brier), or planned against actual amounts.

    `factor` is what estimates must be multiplied with: exp(mean(ln(actual / planned))). For cost and time above 1 is
    optimistic, for gain below 1. Source: Brier 1950; reference-class forecasting, Flyvbjerg.
    """
    if p is not None or outcome is not None:
        chances = [number("p", one, 0, 1) for one in p or ()]
        came = [count("outcome", one, high=1) for one in outcome or ()]
        expect(chances, "at least one chance with its outcome is expected")
        expect(
            len(chances) == len(came),
            f"as many outcomes as chances are expected, not {len(came)} for {len(chances)}",
        )
        parts = [(one - two) ** 2 for one, two in zip(chances, came, strict=True)]
        brier = sum(parts) / len(parts)
        return Explained(
            "Brier score",
            brier,
            "",
            "mean of (chance - outcome)²; 0 is perfect, 0.25 is what always saying one half gets",
            {"p": tuple(chances), "outcome": tuple(came)},
            (f"({' + '.join(map(written, parts))}) / {len(parts)} = {written(brier)}",),
            "Brier 1950",
            {"brier": brier},
        )
    before, after = _row("planned", planned), _row("actual", actual)
    expect(before and after, "p and outcome, or planned and actual are expected")
    expect(
        len(before) == len(after),
        f"as many actual as planned figures are expected, not {len(after)} for {len(before)}",
    )
    if not all(before):
        return Unattainable(
            "Actual against planned", "nothing was planned, so that nothing can be held against it"
        )
    expect(all(after) or len(after) == 1, "actual figures above 0 are expected")
    ratios = [now / then for now, then in zip(after, before, strict=True)]
    factor = exp(sum(map(log, ratios)) / len(ratios)) if all(ratios) else ratios[0]
    return Explained(
        "Actual against planned",
        factor,
        "",
        "exp(mean of ln(actual / planned))",
        {"planned": before, "actual": after},
        (
            f"actual / planned: {', '.join(map(written, ratios))}",
            f"factor for the next estimates: {written(factor)}",
        ),
        "reference-class forecasting, Flyvbjerg",
        {"ratio": factor, "factor": factor},
        notes=("above 1 is optimistic for cost and time, below 1 for gain",),
    )


def _row(name: str, value: Sequence[float] | float | None) -> tuple[float, ...]:
    if value is None:
        return ()
    values = value if isinstance(value, Sequence) else (value,)
    return tuple(number(name, one, low=0) for one in values)


def _points(name: str, given: Points) -> tuple[float, float, float]:
    expect(len(given) == 3, f"{name}: low, likely and high are expected, not {len(given)} figures")
    low, likely, high = (number(name, one, low=0) for one in given)
    expect(
        low <= likely <= high,
        f"{name}: low <= likely <= high is expected, not {written((low, likely, high))}",
    )
    return low, likely, high

"""Live tests: how many units and days they take, and whether the split came out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil, log, sqrt
from statistics import NormalDist
from typing import Literal, NamedTuple

from ..data.distributions import chi_square_tail
from ..text.figure import (
    Calculated,
    Explained,
    Figure,
    Unattainable,
    above_zero,
    count,
    exact,
    expect,
    number,
    open_share,
    written,
)
from .kinds import Amount, Amounts, Count, Share, Shares

SPLIT_ALARM = 0.001
SPLIT_UNITS = 100
"""A split is not judged below so many units."""
LONGEST_DAYS = 365
MOST_ARMS = 1_000

_NORMAL = NormalDist()


class _Asked(NamedTuple):
    """What a size is asked for: deviates of level and power, and units of the second arm per unit of the first."""

    level: float
    power: float
    k: Fraction


def ab_size(  # noqa: PLR0913  the inputs of a calculator, by their names
    *,
    p1: Share | None = None,
    p2: Share | None = None,
    sd: Amount | None = None,
    d: float | None = None,
    mean_num: float | None = None,
    sd_num: Amount | None = None,
    mean_den: float | None = None,
    sd_den: Amount | None = None,
    correlation: float = 0,
    margin: Share | None = None,
    power: Share = 0.8,
    alpha: Share = 0.05,
    sides: Count = 2,
    metrics: Count = 1,
    guardrails: Count = 1,
    allocation: Amount | None = None,
    shares: Shares | None = None,
    rule: Literal["", "16"] = "",
    n: Count | None = None,
    arms: Count | None = None,
    per_day: Amount | None = None,
    share: Share = 1,
    week_units: Amount | None = None,
) -> Calculated:
    """Units per arm that a live test takes, its power for a given size, and its days from the traffic.

    Shares `p1` to `p2`; means of standard deviation `sd` that differ by `d`; or a ratio of sums (clicks per session)
    by its numerator and denominator per unit. Effects are absolute. With `margin` a guardrail: not worse than `p1` by
    more, one-sided, unpooled. `metrics` success metrics share the level, `guardrails` share the power. `allocation`
    is units of the second arm per unit of the first; `shares` say the same for any number of arms. `week_units` are
    the different units that a week sees, where `per_day` is those of a day: visitors return.
    Source: Fleiss; R power.prop.test; Chow, Shao, Wang (margin); Deng et al. 2018 (ratio); Kohavi et al. 2009.
    """
    alpha, power = open_share("alpha", alpha), open_share("power", power)
    expect(sides in (1, 2), f"sides: 1 or 2 is expected, not {sides!r}")
    expect(rule in ("", "16"), f"rule: 16 is expected, not {rule!r}")
    planned = _planned(shares, allocation, arms)
    one_sided = sides == 1 or margin is not None
    level = alpha / count("metrics", metrics, low=1)
    each_power = 1 - (1 - power) / count("guardrails", guardrails, low=1)
    asked = _Asked(
        _NORMAL.inv_cdf(1 - level / (1 if one_sided else 2)),
        _NORMAL.inv_cdf(each_power),
        planned[1] / planned[0],
    )
    given = None if n is None else number("n", n, low=1)
    if p1 is not None or p2 is not None:
        expect(p1 is not None and p2 is not None, "p1 and p2 are expected together")
        found = _of_shares(number("p1", p1, 0, 1), number("p2", p2, 0, 1), margin, asked, given)
    elif mean_num is not None:
        ratio = {"sd_num": sd_num, "mean_den": mean_den, "sd_den": sd_den, "d": d}
        missing = [name for name, value in ratio.items() if value is None]
        expect(not missing, f"{', '.join(missing)} expected with mean_num")
        spread = _ratio_sd(number("mean_num", mean_num), sd_num, mean_den, sd_den, correlation)
        found = _of_means(spread, d, asked, rule, given)
    elif sd is not None or d is not None:
        expect(sd is not None and d is not None, "sd and d are expected together")
        found = _of_means(above_zero("sd", sd), d, asked, rule, given)
    else:
        expect(
            given is not None and per_day is not None, "p1 and p2, sd and d, or n and per_day are expected"
        )
        found = Explained("Units of the first arm", given or 0, "units", figures={"n": ceil(given or 0)})
    if per_day is None or isinstance(found, Unattainable) or "n" not in found.figures:
        return found
    return _with_days(
        found, planned, number("per_day", per_day, low=0), above_zero("share", share, 1), week_units
    )


def _planned(
    shares: Sequence[float] | None, allocation: float | None, arms: float | None
) -> tuple[Fraction, ...]:
    """The share of each arm; equal ones where none are said."""
    if shares is not None:
        expect(len(shares) >= 2, "shares: one of each of at least two arms is expected")
        known = [exact(above_zero("shares", one)) for one in shares]
        expect(
            abs(sum(known) - 1) <= Fraction(1, 200),
            f"shares that sum to 1 are expected, not {float(sum(known))}",
        )
        return tuple(one / sum(known) for one in known)
    many = int(count("arms", 2 if arms is None else arms, high=MOST_ARMS))
    expect(many >= 2, "arms: at least 2 are expected; one arm is not a comparison")
    if allocation is None:
        return (Fraction(1, many),) * many
    k = exact(above_zero("allocation", allocation))
    others = k * (many - 1)
    return (1 / (1 + others), *(k / (1 + others),) * (many - 1))


def _of_shares(p1: float, p2: float, margin: float | None, asked: _Asked, n: float | None) -> Calculated:
    k = float(asked.k)
    if margin is not None:
        difference = exact(p2) - exact(p1) + exact(above_zero("margin", margin, 1))
        if difference <= 0:
            return Unattainable(
                "Units of the first arm",
                "the true loss is as large as the margin: no size shows that it is smaller",
            )
        spread = p1 * (1 - p1) + p2 * (1 - p2) / k
        size = (asked.level + asked.power) ** 2 * spread / float(difference) ** 2
        text = "(z_level + z_power)² × (p1 (1 - p1) + p2 (1 - p2) / k) / (p2 - p1 + margin)²"
        inputs: dict[str, Figure] = {"p1": p1, "p2": p2, "margin": margin}
        return _size("Units of the first arm", size, asked, text, inputs, "Chow, Shao, Wang 2008, unpooled")
    if p1 == p2:
        return Unattainable(
            "Units of the first arm", "p1 and p2 are the same: there is no difference to find"
        )
    pooled = (p1 + k * p2) / (1 + k)
    chance = sqrt(pooled * (1 - pooled) * (1 + 1 / k))
    truth = sqrt(p1 * (1 - p1) + p2 * (1 - p2) / k)
    text = "(z_level sqrt(p (1 - p) (1 + 1/k)) + z_power sqrt(p1 (1 - p1) + p2 (1 - p2) / k))² / (p2 - p1)²"
    inputs = {"p1": p1, "p2": p2}
    if n is not None:
        found = _NORMAL.cdf((sqrt(n) * abs(p2 - p1) - asked.level * chance) / truth) if truth else 1.0
        return _power(found, n, inputs)
    size = ((asked.level * chance + asked.power * truth) / (p2 - p1)) ** 2
    found = _size("Units of the first arm", size, asked, text, inputs, "Fleiss; R power.prop.test, pooled")
    relative = f"effect {written(p2 - p1)} absolute" + (
        f", {written(100 * (p2 / p1 - 1))} % relative" if p1 else ""
    )
    return _noted(found, relative)


def _of_means(sd: float, d: float | None, asked: _Asked, rule: str, n: float | None) -> Calculated:
    d = number("d", d)
    if not d:
        return Unattainable("Units of the first arm", "d is 0: there is no difference to find")
    inputs: dict[str, Figure] = {"sd": sd, "d": d}
    if rule:
        size = 16 * exact(sd) ** 2 / exact(d) ** 2
        text = "16 sd² / d²"
        return _size("Units of the first arm", size, asked, text, inputs, "Kohavi et al. 2009, rule of 16")
    k = float(asked.k)
    if n is not None:
        return _power(_NORMAL.cdf(abs(d) / (sd * sqrt((1 + 1 / k) / n)) - asked.level), n, inputs)
    size = (1 + 1 / k) * (asked.level + asked.power) ** 2 * sd * sd / (d * d)
    text = "(1 + 1/k) (z_level + z_power)² sd² / d²"
    return _size("Units of the first arm", size, asked, text, inputs, "normal distribution")


def _ratio_sd(
    mean_num: float, sd_num: float | None, mean_den: float | None, sd_den: float | None, correlation: float
) -> float:
    """Standard deviation of a ratio of sums, per unit, by the delta method."""
    den = number("mean_den", mean_den)
    expect(den != 0, "mean_den: a number other than 0 is expected")
    top, below = number("sd_num", sd_num, low=0), number("sd_den", sd_den, low=0)
    rho, ratio = number("correlation", correlation, -1, 1), mean_num / den
    return above_zero(
        "sd_num, sd_den: the spread of the ratio",
        sqrt(top**2 - 2 * ratio * rho * top * below + (ratio * below) ** 2) / abs(den),
    )


def _size(
    name: str, size: float | Fraction, asked: _Asked, formula: str, inputs: dict[str, Figure], source: str
) -> Explained:
    second = ceil(size * asked.k if isinstance(size, Fraction) else size * float(asked.k))
    figures: dict[str, Figure] = {"n": ceil(size), "n2": second, "n_exact": float(size)}
    if "sd" in inputs:
        figures["sd"] = inputs["sd"]
    return Explained(
        name,
        ceil(size),
        "units",
        f"n = {formula}, rounded up; k = units of the second arm per unit of the first",
        inputs,
        (
            f"z_level {written(asked.level)}, z_power {written(asked.power)}, k {written(float(asked.k))}",
            f"n = {written(float(size))}: {written(ceil(size))} and {written(second)}",
        ),
        source,
        figures,
    )


def _power(power: float, n: float, inputs: dict[str, Figure]) -> Explained:
    return Explained(
        "Power",
        power,
        "",
        "Phi((sqrt(n) |effect| - z_level × spread without effect) / spread with effect)",
        {**inputs, "n": n},
        (f"with {written(n)} units an effect of this size is found in {written(100 * power)} of 100 tests",),
        "R power.prop.test",
        {"power": power},
    )


def _noted(found: Explained, note: str) -> Explained:
    return replace(found, notes=(*found.notes, note))


def _with_days(
    found: Explained,
    planned: tuple[Fraction, ...],
    per_day: float,
    share: float,
    week_units: float | None,
) -> Calculated:
    first = int(found.number("n"))
    per_arm = tuple(ceil(first * one / planned[0]) for one in planned)
    total, traffic = sum(per_arm), exact(per_day) * exact(share)
    if not traffic:
        return Unattainable("Days of the test", "no traffic: it never ends", {"n": first, "total": total})
    growth, note = 1.0, "taken as if no visitor returned: with returning visitors it takes longer"
    if week_units is not None:
        week = above_zero("week_units", week_units)
        expect(per_day <= week <= 7 * per_day, "week_units: from per_day to seven times per_day is expected")
        growth, note = log(week / per_day) / log(7), f"a week sees {written(week)} different units"
    days = ceil(total / traffic) if growth == 1 else None
    if days is None:
        days = (
            ceil((total / float(traffic)) ** (1 / growth) - 1e-9)
            if growth and log(total / float(traffic)) / growth < log(10 * LONGEST_DAYS)
            else LONGEST_DAYS + 1
        )
    weeks = -(-max(days, 1) // 7)
    if 7 * weeks > LONGEST_DAYS:
        return Unattainable(
            "Days of the test",
            f"{written(total)} units do not come within a year at {written(float(traffic))} a day ({note})",
            {"n": first, "total": total},
        )
    return replace(
        found,
        figures={**found.figures, "per_arm": per_arm, "total": total, "days": 7 * weeks},
        formula=f"{found.formula}; days = units of all arms / (per day × share), in whole weeks".removeprefix(
            "; "
        ),
        source=found.source or "Kohavi et al. 2009",
        steps=(
            *found.steps,
            f"{' + '.join(map(written, per_arm))} = {written(total)} units at {written(float(traffic))} a day: "
            f"{7 * weeks} days",
        ),
        notes=(*found.notes, note),
    )


def split_check(
    *,
    a: Count | None = None,
    b: Count | None = None,
    ratio: Share = 0.5,
    counts: Amounts | None = None,
    shares: Shares | None = None,
) -> Explained:
    """Whether the units came out in the planned shares (sample-ratio mismatch).

    `a` and `b` are counts and `ratio` the planned share of the first; `counts` and `shares` for any number of arms.
    An alarm below p = 0.001, never below 100 units. Source: chi-square test; Fabijan et al. 2019.
    """
    if counts is None:
        expect(a is not None and b is not None, "a and b, or counts are expected")
        ratio = open_share("ratio", ratio)
        counts, shares = (a or 0, b or 0), (ratio, 1 - ratio)
    known = [int(count("counts", one)) for one in counts]
    expect(len(known) >= 2, "counts of at least two arms are expected")
    planned = (
        [1 / len(known)] * len(known) if shares is None else [above_zero("shares", one, 1) for one in shares]
    )
    expect(
        len(planned) == len(known),
        f"as many shares as counts are expected, not {len(planned)} for {len(known)}",
    )
    expect(abs(sum(planned) - 1) <= 0.005, f"shares that sum to 1 are expected, not {written(sum(planned))}")
    total = sum(known)
    expect(total > 0, "at least one unit is expected")
    expected = [total * one / sum(planned) for one in planned]
    chi2 = sum((seen - one) ** 2 / one for seen, one in zip(known, expected, strict=True))
    p = chi_square_tail(chi2, len(known) - 1)
    alarm = p < SPLIT_ALARM and total >= SPLIT_UNITS
    if total < SPLIT_UNITS:
        verdict = f"too few to judge: {total} of {SPLIT_UNITS} units"
    else:
        verdict = (
            "the split is not as planned: look for the fault before reading anything"
            if alarm
            else "as planned"
        )
    return Explained(
        "Chance of such a split",
        p,
        "",
        f"chi-square with {len(known) - 1} degrees of freedom; alarm below p = {SPLIT_ALARM}",
        {"counts": tuple(known), "shares": tuple(planned)},
        (
            f"planned: {', '.join(map(written, expected))}",
            f"chi2 = {written(chi2)}, p = {p:.3g}: {verdict}",
        ),
        "Fabijan et al. 2019; Kohavi, Tang, Xu 2020",
        {"chi2": chi2, "p": p, "alarm": alarm},
    )

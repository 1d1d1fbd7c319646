"""A system in operation: canaries, error budgets, drift, groups, the test score, and when to retrain."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, comb, exp, log, sqrt
from statistics import NormalDist

from ..data.drift import EMPTY_BIN, MATTERS, psi, psi_limit
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

SEEN = 0.95
"""Chance with which an event is seen at least once."""
FOUR_FIFTHS = Fraction(4, 5)
MOST_BINS = 10_000
TESTS_A_SECTION = 7
BANDS: tuple[tuple[float, str], ...] = (
    (0, "0 research, not a product"),
    (1, "0-1 tested a little, holes likely"),
    (2, "1-2 first pass at production"),
    (3, "2-3 reasonably tested"),
    (5, "3-5 strong, fit for critical use"),
    (TESTS_A_SECTION, "above 5 exceptional"),
)
"""Upper ends belong to the band, as published."""
DAY_HOURS, DAY_MINUTES = 24, 1_440
_NORMAL = NormalDist()


# ---- canary


def canary(  # noqa: PLR0913  the inputs of a calculator, by their names
    *,
    share: Share | None = None,
    error: Share | None = None,
    slo: Share | None = None,
    per_minute: Amount | None = None,
    minutes: Amount | None = None,
    p: Share | None = None,
    p0: Share | None = None,
    p1: Share | None = None,
    alpha: Share = 0.05,
    power: Share = 0.9,
    base_bad: Count | None = None,
    base_of: Count | None = None,
    canary_bad: Count | None = None,
    canary_of: Count | None = None,
) -> Calculated:
    """Harm, exposure, size and verdict of a canary, after what is given.

    `share` of the traffic, its `error` rate and the objective `slo`: overall errors and burn. `per_minute` and
    `minutes`: requests that see it. `p`: requests to see an event of that rate with 95 % chance. `p0` and `p1`:
    requests per side to tell the two rates, one-sided. Counts of both sides: the verdict. Compare with an equal,
    equally new control, never with the past. Source: SRE Workbook, Canarying Releases; pooled two-proportion size.
    """
    alpha, power = open_share("alpha", alpha), open_share("power", power)
    if canary_of is not None:
        return _verdict((base_bad, base_of), (canary_bad, canary_of), p1, alpha, power)
    if per_minute is not None:
        return _exposure(share, per_minute, minutes, p0, alpha, power)
    if share is not None:
        return _harm(share, error, slo)
    if p is not None:
        return _to_see(number("p", p, 0, 1))
    expect(p0 is not None and p1 is not None, "share and error, p, p0 and p1, or counts are expected")
    low, high = number("p0", p0, 0, 1), number("p1", p1, 0, 1)
    if low == high:
        return Unattainable("Requests per side", "p0 and p1 are the same: there is no difference to tell")
    n = ceil(_to_tell(low, high, alpha, power))
    return Explained(
        "Requests per side",
        n,
        "requests",
        "one-sided two-proportion size, pooled",
        {"p0": low, "p1": high, "alpha": alpha, "power": power},
        (f"{written(n)} on each side tell {written(low)} from {written(high)}",),
        "Fleiss",
        {"n_tell": n},
    )


def _harm(share: float, error: float | None, slo: float | None) -> Explained:
    share, error = number("share", share, 0, 1), number("error", error, 0, 1)
    overall = share * error
    figures: dict[str, Figure] = {"overall": overall}
    steps = [f"overall = {written(share)} × {written(error)} = {written(overall)}"]
    if slo is not None:
        allowed = 1 - exact(open_share("slo", slo))
        burn = float(exact(share) * exact(error) / allowed)
        figures["burn"] = burn
        steps.append(f"burn = {written(overall)} / {written(float(allowed))} = {written(burn)}")
    return Explained(
        "Errors of all traffic",
        overall,
        "",
        "overall = share × error rate of the canary; burn = overall / (1 - objective)",
        {"share": share, "error": error},
        tuple(steps),
        "SRE Workbook, Canarying Releases",
        figures,
    )


def _to_see(p: float) -> Calculated:
    name = "Requests to see one event"
    if not p:
        return Unattainable(name, "an event of rate 0 never happens")
    n = 1 if p == 1 else ceil(log(1 - SEEN) / log(1 - p) - 1e-9)
    return Explained(
        name,
        n,
        "requests",
        "ln(0.05) / ln(1 - p), rounded up: seen with 95 % chance",
        {"p": p},
        (f"ln(0.05) / ln({written(1 - p)}): {written(n)}",),
        "geometric distribution",
        {"n_see": n},
    )


def _to_tell(p0: float, p1: float, alpha: float, power: float) -> float:
    middle = (p0 + p1) / 2
    z_level, z_power = _NORMAL.inv_cdf(1 - alpha), _NORMAL.inv_cdf(power)
    spread = z_level * sqrt(2 * middle * (1 - middle)) + z_power * sqrt(p0 * (1 - p0) + p1 * (1 - p1))
    return (spread / (p1 - p0)) ** 2


def _exposure(
    share: float | None,
    per_minute: float,
    minutes: float | None,
    p0: float | None,
    alpha: float,
    power: float,
) -> Explained:
    share, minutes = number("share", share, 0, 1), number("minutes", minutes, low=0)
    per_minute = number("per_minute", per_minute, low=0)
    seen = share * per_minute * minutes
    figures: dict[str, Figure] = {"exposure": seen}
    steps = [
        f"{written(share)} × {written(per_minute)} × {written(minutes)} = {written(seen)} requests see it"
    ]
    notes: tuple[str, ...] = ()
    if p0 is not None:
        base = number("p0", p0, 0, 1)
        if base < 1 and _to_tell(base, 1.0, alpha, power) <= seen:
            low, high = base, 1.0
            for _ in range(60):
                middle = (low + high) / 2
                low, high = (middle, high) if _to_tell(base, middle, alpha, power) > seen else (low, middle)
            figures["smallest_effect"] = high - base
            steps.append(
                f"a rise from {written(base)} to {written(high)} is seen with {written(100 * power)} % chance"
            )
        else:
            notes = ("too few requests to see any rise",)
    return Explained(
        "Requests that see the canary",
        seen,
        "requests",
        "share × requests a minute × minutes",
        {"share": share, "per_minute": per_minute, "minutes": minutes},
        tuple(steps),
        "SRE Workbook, Canarying Releases",
        figures,
        notes=notes,
    )


def _verdict(
    base: tuple[float | None, float | None],
    found: tuple[float | None, float | None],
    p1: float | None,
    alpha: float,
    power: float,
) -> Explained:
    base_bad, base_of = count("base_bad", base[0]), count("base_of", base[1], low=1)
    bad, of = count("canary_bad", found[0]), count("canary_of", found[1], low=1)
    expect(base_bad <= base_of and bad <= of, "no more bad requests than requests are expected")
    rate, seen = base_bad / base_of, bad / of
    p = _one_sided(int(base_bad), int(base_of), int(bad), int(of))
    matters = number("p1", p1, 0, 1) if p1 is not None else min(1.0, 2 * rate or 1 / of)
    enough = matters > rate and min(base_of, of) >= _to_tell(rate, matters, alpha, power)
    verdict = "stop" if p < alpha and seen > rate else "go on" if enough else "not enough yet"
    return Explained(
        "Chance of such a rise without a cause",
        p,
        "",
        f"one-sided test of two shares at {written(alpha)}; exact where few are bad",
        {"base_bad": base_bad, "base_of": base_of, "canary_bad": bad, "canary_of": of},
        (
            f"{written(bad)} of {written(of)} ({seen:.3g}) "
            f"against {written(base_bad)} of {written(base_of)} ({rate:.3g})",
            f"p = {p:.3g}: {verdict}",
        ),
        "Fisher 1934; normal approximation for many",
        {"p": p, "verdict": verdict, "difference": seen - rate},
    )


def _one_sided(base_bad: int, base_of: int, bad: int, of: int) -> float:
    """Chance of at least so many bad ones on the canary's side, if both sides are alike."""
    total, ill = base_of + of, base_bad + bad
    share = ill / total
    if min(share, 1 - share) * min(base_of, of) >= 10:
        spread = sqrt(share * (1 - share) * (1 / base_of + 1 / of))
        return 1 - _NORMAL.cdf((bad / of - base_bad / base_of) / spread)
    if not ill or ill == total:
        return 1.0
    # The rare outcome is the one that is counted, so that the sum is short.
    if 2 * ill > total:
        good_base, good = base_of - base_bad, of - bad
        rare, side, top = good_base + good, base_of, range(good_base, min(good_base + good, base_of) + 1)
    else:
        rare, side, top = ill, of, range(bad, min(ill, of) + 1)
    ways = sum(comb(side, one) * comb(total - side, rare - one) for one in top if rare - one <= total - side)
    return float(Fraction(ways, comb(total, rare)))


# ---- error budgets


def slo(  # noqa: PLR0913  the inputs of a calculator, by their names
    *,
    objective: Share | None = None,
    days: Amount = 30,
    burn: Amount | None = None,
    share_used: Amount | None = None,
    hours: Amount | None = None,
    per_hour: Amount | None = None,
    failures: Count | None = None,
) -> Explained:
    """Error budget of an objective, the burn rate of an alert or of what was counted, and whether an alert can fire.

    `days` is the window of the objective, `hours` that of the alert. An alert fires at or above its limit.
    Source: SRE Workbook, table 5-6 (page at 2 % in 1 h or 5 % in 6 h, ticket at 10 % in 3 days).
    """
    days = above_zero("days", days)
    length = None if hours is None else above_zero("hours", hours)
    if objective is None:
        expect(
            share_used is not None and length is not None, "objective, or share_used and hours are expected"
        )
        used = number("share_used", share_used, low=0)
        found = float(exact(used) * exact(days) * DAY_HOURS / exact(length or 1))
        return Explained(
            "Burn rate",
            found,
            "",
            "share of the budget × window / time",
            {"share_used": used, "hours": length or 0, "days": days},
            (f"{written(used)} × {written(days)} × 24 / {written(length or 0)} = {written(found)}",),
            "SRE Workbook, table 5-6",
            {"burn": found},
        )
    goal = exact(open_share("objective", objective))
    if failures is not None:
        return _counted(goal, days, number("failures", failures, low=0), per_hour, length)
    if burn is not None:
        return _alert(goal, above_zero("burn", burn), per_hour, length)
    minutes = float((1 - goal) * exact(days) * DAY_MINUTES)
    return Explained(
        "Error budget",
        minutes,
        "minutes",
        "(1 - objective) × window",
        {"objective": float(goal), "days": days},
        (f"{written(float(1 - goal))} × {written(days)} × 1,440 = {written(minutes)} minutes",),
        "SRE Workbook",
        {"minutes": minutes},
    )


def _counted(
    goal: Fraction, days: float, failures: float, per_hour: float | None, hours: float | None
) -> Explained:
    expect(per_hour is not None and hours is not None, "per_hour and hours are expected with failures")
    events = above_zero("per_hour", per_hour) * (hours or 0)
    expect(failures <= events, f"at most {written(events)} failures are expected, not {written(failures)}")
    rate = failures / events
    burn = rate / float(1 - goal)
    used = burn * (hours or 0) / (days * DAY_HOURS)
    return Explained(
        "Burn rate",
        burn,
        "",
        "failures / events / (1 - objective)",
        {"objective": float(goal), "failures": failures, "per_hour": per_hour or 0, "hours": hours or 0},
        (
            f"{written(failures)} / {written(events)} = {written(rate)}",
            f"{written(rate)} / {written(float(1 - goal))} = {written(burn)}",
            f"{written(100 * used)} % of the budget of {written(days)} days",
        ),
        "SRE Workbook, chapter 5",
        {"burn": burn, "share_used": used},
    )


def _alert(goal: Fraction, burn: float, per_hour: float | None, hours: float | None) -> Explained:
    most, rate = 1 / (1 - goal), float(exact(burn) * (1 - goal))
    can_fire = exact(burn) <= most
    figures: dict[str, Figure] = {"can_fire": can_fire, "max_burn": float(most), "error_rate": rate}
    steps = [
        f"error rate at the limit = {written(burn)} × {written(float(1 - goal))} = {written(rate)}",
        "it can fire" if can_fire else f"it can never fire: all requests failing burn {written(float(most))}",
    ]
    notes: tuple[str, ...] = ()
    if per_hour is not None and hours is not None and can_fire:
        events = above_zero("per_hour", per_hour) * hours
        least = max(1, ceil(exact(burn) * (1 - goal) * exact(events)))
        enough = ceil(1 / (exact(burn) * (1 - goal))) + 1
        figures |= {"failures_to_fire": least, "least_events": enough}
        steps.append(f"{written(least)} of {written(events)} events in {written(hours)} h must fail")
        if least == 1:
            notes = (f"one single failure fires it: ask for at least {written(enough)} events in that time",)
    return Explained(
        "Highest burn rate there can be",
        float(most),
        "",
        "1 / (1 - objective); an alert fires at or above its limit",
        {"objective": float(goal), "burn": burn},
        tuple(steps),
        "SRE Workbook, chapter 5",
        figures,
        notes=notes,
    )


# ---- drift and groups


def drift(  # noqa: PLR0913  the inputs of a calculator, by their names
    *,
    expected: Shares | None = None,
    actual: Shares | None = None,
    bins: Count | None = None,
    n: Count | None = None,
    m: Count | None = None,
    floor: Share = EMPTY_BIN,
    matters: Amount = MATTERS,
) -> Explained:
    """Population stability index of two lists of shares, and what chance alone gives for samples of `n` and `m`.

    An empty bin counts as `floor`. `matters` is the change from which one acts. Source: Siddiqi 2017; Yurdakul and
    Naranjo 2020.
    """
    figures: dict[str, Figure] = {}
    steps = list[str]()
    inputs: dict[str, Figure] = {}
    index: float | None = None
    limit: float | None = None
    if expected is not None or actual is not None:
        old, new = _shares("expected", expected or ()), _shares("actual", actual or ())
        expect(len(old) == len(new), f"lists of the same length are expected, not {len(old)} and {len(new)}")
        expect(len(old) >= 2, "at least two bins are expected: one cannot drift")
        floor = open_share("floor", floor)
        index = figures["psi"] = psi(old, new, floor)
        inputs = {"expected": old, "actual": new, "floor": floor}
        steps.append(f"psi = sum of (actual - expected) ln(actual / expected) = {written(index)}")
        bins = len(old)
    if n is not None or m is not None:
        expect(bins is not None, "bins are expected with n and m")
        many = int(count("bins", bins, low=2, high=MOST_BINS))
        limit = figures["fair_limit"] = psi_limit(many, int(count("n", n, low=1)), int(count("m", m, low=1)))
        inputs |= {"bins": many, "n": n or 0, "m": m or 0}
        steps.append(f"chance alone stays under {written(limit)} in 95 of 100 checks of {many} bins")
    expect(figures, "expected and actual, or bins, n and m are expected")
    matters = above_zero("matters", matters)
    if index is not None and limit is not None:
        alarm = index > max(limit, matters)
        figures["alarm"] = alarm
        steps.append(
            f"{'above' if alarm else 'not above'} {written(max(limit, matters))}, the larger of the limit and a change "
            "that matters"
        )
    return Explained(
        "Stability index" if index is not None else "Fair limit",
        index if index is not None else limit or 0.0,
        "",
        "psi = sum of (a - e) ln(a / e); fair limit = chi2(0.95, bins - 1) × (1/n + 1/m)",
        inputs,
        tuple(steps),
        "Siddiqi 2017; Yurdakul & Naranjo 2020",
        figures,
        notes=("drift is a reason to look, not proof of harm",),
    )


def group_ratio(selected: Amounts, of: Amounts) -> Calculated:
    """Lowest selection rate over the highest, with its interval by logs; below four fifths look closer.

    A signal, not a verdict. Source: Uniform Guidelines 1978, four-fifths rule; interval Katz et al. 1978.
    """
    expect(len(selected) == len(of) >= 2, "selected, of: as many of each, at least two, are expected")
    groups = [
        (int(count("selected", one)), int(count("of", all_of, low=1)))
        for one, all_of in zip(selected, of, strict=True)
    ]
    expect(all(one <= all_of for one, all_of in groups), "no more selected than counted are expected")
    rates = [Fraction(one, all_of) for one, all_of in groups]
    top = max(rates)
    name = "Ratio between groups"
    if not top:
        return Unattainable(name, "no group was selected from: 0 / 0")
    worst, best = rates.index(min(rates)), rates.index(top)
    ratio = rates[worst] / top
    figures: dict[str, Figure] = {"ratio": float(ratio), "flagged": ratio < FOUR_FIFTHS}
    steps = [
        *(f"group {at + 1}: {groups[at][0]} of {groups[at][1]}" for at in (worst, best)),
        f"{written(float(rates[worst]))} / {written(float(top))} = {written(float(ratio))}: "
        + ("below four fifths, look closer" if ratio < FOUR_FIFTHS else "not below four fifths"),
    ]
    if ratio:
        (a, n), (b, m) = groups[worst], groups[best]
        spread = _NORMAL.inv_cdf(0.975) * sqrt(1 / a - 1 / n + 1 / b - 1 / m)
        low, high = float(ratio) * exp(-spread), float(ratio) * exp(spread)
        figures |= {"low": low, "high": high}
        steps.append(f"95 % interval {written(low)} to {written(high)}")
    return Explained(
        name,
        float(ratio),
        "",
        "lowest selection rate / highest; interval: ratio × exp(± z sqrt(1/a - 1/n + 1/b - 1/m))",
        {"selected": tuple(one for one, _ in groups), "of": tuple(one for _, one in groups)},
        tuple(steps),
        "four-fifths rule, Uniform Guidelines 1978; Katz et al. 1978",
        figures,
        notes=("a signal, not a verdict",),
    )


def _shares(name: str, given: Sequence[float]) -> tuple[float, ...]:
    found = tuple(number(name, one, 0, 1) for one in given)
    expect(
        abs(sum(found) - 1) <= 0.005, f"{name}: shares that sum to 1 are expected, not {written(sum(found))}"
    )
    return found


# ---- readiness and age


def ml_test_score(
    *, sections: Amounts | None = None, tests: Sequence[Sequence[float]] | None = None
) -> Explained:
    """The ML test score: the lowest of the four sums over seven tests each.

    A test counts 0, 0.5 (by hand, written down) or 1 (automatic, repeated). Source: Breck et al. 2017.
    """
    if tests is not None:
        rows = [[number("tests", one, 0, 1) for one in row] for row in tests]
        expect(all(one in (0, 0.5, 1) for row in rows for one in row), "tests of 0, 0.5 or 1 are expected")
        expect(
            all(len(row) <= TESTS_A_SECTION for row in rows),
            f"at most {TESTS_A_SECTION} tests a section are expected",
        )
        sections = [sum(row) for row in rows]
    known = tuple(number("sections", one, 0, TESTS_A_SECTION) for one in sections or ())
    expect(known, "sections or tests are expected")
    score = min(known)
    band = next(word for high, word in BANDS if score <= high)
    return Explained(
        "ML test score",
        score,
        "",
        "lowest sum of the sections",
        {"sections": known},
        (f"lowest of {', '.join(map(written, known))} = {written(score)}: {band}",),
        "Breck et al. 2017, The ML Test Score",
        {"score": score, "band": band, "sections": known},
    )


def retrain_interval(c: Amount, k: Amount, *, unit: str = "") -> Calculated:
    """The cheapest interval between retrainings, in days.

    A retraining costs `c`; each day of age adds `k` of cost a day. Source: Harris 1913, economic order quantity.
    """
    c, k = number("c", c, low=0), number("k", k, low=0)
    if not k:
        return Unattainable("Days between retrainings", "age costs nothing: never retrain because of age")
    days = float(sqrt(2 * c / k))
    per_day = float(sqrt(2 * c * k))
    return Explained(
        "Days between retrainings",
        days,
        "days",
        "sqrt(2 c / k)",
        {"c": c, "k": k},
        (
            f"sqrt(2 × {written(c)} / {written(k)}) = {written(days)} days",
            f"costs {written(per_day)} {unit} a day, half of it retraining, half age".replace("  ", " "),
        ),
        "Harris 1913",
        {"days": days, "cost_per_day": per_day},
    )

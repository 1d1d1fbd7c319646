"""A system in operation: error budgets, the test score, and when to retrain."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, sqrt

from ..text.figure import (
    Calculated,
    Explained,
    Figure,
    Unattainable,
    above_zero,
    exact,
    expect,
    number,
    open_share,
    written,
)
from .kinds import Amount, Amounts, Count, Ratio, Share

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


def slo(  # noqa: PLR0913  the inputs of a calculator, by their names
    *,
    objective: Share | None = None,
    days: Amount = 30,
    burn: Amount | None = None,
    share_used: Ratio | None = None,
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

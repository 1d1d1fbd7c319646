"""Canaries: how many requests show a fault, how many users see it meanwhile, and whether to go on."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, comb, log, sqrt
from statistics import NormalDist

from ..text.figure import (
    Calculated,
    Explained,
    Figure,
    Unattainable,
    count,
    exact,
    expect,
    number,
    open_share,
    written,
)
from .kinds import Amount, Count, Share

SEEN = 0.95
"""Chance with which an event is seen at least once."""
_NORMAL = NormalDist()


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

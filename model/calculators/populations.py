"""Two populations next to each other: how far data has moved, and how differently groups fare."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import exp, sqrt
from statistics import NormalDist

from ..data.drift import EMPTY_BIN, MATTERS, psi, psi_limit
from ..text.figure import (
    Calculated,
    Explained,
    Figure,
    Unattainable,
    above_zero,
    count,
    expect,
    number,
    open_share,
    written,
)
from .kinds import Amount, Amounts, Count, Share, Shares

FOUR_FIFTHS = Fraction(4, 5)
MOST_BINS = 10_000
_NORMAL = NormalDist()


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

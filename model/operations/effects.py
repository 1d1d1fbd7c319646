"""The difference of a metric between two variants of a live test, and whether a guardrail held."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, hypot, sqrt
from statistics import NormalDist
from typing import NamedTuple

from ..text.figure import expect, written
from .experiments import Trial

FEW = 10
"""Events, or units without one, below which the normal law is rough."""
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Effect:
    """The difference of a metric between a variant and the control, in the metric's unit."""

    metric: str
    arm: str
    control: float
    """The metric's value in the control."""
    absolute: float
    relative: float | None
    """As a share of the control's value; None where that is 0."""
    low: float
    high: float
    """Interval of the absolute effect, at the level of the comparison (or of this look)."""
    p: float
    """Two-sided; one-sided where the test is."""
    z: float
    """Positive where the variant is better."""
    limit: float
    """Of |z|."""
    relative_interval: tuple[float, float] | None = None
    is_rough: bool = False
    """Whether there are too few events for the normal law."""


@dataclass(frozen=True)
class GuardrailRead:
    """Whether a guardrail held: it is not worse than the control by its margin."""

    metric: str
    arm: str
    ok: bool | None
    """None where it cannot be known: no margin, or no counts."""
    low: float | None = None
    high: float | None = None
    margin: float | None = None
    why: str = ""
    is_broken: bool = False
    """Whether it is worse by more than the margin, and not only not shown to hold."""


class _Pair(NamedTuple):
    """A metric in the control and in a variant, with the standard error of each."""

    control: float
    value: float
    control_error: float
    value_error: float
    null_error: float
    """Of the difference, if there is none."""
    is_rough: bool

    @property
    def difference(self) -> float:
        return self.value - self.control

    @property
    def error(self) -> float:
        return hypot(self.control_error, self.value_error)


def effect_of(trial: Trial, metric: str, arm: str, units: dict[str, int], limit: float) -> Effect:
    pair = _pair(trial, metric, arm, units)
    signed = pair.difference / pair.null_error * trial.better(metric) if pair.null_error else 0.0
    tail = _NORMAL.cdf(-signed) if trial.record.sides == "one" else 2 * _NORMAL.cdf(-abs(signed))
    return Effect(
        metric,
        arm,
        pair.control,
        pair.difference,
        pair.difference / pair.control if pair.control else None,
        pair.difference - limit * pair.error,
        pair.difference + limit * pair.error,
        tail,
        signed,
        limit,
        _relative(pair, limit),
        pair.is_rough,
    )


def _relative(pair: _Pair, limit: float) -> tuple[float, float] | None:
    """Interval of the relative effect, by logs of the ratio (Katz et al. 1978); None where a value is not above 0."""
    if pair.control <= 0 or pair.value <= 0:
        return None
    ratio = pair.value / pair.control
    half = limit * hypot(pair.control_error / pair.control, pair.value_error / pair.value)
    return ratio * exp(-half) - 1, ratio * exp(half) - 1


def _pair(trial: Trial, metric: str, arm: str, units: dict[str, int]) -> _Pair:
    """A metric in two variants. Shares: unpooled errors, pooled without an effect. Means: one spread for all.

    A ratio of sums counts as a mean over units whose spread is that of the delta method (Deng et al. 2018).
    """
    control, scale, spread = trial.arms[0], trial.scale(metric), trial.spread(metric)
    a, b = (_needed(trial, metric, one, units) for one in (control, arm))
    n, m = units[control], units[arm]
    if spread is not None:
        errors = spread / sqrt(n), spread / sqrt(m)
        over, under = (_divisor(trial, metric, one, units) for one in (control, arm))
        return _Pair(a / over, b / under, *errors, hypot(*errors), is_rough=False)
    p, q, pooled = a / n, b / m, (a + b) / (n + m)
    return _Pair(
        p * scale,
        q * scale,
        sqrt(p * (1 - p) / n) * scale,
        sqrt(q * (1 - q) / m) * scale,
        sqrt(pooled * (1 - pooled) * (1 / n + 1 / m)) * scale,
        is_rough=min(a, n - a, b, m - b) < FEW,
    )


def _divisor(trial: Trial, metric: str, arm: str, units: dict[str, int]) -> float:
    """What a sum is divided by: the units of a mean, the other sum of a ratio. Raises ValueError."""
    per = trial.measure(metric).per
    if not per:
        return units[arm]
    label = metric or "the primary metric"
    expect(arm in per, f"{label}: what the sum of {arm} is divided by is missing: {arm}.{metric}=SUM/SUM")
    expect(
        per[arm] > 0, f"{label}: the sum of {arm} is divided by {written(per[arm])}: more than 0 is expected"
    )
    return per[arm]


def _needed(trial: Trial, metric: str, arm: str, units: dict[str, int]) -> float:
    """Events or sum of a variant. Raises ValueError where they are missing, or more than units."""
    found, is_share = _sum_of(trial, metric, arm), trial.spread(metric) is None
    label = metric or "the primary metric"
    if found is None:
        what = "events" if is_share else "total"
        raise ValueError(f"{label}: {what} of {arm} are missing")
    expect(
        not is_share or 0 <= found <= units[arm],
        f"{label}: {written(found)} events of {written(units[arm])} units in {arm}: more events than units",
    )
    return found


def guardrail_of(trial: Trial, metric: str, arm: str, units: dict[str, int]) -> GuardrailRead:
    margin = trial.margin(metric)
    if not is_counted(trial, metric):
        missing = [one for one in trial.arms if _sum_of(trial, metric, one) is None]
        return GuardrailRead(metric, arm, None, margin=margin, why=f"no counts of {' and '.join(missing)}")
    pair, z = _pair(trial, metric, arm, units), _NORMAL.inv_cdf(1 - trial.record.significance)
    low, high = pair.difference - z * pair.error, pair.difference + z * pair.error
    if not margin:
        return GuardrailRead(metric, arm, None, low, high, None, "no margin: how much worse may it get?")
    best, worst = (-high, -low) if trial.better(metric) > 0 else (low, high)
    is_broken = best > margin
    bound = f"at least {written(best)}" if is_broken else f"at most {written(max(0.0, worst))}"
    why = f"worse by {bound}, margin {written(margin)}"
    return GuardrailRead(metric, arm, worst < margin, low, high, margin, why, is_broken)


def _sum_of(trial: Trial, metric: str, arm: str) -> float | None:
    """Events of a share, or the sum of a mean."""
    if metric == (trial.record.primary_metric or ""):
        known = trial.record.arms[arm]
        own = known.events if trial.spread(metric) is None else known.total
        if own is not None:
            return own
    return trial.measure(metric).counts.get(arm)


def is_counted(trial: Trial, metric: str) -> bool:
    return all(_sum_of(trial, metric, arm) is not None for arm in trial.arms)

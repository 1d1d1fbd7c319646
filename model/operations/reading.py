"""The result of a live test: whether the split can be trusted, the effect, the guardrails, and a verdict in words.

The split comes first: where units did not come out as planned, something moved them, and no effect is read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, hypot, sqrt
from statistics import NormalDist
from typing import Literal, NamedTuple

from ..calculators import split_check
from ..calculators.experiments import SPLIT_UNITS
from ..text.figure import expect, written
from .experiments import Trial
from .sequential import limits, look_at

Verdict = Literal["better", "no difference seen", "worse", "could not be tested", "still running"]
"""As the playbook's question tp-verdict has them."""
Result = Literal["supports", "mixed", "against", "inconclusive"]
FEW = 10
"""Events, or units without one, below which the normal law is rough."""
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Split:
    """Whether the units came out in the planned shares."""

    p: float
    ok: bool
    text: str


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


@dataclass(frozen=True)
class ExperimentRead:
    """What the counts of a live test say."""

    split: Split
    effects: tuple[Effect, ...]
    """Of the primary metric, a variant each; empty where the split forbids to read any."""
    others: tuple[Effect, ...]
    """Of the other metrics of success."""
    guardrails: tuple[GuardrailRead, ...]
    verdict: Verdict
    result: Result | None
    """What is recorded; None while it runs, or where a guardrail was not measured."""
    text: str
    """The verdict in a sentence or two."""
    notes: tuple[str, ...] = ()

    @property
    def needs_a_person(self) -> bool:
        """Whether something is wrong: the split, the change, or a guardrail (while it runs only a broken one)."""
        over = self.verdict != "still running"
        wrong = any(one.is_broken or (over and one.ok is False) for one in self.guardrails)
        return not self.split.ok or self.verdict == "worse" or wrong


@dataclass(frozen=True)
class _Progress:
    """How far a test is, and which limit of |z| counts now."""

    share: float | None
    """Of the planned units, in the variant that has the least of its own; None where no size was planned."""
    limit: float
    is_over: bool
    """Whether it is read for the last time."""
    look: int
    """Which planned look it is; 0 where it is none."""


def read_experiment(trial: Trial, today: dt.date) -> ExperimentRead:
    """Reads the counts of an experiment. Raises ValueError with what is missing or contradicts."""
    arms = trial.arms
    expect(trial.record.arms, "no variants: kedge experiment set ID arms.NAME.title=…")
    units = _units(trial)
    split = _split(trial, units)
    if not split.ok:
        text = "could not be tested: the split is not as planned"
        return ExperimentRead(split, (), (), (), "could not be tested", "inconclusive", text)
    progress = _progress(trial, units, today)
    primary = trial.record.primary_metric or ""
    effects = tuple(_effect(trial, primary, arm, units, progress.limit) for arm in arms[1:])
    single = _NORMAL.inv_cdf(1 - trial.level / trial.tails)
    others = tuple(
        _effect(trial, metric, arm, units, single)
        for metric in trial.success
        for arm in arms[1:]
        if _is_counted(trial, metric)
    )
    guardrails = tuple(
        _guardrail(trial, metric, arm, units) for metric in trial.record.guardrails for arm in arms[1:]
    )
    notes = tuple(_notes(trial, progress, effects))
    return _judged(trial, split, (effects, others), guardrails, progress, notes)


# ---- counts


def _units(trial: Trial) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in trial.arms:
        arm = trial.record.arms[name]
        if arm.units is None:
            raise ValueError(f"units of {name} are missing: {name}.units=NUMBER")
        expect(arm.units, f"{name} has no units: there is nothing to compare")
        found[name] = arm.units
    return found


def _sum_of(trial: Trial, metric: str, arm: str) -> float | None:
    """Events of a share, or the sum of a mean."""
    if metric == (trial.record.primary_metric or ""):
        known = trial.record.arms[arm]
        own = known.events if trial.spread(metric) is None else known.total
        if own is not None:
            return own
    return trial.measure(metric).counts.get(arm)


def _is_counted(trial: Trial, metric: str) -> bool:
    return all(_sum_of(trial, metric, arm) is not None for arm in trial.arms)


def _split(trial: Trial, units: dict[str, int]) -> Split:
    found = split_check(counts=list(units.values()), shares=list(trial.shares))
    ok = not found["alarm"]
    total = sum(units.values())
    shown = " and ".join(written(one) for one in units.values())
    planned = ", ".join(f"{written(100 * one)} %" for one in trial.shares)
    if total < SPLIT_UNITS:
        text = f"{shown} units: too few to judge the split ({total} of {SPLIT_UNITS})"
    elif ok:
        text = f"{shown} units, planned {planned}: as planned (p = {found.value:.2g})"
    else:
        text = (
            f"{shown} units, planned {planned}: not as planned (p = {found.value:.2g}); look for the fault in the "
            "assignment or the counting before anything is read"
        )
    return Split(found.value, ok, text)


def _progress(trial: Trial, units: dict[str, int], today: dt.date) -> _Progress:
    record = trial.record
    single = _NORMAL.inv_cdf(1 - trial.level / trial.tails)
    days_over = (
        record.started is not None
        and record.days is not None
        and ((today - record.started).days + 1 >= record.days)
    )
    ended = record.ended is not None and record.ended <= today
    if not record.sample_size:
        return _Progress(None, single, is_over=True, look=0)
    base = trial.shares[0]
    share = min(
        units[arm] / (record.sample_size * part / base)
        for arm, part in zip(trial.arms, trial.shares, strict=True)
    )
    is_over = share >= 1 or ended or days_over
    looks = record.looks or 1
    if record.boundary == "none" or looks < 2:
        return _Progress(share, single, is_over, 0)
    look = looks if is_over else look_at(share, looks)
    ends = limits(looks, trial.both_sides, record.boundary)
    return _Progress(share, ends[max(look, 1) - 1], is_over, look)


# ---- effects


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


def _effect(trial: Trial, metric: str, arm: str, units: dict[str, int], limit: float) -> Effect:
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
    """A metric in two variants. Shares: unpooled errors, pooled without an effect. Means: one spread for all."""
    control, scale, spread = trial.arms[0], trial.scale(metric), trial.spread(metric)
    a, b = (_needed(trial, metric, one, units) for one in (control, arm))
    n, m = units[control], units[arm]
    if spread is not None:
        errors = spread / sqrt(n), spread / sqrt(m)
        return _Pair(a / n, b / m, *errors, hypot(*errors), is_rough=False)
    p, q, pooled = a / n, b / m, (a + b) / (n + m)
    return _Pair(
        p * scale,
        q * scale,
        sqrt(p * (1 - p) / n) * scale,
        sqrt(q * (1 - q) / m) * scale,
        sqrt(pooled * (1 - pooled) * (1 / n + 1 / m)) * scale,
        is_rough=min(a, n - a, b, m - b) < FEW,
    )


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


def _guardrail(trial: Trial, metric: str, arm: str, units: dict[str, int]) -> GuardrailRead:
    margin = trial.margin(metric)
    if not _is_counted(trial, metric):
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


# ---- the verdict


def _notes(trial: Trial, progress: _Progress, effects: tuple[Effect, ...]) -> Iterator[str]:
    record = trial.record
    if any(one.is_rough for one in effects):
        yield f"fewer than {FEW} events, or units without one: the interval is rough"
    if progress.share is None:
        yield "no sample_size was planned: read once, at the end (kedge experiment size)"
        return
    if progress.share < 1:
        yield f"{written(100 * progress.share)} % of the planned units"
        if record.boundary == "none" and not progress.is_over:
            looks = max(record.looks or 1, 5)
            yield (
                f"a look now costs: read {looks} times without limits, a test without any effect is called one in "
                f"{written(100 * trial.false_alarm_of(looks))} of 100 cases"
            )
        elif progress.is_over:
            yield "it ended with fewer units than planned: a small effect may not be seen"
    if progress.look:
        yield f"look {progress.look} of {record.looks}: |z| counts from {progress.limit:.3f} on"


def _judged(
    trial: Trial,
    split: Split,
    effects: tuple[tuple[Effect, ...], tuple[Effect, ...]],
    guardrails: tuple[GuardrailRead, ...],
    progress: _Progress,
    notes: tuple[str, ...],
) -> ExperimentRead:
    primary, others = effects
    best = max(primary, key=lambda one: one.z)
    verdict = _verdict(primary, best, progress)
    broken = sorted({one.metric for one in guardrails if one.is_broken})
    failed = sorted({one.metric for one in guardrails if one.ok is False and one.metric not in broken})
    unknown = sorted({one.metric for one in guardrails if one.ok is None})
    text = _words(trial, verdict, best)
    also = sorted({one.metric for one in others if one.z >= one.limit})
    if also and verdict != "still running":
        text += f"; better on {', '.join(also)}"
    if verdict != "still running":
        if failed:
            text += f"; not shown to hold: {', '.join(failed)}"
        if unknown:
            text += f"; not known: {', '.join(unknown)}"
    if broken:
        text += f"; stop: {', '.join(broken)} is worse by more than the margin"
    result = _result(trial, verdict, best, is_held=not (failed or broken), is_known=not unknown)
    return ExperimentRead(split, primary, others, guardrails, verdict, result, text, notes)


def _verdict(primary: tuple[Effect, ...], best: Effect, progress: _Progress) -> Verdict:
    may_decide = progress.is_over or progress.look > 0
    if may_decide and best.z >= best.limit:
        return "better"
    if may_decide and all(one.z <= -one.limit for one in primary):
        return "worse"
    if not progress.is_over:
        return "still running"
    if best.low == best.high:
        return "could not be tested"
    return "no difference seen"


def _result(trial: Trial, verdict: Verdict, best: Effect, *, is_held: bool, is_known: bool) -> Result | None:
    match verdict:
        case "still running":
            return None
        case "better":
            return "mixed" if not is_held else "supports" if is_known else None
        case "worse":
            return "against"
        case "could not be tested":
            return "inconclusive"
        case _:
            most = best.high if trial.better(best.metric) > 0 else -best.low
            pays = trial.record.smallest_effect
            return "against" if pays is not None and most < abs(pays) else "inconclusive"


def _words(trial: Trial, verdict: Verdict, best: Effect) -> str:
    name = best.metric or "the primary metric"
    relative = f" ({100 * best.relative:+.3g} %)" if best.relative is not None else ""
    size = f"{name} {best.absolute:+.4g}{relative} in {best.arm}"
    match verdict:
        case "better":
            return f"better: {size}"
        case "worse":
            return f"worse: {size}"
        case "still running":
            return "still running: not to be decided yet"
        case "could not be tested":
            return f"could not be tested: {name} had no event, or nothing else, in any variant"
        case _:
            most = best.high if trial.better(best.metric) > 0 else -best.low
            pays = trial.record.smallest_effect
            excluded = (
                f"; an effect of {written(abs(pays))}, which would pay, is ruled out"
                if pays is not None and most < abs(pays)
                else ""
            )
            return f"no difference seen: {size}{excluded}"

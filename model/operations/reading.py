"""The result of a live test: whether the split can be trusted, the effect, the guardrails, and a verdict in words.

The split comes first: where units did not come out as planned, something moved them, and no effect is read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from ..calculators.experiments import SPLIT_UNITS, split_check
from ..text.dates import has_come
from ..text.figure import expect, written
from .effects import FEW, Effect, GuardrailRead, effect_of, guardrail_of, is_counted
from .experiments import Trial
from .sequential import limits, look_at

Verdict = Literal["better", "no difference seen", "worse", "could not be tested", "still running"]
"""As the playbook's question tp-verdict has them."""
Result = Literal["supports", "mixed", "against", "inconclusive"]
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Split:
    """Whether the units came out in the planned shares."""

    p: float
    ok: bool
    text: str


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
    effects = tuple(effect_of(trial, primary, arm, units, progress.limit) for arm in arms[1:])
    single = _NORMAL.inv_cdf(1 - trial.level / trial.tails)
    others = tuple(
        effect_of(trial, metric, arm, units, single)
        for metric in trial.success
        for arm in arms[1:]
        if is_counted(trial, metric)
    )
    guardrails = tuple(
        guardrail_of(trial, metric, arm, units) for metric in trial.record.guardrails for arm in arms[1:]
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
    ended = has_come(record.ended, today)
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

"""Live tests before they start: how many units each variant takes, how long that is, and what more would need it.

Figures of a metric are in its own unit: a share, points of a percentage, events per 1,000. Success metrics share the
level, and so do variants that are each compared with the control; guardrails share the power.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import cast

from ..calculators.experiments import ab_size
from ..calculators.looks import peeking
from ..plan.plan import Plan
from ..records.delivery import Experiment, Measure
from ..records.project import Project
from ..records.strategy import Metric
from ..text.figure import Calculated, Explained, Unattainable, expect, written
from .sequential import inflation

CONTROLS = ("control", "hold-out", "holdout", "baseline", "current", "a")
"""What the variant that the others are compared with is often called."""
_PER = re.compile(r"\bper ([1-9][\d,]*)\b")


@dataclass(frozen=True)
class Trial:
    """An experiment with what the plan says of its metrics."""

    record: Experiment
    metrics: Mapping[str, Metric]

    @classmethod
    def of(cls, plan: Plan, record: Experiment) -> Trial:
        """The experiment of a plan, or one that is only tried out."""
        known = plan.strategy(record.project).metrics if record.project in plan.projects else {}
        return cls(record, known)

    @property
    def arms(self) -> tuple[str, ...]:
        """The variants, the control first. Raises ValueError where there are too few, or none is the control."""
        names = list(self.record.arms)
        if not names:
            return ("control", "treatment")
        expect(len(names) >= 2, f"only one variant ({names[0]}): a test compares at least two")
        control = self.record.control or next((one for one in CONTROLS if one in names), None)
        expect(
            control is not None,
            f"which of {', '.join(names)} is the control? kedge experiment set {self.record.id} control=…",
        )
        expect(control in names, f"control: one of {', '.join(names)} is expected, not {control}")
        return (str(control), *(one for one in names if one != control))

    @property
    def shares(self) -> tuple[float, ...]:
        """The planned share of each variant, as `arms`; equal ones where none are said. Raises ValueError."""
        found = [self.record.arms[one].share if one in self.record.arms else None for one in self.arms]
        if all(one is None for one in found):
            return (1 / len(found),) * len(found)
        expect(all(found), "a share above 0 of every variant is expected, or of none")
        known = [one for one in found if one is not None]
        expect(abs(sum(known) - 1) <= 0.005, f"shares that sum to 1 are expected, not {written(sum(known))}")
        return tuple(one / sum(known) for one in known)

    @property
    def success(self) -> tuple[str, ...]:
        """The metrics of success besides the primary one."""
        record = self.record
        return tuple(
            one for one in record.measures if one not in record.guardrails and one != record.primary_metric
        )

    @property
    def level(self) -> float:
        """The level of each single comparison, of all metrics of success and variants."""
        return self.record.significance / ((1 + len(self.success)) * (len(self.arms) - 1))

    @property
    def tails(self) -> int:
        """Sides of the test: 1 where only a gain is looked for."""
        return 1 if self.record.sides == "one" else 2

    @property
    def both_sides(self) -> float:
        """The level of a two-sided test with the same limit: limits for several looks are worked out for both sides."""
        return self.level * 2 / self.tails

    @property
    def false_alarm(self) -> float:
        """Chance that a test without any effect is called one, where its looks have no limits of their own."""
        return self.false_alarm_of(self.record.looks or 1)

    def false_alarm_of(self, looks: int) -> float:
        """The same for another number of looks."""
        # One side of two is half of it: that both are crossed in one test hardly ever happens.
        return peeking(looks, alpha=self.both_sides).value * self.tails / 2

    def measure(self, metric: str) -> Measure:
        """How a metric is counted in this test."""
        return self.record.measures.get(metric) or Measure()

    def spread(self, metric: str) -> float | None:
        """Standard deviation per unit of a mean; None where the metric is a share."""
        return self.measure(metric).spread

    def scale(self, metric: str) -> float:
        """What a share is multiplied by to be in the metric's unit: 100 of a percentage, 1,000 of `per 1,000`."""
        known = self.metrics.get(metric)
        return 1.0 if self.spread(metric) is not None else scale_of(known.unit if known else None)

    def better(self, metric: str) -> int:
        """1 where more of the metric is better, -1 where less is."""
        known = self.metrics.get(metric)
        return -1 if known is not None and known.better == "lower" else 1

    def margin(self, metric: str) -> float | None:
        """How much worse a guardrail may get: its margin here, else from its baseline to its limit."""
        margin, known = self.measure(metric).margin, self.metrics.get(metric)
        if margin is not None or known is None or known.limit is None or known.baseline is None:
            return margin
        room = (known.baseline - known.limit) * self.better(metric)
        return room if room > 0 else None


def scale_of(unit: str | None) -> float:
    """What a share is multiplied by to be in a unit."""
    text = (unit or "").strip().lower()
    if text in ("%", "percent", "points", "percentage points"):
        return 100.0
    found = _PER.search(text)
    return float(found[1].replace(",", "")) if found else 1.0


@dataclass(frozen=True)
class ExperimentSize:
    """How large a live test is."""

    arms: tuple[str, ...]
    absolute: float
    """The smallest effect, in the metric's unit, with its sign."""
    said: float
    """The same as the record says it: of a metric of which less is better mostly without a sign."""
    relative: float | None
    """The same as a share of the baseline."""
    power: float
    level: float
    """Of the single comparison."""
    parts: tuple[tuple[str, Calculated], ...]
    """What each metric asks for, with its arithmetic; the largest decides."""
    per_arm: tuple[int, ...] = ()
    """Units of each variant, as `arms`; empty where no size answers the question."""
    days: int | None = None
    """In whole weeks; None where the traffic is not known, or does not suffice."""
    why: str = ""
    """Why it cannot be attained; empty where it can."""
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """Units of all variants."""
        return sum(self.per_arm)


def experiment_size(trial: Trial, *, relative: float | None = None) -> ExperimentSize:
    """The size of a live test from what its record says. Raises ValueError with what is missing or makes no sense."""
    record, arms = trial.record, trial.arms
    primary = record.primary_metric or ""
    baseline = record.baseline
    known = trial.metrics.get(primary)
    if baseline is None and known is not None:
        baseline = known.baseline
    effect = record.smallest_effect
    if relative is not None:
        expect(baseline, "baseline: a value other than 0 is expected with a relative effect")
        effect = relative * abs(baseline or 0)
    expect(effect is not None, "smallest_effect is missing: the smallest difference that would pay")
    signed = _signed(effect or 0, known.better if known is not None else None)
    found = [(primary or "primary metric", _superior(trial, primary, baseline, signed))]
    unsized: list[str] = []
    for metric in record.guardrails:
        size = _not_worse(trial, metric)
        if isinstance(size, str):
            unsized.append(size)
        else:
            found.append((f"guardrail {metric}", size))
    share = signed / baseline if baseline else None
    notes = tuple(f"not sized: {one}" for one in unsized)
    size = ExperimentSize(
        arms, signed, effect or 0, share, record.power, trial.level, tuple(found), notes=notes
    )
    return _with_units(size, trial)


def _signed(effect: float, better: str | None) -> float:
    """The smallest effect with its direction: of a known metric the one that is better, else as it was said."""
    expect(
        effect >= 0 or better != "higher",
        f"smallest_effect: {written(effect)} would be worse, since more of the metric is better",
    )
    return -abs(effect) if better == "lower" else effect


def _superior(trial: Trial, metric: str, baseline: float | None, effect: float) -> Calculated:
    record, spread, scale = trial.record, trial.spread(metric), trial.scale(metric)
    common = {"power": record.power, "alpha": trial.level, "sides": trial.tails, "shares": trial.shares}
    if spread is not None:
        return ab_size(sd=spread, d=effect, **common)  # pyright: ignore[reportArgumentType]
    expect(
        baseline is not None,
        "baseline is missing: the share without the change (or a spread, where the metric is a mean: "
        f"measures.{metric or 'METRIC'}.spread)",
    )
    p1, p2 = (baseline or 0) / scale, ((baseline or 0) + effect) / scale
    expect(
        0 <= p1 <= 1,
        f"baseline: a share from 0 to 1 is expected, not {written(p1)}; of a mean say its spread: "
        f"measures.{metric or 'METRIC'}.spread",
    )
    expect(0 <= p2 <= 1, f"smallest_effect: the share with the change would be {written(p2)}")
    return ab_size(p1=p1, p2=p2, **common)  # pyright: ignore[reportArgumentType]


def _not_worse(trial: Trial, metric: str) -> Calculated | str:
    """The size that shows a guardrail to be not worse; or what is missing for it, in words."""
    record, known, margin = trial.record, trial.metrics.get(metric), trial.margin(metric)
    if not margin:
        return f"{metric}: no margin, so that no size shows that it held"
    spread, scale = trial.spread(metric), trial.scale(metric)
    common = {
        "power": record.power,
        "alpha": record.significance,
        "sides": 1,
        "guardrails": len(record.guardrails),
        "shares": trial.shares,
    }
    if spread is not None:
        return ab_size(sd=spread, d=margin, **common)  # pyright: ignore[reportArgumentType]
    base = known.baseline if known is not None else None
    if base is None or not 0 < base / scale < 1:
        return f"{metric}: no baseline that is a share, and no spread"
    return ab_size(p1=base / scale, p2=base / scale, margin=min(1.0, margin / scale), **common)  # pyright: ignore[reportArgumentType]


def _with_units(found: ExperimentSize, trial: Trial) -> ExperimentSize:
    """The units of each variant and the days, from what each metric asks for."""
    record, shares = trial.record, trial.shares
    impossible = next((size.why for _, size in found.parts if isinstance(size, Unattainable)), "")
    if impossible:
        return replace(found, why=impossible)
    larger = inflation(record.looks or 1, trial.both_sides, record.power, record.boundary)
    notes = [*found.notes, *_on_looks(trial, larger)]
    sizes = [(name, size.number("n_exact")) for name, size in found.parts if isinstance(size, Explained)]
    decides, exact = max(sizes, key=lambda one: one[1])
    first = ceil(exact * larger - 1e-9)
    if len(sizes) > 1:
        notes.append(f"{decides} decides the size")
    per_arm = tuple(ceil(first * one / shares[0] - 1e-9) for one in shares)
    if record.per_day is None:
        notes.append("per_day is missing: how many units come in a day")
        return replace(found, per_arm=per_arm, notes=tuple(notes))
    timed = ab_size(n=first, shares=shares, per_day=record.per_day, week_units=record.per_week)
    if isinstance(timed, Unattainable):
        return replace(found, per_arm=per_arm, why=timed.why, notes=tuple(notes))
    return replace(found, per_arm=per_arm, days=int(timed.number("days")), notes=(*notes, *timed.notes))


def _on_looks(trial: Trial, larger: float) -> Iterator[str]:
    """What reading it several times costs."""
    record, looks = trial.record, trial.record.looks or 1
    if larger > 1:
        yield f"{looks} looks with {record.boundary} limits take {written(larger)} times the units"
    elif looks > 1:
        yield (
            f"{looks} looks without limits: a test without any effect would be called one in "
            f"{written(100 * trial.false_alarm)} of 100 cases; boundary=obrien-fleming keeps the level"
        )


def live_tests(plan: Plan, project: Project) -> list[Experiment]:
    """The controlled tests in production that came out in the cycle that a project is in."""
    began = project.started if project.cycle > 1 else None
    found = [cast("Experiment", one) for one in plan.of_kind("experiment", project.id)]
    return [
        one
        for one in sorted(found, key=lambda one: one.id)
        if one.kind == "A/B"
        and one.result is not None
        and (began is None or one.ended is None or one.ended >= began)
    ]

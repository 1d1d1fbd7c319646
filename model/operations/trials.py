"""How far a live test is: units against those that were planned, the days that are left, and what its counts say."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import cast

from ..plan.plan import Plan
from ..records.delivery import Experiment
from ..text.dates import has_come
from .experiments import Trial
from .reading import ExperimentRead, read_experiment


@dataclass(frozen=True)
class TrialState:
    """An experiment on a day."""

    experiment: Experiment
    planned: int | None
    """Units of all variants; None where no size is planned."""
    reached: int
    days_left: int | None
    """None where it has not begun, is over, or has no planned duration; below 0 where it takes longer than planned."""
    read: ExperimentRead | None
    """None where nothing was counted, or the counts contradict each other."""
    why: str = ""
    """Why the counts cannot be read."""

    @property
    def word(self) -> str:
        """Its state in a word or two."""
        one = self.experiment
        if self.read is not None:
            return self.read.verdict
        if self.why:
            return "cannot be read"
        return one.result or ("over, not read" if one.ended else "running" if one.started else "to come")

    @property
    def needs_a_person(self) -> bool:
        """Whether someone has to look at it now."""
        if self.read is not None:
            return self.read.needs_a_person
        return bool(self.why) or (self.days_left or 0) < 0


def trial_states(plan: Plan, project: str, today: dt.date) -> list[TrialState]:
    """The experiments of a project, those that need a person first, then by id."""
    records = (cast("Experiment", one) for one in plan.of_kind("experiment", project))
    found = [trial_state(plan, one, today) for one in records]
    return sorted(found, key=lambda one: (not one.needs_a_person, one.experiment.id))


def trial_state(plan: Plan, one: Experiment, today: dt.date) -> TrialState:
    """An experiment on a day."""
    trial = Trial.of(plan, one)
    reached = sum(arm.units or 0 for arm in one.arms.values())
    left = None
    if one.started is not None and one.days is not None and not has_come(one.ended, today):
        left = round(one.days) - (today - one.started).days
    read, why = None, ""
    # Only a live test has a split and a control; what was tried on old data has the result that was recorded.
    if one.kind == "A/B" and any(arm.units is not None for arm in one.arms.values()):
        try:
            read = read_experiment(trial, today)
        except ValueError as wrong:
            why = str(wrong)
    return TrialState(one, _planned(trial), reached, left, read, why)


def _planned(trial: Trial) -> int | None:
    size = trial.record.sample_size
    if not size:
        return None
    try:
        shares = trial.shares
    except ValueError:
        return None
    return round(size * sum(shares) / shares[0])

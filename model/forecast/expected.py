"""The days that cards are expected to take: one figure each, where a plan is too large to be drawn many times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..schedule.dates import Placed
from ..schedule.schedule import Schedule
from .durations import days_of


@dataclass(frozen=True)
class ExpectedWork:
    """The mean of what would be drawn, as if it had come of one run: of it all percentiles are the same."""

    schedule: Schedule
    seed: int = 0
    runs: int = 1

    def work_of(self, cards: Sequence[Placed]) -> list[float]:
        """The days that cards are expected to take a person, at that person's whole time."""
        usual = self.schedule.dates.plan.board.estimates
        return [sum(days_of(one.task, usual).mean for one in cards)]

"""What one state of a plan comes to, for comparing states side by side: dates, chances, money and overload."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from ..budget.budget import Budgets
from ..derived.derived import Derived
from ..forecast.forecast import Forecast, Outlook
from ..schedule.schedule import Schedule
from ..schedule.targets import Key


@dataclass(frozen=True)
class Figures:
    """The figures of one state; forecast and money are None while they are worked out."""

    schedule: Schedule
    forecast: Forecast | None = None
    budgets: Budgets | None = None

    @classmethod
    def dates(cls, derived: Derived) -> Figures:
        """The dates alone, which are known first."""
        return cls(derived.schedule())

    @classmethod
    def whole(cls, derived: Derived, runs: int | None = None, seed: int | None = None) -> Figures:
        """With chances and money."""
        return cls(derived.schedule(), derived.forecast(runs, seed), derived.budget(runs, seed))

    def end(self, key: Key) -> dt.date | None:
        """The day on which a milestone, or a project, is reached as planned."""
        end = self.schedule.targets.ends.get(key)
        return self.schedule.axis.date(end - 1) if end is not None else None

    def outlook(self, key: Key) -> Outlook | None:
        """When it is reached in all runs; None where no run says it."""
        found = self.forecast
        return found.outlook(key) if found is not None and found.has(key) else None

    def p80(self, key: Key) -> dt.date | None:
        """The day by which it is reached in 80 of 100 runs."""
        found = self.outlook(key)
        return found.date(0.8) if found is not None else None

    def late(self, key: Key) -> int:
        """Half days after the due date."""
        one = self.schedule.milestones.get(key)
        return one.late if one is not None else 0

    def cost(self, project: str) -> float | None:
        """What a project costs in 80 of 100 runs at most."""
        one = self.budgets.by_project.get(project) if self.budgets is not None else None
        return one.whole.cost(0.8) if one is not None else None

    def over(self, person: str) -> int:
        """Weeks in which a person has more work than time."""
        load = self.schedule.loads.get(person)
        return sum(week.over > 0 for week in load.weeks) if load is not None else 0


def targets_of(sides: Sequence[Figures]) -> list[Key]:
    """Milestones of all states, and the ends of projects that have none, by their date in the first state."""
    made = [side.schedule for side in sides]
    known = dict.fromkeys(key for one in made for key in one.milestones)
    with_milestones = {project for project, _ in known}
    ends = dict.fromkeys(
        key for one in made for key in one.targets.ends if not key[1] and key[0] not in with_milestones
    )
    return sorted((*known, *ends), key=lambda key: (sides[0].end(key) or dt.date.max, key))

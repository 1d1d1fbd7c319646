"""What the Strategy screen shows of a project: its records at once; dates, load and money as the worker finds them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ...model.budget.budget import Budgets, ProjectBudget
from ...model.capacity.calendar import in_days
from ...model.derived.derived import Derived
from ...model.forecast.forecast import Forecast, Outlook
from ...model.plan.plan import Plan
from ...model.playbook.part import STAGE_ORDER
from ...model.records.address import Address
from ...model.records.project import Project
from ...model.records.requirements import Requirements
from ...model.records.strategy import StagePlan, Strategy
from ...model.requirements.proposals import Deviation, deviations
from ...model.schedule.schedule import Schedule
from ...model.schedule.targets import Milestone
from ...model.value.project_figures import Answers
from ...model.value.timing import time_boxes
from ..screens.sections import Place
from ..session.worker import Task

BUDGET = "budget"


@dataclass(frozen=True)
class Found:
    """What takes time to find out; None while it is worked out."""

    schedule: Schedule | None = None
    forecast: Forecast | None = None
    budgets: Budgets | None = None
    deviations: Mapping[str, Deviation] = field(default_factory=dict[str, Deviation])
    """By technical requirement: what it holds, and what follows now."""
    boxes: Mapping[str, dt.date] = field(default_factory=dict[str, dt.date])
    """The last day of each stage's time box."""


def soon(derived: Derived, project: str, task: Task) -> Found:
    """What is found out first: dates, load, whether sizes still follow."""
    store, snapshot = derived.told(task), derived.snapshot
    boxes = time_boxes(
        snapshot.plan, Answers(snapshot, project), snapshot.plan.projects[project], snapshot.today
    )
    sizes = {one.id: one for one in deviations(snapshot, project)}
    return Found(store.schedule(), deviations=sizes, boxes=boxes)


@dataclass(frozen=True)
class ProjectData:
    """A project as its rows are drawn from."""

    plan: Plan
    project: Project
    today: dt.date
    found: Found = field(default_factory=Found)

    @cached_property
    def strategy(self) -> Strategy:
        """The strategy; an empty one where there is no file."""
        return self.plan.strategy(self.project.id)

    @cached_property
    def stages(self) -> Mapping[str, StagePlan]:
        """The stages that are planned, in their order."""
        planned = self.strategy.stages.items()
        return {str(key): one for key, one in sorted(planned, key=lambda pair: STAGE_ORDER[pair[0]])}

    @cached_property
    def requirements(self) -> Requirements:
        """The requirements; empty ones where there is no file."""
        return self.plan.requirements(self.project.id) or Requirements(
            id="requirements", project=self.project.id
        )

    def at(self, kind: str, key: str, *path: str) -> Place:
        """The place of an entry of the project."""
        return Place(Address(kind, self.project.id, key), path)

    @property
    def budget(self) -> ProjectBudget | None:
        """The budget of the project, where it is worked on and the budget is known."""
        budgets = self.found.budgets
        return budgets.by_project.get(self.project.id) if budgets is not None else None

    def milestone(self, key: str) -> Milestone | None:
        """A milestone with the date that follows from its cards."""
        made = self.found.schedule
        return made.milestones.get((self.project.id, key)) if made is not None else None

    def outlook(self, key: str) -> Outlook | None:
        """When a milestone is reached, with which chance."""
        found, whole = self.found.forecast, (self.project.id, key)
        return found.outlook(whole) if found is not None and found.has(whole) else None

    @cached_property
    def work(self) -> Mapping[str, float]:
        """Working days of open work in this project by person."""
        found: dict[str, float] = {}
        cards = self.found.schedule.cards.values() if self.found.schedule is not None else ()
        for one in cards:
            if one.task.project == self.project.id and one.person is not None:
                found[one.person] = found.get(one.person, 0.0) + in_days(one.task.work)
        return found

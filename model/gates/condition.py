"""A computed condition of a gate: what it looks at, how it answers, and the table that finds it.

A condition is found by the id that it has in the playbook, whatever its sentence says. One whose inputs do not exist
yet says what is missing, and one that no input can answer is left to whoever decides; neither counts as met.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Protocol

from ..assess.standing import Standing
from ..plan.plan import Plan
from ..playbook.gate import Gate
from ..playbook.part import STAGE_ORDER
from ..playbook.playbook import Playbook
from ..portfolio.proposal import Proposal
from ..records.project import Project
from ..snapshot.snapshot import Snapshot
from ..text.figure import MissingFigure
from ..value.project_figures import Answers
from ..value.worth import Worth

if TYPE_CHECKING:
    from ..budget.budget import Budgets
    from ..forecast.forecast import Forecast
    from ..records.strategy import StagePlan
    from ..schedule.schedule import Schedule

Verdict = Literal["met", "not met", "unknown", "to be judged"]
WORST_FIRST: tuple[Verdict, ...] = ("not met", "unknown", "to be judged")
VerdictWithReasons = tuple[Verdict, tuple[str, ...]]
"""A verdict with its reasons, or with what is missing."""


class DerivedValues(Protocol):
    """What a gate asks to be worked out of a snapshot."""

    @property
    def snapshot(self) -> Snapshot:
        """What it is worked out from."""
        ...

    def standings(self, project: str) -> Mapping[str, Standing]:
        """How far a project is with every question."""
        ...

    def worth(self, project: str) -> Worth:
        """What a project is worth."""
        ...

    def proposal(self) -> Proposal:
        """What the portfolio proposes under the board's own limits."""
        ...

    def schedule(self) -> Schedule:
        """The dates of all cards."""
        ...

    def forecast(self) -> Forecast:
        """What many runs of the schedule say."""
        ...

    def budget(self) -> Budgets:
        """What each project costs."""
        ...


@dataclass(frozen=True)
class Case:
    """What a condition looks at."""

    figures: DerivedValues
    project: str
    gate: Gate
    outcome: str = ""
    """How the gate is about to end; empty where nothing is decided yet."""

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.figures.snapshot.plan

    @property
    def playbook(self) -> Playbook:
        """The playbook that the plan follows."""
        return self.figures.snapshot.playbook

    @property
    def today(self) -> dt.date:
        """The day it is."""
        return self.figures.snapshot.today

    @property
    def standing(self) -> Mapping[str, Standing]:
        """How far the project is with every question."""
        return self.figures.standings(self.project)

    @property
    def record(self) -> Project:
        """The project."""
        return self.plan.projects[self.project]

    @property
    def stage(self) -> StagePlan | None:
        """What the strategy says of the stage that the project is in."""
        return self.plan.strategy(self.project).stages.get(self.record.stage)

    @cached_property
    def answers(self) -> Answers:
        """The project's answers as figures."""
        return Answers(self.figures.snapshot, self.project)

    @property
    def worth(self) -> Worth:
        """What the project is worth."""
        return self.figures.worth(self.project)

    @property
    def proposal(self) -> Proposal:
        """What the portfolio proposes."""
        return self.figures.proposal()


Condition = Callable[[Case], VerdictWithReasons]
CONDITIONS: dict[str, Condition] = {}
"""Registered conditions by the id that they have in a gate."""


def condition(name: str) -> Callable[[Condition], Condition]:
    """Registers the function behind the conditions with an id."""

    def register(function: Condition) -> Condition:
        CONDITIONS[name] = function
        return function

    return register


def met(*because: str) -> VerdictWithReasons:
    """Met, with the reasons."""
    return "met", because


def not_met(*because: str) -> VerdictWithReasons:
    """Not met, with the reasons."""
    return "not met", because


def verdict(holds: bool, *because: str) -> VerdictWithReasons:  # noqa: FBT001  the truth that becomes a word, as for bool()
    """Met or not met, with the reasons."""
    return met(*because) if holds else not_met(*because)


def cannot_tell(*missing: str) -> VerdictWithReasons:
    """Unknown, with what is missing."""
    return "unknown", missing


def left_to_judgement(*known: str) -> VerdictWithReasons:
    """What no field of the plan says and a person can see: whoever decides judges it, with a reason."""
    return "to be judged", known


def missing_figure(known: MissingFigure) -> str:
    """What a figure lacks, and which question asks for it."""
    asked = f" (kedge answer {known.question})" if known.question else ""
    return f"missing for {known.name.lower()}: {known.missing}{asked}"


def all_of(parts: Iterable[VerdictWithReasons]) -> VerdictWithReasons:
    """Several tests that must all hold: the worst of them decides.

    What decides comes last: where one line is shown, it is that one.
    """
    parts = list(parts)
    verdicts = {one for one, _ in parts}
    worst: list[Verdict] = [one for one in WORST_FIRST if one in verdicts]
    whole: Verdict = worst[0] if worst else "met"
    ordered = sorted(parts, key=lambda one: one[0] == whole)
    return whole, tuple(line for _, lines in ordered for line in lines)


def asked_from(case: Case, stage: str) -> str:
    """Why something is not asked yet at the project's stage; empty where it is."""
    now = case.record.stage
    return f"asked from {stage} on, and this is {now}" if STAGE_ORDER[now] < STAGE_ORDER[stage] else ""

"""A computed condition of a gate: what it looks at, how it answers, and the table that finds it.

A condition is found by its gate and the place of its sentence in the shipped playbook. One whose inputs do not exist
yet says what is missing; it never counts as met.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from ..assess.standing import Standing
from ..plan.plan import Plan
from ..playbook.models import STAGE_ORDER
from ..playbook.playbook import Playbook
from ..portfolio.proposal import Proposal, propose
from ..records.project import Project
from ..text.figure import Lacking
from ..value.project_figures import Answers
from ..value.worth import Worth, ranking, worth

if TYPE_CHECKING:
    from ..records.strategy import StagePlan

Verdict = Literal["met", "not met", "cannot be told"]
Found = tuple[Verdict, tuple[str, ...]]
"""A verdict with its reasons, or with what is missing."""


@dataclass(frozen=True)
class Case:
    """What a condition looks at."""

    plan: Plan
    playbook: Playbook
    project: str
    today: dt.date
    standing: Mapping[str, Standing]
    outcome: str = ""
    """How the gate is about to end; empty where nobody decides yet."""
    missing: Collection[str] | None = None
    """Paths named as evidence that are not in the repository; None where nobody has looked."""

    @property
    def record(self) -> Project:
        """The project."""
        return self.plan.projects[self.project]

    @property
    def stage(self) -> StagePlan | None:
        """What the strategy says of the stage that the project is in."""
        return self.plan.strategy(self.project).stages.get(self.record.stage)

    @cached_property
    def said(self) -> Answers:
        """The project's answers as figures."""
        return Answers(self.plan, self.project)

    @cached_property
    def worth(self) -> Worth:
        """What the project is worth."""
        return worth(self.plan, self.playbook, self.record, self.today)

    @cached_property
    def proposal(self) -> Proposal:
        """What the portfolio proposes."""
        return propose(self.plan, ranking(self.plan, self.playbook, self.today), self.today)


Condition = Callable[[Case], Found]
CONDITIONS: dict[tuple[str, int], Condition] = {}
"""Registered conditions by gate and index of the sentence in the shipped playbook."""


def condition(gate: str, index: int) -> Callable[[Condition], Condition]:
    """Registers the function behind the sentence at an index of a gate's conditions."""

    def register(function: Condition) -> Condition:
        CONDITIONS[gate, index] = function
        return function

    return register


def verdict(holds: bool, *because: str) -> Found:
    """Met or not met, with the reasons."""
    return "met" if holds else "not met", because


def undetermined(*missing: str) -> Found:
    """What cannot be told, with what is missing."""
    return "cannot be told", missing


def lacking(known: Lacking) -> str:
    """What a figure lacks, and which question asks for it."""
    asked = f" ({known.question})" if known.question else ""
    return f"missing for {known.name.lower()}: {known.missing}{asked}"


def together(parts: Iterable[Found]) -> Found:
    """Several tests that must all hold: one that does not decides, then one that cannot be told."""
    parts = list(parts)
    verdicts = {one for one, _ in parts}
    whole: Verdict = (
        "not met" if "not met" in verdicts else "cannot be told" if "cannot be told" in verdicts else "met"
    )
    return whole, tuple(line for _, lines in parts for line in lines)


def asked_from(case: Case, stage: str) -> str:
    """Why something is not asked yet at the project's stage; empty where it is."""
    now = case.record.stage
    return f"asked from {stage} on, and this is {now}" if STAGE_ORDER[now] < STAGE_ORDER[stage] else ""

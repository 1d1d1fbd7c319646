"""What the actions of the Assess screen need of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ...model.assess.standing import Standing
from ...model.gates.gates import GateReport
from ...model.playbook.item import Item
from ...model.records.assessment import Answer
from ...model.records.dataset import Dataset
from ...storage.git.evidence import Known
from ..screens.contract import ActsOnPlan
from .asked import Asked


class ActsOnQuestions(ActsOnPlan, Protocol):
    """The questions of a phase of a project, one of which is focused."""

    project: str
    asked: Asked | None
    """None where the plan has no project."""
    known: Known
    """What disk and git say of the answers."""
    reports: tuple[GateReport, ...]
    """Of the gates of the phase; none while they are worked out."""
    phase: str
    tab: str
    only_open: bool

    @property
    def row(self) -> str:
        """The id under the cursor; empty where there is none."""
        ...

    @property
    def question(self) -> Standing | None:
        """The question under the cursor."""
        ...

    @property
    def dataset(self) -> Dataset | None:
        """The dataset under the cursor."""
        ...

    def before(self, item: Item) -> Answer | None:
        """The answer that a question has."""
        ...

    def act(self, action_id: str) -> None:
        """Does an action, or says why it cannot be done now."""
        ...

    def adopt(self) -> None:
        """Shows the plan as it is now."""
        ...

    def open(self, project: str) -> None:
        """Shows a project in the phase where it is."""
        ...

    def to_phase(self, phase: str) -> None:
        """Shows the questions of a phase."""
        ...

    def to_tab(self, tab: str) -> None:
        """Shows the questions of a step, or the datasets."""
        ...

    def go_to(self, item: Item) -> None:
        """Puts the cursor on a question of the phase."""
        ...

    def with_gates(self, then: Callable[[], None]) -> None:
        """Goes on as soon as it is known what the gates ask."""
        ...

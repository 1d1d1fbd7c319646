"""The playbook as a whole, with what is looked up in it again and again."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from pydantic import BaseModel, ConfigDict

from .calculator import Calculator
from .gate import Gate
from .item import Item
from .method import About, Decision, Phase, Role, Stage, Step
from .rules import PortfolioRule, Rubric, Rule, View
from .scoring import Scoring


class Playbook(BaseModel):
    """The method as data: what is asked in which step, what a gate wants, how figures are computed."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    about: About = About()
    scoring: Scoring = Scoring()
    sources: dict[str, str] = {}
    phases: tuple[Phase, ...] = ()
    stages: tuple[Stage, ...] = ()
    steps: tuple[Step, ...] = ()
    decisions: tuple[Decision, ...] = ()
    roles: tuple[Role, ...] = ()
    items: tuple[Item, ...] = ()
    gates: tuple[Gate, ...] = ()
    calculators: tuple[Calculator, ...] = ()
    rules: tuple[Rule, ...] = ()
    portfolio: tuple[PortfolioRule, ...] = ()
    views: tuple[View, ...] = ()
    rubrics: tuple[Rubric, ...] = ()

    def phase(self, phase: str) -> Phase | None:
        """The phase of that id."""
        return self._phases.get(phase)

    def stage(self, stage: str) -> Stage | None:
        """The stage of that id."""
        return self._stages.get(stage)

    def step(self, step: str) -> Step | None:
        """The step of that id."""
        return self._steps.get(step)

    def item(self, item: str) -> Item | None:
        """The item of that id."""
        return self._items.get(item)

    def gate(self, gate: str) -> Gate | None:
        """The gate of that id."""
        return self._gates.get(gate)

    def calculator(self, calculator: str) -> Calculator | None:
        """The calculator of that id."""
        return self._calculators.get(calculator)

    def steps_of(self, phase: str) -> tuple[Step, ...]:
        """Steps of a phase, by number."""
        return self._steps_of.get(phase, ())

    def items_of(self, step: str) -> tuple[Item, ...]:
        """Items of a step, in the order of the playbook."""
        return self._items_of.get(step, ())

    def gates_of(self, phase: str) -> tuple[Gate, ...]:
        """Gates of a phase: those inside it first, then the one that leads out of it."""
        own = [gate for gate in self.gates if gate.from_phase == phase]
        return tuple(sorted(own, key=lambda gate: gate.to_phase != phase))

    def gates_asking(self, item: Item) -> tuple[Gate, ...]:
        """Gates that ask a question, in the order of the playbook."""
        return tuple(gate for gate in self.gates if item.step in gate.steps)

    def places(self) -> tuple[str, ...]:
        """Where a card may be, in the order of the board: `phase`, and `phase/step`."""
        return self._places

    @cached_property
    def _phases(self) -> dict[str, Phase]:
        return {phase.id: phase for phase in self.phases}

    @cached_property
    def _stages(self) -> dict[str, Stage]:
        return {stage.id: stage for stage in self.stages}

    @cached_property
    def _steps(self) -> dict[str, Step]:
        return {step.id: step for step in self.steps}

    @cached_property
    def _items(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def _gates(self) -> dict[str, Gate]:
        return {gate.id: gate for gate in self.gates}

    @cached_property
    def _calculators(self) -> dict[str, Calculator]:
        return {calculator.id: calculator for calculator in self.calculators}

    @cached_property
    def _steps_of(self) -> dict[str, tuple[Step, ...]]:
        steps = sorted(self.steps, key=lambda step: step.number)
        return {phase.id: tuple(step for step in steps if step.phase == phase.id) for phase in self.phases}

    @cached_property
    def _items_of(self) -> dict[str, tuple[Item, ...]]:
        found: defaultdict[str, list[Item]] = defaultdict(list)
        for item in self.items:
            found[item.step].append(item)
        return {step: tuple(items) for step, items in found.items()}

    @cached_property
    def _places(self) -> tuple[str, ...]:
        return tuple(
            place
            for phase in self.phases
            for place in (phase.id, *(f"{phase.id}/{step.id}" for step in self.steps_of(phase.id)))
        )

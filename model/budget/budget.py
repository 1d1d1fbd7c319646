"""The budget of each project by stage and kind, at P50 and P80, against caps, approvals and what is spent.

People cost their days at their day rate: for open cards the days that the forecast draws, for work that is done the
days that were planned for it. Resources and datasets cost what they say. Contingency is a share of all of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from ..forecast.forecast import rank_of
from ..plan.plan import Plan
from ..playbook.part import STAGE_ORDER
from ..records.card import Card
from ..records.dataset import Dataset
from ..records.person import Person
from ..records.project import Project
from ..schedule.dates import Placed
from ..schedule.schedule import Schedule
from ..schedule.tasks import days_of_work
from ..snapshot.snapshot import Snapshot
from ..text.figure import written
from ..value.costs import day_rate
from ..value.project_figures import is_usable

PEOPLE, CONTINGENCY = "people", "contingency"
METHOD = "days drawn as in the forecast, at day rates; resources and data as written; contingency on the sum"


class Work(Protocol):
    """What the open cards take, in as many runs as were made: a `Forecast`, or `ExpectedWork`."""

    @property
    def schedule(self) -> Schedule:
        """The dates of the cards."""
        ...

    @property
    def runs(self) -> int:
        """How many runs were made."""
        ...

    @property
    def seed(self) -> int:
        """What the draws follow from."""
        ...

    def work_of(self, cards: Sequence[Placed]) -> list[float]:
        """The days that cards of one person in one project took in each run, at that person's whole time."""
        ...


@dataclass(frozen=True)
class StageBudget:
    """What a stage costs."""

    id: str
    people: Sequence[float]
    """What the people on its open cards cost, from the least to the most that came of a run."""
    done: float
    """What the people on its work that is done were planned to cost."""
    bought: Mapping[str, float]
    """Resources and data by kind."""
    contingency: float
    """Share that is added to all of it."""
    cap: float | None = None
    approved: float | None = None

    def cost(self, chance: float) -> float:
        """What is not passed with this chance, with contingency."""
        return sum(self.by_kind(chance).values())

    def to_come(self, chance: float) -> float:
        """What the people on open cards cost with this chance at most."""
        return percentile(self.people, chance)

    def by_kind(self, chance: float) -> dict[str, float]:
        """The cost at this chance by kind."""
        found = {PEOPLE: self.done + self.to_come(chance), **self.bought}
        return {**found, CONTINGENCY: sum(found.values()) * self.contingency}

    def over(self, limit: float | None) -> float:
        """By how much P80 is above a limit."""
        return max(0.0, self.cost(0.8) - limit) if limit is not None else 0.0


@dataclass(frozen=True)
class ProjectBudget:
    """What a project costs by stage, and in all."""

    project: str
    unit: str
    stages: tuple[StageBudget, ...]
    whole: StageBudget
    """All stages together; their P80 do not add up to its own, since not all of them come out dear in one run."""
    people: Sequence[float]
    """What the people on open cards cost in each run, in the order of the runs."""
    spent: float | None
    spent_until: dt.date | None
    assumed: Mapping[str, str] = field(default_factory=dict[str, str])
    """People without a day rate, each with what stands in for it."""
    not_counted: Mapping[str, int] = field(default_factory=dict[str, int])

    def said_rates(self) -> Iterator[str]:
        """Who has no day rate, and what stands in for it, in words."""
        for why in dict.fromkeys(self.assumed.values()):
            people = sorted(person for person, other in self.assumed.items() if other == why)
            yield f"{', '.join(people)} {'has' if len(people) == 1 else 'have'} no day rate, taken at {why}"

    @cached_property
    def costs(self) -> Sequence[float]:
        """What the whole project costs in each run, in the order of the runs, with contingency."""
        sure = self.whole.done + sum(self.whole.bought.values())
        return [(sure + people) * (1 + self.whole.contingency) for people in self.people]

    @property
    def planned(self) -> float:
        """What the whole project is planned to cost, at P50."""
        return self.whole.cost(0.5)

    @property
    def planned_so_far(self) -> float:
        """What the work that is done was planned to cost, people only."""
        return self.whole.done


@dataclass(frozen=True)
class Budgets:
    """The budgets of projects that are worked on, by id."""

    unit: str
    by_project: Mapping[str, ProjectBudget]
    runs: int
    seed: int

    def to_come(self, project: str | None = None) -> Callable[[float], float]:
        """What the people on open cards cost by chance, in one project or in all."""
        found = [one for one in self.by_project.values() if project in (None, one.project)]
        costs = sorted(map(sum, zip(*(one.people for one in found), strict=True))) or [0.0]
        return lambda chance: percentile(costs, chance)


def budgets(snapshot: Snapshot, found: Work, wanted: Container[str] | None = None) -> Budgets:
    """What each active project costs, or each of some: of a forecast of some parts those that it has all cards of."""
    active = [
        one
        for one in snapshot.plan.projects.values()
        if one.state == "active" and (wanted is None or one.id in wanted)
    ]
    made = {one.id: _Bill(snapshot, found, one).budget() for one in active}
    return Budgets(snapshot.plan.board.currency, made, found.runs, found.seed)


class _Bill:
    """What a project costs, added up line by line."""

    def __init__(self, snapshot: Snapshot, found: Work, project: Project) -> None:
        self.snapshot = snapshot
        self.plan: Plan = snapshot.plan
        self.found = found
        self.project = project
        self.assumed: dict[str, str] = {}
        self.not_counted: dict[str, int] = {}
        self.people: dict[str, list[float]] = {}
        self.done: dict[str, float] = {}
        self.bought: dict[str, dict[str, float]] = {}

    def budget(self) -> ProjectBudget:
        """The sums, stage by stage."""
        self._open_cards()
        for card in self.plan.cards.values():
            if card.project == self.project.id and card.status in ("doing", "done"):
                self._work_done(card)
        self._resources()
        self._datasets()
        strategy = self.plan.strategy(self.project.id)
        names = {*self.people, *self.done, *self.bought, *strategy.stages}
        stages = tuple(
            StageBudget(
                name,
                sorted(self.people.get(name, [0.0])),
                self.done.get(name, 0.0),
                self.bought.get(name, {}),
                strategy.budget.contingency,
                strategy.stages[name].cap if name in strategy.stages else None,
                strategy.stages[name].approved if name in strategy.stages else None,
            )
            for name in sorted(names, key=lambda name: STAGE_ORDER.get(name, len(STAGE_ORDER)))
        )
        kinds: dict[str, float] = {}
        for bought in self.bought.values():
            for kind, cost in bought.items():
                kinds[kind] = kinds.get(kind, 0.0) + cost
        runs = [sum(costs) for costs in zip(*self.people.values(), strict=True)]
        runs = runs or [0.0] * self.found.runs
        whole = StageBudget("", sorted(runs), sum(self.done.values()), kinds, strategy.budget.contingency)
        unit = self.plan.board.currency
        return ProjectBudget(
            self.project.id,
            unit,
            stages,
            whole,
            runs,
            strategy.budget.spent,
            strategy.budget.spent_until,
            self.assumed,
            self.not_counted,
        )

    def _open_cards(self) -> None:
        groups: dict[tuple[str, str], list[Placed]] = {}
        for one in self.found.schedule.cards.values():
            if one.task.project != self.project.id:
                continue
            if one.person is None:
                self._miss("open cards that take no one's time")
                continue
            groups.setdefault((self._stage(one.task.card.stage), one.person), []).append(one)
        for (stage, person), cards in groups.items():
            rate = self._rate(person)
            days = self.found.work_of(cards)
            before = self.people.setdefault(stage, [0.0] * len(days))
            self.people[stage] = [sofar + more * rate for sofar, more in zip(before, days, strict=True)]
        left = [
            one
            for one in self.found.schedule.dates.tasks.values()
            if one.project == self.project.id and one.id not in self.found.schedule.cards
        ]
        if left:
            self._miss("open cards that cannot be scheduled", len(left))

    def _work_done(self, card: Card) -> None:
        """Adds what the work that is done was planned to cost; of a card in progress what does not remain."""
        if not card.estimate or not card.owner:
            if card.status == "done":
                self._miss("cards that are done, without an estimate or an owner")
            return
        days, _ = days_of_work(card.model_copy(update={"remaining": None}), 0.0)
        if card.status == "doing":
            days -= days if card.remaining is None else card.remaining
        if days > 0:
            stage = self._stage(card.stage)
            self.done[stage] = self.done.get(stage, 0.0) + days * self._rate(card.owner)

    def _resources(self) -> None:
        for resource in self.plan.strategy(self.project.id).resources.values():
            if resource.cost is None or not is_usable(resource.cost):
                self._miss("resources without a price")
                continue
            quantity = 1.0 if resource.quantity is None else resource.quantity
            if resource.quantity is None and resource.per != "once":
                self._miss(f"resources by the {resource.per} without a quantity, taken for one")
            self._buy(resource.stage, resource.kind, resource.cost * quantity)

    def _datasets(self) -> None:
        for record in self.plan.of_kind("dataset", self.project.id):
            assert isinstance(record, Dataset)
            for kind, cost in (("data", record.cost), ("labelling", record.label_cost)):
                if cost is not None and is_usable(cost):
                    self._buy(None, kind, cost)

    def _buy(self, stage: str | None, kind: str, cost: float) -> None:
        kinds = self.bought.setdefault(self._stage(stage), {})
        kinds[kind] = kinds.get(kind, 0.0) + cost

    def _stage(self, stage: str | None) -> str:
        return stage or self.project.stage

    def _miss(self, what: str, count: int = 1) -> None:
        self.not_counted[what] = self.not_counted.get(what, 0) + count

    def _rate(self, person: str) -> float:
        record = self.plan.people.get(person)
        own: Iterable[Person] = [record] if record is not None else []
        found = day_rate(self.plan, self.snapshot.playbook, own)
        if found is None:
            self._miss(
                f"cards of people without a day rate in {self.plan.board.currency} "
                "(kedge person set ID day_rate=MONEY)"
            )
            return 0.0
        rate, whose = found
        if whose != person:
            self.assumed[person] = f"{written(rate)} a day: {whose}"
        return rate


def percentile(costs: Sequence[float], chance: float) -> float:
    """The least of some rising costs that is not passed with this chance."""
    return costs[rank_of(chance, len(costs)) - 1]

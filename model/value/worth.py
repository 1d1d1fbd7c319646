"""What a project is worth, from its records: each figure with its arithmetic, or with what it lacks.

Confidence is computed from evidence and never typed; the value of a bet counts the right to stop at the next gate.
Projects with a value in money and projects without one are never ranked in one list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from ..calculators.money import expected_value, gain, stage_chance
from ..capacity.capacity import USUAL_WEEKS, Limit, limits, share_of_scarcest
from ..records.project import Project
from ..snapshot.snapshot import Snapshot
from ..text.figure import Explained, MaybeFigure, MissingFigure, figure_of, written
from . import costs, project_figures, timing
from .claims import Claim, claims
from .moves import move_chance, moves_of


@dataclass(frozen=True)
class Worth:
    """The figures of one project. Money is in the board's currency."""

    project: Project
    gain: MaybeFigure
    """Per year, three points."""
    gain_per_reach: MaybeFigure
    """For each person or event that it touches."""
    running_cost: MaybeFigure
    """Per year, with upkeep."""
    error_cost: MaybeFigure
    """Per year; without the prices and rates of errors it counts as nothing."""
    confidence: Explained
    claims: tuple[Claim, ...]
    """The evidence behind the chance of success, by factor."""
    present_value: MaybeFigure
    """Of gain less running and error cost over the horizon, if all succeeds."""
    expected_value: MaybeFigure
    pay_back: MaybeFigure
    """Years from today."""
    cost: MaybeFigure
    """To the next gate, with data and compute, three points with P80."""
    data_cost: MaybeFigure
    compute_cost: MaybeFigure
    later_cost: MaybeFigure
    months: MaybeFigure
    """Person-months to the next gate."""
    people_cost: MaybeFigure
    """What they cost at day rates; to hold against the cost."""
    effort: Mapping[str, float]
    """The same by skill; under an empty name where no skill is said."""
    delay: MaybeFigure
    """Cost of a week of delay."""
    weeks: MaybeFigure
    """Of work to the next gate: its time box."""
    building_time: MaybeFigure
    """Weeks from today to the first day of gain."""
    complexity: MaybeFigure
    relative: MaybeFigure
    """The score without money; only asked for where the value in money is lacking."""

    def figures(self) -> tuple[MaybeFigure, ...]:
        """All of them, in the order in which a person asks."""
        return (
            self.expected_value,
            self.present_value,
            self.pay_back,
            self.gain,
            self.gain_per_reach,
            self.running_cost,
            self.error_cost,
            self.confidence,
            self.cost,
            self.data_cost,
            self.compute_cost,
            self.later_cost,
            self.months,
            self.people_cost,
            self.building_time,
            self.delay,
            self.weeks,
            self.urgency,
            self.complexity,
            self.relative,
        )

    @property
    def shortfalls(self) -> tuple[str, ...]:
        """What of the evidence counts as less than is claimed, and why."""
        return tuple(one.shortfall for one in self.claims if one.why)

    @property
    def unchecked(self) -> tuple[str, ...]:
        """What rests on evidence alone that others may not find: links and files that are not committed."""
        return tuple(one.unchecked for one in self.claims if one.unchecked)

    @property
    def chance_mark(self) -> str:
        """The sign behind the chance: `!` where evidence counts for less than was said, `?` where it is not checked."""
        return "!" if self.shortfalls else "?" if self.unchecked else ""

    @property
    def urgency(self) -> MaybeFigure:
        """What the order of work goes by."""
        name = "Cost of delay per week of work"
        for known in (self.delay, self.weeks):
            if isinstance(known, MissingFigure):
                return replace(known, name=name)
        delay, weeks = figure_of(self.delay), figure_of(self.weeks)
        return Explained(
            name,
            delay / weeks,
            self.delay.unit if isinstance(self.delay, Explained) else "",
            "cost of delay per week / weeks to the next gate; the highest first",
            steps=(f"{written(delay)} / {written(weeks)} = {written(delay / weeks)}",),
            source="Smith 1956; CD3",
        )


def worth(snapshot: Snapshot, project: Project) -> Worth:
    """The figures of a project from its records."""
    plan, playbook = snapshot.plan, snapshot.playbook
    said, currency, scoring = (
        project_figures.Answers(snapshot, project.id),
        plan.board.currency,
        playbook.scoring,
    )
    yearly_gain = project_figures.three(
        "Yearly gain", said, "pri-gain", "", partial(gain, unit=f"{currency} per year")
    )
    moves = moves_of(snapshot, project, said)
    data, compute = costs.data_cost(snapshot, project, said), costs.compute_cost(said, currency)
    cost = costs.cost_to_gate(said, moves, (data, compute), currency)
    later = costs.cost_after_gate(said, moves, currency)
    running = costs.running_cost(snapshot, said, project)
    errors = project_figures.error_cost(said, f"{currency} per year")
    claimed = claims(snapshot, project.id)
    chance = move_chance(project_figures.confidence(snapshot, claimed), moves, scoring.floor_confidence)
    box = timing.weeks(plan, said, project)
    building = timing.building_time(plan, said, project, box)
    present = project_figures.present_value(playbook, yearly_gain, running, errors, building, currency)
    months, effort = project_figures.months(said, project)
    each = project_figures.gain_per_reach(said, yearly_gain, currency)
    return Worth(
        project=project,
        gain=yearly_gain,
        gain_per_reach=each,
        running_cost=running,
        error_cost=errors,
        confidence=chance,
        claims=claimed,
        present_value=present,
        expected_value=_value(present, chance, cost, later, (months, each), currency),
        pay_back=timing.pay_back(present, building, cost, later, scoring.horizon_years),
        cost=cost,
        data_cost=data,
        compute_cost=compute,
        later_cost=later,
        months=months,
        people_cost=costs.people_cost(snapshot, months, effort),
        effort=effort,
        delay=project_figures.delay(said, project, yearly_gain, running, f"{currency} per week"),
        weeks=box,
        building_time=building,
        complexity=project_figures.complexity(plan, said, project),
        relative=project_figures.relative(said, scoring.relative_impact, chance, months),
    )


def _value(
    present: MaybeFigure,
    chance: Explained,
    cost: MaybeFigure,
    later: MaybeFigure,
    held_against: Iterable[MaybeFigure],
    currency: str,
) -> MaybeFigure:
    """The bet, or what it lacks: also where the gain reaches no one, or where no one works for the cost."""
    contradicted = [one for one in held_against if isinstance(one, MissingFigure) and one.contradicts]
    for known in (present, cost, later, *contradicted):
        if isinstance(known, MissingFigure):
            return replace(known, name="Expected value of the staged bet")
    assert isinstance(present, Explained)
    return bet(present, chance, figure_of(cost), figure_of(later), unit=currency)


def bet(
    present: Explained, chance: Explained, cost: float, later_cost: float, *, unit: str = ""
) -> Explained:
    """The staged bet of a project: the stage to the next gate, and what comes after it where that costs anything."""
    costs = [cost, later_cost] if later_cost > 0 else [cost]
    each = stage_chance(chance.value, len(costs))
    found = expected_value(present.value, [(one, each) for one in costs], unit=unit)
    split = (
        f"chance of each of {len(costs)} stages: {written(chance.value)}^(1/{len(costs)}) = {written(each)}"
    )
    return replace(found, steps=(split, *found.steps), parts=(present, chance))


@dataclass(frozen=True)
class Ranked:
    """A project in a list, with the figure that it is ranked by."""

    worth: Worth
    index: MaybeFigure


@dataclass(frozen=True)
class Ranking:
    """All projects that are not over, each in one list, the first one first."""

    obligations: tuple[Ranked, ...]
    """Demanded by law or contract: done first, and a cost rather than a bet."""
    money: tuple[Ranked, ...]
    """By expected value per share of what is scarcest."""
    relative: tuple[Ranked, ...]
    """Without a value in money, by their relative score; never to be mixed with the others."""
    lacking: tuple[Ranked, ...]
    """With neither: their index says what is missing."""
    limits: tuple[Limit, ...]
    """Money and people until the next gates."""
    weeks: float
    """The period that people are counted for: the longest time box."""
    measures: tuple[Limit, ...]
    """What the index is a share of: the limits, with what all projects cost together where money has none."""

    @property
    def all(self) -> tuple[Ranked, ...]:
        """Every project once, list after list."""
        return self.obligations + self.money + self.relative + self.lacking


def ranking(
    snapshot: Snapshot,
    *,
    budget: float | None = None,
    headcount: float | None = None,
    weeks: float | None = None,
    worth_of: Callable[[Project], Worth] | None = None,
) -> Ranking:
    """The projects that are active or on hold, ranked; budget, headcount and period as in `limits`.

    Equal ones keep the order of the portfolio board. `worth_of` knows what projects are worth already.
    """
    worth_of = worth_of or (lambda project: worth(snapshot, project))
    plan = snapshot.plan
    going = [one for one in plan.projects.values() if one.state in ("active", "hold")]
    worths = [worth_of(project) for project in going]
    if weeks is None:
        weeks = max(
            (one.weeks.value for one in worths if isinstance(one.weeks, Explained)), default=USUAL_WEEKS
        )
    found = limits(
        snapshot,
        [one.effort for one in worths],
        weeks,
        budget=budget,
        headcount=headcount,
    )
    lists: dict[str, list[Ranked]] = {"obligations": [], "money": [], "relative": [], "lacking": []}
    measures = found
    if all(limit.skills is not None for limit in found):
        whole = sum(figure_of(one.cost) for one in worths)
        total = Explained(
            "Cost of all projects to their next gates", whole, plan.board.currency, source="own"
        )
        measures = (Limit("what all projects cost together", total), *found)
    for one in worths:
        index = _index(one, measures)
        if one.project.mandatory:
            lists["obligations"].append(Ranked(one, index))
        elif isinstance(index, Explained):
            lists["money"].append(Ranked(one, index))
        elif isinstance(one.relative, Explained):
            lists["relative"].append(Ranked(one, one.relative))
        else:
            lists["lacking"].append(Ranked(one, index))
    for ranked in lists.values():
        ranked.sort(key=lambda one: -figure_of(one.index))
    return Ranking(
        **{name: tuple(ranked) for name, ranked in lists.items()},
        limits=found,
        weeks=weeks,
        measures=measures,
    )


def _index(one: Worth, measures: tuple[Limit, ...]) -> MaybeFigure:
    """The expected value per share of what is scarcest."""
    name, value = "Value per scarcest resource", one.expected_value
    if isinstance(value, MissingFigure):
        return replace(value, name=name)
    share, scarcest = share_of_scarcest(measures, figure_of(one.cost), one.effort)
    index = value.value / share if share > 0 else float("inf") if value.value > 0 else 0.0
    taken = f"takes {written(share)} of {scarcest}" if scarcest else "takes nothing that is limited"
    return Explained(
        name,
        index,
        f"{value.unit} per whole of it".lstrip(),
        "expected value of the staged bet / largest share of a limit",
        steps=(f"{taken}: {written(value.value)} / {written(share)} = {written(index)}",),
        source="own",
        figures={"index": index, "share": share},
        parts=(value,),
    )

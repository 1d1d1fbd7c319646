"""What a project costs: to the next gate, after it, and each year once it runs.

`pri-cost` holds everything but data and training compute, which are asked on their own and added here, and upkeep,
which counts from its hours and not from the money that running takes. So nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, cast

from ..calculators.money import three_points
from ..plan.plan import Plan
from ..playbook.fit import POINTS
from ..playbook.playbook import Playbook
from ..records.person import Person
from ..records.project import Project
from ..snapshot.snapshot import Snapshot
from ..text.figure import Explained, Figure, MaybeFigure, MissingFigure, written
from .moves import Moved
from .project_figures import WEEKS_PER_YEAR, Answers, given, is_usable

# ---- people


class DayRate(NamedTuple):
    """What a working day costs, and where that is from."""

    value: float
    whose: str


def day_rate(plan: Plan, playbook: Playbook, people: Iterable[Person]) -> DayRate | None:
    """The mean cost of a working day over some people, else over all of the plan, else the playbook's.

    None where only the playbook has one, and in another currency than the board.
    """
    for group, whose in ((people, ""), (plan.people.values(), "all people with a day rate")):
        rates = {
            one.id: one.day_rate for one in group if one.day_rate is not None and is_usable(one.day_rate)
        }
        if rates:
            return DayRate(sum(rates.values()) / len(rates), whose or ", ".join(sorted(rates)))
    return assumed_day_rate(plan, playbook)


def assumed_day_rate(plan: Plan, playbook: Playbook) -> DayRate | None:
    """The playbook's; None where it is in another currency than the board's."""
    scoring = playbook.scoring
    if plan.board.currency.strip().casefold() != scoring.day_rate_currency.casefold():
        return None
    return DayRate(scoring.day_rate, "day_rate of the playbook, assumed, since no person has one")


def lacks_day_rate(plan: Plan, playbook: Playbook) -> str:
    """What is missing where `day_rate` finds none."""
    scoring = playbook.scoring
    return (
        f"what a working day costs in {plan.board.currency} (kedge person set ID day_rate=MONEY); the playbook's "
        f"{written(scoring.day_rate)} is in {scoring.day_rate_currency}"
    )


def people_cost(snapshot: Snapshot, months: MaybeFigure, effort: Mapping[str, float]) -> MaybeFigure:
    """What the person-months to the next gate cost at the day rates of those who can do the work."""
    plan, playbook = snapshot.plan, snapshot.playbook
    name = "People to the next gate"
    if isinstance(months, MissingFigure):
        return replace(months, name=name)
    days = len(plan.board.calendar.weekdays) * WEEKS_PER_YEAR / 12
    total, steps, notes = 0.0, list[str](), list[str]()
    for skill, needed in effort.items():
        able = [one for one in plan.people.values() if not skill or skill in one.skills]
        found = day_rate(plan, playbook, able)
        if found is None:
            return MissingFigure(name, lacks_day_rate(plan, playbook))
        rate, whose = found
        cost = needed * days * rate
        total += cost
        steps.append(
            f"{skill or 'anybody'}: {written(needed)} × {written(days)} × {written(rate)} = {written(cost)}"
        )
        notes.append(f"{skill or 'anybody'}: {whose}")
    return Explained(
        name,
        total,
        plan.board.currency,
        "person-months × working days a month × day rate, over the skills",
        {"working days a month": days},
        (*steps, f"sum = {written(total)}"),
        "own",
        {"value": total},
        notes=(*dict.fromkeys(notes), "a part of pri-cost, to compare it with; not added"),
    )


def has_own_rates(plan: Plan) -> bool:
    """Whether people of the plan have day rates."""
    return any(one.day_rate is not None for one in plan.people.values())


# ---- to the next gate, and after it


def data_cost(snapshot: Snapshot, project: Project, said: Answers) -> MaybeFigure:
    """Collecting, buying and labelling: as it was answered, or as the datasets say, whichever is more."""
    name, question, unit = "Data to the next gate", "data-cost", snapshot.plan.board.currency
    datasets = snapshot.plan.datasets(project.id)
    prices = {
        f"{one.id}, {what}": cost
        for one in datasets
        for what, cost in (("data", one.cost), ("labels", one.label_cost))
        if cost is not None and is_usable(cost)
    }
    answered, recorded = said.number(question), sum(prices.values())
    made = said.answer("data-labels")
    if answered == 0 and not recorded and made is not None and made.verdict == "must be made by people":
        return MissingFigure(
            name, "what labels made by people cost (data-labels); it is given as 0", question
        )
    if answered is None and not prices:
        return given(name, 0.0, unit, question, "not answered; counts as nothing")
    value = max(answered or 0.0, recorded)
    if answered is not None and answered >= recorded:
        other = f"the datasets say {written(recorded)}" if prices else ""
        return given(name, value, unit, question, *filter(None, [other]))
    added = f"{' + '.join(written(cost) for cost in prices.values())} = {written(recorded)}"
    lower = f"{question} says {written(answered)}; the larger one counts" if answered is not None else ""
    return Explained(
        name,
        value,
        unit,
        "sum of cost and label_cost of the datasets",
        cast("Mapping[str, Figure]", prices),
        (added,),
        "data-inventory",
        {"value": value},
        notes=tuple(filter(None, [lower])),
    )


def compute_cost(said: Answers, unit: str) -> Explained:
    """Training compute to the next gate."""
    name, question = "Training compute to the next gate", "data-compute"
    found = said.number(question)
    if found is None:
        return given(name, 0.0, unit, question, "not answered; counts as nothing")
    return given(name, found, unit, question)


def cost_to_gate(
    said: Answers, moves: Sequence[Moved], extra: Sequence[MaybeFigure], unit: str
) -> MaybeFigure:
    """The three points of `pri-cost` after the moves, with data and compute added to each."""
    return _three(said, "Cost to the next gate", "to next gate: ", moves, "cost", extra, unit)


def cost_after_gate(said: Answers, moves: Sequence[Moved], unit: str) -> MaybeFigure:
    """The same for what comes after the next gate."""
    return _three(said, "Cost after it", "after it: ", moves, "later cost", (), unit)


def _three(  # noqa: PLR0913  the parts of one sum
    said: Answers,
    name: str,
    prefix: str,
    moves: Sequence[Moved],
    figure: str,
    extra: Sequence[MaybeFigure],
    unit: str,
) -> MaybeFigure:
    question = "pri-cost"
    points = [said.figure(question, prefix + point) for point in POINTS]
    missing = [prefix + point for point, one in zip(POINTS, points, strict=True) if one is None]
    if missing:
        return MissingFigure(name, ", ".join(missing), question)
    for one in extra:
        if isinstance(one, MissingFigure):
            return replace(one, name=name)
    values = [cast("float", one) for one in points]
    steps: list[str] = []
    for one in moves:
        if one.move.figure == figure:
            moved = [value * one.move.by for value in values]
            steps.append(f"{_row(values)} {one.step} = {_row(moved)}")
            values = moved
    parts = [one for one in extra if isinstance(one, Explained) and one.value]
    for one in parts:
        added = [value + one.value for value in values]
        steps.append(f"{_row(values)} + {written(one.value)} ({one.name}) = {_row(added)}")
        values = added
    try:
        found = three_points(name, *values, unit=unit)
    except ValueError as wrong:
        return MissingFigure(name, str(wrong), question)
    return replace(found, steps=(*steps, *found.steps), parts=tuple(parts))


def _row(values: Sequence[float]) -> str:
    return " / ".join(map(written, values))


# ---- each year


def running_cost(snapshot: Snapshot, said: Answers, project: Project) -> MaybeFigure:
    """Money to run it each year, and the hours of those who look after it."""
    name, question, field = "Running cost", "pri-run", "money per year to run"
    plan, playbook = snapshot.plan, snapshot.playbook
    unit = f"{plan.board.currency} per year"
    money, hours = said.figure(question, field), said.figure(question, "hours of upkeep per week")
    if money is None and hours is None:
        item = playbook.item(question)
        if item is not None and item.blocks_at(project.stage):
            return MissingFigure(name, field, question)
        return given(
            name, 0.0, unit, question, f"not answered; at stage {project.stage} it counts as nothing"
        )
    if money is None:
        return MissingFigure(name, field, question)
    if not hours:
        return given(name, money, unit, question, "no hours of upkeep are given" if hours is None else "")
    keepers = [one for one in plan.people.values() if one.owner_after_launch]
    found = day_rate(plan, playbook, keepers)
    if found is None:
        return MissingFigure(name, lacks_day_rate(plan, playbook))
    rate, whose = found
    hour = rate / max(plan.board.calendar.hours_per_day, 1.0)
    upkeep = hours * WEEKS_PER_YEAR * hour
    return Explained(
        name,
        money + upkeep,
        unit,
        "money + hours of upkeep a week × 52 × rate of an hour",
        {"money": money, "hours a week": hours, "day rate": rate},
        (
            f"upkeep = {written(hours)} × {WEEKS_PER_YEAR} × {written(hour)} = {written(upkeep)}",
            f"{written(money)} + {written(upkeep)} = {written(money + upkeep)}",
        ),
        question,
        {"value": money + upkeep, "upkeep": upkeep},
        notes=(f"day rate: {whose}",),
    )

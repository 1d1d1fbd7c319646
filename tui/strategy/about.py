"""What is said of the row under the cursor: two lines below the list, and all of it with its arithmetic on a key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ...model.budget.budget import METHOD
from ...model.capacity.calendar import say_days
from ...model.forecast.forecast import Outlook
from ...model.operations.targets import said_source
from ...model.records.base import Entry
from ...model.records.person import Person
from ...model.records.project import Goal
from ...model.records.requirements import BusinessRequirement, TechnicalRequirement
from ...model.records.strategy import Metric, Milestone, Resource, StagePlan
from ...model.requirements.proposals import said
from ...model.requirements.sizing import size
from ...model.snapshot.snapshot import Snapshot
from ...model.text.amounts import counted, counted_of
from ...model.text.dates import on_date, say_date, say_monday
from ...model.text.figure import Explained, amount, written
from ...model.text.named import quoted
from ..draw.metrics import state_of
from ..screens.sections import Place
from .project_data import BUDGET, ProjectData


def about(data: ProjectData, place: Place) -> list[str]:
    """What a row is about, the most important first; the first two are shown below the list."""
    return [text for text in _lines(data, place) if text]


def _lines(data: ProjectData, place: Place) -> Iterator[str]:
    name = place.address.id
    match place.address.kind:
        case "goal" if one := data.project.goals.get(name):
            yield from _goal(data, one)
        case "business" if one := data.requirements.business.get(name):
            yield from _business(data, name, one)
        case "technical" if one := data.requirements.technical.get(name):
            yield from _technical(data, name, one)
        case "metric" if one := data.strategy.metrics.get(name):
            yield from _metric(data, one)
        case "stage" if one := data.stages.get(name):
            yield from _stage(data, name, one)
        case "milestone" if one := data.strategy.milestones.get(name):
            yield from _milestone(data, name, one)
        case "person" | "allocation" if name:
            yield from _person(data, name)
        case "resource" if one := data.strategy.resources.get(name):
            yield from _resource(data, one)
        case "strategy" if place.field[:1] == (BUDGET,):
            yield from _budget(data)
        case "strategy":
            yield data.strategy.vision or "the long-term aim in one sentence: Enter writes it"
            yield data.strategy.notes
        case _:
            pass


def _titles(entries: Mapping[str, Entry], names: Iterable[str]) -> str:
    """What entries are called, in quotes; the name itself where there is no such entry."""
    found = ((name, entries.get(name.rpartition("/")[2])) for name in names)
    return ", ".join(quoted(one.label) if one is not None and one.label else name for name, one in found)


def _goal(data: ProjectData, one: Goal) -> Iterator[str]:
    moves = (
        f"from {amount(one.start, one.unit or '')} to {amount(one.target, one.unit or '')}"
        if one.start is not None and one.target is not None
        else f"counted in {one.unit}"
        if one.unit
        else "no start and no target: Enter sets them"
    )
    by = f", by {say_date(one.by, data.today)}" if one.by else ""
    yield f"{moves}{by}"
    yield f"{one.horizon}-term; {one.owner or 'no one'} answers for it"


def _business(data: ProjectData, name: str, one: BusinessRequirement) -> Iterator[str]:
    serving = [
        key
        for key, other in data.requirements.technical.items()
        if name in (named.rpartition("/")[2] for named in other.serves)
    ]
    yield (
        f"served by {_titles(data.requirements.technical, serving)}"
        if serving
        else "no technical requirement serves it: a on a row of one adds one"
    )
    met = f"met when: {one.check}" if one.check else "how it is checked is not set"
    yield f"asked by {one.asked_by or 'no one yet'}; {met}"
    if one.about:
        yield f"sizing takes its figure as {one.about}"


def _technical(data: ProjectData, name: str, one: TechnicalRequirement) -> Iterator[str]:
    moved = data.found.deviations.get(name)
    if moved is not None:
        yield f"{said(moved)}{': = takes what follows' if moved.found is not None else ''}"
    yield (
        f"serves {_titles(data.requirements.business, one.serves)}"
        if one.serves
        else "serves no business requirement: Enter sets one"
    )
    yield one.arithmetic or ("" if one.sized else "its figure was typed; it is not worked out")
    yield f"met when: {one.check}" if one.check else ""


def _metric(data: ProjectData, one: Metric) -> Iterator[str]:
    state = state_of(one)[0]
    on = f" {on_date(one.measured_on, data.today)}" if one.measured_on else ""
    said = (
        [state]
        if one.actual is None
        else [f"{amount(one.actual, one.unit or '')}{on}: {state or 'it has no target'}"]
    )
    said.append(f"{one.better} is better")
    if one.by is not None:
        said.append(f"wanted by {say_date(one.by, data.today)}")
    yield "; ".join(said)
    source = said_source(one)
    yield f"read from {source}" if source else ""
    yield one.formula or "no formula is set"
    deciding = [each for each in data.project.stakeholders.values() if each.interest == "decides"]
    signed = [each.name for each in deciding if each.metrics_signed_on is not None]
    if one.role == "primary" and deciding:
        unsigned = [each.name for each in deciding if each.metrics_signed_on is None]
        yield f"signed by {', '.join(signed) or 'no one'}" + (
            f"; not by {', '.join(unsigned)}" if unsigned else ""
        )


def _stage(data: ProjectData, name: str, one: StagePlan) -> Iterator[str]:
    yield f"proves: {one.proves or 'not set'}"
    yield f"stop if: {one.stop_if or 'not set'}"
    box = data.found.boxes.get(name)
    if box is not None:
        left = (box - data.today).days
        yield f"time box until {say_date(box, data.today)}, " + (
            f"{counted(left, 'day')} from now" if left >= 0 else f"{counted(-left, 'day')} ago"
        )
    unit = data.plan.board.currency
    cost = (
        next((each for each in data.budget.stages if each.id == name), None)
        if data.budget is not None
        else None
    )
    if cost is not None:
        half, most = (amount(round(cost.cost(chance)), unit) for chance in (0.5, 0.8))
        yield f"costs {half} in half of the runs, {most} in 80 of 100"
        for limit, what in ((cost.cap, "cap"), (cost.approved, "money that is approved")):
            if limit is not None and cost.over(limit):
                yield f"! {amount(round(cost.over(limit)), unit)} above the {what}"
    yield f"approved by {one.approved_by}" if one.approved_by else ""
    yield from (f"at its end: {text}" for text in one.exit_criteria)


def _milestone(data: ProjectData, name: str, one: Milestone) -> Iterator[str]:
    found, outlook = data.milestone(name), data.outlook(name)
    if found is None:
        yield (
            "working out its date …"
            if data.found.schedule is None
            else "the project is not worked on, so it has no date"
        )
    elif found.date is None:
        yield "no open card leads to it: m m on a card gives it this milestone"
    else:
        late = f", {say_days(found.late)} late" if found.late else ""
        yield f"comes {say_date(found.date, data.today)}{late}" + (
            f"; in 80 of 100 runs by {_or_never(data, outlook)}" if outlook else ""
        )
    if outlook is not None and outlook.due is not None and outlook.chance is not None:
        yield f"due {say_date(outlook.due, data.today)} holds in {outlook.chance * 100:.0f} of 100 runs"
    elif one.due is None:
        yield "no due date: d sets one"
    box = data.found.boxes.get(one.stage or data.project.stage)
    if box is not None and found is not None and found.date is not None and found.date > box:
        yield f"! after the time box of its stage, which ends {say_date(box, data.today)}"
    if one.promised_date is not None:
        yield f"promised to {one.promised_to or 'others'} for {say_date(one.promised_date, data.today)}"
    yield f"after {_titles(data.strategy.milestones, one.after)}" if one.after else ""


def _or_never(data: ProjectData, outlook: Outlook) -> str:
    day = outlook.date(0.8)
    return say_date(day, data.today) if day is not None else "never"


def _person(data: ProjectData, name: str) -> Iterator[str]:
    person, part = data.plan.people.get(name), data.strategy.people.get(name)
    made = data.found.schedule
    load = made.loads.get(name) if made is not None else None
    if load is not None:
        over = [week for week in load.weeks if week.over]
        work = written(round(sum(week.load for week in load.weeks), 1))
        there = written(round(sum(week.capacity for week in load.weeks), 1))
        yield f"{work} days of work in all projects, {there} days available until it is done"
        said_over = "; ".join(f"{week.said}, week of {say_monday(week.monday, data.today)}" for week in over)
        yield f"! more work than time: {said_over}" if over else ""
    elif made is not None:
        yield "no open card is theirs"
    if part is not None and (part.start or part.end):
        first = f"from {say_date(part.start, data.today)} " if part.start else ""
        yield f"here {first}{f'until {say_date(part.end, data.today)}' if part.end else ''}".strip()
    yield from _record(data, person)


def _record(data: ProjectData, person: Person | None) -> Iterator[str]:
    if person is None:
        yield "is not among the people of the plan"
        return
    rate = amount(person.day_rate, data.plan.board.currency) if person.day_rate is not None else None
    yield f"skills: {', '.join(person.skills) or 'none'}; " + (f"{rate} a day" if rate else "no day rate")
    for one in person.absences.values():
        if one.first is not None and (one.last or one.first) >= data.today:
            until = f" to {say_date(one.last, data.today)}" if one.last and one.last != one.first else ""
            yield f"away {say_date(one.first, data.today)}{until}{f': {one.reason}' if one.reason else ''}"


def _resource(data: ProjectData, one: Resource) -> Iterator[str]:
    unit = data.plan.board.currency
    if one.cost is None:
        yield "without a price it is in no budget: v sets it"
    else:
        count = 1.0 if one.quantity is None else one.quantity
        per = "" if one.per == "once" else f" a {one.per}"
        yield f"{written(count)} × {amount(one.cost, unit)}{per} = {amount(count * one.cost, unit)}"
    yield f"{written(one.lead_days)} days until it is there" if one.lead_days else "there at once"


def _budget(data: ProjectData) -> Iterator[str]:
    found, unit = data.budget, data.plan.board.currency
    if found is None:
        yield (
            "working out what it costs …"
            if data.found.budgets is None
            else "only active projects have a budget"
        )
        return
    if found.spent is None:
        yield f"planned {amount(round(found.planned), unit)} in all; v says what is spent"
    else:
        share = f", {100 * found.spent / found.planned:.0f} % of the plan" if found.planned else ""
        yield f"spent {amount(round(found.spent), unit)} of {amount(round(found.planned), unit)} planned{share}"
    yield f"work that is done was planned to cost {amount(round(found.planned_so_far), unit)}, people only"
    for stage in found.stages:
        for limit, what in ((stage.cap, "cap"), (stage.approved, "money that is approved")):
            if limit is not None and stage.over(limit):
                yield f"! {stage.id}: P80 is {amount(round(stage.over(limit)), unit)} above the {what}"
    yield from found.said_rates()
    yield from (f"not counted: {counted_of(count, what)}" for what, count in found.not_counted.items())
    yield f"Method: {METHOD}"


def arithmetic(snapshot: Snapshot, data: ProjectData, place: Place) -> Sequence[str]:
    """How the figure of a technical requirement follows, as far as it is worked out."""
    one = data.requirements.technical.get(place.address.id) if place.address.kind == "technical" else None
    if one is None or one.sized is None:
        return ()
    figures = (each.figure for each in size(snapshot, data.project.id).results if each.id == one.sized)
    figure = next((each for each in figures if isinstance(each, Explained)), None)
    return ("", *figure.lines()) if figure is not None else ()

"""The computed conditions of the gate that leads out of Plan.

Dates and money are those of the forecast where there are cards to forecast. What the inputs do not tell is said to be
missing, and is never taken as met.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..budget.headcount import due_by_month
from ..capacity.capacity import limits, planned_load
from ..records.requirements import Requirements
from ..requirements.sizes import BATCH, ON_DEVICE
from ..requirements.sizing import Sizing, size
from ..requirements.tracing import serving_nothing, unserved, working
from ..text.amounts import counted
from ..text.figure import Explained, MissingFigure, Unattainable, amount, written
from ..value.timing import last_day
from .assess_conditions import at_most, question
from .condition import (
    Case,
    VerdictWithReasons,
    all_of,
    asked_from,
    cannot_tell,
    condition,
    left_to_judgement,
    met,
    missing_figure,
    not_met,
    verdict,
)

if TYPE_CHECKING:
    from ..budget.budget import StageBudget

HOURS_A_YEAR, MONTHS_A_YEAR = 8760, 12


@condition("in-time")
def in_time(case: Case) -> VerdictWithReasons:
    """The chance of finishing the stage's open cards inside the time box."""
    stage, weeks = case.playbook.stage(case.record.stage), case.worth.weeks
    if isinstance(weeks, MissingFigure):
        return cannot_tell(missing_figure(weeks))
    made = case.figures.schedule()
    own = [
        one.id
        for one in made.dates.tasks.values()
        if one.project == case.project and (one.card.stage or case.record.stage) == case.record.stage
    ]
    cards = [name for name in own if name in made.cards]
    if not cards:
        return cannot_tell(f"missing: open cards of stage {case.record.stage}, from which its end follows")
    begin = case.record.started or case.today
    end = last_day(begin, weeks.value)
    if end is None:
        return cannot_tell(f"a time box of {amount(weeks.value, weeks.unit)} has no end")
    found = case.figures.forecast()
    outlook = found.together(cards)
    chance, wanted = (
        outlook.held(end) / found.runs,
        stage.confidence_to_meet_date if stage is not None else 0.5,
    )
    p80 = outlook.date(0.8)
    since = "the day on which this cycle began" if case.record.started else "today, since no start is set"
    lines = [
        f"time box: {amount(weeks.value, weeks.unit)} from {begin} ({since}), so until {end}",
        f"{counted(len(cards), 'open card')} of stage {case.record.stage}, P80 {p80 or 'never'}",
        f"{written(100 * chance)} % {'>=' if chance >= wanted else '<'} {written(100 * wanted)} % "
        f"({found.runs:,} runs; kedge forecast)",
    ]
    if chance < wanted:
        lines.append(f"more time for it: {_set_stage(case, 'weeks')}; cards that can wait: kedge schedule")
    if left := len(own) - len(cards):
        lines.append(f"{counted(left, 'card')} cannot be scheduled: kedge schedule says why")
        return not_met(*lines) if chance < wanted else cannot_tell(*lines)
    return verdict(chance >= wanted, *lines)


@condition("inside-the-budget")
def inside_the_budget(case: Case) -> VerdictWithReasons:
    """Cost at P80 with contingency not above what is approved."""
    cost, approved, source = case.worth.cost, None, "strat-budget"
    if case.stage is not None and case.stage.approved is not None:
        approved, source = case.stage.approved, f"approved for stage {case.record.stage} in the strategy"
    elif (found := case.answers.number("strat-budget")) is not None:
        approved = found
    planned = _planned(case)
    if planned is not None and approved is not None:
        return _planned_at_most(case, planned, approved, source)
    missing = [missing_figure(cost)] if isinstance(cost, MissingFigure) and planned is None else []
    missing += ["missing: the approved budget (strat-budget)"] if approved is None else []
    if missing or isinstance(cost, MissingFigure) or approved is None:
        return cannot_tell(*missing)
    share = case.plan.strategy(case.project).budget.contingency
    alone = at_most(cost, approved, source)
    if alone[0] == "not met" or not share:
        return alone
    whole = at_most(cost, approved, source, share)
    if whole[0] == "met":
        return whole
    return left_to_judgement(*whole[1], "does pri-cost hold the contingency already?")


def _planned(case: Case) -> StageBudget | None:
    """The budget of the project's stage, where people have work in it that costs something."""
    project = case.figures.budget().by_project.get(case.project)
    stages = project.stages if project is not None else ()
    return next((one for one in stages if one.id == case.record.stage and one.to_come(0.8) > 0), None)


def _planned_at_most(case: Case, planned: StageBudget, approved: float, source: str) -> VerdictWithReasons:
    unit, p80 = case.plan.board.currency, planned.cost(0.8)
    kinds = planned.by_kind(0.8)
    lines = [
        " + ".join(f"{kind} {written(round(cost))}" for kind, cost in kinds.items() if cost),
        f"{amount(round(p80), unit)} {'<=' if p80 <= approved else '>'} {amount(approved, unit)} ({source})",
        "P80 of the cards and resources of the stage, contingency included: kedge budget",
    ]
    if p80 > approved:
        lines.append(f"with more approved: {_set_stage(case, 'approved')}")
    return verdict(p80 <= approved, *lines)


@condition("enough-people")
def enough_people(case: Case) -> VerdictWithReasons:
    """Demand per skill inside what is there, together with the projects that passed gate-assess already."""
    if isinstance(case.worth.months, MissingFigure):
        return cannot_tell(missing_figure(case.worth.months))
    ranking = case.proposal.ranking
    going = [
        one.worth
        for one in ranking.all
        if one.worth.project.id == case.project
        or (one.worth.project.state == "active" and one.worth.project.phase != "assess")
    ]
    found = limits(case.figures.snapshot, [one.effort for one in going], ranking.weeks)
    tests: list[VerdictWithReasons] = []
    for limit in found:
        if limit.skills is None or not limit.need(0, case.worth.effort):
            continue
        need, there = sum(limit.need(0, one.effort) for one in going), limit.available.value
        sign = "<=" if need <= there else ">"
        line = f"{limit.name}: {written(need)} {sign} {amount(there, limit.available.unit)}"
        tests.append(verdict(need <= there, line))
    names = ", ".join(one.project.id for one in going)
    how = f"over {written(ranking.weeks)} weeks, planned load taken off; for {names}"
    tests = [*tests, met(how), *_month_by_month(case)]
    if any(one[0] == "not met" for one in tests):
        skill = next((f".{one}" for one in case.worth.effort if one), "")
        way = f"who else has the skill: kedge person add; less work: kedge set {case.project} effort{skill}=…"
        tests.append(met(way))
    return all_of(tests)


def _set_stage(case: Case, field: str) -> str:
    """The command that sets a field of the project's stage."""
    return f"kedge stage {'add' if case.stage is None else 'set'} {case.record.stage} {field}=…"


def _month_by_month(case: Case) -> list[VerdictWithReasons]:
    """Skills whose people have more to do by the end of a month than they have time for, and those no person has."""
    made = case.figures.schedule()
    wanted = {skill for skill in case.worth.effort if skill}
    tests: list[VerdictWithReasons] = []
    for row in due_by_month(made, planned_load(case.figures.snapshot)):
        if row.skill in wanted and row.gap > 0:
            line = f"{row.skill}: {written(row.needed)} > {written(row.there)} person-months"
            tests.append(
                not_met(f"{line} by the end of {row.month:%B %Y}, by the due dates of its people's cards")
            )
    return tests


@condition("all-named")
def named(case: Case) -> VerdictWithReasons:
    """Fallback, minimum quality, north star and owner after launch are named."""
    minimum = case.answers.figure("arch-quality", "minimum")
    quality = (
        met(f"minimum quality: {written(minimum)}")
        if minimum is not None
        else not_met("minimum quality is not named (arch-quality)")
    )
    wanted = {"arch-fallback": "fallback", "strat-north-star": "north star", "pr-owner": "owner after launch"}
    tests = [quality]
    for name, what in wanted.items():
        one = case.standing.get(name)
        holds = one is not None and one.met
        tests.append(verdict(holds, f"{what}: named" if holds else f"{what} is not named ({name})"))
    return all_of(tests)


@condition("room-for-the-peak")
def room_for_the_peak(case: Case) -> VerdictWithReasons:
    """Capacity for the peak with a spare, and its yearly cost in the budget."""
    found = size(case.figures.snapshot, case.project)
    if found.mode == ON_DEVICE:
        return met("it predicts on the device of each user: no server has a peak (arch-mode)")
    wanted = "workers" if found.mode == BATCH else "servers"
    figure = next(one.figure for one in found.results if one.id == wanted)
    match figure:
        case MissingFigure():
            return cannot_tell(missing_figure(figure))
        case Unattainable():
            return not_met(f"{figure.name}: {figure.why}")
        case Explained():
            capacity = met(f"{figure.name}: {amount(figure.value, figure.unit)}", *figure.steps)
            return all_of([capacity, _cost_a_year(case, found, figure)])


def _cost_a_year(case: Case, found: Sizing, figure: Explained) -> VerdictWithReasons:
    """What the capacity costs a year, against the money that is said to run it."""
    known = {one.name: one.value for one in found.inputs}
    wanted = ["price per hour", *(("hours per run", "runs per month") if found.mode == BATCH else ())]
    if lacking := [name for name in wanted if name not in known]:
        return cannot_tell(f"missing for its cost a year: {', '.join(lacking)} (arch-load)")
    hours = (
        known["hours per run"] * known["runs per month"] * MONTHS_A_YEAR
        if found.mode == BATCH
        else HOURS_A_YEAR
    )
    cost, unit = figure.value * hours * known["price per hour"], case.plan.board.currency
    price = written(known["price per hour"])
    step = f"{written(figure.value)} × {written(hours)} h × {price} = {amount(cost, unit)} a year"
    money = case.answers.figure("pri-run", "money per year to run")
    if money is None:
        return cannot_tell(step, "missing: the money per year to run (pri-run)")
    sign = "<=" if cost <= money else ">"
    return verdict(cost <= money, step, f"{amount(cost, unit)} {sign} {amount(money, unit)} (pri-run)")


@condition("effect-can-be-seen")
def effect_can_be_seen(case: Case) -> VerdictWithReasons:
    """From growth on: the effect that pays can be detected inside the time box."""
    if later := asked_from(case, "growth"):
        return met(later)
    return question(case, "tac-testable")


@condition("requirements-serve")
def requirements_serve(case: Case) -> VerdictWithReasons:
    """Every technical requirement in scope serves a business one, and every business one is served."""
    record = case.plan.requirements(case.project)
    lines = _untraced(record) if record is not None else []
    if lines:
        return not_met(*lines)
    count = len(working(record)) if record is not None else 0
    return met(
        f"{counted(count, 'technical requirement')}, each with what it serves"
        if count
        else "there is none yet"
    )


def _untraced(record: Requirements) -> list[str]:
    """Technical requirements that serve nothing or what is not there, and business ones that nothing serves."""
    missing = [
        f"{key} serves {name}, which is not there: kedge technical set {key} serves=…"
        for key, one in working(record).items()
        for name in one.serves
        if name.rpartition("/")[2] not in record.business
    ]
    return [
        *(
            f"{key} serves no business requirement: kedge technical set {key} serves=…"
            for key in serving_nothing(record)
        ),
        *missing,
        *(f"nothing serves {key}: kedge technical add ID serves={key}" for key in unserved(record)),
    ]

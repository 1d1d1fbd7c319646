"""The computed conditions of the gates that lead out of Assess and out of Plan.

Each function looks at one sentence of the playbook and gives a verdict with its arithmetic. What its inputs do not
tell is said to be missing, and is never taken as met.
"""

from __future__ import annotations

import datetime as dt
from typing import cast

from ..assess.access import late_access
from ..assess.legal import rights_at_low_risk
from ..assess.records_asked import is_of_this_cycle, needed_datasets
from ..capacity.capacity import limits
from ..edit.deciders import decisions_at
from ..records.address import Address
from ..records.dataset import Dataset
from ..records.requirements import Requirements
from ..text.figure import Explained, MissingFigure, amount, written
from .condition import (
    Case,
    VerdictWithReasons,
    all_of,
    asked_from,
    cannot_tell,
    condition,
    met,
    missing_figure,
    not_met,
    verdict,
)

FRESH_DAYS = 90
"""Days after which the first look at a dataset counts as old (gate-assess)."""


# ---- out of Assess


@condition("worth-starting")
def worth_starting(case: Case) -> VerdictWithReasons:
    """Expected value of the staged bet above zero, or the work is mandatory."""
    if case.record.mandatory:
        return met("the work is mandatory: a cost, not a bet")
    value = case.worth.expected_value
    if isinstance(value, MissingFigure):
        return cannot_tell(missing_figure(value), *_without_money(case))
    started = value.number("started")
    return verdict(
        started > 0, *value.steps, f"{amount(started, value.unit)} {'>' if started > 0 else '<='} 0"
    )


def _without_money(case: Case) -> tuple[str, ...]:
    """What can be done about a project whose gain has no value in money; nothing where it may just not be said yet."""
    relative = case.worth.relative
    if isinstance(relative, MissingFigure):
        return ()
    ranked = [one.worth.project.id for one in case.proposal.ranking.relative]
    place = f", place {ranked.index(case.project) + 1} of {len(ranked)}" if case.project in ranked else ""
    return (
        f"its relative score is {written(relative.value)}{place} among projects without a value in money; "
        "that is never held against money",
        "say the gain in money (kedge answer pri-gain LOW/LIKELY/HIGH), or that law or contract demands the work "
        f"(kedge project set {case.project} mandatory=true)",
        "or whoever decides takes it on themselves: kedge gate pass --override REASON; d on the board asks for it",
    )


@condition("inside-the-cap")
def inside_the_cap(case: Case) -> VerdictWithReasons:
    """Cost to the next gate at P80 not above the most that may be lost."""
    cost, cap, source = case.worth.cost, case.answers.number("stage-cap"), "stage-cap"
    if cap is None and case.stage is not None:
        cap, source = case.stage.cap, f"cap of stage {case.record.stage} in the strategy"
    missing = [missing_figure(cost)] if isinstance(cost, MissingFigure) else []
    missing += ["missing: the most that may be lost (stage-cap)"] if cap is None else []
    if missing or isinstance(cost, MissingFigure) or cap is None:
        return cannot_tell(*missing)
    if cost.number("p80") <= 0:
        return not_met(
            "a stage that costs nothing was not estimated: kedge answer pri-cost next=LOW/LIKELY/HIGH"
        )
    return _at_most(cost, cap, source)


def _at_most(cost: Explained, limit: float, source: str, share: float = 0.0) -> VerdictWithReasons:
    """P80 of a cost against a limit, with a share added."""
    p80 = cost.number("p80") * (1 + share)
    sign = "<=" if p80 <= limit else ">"
    added = (f"with {written(100 * share)} % contingency: {written(p80)}",) if share else ()
    return verdict(
        p80 <= limit,
        "P80 of three points by the normal distribution",
        *cost.steps,
        *added,
        f"{amount(p80, cost.unit)} {sign} {amount(limit, cost.unit)} ({source})",
    )


@condition("data-is-known")
def data_is_known(case: Case) -> VerdictWithReasons:
    """Every dataset that this stage needs was explored lately, and none is refused."""
    needed = needed_datasets(case.plan, case.record)
    if not needed:
        return not_met("no dataset is recorded (data-inventory)")
    weeks = case.answers.number("stage-timebox")
    return all_of(
        one
        for dataset in needed
        for one in (_explored(dataset, case.today), *_may_be_used(dataset, weeks, case.today))
    )


def _explored(dataset: Dataset, today: dt.date) -> VerdictWithReasons:
    name, checked = dataset.id, dataset.checked_on
    if dataset.access == "refused":
        return not_met(f"{name}: access is refused")
    if checked is None:
        if dataset.explored:
            return cannot_tell(
                f"{name}: explored, but without a date: kedge dataset set {name} checked_on=DATE"
            )
        return not_met(f"{name}: no date says when it was explored: kedge dataset set {name} checked_on=DATE")
    age = (today - checked).days
    if age < 0:
        return not_met(
            f"{name}: explored {checked}, which is {-age} days ahead: checked_on is the day it was done"
        )
    return verdict(age <= FRESH_DAYS, f"{name}: explored {checked}, {age} days ago")


def _may_be_used(dataset: Dataset, weeks: float | None, today: dt.date) -> list[VerdictWithReasons]:
    """What keeps a dataset from being used in time, or by right."""
    tests = [not_met(message) for message, _ in late_access(dataset, weeks, today)]
    if dataset.personal_data and not (dataset.lawful_ground or "").strip():
        tests.append(
            not_met(
                f"{dataset.id}: personal data without a lawful ground: kedge dataset set {dataset.id} lawful_ground=…"
            )
        )
    return tests


@condition("legal-class")
def legal_class(case: Case) -> VerdictWithReasons:
    """The risk class is known and not prohibited."""
    answer = case.answers.answer("disc-risk-class")
    if answer is None or not isinstance(answer.verdict, str):
        return not_met("disc-risk-class is not answered")
    lines = [f"disc-risk-class: {answer.verdict}"]
    until = answer.valid_until
    if until is not None and until < case.today:
        lines.append(f"it was to be judged again by {until}")
    current = until is None or until >= case.today
    doubts = rights_at_low_risk(case.figures.snapshot, case.project)
    if doubts and not (answer.because and answer.evidence):
        return not_met(*lines, *doubts, "say who judged it (--because) and where (--evidence)")
    return verdict(answer.verdict not in ("prohibited", "not checked") and current, *lines)


@condition("proof-holds")
def proof_holds(case: Case) -> VerdictWithReasons:
    """From growth on: the proof of concept met the ask, can move, and beats the simplest baseline."""
    if later := asked_from(case, "growth"):
        return met(later)
    return all_of(_question(case, name) for name in ("stage-poc", "stage-poc-move", "stage-baseline"))


def _question(case: Case, name: str) -> VerdictWithReasons:
    """Whether a question is met, as a test of its own."""
    one = case.standing.get(name)
    if one is None:
        return cannot_tell(f"{name} is not in the playbook")
    if one.met:
        return met(f"{name}: met")
    if one.state == "unanswered":
        return cannot_tell(f"{name} is not answered")
    return not_met(f"{name}: {one.lacks()}")


@condition("chosen-or-said")
def chosen_or_said(case: Case) -> VerdictWithReasons:
    """Chosen by the portfolio, or a gatekeeper wrote why not."""
    for decision in decisions_at(case.figures.snapshot, case.project, case.gate.id):
        if decision.outcome == "go" and is_of_this_cycle(case.plan, case.project, decision):
            return met(f"{decision.by} wrote on {decision.date}: {decision.why}")
    return in_the_set(case)


def in_the_set(case: Case) -> VerdictWithReasons:
    """Whether the portfolio chooses the project."""
    proposal = case.proposal
    chosen = [one.project.id for one in proposal.chosen]
    known = [
        f"{limit.name} {amount(limit.available.value, limit.available.unit)}"
        for limit in proposal.ranking.limits
    ]
    within = "limits: " + ", ".join(known) if known else "no budget and no people limit the choice"
    if case.project in chosen:
        return met(f"chosen: {', '.join(chosen)}", within)
    value = case.worth.expected_value
    if isinstance(value, MissingFigure) and not case.record.mandatory:
        return cannot_tell(missing_figure(value), *_without_money(case))
    reason = proposal.left_out.get(case.project) or f"the project is {case.record.state}"
    return not_met(f"not chosen: {reason}", within, *_nobody(case))


def _nobody(case: Case) -> list[str]:
    """Skills that the project needs and the plan lacks, with what to do."""
    return [
        f"no person in the plan {'is there for it' if limit.name == 'anybody' else f'has the skill {limit.name}'}: "
        "kedge person add NAME (i on the board) says who builds it"
        for limit in case.proposal.ranking.limits
        if limit.skills is not None
        and len(limit.skills) == 1
        and limit.available.value == 0
        and limit.need(0, case.worth.effort) > 0
    ]


# ---- out of Plan


@condition("in-time")
def in_time(case: Case) -> VerdictWithReasons:
    """The chance of finishing inside the time box."""
    stage, weeks = case.playbook.stage(case.record.stage), case.worth.weeks
    wanted = f"wanted: {written(100 * stage.confidence_to_meet_date)} %" if stage is not None else ""
    box = (
        f"time box: {amount(weeks.value, weeks.unit)}"
        if isinstance(weeks, Explained)
        else missing_figure(weeks)
    )
    return cannot_tell(*filter(None, (wanted, box, "missing: a forecast of the cards' dates")))


@condition("inside-the-budget")
def inside_the_budget(case: Case) -> VerdictWithReasons:
    """Cost at P80 with contingency not above what is approved."""
    cost, approved, source = case.worth.cost, None, "strat-budget"
    if case.stage is not None and case.stage.approved is not None:
        approved, source = case.stage.approved, f"approved for stage {case.record.stage} in the strategy"
    elif (found := case.answers.number("strat-budget")) is not None:
        approved = found
    missing = [missing_figure(cost)] if isinstance(cost, MissingFigure) else []
    missing += ["missing: the approved budget (strat-budget)"] if approved is None else []
    if missing or isinstance(cost, MissingFigure) or approved is None:
        return cannot_tell(*missing)
    alone = _at_most(cost, approved, source)
    share = case.plan.strategy(case.project).budget.contingency
    if alone[0] == "not met" or not share:
        return alone
    whole = _at_most(cost, approved, source, share)
    if whole[0] == "met":
        return whole
    return cannot_tell(*whole[1], "missing: whether pri-cost holds the contingency already")


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
    how = f"over {written(ranking.weeks)} weeks, planned load taken off; months apart need a schedule; for {names}"
    return all_of([*tests, met(how)])


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
    for question, what in wanted.items():
        one = case.standing.get(question)
        holds = one is not None and one.met
        tests.append(verdict(holds, f"{what}: named" if holds else f"{what} is not named ({question})"))
    return all_of(tests)


@condition("room-for-the-peak")
def room_for_the_peak(case: Case) -> VerdictWithReasons:
    """Capacity for the peak with a spare, and its yearly cost in the budget."""
    users = case.answers.figure("arch-load", "requests per day")
    load = "arch-load is answered" if users is not None else "missing: the load (arch-load)"
    return cannot_tell(load, "missing: the capacity that follows from it, and its cost a year")


@condition("effect-can-be-seen")
def effect_can_be_seen(case: Case) -> VerdictWithReasons:
    """From growth on: the effect that pays can be detected inside the time box."""
    if later := asked_from(case, "growth"):
        return met(later)
    return _question(case, "tac-testable")


@condition("requirements-serve")
def requirements_serve(case: Case) -> VerdictWithReasons:
    """Every technical requirement in scope serves a business one, and every business one is served."""
    record = case.plan.get(Address("requirements", case.project, "requirements"))
    lines = unserved(cast("Requirements", record)) if record is not None else []
    if lines:
        return not_met(*lines)
    count = len(cast("Requirements", record).technical) if record is not None else 0
    return met(f"{count} technical requirements, each with what it serves" if count else "there is none yet")


def unserved(requirements: Requirements) -> list[str]:
    """Technical requirements in scope that serve nothing, and business ones in scope that nothing serves."""
    business = requirements.business
    working = {key: one for key, one in requirements.technical.items() if one.in_scope}
    served = {name.rpartition("/")[2] for one in working.values() for name in one.serves}
    lines = [f"{key} serves no business requirement" for key, one in working.items() if not one.serves]
    lines += [
        f"{key} serves {name}, which is not there"
        for key, one in working.items()
        for name in one.serves
        if name.rpartition("/")[2] not in business
    ]
    if working:
        lines += [
            f"nothing serves {key}" for key, one in business.items() if one.in_scope and key not in served
        ]
    return lines

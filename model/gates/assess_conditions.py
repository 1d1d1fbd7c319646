"""The computed conditions of the gate that leads out of Assess.

Each function looks at one sentence of the playbook and gives a verdict with its arithmetic. What its inputs do not
tell is said to be missing, and is never taken as met.
"""

from __future__ import annotations

import datetime as dt

from ..assess.access import late_access
from ..assess.legal import rights_at_low_risk
from ..assess.records_asked import is_of_this_cycle, needed_datasets
from ..edit.deciders import decisions_at
from ..records.dataset import Dataset
from ..text.amounts import counted
from ..text.figure import Explained, MissingFigure, amount, written
from ..text.named import named, quoted
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
    compared = f"{amount(started, value.unit)} {'>' if started > 0 else '<='} 0"
    if started > 0:
        return met(*value.steps, compared)
    return not_met(
        *value.steps, f"{compared}: kedge assess --explain says which answers move it, and by how much"
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
    raised = (
        "kedge answer stage-cap MONEY"
        if source == "stage-cap"
        else f"kedge stage set {case.record.stage} cap=…"
    )
    return at_most(
        cost, cap, source, way=f"{raised}, or do less for it: kedge answer pri-cost next=LOW/LIKELY/HIGH"
    )


def at_most(
    cost: Explained, limit: float, source: str, share: float = 0.0, way: str = ""
) -> VerdictWithReasons:
    """P80 of a cost against a limit, with a share added; `way` helps where it is above."""
    p80 = cost.number("p80") * (1 + share)
    sign = "<=" if p80 <= limit else ">"
    added = (f"with {written(100 * share)} % contingency: {written(p80)}",) if share else ()
    return verdict(
        p80 <= limit,
        "P80 of three points by the normal distribution",
        *cost.steps,
        *added,
        f"{amount(p80, cost.unit)} {sign} {amount(limit, cost.unit)} ({source})"
        + (f": {way}" if way and p80 > limit else ""),
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
    name, title, checked = dataset.id, quoted(dataset.label), dataset.checked_on
    if dataset.access == "refused":
        return not_met(f"{named(dataset.label, name)}: access is refused")
    if checked is None:
        if dataset.explored:
            return cannot_tell(
                f"{title}: explored, but without a date: kedge dataset set {name} checked_on=DATE"
            )
        return not_met(
            f"{title}: no date says when it was explored: kedge dataset set {name} checked_on=DATE"
        )
    age = (today - checked).days
    if age < 0:
        return not_met(
            f"{named(dataset.label, name)}: explored {checked}, which is {counted(-age, 'day')} ahead: "
            "checked_on is the day it was done"
        )
    return verdict(
        age <= FRESH_DAYS, f"{named(dataset.label, name)}: explored {checked}, {counted(age, 'day')} ago"
    )


def _may_be_used(dataset: Dataset, weeks: float | None, today: dt.date) -> list[VerdictWithReasons]:
    """What keeps a dataset from being used in time, or by right."""
    tests = [not_met(message) for message, _ in late_access(dataset, weeks, today)]
    if dataset.personal_data and not (dataset.lawful_ground or "").strip():
        tests.append(
            not_met(
                f"{quoted(dataset.label)}: personal data without a lawful ground: "
                f"kedge dataset set {dataset.id} lawful_ground=…"
            )
        )
    return tests


@condition("legal-class")
def legal_class(case: Case) -> VerdictWithReasons:
    """The risk class is known and not prohibited."""
    answer = case.answers.answer("disc-risk-class")
    if answer is None or not isinstance(answer.verdict, str):
        return not_met("the legal risk class is not answered (disc-risk-class)")
    lines = [f"legal risk class: {answer.verdict} (disc-risk-class)"]
    is_current = answer.is_current(case.today)
    if not is_current:
        lines.append(f"it was to be judged again by {answer.valid_until}")
    doubts = rights_at_low_risk(case.figures.snapshot, case.project)
    if doubts and not (answer.because and answer.evidence):
        return not_met(*lines, *doubts, "say who judged it (--because) and where (--evidence)")
    return verdict(answer.verdict not in ("prohibited", "not checked") and is_current, *lines)


@condition("proof-holds")
def proof_holds(case: Case) -> VerdictWithReasons:
    """From growth on: the proof of concept met the ask, can move, and beats the simplest baseline."""
    if later := asked_from(case, "growth"):
        return met(later)
    return all_of(question(case, name) for name in ("stage-poc", "stage-poc-move", "stage-baseline"))


def question(case: Case, name: str) -> VerdictWithReasons:
    """Whether a question is met, as a test of its own."""
    one = case.standing.get(name)
    if one is None:
        return cannot_tell(f"{name} is not in the playbook")
    if one.met:
        return met(f"{named(one.item.text, name)}: met")
    if one.state == "unanswered":
        return cannot_tell(f"{named(one.item.text, name)} is not answered")
    return not_met(f"{named(one.item.text, name)}: {one.lacks()}")


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
    return not_met(within, f"not chosen: {reason}{_more_people(case, reason)}", *_nobody(case))


def _more_people(case: Case, reason: str) -> str:
    """What helps where people are what a project lacks: they are counted until its time box is over."""
    limits = [one.name for one in case.proposal.ranking.limits if one.skills is not None]
    if not any(f" of {name}; " in reason for name in limits):
        return ""
    weeks = written(case.proposal.ranking.weeks)
    return (
        f". They are counted to the end of the time box ({weeks} weeks from today): kedge answer stage-timebox WEEKS, "
        "kedge person add NAME, or whoever decides says why it goes on (kedge gate pass --by PERSON --because TEXT)"
    )


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

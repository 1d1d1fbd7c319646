"""The computed conditions of the gates out of Execute and out of Iterate, as far as the plan's records tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import cast

from ..calculators.money import gain, three_points
from ..operations.budgets import error_budget
from ..operations.coverage import monitors_of
from ..operations.documents import RUNBOOK, TRIED, dated_documents
from ..operations.experiments import Trial, live_tests
from ..operations.live import in_order
from ..operations.monitors import silence
from ..operations.reading import read_experiment
from ..records.delivery import Rollout
from ..records.governance import Review
from ..text.amounts import counted
from ..text.figure import Explained, MissingFigure, amount, figure_of, written
from ..text.named import named, quoted
from ..value import project_figures
from ..value.worth import bet
from .assess_conditions import in_the_set
from .condition import (
    Case,
    VerdictWithReasons,
    all_of,
    cannot_tell,
    condition,
    left_to_judgement,
    met,
    missing_figure,
    not_met,
    verdict,
)

# ---- out of Execute


@condition("verdict-is-in")
def verdict_is_in(case: Case) -> VerdictWithReasons:
    """A verdict is recorded, whichever it is."""
    answer = case.answers.answer("tp-verdict")
    said = answer.verdict if answer is not None else None
    if isinstance(said, str) and said:
        return verdict(said != "still running", f"verdict of the test in production: {said} (tp-verdict)")
    results = [f"{one.id}: {one.result}" for one in live_tests(case.plan, case.record)]
    if results:
        return met(*results, "say it in words too: kedge answer tp-verdict")
    return not_met("no verdict is recorded (tp-verdict; kedge experiment read records one)")


@condition("guardrails-held")
def guardrails_held(case: Case) -> VerdictWithReasons:
    """Every guardrail inside its limit, or the model was taken off."""
    off = _taken_off(case)
    metrics = case.plan.strategy(case.project).metrics
    tests: list[VerdictWithReasons] = []
    for key, metric in metrics.items():
        if metric.role != "guardrail":
            continue
        if metric.actual is None or metric.limit is None:
            lacks = "actual" if metric.actual is None else "limit"
            tests.append(
                cannot_tell(
                    f"{quoted(metric.label or key)}: missing: {lacks} (kedge metric set {key} {lacks}=…)"
                )
            )
            continue
        held = metric.actual >= metric.limit if metric.better == "higher" else metric.actual <= metric.limit
        where = "inside" if held else "outside"
        line = f"{named(metric.label, key)}: {written(metric.actual)} {where} {written(metric.limit)}"
        tests.append(verdict(held, line))
    tests += _guardrails_of_tests(case)
    if not tests:
        return cannot_tell("missing: metrics that are guardrails")
    found = all_of(tests)
    return met(*found[1], f"taken off: {', '.join(off)}") if off and found[0] == "not met" else found


def _taken_off(case: Case) -> list[str]:
    """The newest rollouts, where the last step that was begun of each was rolled back; else none.

    One that was rolled back before another one began says nothing of what users get now.
    """
    found: list[tuple[dt.date, str, bool]] = []
    for one in (cast("Rollout", record) for record in case.plan.of_kind("rollout", case.project)):
        begun = [step for _, step in in_order(one) if step.started is not None or step.outcome is not None]
        if begun:
            day = max((step.started for step in begun if step.started is not None), default=dt.date.min)
            found.append((day, one.id, begun[-1].outcome == "rolled back"))
    newest = max((day for day, _, _ in found), default=None)
    last = [(name, is_off) for day, name, is_off in found if day == newest]
    return [name for name, _ in last] if all(is_off for _, is_off in last) else []


def _guardrails_of_tests(case: Case) -> Iterator[VerdictWithReasons]:
    """The guardrails of the live tests that are over, as their counts say."""
    for one in live_tests(case.plan, case.record):
        try:
            found = read_experiment(Trial.of(case.plan, one), case.today)
        except ValueError:
            continue  # its counts are not recorded: what the metrics say is all there is
        for read in found.guardrails:
            line = f"{one.id}, {read.metric}: {read.why}"
            yield cannot_tell(line) if read.ok is None else verdict(read.ok, line)


ALIVE_DAYS = 14
"""Days that monitors must have run before a project leaves Execute (gate-execute)."""


@condition("monitors-alive")
def monitors_alive(case: Case) -> VerdictWithReasons:
    """Monitors alive for two weeks, and the error budget not spent."""
    monitors = monitors_of(case.plan, case.project)
    if not monitors:
        return not_met("there is no monitor")
    tests: list[VerdictWithReasons] = []
    budgets: list[VerdictWithReasons] = []
    for one in monitors:
        if one.runs_since is None:
            hint = f"kedge monitor set {one.id} runs_since=DATE"
            tests.append(cannot_tell(f"{quoted(one.label)}: missing: since when it runs ({hint})"))
        else:
            days, silent = (case.today - one.runs_since).days, silence(one, case.today)
            since = f"runs since {one.runs_since}, {counted(days, 'day')}"
            line = f"{named(one.label, one.id)}: {since}" + (f"; {silent}" if silent else "")
            tests.append(verdict(days >= ALIVE_DAYS and not silent, line))
        try:
            budget = error_budget(one, case.answers)
        except ValueError as wrong:
            budgets.append(cannot_tell(f"{named(one.label, one.id)}: {wrong}"))
            continue
        if budget is not None:
            line = f"{named(one.label, one.id)}: {written(100 * budget.used)} % of the error budget is spent"
            budgets.append(verdict(not budget.is_spent, line))
    if not budgets:
        promised = case.answers.figure("mon-slo", "objective in percent") is not None
        counts = "missing: events, failures and counted_hours of a monitor, for the error budget (mon-slo)"
        budgets.append(cannot_tell(counts) if promised else met("no level of service is promised (mon-slo)"))
    return all_of([*tests, *budgets])


@condition("documents-there")
def documents_there(case: Case) -> VerdictWithReasons:
    """Documents exist where they are said to be, none is out of date, and a second person ran the runbook."""
    found = dated_documents(case.plan, case.project, case.standing, case.figures.snapshot.files)
    runbook = next((one for one in found if one.id == RUNBOOK), None)
    ran = runbook is not None and not runbook.is_untried
    tests = [verdict(ran, f"the runbook was {'' if ran else 'not yet '}{TRIED} ({RUNBOOK})")]
    last = runbook.last_run if runbook is not None else None
    if runbook is not None and ran and last is not None:
        line = f"the runbook was run last by {last.by} on {last.on}"
        if runbook.is_run_before_change:
            line += f", and changed on {runbook.changed}"
        tests.append(verdict(not runbook.is_run_before_change, line))
    files = sorted({each for one in found for each in one.files}, key=lambda one: one.text)
    if not files:
        tests.append(cannot_tell("missing: paths of the documents, as evidence of the doc- questions"))
    unseen = [one.text for one in files if one.state == "not looked up"]
    if unseen:
        tests.append(left_to_judgement("do these exist? " + ", ".join(unseen)))
    tests += [
        not_met(f"{named(one.standing.item.text, one.id)}: needed at this stage, and no path is named")
        for one in found
        if one.is_wrong and not one.files
    ]
    tests += [
        verdict(one.counts, f"{one.text}: {one.state}") for one in files if one.state != "not looked up"
    ]
    tests += [not_met(each.text) for one in found if one.is_needed for each in one.older]
    return all_of(tests)


# ---- out of Iterate


def _other_outcome(case: Case, *outcomes: str) -> VerdictWithReasons | None:
    """What is said of a condition that another outcome asks for; None where it is this one's."""
    planned = case.outcome or (answer.verdict if (answer := case.answers.answer("it-decision")) else None)
    if not isinstance(planned, str) or not planned:
        return cannot_tell("missing: what follows this cycle (it-decision)")
    return None if planned in outcomes else met(f"asked of {' and '.join(outcomes)}; this is {planned}")


@condition("another-cycle")
def another_cycle(case: Case) -> VerdictWithReasons:
    """For another cycle: its expected value above zero, and chosen again against all other projects."""
    if other := _other_outcome(case, "next stage", "update this stage"):
        return other
    currency = case.plan.board.currency
    more = project_figures.three(
        "Further gain",
        case.answers,
        "it-next",
        "further gain: ",
        partial(gain, unit=f"{currency} per year"),
    )
    cost = project_figures.three(
        "Cost of the next cycle",
        case.answers,
        "it-next",
        "cost: ",
        partial(three_points, "Cost of the next cycle", unit=currency),
    )
    none, building = _none(currency), case.worth.building_time
    present = project_figures.present_value(case.playbook, more, none, none, building, currency)
    known = [one for one in (present, cost) if isinstance(one, MissingFigure)]
    if known:
        return all_of([cannot_tell(*map(missing_figure, known)), in_the_set(case)])
    value = bet(cast("Explained", present), case.worth.confidence, figure_of(cost), 0.0, unit=currency)
    started = value.number("started")
    sign = ">" if started > 0 else "<="
    line = f"{amount(started, currency)} {sign} 0"
    return all_of([verdict(started > 0, *value.steps, line), in_the_set(case)])


def _none(unit: str) -> Explained:
    """Nothing: the further gain is net of what already runs."""
    return replace(Explained("Nothing", 0.0), unit=unit)


@condition("keeps-paying")
def keeps_paying(case: Case) -> VerdictWithReasons:
    """To keep it running: measured gain above what running and errors cost a year."""
    if other := _other_outcome(case, "keep running", "hold"):
        return other
    earned, running = case.answers.figure("it-actual", "gain per year measured"), case.worth.running_cost
    missing = ["missing: gain per year measured (it-actual)"] if earned is None else []
    missing += [missing_figure(running)] if isinstance(running, MissingFigure) else []
    if earned is None or isinstance(running, MissingFigure):
        return cannot_tell(*missing)
    errors = case.worth.error_cost
    spent = running.value + figure_of(errors)
    sign = ">" if earned > spent else "<="
    line = f"{written(earned)} {sign} {written(running.value)} + {written(figure_of(errors))}"
    notes = (
        (f"errors count as nothing: {missing_figure(errors)}",) if isinstance(errors, MissingFigure) else ()
    )
    return verdict(earned > spent, line, *notes)


@condition("may-end")
def may_end(case: Case) -> VerdictWithReasons:
    """To retire: it no longer pays, became unlawful, or nothing depends on it."""
    if other := _other_outcome(case, "retire"):
        return other
    answer = case.answers.answer("disc-risk-class")
    if answer is not None and answer.verdict == "prohibited":
        return met("legal risk class: prohibited (disc-risk-class)")
    waiting = [
        f"{tie.taker} waits for {tie.giver}"
        for project in case.plan.projects.values()
        for tie in project.dependencies.values()
        if tie.giver == case.project and tie.taker != case.project and tie.state != "done"
    ]
    if not waiting:
        return met("nothing in the plan depends on it")
    keeping = _keeping(case)
    if len(keeping) < FAILED_REVIEWS:
        known = f"{len(keeping)} of the {FAILED_REVIEWS} reviews that say whether keeping it pays are there"
        return cannot_tell(*waiting, f"missing: {known} (kedge review add measured_gain=…)")
    last = keeping[-FAILED_REVIEWS:]
    return verdict(all(not pays for pays, _ in last), *waiting, *(line for _, line in last))


FAILED_REVIEWS = 2
"""Reviews in a row in which keeping it must have failed (gate-iterate)."""


def _keeping(case: Case) -> list[tuple[bool, str]]:
    """For each review that measured a gain, oldest first: whether it was above running and error cost, and why."""
    running = case.worth.running_cost
    if isinstance(running, MissingFigure):
        return []
    spent = running.value + figure_of(case.worth.error_cost)
    reviews = [cast("Review", one) for one in case.plan.of_kind("review", case.project)]
    found: list[tuple[bool, str]] = []
    for one in sorted(reviews, key=lambda one: (one.date or dt.date.min, one.id)):
        if one.measured_gain is not None:
            pays = one.measured_gain > spent
            sign = ">" if pays else "<="
            found.append((pays, f"{one.id}: {written(one.measured_gain)} {sign} {written(spent)}"))
    return found


@condition("learned")
def learned(case: Case) -> VerdictWithReasons:
    """Plan against actual, lessons, and evidence that follows the result."""
    tests: list[VerdictWithReasons] = []
    for question, what in {"it-actual": "plan against actual", "it-lesson": "lessons"}.items():
        one = case.standing.get(question)
        holds = one is not None and one.met
        tests.append(verdict(holds, f"{what}: {'recorded' if holds else f'not recorded ({question})'}"))
    return all_of([*tests, _evidence_follows(case)])


def _evidence_follows(case: Case) -> VerdictWithReasons:
    """Whether the evidence for the gain says what the test in production said."""
    result = case.answers.answer("tp-verdict")
    value = next(one for one in case.worth.claims if one.factor == "value")
    said = result.verdict if result is not None else None
    if said in (None, "still running"):
        return cannot_tell("missing: the verdict of the test in production (tp-verdict)")
    if said == "could not be tested":
        return met("the gain could not be tested: its evidence stays as it was")
    follows = (
        value.level in ("rehearsal", "proven") and value.result == "supports"
        if said == "better"
        else value.result in ("mixed", "against")
    )
    because = (
        f"the test in production says {said} (tp-verdict); "
        f"the value says {value.level}, {value.result} (pri-ev-value)"
    )
    return verdict(follows, because, *filter(None, [value.shortfall]))

"""The computed conditions of the gates in and after Execute, as far as the plan's records tell."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import cast

from ..calculators import gain
from ..calculators.money import three_points
from ..records.delivery import Monitor, Rollout
from ..records.governance import Decision
from ..text.figure import Explained, MissingFigure, amount, figure_of, written
from ..text.wording import lacks_words
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

REHEARSED_DAYS = 30
"""Days for which a rehearsed way back counts (gate-traffic)."""
LEAST_RATIO = 0.8
"""Lowest rate of a group divided by the highest (gate-traffic)."""


# ---- before real users see it


@condition("good-enough")
def good_enough(case: Case) -> VerdictWithReasons:
    """Lower bound of quality on the test set not below the minimum."""
    bound = case.answers.figure("tr-quality", "lower bound")
    minimum = case.answers.figure("arch-quality", "minimum")
    missing = ["missing: lower bound (tr-quality)"] if bound is None else []
    missing += ["missing: minimum (arch-quality)"] if minimum is None else []
    if bound is None or minimum is None:
        return cannot_tell(*missing)
    sign = ">=" if bound >= minimum else "<"
    return verdict(bound >= minimum, f"lower bound {written(bound)} {sign} minimum {written(minimum)}")


@condition("well-tested")
def well_tested(case: Case) -> VerdictWithReasons:
    """The ML test score above the stage's: what the answers alone give is the least that it can be."""
    rubric = next((one for one in case.playbook.rubrics if one.id == "ml-test-score"), None)
    stage = case.playbook.stage(case.record.stage)
    if rubric is None or stage is None:
        return cannot_tell("missing: the rubric ml-test-score")
    half = rubric.marks.get("by_hand_and_written_down", 0.5)
    sums = dict.fromkeys(rubric.sections, 0.0)
    for test in rubric.tests:
        one = case.standing.get(test.item)
        sums[test.section] += half if one is not None and one.met else 0.0
    least = min(sums.values(), default=0.0)
    lines = (
        ", ".join(f"{section} {written(found)}" for section, found in sums.items()),
        f"from the answers alone the weakest section has {written(least)}; wanted: more than "
        f"{written(stage.test_score_above)}",
    )
    if least > stage.test_score_above:
        return met(*lines)
    return left_to_judgement(*lines, "do the other tests of the score lift it above that?")


@condition("way-back")
def way_back(case: Case) -> VerdictWithReasons:
    """The way back was rehearsed lately by those on call."""
    days = [cast("Rollout", one).rehearsed_on for one in case.plan.of_kind("rollout", case.project)]
    answer = case.answers.answer("pr-rollback")
    said = answer.values.get("date last rehearsed") if answer is not None else None
    days.append(_day(said))
    known = [day for day in days if day is not None]
    if not known:
        return cannot_tell(
            "missing: the day of the last rehearsal (rehearsed_on of a rollout, or pr-rollback)"
        )
    age = (case.today - max(known)).days
    return verdict(
        0 <= age <= REHEARSED_DAYS, f"rehearsed {max(known)}, {age} days ago; by whom is for the decider"
    )


def _day(text: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError:
        return None


@condition("monitors-work")
def monitors_work(case: Case) -> VerdictWithReasons:
    """Every monitor has limit, action and owner, and was fired on purpose."""
    monitors = sorted(case.plan.of_kind("monitor", case.project), key=lambda one: one.id)
    if not monitors:
        return not_met("there is no monitor")
    tests: list[VerdictWithReasons] = []
    for record in monitors:
        one = cast("Monitor", record)
        lacks = [name for name in ("limit", "action", "owner") if not getattr(one, name)]
        lacks += ["a test on purpose"] if one.last_tested is None else []
        tests.append(
            verdict(not lacks, f"{one.id}: missing: {', '.join(lacks)}" if lacks else f"{one.id}: complete")
        )
    return all_of(tests)


@condition("bears-the-load")
def bears_the_load(case: Case) -> VerdictWithReasons:
    """Tried at the planned peak, with p95 latency and unit cost inside their limits."""
    load = case.standing.get("pr-load")
    if load is None or load.state == "unanswered":
        tried = cannot_tell("pr-load is not answered")
    elif load.met or load.state == "not-applicable":
        tried = met(f"pr-load: {'met' if load.met else 'does not apply'}")
    else:
        tried = not_met(f"pr-load: {load.lacks()}")
    name = "cost per 1000 predictions"
    cost = case.answers.figure("it-actual", name)
    source = "measured" if cost is not None else "planned in arch-limits"
    cost = case.answers.figure("arch-limits", name) if cost is None else cost
    ceiling = case.answers.figure("pri-run", "ceiling per 1000 predictions")
    if cost is None or ceiling is None:
        return all_of([tried, cannot_tell("missing: the cost of 1000 predictions, or its ceiling (pri-run)")])
    sign = "<=" if cost <= ceiling else ">"
    line = f"{name}, {source}: {written(cost)} {sign} {written(ceiling)}"
    return all_of([tried, verdict(cost <= ceiling, line)])


@condition("groups-alike")
def groups_alike(case: Case) -> VerdictWithReasons:
    """No group far behind the best one without a written decision."""
    one = case.standing.get("tr-bias")
    if one is None or not one.applies:
        return met("no person's rights or chances depend on it (disc-profile)")
    ratio = case.answers.figure("tr-bias", "lowest group rate divided by highest")
    if ratio is None:
        return cannot_tell("missing: lowest group rate divided by highest (tr-bias)")
    sign = ">=" if ratio >= LEAST_RATIO else "<"
    line = f"lowest by highest group rate: {written(ratio)} {sign} {written(LEAST_RATIO)}"
    for record in case.plan.of_kind("decision", case.project):
        decision = cast("Decision", record)
        if "tr-bias" in decision.changes and not lacks_words(decision.why or ""):
            return met(line, f"decided in {decision.id}: {decision.why}")
    return verdict(ratio >= LEAST_RATIO, line)


# ---- out of Execute


@condition("verdict-is-in")
def verdict_is_in(case: Case) -> VerdictWithReasons:
    """A verdict is recorded, whichever it is."""
    answer = case.answers.answer("tp-verdict")
    said = answer.verdict if answer is not None else None
    if not isinstance(said, str) or not said:
        return not_met("no verdict is recorded (tp-verdict)")
    return verdict(said != "still running", f"tp-verdict: {said}")


@condition("guardrails-held")
def guardrails_held(case: Case) -> VerdictWithReasons:
    """Every guardrail inside its limit, or the model was taken off."""
    rollouts = [cast("Rollout", one) for one in case.plan.of_kind("rollout", case.project)]
    off = [one.id for one in rollouts if any(step.outcome == "rolled back" for step in one.steps.values())]
    metrics = case.plan.strategy(case.project).metrics
    tests: list[VerdictWithReasons] = []
    for key, metric in metrics.items():
        if metric.role != "guardrail":
            continue
        if metric.actual is None or metric.limit is None:
            lacks = "actual" if metric.actual is None else "limit"
            tests.append(cannot_tell(f"{key}: missing: {lacks}"))
            continue
        held = metric.actual >= metric.limit if metric.better == "higher" else metric.actual <= metric.limit
        line = f"{key}: {written(metric.actual)} {'inside' if held else 'outside'} {written(metric.limit)}"
        tests.append(verdict(held, line))
    if not tests:
        return cannot_tell("missing: metrics that are guardrails")
    found = all_of(tests)
    return met(*found[1], f"taken off: {', '.join(off)}") if off and found[0] == "not met" else found


@condition("monitors-alive")
def monitors_alive(case: Case) -> VerdictWithReasons:
    """Monitors alive for two weeks, and the error budget not spent."""
    count = len(list(case.plan.of_kind("monitor", case.project)))
    return left_to_judgement(
        f"{count} monitors are recorded",
        "have they run for 14 days, and is something left of the error budget?",
    )


@condition("documents-there")
def documents_there(case: Case) -> VerdictWithReasons:
    """Documents exist where they are said to be, and a second person ran the runbook."""
    line = "tried by someone who did not write it"
    runbook = case.standing.get("doc-runbook")
    ran = runbook is not None and line in runbook.reply.checked
    tests = [verdict(ran, f"runbook {line}" if ran else f"doc-runbook: not yet {line}")]
    documents = sorted(
        {
            one
            for each in case.standing.values()
            if each.item.step == "document"
            for one in each.counted.evidence
        },
        key=lambda one: one.text,
    )
    if not documents:
        tests.append(cannot_tell("missing: paths of the documents, as evidence of the doc- questions"))
    unseen = [one.text for one in documents if one.state == "not looked up"]
    if unseen:
        tests.append(left_to_judgement("do these exist? " + ", ".join(unseen)))
    tests += [
        verdict(one.counts, f"{one.text}: {one.state}") for one in documents if one.state != "not looked up"
    ]
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
        return met("disc-risk-class: prohibited")
    waiting = [
        f"{tie.taker} waits for {tie.giver}"
        for project in case.plan.projects.values()
        for tie in project.dependencies.values()
        if tie.giver == case.project and tie.taker != case.project and tie.state != "done"
    ]
    if waiting:
        return left_to_judgement(*waiting, "did keeping it fail in two reviews in a row?")
    return met("nothing in the plan depends on it")


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
    because = f"tp-verdict: {said}; pri-ev-value: {value.level}, {value.result}"
    return verdict(follows, because, *filter(None, [value.shortfall]))

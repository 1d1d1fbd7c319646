"""What a project is worth, from its records: each figure with its arithmetic, or with what it lacks.

Confidence is computed from evidence and never typed; the value of a bet counts the right to stop at the next gate.
Figures whose question does not block yet at the project's stage count as nothing and say so; from that stage on they
are lacking.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import cast

from .address import Address
from .calculators.money import (
    LADDER,
    confidence,
    error_cost,
    expected_value,
    gain,
    npv,
    relative_score,
    stage_chance,
    three_points,
)
from .evidence import EVIDENCE_QUESTIONS, data_evidence
from .explained import Explained, Figure, Known, Lacking, expect, figure_of, written
from .plan import Plan
from .playbook.playbook import Playbook
from .records.assessment import Answer, Assessment
from .records.project import Project

WEEKS_PER_YEAR = 52
LONGEST_HORIZON = 100
"""Years; beyond them nothing counts any more at any rate that is used."""
IMPACT = ("pri-gain", "impact")
"""Where a project without a value in money says how much it moves, on the playbook's relative scale."""


@dataclass(frozen=True)
class Worth:
    """The figures of one project. Money is in the board's currency."""

    project: Project
    gain: Known
    """Per year, three points."""
    running_cost: Known
    """Per year."""
    error_cost: Known
    """Per year; without the prices and rates of errors it counts as nothing."""
    confidence: Explained
    present_value: Known
    """Of gain less running and error cost over the horizon, if all succeeds."""
    expected_value: Known
    cost: Known
    """To the next gate, three points with P80."""
    later_cost: Known
    months: Known
    """Person-months to the next gate."""
    effort: Mapping[str, float]
    """The same by skill; under an empty name where no skill is said."""
    delay: Known
    """Cost of a week of delay."""
    weeks: Known
    """Of work to the next gate: its time box."""
    complexity: Known
    relative: Known
    """The score without money; only asked for where the value in money is lacking."""

    def figures(self) -> tuple[Known, ...]:
        """All of them, in the order in which a person asks."""
        return (
            self.expected_value,
            self.present_value,
            self.gain,
            self.running_cost,
            self.error_cost,
            self.confidence,
            self.cost,
            self.later_cost,
            self.months,
            self.delay,
            self.weeks,
            self.complexity,
            self.relative,
        )


class Answers:
    """The answers of a project as a calculator reads them: what is unknown or does not apply is not there."""

    def __init__(self, plan: Plan, project: str) -> None:
        found = plan.get(Address("assessment", project, "assessment"))
        self._answers = cast("Assessment", found).answers if found is not None else {}

    def answer(self, question: str) -> Answer | None:
        """The answer, where there is one that says something."""
        found = self._answers.get(question)
        return None if found is None or found.state is not None else found

    def number(self, question: str) -> float | None:
        """A verdict that is a number."""
        found = self.answer(question)
        return _number(found.verdict) if found else None

    def figure(self, question: str, name: str) -> float | None:
        """A named figure that is a number."""
        found = self.answer(question)
        return _number(found.values.get(name)) if found else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def worth(plan: Plan, playbook: Playbook, project: Project, today: dt.date) -> Worth:
    """The figures of a project as its records stand."""
    said, currency, scoring = Answers(plan, project.id), plan.board.currency, playbook.scoring
    yearly_gain = _three(
        "Yearly gain", said, "pri-gain", "", lambda *figures: gain(*figures, unit=f"{currency} per year")
    )
    cost = _three(
        "Cost to the next gate",
        said,
        "pri-cost",
        "to next gate: ",
        lambda *figures: three_points("Cost to the next gate", *figures, unit=currency),
    )
    later = _three(
        "Cost after it",
        said,
        "pri-cost",
        "after it: ",
        lambda *figures: three_points("Cost after it", *figures, unit=currency),
    )
    running = _running_cost(said, playbook, project, f"{currency} per year")
    errors = _error_cost(said, f"{currency} per year")
    chance = _confidence(plan, playbook, project, said, today)
    present = _present_value(playbook, yearly_gain, running, errors, currency)
    months, effort = _months(said, project)
    missing = next((one for one in (present, cost, later) if isinstance(one, Lacking)), None)
    if missing is None:
        assert isinstance(present, Explained)
        value: Known = bet(present, chance, figure_of(cost), figure_of(later), unit=currency)
    else:
        value = replace(missing, name="Expected value of the staged bet")
    return Worth(
        project=project,
        gain=yearly_gain,
        running_cost=running,
        error_cost=errors,
        confidence=chance,
        present_value=present,
        expected_value=value,
        cost=cost,
        later_cost=later,
        months=months,
        effort=effort,
        delay=_delay(said, project, yearly_gain, running, f"{currency} per week"),
        weeks=_weeks(plan, said, project),
        complexity=_complexity(said, project),
        relative=_relative(said, scoring.relative_impact, chance, months),
    )


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


def _given(name: str, value: float, unit: str, source: str, *notes: str) -> Explained:
    """A figure that somebody wrote down."""
    return Explained(name, value, unit, source=source, figures={"value": value}, notes=notes)


def _three(
    name: str,
    said: Answers,
    question: str,
    prefix: str,
    calculate: Callable[[float, float, float], Explained],
) -> Known:
    figures = {point: said.figure(question, prefix + point) for point in ("low", "likely", "high")}
    missing = [prefix + point for point, figure in figures.items() if figure is None]
    if missing:
        return Lacking(name, ", ".join(missing), question)
    low, likely, high = (cast("float", figure) for figure in figures.values())
    try:
        return calculate(low, likely, high)
    except ValueError as wrong:
        return Lacking(name, str(wrong), question)


def _running_cost(said: Answers, playbook: Playbook, project: Project, unit: str) -> Known:
    name, question, field = "Running cost", "pri-run", "money per year to run"
    found = said.figure(question, field)
    if found is not None:
        return _given(name, found, unit, question)
    item = playbook.item(question)
    if item is not None and item.blocks_at(project.stage):
        return Lacking(name, field, question)
    return _given(name, 0.0, unit, question, f"not answered; at stage {project.stage} it counts as nothing")


def _error_cost(said: Answers, unit: str) -> Known:
    """The prices are asked by the playbook; the rates stand beside them once a model was measured."""
    question, name = "pri-errors", "Cost of errors"
    inputs = {
        "n": said.figure(question, "cases per year") or said.number("disc-reach"),
        "prevalence": said.figure(question, "prevalence"),
        "recall": said.figure(question, "recall"),
        "fpr": said.figure(question, "false-alarm rate"),
        "c_fp": said.figure(question, "cost of a false alarm"),
        "c_fn": said.figure(question, "cost of a miss"),
    }
    missing = [key for key, value in inputs.items() if value is None]
    if missing:
        words = {
            "n": "cases per year",
            "fpr": "false-alarm rate",
            "c_fp": "cost of a false alarm",
            "c_fn": "cost of a miss",
        }
        return Lacking(name, ", ".join(words.get(key, key) for key in missing), question)
    try:
        return error_cost(**{key: cast("float", value) for key, value in inputs.items()}, unit=unit)
    except ValueError as wrong:
        return Lacking(name, str(wrong), question)


def _confidence(plan: Plan, playbook: Playbook, project: Project, said: Answers, today: dt.date) -> Explained:
    scoring = playbook.scoring
    ladder = {**LADDER, **{level.id: level.p for level in scoring.evidence}}
    levels: dict[str, str] = {}
    results: dict[str, str] = {}
    notes: list[str] = []
    for factor, question in EVIDENCE_QUESTIONS.items():
        answer = said.answer(question)
        level = answer.verdict if answer is not None else None
        levels[factor] = level if isinstance(level, str) and level in ladder else "nothing"
        if answer is None or levels[factor] != level:
            notes.append(f"{factor}: {question} says no level of evidence and counts as nothing")
        elif answer.result is not None:
            results[factor] = answer.result
    data = data_evidence(
        plan, project.id, today, said.number("data-signal"), said.number("data-like-production")
    )
    levels["data"], results["data"] = data.level, data.result
    notes += [f"data: {reason}" for reason in data.reasons]
    floor, cap = scoring.floor_confidence, max(scoring.floor_confidence, scoring.cap_confidence)
    return replace(
        confidence(**levels, results=results, ladder=ladder, floor=floor, cap=cap), notes=tuple(notes)
    )


def _present_value(
    playbook: Playbook, yearly_gain: Known, running: Known, errors: Known, currency: str
) -> Known:
    name = "Present value if it works"
    for known in (yearly_gain, running):
        if isinstance(known, Lacking):
            return replace(known, name=name)
    assert isinstance(yearly_gain, Explained)
    net = yearly_gain.value - figure_of(running) - figure_of(errors)
    years = min(playbook.scoring.horizon_years, LONGEST_HORIZON)
    flows = [net] * int(years) + ([net * (years % 1)] if years % 1 else [])
    found = npv(playbook.scoring.discount_rate, flows, unit=currency)
    notes = [f"errors count as nothing: {errors.missing} not known"] if isinstance(errors, Lacking) else []
    step = f"net per year = {written(yearly_gain.value)} - {written(figure_of(running))} - {written(figure_of(errors))}"
    parts = tuple(known for known in (yearly_gain, running, errors) if isinstance(known, Explained))
    return replace(
        found, name=name, steps=(f"{step} = {written(net)}", *found.steps), parts=parts, notes=tuple(notes)
    )


def _months(said: Answers, project: Project) -> tuple[Known, Mapping[str, float]]:
    name, question, field = "Work to the next gate", "pri-cost", "person-months to next gate"
    if project.effort:
        total = sum(project.effort.values())
        inputs = cast("Mapping[str, Figure]", dict(sorted(project.effort.items())))
        found = _given(name, total, "person-months", "effort of the project")
        return replace(found, formula="sum over the skills", inputs=inputs), dict(
            sorted(project.effort.items())
        )
    months = said.figure(question, field)
    if months is None:
        return Lacking(name, field, question), {}
    return _given(name, months, "person-months", question, "no skills are said: anybody's"), {"": months}


def _delay(said: Answers, project: Project, yearly_gain: Known, running: Known, unit: str) -> Known:
    name, question = "Cost of delay", "pri-delay"
    if project.cost_of_delay is not None:
        return _given(name, project.cost_of_delay, unit, "cost_of_delay of the project")
    found = said.number(question)
    if found is not None:
        return _given(name, found, unit, question)
    if isinstance(yearly_gain, Lacking) or isinstance(running, Lacking):
        return Lacking(name, "what a week of delay costs", question)
    net = yearly_gain.value - running.value
    week = max(0.0, net / WEEKS_PER_YEAR)
    step = f"({written(yearly_gain.value)} - {written(running.value)}) / {WEEKS_PER_YEAR} = {written(week)}"
    return Explained(
        name,
        week,
        unit,
        "(yearly gain - running cost) / 52",
        steps=(step,),
        figures={"value": week},
        notes=(f"{question} is not answered: a week later is a week of gain less",),
    )


def _weeks(plan: Plan, said: Answers, project: Project) -> Known:
    name, question = "Weeks to the next gate", "stage-timebox"
    stage = plan.strategy(project.id).stages.get(project.stage)
    found = stage.weeks if stage is not None and stage.weeks is not None else None
    source = f"weeks of stage {project.stage} in the strategy"
    if found is None:
        found, source = said.number(question), question
    if found is None or found <= 0:
        return Lacking(name, "a time box of more than 0 weeks", question)
    return _given(name, found, "weeks", source)


def _complexity(said: Answers, project: Project) -> Known:
    question, field = "pri-complexity", "complexity 1-5"
    if project.complexity is not None:
        return _given("Complexity", project.complexity, "of 5", "complexity of the project")
    found = said.figure(question, field)
    if found is None or not 1 <= found <= 5:
        return Lacking("Complexity", "a grade from 1 to 5", question)
    return _given("Complexity", found, "of 5", question)


def _relative(said: Answers, scale: tuple[float, ...], chance: Explained, months: Known) -> Known:
    name = "Relative score"
    reach = said.number("disc-reach")
    if reach is None:
        return Lacking(name, "people or events a year", "disc-reach")
    impact = said.figure(*IMPACT)
    if impact is None or (scale and impact not in scale):
        steps = ", ".join(written(step) for step in scale)
        return Lacking(name, f"impact, one of {steps}" if scale else "impact", IMPACT[0])
    if isinstance(months, Lacking):
        return replace(months, name=name)
    try:
        expect(months.value > 0, "more than 0 person-months")
        return replace(relative_score(reach, impact, chance.value, months.value), parts=(chance,))
    except ValueError as wrong:
        return Lacking(name, str(wrong), "pri-cost")

"""The single figures of a project, read from its answers and records.

Each is an `Explained`, or says what it lacks and which question asks for it. Figures whose question does not block yet
at the project's stage count as nothing and say so; from that stage on they are lacking.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import cast

from ..calculators import money as calc
from ..calculators.money import LADDER
from ..plan.plan import Plan
from ..playbook.fit import MOST, POINTS, fitting
from ..playbook.playbook import Playbook
from ..records.assessment import Answer
from ..records.project import Project
from ..snapshot.snapshot import Snapshot
from ..text.figure import Explained, Figure, MaybeFigure, MissingFigure, expect, figure_of, written
from .claims import Claim

WEEKS_PER_YEAR = 52
LONGEST_HORIZON = 100
"""Years; beyond them nothing counts any more at any rate that is used."""
MANY_SOURCES = 4
"""From so many datasets on, joining them is work of its own."""
IMPACT = ("pri-gain", "impact")
"""Where a project without a value in money says how much it moves, on the playbook's relative scale."""


class Answers:
    """The answers of a project as a calculator reads them.

    What is unknown, does not apply, or cannot be meant by its question, is not there; nor is what was said in an
    earlier cycle to a question that each cycle answers by itself.
    """

    def __init__(self, snapshot: Snapshot, project: str) -> None:
        self._answers = snapshot.plan.answers(project)
        self._playbook = snapshot.playbook
        record = snapshot.plan.projects.get(project)
        self._cycle = record.cycle if record is not None else 1
        self._known: dict[str, Answer | None] = {}
        """What was asked for already: a figure is asked for by its name, and each of them looks at its whole answer."""

    def answer(self, question: str) -> Answer | None:
        """The answer, where there is one that says something."""
        if question not in self._known:
            self._known[question] = self._answer(question)
        return self._known[question]

    def _answer(self, question: str) -> Answer | None:
        found, item = self._answers.get(question), self._playbook.item(question)
        if found is None or found.state is not None:
            return None
        if item is None:
            return found
        return None if item.is_over(found.cycle, self._cycle) else fitting(item, found)

    def number(self, question: str) -> float | None:
        """A verdict that is a number."""
        found = self.answer(question)
        return _number(found.verdict) if found else None

    def figure(self, question: str, name: str) -> float | None:
        """A named figure that is a number."""
        found = self.answer(question)
        return _number(found.values.get(name)) if found else None


def _number(value: object) -> float | None:
    """A figure that can be used; what is no number, infinite or beyond all sense is not there."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= MOST else None


def is_usable(value: object) -> bool:
    """Whether a figure can be counted with: a finite number within all sense."""
    return _number(value) is not None


def given(name: str, value: float, unit: str, source: str, *notes: str) -> Explained:
    """A figure as it was written down."""
    return Explained(
        name, value, unit, source=source, figures={"value": value}, notes=tuple(filter(None, notes))
    )


def three(
    name: str,
    said: Answers,
    question: str,
    prefix: str,
    calculate: Callable[[float, float, float], Explained],
) -> MaybeFigure:
    figures = {point: said.figure(question, prefix + point) for point in POINTS}
    missing = [prefix + point for point, figure in figures.items() if figure is None]
    if missing:
        return MissingFigure(name, ", ".join(missing), question)
    low, likely, high = (cast("float", figure) for figure in figures.values())
    try:
        return calculate(low, likely, high)
    except ValueError as wrong:
        return MissingFigure(name, str(wrong), question)


def error_cost(said: Answers, unit: str) -> MaybeFigure:
    """The prices are asked by the playbook; the rates are there once a model was measured."""
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
        return MissingFigure(name, ", ".join(words.get(key, key) for key in missing), question)
    try:
        return calc.error_cost(**{key: cast("float", value) for key, value in inputs.items()}, unit=unit)
    except ValueError as wrong:
        return MissingFigure(name, str(wrong), question)


def confidence(snapshot: Snapshot, claims: Sequence[Claim]) -> Explained:
    """The chance of success, from the levels that count."""
    scoring = snapshot.playbook.scoring
    ladder = {**LADDER, **{level.id: level.p for level in scoring.evidence}}
    levels = {one.factor: one.level for one in claims}
    results = {one.factor: one.result for one in claims if one.result != "supports"}
    notes = [f"{one.factor}: {note}" for one in claims for note in one.notes]
    lowest, highest = scoring.floor_confidence, max(scoring.floor_confidence, scoring.cap_confidence)
    return replace(
        calc.confidence(**levels, results=results, ladder=ladder, lowest=lowest, highest=highest),
        notes=tuple(notes),
    )


def present_value(
    playbook: Playbook,
    yearly_gain: MaybeFigure,
    running: MaybeFigure,
    errors: MaybeFigure,
    building: MaybeFigure,
    currency: str,
) -> MaybeFigure:
    """Of gain less running and error cost over the horizon of use, which begins when the building time is over."""
    name = "Present value if it works"
    for known in (yearly_gain, running):
        if isinstance(known, MissingFigure):
            return replace(known, name=name)
    assert isinstance(yearly_gain, Explained)
    net, wait = (
        yearly_gain.value - figure_of(running) - figure_of(errors),
        figure_of(building) / WEEKS_PER_YEAR,
    )
    rate, years = discount_rate(playbook), horizon(playbook)
    found = calc.npv(rate, [net * share for share in years], delay=wait, unit=currency)
    notes = (
        [f"errors count as nothing: {errors.missing} not known"] if isinstance(errors, MissingFigure) else []
    )
    steps = [
        f"net per year = {written(yearly_gain.value)} - {written(figure_of(running))} - "
        f"{written(figure_of(errors))} = {written(net)}"
    ]
    if isinstance(building, Explained):
        steps.append(f"building time = {written(building.value)} / {WEEKS_PER_YEAR} = {written(wait)} years")
    else:
        notes.append(f"building time not known ({building.question}): the gain begins today")
    parts = tuple(known for known in (yearly_gain, running, errors, building) if isinstance(known, Explained))
    return replace(
        found,
        name=name,
        steps=(*steps, *found.steps),
        parts=parts,
        notes=tuple(notes),
        figures={**found.figures, "net": net, "of one a year": calc.npv(rate, years, delay=wait).value},
    )


def horizon(playbook: Playbook) -> list[float]:
    """The share of each year that counts: ones, and the rest of a broken year."""
    years = min(playbook.scoring.horizon_years, LONGEST_HORIZON)
    return [1.0] * int(years) + ([years % 1] if years % 1 else [])


def discount_rate(playbook: Playbook) -> float:
    """Per year, as a share."""
    return playbook.scoring.discount_rate


def months(said: Answers, project: Project) -> tuple[MaybeFigure, Mapping[str, float]]:
    """Person-months to the next gate, and the same by skill. None at all for money is asked about."""
    name, question, field = "Work to the next gate", "pri-cost", "person-months to next gate"
    effort = {skill: own for skill, own in sorted(project.effort.items()) if _number(own) is not None}
    total, found = sum(effort.values()), said.figure(question, field)
    if total == 0 and (effort or found == 0):
        answer, likely = said.answer(question), said.figure(question, "to next gate: likely") or 0.0
        if likely > 0 and not (answer is not None and answer.because):
            asked = (
                f"more than 0 person-months (person=MONTHS) for {written(likely)}, or a reason (because) why no person "
                "works on it"
            )
            return MissingFigure(name, asked, question, contradicts=True), {}
    if effort:
        inputs = cast("Mapping[str, Figure]", effort)
        whole = given(name, total, "person-months", "effort of the project")
        return replace(whole, formula="sum over the skills", inputs=inputs), effort
    if found is None:
        return MissingFigure(name, field, question), {}
    return given(name, found, "person-months", question, "no skills are named: anyone can do it"), {"": found}


def gain_per_reach(said: Answers, yearly_gain: MaybeFigure, currency: str) -> MaybeFigure:
    """What one person or event that it touches would have to bring."""
    name, question = "Gain per person or event", "disc-reach"
    reach = said.number(question)
    if isinstance(yearly_gain, MissingFigure):
        return replace(yearly_gain, name=name)
    if reach is None:
        return MissingFigure(name, "people or events a year", question)
    if reach <= 0:
        if yearly_gain.value <= 0:
            return given(name, 0.0, currency, question, "no gain, and a reach of 0")
        asked = f"a reach above 0: a gain of {written(yearly_gain.value)} a year needs people or events"
        return MissingFigure(name, asked, question, contradicts=True)
    each = yearly_gain.value / reach
    return Explained(
        name,
        each,
        currency,
        "yearly gain / people or events a year",
        {"yearly gain": yearly_gain.value, "reach": reach},
        (f"{written(yearly_gain.value)} / {written(reach)} = {written(each)}",),
        "own",
        {"value": each},
    )


def delay(
    said: Answers, project: Project, yearly_gain: MaybeFigure, running: MaybeFigure, unit: str
) -> MaybeFigure:
    name, question = "Cost of delay", "pri-delay"
    own = _number(project.cost_of_delay)
    if own is not None:
        return given(name, own, unit, "cost_of_delay of the project")
    found = said.number(question)
    if found is not None:
        return given(name, found, unit, question)
    if isinstance(yearly_gain, MissingFigure) or isinstance(running, MissingFigure):
        return MissingFigure(name, "what a week of delay costs", question)
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


def complexity(plan: Plan, said: Answers, project: Project) -> MaybeFigure:
    """How complex the build is, 1 to 5: as it was said, beside what the data propose, or else as they do."""
    name, question, field = "Complexity", "pri-complexity", "complexity 1-5"
    proposed = proposed_complexity(plan, said, project)
    stated, source = project.complexity, "complexity of the project"
    if stated is None:
        stated, source = said.figure(question, field), question
    if stated is None or not 1 <= stated <= 5:
        if isinstance(proposed, Explained):
            return replace(proposed, name=name)
        return MissingFigure(name, "a grade from 1 to 5, or grades of a dataset", question)
    parts = (proposed,) if isinstance(proposed, Explained) else ()
    return replace(given(name, stated, "of 5", source), parts=parts)


def weakest_grades(plan: Plan, project: Project) -> list[int]:
    """The lowest grade of each dataset that has one: a source is as good as the weakest of its grades."""
    given = ((one.available, one.quality, one.relevance) for one in plan.datasets(project.id))
    return [min(filter(None, grades)) for grades in given if any(grades)]


def proposed_complexity(plan: Plan, said: Answers, project: Project) -> MaybeFigure:
    """The complexity, 1 to 5, that a project's data speak for.

    The sources on average or the infrastructure decide, whichever is weaker, and many sources add one.
    """
    name = "Complexity that the data propose"
    weakest = weakest_grades(plan, project)
    if not weakest:
        return MissingFigure(name, "grades of a dataset", "data-inventory")
    average = sum(weakest) / len(weakest)
    ready = said.number("data-infra-ready")
    grade = min(average, ready) if ready is not None and 1 <= ready <= 5 else average
    sources = len(plan.datasets(project.id))
    more = 1 if sources >= MANY_SOURCES else 0
    inputs: dict[str, Figure] = {"weakest grade of each source": tuple(weakest), "sources": sources}
    if ready is not None:
        inputs["data-infra-ready"] = ready
    return Explained(
        name,
        max(1, min(5, round(6 - grade + more))),
        "of 5",
        f"6 - the lower of the average source and the infrastructure, 1 more from {MANY_SOURCES} sources on; 1 to 5",
        inputs,
        (f"6 - {written(grade)} + {more} = {written(6 - grade + more)}",),
        "rule-data-sets-complexity; the weights are our own",
    )


def relative(said: Answers, scale: tuple[float, ...], chance: Explained, months: MaybeFigure) -> MaybeFigure:
    name = "Relative score"
    reach = said.number("disc-reach")
    if reach is None:
        return MissingFigure(name, "people or events a year", "disc-reach")
    impact = said.figure(*IMPACT)
    if impact is None or (scale and impact not in scale):
        steps = ", ".join(written(step) for step in scale)
        return MissingFigure(name, f"impact, one of {steps}" if scale else "impact", IMPACT[0])
    if isinstance(months, MissingFigure):
        return replace(months, name=name)
    try:
        expect(months.value > 0, "more than 0 person-months")
        return replace(calc.relative_score(reach, impact, chance.value, months.value), parts=(chance,))
    except ValueError as wrong:
        return MissingFigure(name, str(wrong), "pri-cost")

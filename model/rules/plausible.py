"""A160 to A166: figures of a project that another of its figures contradicts.

Each holds one estimate against another one and shows both, so that the person who made them can say which is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import prod

from ..records.address import Address
from ..records.project import Project
from ..text.figure import Explained, figure_of, written
from ..value.costs import has_own_rates
from ..value.project_figures import Answers
from ..value.timing import first_day_of_gain
from .rule import FIGURES, PLAYBOOK, Hit, Rule, View, per_active

OWN_RATES, USUAL_RATE = 0.75, 0.5
"""Share of what people cost that a cost must reach: at their own day rates, and at the playbook's."""
LEAST_PEOPLE = 0.1
"""Share of the cost, without data and compute, that people take at least; our own."""
LEAST_EACH = 1e-5
"""Money that one person or event brings at least; below it the reach was probably mistyped. Our own."""
MOST_DATA = 0.5
"""Share of the cost to the next gate from which on data should be looked at for something cheaper."""


def _answer(project: Project) -> Address:
    return Address("assessment", project.id, "assessment")


def cost_below_people(project: Project, view: View) -> Iterator[Hit]:
    """A cost that does not pay for the people that it counts on."""
    found = view.worth(project)
    said = Answers(view.snapshot, project.id)
    likely = said.figure("pri-cost", "to next gate: likely")
    if found is None or not isinstance(found.people_cost, Explained) or likely is None:
        return
    own = has_own_rates(view.plan)
    people, least = found.people_cost, OWN_RATES if own else USUAL_RATE
    if likely < least * people.value:
        whose = "their day rates" if own else "the playbook's day rate"
        yield Hit(
            _answer(project),
            f"{written(likely)} to the next gate for {written(figure_of(found.months))} person-months, which take "
            f"{written(people.value)} at {whose}",
            ("answers", "pri-cost", "values"),
            "count the people into the cost, or fewer of them; kedge assess pri-cost --explain has the arithmetic",
        )


def work_without_people(project: Project, view: View) -> Iterator[Hit]:
    """Money to the next gate, without a person who works for it."""
    found = view.worth(project)
    months = found.months if found is not None else None
    if months is not None and not isinstance(months, Explained) and months.contradicts:
        yield Hit(
            _answer(project),
            f"0 person-months to the next gate: {months.missing}",
            ("answers", "pri-cost", "values", "person-months to next gate"),
            "kedge answer pri-cost person=MONTHS, or --because who does it",
        )
    people = found.people_cost if found is not None else None
    likely = Answers(view.snapshot, project.id).figure("pri-cost", "to next gate: likely")
    if isinstance(people, Explained) and likely is not None and 0 < people.value < LEAST_PEOPLE * likely:
        yield Hit(
            _answer(project),
            f"person-months to next gate: people take {written(people.value)} of the {written(likely)} that pri-cost "
            "says, though data and compute are asked for elsewhere",
            ("answers", "pri-cost", "values", "person-months to next gate"),
            "kedge answer pri-cost person=MONTHS; kedge assess pri-cost --explain has the arithmetic",
        )


FINDS = ("cases per year", "prevalence", "recall")
"""Figures whose product is how many it finds a year."""


def _product(figures: Iterable[float | None]) -> float | None:
    """None where one of them is not known."""
    known = [one for one in figures if one is not None]
    return prod(known) if len(known) == len(FINDS) else None


def gain_beyond_reach(project: Project, view: View) -> Iterator[Hit]:
    """A gain for which it touches too few people or events."""
    found, said = view.worth(project), Answers(view.snapshot, project.id)
    if found is None or not isinstance(found.gain, Explained) or found.gain.value <= 0:
        return
    gain = found.gain.value
    yield from _finds_nothing(project, said, gain)
    reach, cases = said.number("disc-reach"), said.figure("pri-errors", "cases per year")
    price = max(
        said.figure("pri-errors", name) or 0.0 for name in ("cost of a miss", "cost of a false alarm")
    )
    if reach is not None and reach <= 0:
        message = f"a gain of {written(gain)} a year, with a reach of 0"
        yield Hit(_answer(project), message, ("answers", "disc-reach", "verdict"), _REACH_HINT)
    for many, whom, field in (
        (reach, "people or events", ("disc-reach", "verdict")),
        (cases, "cases per year", ("pri-errors", "values", "cases per year")),
    ):
        if many is not None and many > 0 and (wrong := _wrong_for_each(gain, many, price)):
            message = f"{field[0]}: a gain of {written(gain)} a year from {written(many)} {whom} is {wrong}"
            yield Hit(_answer(project), message, ("answers", *field), _REACH_HINT)
    ceiling = said.figure("pri-run", "ceiling per 1000 predictions")
    predictions = cases or reach or 1000
    if ceiling is not None and gain < ceiling * predictions / 1000:
        yield Hit(
            _answer(project),
            f"a ceiling per 1000 predictions of {written(ceiling)} allows more than the gain of "
            f"{written(gain)} a year to be spent on them",
            ("answers", "pri-run", "values", "ceiling per 1000 predictions"),
            "say what a thousand predictions may cost: kedge answer pri-run ceiling=MONEY",
        )


_REACH_HINT = "say how many it touches a year, or what one of them brings; kedge assess disc-reach --explain"


def _finds_nothing(project: Project, said: Answers, gain: float) -> Iterator[Hit]:
    """A gain though, by the figures of its errors, less than one case a year is found."""
    for name in FINDS:
        if said.figure("pri-errors", name) == 0:
            yield Hit(
                _answer(project),
                f"a gain of {written(gain)} a year, with a {name} of 0: it finds nothing",
                ("answers", "pri-errors", "values", name),
                "kedge answer pri-errors NAME=VALUE, as it was measured",
            )
    found_a_year = _product(said.figure("pri-errors", name) for name in FINDS)
    if found_a_year is not None and 0 < found_a_year < 1:
        yield Hit(
            _answer(project),
            f"a gain of {written(gain)} a year; by cases per year, prevalence and recall it finds "
            f"{written(found_a_year)} of them a year",
            ("answers", "pri-errors", "values", "recall"),
            "kedge answer pri-errors NAME=VALUE, as it was measured",
        )


def _wrong_for_each(gain: float, many: float, price: float) -> str:
    """What is wrong with the gain from each of so many, at the most that an error costs; empty where nothing is."""
    if price > 0 and gain > many * price:
        return f"{written(gain / many)} each, and the most expensive error costs {written(price)}"
    return "next to nothing for each" if gain < LEAST_EACH * many else ""


def too_late_for_goal(project: Project, view: View) -> Iterator[Hit]:
    """A goal, or a promise, whose date comes before the project can have built anything."""
    if project.phase not in ("assess", "plan"):
        return
    found = view.worth(project)
    begin = min(project.started or view.today, view.today)
    first = first_day_of_gain(begin, found.building_time) if found is not None else None
    if found is None or first is None:
        return
    wanted = [(f"{one.title} is wanted", one.by, ("goals", key, "by")) for key, one in project.goals.items()]
    for what, day, field in (*wanted, (f"{project.id} is promised", project.due, ("due",))):
        if day is not None and view.today <= day < first:
            weeks = figure_of(found.building_time)
            yield Hit(
                project.address,
                f"{what} by {day}, and {written(weeks)} weeks from {begin} end on {first}",
                field,
                "move the date, or build less first; kedge assess stage-timebox --explain has the arithmetic",
            )


def proof_after_time_box(project: Project, view: View) -> Iterator[Hit]:
    """A time box that ends before the model is trained, or before the first right answer is known."""
    found, said = view.worth(project), Answers(view.snapshot, project.id)
    train, box = said.figure("pri-cost", "weeks to train and evaluate"), said.number("stage-timebox")
    if train is not None and box is not None and train > box > 0:
        yield Hit(
            _answer(project),
            f"it takes {written(train)} weeks to train and evaluate, and the stage has {written(box)}",
            ("answers", "pri-cost", "values", "weeks to train and evaluate"),
            "train less first, or give the stage the time: kedge answer stage-timebox WEEKS",
        )
    days = said.number("data-truth-delay")
    if found is None or days is None or not isinstance(found.weeks, Explained):
        return
    if days >= found.weeks.value * 7:
        yield Hit(
            _answer(project),
            f"the right answer is known {written(days)} days after a prediction, and the stage has "
            f"{written(found.weeks.value)} weeks",
            ("answers", "data-truth-delay", "verdict"),
            "find an earlier sign that it works, or give the stage the time to see it",
        )


def dear_data(project: Project, view: View) -> Iterator[Hit]:
    """Data that takes most of the cost, without a look for a cheaper way to it."""
    found, said = view.worth(project), Answers(view.snapshot, project.id)
    looked = said.answer("data-cheaper")
    item = view.playbook.item("data-cheaper")
    if found is None or item is None or not isinstance(found.cost, Explained) or found.cost.value <= 0:
        return
    data, done = (
        figure_of(found.data_cost),
        looked is not None and looked.verdict not in (None, ("nothing yet",)),
    )
    if data > MOST_DATA * found.cost.value and not done:
        share = round(100 * data / found.cost.value)
        yield Hit(
            _answer(project),
            f"data takes {written(data)} of {written(found.cost.value)} to the next gate, {share} %",
            ("answers", "data-cost"),
            "look for a cheaper way, and say which: kedge answer data-cheaper",
        )


TICKED: Mapping[str, tuple[str, str]] = {
    "disc-aware": ("told what ML can and cannot solve here", "briefed_on"),
    "pri-reality": ("every party with a stake has checked feasibility", "feasibility_checked_on"),
}
"""By question, the line that speaks for all with a stake, and the day of each of them that it rests on."""
BUILDERS = "named builders estimated time and compute"
INVOLVED = ("pays", "decides", "builds", "runs")
"""Interests of those who are asked; who benefits or is affected may be a crowd."""


def ticked_for_all(project: Project, view: View) -> Iterator[Hit]:
    """A line that speaks for everybody, while the plan has a day for some of them only."""
    said = Answers(view.snapshot, project.id)
    involved = {name: one for name, one in project.stakeholders.items() if one.interest in INVOLVED}
    for question, (line, field) in TICKED.items():
        answer = said.answer(question)
        if answer is not None and involved and question == "pri-reality" and BUILDERS in answer.checked:
            yield from _no_builder(project)
        undated = [name for name, one in involved.items() if getattr(one, field) is None]
        if answer is None or line not in answer.checked or len(undated) in (0, len(involved)):
            continue
        yield Hit(
            project.address,
            f"{question} says “{line}”, and {', '.join(undated)} {'has' if len(undated) == 1 else 'have'} no {field}",
            ("stakeholders", undated[0]),
            f"kedge stakeholder set {undated[0]} {field}=DATE, or kedge answer {question} --unchecked LINE",
        )


def _no_builder(project: Project) -> Iterator[Hit]:
    """Builders are said to have estimated, and of all with a stake no one builds, while money is asked for."""
    if project.phase == "assess" and all(one.interest != "builds" for one in project.stakeholders.values()):
        yield Hit(
            project.address,
            f"pri-reality says “{BUILDERS}”, and none of the stakeholders builds",
            ("stakeholders",),
            "kedge stakeholder add NAME interest=builds, or kedge answer pri-reality --unchecked LINE",
        )


RULES = (
    Rule(
        "A160",
        "cost-below-people",
        "warning",
        "A cost that does not pay for its own people was not estimated, and the rest is paid by other projects.",
        "Multiply the person-months by the day rates, and add what is bought.",
        PLAYBOOK + "pri-cost; at least 75 % of own day rates, 50 % of the playbook's: own",
        '"person-months to next gate" = 12',
        per_active(cost_below_people, "person", *FIGURES),
    ),
    Rule(
        "A161",
        "work-without-people",
        "warning",
        "Money does nothing by itself: where no person works, the portfolio takes the project for free.",
        "Say how many person-months it takes, by skill where it is known.",
        PLAYBOOK + "pri-cost",
        '"person-months to next gate" = 0',
        per_active(work_without_people, "person", *FIGURES),
    ),
    Rule(
        "A162",
        "gain-beyond-reach",
        "warning",
        "A gain cannot be more than what it touches, times what one better decision is worth.",
        "Work the gain out from reach and price, and say so in pri-gain.",
        PLAYBOOK + "disc-reach",
        "[answers.disc-reach]\nverdict = 1000",
        per_active(gain_beyond_reach, "person", *FIGURES),
    ),
    Rule(
        "A163",
        "too-late-for-goal",
        "advice",
        "A goal that is due before the work can end is missed from the first day on.",
        "Move the date of the goal, or build less first.",
        PLAYBOOK + "stage-timebox, disc-outcome",
        "by = 2027-01-31",
        per_active(too_late_for_goal, "person", *FIGURES),
    ),
    Rule(
        "A164",
        "proof-after-time-box",
        "advice",
        "A stage that ends before the first right answer is known ends in an opinion.",
        "Find an earlier sign that it works, or a longer time box.",
        PLAYBOOK + "data-truth-delay, stage-timebox",
        "[answers.data-truth-delay]\nverdict = 180",
        per_active(proof_after_time_box, "person", *FIGURES),
    ),
    Rule(
        "A165",
        "dear-data",
        "advice",
        "Data is often the cost that is easiest to halve, and the last that is looked at.",
        "Look for data that is there already, fewer sources, fewer labels, or a model that needs fewer.",
        PLAYBOOK + "data-cost, data-cheaper",
        "[answers.data-cost]\nverdict = 60000",
        per_active(dear_data, "person", *FIGURES),
    ),
    Rule(
        "A166",
        "ticked-for-all",
        "advice",
        "A tick that speaks for everyone hides the one who was not asked, and that one stops the project later.",
        "Ask them and write the day, or take the tick back.",
        PLAYBOOK + "disc-aware, pri-reality",
        "feasibility_checked_on = 2026-11-12",
        per_active(ticked_for_all, "assessment"),
    ),
)

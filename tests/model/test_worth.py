"""From a project's records to its figures, and to the lists that it is ranked in."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kedge.model.plan.plan import Plan
from kedge.model.playbook import shipped, with_team
from kedge.model.records.assessment import Assessment
from kedge.model.records.base import Record
from kedge.model.records.board import Board
from kedge.model.records.dataset import Dataset
from kedge.model.records.delivery import Model
from kedge.model.records.person import Person
from kedge.model.records.project import Project
from kedge.model.records.strategy import Strategy
from kedge.model.snapshot.snapshot import Snapshot
from kedge.model.text.figure import Explained, MaybeFigure, MissingFigure, written
from kedge.model.value.evidence import data_evidence
from kedge.model.value.worth import Ranking, Worth, ranking, worth

TODAY = dt.date(2026, 11, 25)
CHECKED = dt.date(2026, 10, 1)

Answers = dict[str, dict[str, Any]]


def values(**figures: Any) -> dict[str, Any]:
    return {"values": figures}


def costs(now: float, later: float) -> dict[str, Any]:
    points = ("low", "likely", "high")
    return {
        "values": {f"to next gate: {one}": now for one in points}
        | {f"after it: {one}": later for one in points}
    }


def evidence(level: str, result: str = "supports") -> dict[str, Any]:
    return {"verdict": level, "result": result}


def complete() -> Answers:
    """Gain 200 and running cost 40 a year, stages of 30 and 120, an analogue behind every factor."""
    return {
        "pri-gain": values(low=200, likely=200, high=200),
        "pri-run": {"values": {"money per year to run": 40}},
        "pri-cost": costs(30, 120),
        "pri-ev-value": evidence("analogue"),
        "pri-ev-tech": evidence("analogue"),
        "pri-ev-adopt": evidence("analogue"),
        "data-signal": {"verdict": 3},
    }


PUBLIC = {"origin": "public", "checked_on": CHECKED}
OWN = {"origin": "own production", "checked_on": CHECKED}


def records(
    name: str = "churn",
    answers: Answers | None = None,
    datasets: dict[str, dict[str, Any]] | None = None,
    **fields: Any,
) -> list[Record]:
    made: list[Record] = [
        Project.model_validate({"id": name, "project": name, "title": name, **fields}),
        Assessment.model_validate(
            {"id": "assessment", "project": name, "answers": complete() if answers is None else answers}
        ),
    ]
    datasets = {"open": PUBLIC} if datasets is None else datasets
    made += [Dataset.model_validate({"id": key, "project": name, **one}) for key, one in datasets.items()]
    return made


def plan_of(*made: Record) -> Plan:
    return Plan({record.address: record for record in made})


def worth_of(plan: Plan, name: str = "churn") -> Worth:
    return worth(Snapshot.of(plan, shipped(), TODAY), plan.projects[name])


def value(known: MaybeFigure) -> float:
    assert isinstance(known, Explained), known
    return known.value


def lacking(known: MaybeFigure) -> MissingFigure:
    assert isinstance(known, MissingFigure), known
    return known


# ---- the bet


def test_the_worked_example_of_the_playbook():
    """Gain 200, running 40, three years at 10 %, p = 0.75^4 over two stages of 30 and 120."""
    found = worth_of(plan_of(*records()))
    assert value(found.present_value) == pytest.approx(397.896, abs=1e-3)
    assert found.confidence.value == pytest.approx(0.75**4)
    assert isinstance(found.expected_value, Explained)
    assert found.expected_value.value == pytest.approx(28.397, abs=1e-3)
    assert found.expected_value["all_in"] == pytest.approx(-24.104, abs=1e-2)


def test_the_arithmetic_of_the_bet_can_be_read():
    found = worth_of(plan_of(Board(id="board", currency="CHF"), *records())).expected_value
    assert isinstance(found, Explained)
    text = "\n".join(found.lines())
    for line in (
        "Expected value of the staged bet: 28.4 CHF",
        "  Present value if it works: 397.9 CHF",
        "net per year = 200 - 40 - 0 = 160",
        "    Yearly gain: 200 CHF per year",
        "  Chance of success: 0.3164",
        "data: open: analogue; explored, public",
    ):
        assert line in text


def test_without_cost_after_the_gate_there_is_one_stage():
    answers = complete() | {"pri-cost": costs(30, 0)}
    found = worth_of(plan_of(*records(answers=answers)))
    assert value(found.expected_value) == pytest.approx(0.75**4 * 397.896 - 30, abs=1e-3)


def test_a_broken_year_counts_in_part():
    playbook, problems = with_team({"scoring": {"horizon_years": 1.5, "discount_rate": 0.0}})
    assert problems == []
    plan = plan_of(*records())
    assert value(
        worth(Snapshot.of(plan, playbook, TODAY), plan.projects["churn"]).present_value
    ) == pytest.approx(240)


def test_cost_has_its_p80():
    points = {"to next gate: low": 100, "to next gate: likely": 200, "to next gate: high": 600}
    answers = complete() | {"pri-cost": {"values": points}}
    found = worth_of(plan_of(*records(answers=answers)))
    assert isinstance(found.cost, Explained)
    assert found.cost.value == pytest.approx(250)
    assert found.cost.number("p80") == pytest.approx(250 + 0.8416 * 500 / 6, abs=0.01)
    assert lacking(found.expected_value).missing == "after it: low, after it: likely, after it: high"


@pytest.mark.parametrize(
    ("question", "answer", "missing"),
    [
        ("pri-gain", None, "low, likely, high"),
        ("pri-gain", values(low=1, likely=2), "high"),
        ("pri-gain", {"state": "unknown", **values(low=1, likely=2, high=3)}, "low, likely, high"),
        ("pri-gain", values(low=1, likely=2, high="much"), "high"),
        ("pri-gain", values(low=3, likely=2, high=1), "low <= likely <= high is expected"),
        ("pri-cost", None, "to next gate: low, to next gate: likely, to next gate: high"),
    ],
)
def test_what_is_missing_is_said_with_its_question(
    question: str, answer: dict[str, Any] | None, missing: str
):
    answers = complete()
    del answers[question]
    if answer is not None:
        answers[question] = answer
    found = lacking(worth_of(plan_of(*records(answers=answers))).expected_value)
    assert found.question == question
    assert found.missing.startswith(missing)
    assert found.lines() == [f"{found.name}: not known; missing: {found.missing} ({question})"]


@pytest.mark.parametrize(("stage", "known"), [("mvp", True), ("growth", False), ("maturity", False)])
def test_running_cost_counts_as_nothing_until_its_question_blocks(stage: str, *, known: bool):
    answers = complete()
    del answers["pri-run"]
    found = worth_of(plan_of(*records(answers=answers, stage=stage)))
    assert isinstance(found.running_cost, Explained) is known
    assert isinstance(found.expected_value, Explained) is known
    if known:
        assert any("counts as nothing" in line for line in found.running_cost.lines())
    else:
        assert lacking(found.expected_value).question == "pri-run"


def test_errors_cost_once_their_rates_are_there():
    prices: dict[str, Any] = {"cost of a false alarm": 1, "cost of a miss": 2}
    answers = complete() | {"pri-errors": {"values": prices}, "disc-reach": {"verdict": 100}}
    found = worth_of(plan_of(*records(answers=answers)))
    assert lacking(found.error_cost).missing == "prevalence, recall, false-alarm rate"
    assert value(found.present_value) == pytest.approx(397.896, abs=1e-3)
    rates = {"prevalence": 0.1, "recall": 0.5, "false-alarm rate": 0.1}
    answers["pri-errors"] = {"values": prices | rates}
    found = worth_of(plan_of(*records(answers=answers)))
    assert value(found.error_cost) == pytest.approx(100 * 0.9 * 0.1 * 1 + 100 * 0.1 * 0.5 * 2)
    assert value(found.present_value) == pytest.approx((160 - 19) * 397.896 / 160, abs=1e-3)


# ---- confidence


def test_nothing_answered_is_one_half_each():
    found = worth_of(plan_of(*records(answers={}, datasets={})))
    assert found.confidence.value == pytest.approx(0.5**4)
    assert any("pri-ev-tech says no level" in note for note in found.confidence.notes)


def test_mixed_and_contrary_answers():
    answers = complete() | {
        "pri-ev-value": evidence("test", "mixed"),
        "pri-ev-tech": evidence("test", "against"),
    }
    found = worth_of(plan_of(*records(answers=answers)))
    assert found.confidence.value == pytest.approx(0.5 * 0.75 * 0.15 * 0.75)


def test_a_team_may_refit_the_ladder():
    playbook, problems = with_team(
        {"scoring": {"evidence": {"analogue": {"p": 0.5}}, "cap_confidence": 0.05}}
    )
    assert problems == []
    plan = plan_of(*records())
    assert worth(Snapshot.of(plan, playbook, TODAY), plan.projects["churn"]).confidence.value == 0.05


LEVELS = [
    ({}, None, None, "nothing", "supports"),
    ({"a": {"access": "refused", **OWN}}, 5, 5, "nothing", "supports"),
    ({"a": {"origin": "own production"}}, 5, 5, "opinion", "supports"),
    ({"a": {"origin": "simulated", "checked_on": CHECKED}}, 5, 5, "opinion", "supports"),
    ({"a": {"checked_on": CHECKED}}, 5, 5, "opinion", "supports"),
    ({"a": PUBLIC}, 5, 5, "analogue", "supports"),
    ({"a": {"origin": "bought", "explored": ["duplicates"]}}, None, None, "analogue", "supports"),
    ({"a": OWN}, None, 5, "opinion", "supports"),
    ({"a": OWN}, 3, None, "test", "supports"),
    ({"a": {"origin": "client", "checked_on": CHECKED}}, 3, 3, "test", "supports"),
    ({"a": OWN}, 3, 4, "rehearsal", "supports"),
    ({"a": OWN}, 2, None, "test", "against"),
    ({"a": OWN}, 1, 5, "rehearsal", "against"),
    ({"a": PUBLIC}, 2, None, "analogue", "against"),
    ({"a": {"origin": "own production"}}, 2, None, "opinion", "supports"),
    ({"a": {"origin": "own production"}, "b": OWN}, 4, 2, "test", "supports"),
    ({"a": {"origin": "own production"}, "b": PUBLIC}, 2, 2, "analogue", "against"),
    ({"a": {"access": "refused"}, "b": OWN}, 4, 2, "test", "supports"),
]


@pytest.mark.parametrize(("datasets", "signal", "like", "level", "result"), LEVELS)
def test_the_level_of_the_data(
    datasets: dict[str, dict[str, Any]], signal: int | None, like: int | None, level: str, result: str
):
    found = data_evidence(
        Snapshot.of(plan_of(*records(datasets=datasets)), shipped(), TODAY), "churn", signal, like
    )
    assert (found.level, found.result) == (level, result)
    assert len(found.reasons) >= max(1, len(datasets))


@pytest.mark.parametrize(
    ("since", "until", "level"),
    [
        (dt.date(2026, 11, 25), None, "proven"),
        (dt.date(2026, 11, 26), None, "test"),
        (dt.date(2026, 1, 1), dt.date(2026, 11, 24), "test"),
        (dt.date(2026, 1, 1), dt.date(2026, 11, 25), "proven"),
    ],
)
def test_data_that_feeds_a_live_model_is_proven(since: dt.date, until: dt.date | None, level: str):
    model = Model.model_validate({"id": "m", "project": "churn", "live_from": since, "live_to": until})
    found = data_evidence(
        Snapshot.of(plan_of(model, *records(datasets={"a": OWN})), shipped(), TODAY), "churn", 3, 3
    )
    assert found.level == level


# ---- the other figures


def test_effort_comes_from_the_project_else_from_the_answer():
    found = worth_of(plan_of(*records(effort={"mlops": 1.5, "data": 2.0})))
    assert (value(found.months), dict(found.effort)) == (3.5, {"data": 2.0, "mlops": 1.5})
    answers = complete() | {"pri-cost": {"values": {"person-months to next gate": 4.0}}}
    found = worth_of(plan_of(*records(answers=answers)))
    assert (value(found.months), dict(found.effort)) == (4.0, {"": 4.0})
    found = worth_of(plan_of(*records()))
    assert lacking(found.months).question == "pri-cost"
    assert found.effort == {}


def test_cost_of_delay_by_project_by_answer_by_gain():
    assert value(worth_of(plan_of(*records(cost_of_delay=7.0))).delay) == 7
    answers = complete() | {"pri-delay": {"verdict": 9}}
    assert value(worth_of(plan_of(*records(answers=answers))).delay) == 9
    found = worth_of(plan_of(*records())).delay
    assert value(found) == pytest.approx(160 / 52)
    assert any("pri-delay is not answered" in line for line in found.lines())
    assert lacking(worth_of(plan_of(*records(answers={}))).delay).question == "pri-delay"


@pytest.mark.parametrize(
    ("gain", "running", "week"),
    [(200, 40, 160 / 52), (200, 0, 200 / 52), (0, 0, 0), (40, 200, 0), (156, 52, 2)],
)
def test_a_week_of_delay_costs_a_week_of_what_is_gained_after_running_it(
    gain: float, running: float, week: float
):
    answers = complete() | {
        "pri-gain": values(low=gain, likely=gain, high=gain),
        "pri-run": {"values": {"money per year to run": running}},
    }
    found = worth_of(plan_of(Board(id="board", currency="CHF"), *records(answers=answers))).delay
    assert isinstance(found, Explained)
    assert (found.value, found["value"]) == (pytest.approx(week), pytest.approx(week))
    assert (found.name, found.unit) == ("Cost of delay", "CHF per week")
    assert f"({gain} - {running}) / 52 = {written(found.value)}" in found.steps


@pytest.mark.parametrize("left_out", ["pri-gain", "pri-run"])
def test_cost_of_delay_needs_both_the_gain_and_the_cost_of_running(left_out: str):
    answers = complete()
    del answers[left_out]
    # At this stage a running cost must be known; before it, none counts as nothing.
    found = lacking(worth_of(plan_of(*records(answers=answers, stage="growth"))).delay)
    assert (found.name, found.question) == ("Cost of delay", "pri-delay")
    assert found.missing == "what a week of delay costs"


def test_a_cost_of_delay_that_is_said_comes_before_one_that_follows_from_the_gain():
    both = complete() | {"pri-delay": {"verdict": 9}}
    by_project = worth_of(plan_of(*records(answers=both, cost_of_delay=0.0))).delay
    assert isinstance(by_project, Explained)
    assert (by_project.value, by_project.source) == (0, "cost_of_delay of the project")
    by_answer = worth_of(plan_of(*records(answers=both | {"pri-delay": {"verdict": 0}}))).delay
    assert isinstance(by_answer, Explained)
    assert (by_answer.value, by_answer.source) == (0, "pri-delay")


def test_weeks_by_the_strategys_stage_else_by_the_time_box():
    strategy = Strategy.model_validate(
        {"id": "strategy", "project": "churn", "stages": {"mvp": {"weeks": 12.0}, "growth": {"weeks": 30.0}}}
    )
    answers = complete() | {"stage-timebox": {"verdict": 20}}
    assert value(worth_of(plan_of(strategy, *records(answers=answers))).weeks) == 12
    assert value(worth_of(plan_of(*records(answers=answers))).weeks) == 20
    answers["stage-timebox"] = {"verdict": 0}
    assert lacking(worth_of(plan_of(*records(answers=answers))).weeks).question == "stage-timebox"


def test_complexity():
    assert value(worth_of(plan_of(*records(complexity=4))).complexity) == 4
    answers = complete() | {"pri-complexity": {"values": {"complexity 1-5": 2}}}
    assert value(worth_of(plan_of(*records(answers=answers))).complexity) == 2
    answers["pri-complexity"] = {"values": {"complexity 1-5": 9}}
    assert lacking(worth_of(plan_of(*records(answers=answers))).complexity).question == "pri-complexity"


# ---- the lists


def relative(reach: int = 5000, impact: float = 2) -> Answers:
    """No money: the score is reach × impact × 0.5^3 × 0.75 / 2."""
    return {
        "disc-reach": {"verdict": reach},
        "pri-gain": {"values": {"impact": impact}},
        "pri-cost": {"values": {"person-months to next gate": 2.0}},
    }


def ranked(*made: Record) -> Ranking:
    return ranking(Snapshot.of(plan_of(*made), shipped(), TODAY))


def ids(ranks: Any) -> list[str]:
    return [one.worth.project.id for one in ranks]


def test_money_and_scores_are_never_in_one_list():
    found = ranked(
        *records("rich", complete() | {"pri-gain": values(low=900, likely=900, high=900)}),
        *records("poor"),
        *records("small", relative(10)),
        *records("wide", relative()),
        *records("blank", {}),
        *records("law", mandatory=True),
        *records("old", state="done"),
        *records("gone", state="dropped"),
        *records("waiting", state="hold"),
    )
    assert ids(found.money) == ["rich", "poor", "waiting"]
    assert ids(found.relative) == ["wide", "small"]
    assert ids(found.lacking) == ["blank"]
    assert ids(found.obligations) == ["law"]
    assert len(found.all) == 7
    assert value(found.relative[0].index) == pytest.approx(5000 * 2 * 0.5**3 * 0.75 / 2)
    assert lacking(found.lacking[0].index).question == "pri-gain"
    assert all(isinstance(one.index, Explained) and one.index.lines() for one in found.money)


@pytest.mark.parametrize(
    ("change", "question"),
    [
        ({"disc-reach": {"state": "unknown"}}, "disc-reach"),
        ({"pri-gain": values(impact=1.5)}, "pri-gain"),
        ({"pri-gain": {}}, "pri-gain"),
        ({"pri-cost": {}}, "pri-cost"),
        ({"pri-cost": {"values": {"person-months to next gate": 0.0}}}, "pri-cost"),
    ],
)
def test_a_score_says_what_it_lacks(change: Answers, question: str):
    found = worth_of(plan_of(*records(answers=relative() | change)))
    assert lacking(found.relative).question == question


def test_without_a_budget_the_cost_of_all_is_the_measure():
    found = ranked(*records(), *records("twice", complete() | {"pri-cost": costs(60, 120)}))
    assert ids(found.money) == ["churn", "twice"]
    assert value(found.money[0].index) == pytest.approx(28.397 / (30 / 90), abs=1e-2)
    assert any("of what all projects cost together" in line for line in found.money[0].index.lines())
    assert found.limits == ()


def test_with_limits_the_scarcest_resource_counts():
    """Money 30 of 85, people 2 of 0.8 × 1 month: people are scarcer, and nothing fits."""
    board = Board.model_validate({"id": "board", "funds": {"budget": 100.0}})
    person = Person.model_validate({"id": "mira", "name": "Mira", "skills": ["mlops"], "share": 1.0})
    answers = complete() | {"stage-timebox": {"verdict": 26}}
    found = ranked(board, person, *records(answers=answers, effort={"mlops": 2.4}))
    share = 2.4 / (0.8 * 6)
    assert value(found.money[0].index) == pytest.approx(28.397 / share, abs=1e-3)
    assert [limit.name for limit in found.limits] == ["money", "mlops"]
    assert any("of mlops" in line for line in found.money[0].index.lines())
    assert found.weeks == 26


def test_equal_projects_keep_the_order_of_the_board():
    found = ranked(*records("b", rank="a1"), *records("a", rank="a2"), *records("c", rank="a0"))
    assert ids(found.money) == ["c", "b", "a"]

"""The other figures of a project, and the lists that stand on them."""

from __future__ import annotations

from typing import Any

import pytest

from kedge.model.playbook import shipped
from kedge.model.records.base import Record
from kedge.model.records.board import Board
from kedge.model.records.person import Person
from kedge.model.records.strategy import Strategy
from kedge.model.snapshot.snapshot import Snapshot
from kedge.model.text.figure import Explained, written
from kedge.model.value.worth import Ranking, ranking

from .worth_cases import TODAY, Answers, complete, costs, lacking, plan_of, records, value, values, worth_of

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
    # Half a year of building: 397.896 / 1.1^0.5 = 379.379, then 0.5625 × (0.5625 × 379.379 - 120) - 30.
    share = 2.4 / (0.8 * 6)
    assert value(found.money[0].index) == pytest.approx(22.538 / share, abs=1e-3)
    assert [limit.name for limit in found.limits] == ["money", "mlops"]
    assert any("of mlops" in line for line in found.money[0].index.lines())
    assert found.weeks == 26


def test_equal_projects_keep_the_order_of_the_board():
    found = ranked(*records("b", rank="a1"), *records("a", rank="a2"), *records("c", rank="a0"))
    assert ids(found.money) == ["c", "b", "a"]

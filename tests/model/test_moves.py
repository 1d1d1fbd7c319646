"""What moves chance, cost and time besides estimates; each expected value is worked by hand beside it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kedge.model.playbook import shipped, with_team
from kedge.model.records.base import Record
from kedge.model.records.board import Board
from kedge.model.records.person import Person
from kedge.model.snapshot.snapshot import Snapshot
from kedge.model.text.figure import Explained, MissingFigure
from kedge.model.value.effects import awaiting, effects, lines_of, lines_of_answers
from kedge.model.value.timing import first_day_of_gain
from kedge.model.value.worth import Worth, worth

from .worth_cases import PUBLIC, TODAY, Answers, complete, costs, evidence, plan_of, records, value, worth_of

CHANCE = 0.75**4
"""An analogue behind every factor."""
PEOPLE = {"mira": {"skills": ["ml"], "day_rate": 800.0}, "omar": {"skills": ["ops"], "day_rate": 400.0}}


def people(**by_id: dict[str, Any]) -> list[Record]:
    return [Person.model_validate({"id": key, "name": key, **one}) for key, one in (by_id or PEOPLE).items()]


def of(answers: Answers | None = None, *others: Record, **fields: Any) -> Worth:
    return worth_of(plan_of(*others, *records(answers=complete() | (answers or {}), **fields)))


def unknown(decision: str, **fields: Any) -> dict[str, Any]:
    return {"question": "Is it so?", "could_change": decision, **fields}


# ---- chance


@pytest.mark.parametrize(
    ("answers", "fields", "factor"),
    [
        ({"stage-poc": {"verdict": "does not solve it"}}, {}, 0.18),
        ({"stage-poc": {"verdict": "solves part of it"}}, {}, 0.9),
        ({"stage-poc": {"verdict": "solves the business ask"}}, {}, 1),
        ({"stage-poc": {"state": "unknown"}}, {}, 1),
        ({"stage-poc-move": {"verdict": False}}, {}, 0.85),
        ({"stage-poc-move": {"verdict": True}}, {}, 1),
        ({"stage-baseline": {"verdict": 0}}, {}, 0.5),
        ({"stage-baseline": {"verdict": 0.1}}, {}, 1),
        ({"disc-fit": {"verdict": 1}}, {}, 0.7),
        ({"disc-fit": {"verdict": 3}}, {}, 0.9),
        ({"disc-vision": {"verdict": 2}}, {}, 0.9),
        ({"disc-aware": {"checked": ["owner has accepted this in writing"]}}, {}, 0.95),
        ({"disc-aware": {"checked": []}}, {}, 0.95**2),
        ({"pri-complexity": {"values": {"randomness of the problem 1-5": 4}}}, {}, 0.9),
        ({"pri-complexity": {"values": {"randomness of the problem 1-5": 5}}}, {}, 0.9**2),
        ({"stage-poc-move": {"verdict": False}, "disc-fit": {"verdict": 3}}, {}, 0.85 * 0.9),
        ({}, {"unknowns": {"a": unknown("dec-go")}}, 0.95),
        ({}, {"unknowns": {"a": unknown("dec-go", answer="No")}}, 1),
        ({}, {"unknowns": {"a": unknown("dec-next")}}, 1),
        ({}, {"unknowns": {str(at): unknown("dec-gain") for at in range(9)}}, 0.95**3),
        ({}, {"stakeholders": {"cfo": {"name": "CFO", "interest": "pays", "aware": 2}}}, 0.95),
        ({}, {"stakeholders": {"all": {"name": "Users", "interest": "affected", "aware": 1}}}, 1),
        ({}, {"datasets": {"open": {**PUBLIC, "quality": 2, "relevance": 5}}}, 0.85),
        ({}, {"datasets": {"open": {**PUBLIC, "quality": 3, "relevance": 5}}}, 1),
    ],
)
def test_what_moves_the_chance(answers: Answers, fields: dict[str, Any], factor: float) -> None:
    assert of(answers, **fields).confidence.value == pytest.approx(CHANCE * factor)


def test_a_failed_proof_counts_once_where_the_evidence_says_it_too() -> None:
    failed = {"stage-poc": {"verdict": "does not solve it"}, "pri-ev-tech": evidence("test", "against")}
    assert of(failed).confidence.value == pytest.approx(0.75**3 * 0.15)


def test_a_move_is_a_step_with_the_answer_that_caused_it() -> None:
    found = of({"stage-poc-move": {"verdict": False}}).confidence
    assert found.steps[-1] == (
        "0.3164 × 0.85, the proof of concept cannot go to production as it is (stage-poc-move == no) = 0.2689"
    )
    assert found.number("p") == found.value


def test_the_chance_never_falls_below_the_floor() -> None:
    worst = {
        "stage-poc": {"verdict": "does not solve it"},
        "stage-baseline": {"verdict": -1},
        "disc-fit": {"verdict": 1},
    }
    found = of(worst)
    assert found.confidence.value == 0.02
    assert found.confidence.steps[-1] == "not below 0.02"


def test_work_in_a_skill_that_nobody_has() -> None:
    assert of({}, *people(), effort={"ml": 1.0}).confidence.value == pytest.approx(CHANCE)
    assert of({}, *people(), effort={"ml": 1.0, "vision": 2.0}).confidence.value == pytest.approx(
        CHANCE * 0.8
    )
    # A plan that keeps no skills has none to miss.
    assert of({}, effort={"vision": 2.0}).confidence.value == pytest.approx(CHANCE)


def test_personalisation_counts_where_it_is_asked() -> None:
    weak = {"disc-personal": {"verdict": 1}}
    assert of(weak).confidence.value == pytest.approx(CHANCE)
    asked = weak | {"disc-profile": {"verdict": ["personalises per user"]}}
    assert of(asked).confidence.value == pytest.approx(CHANCE * 0.8)


def test_a_team_sets_a_factor_and_may_take_the_question_away() -> None:
    plan = plan_of(*records(answers=complete() | {"stage-poc-move": {"verdict": False}}))
    for team, factor in (
        ({"scoring": {"moves": {"proof-stays": {"by": 0.5}}}}, 0.5),
        ({"scoring": {"moves": {"proof-stays": {"by": 1.0}}}}, 1),
        ({"scoring": {"moves": {"proof-stays": {"remove": True}}}}, 1),
        ({"item": {"stage-poc-move": {"remove": True}}}, 1),
    ):
        playbook, problems = with_team(team)
        assert not [one for one in problems if one.path[0] == "scoring"]
        found = worth(Snapshot.of(plan, playbook, TODAY), plan.projects["churn"])
        assert found.confidence.value == pytest.approx(CHANCE * factor)


@pytest.mark.parametrize(
    ("move", "wrong"),
    [
        ({"when": "stage-poc == 'fails'"}, "names the choice 'fails', which stage-poc does not have"),
        ({"when": "disc-aware lacks 'a nap'"}, "names the line 'a nap', which disc-aware does not have"),
        (
            {"when": "stage-poc-move == no", "fact": "weak data"},
            "needs either `when` or `fact`, and not both",
        ),
        ({}, "needs either `when` or `fact`, and not both"),
    ],
)
def test_a_move_that_does_not_fit_is_a_problem(move: dict[str, str], wrong: str) -> None:
    whole = {"figure": "chance", "by": 0.5, "means": "it is so", "source": ["own"], **move}
    _, problems = with_team({"scoring": {"moves": {"mine": whole}}})
    assert [one.message for one in problems] == [wrong]


# ---- cost


def test_data_and_compute_are_added_to_each_point() -> None:
    found = of({"data-cost": {"verdict": 10}, "data-compute": {"verdict": 5}})
    # 30 + 10 + 5; then 0.5625 × (0.5625 × 397.896 - 120) - 45.
    assert value(found.cost) == 45
    assert value(found.expected_value) == pytest.approx(13.397, abs=1e-3)
    assert value(found.later_cost) == 120


def test_the_datasets_count_where_they_cost_more_than_was_said() -> None:
    priced = {"a": {**PUBLIC, "cost": 7.0, "label_cost": 5.0}, "b": {**PUBLIC, "label_cost": 3.0}}
    assert value(of(datasets=priced).data_cost) == 15
    assert value(of({"data-cost": {"verdict": 10}}, datasets=priced).data_cost) == 15
    assert value(of({"data-cost": {"verdict": 20}}, datasets=priced).data_cost) == 20


def test_labels_that_people_make_are_not_free() -> None:
    made = {"data-labels": {"verdict": "must be made by people"}}
    found = of(made | {"data-cost": {"verdict": 0}})
    assert isinstance(found.expected_value, MissingFigure)
    assert found.expected_value.question == "data-cost"
    # What was not said yet is asked by its question, and does not hold a first idea up.
    assert value(of(made).data_cost) == 0
    assert value(of(made | {"data-cost": {"verdict": 4}}).data_cost) == 4


@pytest.mark.parametrize(
    ("answers", "fields", "cost", "later"),
    [
        ({"data-infra-ready": {"verdict": 2}}, {}, 30 * 1.15, 120 * 1.25),
        ({"data-infra-ready": {"verdict": 3}}, {}, 30, 120),
        ({"pri-reality": {"checked": []}}, {}, 30 * 1.2, 120),
        ({"disc-risk-class": {"verdict": "high risk"}}, {}, 30, 120 * 1.17),
        ({}, {"unknowns": {"a": unknown("dec-cost")}}, 30 * 1.05, 120),
        ({"data-infra-ready": {"verdict": 2}, "data-cost": {"verdict": 10}}, {}, 30 * 1.15 + 10, 150),
    ],
)
def test_what_moves_the_cost(answers: Answers, fields: dict[str, Any], cost: float, later: float) -> None:
    found = of(answers, **fields)
    assert (value(found.cost), value(found.later_cost)) == (pytest.approx(cost), pytest.approx(later))


def test_a_build_said_to_be_simpler_than_its_data() -> None:
    # Weakest grade 3: the data propose 6 - 3 = 3, two above 1.
    graded = {"open": {**PUBLIC, "quality": 3}}
    simple: dict[str, Any] = {"values": {"complexity 1-5": 1}}
    assert value(of({"pri-complexity": simple}, datasets=graded).cost) == pytest.approx(30 * 1.1**2)
    reason = simple | {"because": "only one table of the ten is used"}
    assert value(of({"pri-complexity": reason}, datasets=graded).cost) == 30


def test_people_at_their_day_rates() -> None:
    found = of({}, *people(), effort={"ml": 2.0, "vision": 1.0}).people_cost
    # 5 × 52 / 12 = 21.667 days a month; vision has nobody, so that the mean of all, 600, counts.
    assert value(found) == pytest.approx(2 * 65 / 3 * 800 + 65 / 3 * 600)
    bare = of({}, effort={"ml": 3.0}).people_cost
    assert isinstance(bare, Explained)
    assert value(bare) == pytest.approx(3 * 65 / 3 * 600)
    assert "ml: day_rate of the playbook, assumed, since no person has one" in bare.notes


def test_upkeep_costs_hours_at_a_rate() -> None:
    run = {"pri-run": {"values": {"money per year to run": 40, "hours of upkeep per week": 2}}}
    keeper = people(omar={"day_rate": 400.0, "owner_after_launch": True}, mira={"day_rate": 800.0})
    # 2 × 52 × 400 / 8 = 5,200.
    assert value(of(run, *keeper).running_cost) == pytest.approx(5240)
    assert value(of(run, *people()).running_cost) == pytest.approx(40 + 2 * 52 * 600 / 8)
    assert value(of({"pri-run": {"values": {"money per year to run": 40}}}).running_cost) == 40


def test_nobody_works_for_money() -> None:
    idle = costs(30, 120)
    idle["values"]["person-months to next gate"] = 0
    found = of({"pri-cost": idle})
    assert isinstance(found.months, MissingFigure)
    assert isinstance(found.expected_value, MissingFigure)
    assert found.expected_value.missing.startswith("more than 0 person-months (person=MONTHS) for 30")
    assert value(of({"pri-cost": {**idle, "because": "a vendor does all of it"}}).months) == 0
    assert isinstance(of({}, effort={"ml": 0.0}).expected_value, MissingFigure)


# ---- time and reach


def test_building_time_delays_the_gain() -> None:
    found = of({"stage-timebox": {"verdict": 26}})
    assert value(found.building_time) == 26
    # 160 a year for three years is 397.896; half a year later 397.896 / 1.1^0.5.
    assert value(found.present_value) == pytest.approx(397.896 / 1.1**0.5, abs=1e-3)
    # 0.5 + (30 + 120) / 160.
    assert value(found.pay_back) == pytest.approx(1.4375)
    twice = of({"stage-timebox": {"verdict": 52}})
    assert value(twice.present_value) == pytest.approx(397.896 / 1.1, abs=1e-3)
    assert value(twice.expected_value) < value(found.expected_value)


def test_training_longer_than_the_box_and_waiting_for_data() -> None:
    long = costs(30, 120)
    long["values"]["weeks to train and evaluate"] = 40
    assert value(of({"pri-cost": long, "stage-timebox": {"verdict": 26}}).building_time) == 40
    asked = {
        "a": {"access": "asked", "approval_days": 400.0},
        "b": {"access": "asked", "approval_days": 500.0},
    }
    assert value(of({"stage-timebox": {"verdict": 26}}, datasets=asked).building_time) == 80 + 26
    open_too = asked | {"c": {"access": "open"}}
    assert value(of({"stage-timebox": {"verdict": 26}}, datasets=open_too).building_time) == 26


def test_a_time_beyond_the_calendar_is_worth_nothing_and_has_no_day() -> None:
    found = of({"stage-timebox": {"verdict": 1e14}})
    assert value(found.present_value) == pytest.approx(0)
    assert first_day_of_gain(TODAY, found.building_time) is None
    assert first_day_of_gain(TODAY, of({"stage-timebox": {"verdict": 2}}).building_time) == dt.date(
        2026, 12, 9
    )


def test_what_never_pays_back_says_so() -> None:
    found = of({"pri-run": {"values": {"money per year to run": 300}}}).pay_back
    assert isinstance(found, MissingFigure)
    assert "never pays back" in found.missing
    late = of({"pri-gain": {"values": {"low": 60, "likely": 60, "high": 60}}}).pay_back
    assert isinstance(late, Explained)
    # 150 / 20 = 7.5 years.
    assert (late.value, late.notes[-1]) == (7.5, "after the 3 years of use that count")


def test_gain_against_reach() -> None:
    assert value(of({"disc-reach": {"verdict": 400}}).gain_per_reach) == 0.5
    nobody = of({"disc-reach": {"verdict": 0}})
    assert isinstance(nobody.expected_value, MissingFigure)
    assert nobody.expected_value.question == "disc-reach"
    # Not answered is asked by its question, and takes nothing from the value.
    assert isinstance(of().gain_per_reach, MissingFigure)
    assert value(of().expected_value) == pytest.approx(28.397, abs=1e-3)


# ---- what moves with another answer


def moved(question: str, answers: Answers | None = None, *others: Record, **fields: Any) -> list[str]:
    plan = plan_of(
        Board(id="board", currency="CHF"), *others, *records(answers=complete() | (answers or {}), **fields)
    )
    item = shipped().item(question)
    assert item is not None
    return list(lines_of(effects(Snapshot.of(plan, shipped(), TODAY), "churn", item)))


def test_worst_and_best_answer_with_before_and_after() -> None:
    # 0.2848^0.5 = 0.5336: 0.5336 × (0.5336 × 397.896 - 120) - 30 = 19.27; with 0.2215^0.5 = 0.4706, 1.653.
    assert moved("disc-fit", {"disc-fit": {"verdict": 3}}) == [
        "What moves with another answer",
        "  without it",
        "    Expected value of the staged bet: 19.27 CHF → 28.4 CHF",
        "    Chance of success: 0.2848 → 0.3164",
        "  if it were 1",
        "    Expected value of the staged bet: 19.27 CHF → 1.653 CHF",
        "    Chance of success: 0.2848 → 0.2215",
        "  if it were 5",
        "    Expected value of the staged bet: 19.27 CHF → 28.4 CHF",
        "    Chance of success: 0.2848 → 0.3164",
    ]


def test_what_moves_nothing() -> None:
    assert moved("disc-simpler", {"disc-simpler": {"verdict": False}}) == [
        "No figure moves with another answer."
    ]
    assert moved("disc-problem") == ["No figure moves with another answer."]


def test_records_are_answers_too() -> None:
    lines = moved("disc-unknowns", unknowns={"a": unknown("dec-go")})
    assert "  if all were answered" in lines
    assert "    Chance of success: 0.3006 → 0.3164" in lines
    assert any(line.endswith("→ 0.2109") for line in moved("data-inventory") if "Chance" in line)


def test_what_the_worst_answer_does_not_move_is_shown_too() -> None:
    lines = moved("disc-unknowns")
    assert [line for line in lines if not line.startswith("    ")] == [
        "What moves with another answer",
        "  with one more open that could change the decision",
        "  with one more open that could change the cost",
    ]
    assert [line.split(":")[0].strip() for line in lines if "Chance" in line or "Cost to" in line] == [
        "Chance of success",
        "Cost to the next gate",
    ]


def test_access_that_is_only_asked_for_delays_the_gain() -> None:
    lines = moved("data-inventory", datasets={"a": {"access": "granted", "approval_days": 50.0}})
    at = lines.index("  if access were only asked for")
    assert any(line.startswith("    Building time:") for line in lines[at:])


def test_a_first_answer_names_what_it_will_move() -> None:
    def names(question: str, answers: Answers | None = None) -> tuple[str, ...]:
        item = shipped().item(question)
        assert item is not None
        plan = plan_of(Board(id="board", currency="CHF"), *records(answers=complete() | (answers or {})))
        return awaiting(Snapshot.of(plan, shipped(), TODAY), "churn", item)

    assert names("disc-reach") == ("Gain per person or event",)
    assert names("data-compute")[-2:] == ("Cost to the next gate", "Training compute to the next gate")
    assert "Cost of errors" in names("pri-errors")
    assert names("disc-problem") == ()
    assert names("disc-reach", {"disc-reach": {"verdict": 400}}) == ()


def test_every_answer_of_a_project_that_moves_a_figure() -> None:
    plan = plan_of(Board(id="board", currency="CHF"), *records(answers=complete()))
    lines = list(lines_of_answers(Snapshot.of(plan, shipped(), TODAY), "churn"))
    at = lines.index("  pri-ev-tech: if it were the same, pointing against")
    assert lines[at + 1].startswith("    Expected value of the staged bet: 28.4 CHF → ")
    assert lines[at + 2].startswith("    Chance of success: 0.3164 → ")
    assert not any("disc-problem" in line for line in lines)


def test_a_bet_below_nothing_still_moves() -> None:
    poor = {"pri-gain": {"values": {"low": 1, "likely": 1, "high": 1}}, "stage-poc-move": {"verdict": True}}
    lines = moved("pri-cost", poor)
    assert "    Expected value of the staged bet: 0 CHF (-30 if it is started) → not known" in lines

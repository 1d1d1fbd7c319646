"""What a sceptic asks before the gate: where the rules speak, and where a first idea hears nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kedge.model.rules.checking import check

from .plan_from import plan_from
from .test_rules_assess import NOTHING, TODAY, codes, paying

AHEAD, PAST = TODAY + dt.timedelta(1), TODAY - dt.timedelta(1)
PERSON = {"title": "B", "personal_data": True, "lawful_ground": "contract"}


@pytest.mark.parametrize("day", [TODAY, PAST])
def test_what_was_done_has_a_day_that_has_come(day: dt.date) -> None:
    def where(on: dt.date) -> list[str]:
        return codes(
            {
                "dataset churn/billing": {"title": "B", "checked_on": on, "asked_on": on},
                "decision churn/go": {"title": "Go", "date": on},
                "review churn/first": {"title": "First", "date": on},
                "monitor churn/m": {"title": "M", "last_fired": on, "last_tested": on},
                "rollout churn/r": {"title": "R", "rehearsed_on": on},
                "strategy churn/strategy": {
                    "metrics": {"saves": {"title": "S", "measured_on": on}},
                    "budget": {"spent_until": on},
                },
            },
            stakeholders={
                "helen": {
                    "name": "Helen",
                    "briefed_on": on,
                    "metrics_signed_on": on,
                    "feasibility_checked_on": on,
                }
            },
        )

    assert where(day) == []
    assert where(AHEAD) == ["A145"] * 12


def test_a_day_by_which_something_was_wanted_is_not_over() -> None:
    def where(by: dt.date) -> list[str]:
        return codes(
            {
                "dataset churn/billing": {**PERSON, "delete_after": by},
                "risk churn/r": {"title": "R", "review_by": by},
            },
            goals={"g": {"title": "Fewer", "by": by}},
            unknowns={"u": {"question": "Do they pick up?", "due": by}},
            constraints={"c": {"limit": "no cloud", "review_by": by}},
            techniques={"t": {"title": "T", "review_by": by}},
            due=by,
        )

    assert where(TODAY) == where(AHEAD) == []
    assert where(PAST) == ["A146"] * 7


def test_what_is_done_is_not_late() -> None:
    files = {
        "dataset churn/billing": {"title": "B", "delete_after": PAST},
        "risk churn/r": {"title": "R", "review_by": PAST, "state": "closed"},
    }
    assert codes(files, unknowns={"u": {"question": "Do they pick up?", "due": PAST, "answer": "yes"}}) == []
    assert codes(due=PAST, state="done") == []


def test_a_goal_moves_something() -> None:
    def goal(start: float | None, target: float | None) -> list[str]:
        return codes(goals={"g": {"title": "Fewer", "start": start, "target": target}})

    assert goal(12, 12) == ["A147"]
    assert goal(12, 9) == goal(None, 9) == goal(12, None) == []


@pytest.mark.parametrize(
    ("profile", "risk", "expected"),
    [
        (["affects people's rights or chances"], "minimal risk", ["A148"]),
        ("affects people's rights or chances", "outside these laws", ["A148"]),
        (["affects people's rights or chances"], "high risk", []),
        (["personalises per user"], "minimal risk", []),
    ],
)
def test_rights_are_seldom_of_low_risk(profile: Any, risk: str, expected: list[str]) -> None:
    answers = {"disc-profile": {"verdict": profile}, "disc-risk-class": {"verdict": risk}}
    assert codes(answers=answers) == expected


def test_personal_data_is_inside_the_law() -> None:
    answers = {"disc-risk-class": {"verdict": "outside these laws"}}
    assert codes({"dataset churn/billing": PERSON}, answers) == ["A148"]
    assert codes({"dataset churn/billing": {"title": "B"}}, answers) == []


def test_the_profile_says_what_other_answers_say() -> None:
    labels = {"data-labels": {"verdict": "must be made by people"}}
    assert codes(answers=labels) == []
    none = {"disc-profile": {"verdict": ["none of these"]}}
    assert codes(answers={**labels, **none}) == ["A149"]
    assert codes(answers={**labels, "disc-profile": {"verdict": ["labels made by people"]}}) == []
    writes = {"m": {"title": "M", "output": "content"}}
    goals = {"g": {"title": "G"}}
    assert codes(answers=none, methods=writes, goals=goals) == ["A149"]
    assert codes(methods=writes, goals=goals) == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"access": "asked", "approval_days": 131}, ["A150"]),
        ({"access": "asked", "approval_days": 130}, []),
        ({"approval_days": 131}, ["A150"]),
        ({"access": "granted", "approval_days": 400}, []),
        ({"access": "asked"}, []),
        ({"access": "asked", "asked_on": TODAY - dt.timedelta(400)}, ["A150"]),
        ({"access": "asked", "asked_on": TODAY - dt.timedelta(60)}, []),
        ({"access": "asked", "asked_on": TODAY - dt.timedelta(61)}, ["A150"]),
        ({"access": "asked", "approval_days": 10, "asked_on": TODAY - dt.timedelta(15)}, ["A150"]),
        ({"access": "granted", "asked_on": TODAY - dt.timedelta(400)}, []),
    ],
)
def test_access_comes_in_time(fields: dict[str, Any], expected: list[str]) -> None:
    assert (
        codes({"dataset churn/b": {"title": "B", **fields}}, {"stage-timebox": {"verdict": 26}}) == expected
    )


def test_a_box_holds_something() -> None:
    assert codes({"dataset churn/b": {"title": "B", "rows": 0}}) == ["A151"]
    assert codes(answers={"stage-timebox": {"verdict": 0}, "stage-cap": {"verdict": 0}}) == ["A151", "A151"]
    assert codes({"dataset churn/b": {"title": "B", "rows": 30}}, {"stage-timebox": {"verdict": 1}}) == []


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("stage-timebox", {"verdict": 520}, []),
        ("stage-timebox", {"verdict": 521}, ["A152"]),
        ("stage-cap", {"verdict": 2e12}, ["A152"]),
        ("data-truth-delay", {"verdict": 4000}, ["A152"]),
        ("stage-baseline", {"verdict": -20000}, ["A152"]),
        ("disc-reach", {"verdict": 1e14}, ["A152"]),
        ("pri-cost", {"values": {"person-months to next gate": 5000}}, ["A152"]),
        ("pri-run", {"values": {"hours of upkeep per week": 2000}}, ["A152"]),
        ("pri-gain", {"values": {"low": 1, "likely": 2, "high": 5e12}}, ["A152"]),
        ("stage-cap", {"state": "unknown"}, []),
    ],
)
def test_figures_of_no_project(question: str, answer: dict[str, Any], expected: list[str]) -> None:
    assert codes(answers={question: answer}) == expected


def test_a_range_has_ends() -> None:
    one = {"pri-gain": {"values": {"low": 5, "likely": 5, "high": 5}}}
    assert codes(answers=one) == ["A153"]
    assert codes(answers={"pri-gain": {"values": {"low": 5, "likely": 5, "high": 6}}}) == []


def test_a_cap_caps() -> None:
    cost = {"pri-cost": paying(1)["pri-cost"]}  # 100,000, at P80 100,561
    assert codes(answers={**cost, "stage-cap": {"verdict": 301_000}}) == []
    assert codes(answers={**cost, "stage-cap": {"verdict": 302_000}}) == ["A154"]


def test_an_answer_is_what_its_figures_make() -> None:
    figures = {"items": 10_000, "labels per item": 3, "seconds per label": 20, "rate per hour": 12}
    assert codes(answers={"data-cost": {"verdict": 2000, "values": figures}}) == []
    assert codes(answers={"data-cost": {"verdict": 200, "values": figures}}) == ["A155"]
    assert codes(answers={"data-cost": {"verdict": 200}}) == []


FIRST_ANSWERS: dict[str, Any] = {
    "disc-decision": {"verdict": "The agent calls the top decile each Monday"},
    "disc-problem": {"verdict": "12 of 100 cancel a year"},
    "disc-fit": {"verdict": 4},
    "disc-benefit": {"verdict": ["more revenue"]},
    "disc-profile": {"verdict": ["personalises per user"]},
    "data-signal": {"verdict": 3},
    "stage-cap": {"verdict": 100_000},
    "stage-timebox": {"verdict": 12},
    "pri-gain": {"values": {"low": 100_000, "likely": 200_000, "high": 400_000}},
    "pri-ev-value": {"verdict": "nothing"},
}


def test_a_first_idea_hears_nothing() -> None:
    names = list(FIRST_ANSWERS)
    for at in range(len(names)):
        answers = {name: FIRST_ANSWERS[name] for name in (*names[at:], *names[:at])[:3]}
        records = {
            "project churn/churn": {"title": "Churn"},
            "assessment churn/assessment": {"answers": answers},
        }
        assert check(NOTHING.with_plan(plan_from(records))) == [], answers
    records = {
        "project churn/churn": {"title": "C"},
        "assessment churn/assessment": {"answers": FIRST_ANSWERS},
    }
    assert check(NOTHING.with_plan(plan_from(records))) == []

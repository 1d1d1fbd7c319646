"""Rules of the strategy: where they speak and where they are silent; the usual case of each is a sample."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kedge.model.rules.checking import check

from .plan_from import plan_from
from .test_rules import NOTHING

CODES = frozenset(f"P{number}" for number in range(121, 130))
TRAIN, SERVE = "execute/training-pipeline", "execute/production-pipeline"


def codes(records: dict[str, dict[str, Any]], **project: Any) -> list[str]:
    whole = {
        "project churn/churn": {"title": "Churn", "phase": "execute", **project},
        "person /mira": {"name": "Mira", "skills": ["ml"]},
        **records,
    }
    return [one.code for one in check(NOTHING.with_plan(plan_from(whole))) if one.code in CODES]


def owned(place: str, owner: str, **more: Any) -> dict[str, Any]:
    return {"title": "A card", "place": place, "owner": owner, **more}


@pytest.mark.parametrize(
    ("others", "project", "expected"),
    [
        ({}, {}, ["P121"]),
        ({"card churn/both": owned(SERVE, "mira")}, {}, []),
        ({"card churn/gone": owned(SERVE, "mira", status="dropped")}, {}, ["P121"]),
        ({}, {"dependencies": {"weekly": {"what": "Weekly meeting", "kind": "shares people"}}}, []),
        ({}, {"state": "hold"}, []),
    ],
)
def test_pipelines_need_someone_in_common(
    others: dict[str, dict[str, Any]], project: dict[str, Any], expected: list[str]
) -> None:
    cards = {"card churn/train": owned(TRAIN, "mira"), "card churn/serve": owned(SERVE, "sam")}
    assert codes({**cards, **others}, **project) == expected


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ({"baseline": 0.2, "target": 0.3}, 0),
        ({"baseline": 0.3, "target": 0.3}, 1),
        ({"baseline": 5, "target": 4, "better": "lower"}, 0),
        ({"baseline": 4, "target": 5, "better": "lower"}, 1),
        ({"target": 0.3, "kill": 0.3}, 1),
        ({"target": 0.3, "kill": 0.2}, 0),
        ({"baseline": 0.3, "target": 0.3, "role": "guardrail"}, 0),
        ({"baseline": 0.3}, 0),
    ],
)
def test_a_target_is_better_than_baseline_and_kill(metric: dict[str, Any], expected: int) -> None:
    record = {"metrics": {"recall": {"title": "Recall", **metric}}}
    assert codes({"strategy churn/strategy": record}) == ["P122"] * expected


@pytest.mark.parametrize(("weeks", "expected"), [(2, ["P127"]), (5, []), (None, []), (1e12, [])])
def test_a_milestone_is_inside_the_time_box_of_its_stage(weeks: float | None, expected: list[str]) -> None:
    stage = {"proves": "It works", **({"weeks": weeks} if weeks else {})}
    due = {"live": {"title": "Live", "stage": "mvp", "due": dt.date(2026, 12, 18)}}
    record = {"stages": {"mvp": stage}, "milestones": due}
    assert codes({"strategy churn/strategy": record}, started=dt.date(2026, 11, 16)) == expected


def test_the_box_of_a_later_stage_begins_when_the_one_before_ends() -> None:
    def record(day: int) -> dict[str, Any]:
        stages = {"mvp": {"weeks": 2}, "growth": {"weeks": 2}}
        return {
            "stages": stages,
            "milestones": {"more": {"title": "M", "stage": "growth", "due": dt.date(2026, 12, day)}},
        }

    begun = dt.date(2026, 11, 16)
    assert codes({"strategy churn/strategy": record(13)}, started=begun) == []
    assert codes({"strategy churn/strategy": record(14)}, started=begun) == ["P127"]


@pytest.mark.parametrize(
    ("phase", "interest", "signed", "expected"),
    [
        ("plan", "decides", None, ["P126"]),
        ("assess", "decides", None, []),
        ("plan", "pays", None, ["P126"]),
        ("assess", "pays", None, []),
        ("plan", "decides", dt.date(2026, 11, 1), []),
    ],
)
def test_those_who_decide_sign_the_primary_metric(
    phase: str, interest: str, signed: dt.date | None, expected: list[str]
) -> None:
    helen = {"name": "Helen", "interest": interest, **({"metrics_signed_on": signed} if signed else {})}
    record = {"metrics": {"recall": {"title": "Recall", "role": "primary"}}}
    assert codes({"strategy churn/strategy": record}, phase=phase, stakeholders={"helen": helen}) == expected


def test_a_metric_that_was_gone_through_without_naming_who_decides_is_signed() -> None:
    answers = {"strat-signed": {"checked": ["agrees on what counts as success"]}}
    record = {"metrics": {"recall": {"title": "Recall", "role": "primary"}}}
    records = {"strategy churn/strategy": record, "assessment churn/assessment": {"answers": answers}}
    assert codes(records, phase="plan") == []


@pytest.mark.parametrize(("spent", "expected"), [(45_001, ["P128"]), (45_000, []), (None, [])])
def test_money_is_spent_up_to_what_is_approved(spent: float | None, expected: list[str]) -> None:
    budget = {"budget": {"spent": spent}} if spent else {}
    assert codes({"strategy churn/strategy": {**budget, "stages": {"mvp": {"approved": 45_000}}}}) == expected

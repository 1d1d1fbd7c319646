"""The matrices: axes of the playbook, needed against reached."""

from __future__ import annotations

import datetime as dt

import pytest

from kedge.model.assess.matrix import Row, matrices
from kedge.model.assess.standing import standings
from kedge.model.plan.plan import Plan
from kedge.model.plan.validate import parse
from kedge.model.playbook import shipped
from kedge.model.records.address import Address
from kedge.model.snapshot.snapshot import Snapshot

TODAY = dt.date(2026, 11, 21)


def plan_with(requirements: dict[str, object], answers: dict[str, object]) -> Plan:
    records = [
        parse("project", "churn", "churn", {"title": "Churn"}),
        parse("requirements", "churn", "requirements", requirements),
        parse("assessment", "churn", "assessment", {"answers": answers}),
    ]
    return Plan({one.address: one for one in records})


def rows(plan: Plan) -> dict[str, Row]:
    found = matrices(
        Snapshot.of(plan, shipped(), TODAY), "churn", standings(Snapshot.of(plan, shipped(), TODAY), "churn")
    )
    assert list(found) == ["qualities", "concerns"]
    return {row.id: row for part in found.values() for row in part}


def test_the_axes_are_those_of_the_playbook_and_what_the_project_adds() -> None:
    found = rows(plan_with({"qualities": {"charm": {"reached": 2}}}, {}))
    five = ["scalability", "maintainability", "adaptability", "reliability", "traceability"]
    assert list(found)[:6] == [*five, "charm"]
    assert list(found)[6:] == ["objectives", "efficiency", "data", "fairness", "explanation"]
    assert (found["charm"].is_there, found["scalability"].is_there) == (True, False)
    assert found["fairness"].address == Address("concern", "churn", "fairness")


def test_what_is_needed_comes_from_the_requirements_and_else_from_the_answer() -> None:
    answers = {"arch-qualities": {"values": {"reliability": 4, "scalability": 2}}}
    found = rows(plan_with({"qualities": {"reliability": {"needed": 5, "reached": 3}}}, answers))
    assert (found["reliability"].needed, found["scalability"].needed) == (5, 2)


@pytest.mark.parametrize(
    ("needed", "reached", "word", "state", "bar"),
    [
        (4, 2, "short by 2", "not met", "##--."),
        (3, 3, "enough", "met", "###.."),
        (2, 4, "2 to spare", "met", "##++."),
        (3, None, "not graded", "unknown", "---.."),
        (None, 3, "no need set", "unknown", "###.."),
        (None, None, "not set", "unknown", "....."),
    ],
)
def test_a_gap_is_said_in_words_and_drawn(
    needed: int | None, reached: int | None, word: str, state: str, bar: str
) -> None:
    row = Row(Address("quality", "churn", "reliability"), True, "", needed, reached)
    assert (row.word, row.state, row.bar) == (word, state, bar)


def test_questions_about_an_axis_are_counted_where_they_are_asked() -> None:
    before, after = (
        rows(plan_with({}, answers))["objectives"] for answers in ({}, {"disc-vision": {"verdict": 5}})
    )
    assert (before.met, after.met) == (0, 1)
    assert before.asked == after.asked > 0

"""The proposed set of a plan's projects: links, reasons, order, cautions, and how firm it is."""

from __future__ import annotations

from typing import Any

import pytest

from kedge.model.records.base import Record
from kedge.model.records.governance import Decision
from kedge.model.records.person import Person
from kedge.model.records.project import Project
from kedge.model.text.figure import figure_of

from .proposal_cases import chosen, project, proposed


def test_the_best_set_is_not_the_greedy_one():
    """200 + 200 for 50 each beat 390 for 60, the first in the list."""
    found = proposed(project("big", 350, 60), project("one", 200, 50), project("two", 200, 50))
    assert chosen(found) == {"one", "two"}
    assert found.left_out == {"big": "takes 60 EUR of money; beside the chosen ones 0 EUR are left"}
    assert [found.used(limit) for limit in found.ranking.limits] == [pytest.approx(100)]
    assert found.problems == ()


def test_obligations_are_in_and_add_no_value():
    found = proposed(project("law", 0, 60, mandatory=True), project("one", 200, 50), project("two", 100, 40))
    assert chosen(found) == {"law", "two"}
    assert found.values[0] == 0.0
    assert found.choice.value == pytest.approx(figure_of(found.chosen[1].expected_value))


def test_obligations_that_do_not_fit_leave_no_set():
    found = proposed(project("law", 0, 60, mandatory=True), project("act", 0, 50, mandatory=True))
    assert chosen(found) == set()
    assert found.problems == ("act, law must be in and take 110 of money, of which there is 100",)
    assert set(found.left_out.values()) == {"no set keeps all obligations"}


def test_one_of_an_either_or():
    found = proposed(project("one", 200, 20, either_or=["one", "two"]), project("two", 100, 20))
    assert (chosen(found), found.left_out) == ({"one"}, {"two": "only one of it and one may be done"})


def test_a_follower_brings_what_it_follows_or_stays_out():
    found = proposed(project("base", 0, 40), project("top", 200, 20, follows=["base"]))
    assert chosen(found) == {"base", "top"}
    assert found.order == ("base", "top")
    found = proposed(project("base", 0, 90), project("top", 200, 20, follows=["base"]))
    assert found.left_out["top"] == "follows base, which is not in and would lose 90 EUR"
    assert found.left_out["base"] == "not worth starting: -90 EUR"


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("done", None),
        ("dropped", "follows base, which is dropped"),
        ("gone", "follows base, which is not in the plan"),
    ],
)
def test_what_it_follows_may_be_over(state: str, reason: str | None):
    base = [] if state == "gone" else project("base", 0, 40, state=state)
    found = proposed(base, project("top", 200, 20, follows=["base"]))
    assert found.left_out.get("top") == reason


def test_without_a_value_in_money_it_is_left_out_with_the_question():
    found = proposed(project("one", 200, 20), [Project.model_validate({"id": "two", "project": "two"})])
    assert found.left_out == {"two": "no value in money; missing: low, likely, high (pri-gain)"}


# ---- simple before complex

SIMPLE = {"client": "Sales", "lead": "mira"}


@pytest.mark.parametrize(
    ("fields", "others", "waits"),
    [
        ({"complexity": 3}, [], False),
        ({"complexity": 4}, [], True),
        ({"complexity": 5}, project("old", 1, 1, complexity=3, state="done", **SIMPLE), True),
        ({"complexity": 5}, project("old", 1, 1, complexity=2, state="done", **SIMPLE), False),
        ({"complexity": 5}, project("old", 1, 1, complexity=1, phase="iterate", client="Sales"), False),
        ({"complexity": 5}, project("old", 1, 1, complexity=1, state="done", lead="sam"), False),
        ({"complexity": 5}, project("old", 1, 1, complexity=1, state="done", lead="jo"), True),
        ({"complexity": 4, "mandatory": True}, [], False),
        (
            {"complexity": 4},
            [Decision(id="go", project="new", gate="gate-assess", outcome="go", why="led by X")],
            False,
        ),
        ({"complexity": 4}, [Decision(id="go", project="new", gate="gate-assess", outcome="go")], True),
        (
            {"complexity": 4},
            [Decision(id="go", project="new", gate="gate-assess", outcome="hold", why="no")],
            True,
        ),
    ],
)
def test_a_complex_project_waits_for_a_simple_one(
    fields: dict[str, Any], others: list[Record], *, waits: bool
):
    people = [
        Person.model_validate({"id": name, "name": name, "team": team})
        for name, team in (("mira", "science"), ("sam", "science"), ("jo", "other"))
    ]
    found = proposed(people, project("new", 200, 20, **SIMPLE, **fields), others)
    assert ("new" in found.left_out) is waits
    if waits:
        assert (
            "neither “Sales” nor its team has shipped anything of complexity 1 or 2" in found.left_out["new"]
        )


# ---- order


def test_order_by_cost_of_delay_and_what_waits():
    ties = {"late": {"giver": "slow", "taker": "fast", "what": "the feed", "kind": "waits"}}
    plain = proposed(project("slow", 100, 10), project("fast", 300, 10))
    assert plain.order == ("fast", "slow")
    tied = proposed(project("slow", 100, 10), project("fast", 300, 10, dependencies=ties))
    assert tied.order == ("slow", "fast")
    assert chosen(tied) == {"slow", "fast"}
    assert (tied.waits_for("fast"), tied.waits_for("slow")) == (("slow",), ())
    assert [figure_of(one.urgency) for one in tied.worths] == [300 / 10, 100 / 10]


def test_projects_that_wait_for_each_other_are_still_ordered():
    def tie(giver: str, taker: str) -> dict[str, Any]:
        return {"tie": {"giver": giver, "taker": taker, "what": "x", "kind": "waits"}}

    found = proposed(
        project("slow", 100, 10, dependencies=tie("fast", "slow")),
        project("fast", 300, 10, dependencies=tie("slow", "fast")),
    )
    assert found.order == ("fast", "slow")
    assert found.problems == ("the order leaves out what projects wait for: fast, slow",)

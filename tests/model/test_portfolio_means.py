"""What there is of money and people, and whether what fits into the limits can be shared out."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kedge.model.capacity.capacity import Limit, available_months, limits, share_of_scarcest
from kedge.model.plan.plan import Plan
from kedge.model.playbook import shipped
from kedge.model.records.board import Board
from kedge.model.records.person import Person
from kedge.model.snapshot.snapshot import Snapshot
from kedge.tests.effort import times

TODAY = dt.date(2026, 11, 25)
MONTH = 52 / 12


def person(name: str, *skills: str, **fields: Any) -> Person:
    return Person.model_validate({"id": name, "name": name, "skills": list(skills), **fields})


def plan_of(*people: Person, **funds: float) -> Plan:
    board = Board.model_validate({"id": "board", "funds": funds})
    return Plan({record.address: record for record in (board, *people)})


def absence(first: dt.date, last: dt.date | None = None) -> dict[str, Any]:
    return {"first": first, "last": last}


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ({}, 70),
        ({"share": 0.5}, 35),
        ({"start": TODAY + dt.timedelta(days=20)}, 50),
        ({"start": TODAY - dt.timedelta(days=20)}, 70),
        ({"end": TODAY + dt.timedelta(days=9)}, 10),
        ({"end": TODAY - dt.timedelta(days=1)}, 0),
        ({"start": TODAY + dt.timedelta(days=90)}, 0),
        ({"absences": {"a": absence(TODAY)}}, 69),
        ({"absences": {"a": absence(TODAY + dt.timedelta(days=60), dt.date.max)}}, 60),
        ({"absences": {"a": absence(TODAY - dt.timedelta(days=5), TODAY + dt.timedelta(days=4))}}, 65),
        (
            {
                "absences": {
                    "a": absence(TODAY + dt.timedelta(days=1), TODAY + dt.timedelta(days=10)),
                    "b": absence(TODAY + dt.timedelta(days=5), TODAY + dt.timedelta(days=20)),
                    "c": absence(TODAY + dt.timedelta(days=6), TODAY + dt.timedelta(days=7)),
                }
            },
            50,
        ),
        ({"absences": {"a": {"last": TODAY}}}, 70),
    ],
)
def test_months_that_a_person_is_there(fields: dict[str, Any], days: float):
    assert available_months(person("mira", **fields), TODAY, 10) == pytest.approx(days / 7 / MONTH)


def test_a_period_beyond_the_calendar_ends_with_it():
    assert available_months(person("mira"), dt.date(9999, 12, 30), 10) == pytest.approx(1 / 7 / MONTH)


def test_money_less_the_reserve():
    (money,) = limits(Snapshot.of(plan_of(budget=400_000, reserve=0.15), shipped(), TODAY), [], 10)
    assert (money.name, money.available.value) == ("money", pytest.approx(340_000))
    assert money.need(12.0, {"mlops": 3.0}) == 12.0
    assert limits(Snapshot.of(plan_of(), shipped(), TODAY), [], 10) == ()
    (given_money,) = limits(Snapshot.of(plan_of(budget=1, reserve=0.5), shipped(), TODAY), [], 10, budget=200)
    assert given_money.available.value == 100


def test_a_skill_that_nobody_has():
    (limit,) = limits(Snapshot.of(plan_of(person("mira", "mlops")), shipped(), TODAY), [{"vision": 1.0}], 10)
    assert limit.available.value == 0
    assert any("no person in the plan has the skill vision" in line for line in limit.available.lines())
    assert share_of_scarcest([limit], 0, {"vision": 1.0}) == (float("inf"), "vision")


def test_people_with_two_skills_work_once():
    plan = plan_of(person("mira", "a", "b"), person("sam", "b"), person("jo", "c"), planned_load=1.0)
    found = limits(Snapshot.of(plan, shipped(), TODAY), [{"a": 1.0, "b": 1.0, "c": 1.0}], MONTH * 6)
    assert {limit.name: round(limit.available.value, 2) for limit in found} == {
        "a": 6,
        "b": 12,
        "c": 6,
        "a or b": 12,
    }


def test_work_of_anybody_counts_against_everybody():
    plan = plan_of(person("mira", "a"), person("jo", "c"), planned_load=0.5)
    found = limits(Snapshot.of(plan, shipped(), TODAY), [{"a": 1.0}, {"": 2.0}], MONTH * 6)
    whole = next(limit for limit in found if limit.skills == {"", "a"})
    assert whole.available.value == pytest.approx(6)
    assert whole.need(0, {"a": 1.0, "": 2.0}) == 3.0


def test_a_headcount_stands_in_for_the_people():
    found = limits(
        Snapshot.of(plan_of(person("mira", "a"), planned_load=0.5), shipped(), TODAY),
        [{"a": 1.0}, {"b": 2.0}],
        26,
        headcount=2,
    )
    assert [(limit.name, limit.available.value) for limit in found] == [("people", 6.0)]


def shared_out(people: list[tuple[float, set[str]]], demand: dict[str, int]) -> bool:
    """Whether unit pieces of work can be given to people: by trying every split, for small numbers only."""
    pieces = [skill for skill, units in demand.items() for _ in range(units)]
    able = [[at for at, (_, skills) in enumerate(people) if skill in skills] for skill in pieces]
    for split in product(*able):
        if all(split.count(at) <= months + 1e-9 for at, (months, _) in enumerate(people)):
            return True
    return False


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.sets(st.sampled_from("abc"), max_size=3)), min_size=1, max_size=4
    ),
    st.fixed_dictionaries({skill: st.integers(0, 2) for skill in "abc"}),
)
@settings(max_examples=times(75))
def test_what_fits_the_limits_can_be_shared_out(people: list[tuple[float, set[str]]], demand: dict[str, int]):
    made = [person(f"p{at}", *skills, share=months / 2) for at, (months, skills) in enumerate(people)]
    effort = {skill: float(units) for skill, units in demand.items()}
    found = limits(Snapshot.of(plan_of(*made, planned_load=1.0), shipped(), TODAY), [effort], MONTH * 2)
    # Two months of 60.67 days are counted as 61 days, hence the small allowance.
    fits = all(limit.need(0, effort) <= limit.available.value * 1.01 for limit in found)
    assert fits is shared_out(people, demand)


def test_many_skills_are_held_singly_and_together():
    skills = [f"s{at}" for at in range(10)]
    found = limits(
        Snapshot.of(plan_of(person("mira", *skills)), shipped(), TODAY), [dict.fromkeys(skills, 1.0)], 10
    )
    assert len(found) == 11
    assert found[-1].skills == frozenset(skills)


def test_the_scarcest():
    found = limits(
        Snapshot.of(plan_of(person("mira", "a"), budget=100, reserve=0, planned_load=1.0), shipped(), TODAY),
        [{"a": 1.0}],
        MONTH * 6,
    )
    assert share_of_scarcest(found, 30, {"a": 1.2}) == (pytest.approx(0.3), "money")
    assert share_of_scarcest(found, 10, {"a": 1.2})[1] == "a"
    assert share_of_scarcest(found, 0, {}) == (0.0, "")
    assert isinstance(found[0], Limit)

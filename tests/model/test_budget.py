"""The budget: sums that can be done by hand, limits, and people by skill and month."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kedge.model.budget.budget import Budgets, ProjectBudget, StageBudget
from kedge.model.budget.headcount import due_by_month, headcount
from kedge.model.derived.derived import Derived
from kedge.model.schedule.schedule import Schedule
from kedge.model.text.amounts import counted_of

from .plan_from import plan_from
from .schedule_cases import TODAY, schedule_of, snapshot_of

Values = dict[str, dict[str, Any]]


def plan(**more: dict[str, Any]) -> Values:
    """Ana has ten certain days of work at 500 a day, half of her time."""
    return {
        "board /board": {"format": 1},
        "person /ana": {"name": "Ana", "day_rate": 500.0, "share": 0.5, "skills": ["sql"]},
        "project p/p": {"title": "P", "stage": "mvp"},
        "strategy p/strategy": {"budget": {"contingency": 0.1}, **more},
        "card p/one": {"title": "One", "place": "execute", "owner": "ana", "estimate": [10, 10, 10]},
    }


def of(values: Values) -> ProjectBudget:
    return found(values).by_project["p"]


def found(values: Values) -> Budgets:
    return Derived(snapshot_of(plan_from(values))).budget()


def stage(values: Values, name: str = "mvp") -> StageBudget:
    return next(one for one in of(values).stages if one.id == name)


def test_a_stage_is_people_resources_data_and_contingency() -> None:
    values = plan(
        resources={
            "seats": {"title": "Seats", "kind": "tool", "cost": 20.0, "per": "month", "quantity": 6},
            "gpu": {"title": "GPU", "kind": "compute", "cost": 2.0, "per": "hour", "quantity": 100},
            "boxes": {"title": "Boxes", "kind": "labelling", "cost": 300.0, "per": "once"},
            "later": {"title": "Later", "stage": "growth", "cost": 1000.0},
        }
    )
    values["dataset p/events"] = {"title": "Events", "cost": 400.0, "label_cost": 50.0}
    mvp = stage(values)
    kinds = {"people": 5000, "tool": 120, "compute": 200, "labelling": 350, "data": 400, "contingency": 607}
    assert mvp.by_kind(0.5) == pytest.approx(kinds)
    assert mvp.cost(0.5) == mvp.cost(0.8) == pytest.approx(6677)
    assert stage(values, "growth").cost(0.8) == pytest.approx(1100)
    assert of(values).planned == pytest.approx(7777)


def test_a_spread_costs_more_at_p80_than_at_p50() -> None:
    values = plan()
    values["card p/one"]["estimate"] = [5, 10, 40]
    mvp = stage(values)
    assert mvp.cost(0.5) < mvp.cost(0.8)
    # The quantiles of the one card, at its rate and with its contingency.
    made = Derived(snapshot_of(plan_from(values))).forecast()
    outlook = made.card("one")
    begin = outlook.axis.moment(TODAY)
    days = [(end / 32 - begin) / 2 * 0.5 for end in outlook.ends]
    assert mvp.cost(0.8) == pytest.approx(days[799] * 500 * 1.1)


@pytest.mark.parametrize(("cap", "over"), [(5500.0, 0.0), (5000.0, 500.0)])
def test_p80_is_held_against_cap_and_approval(cap: float, over: float) -> None:
    mvp = stage(plan(stages={"mvp": {"cap": cap, "approved": cap}}))
    assert mvp.over(mvp.cap) == pytest.approx(over)
    assert mvp.over(mvp.approved) == pytest.approx(over)


def test_work_that_is_done_costs_what_was_planned_for_it() -> None:
    values = plan(budget={"contingency": 0.0, "spent": 1200.0})
    values["card p/done"] = {
        "title": "D",
        "place": "execute",
        "owner": "ana",
        "estimate": [1, 2, 3],
        "status": "done",
    }
    values["card p/doing"] = {
        "title": "D",
        "place": "execute",
        "owner": "ana",
        "estimate": [4],
        "remaining": 1,
        "status": "doing",
    }
    budget = of(values)
    assert budget.planned_so_far == pytest.approx((2 + 3) * 500)
    assert budget.spent == 1200


def test_people_without_a_rate_are_named_and_taken_at_the_mean() -> None:
    values = plan()
    values["person /ben"] = {"name": "Ben"}
    values["card p/two"] = {"title": "Two", "place": "execute", "owner": "ben", "estimate": [2, 2, 2]}
    budget = of(values)
    assert list(budget.assumed) == ["ben"]
    assert budget.stages[0].by_kind(0.5)["people"] == pytest.approx(6000)


def test_what_cannot_be_counted_is_said() -> None:
    values = plan(resources={"x": {"title": "X"}, "y": {"title": "Y", "cost": 5.0, "per": "month"}})
    values["card p/free"] = {"title": "Free", "place": "execute", "estimate": [1]}
    values["card p/none"] = {"title": "None", "place": "execute", "skill": "cobol", "estimate": [1]}
    lacking = of(values).not_counted
    assert lacking == {
        "open cards that take no one's time": 1,
        "open cards that cannot be scheduled": 1,
        "resources without a price": 1,
        "resources by the month without a quantity, taken for one": 1,
    }


def test_a_project_without_cards_costs_nothing_and_one_on_hold_is_left_out() -> None:
    values = plan()
    values["project q/q"] = {"title": "Q"}
    values["project r/r"] = {"title": "R", "state": "hold"}
    budgets = found(values)
    assert list(budgets.by_project) == ["p", "q"]
    assert budgets.by_project["q"].planned == 0
    assert budgets.to_come()(0.8) == pytest.approx(5000)
    assert budgets.to_come("q")(0.8) == 0


# ---- people


def test_people_are_counted_by_skill_and_month() -> None:
    made = schedule_of(plan())
    rows = {one.month.month: one for one in headcount(made, 0.8).rows}
    # 20 working days from Friday 20 November: 7 of them in November, which has 21; 13 in December, which has 23.
    assert rows[11].needed == pytest.approx(7 / 21 / 2)
    assert rows[12].needed == pytest.approx(13 / 23 / 2)
    assert rows[12].there == pytest.approx(0.5 * 0.8)
    assert rows[11].there == pytest.approx(7 / 21 / 2 * 0.8)
    assert rows[11].gap > 0


def test_a_skill_that_no_person_has_is_named() -> None:
    values = plan()
    values["card p/none"] = {"title": "None", "place": "execute", "skill": "cobol", "estimate": [2, 2, 2]}
    people = headcount(schedule_of(values), 0.8)
    assert people.without_person == ("cobol",)
    row = next(one for one in people.rows if one.skill == "cobol" and one.needed)
    assert (row.needed, row.there) == (pytest.approx(2 / 21), 0)
    assert row in people.gaps


def test_work_is_due_by_the_month_of_its_due_date() -> None:
    def rows(due: dt.date | None) -> dict[int, tuple[float, bool]]:
        values = plan()
        values["card p/one"] |= {"estimate": [7, 7, 7], "due": due}
        values["card p/last"] = {"title": "L", "place": "execute", "not_before": dt.date(2027, 1, 25)}
        made: Schedule = schedule_of(values)
        return {one.month.month: (one.needed, one.gap > 0) for one in due_by_month(made, 0.8)}

    assert rows(None) == {}
    early = rows(dt.date(2026, 12, 1))
    assert (early[11], early[12][1]) == ((0.0, False), False)
    assert rows(dt.date(2026, 11, 30))[11][1]


def test_a_board_in_another_currency_asks_for_day_rates() -> None:
    values = plan()
    values["board /board"] = {"format": 1, "currency": "JPY"}
    values["person /ana"] = {"name": "Ana"}
    one = of(values)
    assert [what for what in one.not_counted if "day rate in JPY" in what]
    assert not one.assumed
    values["person /ana"] = {"name": "Ana", "day_rate": 60_000.0}
    assert not of(values).not_counted


def test_people_with_the_same_rate_in_place_of_theirs_are_one_line() -> None:
    both = {
        **plan(),
        "person /bo": {"name": "Bo"},
        "person /cy": {"name": "Cy"},
        "card p/two": {"title": "Two", "place": "execute", "owner": "bo", "estimate": [2]},
        "card p/three": {"title": "Three", "place": "execute", "owner": "cy", "estimate": [2]},
    }
    (said,) = of(both).said_rates()
    assert said.startswith("bo, cy have no day rate, taken at 500 a day: ")


@pytest.mark.parametrize(
    ("number", "what", "said"),
    [
        (1, "cards without an estimate", "1 card without an estimate"),
        (2, "cards without an estimate", "2 cards without an estimate"),
        (1, "people without a rate", "1 person without a rate"),
    ],
)
def test_one_of_what_is_not_counted_is_one(number: int, what: str, said: str) -> None:
    assert counted_of(number, what) == said

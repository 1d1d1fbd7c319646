"""A baseline: what was planned on the day of another revision, and by how much it has moved."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kedge.model.edit.renames import rename
from kedge.model.plan.change import apply
from kedge.model.plan.plan import Plan
from kedge.model.review.baseline import Moves, baseline, say_move
from kedge.model.schedule.schedule import schedule

from .plan_from import plan_from
from .schedule_cases import TODAY, random_plan, snapshot_of

FRIDAY, MONDAY = dt.date(2026, 11, 13), dt.date(2026, 11, 16)


def plan(**cards: dict[str, Any]) -> Plan:
    """Cards of one person, who works from Monday to Friday."""
    return plan_from(
        {
            "board /board": {"format": 1, "calendar": {"holidays": [dt.date(2026, 11, 24)]}},
            "person /ana": {"name": "Ana"},
            "project churn/churn": {"title": "Churn"},
            "strategy churn/strategy": {"milestones": {"live": {"title": "Live"}}},
            **{
                f"card churn/{name}": {
                    "title": name,
                    "place": "execute",
                    "rank": f"a{at}",
                    "owner": "ana",
                    **data,
                }
                for at, (name, data) in enumerate(cards.items())
            },
        }
    )


def moves(then: Plan, day: dt.date, now: Plan, today: dt.date = TODAY) -> Moves:
    before = baseline(snapshot_of(then, day), now, "main", "c0ffee")
    return Moves(before, schedule(snapshot_of(now, today)))


def test_what_moved_is_counted_in_working_days_of_the_board() -> None:
    then = plan(one={"estimate": [2], "milestone": "live"}, two={"estimate": [1]})
    now = plan(one={"estimate": [3.5], "milestone": "live"}, two={"estimate": [1]})
    found = moves(then, TODAY, now)
    # From Friday and Monday on; Tuesday 24 November is a holiday.
    assert found.before.cards["one"].end == dt.date(2026, 11, 23)
    assert found.of_card("one") == 3
    assert found.of_card("two") == 3
    # A milestone has a day, and no half of one: Monday, then Thursday.
    assert found.of_milestone(("churn", "live")) == 4
    assert list(found.milestones()) == [(("churn", "live"), 4)]


def test_a_baseline_is_planned_on_its_own_day() -> None:
    one = plan(one={"estimate": [2]})
    found = moves(one, FRIDAY, one)
    assert (found.before.today, found.before.cards["one"].start) == (FRIDAY, FRIDAY)
    # Five working days have passed, and nothing was done.
    assert found.of_card("one") == 10
    assert moves(one, TODAY, one).of_card("one") == 0


@pytest.mark.parametrize("seed", range(20))
def test_nothing_moves_from_a_plan_to_itself(seed: int) -> None:
    one = random_plan(seed)
    found = moves(one, TODAY, one)
    counts = found.counts()
    assert (counts.moved, counts.new, counts.gone) == (0, 0, 0)
    assert found.before.cards.keys() == found.made.cards.keys()
    assert not list(found.milestones())


@pytest.mark.parametrize("seed", range(20))
def test_the_way_back_is_as_long(seed: int) -> None:
    one, other = random_plan(seed), random_plan(seed + 100)
    there, back = moves(one, TODAY, other), moves(other, TODAY, one)
    shared = there.before.cards.keys() & back.before.cards.keys()
    same_days = one.board.calendar == other.board.calendar
    for name in shared:
        by = there.of_card(name)
        if by is not None and same_days:
            assert back.of_card(name) == -by


def test_what_is_new_and_what_is_gone() -> None:
    then = plan(one={"estimate": [1]}, two={"estimate": [1]}, three={"estimate": [1]})
    now = plan(one={"estimate": [1], "status": "done"}, two={"estimate": [1]}, four={"estimate": [1]})
    found = moves(then, TODAY, now)
    counts = found.counts("churn")
    # The second card comes first now; the third was removed.
    assert (counts.moved, counts.new, counts.gone) == (1, 1, 2)
    assert found.of_card("four") is None
    assert found.of_card("one") is None


def test_a_renamed_card_is_the_same_card() -> None:
    then = plan(table={"estimate": [2]})
    now = apply(then, rename(then, then.cards["table"].address, "features").changes)
    found = moves(then, TODAY, now)
    assert found.of_card("features") == 0
    assert found.counts().new == 0


def test_dates_of_many_years_ago_are_counted_whole() -> None:
    one = plan(one={"estimate": [1]})
    found = moves(one, dt.date(2021, 11, 19), one)
    # 1,305 weekdays lie between two Fridays 261 weeks apart, one of them is a holiday of 2026 after both.
    assert found.of_card("one") == 2 * 5 * ((TODAY - dt.date(2021, 11, 19)).days // 7)


def test_words() -> None:
    assert [say_move(by) for by in (1, -2, 5, 0)] == [
        "half a day later",
        "1 day earlier",
        "2.5 days later",
        "ends as planned",
    ]

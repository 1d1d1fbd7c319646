"""Slack and latest starts of random plans, by doing what they allow, and then a day more.

Cards of whole days that need no person: what links allow then is all there is, and a later start of one card is never
made good by another order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from kedge.model.schedule.schedule import Schedule
from kedge.tests.effort import times

from .schedule_cases import DAY, TODAY, schedule_of

LINKS = ("", "", " SS", " SS+1d", " SS-1d", " FF", " FF-1d", " SF+2d", " SF-1d", " FS-1d", " FS+2d")
WHOLE_DAY = 2
Values = dict[str, dict[str, Any]]


def linked_plan(seed: int) -> Values:
    """Nine cards with all kinds of links, some with a milestone and a due date."""
    random = Random(seed)
    values: Values = {
        "board /board": {
            "format": 1,
            "calendar": {"holidays": [TODAY + DAY * random.randint(0, 20) for _ in range(3)]},
        },
        "project p/p": {"title": "P"},
        "strategy p/strategy": {"milestones": {"m": {"title": "M"}}},
    }
    for number in range(9):
        needs = random.sample(range(number), min(number, random.choice((0, 1, 1, 2))))
        values[f"card p/c-{number}"] = {
            "title": "A card",
            "place": "execute",
            "estimate": [random.randint(1, 5)],
            "needs": [f"c-{one}{random.choice(LINKS)}" for one in needs],
            **({"milestone": "m"} if random.random() < 0.3 else {}),
            **({"due": TODAY + DAY * random.randint(3, 40)} if random.random() < 0.3 else {}),
        }
    return values


def with_card(values: Values, card: str, **fields: dt.date) -> Schedule:
    """The schedule where a card has other fields."""
    key = f"card p/{card}"
    return schedule_of({**values, key: {**values[key], **fields}})


def starts(made: Schedule) -> Mapping[str, int]:
    return {name: one.start for name, one in made.cards.items()}


@pytest.mark.parametrize("seed", range(times(12)))
def test_a_card_may_start_later_by_its_slack_and_not_by_a_day_more(seed: int) -> None:
    values = linked_plan(seed)
    made = schedule_of(values)
    for name, one in made.cards.items():
        by_slack = with_card(values, name, not_before=made.axis.date(one.start + made.slack[name]))
        assert by_slack.targets.ends == made.targets.ends, name
        assert by_slack.cards[name].start == one.start + made.slack[name], name
        more = with_card(values, name, not_before=made.axis.date(one.start + made.slack[name] + WHOLE_DAY))
        assert any(more.targets.ends[key] > end for key, end in made.targets.ends.items()), name


@pytest.mark.parametrize("seed", range(times(12)))
def test_by_its_free_slack_a_card_moves_no_other_and_by_a_day_more_it_does(seed: int) -> None:
    values = linked_plan(seed)
    made = schedule_of(values)
    for name, one in made.cards.items():
        moved: list[bool] = []
        for later in (made.free_slack[name], made.free_slack[name] + WHOLE_DAY):
            again = with_card(values, name, not_before=made.axis.date(one.start + later))
            others = {**starts(again), name: one.start}
            moved.append(others != starts(made) or again.targets.ends != made.targets.ends)
        assert moved == [False, True], name


def test_a_card_pinned_to_its_latest_start_misses_no_date_and_a_day_later_one_does() -> None:
    looked = 0
    for seed in range(times(40)):
        values = linked_plan(seed)
        made = schedule_of(values)
        if any(map(made.late, made.cards.values())):
            continue
        for name, latest in made.latest_starts.items():
            late: list[bool] = []
            for moment in (latest, latest + WHOLE_DAY):
                pinned = with_card(values, name, fixed=made.axis.date(moment))
                late.append(any(map(pinned.late, pinned.cards.values())))
            assert late == [False, True], (seed, name)
            looked += 1
    assert looked > 20

"""Needs that others imply are no links: what follows from the links that are left is what follows from all of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from random import Random
from typing import Any

from kedge.model.schedule.axes import Axes
from kedge.model.schedule.links import links_of
from kedge.model.schedule.parts import Part, network_of
from kedge.model.schedule.planning import PartCache, plan_dates
from kedge.model.solvers.activity_network import Link
from kedge.model.solvers.serial_scheme import SerialScheme
from kedge.tests.effort import times

from .plan_from import plan_from
from .schedule_cases import DAY, TODAY, schedule_of, snapshot_of


def tangled(seed: int, cards: int = 30) -> dict[str, dict[str, Any]]:
    """Plain values of a plan in which cards need many of those before them, most of them in the plain way."""
    random = Random(seed)
    values: dict[str, dict[str, Any]] = {
        "board /board": {"format": 1},
        "project p/p": {"title": "P"},
        "person /ana": {
            "name": "Ana",
            "absences": {"a": {"first": TODAY + DAY * 5, "last": TODAY + DAY * 9}},
        },
        "person /ben": {"name": "Ben", "share": 0.5},
    }
    for number in range(cards):
        before = range(max(0, number - random.choice((3, 15))), number)
        needs = random.sample(before, random.randint(0, len(before)))
        kinds = ("", "", "", "", " SS", " FF", " FS+1d", " FS-1d", " SF")
        card: dict[str, Any] = {
            "title": "A card",
            "place": "execute",
            "estimate": [random.randint(1, 4)],
            "needs": [f"c-{one:02}{random.choice(kinds)}" for one in needs],
            "status": random.choice(("todo",) * 9 + ("doing",)),
        }
        if random.random() < 0.7:
            card["owner"] = random.choice(("ana", "ben"))
        if random.random() < 0.1:
            card["fixed"] = TODAY + DAY * random.randint(0, 40)
        if random.random() < 0.1:
            card["not_before"] = TODAY + DAY * random.randint(0, 40)
        values[f"card p/c-{number:02}"] = card
    return values


def all_links(part: Part) -> list[Link]:
    at = {name: number for number, name in enumerate(part.ids)}
    return [
        Link(at[need.before], at[task.id], need.kind, need.lag)
        for task in part.tasks
        for need in task.needs
        if need.before in at
    ]


def test_all_dates_are_those_with_every_need_as_a_link() -> None:
    left_out = 0
    for seed in range(times(60)):
        random = Random(seed)
        snapshot = snapshot_of(plan_from(tangled(seed)))
        dates = plan_dates(snapshot, 0, PartCache(), lambda _doing, _share: None)
        axes = Axes(snapshot.plan.board.calendar, TODAY, dates.tasks.values())
        for part in (one.source.part for one in dates.parts):
            network = network_of(part, axes.at(0)).network
            every = replace(network, links=all_links(part))
            left_out += len(every.links) - len(network.links)
            few, many = SerialScheme(network), SerialScheme(every)
            order = random.sample(range(len(part.tasks)), len(part.tasks))
            assert few.feasible_order(order) == many.feasible_order(order), seed
            found, wanted = few.schedule(order), many.schedule(order)
            assert (found.starts, found.ends, found.modes) == (wanted.starts, wanted.ends, wanted.modes), seed
            right, other = few.right_justified(found), many.right_justified(wanted)
            assert (right.starts, right.ends) == (other.starts, other.ends), seed
            gone = order[:1]
            assert few.schedule(order, found.modes, gone).ends == many.schedule(order, found.modes, gone).ends
    assert left_out > 100


def test_a_long_list_of_needs_is_one_link() -> None:
    values = {"board /board": {"format": 1}, "project p/p": {"title": "P"}}
    cards = {
        f"card p/c-{number:03}": {
            "title": "A card",
            "place": "execute",
            "needs": [f"c-{one:03}" for one in range(max(0, number - 100), number)],
        }
        for number in range(300)
    }
    made = schedule_of({**values, **cards}, effort=0)
    (part,) = made.dates.parts
    assert len(part.source.network.links) == 299


def test_what_a_pin_or_another_kind_of_link_stands_between_is_kept() -> None:
    def links(**of_b: Any) -> set[tuple[int, int]]:
        cards = {
            "card p/a": {},
            "card p/b": {"needs": ["a"], **of_b},
            "card p/c": {"needs": ["a", "b"]},
        }
        common = {"title": "A card", "place": "execute"}
        values: dict[str, dict[str, Any]] = {"board /board": {"format": 1}, "project p/p": {"title": "P"}}
        made = schedule_of({**values, **{name: {**common, **card} for name, card in cards.items()}}, effort=0)
        tasks = [made.dates.tasks[name] for name in "abc"]
        return {(link.before, link.after) for link in links_of(tasks)}

    assert links() == {(0, 1), (1, 2)}
    for of_b in ({"fixed": dt.date(2026, 12, 1)}, {"needs": ["a SS"]}, {"needs": ["a FS+1d"]}):
        assert links(**of_b) == {(0, 1), (0, 2), (1, 2)}, of_b
    assert links(status="doing") == {(0, 2), (1, 2)}


def test_a_need_with_a_lag_stays_beside_a_plain_one_and_a_card_elsewhere_is_no_link() -> None:
    common = {"title": "A card", "place": "execute"}
    values: dict[str, dict[str, Any]] = {
        "board /board": {"format": 1},
        "project p/p": {"title": "P"},
        "card p/a": common,
        "card p/b": {**common, "needs": ["a"]},
        "card p/c": {**common, "needs": ["a", "a FS+5d", "b"]},
    }
    made = schedule_of(values, effort=0)
    tasks = [made.dates.tasks[name] for name in "abc"]
    assert [(link.before, link.after, link.lag) for link in links_of(tasks)] == [
        (0, 1, 0),
        (0, 2, 10),
        (1, 2, 0),
    ]
    assert links_of(tasks[2:]) == []

"""Needs and loops: against small drawings, and against a plain search on random networks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedge.model.cards.network import Need, find_loop, loops, needed_card, parse_need
from kedge.model.plan.plan import Plan
from kedge.model.records.card import Card

Drawing = dict[str, tuple[str, ...]]


def plan_of(drawing: Drawing) -> Plan:
    cards = [Card(id=name, project="p", title=name, needs=needs) for name, needs in drawing.items()]
    return Plan({card.address: card for card in cards})


def reachable(drawing: Drawing, start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for target in drawing.get(waiting.pop(), ()):
            if target not in found:
                found.add(target)
                waiting.append(target)
    return found


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("audit-9x4p", Need("audit-9x4p")),
        ("churn/audit-9x4p", Need("audit-9x4p", "churn")),
        ("audit-9x4p SS", Need("audit-9x4p", link="SS")),
        ("audit-9x4p +2d", Need("audit-9x4p", lag_days=2)),
        ("churn/audit-9x4p FF-1.5d", Need("audit-9x4p", "churn", "FF", -1.5)),
    ],
)
def test_needs(text: str, need: Need):
    assert parse_need(text) == need


@pytest.mark.parametrize("text", ["", "a XX", "a SS+2", "a/b/c", "A", "a SS +2d", "a\n"])
def test_what_is_no_need_says_what_would_be(text: str):
    with pytest.raises(ValueError, match=r"label-audit-9x4p SS\+2d"):
        parse_need(text)


def test_a_need_that_names_a_project_means_that_project():
    plan = plan_of({"a": ()})
    assert needed_card(plan, Need("a", "p")) is plan.cards["a"]
    assert needed_card(plan, Need("a", "q")) is None
    assert needed_card(plan, Need("b")) is None


def test_a_need_that_would_close_a_loop():
    plan = plan_of({"a": ("b SS+2d", "c"), "b": ("d",), "c": (), "d": ("p/e", "gone"), "e": ()})
    assert find_loop(plan, "e", "a") == ("e", "a", "b", "d")
    assert find_loop(plan, "d", "a FF") == ("d", "a", "b")
    assert find_loop(plan, "a", "a") == ("a",)
    assert find_loop(plan, "a", "e") is None
    assert find_loop(plan, "a", "gone") is None


def test_loops_that_stand_in_the_plan():
    plan = plan_of(
        {"a": ("b",), "b": ("c", "d"), "c": ("a", "b"), "d": (), "self": ("self",), "x": ("y",), "y": ("x",)}
    )
    assert loops(plan) == [("a", "b", "c"), ("self",), ("x", "y")]


def test_a_chain_of_ten_thousand_is_no_loop_and_no_recursion():
    drawing: Drawing = {f"c{index}": (f"c{index + 1}",) for index in range(10_000)}
    assert loops(plan_of(drawing)) == []
    closed = loops(plan_of({**drawing, "c10000": ("c0",)}))
    assert [len(loop) for loop in closed] == [10_001]


ids = st.sampled_from("abcdefg")


@given(st.dictionaries(ids, st.lists(ids, max_size=3, unique=True).map(tuple)), ids, ids)
def test_random_networks(drawing: Drawing, one: str, other: str):
    plan = plan_of(drawing)
    drawing = {
        name: tuple(target for target in needs if target in drawing) for name, needs in drawing.items()
    }
    tied = {name for name in drawing if name in reachable(drawing, name)}
    found = loops(plan)
    assert set().union(*found) <= tied
    assert all(any(loop[0] in reachable(drawing, name) for loop in found) for name in tied)
    for loop in found:
        assert all(target in drawing[name] for name, target in zip(loop, (*loop[1:], loop[0]), strict=True))
    if one in drawing and other in drawing:
        loop = find_loop(plan, one, other)
        assert (loop is not None) == (one == other or one in reachable(drawing, other))
        assert loop is None or loop[:2] in ((one,), (one, other))

"""Putting cards in order: what stands where afterwards, and how little is written for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedge.model.edit.ordering import reorder, shift
from kedge.model.plan.change import Batch, apply
from kedge.model.plan.plan import Plan
from kedge.model.plan.ranks import spread
from kedge.model.plan.validate import parse
from kedge.model.records.card import Card

PROJECT = parse("project", "churn", "churn", {"title": "Churn", "phase": "execute"})


def plan_of(**ranks: str) -> Plan:
    """A plan with a card for each rank."""
    cards = [parse("card", "churn", name, {"title": name, "rank": rank}) for name, rank in ranks.items()]
    return Plan({PROJECT.address: PROJECT, **{card.address: card for card in cards}})


def order(plan: Plan) -> str:
    return "".join(card.id for card in plan.cards_of["churn"])


def after(plan: Plan, batch: Batch) -> Plan:
    return apply(plan, batch.changes)


def shown(plan: Plan, names: str) -> list[Card]:
    return [plan.cards[name] for name in names]


def test_reordering_touches_one_card() -> None:
    plan = plan_of(a="a0", b="a1", c="a2")
    batch = reorder(plan.cards["b"], plan.cards_of["churn"], 0)
    assert len(batch.changes) == 1
    assert order(after(plan, batch)) == "bac"


def test_equal_ranks_by_hand_are_spread() -> None:
    plan = plan_of(a="a1", b="a1", c="a1")
    assert order(after(plan, reorder(plan.cards["c"], plan.cards_of["churn"], 1))) == "acb"


def test_a_card_keeps_off_the_ranks_of_hidden_ones_and_stays_behind_its_neighbour() -> None:
    """Without `hidden` the new rank would be a1, which the hidden card has."""
    plan = plan_of(a="a0", x="a1", c="a2", d="a3")
    batch = reorder(plan.cards["d"], shown(plan, "acd"), 1, ["a1"])
    assert order(after(plan, batch)) == "adxc"
    batch = reorder(plan.cards["d"], shown(plan, "cd"), 0, ["a0", "a1"])
    assert order(after(plan, batch)) == "axdc"


@pytest.mark.parametrize(
    ("moved", "by", "expected", "written"),
    [
        ("b", 1, "acbdef", "b"),
        ("b", -1, "bacdef", "b"),
        ("bc", 1, "adbcef", "d"),
        ("bc", -1, "bcadef", "a"),
        ("abd", 1, "cabedf", "cd"),
        ("ace", -1, "acbedf", "ce"),
        ("ef", 1, "abcdef", ""),
        ("ab", -1, "abcdef", ""),
        ("abcdef", 1, "abcdef", ""),
    ],
)
def test_marked_cards_move_by_one_and_what_they_pass_is_written(
    moved: str, by: int, expected: str, written: str
) -> None:
    plan = plan_of(**dict(zip("abcdef", spread(6), strict=True)))
    changes = shift(plan.cards_of["churn"], moved, by)
    assert order(apply(plan, changes)) == expected
    assert sorted(change.address.id for change in changes) == sorted(written)


@given(st.lists(st.sampled_from(("a0", "a1", "a1V", "a2", "a9")), min_size=2, max_size=7), st.data())
def test_moving_down_and_up_again_is_the_order_there_was(ranks: list[str], data: st.DataObject) -> None:
    names = "abcdefg"[: len(ranks)]
    plan = plan_of(**dict(zip(names, ranks, strict=True)))
    before = order(plan)
    moved = {before[data.draw(st.integers(0, len(ranks) - 2))]}
    below = apply(plan, shift(plan.cards_of["churn"], moved, 1))
    assert order(below) != before
    assert order(apply(below, shift(below.cards_of["churn"], moved, -1))) == before

"""Changes: apply and difference agree, an inverse takes back, renames follow every reference."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedge.model.plan.change import (
    LONGEST_LABEL,
    MISSING,
    Batch,
    Change,
    ChangeRefused,
    apply,
    changes_at,
    difference,
    field_changes,
    folded,
    get_path,
    set_path,
)
from kedge.model.plan.plan import Plan
from kedge.model.plan.validate import parse
from kedge.model.records.address import Address
from kedge.model.records.base import to_data, with_unfit
from kedge.model.records.card import Card
from kedge.model.records.findings import Finding

IDS = [f"card-{letter}{letter}{letter}{letter}" for letter in "bcdfgh"]

titles = st.text(min_size=1, max_size=20).filter(str.strip)
card_data = st.fixed_dictionaries(
    {"title": titles, "status": st.sampled_from(["todo", "doing", "done"])},
    optional={
        "due": st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)),
        "estimate": st.lists(st.integers(0, 50), min_size=3, max_size=3).map(sorted),
        "tags": st.lists(st.sampled_from(["data", "model", "infra"]), unique=True),
        "checklist": st.dictionaries(
            st.sampled_from(["b2c4", "d5f6"]), st.fixed_dictionaries({"text": titles, "done": st.booleans()})
        ),
        "unknown-key": st.integers(),
    },
)


def card(card_id: str, data: dict) -> Card:
    return parse("card", "churn", card_id, data)  # pyright: ignore[reportReturnType]


plans = st.dictionaries(st.sampled_from(IDS), card_data).map(
    lambda cards: Plan({(one := card(key, data)).address: one for key, data in cards.items()})
)


@given(plans, plans)
def test_applying_the_difference_gives_the_other_plan(before: Plan, after: Plan) -> None:
    assert apply(before, difference(before, after)) == after


@given(plans, plans)
def test_an_inverse_takes_a_batch_back(before: Plan, after: Plan) -> None:
    batch = Batch("edit", difference(before, after))
    assert apply(apply(before, batch.changes), batch.inverse.changes) == before


@given(card_data, card_data)
def test_field_changes_say_all_that_differs(before: dict, after: dict) -> None:
    old, new = to_data(card(IDS[0], before)), to_data(card(IDS[0], after))
    for change in field_changes(old, new):
        set_path(old, change.path, change.after)
    drop_empty = {key: value for key, value in new.items() if value != {}}
    assert {key: value for key, value in old.items() if value != {}} == drop_empty


def test_untouched_records_are_shared() -> None:
    plan = Plan({(one := card(key, {"title": key})).address: one for key in IDS})
    first = plan.cards[IDS[0]]
    after = apply(plan, [Change(first, card(IDS[0], {"title": "new"}))])
    assert all(after.cards[key] is plan.cards[key] for key in IDS[1:])
    assert after.cards[IDS[0]].title == "new"
    assert plan.cards[IDS[0]].title == IDS[0]


def test_a_change_for_another_state_is_refused() -> None:
    plan = Plan({(one := card(IDS[0], {"title": "now"})).address: one})
    stale = Change(card(IDS[0], {"title": "then"}), card(IDS[0], {"title": "mine"}))
    with pytest.raises(ChangeRefused):
        apply(plan, [stale])
    with pytest.raises(ChangeRefused):
        apply(plan, [Change(None, card(IDS[0], {"title": "again"}))])


def test_true_and_one_are_different_values_and_two_and_two_point_zero_are_not() -> None:
    assert field_changes({"a": True}, {"a": 1})
    assert field_changes({"a": 2}, {"a": 2.0}) == ()
    assert field_changes({"a": 1}, {})[0].after is MISSING


def test_the_address_of_a_removal_is_where_the_record_stood() -> None:
    gone = Change(card(IDS[0], {"title": "x"}), None)
    assert gone.address == Address("card", "churn", IDS[0])
    assert gone.inverse.before is None
    assert not gone.is_rename
    assert not gone.inverse.is_rename
    assert Change(gone.before, card(IDS[1], {"title": "x"})).is_rename
    with pytest.raises(ValueError, match="before it, after it, or both"):
        Change(None, None)


def test_a_refusal_says_which_record_it_is_about() -> None:
    stale = Change(card(IDS[0], {"title": "then"}), None)
    with pytest.raises(ChangeRefused, match=f"{IDS[0]} is not what it was") as refused:
        apply(Plan(), [stale])
    assert refused.value.address == Address("card", "churn", IDS[0])
    assert repr(MISSING) == "MISSING"
    assert bool(MISSING) is False


def test_two_changes_of_one_record_are_taken_back_in_reverse() -> None:
    first, second, third = (card(IDS[0], {"title": title}) for title in "abc")
    other = card(IDS[1], {"title": "d"})
    batch = Batch("twice", (Change(first, second), Change(second, third), Change(None, other)))
    plan = Plan({first.address: first})
    assert apply(apply(plan, batch.changes), batch.inverse.changes) == plan
    assert batch.touched == {first.address, other.address}


def test_a_rename_onto_another_record_is_refused() -> None:
    one, other = card(IDS[0], {"title": "a"}), card(IDS[1], {"title": "b"})
    plan = Plan({one.address: one, other.address: other})
    with pytest.raises(ChangeRefused):
        apply(plan, [Change(one, card(IDS[1], {"title": "a"}))])


def test_plans_that_say_the_same_do_not_differ() -> None:
    one, other = (Plan({(made := card(IDS[0], {"title": "a"})).address: made}) for _ in range(2))
    assert one.records is not other.records
    assert difference(one, other) == ()


def test_a_path_is_set_read_and_emptied() -> None:
    data: dict = {}
    set_path(data, ("a", "b", "c"), 1)
    set_path(data, ("a", "d"), 2)
    assert data == {"a": {"b": {"c": 1}, "d": 2}}
    assert [get_path(data, path) for path in (("a", "b", "c"), ("a", "x"), ("a", "d", "e"), ("y",))] == [
        1,
        MISSING,
        MISSING,
        MISSING,
    ]
    set_path(data, ("a", "b", "c"), MISSING)
    assert data == {"a": {"d": 2}}
    set_path(data, ("a", "b", "c"), 1)
    set_path(data, ("a", "d"), MISSING)
    set_path(data, ("a", "b", "c"), MISSING)
    assert data == {}
    set_path(data, ("p", "q"), MISSING)
    assert data == {}
    assert (
        get_path(
            card(IDS[0], {"title": "a", "checklist": {"b2c4": {"text": "t"}}}), ("checklist", "b2c4", "text")
        )
        == "t"
    )


def test_the_name_of_a_step_is_one_line_and_never_long() -> None:
    assert LONGEST_LABEL == 120
    assert Batch("set notes to\nfirst\x1b[31m line", ()).label.isprintable()
    fits = "x" * 120
    assert Batch(fits, ()).label == fits
    assert Batch(fits + "y", ()).label == "x" * 119 + "…"


def test_another_state_of_what_cannot_be_read_is_a_change() -> None:
    plain = card(IDS[0], {"title": "A card"})
    wrong = with_unfit(plain, (Finding("F104", "error", "tags = 3 does not fit", plain.address, ("tags",)),))
    assert plain == wrong
    for before, after in ((plain, wrong), (wrong, plain)):
        found = changes_at([plain.address], {plain.address: before}.get, {plain.address: after}.get)
        assert [(one.before, one.after) for one in found] == [(before, after)]
    assert changes_at([plain.address], {plain.address: wrong}.get, {plain.address: wrong}.get) == ()
    assert changes_at([plain.address], {}.get, {}.get) == ()
    added = changes_at([plain.address], {}.get, {plain.address: plain}.get)
    assert [(one.before, one.after) for one in added] == [(None, plain)]


def test_changes_that_follow_each_other_fold_into_one_for_each_record() -> None:
    first, second, third = (parse("person", "", "mira", {"name": name}) for name in ("A", "B", "C"))
    other = parse("person", "", "sam", {"name": "Sam"})
    assert folded([Change(first, second), Change(second, third)]) == (Change(first, third),)
    assert folded([Change(first, second), Change(second, first)]) == ()
    assert folded([Change(None, first), Change(first, None)]) == ()
    assert folded([Change(first, None), Change(None, second)]) == (Change(first, second),)
    assert folded([Change(first, other), Change(other, None)]) == (Change(first, None),)
    assert folded([Change(first, second), Change(None, other)]) == (
        Change(first, second),
        Change(None, other),
    )

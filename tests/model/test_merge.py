"""Laws of the field-level merge."""

from __future__ import annotations

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedge.model.edit.merge import merge, rebased
from kedge.model.plan.change import MISSING, Batch, Change, ChangeRefused
from kedge.model.plan.plan import Plan
from kedge.model.plan.validate import parse
from kedge.model.records.card import Card

values = st.one_of(
    st.integers(0, 3),
    st.booleans(),
    st.sampled_from(["a", "b"]),
    st.lists(st.sampled_from(["x", "y", "z"]), unique=True).map(tuple),
)
tables = st.dictionaries(
    st.sampled_from(["title", "owner", "tags", "rank2"]),
    values | st.dictionaries(st.sampled_from(["k", "l"]), values),
)


@given(tables, tables)
def test_an_unchanged_side_gives_the_other(base: dict, changed: dict) -> None:
    assert merge(base, base, changed).data == changed
    assert merge(base, changed, base).data == changed
    assert not merge(base, base, changed).conflicts


@given(tables, tables)
def test_equal_changes_agree(base: dict, changed: dict) -> None:
    merged = merge(base, changed, changed)
    assert merged.data == changed
    assert not merged.conflicts


@given(tables, tables, tables)
def test_the_order_of_the_sides_does_not_matter_without_conflict(
    base: dict, mine: dict, theirs: dict
) -> None:
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    assert {conflict.path for conflict in one.conflicts} == {conflict.path for conflict in other.conflicts}
    if not one.conflicts:
        assert _as_sets(one.data) == _as_sets(other.data)


def _as_sets(table: dict) -> dict:
    return {
        key: _as_sets(value)
        if isinstance(value, dict)
        else (type(value), frozenset(value) if isinstance(value, tuple) else value)
        for key, value in table.items()
    }


def test_different_fields_merge_and_the_same_field_is_asked() -> None:
    base = {"title": "a", "owner": "mira"}
    merged = merge(base, {"title": "b", "owner": "mira"}, {"title": "a", "owner": "sam"})
    assert merged.data == {"title": "b", "owner": "sam"}
    asked = merge(base, {"title": "b", "owner": "mira"}, {"title": "c", "owner": "mira"})
    assert [(one.path, one.base, one.mine, one.theirs) for one in asked.conflicts] == [
        (("title",), "a", "b", "c")
    ]


def test_lists_merge_as_additions_and_removals() -> None:
    merged = merge({"tags": ("a", "b")}, {"tags": ("a", "b", "c")}, {"tags": ("b", "d")})
    assert not merged.conflicts
    assert merged.data["tags"] == ("b", "d", "c")


def test_an_estimate_is_one_value() -> None:
    assert merge({"estimate": (1, 2, 3)}, {"estimate": (1, 2, 4)}, {"estimate": (0, 2, 3)}).conflicts


def test_two_ranks_are_settled_the_same_way_on_both_sides() -> None:
    base, mine, theirs = {"rank": "a1"}, {"rank": "a5"}, {"rank": "a3"}
    assert merge(base, mine, theirs).data == merge(base, theirs, mine).data == {"rank": "a3"}


def test_a_removed_table_and_a_changed_one_are_asked() -> None:
    base = {"checklist": {"k7f2": {"done": False}}}
    merged = merge(base, {}, {"checklist": {"k7f2": {"done": True}}})
    assert merged.conflicts[0].path == ("checklist",)
    assert merged.conflicts[0].mine is MISSING


def _card(**fields: object) -> Card:
    return cast("Card", parse("card", "churn", "a", {"title": "A", **fields}))


def test_a_step_is_put_on_top_of_what_there_is_now() -> None:
    before = _card()
    step = Batch("move", (Change(before, _card(place="plan")),))
    now = Plan({before.address: _card(status="doing")})
    (change,) = rebased(now, step).changes
    assert (change.before, change.after) == (now.get(before.address), _card(status="doing", place="plan"))
    assert rebased(Plan({before.address: before}), step) == step
    # What has been done already is nothing to do.
    assert rebased(Plan({before.address: _card(place="plan")}), step).changes == ()


@pytest.mark.parametrize(
    "step",
    [
        Batch("both changed it", (Change(_card(), _card(place="plan")),)),
        Batch("remove what was changed", (Change(_card(), None),)),
        Batch("make what is there", (Change(None, _card(owner="sam")),)),
    ],
    ids=lambda step: step.label,
)
def test_a_step_that_does_not_fit_is_refused(step: Batch) -> None:
    address = _card().address
    with pytest.raises(ChangeRefused):
        rebased(Plan({address: _card(place="iterate")}), step)
    gone = Batch("gone", (Change(_card(), _card(place="plan")),))
    with pytest.raises(ChangeRefused):
        rebased(Plan({}), gone)

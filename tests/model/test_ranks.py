"""Ranks: whatever is inserted wherever, plain text order is the order that was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedge.model.plan.ranks import DIGITS, LONGEST, START, between, place, spread

any_rank = st.text(DIGITS, min_size=1, max_size=12)


def test_digits_are_in_the_order_of_plain_text():
    assert sorted(DIGITS) == list(DIGITS)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    # Published with the reference implementations, rocicorp/fractional-indexing and fracdex (CC0).
    [
        (None, None, "a0"),
        (None, "a0", "Zz"),
        (None, "Zz", "Zy"),
        ("a0", None, "a1"),
        ("a1", None, "a2"),
        ("a0", "a1", "a0V"),
        ("a1", "a2", "a1V"),
        ("a0V", "a1", "a0l"),
        ("Zz", "a0", "ZzV"),
        ("Zz", "a1", "a0"),
        (None, "Y00", "Xzzz"),
        ("bzz", None, "c000"),
        ("a0", "a0V", "a0G"),
        ("a0", "a0G", "a08"),
        ("b125", "b129", "b127"),
        ("aV", "aV0V", "aV0G"),
        ("a0", "a1V", "a1"),
        ("Zz", "a01", "a0"),
        (None, "a0V", "a0"),
        (None, "b999", "b99"),
        ("zzzzzzzzzzzzzzzzzzzzzzzzzzy", None, "zzzzzzzzzzzzzzzzzzzzzzzzzzz"),
        ("zzzzzzzzzzzzzzzzzzzzzzzzzzz", None, "zzzzzzzzzzzzzzzzzzzzzzzzzzzV"),
    ],
)
def test_published_values(before: str | None, after: str | None, expected: str):
    assert between(before, after) == expected


@given(any_rank, any_rank)
def test_between_any_two_written_by_hand(one: str, other: str):
    low, high = sorted((one, other))
    if low.rstrip("0") == high.rstrip("0"):
        with pytest.raises(ValueError, match=r"sort before|no rank"):
            between(low, high)
        return
    found = between(low, high)
    assert low < found < high
    assert found == START or len(found) <= max(len(low), len(high)) + 1


@given(any_rank)
def test_before_and_after_any_rank(rank: str):
    assert between(rank, None) > rank
    if rank.strip("0"):
        assert between(None, rank) < rank
    else:
        with pytest.raises(ValueError, match="no rank"):
            between(None, rank)


@given(st.lists(st.floats(0, 1), max_size=60))
def test_insertions_anywhere_keep_the_order_and_always_have_room(fractions: list[float]):
    ranks: list[str] = []
    for fraction in fractions:
        index = round(fraction * len(ranks))
        rank = place(ranks, index)
        assert rank is not None
        ranks.insert(index, rank)
    assert ranks == sorted(set(ranks))


def test_appending_and_prepending_stay_short():
    ranks = spread(5000)
    assert ranks == sorted(set(ranks))
    assert max(map(len, ranks)) == 4
    front = START
    for _ in range(5000):
        following = between(None, front)
        assert following < front
        front = following
    assert len(front) == 4


def test_many_insertions_at_one_place_end_in_a_refusal_not_in_a_rank_that_no_file_takes():
    ranks = ["a0", "a1"]
    while (rank := place(ranks, len(ranks) - 1)) is not None:
        assert len(rank) <= LONGEST
        ranks.insert(-1, rank)
    assert ranks == sorted(set(ranks))
    assert len(ranks) > 900
    with pytest.raises(ValueError, match="too long"):
        between(*ranks[-2:])


def test_below_the_smallest_whole_number_plain_fractions_go_on():
    smallest = "A" + "0" * 26
    assert between(None, smallest + "1") == smallest
    assert between(None, smallest) == "5"
    assert between(None, "5") == "3"


def test_equal_neighbours_and_no_room_ask_for_new_ranks():
    assert place(["a0", "a0"], 1) is None
    assert place(["a", "a0"], 1) is None
    assert place(["a0", "a0"], 2) == "a1"
    assert place(["not-a-rank"], 1) is None
    assert spread(3) == ["a0", "a1", "a2"]
    assert spread(0) == []


@pytest.mark.parametrize(
    ("before", "after"), [("a1", "a0"), ("a0", "a0"), ("", None), ("a-", None), (None, "é")]
)
def test_misuse_raises(before: str | None, after: str | None):
    with pytest.raises(ValueError, match=r"sort before|made of"):
        between(before, after)

"""Merging texts by lines: what both sides wrote is there, and what they disagree on is never decided."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedge.model.edit.text_merge import MOST, merge_lines, shared_lines, sided_lines
from kedge.tests.merge_laws import broken_for_texts, random_texts

TEXTS = st.lists(st.sampled_from(("a\n", "b\n", "c = 1\n", "\n")), max_size=8).map("".join)
BASE = "one\ntwo\nthree\nfour\n"


@given(TEXTS, TEXTS)
def test_a_side_that_changed_nothing_gives_the_other_side(base: str, side: str) -> None:
    assert merge_lines(base, base, side) == side
    assert merge_lines(base, side, base) == side
    assert merge_lines(base, side, side) == side


@given(TEXTS, TEXTS, TEXTS)
def test_the_order_of_the_sides_does_not_matter(base: str, one: str, other: str) -> None:
    assert merge_lines(base, one, other) == merge_lines(base, other, one)


@pytest.mark.parametrize(
    ("mine", "theirs", "merged"),
    [
        ("ONE\ntwo\nthree\nfour\n", "one\ntwo\nthree\nFOUR\n", "ONE\ntwo\nthree\nFOUR\n"),
        ("one\nTWO\nthree\nfour\n", "one\ntwo\nTHREE\nfour\n", "one\nTWO\nTHREE\nfour\n"),
        ("zero\none\ntwo\nthree\nfour\n", "one\ntwo\nfour\n", "zero\none\ntwo\nfour\n"),
        ("one\nTWO\nthree\nfour\n", "one\n2\nthree\nfour\n", None),
        ("one\ntwo\nthree\nfour\nmine\n", "one\ntwo\nthree\nfour\ntheirs\n", None),
        ("one\nthree\nfour\n", "one\ntwo\nmore\nthree\nfour\n", "one\nmore\nthree\nfour\n"),
        ("one\nfour\n", "one\ntwo\nmore\nthree\nfour\n", None),
        # Each begins or ends inside the other.
        ("four\n", "one\ntwo\n3\n4\n", None),
        ("one\n2\n3\n4\n", "1\n2\nthree\nfour\n", None),
        # A last line without an end and a line behind it would become one line.
        ("one\ntwo\nthree\nfour", "one\ntwo\nthree\nfour\nfive\n", None),
        ("one\ntwo\nthree\nfour", "zero\none\ntwo\nthree\nfour\n", "zero\none\ntwo\nthree\nfour"),
        ("one\ntwo\u2028x\nthree\nfour\n", "one\ntwo\nthree\nFOUR\n", "one\ntwo\u2028x\nthree\nFOUR\n"),
    ],
)
def test_examples(mine: str, theirs: str, merged: str | None) -> None:
    assert merge_lines(BASE, mine, theirs) == merged


def test_a_text_that_would_take_long_is_not_tried() -> None:
    text = "x\n" * (MOST + 1)
    assert merge_lines(text, text + "a\n", "b\n" + text) is None
    many = "".join(f"{number}\n" for number in range(MOST))
    assert merge_lines("x\n", f"x\n{many}", "b\nx\n") is None
    assert merge_lines("x\n", f"x\n{many[2:]}", "b\nx\n") == f"b\nx\n{many[2:]}"


def test_equal_lines_beyond_number_are_not_tried() -> None:
    text = "x\n" * 1_001
    assert merge_lines(text, text + "a\n", "b\n" + text) is None
    assert merge_lines(text[:600], text[:600] + "a\n", "b\n" + text[:600]) == "b\n" + text[:600] + "a\n"
    half = text[:300]
    assert merge_lines(half * 2, f"{half}a\n{half}", f"b\n{half * 2}") == f"b\n{half}a\n{half}"
    assert merge_lines(text[:200], text[:200] + "a\n", "b\n" + text[:200]) == "b\n" + text[:200] + "a\n"


@given(st.randoms())
def test_the_laws_hold_for_texts_of_a_common_base(random: Random) -> None:
    sides = random_texts(random)
    assert list(broken_for_texts(*sides)) == [], sides


@pytest.mark.parametrize(
    ("mine", "theirs", "with_mine", "with_theirs"),
    [
        # One change over all lines, and two inside it.
        ("ALL\n", "ONE\ntwo\nthree\nFOUR\n", "ALL\n", "ONE\ntwo\nthree\nFOUR\n"),
        ("", "one\nTWO\nthree\nfour\n", "", "one\nTWO\nthree\nfour\n"),
        ("1\ntwo\nthree\n4\n", "one\ntwo\n3\nIV\n", "1\ntwo\nthree\n4\n", "1\ntwo\n3\nIV\n"),
        ("1\ntwo\nthree\nfour\n", "one\ntwo\nthree\n4\n", "1\ntwo\nthree\n4\n", "1\ntwo\nthree\n4\n"),
    ],
)
def test_what_both_changed_is_there_once_with_each(
    mine: str, theirs: str, with_mine: str, with_theirs: str
) -> None:
    assert sided_lines(BASE, mine, theirs) == (with_mine, with_theirs)
    assert sided_lines(BASE, theirs, mine) == (with_theirs, with_mine)


def test_a_text_that_is_not_tried_is_each_side_whole() -> None:
    text = "x\n" * (MOST + 1)
    assert sided_lines(text, text + "a\n", "b\n" + text) == (text + "a\n", "b\n" + text)


@pytest.mark.parametrize(
    ("mine", "theirs", "is_asked"),
    [
        ("1\ntwo\nthree\nfour\n", "one\n2\nthree\nfour\n", True),
        ("1\ntwo\nthree\nfour\n", "one\ntwo\n3\nfour\n", False),
        ("1\ntwo\nthree\nfour\n", "one\nmore\ntwo\nthree\nfour\n", True),
        ("one\ntwo\nthree\n4\n", "one\ntwo\nmore\nthree\nfour\n", False),
        ("one\ntwo\nthree\n4\n", "one\ntwo\nthree\nmore\nfour\n", True),
        ("1\ntwo\nthree\nfour\n", "1\ntwo\nthree\nfour\n", False),
        ("one\nthree\nfour\n", "one\ntwo\nthree\nfour\nfive\n", False),
        ("one\ntwo\nfour\n", "one\n2\nthree\nfour\n", True),
        ("ALL\n", "one\n2\nthree\nfour\n", True),
        ("mine\none\ntwo\nthree\nfour\n", "theirs\none\ntwo\nthree\nfour\n", True),
    ],
)
def test_git_asks_about_lines_that_are_next_to_each_other(mine: str, theirs: str, *, is_asked: bool) -> None:
    for sides in ((mine, theirs), (theirs, mine)):
        found = sided_lines(BASE, *sides, as_git=True)
        assert (found[0] != found[1]) == is_asked
        assert found == (sides if is_asked else (merge_lines(BASE, *sides),) * 2)


def test_how_alike_two_files_are_is_the_share_of_characters_in_common_lines() -> None:
    assert shared_lines(BASE, BASE) == 1
    assert shared_lines("abc\nabc\nx\n", "abc\nabc\nabc\nlonger\n") == 8 / 19
    assert shared_lines("abc\nx\n", "x\nabc\n") == 1
    assert shared_lines("a\n", "b\n") == shared_lines("", "b\n") == shared_lines("", "") == 0
    assert shared_lines("a", "a") == 1

"""Merging texts by lines: what both sides wrote is there, and what they disagree on is never decided."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedge.model.edit.text_merge import MOST, merge_lines
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
        # A last line without an end and a line behind it would become one line.
        ("one\ntwo\nthree\nfour", "one\ntwo\nthree\nfour\nfive\n", None),
        ("one\ntwo\nthree\nfour", "zero\none\ntwo\nthree\nfour\n", "zero\none\ntwo\nthree\nfour"),
        ("one\ntwo\u2028x\nthree\nfour\n", "one\ntwo\nthree\nFOUR\n", "one\ntwo\u2028x\nthree\nFOUR\n"),
    ],
)
def test_examples(mine: str, theirs: str, merged: str | None) -> None:
    assert merge_lines(BASE, mine, theirs) == merged


def test_a_line_that_both_moved_is_not_there_twice() -> None:
    base = "e x\nb x\nc x\nf x\na x\ne x\nb x"
    mine, theirs = "c x\nf x\nzz\nuu\ne x\nb x\n", "e x\nf x\nww\nxx\nb x\n"
    assert merge_lines(base, mine, theirs) is None


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

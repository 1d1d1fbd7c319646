"""Texts and values: what a person types for a field, and that writing a value and reading it gives it again."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedge.model.plan.field_spec import (
    Shape,
    TextRefused,
    change_list,
    read_text,
    said_text,
    shapes,
    write_text,
)
from kedge.model.records.assessment import Answer
from kedge.model.records.board import Calendar
from kedge.model.records.kinds import record_model

TODAY = dt.date(2026, 11, 21)
CARD = shapes(record_model("card"))
RULES = shapes(Calendar)["recurring"]


@pytest.mark.parametrize(
    ("shape", "text", "value"),
    [
        (RULES, "FREQ=WEEKLY;BYDAY=MO,TU", ["FREQ=WEEKLY;BYDAY=MO,TU"]),
        (RULES, "one, two\n three \n\n", ["one, two", "three"]),
        (RULES, '["one\\ntwo", "three"]', ["one\ntwo", "three"]),
        (RULES, "[a] and [b]", ["[a] and [b]"]),
        (CARD["tags"], "b, a\nc", ["b", "a", "c"]),
        (CARD["tags"], '["a, b", "c"]', ["a, b", "c"]),
        (CARD["needs"], "one-2b3c SS+2d,two-4d5f", ["one-2b3c SS+2d", "two-4d5f"]),
        (shapes(Calendar)["weekdays"], "MON,tue", ["mon", "tue"]),
        (
            shapes(Calendar)["holidays"],
            "[2026-12-25, 2026-12-26]",
            [dt.date(2026, 12, 25), dt.date(2026, 12, 26)],
        ),
        (shapes(Answer)["checked"], "told what it can, and cannot, do", ["told what it can, and cannot, do"]),
    ],
)
def test_the_type_of_a_list_says_what_takes_it_apart(shape: Shape, text: str, value: list[object]) -> None:
    assert read_text(shape, text, TODAY) == value


@pytest.mark.parametrize(
    ("before", "text", "grow", "after"),
    [
        (["a, b"], "c, d", False, ["c, d"]),
        (["a, b"], "c, d", True, ["a, b", "c, d"]),
        (["a, b"], "+c, d", False, ["a, b", "c, d"]),
        (["a, b", "c"], "-a, b", False, ["c"]),
        (["a"], '["+5 % gain"]', False, ["+5 % gain"]),
    ],
)
def test_free_texts_are_added_and_taken_away_one_by_one(
    before: list[str], text: str, grow: bool, after: list[str]
) -> None:
    assert change_list(CARD["links"], before, text, TODAY, grow=grow) == after


@pytest.mark.parametrize(("typed", "meant"), [("don", "done"), ("doen", "done"), ("d", ""), ("waiting", "")])
def test_a_choice_is_said_whole(typed: str, meant: str) -> None:
    with pytest.raises(TextRefused) as refused:
        read_text(CARD["status"], typed, TODAY)
    assert str(refused.value).partition("did you mean ")[2] == (f"{meant}?" if meant else "")


_TEXTS = st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=20), min_size=1, max_size=4)


@given(_TEXTS, st.sampled_from([CARD["links"], CARD["tags"], shapes(Answer)["verdict"]]))
def test_what_is_written_reads_back_whatever_stands_in_it(texts: list[str], shape: Shape) -> None:
    assert read_text(shape, write_text(shape, tuple(texts)), TODAY) == texts


@given(st.one_of(st.text(st.characters(codec="utf-8"), min_size=1), st.booleans(), st.integers(-1000, 1000)))
def test_a_verdict_keeps_its_type(value: object) -> None:
    shape = shapes(Answer)["verdict"]
    text = write_text(shape, value)
    again = read_text(shape, text, TODAY)
    assert (type(again), again) == (type(value), value)


def test_several_free_texts_are_told_apart_where_they_are_only_read() -> None:
    assert said_text(CARD["links"], ("a, b", "c")) == "a, b; c"

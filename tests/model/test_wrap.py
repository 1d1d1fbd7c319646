"""Breaking text into rows: between words where that can be, and never wider than there is room."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from kedge.model.text.wrap import wrap


def rows(text: str, first: int, rest: int) -> list[str]:
    return ["".join(word for word, _ in row) for row in wrap([(text, "")], first, rest, cell_len)]


def test_words_stay_whole_and_the_first_row_has_a_room_of_its_own():
    assert rows("one two three four", 7, 10) == ["one two ", "three four"]
    assert rows("", 5, 5) == [""]


def test_a_wide_sign_takes_two_cells():
    assert rows("日本語 日本語", 8, 8) == ["日本語 ", "日本語"]


def test_a_word_without_room_is_cut():
    assert rows("a 123456789", 4, 4) == ["a ", "1234", "5678", "9"]


def test_looks_stay_with_their_words():
    assert wrap([("a b", 1), ("c", 2)], 3, 3, len) == [[("a ", 1), ("b", 1)], [("c", 2)]]


@given(st.text(alphabet="ab 日👍é", max_size=40), st.integers(2, 12), st.integers(2, 12))
def test_nothing_is_lost_and_no_row_is_too_wide(text: str, first: int, rest: int):
    found = rows(text, first, rest)
    assert "".join("".join(found).split()) == "".join(text.split())
    for at, row in enumerate(found):
        assert cell_len(row.rstrip()) <= (rest if at else first)


def test_a_percent_sign_stays_with_its_number() -> None:
    assert rows("after a reserve of 15 %, and more", 21, 21) == ["after a reserve of ", "15 %, and more"]

"""Text from files is text: nothing that turns it, hides in it or talks to a terminal comes through."""

from __future__ import annotations

import unicodedata

import pytest

from kedge.model.text.visible import one_line, typed, visible


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain, Grüße, 文字, مرحبا", "plain, Grüße, 文字, مرحبا"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("a\u202eb\u2066c", "a\\u202eb\\u2066c"),
        ("in\u200bvisible\u2060", "in\\u200bvisible\\u2060"),
        ("smuggled \U000e0061", "smuggled \\U000e0061"),
        ("joined 👩\u200d👧 and क्\u200dष", "joined 👩\u200d👧 and क्\u200dष"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
    ],
)
def test_what_cannot_be_seen_or_does_harm_is_an_escape(text: str, expected: str) -> None:
    assert visible(text) == expected


def test_no_control_character_of_any_kind_is_left() -> None:
    everything = "".join(map(chr, range(0x110000)))
    left = {sign for sign in visible(everything) if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp")}
    assert left == {"\n", "\t"}
    turning = [sign for sign in visible(everything) if unicodedata.bidirectional(sign) in _TURNING]
    assert turning == []


_TURNING = {"LRE", "LRO", "RLE", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def test_one_line_and_what_is_typed() -> None:
    assert one_line("a\r\nb\tc\x1b") == "a b c\\x1b"
    assert typed("  a\n\n b\x1b[2J\u200b ") == "a b[2J"

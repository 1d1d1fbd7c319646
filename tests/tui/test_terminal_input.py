"""What the terminal sends: a pasted text is one text, whatever is in it, and wherever it is cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from kedge.tui.keys.terminal_input import Parser

START, END = "\x1b[200~", "\x1b[201~"
HARMFUL = st.lists(
    st.sampled_from(
        ["\x1b", "[", "3", "1", "m", "q", "x", "é", "文", "\n", "\x1b[31m", "\x1b[20", "\x1b[201"]
    )
).map("".join)


def parsed(*parts: str) -> list[object]:
    parser = Parser()
    found: list[object] = []
    for part in parts:
        for event in parser.feed(part):
            if isinstance(event, events.Paste):
                found.append(("paste", event.text))
            elif isinstance(event, events.Key):
                found.append(event.key)
            else:
                found.append(type(event).__name__)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "red \x1b[31mtitle\x1b[0m",
        "\x1bq\x1bx\x1b",
        "\x1b[20",
        "\x1b" * 40 + "long" * 40,
        "\x1b]0;window\x07 \x1b[<0;10;10M",
        "\x1b[200~twice",
    ],
)
def test_a_paste_is_one_text_without_escapes(text: str) -> None:
    assert parsed(f"a{START}{text}{END}b") == ["a", ("paste", text.replace("\x1b", "")), "b"]


@given(HARMFUL, st.lists(st.integers(0, 40), max_size=6))
def test_wherever_it_is_cut(text: str, cuts: list[int]) -> None:
    if END in text + END[:-1] or not text.replace("\x1b", ""):
        return
    sent = f"a{START}{text}{END}b"
    places = [0, *sorted(min(cut, len(sent)) for cut in cuts), len(sent)]
    parts = [sent[one:other] for one, other in pairwise(places) if one != other]
    assert parsed(*parts) == ["a", ("paste", text.replace("\x1b", "")), "b"]


def test_keys_and_the_mouse_are_as_before() -> None:
    assert parsed("q\x1b[A\x1b[<0;10;5M\x1b[I\x1b[3~") == ["q", "up", "MouseDown", "AppFocus", "delete"]

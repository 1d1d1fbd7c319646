"""What the terminal sends: a pasted text is one text, what is no text is never typed, wherever it is cut.

More random sequences: KEDGE_THOROUGH=1.
"""

from __future__ import annotations

from codecs import getincrementaldecoder
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from kedge.tests.effort import times
from kedge.tui.keys.terminal_input import Parser
from kedge.tui.keys.typeahead import LineEnd

from .sequences import REPLIES, SILENT_KEYS, random_mouse, random_sequence

SEQUENCES = times(5000)
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


def keys(*parts: str) -> list[tuple[str, str | None]]:
    """The keys that are made of what is sent, with their characters; a paste has the name `paste`."""
    parser = Parser()
    found = [event for part in parts for event in parser.feed(part)] + parser.rest() + parser.rest()
    return [
        (event.key, event.character) if isinstance(event, events.Key) else ("paste", event.text)
        for event in found
        if isinstance(event, events.Key | events.Paste)
    ]


@pytest.mark.parametrize(
    ("sent", "key", "character"),
    [
        ("\x1b[97u", "a", "a"),
        ("\x1b[97;1:1u", "a", "a"),
        ("\x1b[97;1:2u", "a", "a"),
        ("\x1b[97:65;2u", "A", "A"),
        ("\x1b[97:65;2:1;65u", "A", "A"),
        ("\x1b[97;;97u", "a", "a"),
        ("\x1b[49:33;2u", "exclamation_mark", "!"),
        ("\x1b[97;2u", "A", "A"),
        ("\x1b[97;65u", "A", "A"),
        ("\x1b[97;66u", "a", "a"),
        ("\x1b[97;129u", "a", "a"),
        ("\x1b[97;133u", "ctrl+a", None),
        ("\x1b[97:65;6u", "ctrl+shift+a", None),
        ("\x1b[65;6u", "ctrl+shift+a", None),
        ("\x1b[1089::99;5u", "ctrl+c", None),
        ("\x1b[27;5;97~", "ctrl+a", None),
        ("\x1b[27;2;65~", "A", "A"),
        ("\x1b[27;1;13~", "enter", "\r"),
        ("\x1b[110;3;241u", "ñ", "ñ"),
        ("\x1b[13u", "enter", "\r"),
        ("\x1b[13;129u", "enter", "\r"),
        ("\x1b[13;129:1u", "enter", "\r"),
        ("\x1b[9;2u", "shift+tab", None),
        ("\x1b[27u", "escape", None),
        ("\x1b[27;129:1u", "escape", None),
        ("\x1b[127;1:2u", "backspace", "\x7f"),
        ("\x1b[32;2;32u", "space", " "),
        ("\x1b[57400u", "1", "1"),
        ("\x1b[57400;129;49u", "1", "1"),
        ("\x1b[57413u", "plus", "+"),
        ("\x1b[57414u", "enter", "\r"),
        ("\x1b[57417u", "left", None),
        ("\x1b[1;1:1A", "up", None),
        ("\x1b[1;129B", "down", None),
        ("\x1b[1;5:2C", "ctrl+right", None),
        ("\x1b[3;2:1~", "shift+delete", None),
        ("\x1b[1;5P", "ctrl+f1", None),
        ("\x1b[A", "up", None),
        ("\x1bOA", "up", None),
        ("\x1bOP", "f1", None),
        ("\x1b[[A", "f1", None),
        ("\x1b[13~", "f3", None),
        ("\x1b[Z", "shift+tab", None),
        ("\x1b[3$", "shift+delete", None),
        ("\x1bq", "alt+q", None),
        ("\x1bQ", "alt+shift+q", None),
        ("\x1b[8364;;8364u", "euro_sign", "€"),
        ("\x1b", "escape", "\x1b"),
        ("\x7f", "backspace", "\x7f"),
        ("\r", "enter", "\r"),
        ("\x03", "ctrl+c", "\x03"),
    ],
)
def test_a_key_is_the_same_key_in_every_protocol(sent: str, key: str, character: str | None) -> None:
    assert keys(sent) == [(key, character)]
    assert keys(*sent) == [(key, character)]


@pytest.mark.parametrize(
    "emoji", ["👨\u200d👩\u200d👧\u200d👦", "🇩🇪", "👍🏽", "1\ufe0f\u20e3", "❤\ufe0f", "e\u0301"]
)
def test_an_emoji_of_many_code_points_is_one_text(emoji: str) -> None:
    assert keys(f"\x1b[0;;{':'.join(str(ord(one)) for one in emoji)}u") == [("paste", emoji)]
    assert "".join(character or "" for _, character in keys(emoji)) == emoji
    assert "".join(character or "" for _, character in keys(*emoji)) == emoji


def test_two_characters_of_one_key_are_two_keys() -> None:
    assert keys("\x1b[110;3;126:47u") == [("tilde", "~"), ("slash", "/")]


@pytest.mark.parametrize("sent", [*REPLIES, *SILENT_KEYS], ids=ascii)
def test_what_is_no_text_is_never_typed_wherever_it_is_cut(sent: str) -> None:
    cuts = [(sent,), tuple(sent), *((sent[:at], sent[at:]) for at in range(1, min(len(sent), 80)))]
    for parts in cuts:
        typed = [character for _, character in keys(*parts, "x") if character is not None]
        assert typed == ["x"], parts


def test_random_sequences_type_nothing() -> None:
    random = Random(9)
    for _ in range(SEQUENCES):
        sent = random_mouse(random, 40) if random.random() < 0.2 else random_sequence(random)
        cut = random.randrange(1, len(sent))
        typed = [character for _, character in keys(sent[:cut], sent[cut:] + "x") if character is not None]
        assert typed == ["x"], (sent, cut)


def test_a_sequence_that_never_ends_holds_nothing_up() -> None:
    for begun in ("\x1b[12;4", "\x1b]11;rgb:", "\x1bP>|x", "\x1b_G", "\x1b[MC", "\x1b["):
        parser = Parser()
        assert parser.feed(begun) == []
        for _ in range(12):
            assert parser.rest() == []
        assert [event.character for event in parser.feed("q") if isinstance(event, events.Key)] == ["q"], (
            begun
        )


def test_escape_alone_is_the_key_and_a_paste_without_an_end_comes_in_the_end() -> None:
    parser = Parser()
    assert parser.feed("\x1b") == []
    assert parser.rest() == []  # a breath: the rest of a sequence may still come
    assert [str(event.key) for event in parser.rest() if isinstance(event, events.Key)] == ["escape"]
    assert parser.feed(f"{START}half") == []
    found = [event for _ in range(60) for event in parser.rest()]
    assert [event.text for event in found if isinstance(event, events.Paste)] == ["half"]
    assert [event.character for event in parser.feed("q") if isinstance(event, events.Key)] == ["q"]


def test_a_mark_of_the_end_inside_a_paste_makes_no_keys_of_what_follows() -> None:
    assert parsed(f"{START}one{END}qx{END}z") == [("paste", "one[201~qx"), "z"]
    assert parsed(f"{START}one{END}q{START}two{END}") == [("paste", "one"), "q", ("paste", "two")]


def test_a_long_paste_is_one_text() -> None:
    text = "word and more\r\n" * 70_000
    sent = START + text + END
    assert parsed(*(sent[at : at + 4096] for at in range(0, len(sent), 4096))) == [("paste", text)]


def lines(*parts: str) -> str:
    """Keys in short: a line end that is one as `¶`, the Enter key as `!`."""
    parser = Parser()
    found = [event for part in parts for event in parser.feed(part)] + parser.rest()
    shown = {"enter": "!", "ctrl+j": "?"}
    return "".join(
        "¶" if isinstance(event, LineEnd) else shown.get(event.key, event.character or "")
        for event in found
        if isinstance(event, events.Key)
    )


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("one\rtwo", "one¶two"),
        ("one\r\ntwo\r\n", "one¶two"),
        ("one\ntwo\n\nthree", "one¶two¶¶three"),
        ("one\rtwo\r", "one¶two"),
        ("title\r", "title!"),
        ("\r", "!"),
        ("j\r", "j!"),
        ("\rjj", "!jj"),
        ("jj\r\x1b[A", "jj!"),
        ("jj\x1b[A\rjj", "jj!jj"),
    ],
)
def test_a_line_end_inside_a_burst_is_no_enter_key(sent: str, meant: str) -> None:
    assert lines(sent) == meant
    assert lines(*sent) == meant or "\r\n" in sent or len(sent) < 4


def test_an_enter_that_comes_by_itself_is_the_key() -> None:
    parser = Parser()
    typed = [*parser.feed("one"), *parser.rest(), *parser.feed("\r"), *parser.feed("two")]
    assert "enter" in [event.key for event in typed if isinstance(event, events.Key)]
    assert not any(isinstance(event, LineEnd) for event in typed)


def test_an_old_report_of_the_mouse_with_bytes_that_are_no_characters() -> None:
    for report in (b"\x1b[M\x20\x21\xff", b"\x1b[M\xc3\xa4\x21", b"\x1b[M#\xe2\x82", b"\x1b[M \xf0\x9f"):
        decoder = getincrementaldecoder("utf-8")("surrogateescape")
        parser = Parser()
        found = [event for byte in report + b"x\xfcy" for event in parser.feed(decoder.decode(bytes([byte])))]
        assert [event.character for event in found if isinstance(event, events.Key)] == [
            "x",
            "\ufffd",
            "y",
        ], report


def test_an_enter_between_two_keys_of_a_fast_hand_is_the_key() -> None:
    parser = Parser()
    typed: list[object] = []
    for one in "export\re":
        typed += parser.feed(one)
        assert (parser.patience < 0.05) == one.isalpha()
        typed += parser.rest()  # a breath between two keys, far less than waits for the rest of a sequence
    assert [event.key for event in typed if isinstance(event, events.Key)] == [*"export", "enter", "e"]
    assert not any(isinstance(event, LineEnd) for event in typed)


@pytest.mark.parametrize("key", ["u", "O", "X", "]", "é"])
def test_escape_and_another_key_of_a_fast_hand_are_two_keys(key: str) -> None:
    parser = Parser()
    typed = [*parser.feed("\x1b"), *parser.rest(), *parser.feed(key)]
    assert [event.character for event in typed if isinstance(event, events.Key)] == ["\x1b", key]


@pytest.mark.parametrize("rest", ["[A", "[12;40R", "]11;rgb:1/2/3\x07", "P>|xterm\x1b\\", "OA"])
def test_a_sequence_that_was_cut_behind_its_escape_goes_on_after_a_breath(rest: str) -> None:
    parser = Parser()
    typed = [*parser.feed("\x1b"), *parser.rest(), *parser.feed(rest)]
    assert [event.key for event in typed if isinstance(event, events.Key)] == (
        ["up"] if rest[-1] == "A" else []
    )

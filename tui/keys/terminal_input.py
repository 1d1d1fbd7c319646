"""What the terminal sends, made safe before it counts as keys.

A terminal sends text, keys, reports of the mouse, what was pasted, and its answers to questions, which may come late
and may be meant for a program that ran before. What is no text is never typed: a sequence is taken whole, acts if it is
known, and is dropped if it is not. Textual's own reader would type it, and a key of a text is a command on a board.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from textual import constants, events, messages
from textual.message import Message

from .terminal_keys import extended
from .textual_input import IS_ITERM, Mouse, key_name, known_keys
from .typeahead import LineEnd

_ESCAPE = "\x1b"
_PASTE, _PASTE_END = "\x1b[200~", "\x1b[201~"
_CSI = re.compile(r"\x1b\[(?:\[.|(?:3|7|8|23|24)\$|(?!\[)[ -?]*[@-~])", re.DOTALL)
"""Whole; with the two forms that no standard has: F1 to F5 of the Linux console, and keys with Shift of rxvt."""
_CSI_BEGUN = re.compile(r"\x1b\[(?:\[|[ -?]*)\Z")
_SS3 = re.compile(r"\x1bO[\d;]*[ -/:<-~]")
_SS3_BEGUN = re.compile(r"\x1bO[\d;]*\Z")
_BROKEN_OFF = re.compile(r"\x1b(?:\[[ -?]*|O[\d;]*)[\x18\x1a]?")
_INTRODUCERS = ("[", "O", "P", "]", "X", "^", "_")
_STRING = re.compile("\x1b[P\\]X^_]")
"""Begins what a terminal says in a text of its own: a colour, its name, an answer about pictures."""
_STRING_END = re.compile("\x1b\\\\|[\x18\x1a\x9c]|(?=\x1b[^\\\\])")
_COLOUR_END = re.compile("\x1b\\\\|[\x07\x18\x1a\x9c]|(?=\x1b[^\\\\])")
_MOUSE = re.compile(r"\x1b\[<(\d{1,3});-?\d{1,5};-?\d{1,5}[Mm]")
_MODE = re.compile(r"\x1b\[\?(2026|2048);([0-4])\$y")
_SIZE = re.compile(r"\x1b\[48;(\d{1,4})(?::\d*)*;(\d{1,4})(?::\d*)*;(\d{1,5})(?::\d*)*;(\d{1,5})(?::\d*)*t")
_OLD_MOUSE_BYTES = 3
_LONGEST = 256
"""Characters of a sequence that are looked at; none that is known is as long."""
_JOINERS = "\u200c\u200d"
"""Join the parts of an emoji or of a word, and have no key of their own."""
_SURROGATES = re.compile("[\ud800-\udfff]")
_BREATH = 0.01
"""Seconds without anything new after which text is known to have been typed: no hand is as fast as a paste."""
_LATE = 10
"""Silences after which the rest of a sequence is not waited for any more, about a second."""
_PASTE_LATE = 50


class Parser:
    """From the characters that a terminal sends to events.

    `feed` is given what came, with bytes that are no characters as lone surrogates; `rest` is called when nothing has
    come for as long as `patience` says: only so can the Escape key be known from the beginning of a sequence
    (`ESCDELAY`, a tenth of a second), and the Enter key from a line end in a text.
    """

    def __init__(self, encoding: str = "utf-8") -> None:
        self._encoding = encoding
        self._held = ""
        """The beginning of a sequence whose rest has not come."""
        self._pasted: list[str] | None = None
        """Inside a paste, its parts so far."""
        self._mouse = Mouse()
        self._old_mouse = 0
        """Bytes of a report of the mouse that are still to come."""
        self._silences = 0
        self._run = 0
        """Characters of text that came directly before, without a pause."""
        self._is_burst = False
        """Whether lines were sent without a pause: a text that was pasted by a terminal which does not say so."""
        self._tells_size = False
        self._is_apart = False
        """Whether an Escape came alone and a breath has passed: a hand pressed it, unless a sequence was cut there."""

    def feed(self, data: str) -> list[Message]:
        """The events of what the terminal sent."""
        self._silences = 0
        found: list[Message] = []
        if self._is_apart and (data[:1] not in _INTRODUCERS or (len(data) == 1 and data != "[")):
            found.append(events.Key("escape", _ESCAPE))
            self._held = ""
        data, self._held, self._is_apart = self._held + data, "", False
        while data:
            size, made = self._next(data)
            found += made
            data = data[size:]
        return found

    @property
    def patience(self) -> float:
        """Seconds without anything new after which `rest` is to be called."""
        is_new_escape = self._held == _ESCAPE and self._pasted is None and not self._is_apart
        return _BREATH if self._is_text or is_new_escape else constants.ESCAPE_DELAY

    @property
    def _is_text(self) -> bool:
        """Whether the last that came is text which may have been typed, or be the beginning of a paste."""
        return self._run > 0 and not self._is_burst

    def rest(self) -> list[Message]:
        """The events of what came, now that nothing follows it."""
        found: list[Message] = []
        if self._is_text:
            if self._held:
                found.append(events.Key("enter", "\r"))
            self._held, self._run = "", 0
            return found
        if self._held == _ESCAPE and self._pasted is None and not self._is_apart:
            self._is_apart = True
            return found
        self._silences += 1
        if self._pasted is not None:
            if self._silences >= _PASTE_LATE:
                self._pasted.append(self._held)
                self._held = ""
                found += self._end_paste()
        elif self._held == _ESCAPE:
            found.append(events.Key("escape", _ESCAPE))
            self._held, self._is_apart = "", False
        elif self._held[:1] in ("\r", "\n"):
            self._held = ""
        elif len(self._held) == 2 and self._held != "\x1b[":
            found, self._held = _safely(_with_alt, self._held[1]), ""
        elif self._silences >= _LATE:
            self._held, self._old_mouse = "", 0
        self._run, self._is_burst = 0, False
        return found

    def _next(self, data: str) -> tuple[int, list[Message]]:
        """How many characters the first thing takes that was sent, and its events."""
        if self._pasted is not None:
            return self._in_paste(data)
        if self._old_mouse:
            self._old_mouse = max(0, self._old_mouse - self._bytes(data[0]))
            return 1, []
        if data[0] != _ESCAPE:
            text, _, _ = data.partition(_ESCAPE)
            return len(text), list(self._text(text, is_last=len(text) == len(data)))
        self._run, self._is_burst = 0, False
        return self._sequence(data)

    def _sequence(self, data: str) -> tuple[int, list[Message]]:
        if data == _ESCAPE:
            return self._wait(data)
        if data[1] == _ESCAPE:
            return 1, [events.Key("escape", _ESCAPE)]
        if _STRING.match(data):
            return self._string(data)
        for whole, begun, act in ((_CSI, _CSI_BEGUN, self._control), (_SS3, _SS3_BEGUN, known_keys)):
            if match := whole.match(data):
                return match.end(), _safely(act, match[0])
            if begun.match(data):
                # `!` makes it one that is not known.
                return self._wait(data if len(data) <= _LONGEST else "\x1b[!", len(data))
        if (match := _BROKEN_OFF.match(data)) is not None:
            return match.end(), []
        return 2, _safely(_with_alt, data[1])

    def _wait(self, held: str, size: int = 0) -> tuple[int, list[Message]]:
        self._held = held
        return size or len(held), []

    def _string(self, data: str) -> tuple[int, list[Message]]:
        end = (_COLOUR_END if data[1] == "]" else _STRING_END).search(data, 2)
        if end is not None:
            return end.end(), []
        # All that has to be known of it is that it goes on.
        is_ending = len(data) > 2 and data[-1] == _ESCAPE
        return self._wait(data[:3].removesuffix(_ESCAPE) + (_ESCAPE if is_ending else ""), len(data))

    def _control(self, sequence: str) -> list[Message]:
        """What a whole control sequence says."""
        match sequence:
            case "\x1b[200~":
                self._pasted = []
                return []
            case "\x1b[I":
                return [events.AppFocus()]
            case "\x1b[O":
                return [events.AppBlur()]
            case "\x1b[M":
                self._old_mouse = _OLD_MOUSE_BYTES
                return []
        if sequence[-1] == "R":
            return []  # where the cursor is; F3 with modifiers looks the same, and has no use here
        if mouse := _MOUSE.fullmatch(sequence):
            # Buttons beyond the wheel would be taken for the first ones.
            event = self._mouse.event(sequence) if int(mouse[1]) < 128 else None
            return [event] if event is not None else []
        if mode := _MODE.fullmatch(sequence):
            return self._mode(int(mode[1]), int(mode[2]))
        if size := _SIZE.fullmatch(sequence):
            return self._resized(*map(int, size.groups()))
        found = extended(sequence)
        return list((known_keys(sequence) or []) if found is None else found)

    def _mode(self, number: int, setting: int) -> list[Message]:
        if number == 2026:
            return [messages.TerminalSupportsSynchronizedOutput()] if setting else []
        if not constants.SMOOTH_SCROLL or IS_ITERM:
            return []
        self._tells_size = True
        return [messages.InBandWindowResize.from_setting_parameter(setting)]

    def _resized(self, rows: int, columns: int, height: int, width: int) -> list[Message]:
        if not self._tells_size or not rows or not columns:
            return []
        event = events.Resize.from_dimensions((columns, rows), (width, height) if width and height else None)
        self._mouse.measure(event)
        return [event]

    def _in_paste(self, data: str) -> tuple[int, list[Message]]:
        """Takes the next part of a paste. It has no escape characters, so that only its end is its end."""
        assert self._pasted is not None
        end = data.find(_PASTE_END)
        if end < 0:
            self._held = _begun(data)
            self._pasted.append(data.removesuffix(self._held))
            return len(data), []
        # A mark inside the text would make keys of what follows it. The last one before another paste is the end.
        begin = data.find(_PASTE, end)
        end = data.rfind(_PASTE_END, 0, begin if begin >= 0 else len(data))
        self._pasted.append(data[:end])
        return end + len(_PASTE_END), self._end_paste()

    def _end_paste(self) -> list[Message]:
        text = "".join(self._pasted or ()).replace(_ESCAPE, "").replace("\0", "")
        self._pasted = None
        return [events.Paste(_readable(text))] if text else []

    def _text(self, text: str, *, is_last: bool) -> Iterator[Message]:
        """Keys of characters; a line end between others is told as what it is."""
        at = 0
        while at < len(text):
            one = text[at]
            if one not in "\r\n":
                self._run = self._run + 1 if one.isprintable() else 0
                yield from self._character(one)
                at += 1
                continue
            after = at
            while after < len(text) and text[after] in "\r\n":
                after += 1
            if after == len(text) and is_last and (self._run > 1 or self._is_burst):
                self._held = text[at:]
                return
            if self._run and text[after : after + 1].isprintable() and after < len(text):
                self._is_burst = True
            for ending in re.findall("\r\n|\r|\n", text[at:after]):
                yield from [LineEnd()] if self._is_burst else _safely(known_keys, ending[0])
            at = after

    def _character(self, one: str) -> list[Message]:
        if one in _JOINERS:
            return [events.Paste(one)]
        return [] if "\x80" <= one < "\xa0" else _safely(known_keys, _readable(one))

    def _bytes(self, character: str) -> int:
        return len(character.encode(self._encoding, "surrogateescape"))


def _safely(act: Callable[[str], Iterable[Message] | None], sent: str) -> list[Message]:
    """The events of something that was sent; none where it leads to an error, whatever it is: the board goes on."""
    try:
        return list(act(sent) or ())
    except Exception:  # noqa: BLE001
        return []


def _with_alt(character: str) -> list[Message]:
    """A key pressed together with Alt: it types nothing."""
    found = known_keys(_ESCAPE + character)
    if found is not None:
        return list(found)
    shift = "shift+" if character.isupper() else ""
    return [events.Key(f"alt+{shift}{key_name(character.lower())}", None)]


def _readable(text: str) -> str:
    """The text with a sign in place of each byte that was no character."""
    return _SURROGATES.sub("\ufffd", text)


def _begun(text: str) -> str:
    """The end of a text that may be the beginning of the mark which ends a paste."""
    sizes = range(len(_PASTE_END) - 1, 0, -1)
    return next((_PASTE_END[:size] for size in sizes if text.endswith(_PASTE_END[:size])), "")

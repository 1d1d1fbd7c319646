"""The foot of a screen: the keys that work here and now, or what has just happened, or what can follow a key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, NamedTuple

from rich.cells import cell_len
from textual import events
from textual.message import Message

from ...model.text.visible import one_line
from ..draw.glyphs import UNICODE, Glyphs
from ..draw.spans import Span
from ..draw.text import fit_sentence
from ..keys.keymap import key_name
from .text_line import TextLines


class KeyHint(NamedTuple):
    """A key as the keymap writes it, and what it does; greyed where that cannot be done now."""

    key: str
    label: str
    enabled: bool = True


Tone = Literal["plain", "good", "warning", "bad"]


class KeyLine(TextLines):
    """One line at the bottom. Textual's footer makes widgets for each key on each change; this draws text."""

    GROUND = "surface"
    DEFAULT_CSS = """
    KeyLine {
        height: 1;
        background: $surface;
    }
    """

    @dataclass
    class Pressed(Message):
        """A key was clicked."""

        key: str

    def __init__(self) -> None:
        super().__init__(classes="foot")
        self._places: list[tuple[int, int, str]] = []
        """Where the keys stand that can be clicked: from, to, key."""

    def on_click(self, event: events.Click) -> None:
        """Does what the key under the mouse would do."""
        found = next((key for start, end, key in self._places if start <= event.x < end), None)
        if found is not None:
            event.stop()
            self.post_message(self.Pressed(found))

    def hints(self, hints: Sequence[KeyHint], prefix: str = "") -> None:
        """Shows keys, as many as there is room for; `prefix` says what they follow."""
        self.again = partial(self.hints, hints, prefix)
        room = self.size.width - 1
        spans: list[Span] = [(" ", "plain")]
        if prefix:
            spans.append((f"{prefix}  ", "prefix"))
            room -= cell_len(prefix) + 2
        self._places = []
        for hint in hints:
            name = key_name(hint.key)
            size = cell_len(name) + 1 + cell_len(hint.label) + 2
            if size - 2 > room:
                break
            at = self.size.width - room
            self._places.append((at, at + size - 2, hint.key))
            room -= size
            spans.append((name, "key" if hint.enabled else "off"))
            spans.append((f" {hint.label}  ", "label" if hint.enabled else "off"))
        self.show([spans])

    def say(self, text: str, tone: Tone = "plain", glyphs: Glyphs = UNICODE) -> None:
        """Shows what has just happened, or why something cannot be done."""
        self.again = partial(self.say, text, tone, glyphs)
        self._places = []
        shown = " " + fit_sentence(one_line(text), self.size.width - 1, glyphs)
        self.show([[(shown, "text" if tone == "plain" else tone)]])

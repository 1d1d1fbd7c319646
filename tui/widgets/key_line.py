"""The foot of a screen: the keys that work here and now, or what has just happened, or what can follow a key."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar, Literal, NamedTuple

from rich.cells import cell_len

from ...model.visible import one_line
from ..glyphs import UNICODE, Glyphs
from ..render import Piece, fit
from .text_line import TextLines


class KeyHint(NamedTuple):
    """A key and what it does; greyed where that cannot be done now."""

    key: str
    label: str
    enabled: bool = True


Tone = Literal["plain", "good", "warning", "bad"]


class KeyLine(TextLines):
    """One line at the bottom. Textual's footer makes widgets for each key on each change; this draws text."""

    PREFIX = "keys"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("keys--plain", "keys--key", "keys--label", "keys--off", "keys--good", "keys--warning"),
        *("keys--bad", "keys--prefix"),
    }
    DEFAULT_CSS = """
    KeyLine {
        height: 1;
        background: $surface;
        & > .keys--plain { background: $surface; color: $foreground; }
        & > .keys--key { background: $surface; color: $text-accent; text-style: bold; }
        & > .keys--label { background: $surface; color: $text-muted; }
        & > .keys--off { background: $surface; color: $foreground 35%; }
        & > .keys--good { background: $surface; color: $text-success; }
        & > .keys--warning { background: $surface; color: $text-warning; }
        & > .keys--bad { background: $surface; color: $text-error; text-style: bold; }
        & > .keys--prefix { background: $surface; color: $text-primary; text-style: bold; }
    }
    """

    def hints(self, hints: Sequence[KeyHint], prefix: str = "") -> None:
        """Shows keys, as many as there is room for; `prefix` says what they follow."""
        self.again = partial(self.hints, hints, prefix)
        room = self.size.width - 1
        pieces: list[Piece] = [Piece(" ", "plain")]
        if prefix:
            pieces.append(Piece(f"{prefix}  ", "prefix"))
            room -= cell_len(prefix) + 2
        for hint in hints:
            size = cell_len(hint.key) + 1 + cell_len(hint.label) + 2
            if size - 2 > room:
                break
            room -= size
            pieces.append(Piece(hint.key, "key" if hint.enabled else "off"))
            pieces.append(Piece(f" {hint.label}  ", "label" if hint.enabled else "off"))
        self.show([pieces])

    def say(self, text: str, tone: Tone = "plain", glyphs: Glyphs = UNICODE) -> None:
        """Shows what has just happened, or why something cannot be done."""
        self.again = partial(self.say, text, tone, glyphs)
        self.show([[Piece(" " + fit(one_line(text), self.size.width - 1, glyphs), tone)]])

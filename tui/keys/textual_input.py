"""The private parts of Textual (8.2.8) that reading a terminal needs, in one place.

Textual's own parser cannot be used: at the first sequence it does not know it types the rest of it as text, it gives up
after 32 characters, and numbers of the keyboard protocol that it does not expect end its thread with a traceback
(issues 6456, 6668 and 6562 of Textualize/textual tell of such cases). What it knows is used: the tables of keys, and
how a report of the mouse becomes an event.
"""

from __future__ import annotations

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS, IGNORE_SEQUENCE
from textual._keyboard_protocol import FUNCTIONAL_KEYS, MODIFIER_FUNCTIONAL_KEYS
from textual._xterm_parser import IS_ITERM, XTermParser
from textual.keys import KEY_NAME_REPLACEMENTS, _character_to_key
from textual.message import Message

__all__ = ["FUNCTIONAL_KEYS", "IS_ITERM", "MODIFIER_FUNCTIONAL_KEYS", "Mouse", "key_name", "known_keys"]


def key_name(character: str) -> str:
    """Textual's name of the key that types a character."""
    name = character if character.isalnum() else _character_to_key(character)
    return KEY_NAME_REPLACEMENTS.get(name, name)


def known_keys(sequence: str) -> list[events.Key] | None:
    """The keys that a character or a sequence of any terminal stands for; None for one that is not known."""
    known = ANSI_SEQUENCES_KEYS.get(sequence)
    if known is None:
        return [events.Key(key_name(sequence), sequence)] if len(sequence) == 1 else None
    if known is IGNORE_SEQUENCE:
        return []
    if isinstance(known, str):
        return [events.Key(key_name(known), known)]
    if not isinstance(known, tuple):
        return None
    return [events.Key(key.value, sequence if len(sequence) == 1 else None) for key in known]


class Mouse:
    """Reports of the mouse (SGR) as events, with how far it has moved since the one before."""

    def __init__(self) -> None:
        self._parser = XTermParser()

    def event(self, sequence: str) -> Message | None:
        """The event of a report; None where it says nothing."""
        return self._parser.parse_mouse_code(sequence)

    def measure(self, size: events.Resize) -> None:
        """From now on the terminal tells pixels, if it has said how large it is in them."""
        self._parser.terminal_size = size.size
        self._parser.terminal_pixel_size = size.pixel_size
        self._parser.mouse_pixels = size.pixel_size is not None

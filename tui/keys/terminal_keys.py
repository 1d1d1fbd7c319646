"""Keys as the newer keyboard protocols send them: kitty's, and xterm's for modified keys.

`CSI code:shifted:base ; modifiers:event ; text u`, and the same with other last letters for keys without a character.
Kedge asks for less than that, but some terminals, and programs between them and Kedge, send all of it.
https://sw.kovidgoyal.net/kitty/keyboard-protocol/
"""

from __future__ import annotations

import re
import unicodedata

from textual import events

from .textual_input import FUNCTIONAL_KEYS, MODIFIER_FUNCTIONAL_KEYS, key_name, known_keys

_NUMBERS = r"\d{0,8}(?::\d{0,8})*"
_KEY = re.compile(rf"\x1b\[({_NUMBERS})?(?:;({_NUMBERS}))?(?:;({_NUMBERS}))?([u~A-FHPQS])")
_OTHER_KEY = re.compile(r"\x1b\[27;(\d{1,3});(\d{1,8})~")
"""xterm's older form, modifyOtherKeys."""
_SHIFT, _ALT, _CTRL, _CAPS = 1, 2, 4, 64
_NAMES = ((_SHIFT, "shift"), (_ALT, "alt"), (_CTRL, "ctrl"), (8, "super"), (16, "hyper"), (32, "meta"))
_HELD = sum(bit for bit, _ in _NAMES)
"""Modifiers that are held down; caps lock and num lock are states, and change no key's name."""
_PRESSED = ("", "1", "2")
"""Kinds of events that act: pressed, and pressed for longer. The third is let go."""
_KEYPAD = dict(zip([*range(57399, 57414), 57415, 57416], "0123456789./*-+=,", strict=True))
_PRIVATE = range(0xE000, 0xF900)
"""Codes of keys that have no character."""


def extended(sequence: str) -> list[events.Event] | None:
    """The events of such a sequence: none for a key that is let go or not known; None where it is no such sequence."""
    if other := _OTHER_KEY.fullmatch(sequence):
        sequence = f"\x1b[{other[2]};{other[1]}u"
    match = _KEY.fullmatch(sequence)
    if match is None:
        return None
    codes, modifiers, text, end = match.groups(default="")
    state, _, event = modifiers.partition(":")
    if event not in _PRESSED:
        return []
    held = _held(state)
    code, shifted, base = (*(int(one or 0) for one in codes.split(":")), 0, 0)[:3]
    name = FUNCTIONAL_KEYS.get(f"{code or 1}{end}") if end != "u" or code not in _KEYPAD else None
    if name in MODIFIER_FUNCTIONAL_KEYS:
        return []
    if name is not None:
        character = {"enter": "\r", "tab": "\t", "backspace": "\x7f"}.get(name)
        return [events.Key(_with(held, name), None if held & _HELD else character)]
    if end != "u":
        return list(known_keys(sequence) or [])
    return _typed(code, shifted, base, held, "".join(filter(None, map(_character, text.split(":")))))


def is_cluster(text: str) -> bool:
    """Whether a text of several code points is one sign: a flag, a family, a letter with a mark of its own."""
    return any(
        unicodedata.category(one) in ("Mn", "Mc", "Me", "Cf")
        or 0x1F3FB <= ord(one) <= 0x1F3FF
        or 0x1F1E6 <= ord(one) <= 0x1F1FF
        for one in text[1:]
    )


def _typed(code: int, shifted: int, base: int, held: int, text: str) -> list[events.Event]:
    """What a key with a character types, or which command it is."""
    code = ord(_KEYPAD[code]) if code in _KEYPAD else code
    is_command = held & (_HELD & ~_SHIFT)
    if text and (not is_command or held & _ALT):
        # A text of several code points that are one sign cannot be a key: none of them means anything alone.
        return [events.Paste(text)] if is_cluster(text) else [_key(one) for one in text]
    if code in _PRIVATE:
        return []
    if is_command and code > 0x7F and base:
        code = base  # ctrl+c on a keyboard with Cyrillic letters
    character = _character(str(code))
    if not character:
        return []
    if is_command:
        if character.isupper():
            character, held = character.lower(), held | _SHIFT
        return [events.Key(_with(held, key_name(character)), None)]
    if held & _SHIFT and shifted:
        return [_key(one) for one in _character(str(shifted))]
    if character.isalpha() and bool(held & _SHIFT) != bool(held & _CAPS) and len(character.upper()) == 1:
        return [_key(character.upper())]
    return [_key(character)]


def _key(character: str) -> events.Key:
    return events.Key(key_name(character), character)


def _with(held: int, name: str) -> str:
    return "+".join([*sorted(word for bit, word in _NAMES if held & bit), name])


def _held(state: str) -> int:
    """The modifiers of a key; none where what was sent says nothing."""
    number = int(state or 1) - 1
    return number if 0 < number < 256 else 0


def _character(code: str) -> str:
    """The character of a code; empty where it is none that can be typed."""
    number = int(code or 0)
    if number < 0x20 or 0x7F <= number < 0xA0 or 0xD800 <= number < 0xE000 or number > 0x10FFFF:
        return ""
    return chr(number)

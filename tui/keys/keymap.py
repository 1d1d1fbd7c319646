"""Which keys do what, with a person's own changes, checked when they are read.

Textual takes any text for a key and lets one action silently push another off its key. So the board has its own map:
an entry that cannot work is left out, and said.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .action import TYPED, Action, Context
from .actions import ACTIONS, BY_ID, in_context

_NAMED = frozenset(
    {
        *("enter", "escape", "space", "tab", "shift+tab", "backspace", "delete", "insert"),
        *("up", "down", "left", "right", "home", "end", "pageup", "pagedown"),
        *(f"f{number}" for number in range(1, 13)),
        *(f"shift+{name}" for name in ("up", "down", "left", "right", "home", "end")),
        *(f"ctrl+{name}" for name in ("up", "down", "left", "right", "home", "end")),
    }
)
_ALIASES = {"ctrl+h": "backspace", "ctrl+i": "tab", "ctrl+m": "enter", "ctrl+[": "escape"}
"""What a terminal really sends for some keys."""
RENAMED = {"question.reckon": "question.calculator"}
"""Actions that were called something else: a keymap with the old id goes on working."""
_RISKY = {
    "ctrl+z": "suspends the program",
    "ctrl+c": "means interrupt",
}
_SHOWN = {
    "space": "Space",
    "enter": "Enter",
    "escape": "Esc",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "left": "Left",
    "right": "Right",
    "up": "Up",
    "down": "Down",
    "home": "Home",
    "end": "End",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
}
_EDITING = frozenset({"backspace", "delete", "left", "right", "home", "end", "space"})
"""Keys without which nothing can be typed."""


@dataclass(frozen=True)
class Keymap:
    """Keys of every action, and what was wrong with the changes asked for."""

    keys: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: {action.id: action.keys for action in ACTIONS}
    )
    problems: tuple[str, ...] = ()

    def keys_of(self, action: str) -> tuple[str, ...]:
        """The keys of an action; none where a person took them away."""
        return self.keys.get(action, ())

    def shown(self, action: str) -> str:
        """The first key of an action, as it is shown to people."""
        keys = self.keys_of(action)
        return key_name(keys[0]) if keys else ""

    def find(self, context: Context, pressed: tuple[str, ...]) -> Action | None:
        """The action of a key or a sequence of keys."""
        sequence = " ".join(pressed)
        for action in in_context(context):
            if sequence in self.keys_of(action.id):
                return action
        return None

    def following(self, context: Context, pressed: tuple[str, ...]) -> list[tuple[str, Action]]:
        """What can follow keys that have been pressed: the next key, and the action it leads to."""
        start = " ".join(pressed) + " "
        return [
            (key[len(start) :], action)
            for action in in_context(context)
            for key in self.keys_of(action.id)
            if key.startswith(start)
        ]


SHIPPED = Keymap()
"""The keys of a person who has changed none."""


def key_name(key: str) -> str:
    """A key or a sequence as people read it: `^d`, `Space`, `g g`."""
    return " ".join(_SHOWN.get(part) or _short(part) for part in key.split(" "))


def _short(key: str) -> str:
    if key.startswith("ctrl+"):
        return f"^{key[5:]}"
    return key.upper() if key in _NAMED and key[0] == "f" else key


def is_key(key: str) -> bool:
    """Whether every terminal can send a key: a visible character, a named key, or ctrl with a letter."""
    if key in _ALIASES:
        return False
    if len(key) == 1:
        return key.isprintable() and key != " "
    return key in _NAMED or (
        key.startswith("ctrl+") and len(key) == 6 and key[5].isascii() and key[5].islower()
    )


_SPELLINGS = {"esc": "escape", "return": "enter", "pgup": "pageup", "pgdn": "pagedown", "del": "delete"}


def _likely(text: str) -> str:
    """The key that was probably meant; empty where none is near."""
    key = text.lower().replace("control+", "ctrl+")
    for start in ("^", "c-"):
        if key.startswith(start) and len(key) == len(start) + 1:
            key = f"ctrl+{key[-1]}"
    if key.startswith("shift+") and len(key) == 7:
        key = key[-1].upper()
    key = _SPELLINGS.get(key, key)
    near = [key] if key and is_key(key) else difflib.get_close_matches(key, sorted(_NAMED), 1)
    return "".join(near)


def keymap(changes: Mapping[str, object] | None = None) -> Keymap:
    """The keys with a person's changes (action = key, or a list of keys), and what was wrong with those.

    An action or a key that does not exist, a key that two actions of one screen would share, and a change that would
    leave quit, help or undo without a key are left out and said.
    """
    keys = {action.id: action.keys for action in ACTIONS}
    problems: list[str] = []
    for written, value in (changes or {}).items():
        name = RENAMED.get(written, written)
        wanted = (value,) if isinstance(value, str) else value
        if name not in BY_ID:
            likely = difflib.get_close_matches(name, BY_ID, 1)
            hint = f"; did you mean {likely[0]}?" if likely else "; kedge keys lists the actions"
            problems.append(f"there is no action {name!r}{hint}")
        elif not isinstance(wanted, list | tuple) or not all(isinstance(one, str) for one in wanted):
            problems.append(f"{name}: expected a key or a list of keys")
        else:
            reason = _refused(name, tuple(wanted))
            if reason:
                problems.append(reason)
            else:
                keys[name] = tuple(dict.fromkeys(wanted))
    _settle_clashes(keys, problems)
    return Keymap(keys, tuple(problems))


def _refused(name: str, wanted: tuple[str, ...]) -> str:
    for key in wanted:
        for part in key.split(" "):
            if part in _ALIASES:
                return f"{name}: a terminal sends {part} as {_ALIASES[part]}"
            if part in _RISKY and part not in BY_ID[name].keys:
                return f"{name}: {part} {_RISKY[part]} in many terminals"
            if not is_key(part):
                likely = _likely(part)
                return f"{name}: there is no key {part!r}{f'; did you mean {likely}?' if likely else ''}"
        if not set(TYPED).isdisjoint(BY_ID[name].contexts):
            if " " in key:
                return f"{name}: it is used while typing, so that it needs a single key"
            if len(key) == 1 or key in _EDITING:
                return f"{name}: {key_name(key)} is needed for typing where this works"
    if not wanted and BY_ID[name].required:
        return f"{name} needs a key"
    return ""


def _settle_clashes(keys: dict[str, tuple[str, ...]], problems: list[str]) -> None:
    """Takes changes back as long as two actions of one screen share a key, or one begins the other's sequence."""
    changed = {name for name, own in keys.items() if own != BY_ID[name].keys}
    while changed:
        clash = next(
            (
                (name, other, key)
                for name in sorted(changed)
                for key in keys[name]
                for other in keys
                if other != name and _share_screen(BY_ID[name], BY_ID[other]) and _meet(key, keys[other])
            ),
            None,
        )
        if clash is None:
            return
        name, other, key = clash
        problems.append(f"{name}: {key_name(key)} is already the key of {other}")
        keys[name] = BY_ID[name].keys
        changed.discard(name)


def _share_screen(one: Action, other: Action) -> bool:
    return not {*one.contexts}.isdisjoint(other.contexts)


def _meet(key: str, others: Iterable[str]) -> bool:
    return any(key == other or other.startswith(key + " ") or key.startswith(other + " ") for other in others)

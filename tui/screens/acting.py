"""What all screens of the board share: keys go through the registry and the keymap, never through code of their own.

A key that begins a sequence waits for the next one for as long as it takes, and the foot lists what can follow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual import events
from textual.screen import Screen

from ..actions import ACTIONS, BY_ID, GROUPS, PREFIXES, Action, Context, Situation, in_context, reason_against
from ..glyphs import UNICODE, Glyphs
from ..keymap import Keymap, key_name
from ..widgets.key_line import KeyHint, KeyLine, Tone


def pressed_key(event: events.Key) -> str:
    """A key by the name that the keymap has for it: the character itself where it is visible."""
    if event.character and event.character.isprintable() and event.character != " ":
        return event.character
    return "ctrl+" + event.key[-1] if event.key.startswith("ctrl+") and len(event.key) == 6 else event.key


class ActingScreen(Screen[None], inherit_bindings=False):
    """A screen whose keys are those of a context of the registry."""

    CONTEXT: ClassVar[Context] = "board"
    AUTO_FOCUS = ""

    def __init__(self, keys: Keymap, glyphs: Glyphs = UNICODE) -> None:
        super().__init__()
        self.keys = keys
        self.glyphs = glyphs
        self._pressed: tuple[str, ...] = ()
        self._message: tuple[str, Tone] | None = None

    # ---- what a screen adds

    def situation(self) -> Situation:
        """What decides which actions can be done now."""
        raise NotImplementedError

    def handler(self, action: str) -> Callable[[], None] | None:
        """What does an action on this screen."""
        raise NotImplementedError

    @property
    def takes_keys(self) -> bool:
        """Whether keys mean actions now, and are not typed into something."""
        return True

    # ---- keys

    def on_key(self, event: events.Key) -> None:
        """Does what a key, or a sequence that it ends, stands for."""
        if not self.takes_keys:
            return
        key = pressed_key(event)
        if self._pressed and event.key == "escape":
            event.stop()
            self._pressed = ()
            self.foot()
            return
        sequence = (*self._pressed, key)
        action = self.keys.find(self.CONTEXT, sequence)
        waits = self._pressed
        self._pressed = ()
        if action is not None:
            event.stop()
            self.act(action.id)
        elif self.keys.following(self.CONTEXT, sequence):
            event.stop()
            self._pressed = sequence
            self.foot()
        elif waits:
            event.stop()
            self.say(f"{key_name(' '.join(sequence))} does nothing", "warning")
        elif key == "ctrl+c":
            self.say(f"{self.keys.shown('kedge.quit')} quits", "plain")

    def act(self, action_id: str) -> None:
        """Does an action, or says why it cannot be done now."""
        self._message = None
        action = BY_ID[action_id]
        reason = reason_against(action, self.situation())
        handler = self.handler(action_id)
        if reason:
            self.say(f"{action.label}: {reason}", "warning")
        elif handler is None:
            self.say(f"{action.label} is not there on this screen", "warning")
        else:
            handler()
            self.foot()

    # ---- the foot

    def say(self, text: str, tone: Tone = "plain") -> None:
        """Says something in the foot until the next key."""
        self._message = (text, tone)
        self.foot()

    def foot(self) -> None:
        """Shows what can follow a key, what has just happened, or the keys that work here."""
        line = self.query_one(KeyLine)
        if self._pressed:
            following = self.keys.following(self.CONTEXT, self._pressed)
            first = self._pressed[0]
            now = self.situation()
            hints = [
                KeyHint(key_name(key), action.label, reason_against(action, now) is None)
                for key, action in following
            ]
            line.hints(
                [*hints, KeyHint("Esc", "cancel")],
                key_name(first) + (f"  {PREFIXES[first].help}" if first in PREFIXES else ""),
            )
        elif self._message:
            line.say(*self._message, self.glyphs)
        else:
            line.hints(self._hints())

    def _hints(self) -> list[KeyHint]:
        now = self.situation()
        hints = [
            (
                action.shown,
                KeyHint(self.keys.shown(action.id), action.label, reason_against(action, now) is None),
            )
            for action in in_context(self.CONTEXT)
            if action.shown and self.keys.shown(action.id)
        ]
        for key, prefix in PREFIXES.items():
            following = self.keys.following(self.CONTEXT, (key,)) if prefix.shown else []
            if following:
                enabled = any(reason_against(action, now) is None for _, action in following)
                hints.append((prefix.shown, KeyHint(key_name(key), prefix.label, enabled)))
        return [hint for _, hint in sorted(hints)]

    # ---- what can be looked up

    def ask(self, screen: Screen[Any], then: Callable[[Any], None]) -> None:
        """Shows a dialog, and goes on with its answer; nothing happens where there is none."""

        def answered(answer: Any) -> None:
            if answer is not None:
                then(answer)

        self.app.push_screen(screen, answered)

    def help_groups(self) -> list[tuple[str, list[tuple[str, str, str, str | None]]]]:
        """All actions of the screen by heading: keys, label, help, and why one cannot be done now."""
        now = self.situation()
        actions = in_context(self.CONTEXT)
        return [
            (
                group,
                [
                    (self.key_list(action), action.label, action.help, reason_against(action, now))
                    for action in actions
                    if action.group == group
                ],
            )
            for group in GROUPS
        ]

    def key_list(self, action: Action) -> str:
        """All keys of an action, as they are shown."""
        return ", ".join(key_name(key) for key in self.keys.keys_of(action.id)) or "no key"

    def screens(self) -> list[tuple[str, str]]:
        """The screens by key and name, for the head line."""
        return [
            (self.keys.shown(action.id), action.label)
            for action in ACTIONS
            if action.id.startswith("screen.")
        ]

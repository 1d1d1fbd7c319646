"""What all screens, dialogs and forms share: keys go through the registry and the keymap, never past them.

A key that begins a sequence waits for the next one for as long as it takes, and the foot lists what can follow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar, TypeVar

from textual import events, getters, on
from textual.await_complete import AwaitComplete
from textual.errors import NoWidget
from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget

from ..draw.glyphs import Glyphs
from ..keys.action import Action, Context
from ..keys.action_context import Situation
from ..keys.actions import ACTIONS, BY_ID, GROUPS, OPENING, PREFIXES, in_context, reason_against
from ..keys.keymap import Keymap, key_name
from ..keys.textual_internals import SizedScreen
from ..session.session import Event
from .head_line import HeadLine
from .host import HelpEntry, Host, HostedApp
from .key_line import KeyHint, KeyLine, Tone

T = TypeVar("T")
Answer = TypeVar("Answer")
Handlers = Mapping[str, Callable[[], object]]
"""What does each action, by its id."""


_LEAVING = frozenset(("ctrl+c", "ctrl+q"))
"""What ends other programs; here a letter does, and these say so."""


def pressed_key(event: events.Key) -> str:
    """A key by the name that the keymap has for it: the character itself where it is visible."""
    if event.character and event.character.isprintable() and event.character != " ":
        return event.character
    return "ctrl+" + event.key[-1] if event.key.startswith("ctrl+") and len(event.key) == 6 else event.key


class ActingScreen(SizedScreen[T], inherit_bindings=False):
    """A screen whose keys are those of a context of the registry."""

    CONTEXT: ClassVar[Context] = "board"
    WORDS: ClassVar[Mapping[str, str]] = {}
    """What actions are called here, where that is not what they are called elsewhere."""
    AUTO_FOCUS = ""
    app = getters.app(HostedApp)

    def __init__(self) -> None:
        super().__init__()
        self._pressed: tuple[str, ...] = ()
        self._message: tuple[str, Tone] | None = None
        self._is_acting = False

    @property
    def host(self) -> Host:
        """The program around it."""
        return self.app.host

    @property
    def keys(self) -> Keymap:
        """The keys of the person who runs the app."""
        return self.host.keys

    @property
    def glyphs(self) -> Glyphs:
        """The signs that the terminal takes."""
        return self.host.glyphs

    # ---- what a screen adds

    @property
    def context(self) -> Context:
        """What keys mean now."""
        return self.CONTEXT

    def situation(self) -> Situation:
        """What decides which actions can be done now."""
        return Situation()

    def handlers(self) -> Handlers:
        """What does each action that there is on this screen."""
        return dict.fromkeys(("kedge.help", "dialog.help", "text.help"), self.show_help)

    def keeps(self, key: str) -> bool:  # noqa: ARG002  for those who look at it
        """Whether what has the focus wants a key for itself."""
        return False

    def on_told(self, event: Event) -> None:
        """Hears what has happened to the plan: by this program's writer thread, or on disk."""

    def paint_head(self) -> None:
        """Shows what the head line says now, on screens that have one."""

    def on_committed(self) -> None:
        """Hears that git's own state has changed."""

    # ---- keys

    def on_key(self, event: events.Key) -> None:
        """Does what a key, or a sequence that it ends, stands for."""
        key = pressed_key(event)
        if self.keeps(key):
            return
        if not self.press(key):
            if key not in _LEAVING:
                return
            self.say(self._way_out())
        event.stop()
        event.prevent_default()

    def _way_out(self) -> str:
        """How one leaves: the program where that can be done here, else what is open over it."""
        known = self.handlers()
        name = next((one for one in ("kedge.quit", "dialog.leave", "text.leave") if one in known), "")
        key = self.keys.shown(name)
        return f"{key} quits; everything is saved first" if name == "kedge.quit" else f"{key} goes back"

    @on(KeyLine.Pressed)
    @on(HeadLine.Pressed)
    def _key_clicked(self, event: KeyLine.Pressed | HeadLine.Pressed) -> None:
        self.press(event.key)

    def press(self, key: str) -> bool:
        """Does what a key stands for; whether it stands for anything here."""
        if self._pressed and key == "escape":
            self._pressed = ()
            self.foot()
            return True
        sequence = (*self._pressed, key)
        action = self.keys.find(self.context, sequence)
        waits = self._pressed
        self._pressed = ()
        if action is not None and action.id in self.handlers():
            self.act(action.id)
        elif self.keys.following(self.context, sequence):
            self._pressed = sequence
            self.foot()
        elif waits:
            self.say(f"{key_name(' '.join(sequence))} does nothing", "warning")
        elif said := self.unused(key):
            self.say(said, "warning")
        else:
            return False
        return True

    def unused(self, key: str) -> str:  # noqa: ARG002  most screens have nothing to say of it
        """What is said of a key that does nothing now; empty where nothing is."""
        return ""

    def act(self, action_id: str) -> None:
        """Does an action, or says why it cannot be done now."""
        self._message = None
        action = BY_ID[action_id]
        reason = reason_against(action, self.situation())
        if reason:
            self.say(reason, "warning")
        else:
            before, self._is_acting = self._is_acting, True
            try:
                self.handlers()[action_id]()
            finally:
                self._is_acting = before
            if self.is_attached:
                self.foot()

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Leaves, and takes along what is over it; a screen that has gone already does not go twice."""
        if self not in self.app.screen_stack:
            return AwaitComplete()
        while self.app.screen is not self:
            self.app.pop_screen()
        return super().dismiss(result)

    def call_after_refresh(self, callback: Callable[..., object], *args: object, **kwargs: object) -> bool:
        """As Textual's, but not where the screen's widgets have gone meanwhile: nothing is left to show it on."""
        return super().call_after_refresh(lambda: callback(*args, **kwargs) if self.query(KeyLine) else None)

    def get_widget_at(self, x: int, y: int) -> tuple[Widget, Region]:
        """What is under the mouse; outside everything it is the screen itself.

        A report from outside (a wheel or a drag past a terminal that was made smaller) finds nothing otherwise, and
        Textual then takes the focus from the field that is typed into.
        """
        try:
            return super().get_widget_at(x, y)
        except NoWidget:
            return self, self.region

    # ---- the foot

    def say(self, text: str, tone: Tone = "plain") -> None:
        """Says something in the foot until the next key."""
        self._message = (text, tone)
        self.foot()

    @property
    def has_said(self) -> bool:
        """Whether the foot says something."""
        return self._message is not None

    def foot(self) -> None:
        """Shows what can follow a key, what has just happened, or the keys that work here; after an action, once."""
        if self._is_acting:
            return
        line = self.query_one(KeyLine)
        if self._pressed:
            first = self._pressed[0]
            now = self.situation()
            following = self.keys.following(self.context, self._pressed)
            # "move to" stands before them, and need not be said again by each.
            hints = [
                one._replace(label=one.label.removeprefix("to "))
                for one in (self._hint(key, action, now) for key, action in following)
            ]
            line.hints(
                [*hints, KeyHint("escape", "cancel")],
                key_name(first) + (f"  {PREFIXES[first].help}" if first in PREFIXES else ""),
            )
        elif self._message:
            line.say(*self._message, self.glyphs)
        else:
            line.hints(self._hints())

    def _hints(self) -> list[KeyHint]:
        now = self.situation()
        hints = [
            (action.shown, self._hint(keys[0], action, now))
            for action in self.actions()
            if action.shown and (keys := self.keys.keys_of(action.id))
        ]
        for key, prefix in PREFIXES.items():
            following = self.keys.following(self.context, (key,)) if prefix.shown else []
            if following:
                enabled = any(reason_against(action, now) is None for _, action in following)
                hints.append((prefix.shown, KeyHint(key, prefix.label, enabled)))
        return [hint for _, hint in sorted(hints)]

    def _hint(self, key: str, action: Action, now: Situation) -> KeyHint:
        return KeyHint(key, self.label_of(action), reason_against(action, now) is None)

    # ---- what can be looked up

    def actions(self) -> list[Action]:
        """What can be done here."""
        known = self.handlers()
        screens = self.situation().screens
        return [
            one
            for one in in_context(self.context)
            if one.id in known and (one.id not in OPENING or one.id in screens)
        ]

    def label_of(self, action: Action) -> str:
        """What an action is called here."""
        return self.WORDS.get(action.id, action.label)

    def ask(
        self,
        dialog: Screen[Answer],
        then: Callable[[Answer], object],
        otherwise: Callable[[], object] | None = None,
    ) -> None:
        """Shows a dialog, and goes on with its answer; where there is none, with `otherwise`, or not at all."""

        def answered(answer: Answer | None) -> None:
            if answer is not None:
                then(answer)
            elif otherwise is not None:
                otherwise()

        self.app.push_screen(dialog, answered)

    def show_dialog(self, dialog: Screen[None]) -> None:
        """Shows a dialog that is only read."""
        self.app.push_screen(dialog)

    def show_help(self) -> None:
        """All keys that work here."""
        self.host.open_help(self.help_groups())

    def help_groups(self) -> list[tuple[str, list[HelpEntry]]]:
        """All actions by heading: keys, label, help, and why one cannot be done now."""
        now = self.situation()
        found: dict[str, list[HelpEntry]] = {group: [] for group in GROUPS}
        for one in self.actions():
            entry = (self.key_list(one), self.label_of(one), one.help, reason_against(one, now))
            found[one.group].append(entry)
        return [(group, entries) for group, entries in found.items() if entries]

    def key_list(self, action: Action) -> str:
        """All keys of an action, as they are shown."""
        return ", ".join(key_name(key) for key in self.keys.keys_of(action.id)) or "no key"

    def screens(self) -> list[tuple[str, str]]:
        """The screens by key and name, for the head line."""
        return [
            (self.keys.shown(action.id), action.label) for action in ACTIONS if action.id in self.host.screens
        ]

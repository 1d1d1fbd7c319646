"""What an action is: its keys, its words, and where it can be done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from .action_context import Enabled, always

Screen = Literal[
    "board", "card", "problems", "assess", "portfolio", "strategy", "timeline", "operate", "flow", "review"
]
Context = Screen | Literal["screen", "trial", "dialog", "text", "pick", "form"]
"""Where keys mean something: a screen, or one that has no actions of its own; a trial on the Timeline; a dialog that is
answered with keys; one line, a list, a form to type into."""
SCREENS: tuple[Screen, ...] = get_args(Screen)
TYPED: tuple[Context, ...] = ("text", "pick", "form")
"""Where visible characters are typed, so that no action can have one for its key."""


@dataclass(frozen=True)
class Action:
    """One thing that can be done, with its keys and its words."""

    id: str
    keys: tuple[str, ...]
    """Each a key (`a`, `ctrl+d`, `?`), or a sequence with spaces (`g g`)."""
    label: str
    """One or two words, for the key line."""
    help: str
    """What it does, in one line."""
    group: str
    contexts: tuple[Context, ...] = ("board",)
    enabled: Enabled = field(default=always, compare=False)
    shown: int = 0
    """Its place on the key line, from 1; 0 where it is not shown there."""
    required: bool = False
    """Whether it must stay reachable whatever a person remaps."""


AROUND = "Move around"
CARDS = "Cards"
CHANGE = "Change"
FIND = "Find"
OPEN = "Screens"
DIALOGS = "Dialogs"
TYPING = "Typing"
KEDGE = "Kedge"

LOOK_BACK = "look back on the cycle: results, estimates, lessons; write it down, and decide what follows"
"""What one key does on most screens, and another on the Timeline, where that one has another use."""

EVERYWHERE: tuple[Context, ...] = (*SCREENS, "screen")
ALWAYS: tuple[Context, ...] = (*EVERYWHERE, "trial")
LISTS: tuple[Context, ...] = (*ALWAYS, "dialog")
WITH_TIME: tuple[Context, ...] = ("timeline", "trial")
IN_SECTIONS: tuple[Context, ...] = ("strategy", "operate")
ASKING: tuple[Context, ...] = ("dialog",)
ON_CARDS: tuple[Context, ...] = ("board", "card")
WITH_DATES: tuple[Context, ...] = (*ON_CARDS, *WITH_TIME)
INSIDE: tuple[Context, ...] = (*(one for one in SCREENS if one != "board"), "screen")

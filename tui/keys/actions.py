"""Everything that a person can do on the board's screens, in its dialogs and in its forms, in one table.

Keys, the key line, the help, the command palette, remapping, `kedge keys` and the documented key table all come from
this table. It is written place by place in `places` and loads without textual, so that a command can print it. What
cannot be done at the moment stays visible and gives its reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .action import AROUND, CARDS, CHANGE, DIALOGS, FIND, KEDGE, OPEN, SCREENS, TYPING, Action, Context
from .action_context import Situation
from .places import (
    assess,
    cards,
    dialogs,
    everywhere,
    fields,
    flow,
    operate,
    portfolio,
    problems,
    review,
    sections,
    strategy,
    timeline,
)

GROUPS = (AROUND, CARDS, CHANGE, FIND, OPEN, DIALOGS, TYPING, KEDGE)
"""Headings of the help, in order."""

ACTIONS: tuple[Action, ...] = (
    *everywhere.MOVES,
    *problems.ACTIONS,
    *assess.ACTIONS,
    *portfolio.ACTIONS,
    *sections.ACTIONS,
    *strategy.ACTIONS,
    *operate.ACTIONS,
    *timeline.ACTIONS,
    *review.ACTIONS,
    *flow.ACTIONS,
    *cards.ACTIONS,
    *everywhere.STEPS,
    *everywhere.FINDS,
    *everywhere.DOORS,
    *dialogs.ACTIONS,
    *fields.ACTIONS,
    *everywhere.REST,
)
"""The order is that of the help and the palette."""

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}
OPENING: tuple[str, ...] = tuple(one.id for one in ACTIONS if one.group == OPEN)
"""The actions that open a screen."""


@dataclass(frozen=True)
class Prefix:
    """The first key of sequences: what it stands for, and its place on the key line."""

    label: str
    help: str
    shown: int = 0


PREFIXES: dict[str, Prefix] = {"g": Prefix("go", "go to"), "m": Prefix("move", "move to", shown=5)}


def in_context(context: Context, actions: Iterable[Action] = ACTIONS) -> list[Action]:
    """What can be done in a place."""
    return [one for one in actions if context in one.contexts]


def where(action: Action) -> str:
    """The places of an action in words; all screens are one word."""
    found = list(action.contexts)
    if set(SCREENS) <= set(found):
        found = ["every screen", *(one for one in found if one not in SCREENS)]
    return ", ".join(one for one in found if one != "screen")


def reason_against(action: Action, now: Situation) -> str | None:
    """Why an action cannot be done now; None where it can."""
    return action.enabled(now)

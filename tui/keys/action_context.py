"""What decides whether an action can be done now, and why it cannot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...model.records.card import Card
    from ...model.records.project import Project
    from ...storage.plan.workspace import Workspace


@dataclass(frozen=True)
class Situation:
    """What an action needs to know to say whether it can be done now."""

    in_project: bool = True
    """Whether one project is open; else the board shows the portfolio."""
    focused: Card | Project | None = None
    on_fold: bool = False
    """Whether the line for finished cards has the focus."""
    row: str = ""
    """What the cursor is on where that is no card: a milestone or a person on the Timeline."""
    targets: tuple[Card, ...] = ()
    """The marked cards, or the focused one."""
    marked: int = 0
    projects: int = 1
    has_project: bool = False
    """Whether one project is in sight."""
    views: int = 0
    read_only: str = ""
    """Why the plan can only be read; empty where it can be written."""
    filter: str = ""
    grouped: bool = False
    """Whether the columns are grouped by something else than at first."""
    is_reading: bool = False
    """Whether the plan is still being read."""
    screens: frozenset[str] = frozenset()
    """The actions whose screens exist."""
    can_stop: bool = False
    """Whether a shell can take the terminal."""
    lacks: Mapping[str, str] = field(default_factory=dict)
    """What the actions of one screen need, by name: why it is not there; the empty text where it is."""


Enabled = Callable[[Situation], str | None]
"""None where an action can be done, else the reason why not."""


def reading_only(workspace: Workspace) -> str:
    """Why a plan can only be read; empty where it can be written."""
    return workspace.barred.message if workspace.barred is not None else ""


def always(_: Situation) -> str | None:
    """For what can be done at any time."""
    return None


def all_of(*conditions: Enabled) -> Enabled:
    """For what needs several things: the first reason against it."""
    return lambda now: next((reason for one in conditions if (reason := one(now)) is not None), None)


def needs(*names: str) -> Enabled:
    """For what needs something of its own screen; the screen says why that is not there."""
    return lambda now: next((now.lacks[name] for name in names if now.lacks[name]), None)


def read(now: Situation) -> str | None:
    """For what needs the plan."""
    return "the plan is still being read" if now.is_reading else None


def writable(now: Situation) -> str | None:
    """For what writes to the plan."""
    return read(now) or now.read_only or None


def with_screen(action: str, label: str) -> Enabled:
    """For what opens a screen."""
    missing = f"the {label} screen is not there yet"
    return all_of(read, lambda now: None if action in now.screens else missing)


def with_shell(now: Situation) -> str | None:
    """For what gives the terminal back for a while."""
    return None if now.can_stop else "there is no shell here to go back to"


def on_row(enabled: Enabled, *rows: str) -> Enabled:
    """For what works on some rows that are no cards, too."""
    return lambda now: None if now.row in rows else enabled(now)


def _no_card(now: Situation) -> str:
    """What is under the cursor in place of a card; empty where nothing is."""
    if now.on_fold:
        return "finished cards are in one line here: Enter shows them"
    return f"this works on cards, and the cursor is on a {now.row}" if now.row else ""


def with_cards(now: Situation) -> str | None:
    """For what works on the focused card or on the marked ones."""
    if not now.in_project:
        return "this works on cards: Enter opens the project"
    return writable(now) or (None if now.targets else _no_card(now) or "there is no card here: a adds one")


def with_one_card(now: Situation) -> str | None:
    """For what works on one card only."""
    return with_cards(now) or ("several cards are marked: this works on one" if now.marked > 1 else None)


def with_focus(now: Situation) -> str | None:
    """For what looks at the focused card or project."""
    if now.focused is not None:
        return None
    return _no_card(now) or "nothing is focused: a adds a card"


def with_stop(now: Situation) -> str | None:
    """For what opens what is focused: a card, a project, or finished cards in one line."""
    return None if now.on_fold else with_focus(now)


def with_editable_focus(now: Situation) -> str | None:
    """For what changes the focused card or project."""
    return writable(now) or with_focus(now)


def with_single_focus(now: Situation) -> str | None:
    """For what changes one focused thing, and not the marked ones."""
    return with_editable_focus(now) or (
        "several cards are marked: this works on one" if now.marked > 1 else None
    )


def with_work(now: Situation) -> str | None:
    """For what moves cards, or a project on the portfolio."""
    return with_cards(now) if now.in_project else with_editable_focus(now)


def in_a_project(now: Situation) -> str | None:
    """For what needs an open project."""
    return None if now.in_project else "this works on cards: Enter opens the project"


with_card = all_of(in_a_project, with_focus)
"""For what only looks at the focused card."""


def with_project(now: Situation) -> str | None:
    """For what is about the project in sight."""
    return read(now) or (
        None if now.has_project else "no single project is shown: Enter opens one, p picks one"
    )


def with_projects(now: Situation) -> str | None:
    """For what switches between projects."""
    return None if now.projects > 1 else "the plan has one project"


def with_views(now: Situation) -> str | None:
    """For what picks a saved view."""
    if now.views or now.filter or now.grouped:
        return None
    return "no views are saved: filter with / and press f to save it"

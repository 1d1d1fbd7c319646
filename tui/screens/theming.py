"""Choosing the colours: at once on the screen, and kept in the person's settings."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ...storage.disk.errors import KedgeError
from ...storage.disk.userconfig import write_setting
from ..dialogs import Pick, PickItem
from ..draw.styles import THEMES

if TYPE_CHECKING:
    from .plan_screen import PlanScreen

_TERMINALS_OWN = {
    "ansi-dark": "the terminal's own colours, on a dark ground",
    "ansi-light": "the terminal's own colours, on a light ground",
}


def pick_theme(screen: PlanScreen) -> None:
    """Lists the themes, Kedge's own and those with the terminal's colours first."""
    themes = screen.app.available_themes
    first = [name for name in (*(one.name for one in THEMES), *_TERMINALS_OWN) if name in themes]
    names = [*first, *sorted(name for name in themes if name not in first)]
    items = [PickItem(name, name, _about(screen, name)) for name in names]
    screen.ask(Pick("Colours", items), lambda keys: _take(screen, keys[0]))


def _about(screen: PlanScreen, name: str) -> str:
    ground = "dark" if screen.app.available_themes[name].dark else "light"
    words = _TERMINALS_OWN.get(name, ground)
    return f"{words}, as now" if name == screen.app.theme else words


def _take(screen: PlanScreen, name: str) -> None:
    screen.app.theme = name
    if screen.app.no_color:
        screen.say(f"theme {name}; no colour is shown, since NO_COLOR is set", "warning")
        return
    try:
        path = write_setting(os.environ, "theme", name)
    except KedgeError as error:
        screen.say(f"theme {name}, until you leave: {error.message}", "warning")
    else:
        screen.say(f"theme {name}, kept in {path}", "good")

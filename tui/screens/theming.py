"""Choosing the colours: at once on the screen, and kept in the person's settings."""

from __future__ import annotations

import os

from textual.app import App

from ...storage.disk.errors import KedgeError
from ...storage.disk.userconfig import write_setting
from ..dialogs.pick import Pick, PickItem
from ..draw.styles import THEMES
from .contract import ActsOnPlan

_TERMINALS_OWN = {
    "ansi-dark": "the terminal's own colours, on a dark ground",
    "ansi-light": "the terminal's own colours, on a light ground",
}


def pick_theme(screen: ActsOnPlan, app: App[None]) -> None:
    """Lists the themes, Kedge's own and those with the terminal's colours first."""
    themes = app.available_themes
    first = [name for name in (*(one.name for one in THEMES), *_TERMINALS_OWN) if name in themes]
    names = [*first, *sorted(name for name in themes if name not in first)]
    items = [PickItem(name, name, _about(app, name)) for name in names]
    screen.ask(Pick("Colours", items), lambda keys: _take(screen, app, keys[0]))


def _about(app: App[None], name: str) -> str:
    ground = "dark" if app.available_themes[name].dark else "light"
    words = _TERMINALS_OWN.get(name, ground)
    return f"{words}, as now" if name == app.theme else words


def _take(screen: ActsOnPlan, app: App[None], name: str) -> None:
    app.theme = name
    if app.no_color:
        screen.say(f"theme {name}; no colour is shown, since NO_COLOR is set", "warning")
        return
    try:
        path = write_setting(os.environ, "theme", name)
    except KedgeError as error:
        screen.say(f"theme {name}, until you leave: {error.message}", "warning")
    else:
        screen.say(f"theme {name}, kept in {path}", "good")

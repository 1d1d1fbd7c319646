"""What tests of screens with sections (Strategy, Operate) share: what is on the screen, and how a row is reached."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen

from kedge.tui.widgets.lines import LineView

from .driver import Driver


async def settled(on: Driver) -> None:
    """Waits until what was asked for is written, known and drawn."""
    await on.saved()
    await on.found_out()
    await on.pilot.pause()


def view(screen: Screen[Any], name: str = ".rows") -> LineView:
    """A list of the screen."""
    return screen.query_one(name, LineView)


def text(screen: Screen[Any], name: str = ".rows") -> str:
    """All rows of a list, in sight or not."""
    return "\n".join(one.text for one in view(screen, name).lines)


def row(screen: Screen[Any], part: str) -> str:
    """The first row that has a text in it."""
    return next(one for one in text(screen).split("\n") if part in one)

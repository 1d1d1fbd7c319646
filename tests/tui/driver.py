"""Driving the board in tests: a plan that is made card by card, and the app pressed by the ids of its actions."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from rich.segment import Segment
from textual.pilot import Pilot
from textual.strip import Strip

from kedge.model.records.card import Card
from kedge.storage.plan.workspace import Workspace
from kedge.tui.app.app import KedgeApp
from kedge.tui.board.board import BoardScreen
from kedge.tui.board.board_view import BoardView

from .waiting import ended, idle, until

TODAY = dt.date(2026, 11, 21)
_PILOT_KEYS = {
    "?": "question_mark",
    "/": "slash",
    ":": "colon",
    "<": "less_than_sign",
    ">": "greater_than_sign",
    "@": "at",
    "#": "number_sign",
    "~": "tilde",
    "!": "exclamation_mark",
    " ": "space",
    "+": "plus",
    "-": "minus",
    ",": "comma",
    ".": "full_stop",
}


def write(path: Path, text: str) -> None:
    """Writes a file, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


class PlanFolder:
    """A plan that a test makes card by card."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "plan"
        write(self.root / "board.toml", 'format = 1\ntitle = "Test"\n')
        for person in ("mira", "sam"):
            write(self.root / "people" / f"{person}.toml", f'name = "{person.title()} Test"\n')

    def project(self, name: str, phase: str = "execute", rank: str = "a0", more: str = "") -> None:
        """Adds a project."""
        text = f'title = "Project {name}"\nphase = "{phase}"\nrank = "{rank}"\n{more}'
        write(self.root / "projects" / name / "project.toml", text)

    def card(
        self, name: str, place: str = "execute", more: str = "", project: str = "churn", title: str = ""
    ) -> Path:
        """Adds a card; cards of a place stand in the order in which they are added."""
        folder = self.root / "projects" / project / "cards"
        rank = f"b{len(list(folder.glob('*'))) if folder.is_dir() else 0:02d}"
        path = folder / f"{name}.toml"
        title = title or f"Card {name}"
        write(path, f'title = "{title}"\n\nplace = "{place}"\nrank = "{rank}"\n\n{more}')
        return path

    def path(self, name: str, project: str = "churn") -> Path:
        """The file of a card."""
        return self.root / "projects" / project / "cards" / f"{name}.toml"


class Driver:
    """The app with a pilot, driven by the ids of actions."""

    def __init__(self, app: KedgeApp, pilot: Pilot[Any], root: Path) -> None:
        self.app = app
        self.pilot = pilot
        self.root = root

    @property
    def board(self) -> BoardScreen:
        """The board."""
        return self.app.board

    @property
    def view(self) -> BoardView:
        """The widget with the columns."""
        return self.board.query_one(BoardView)

    @property
    def focus(self) -> str:
        """The id of the focused card."""
        return self.board.state.focus

    async def press(self, *keys: str) -> None:
        """Presses keys, as the keymap writes them."""
        await self.pilot.press(*(_PILOT_KEYS.get(key, key) for key in keys))
        await self.app.typed.done()
        await idle()

    async def act(self, *actions: str) -> None:
        """Presses the first key, or sequence of keys, of each action."""
        for action in actions:
            await self.press(*self.app.host.keys.keys_of(action)[0].split(" "))

    async def type(self, text: str) -> None:
        """Types a text."""
        await self.press(*text)

    async def saved(self) -> None:
        """Waits until everything asked for so far is on disk, and the board has heard of it."""
        session = self.app.session
        assert session is not None
        await ended(lambda: session.is_busy, session.wait)

    async def found_out(self) -> None:
        """Waits until the session's worker has found out everything, and the screens have heard of it."""
        assert self.app.session is not None
        worker = self.app.session.worker
        await ended(lambda: worker.is_busy, worker.wait)

    async def until(self, shown: str | Callable[[], object]) -> None:
        """Waits for a text on the screen, or until something holds that threads or processes work at."""
        if isinstance(shown, str):
            await until(lambda: shown in self.text(), lambda: f"{shown!r} on the screen\n{self.text()}")
        else:
            await until(shown, lambda: f"what was waited for\n{self.text()}")

    async def save_form(self) -> None:
        """Presses save in a form, and waits until it has decided what to do."""
        await self.act("form.save")
        await self.app.workers.wait_for_complete([one for one in self.app.workers if one.group == "save"])

    async def go_to(self, card: str) -> None:
        """Puts the focus on a card."""
        from kedge.tui.board.board_find import show_card

        show_card(self.board, card)
        await self.pilot.pause()
        assert self.focus == card

    def card(self, name: str) -> Card:
        """A card as the board has it."""
        return self.board.plan.cards[name]

    def on_disk(self) -> dict[str, Card]:
        """The cards as they are on disk now."""
        return dict(Workspace.open(str(self.root), os.environ).plan.cards)

    def foot(self) -> str:
        """The last line of the screen."""
        return self.lines()[-1].strip()

    def lines(self) -> list[str]:
        """The screen as text; of a dialog without the board that shines through around it."""
        strips = self.app.screen._compositor.render_strips()
        frames = self.app.screen.query(".frame")
        if frames:
            box = frames.first().region
            strips = [
                Strip([Segment(" " * box.x), *strip.crop(box.x, box.right)])
                if box.y <= y < box.bottom
                else Strip.blank(1)
                for y, strip in enumerate(strips)
            ]
        return [strip.text.rstrip() for strip in strips]

    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines())


Start = Callable[..., AbstractAsyncContextManager[Driver]]

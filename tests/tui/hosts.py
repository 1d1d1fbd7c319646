"""Small apps that show one dialog or screen, for tests that press keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from kedge.storage.plan.workspace import Workspace
from kedge.tui.app.host import ScreenHost
from kedge.tui.board.board import BoardScreen
from kedge.tui.draw.glyphs import UNICODE
from kedge.tui.keys.keymap import SHIPPED
from kedge.tui.session.session import Event, Session
from kedge.tui.widgets.host import HostedApp

from .waiting import ended

TODAY = dt.date(2026, 11, 21)
OPEN = object()
"""The answer of a screen that is still open."""


def text_of(app: App[Any]) -> str:
    """Everything on the screen, as plain text."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


class Host(HostedApp):
    """Shows one screen and keeps its answer."""

    def __init__(self, screen: Screen[Any] | None = None) -> None:
        super().__init__()
        board = BoardScreen(TODAY, "", lambda: None)
        self._host = ScreenHost(self, board, SHIPPED, UNICODE, TODAY, lambda: None)
        self.first = screen
        self.answer: Any = OPEN
        self.shown = ""
        self.foot = 0
        """The row below the dialog's keys."""

    @property
    def host(self) -> ScreenHost:
        return self._host

    def on_mount(self) -> None:
        if self.first:
            self.open(self.first)

    def open(self, screen: Screen[Any]) -> None:
        self.push_screen(screen, self._keep)

    def _keep(self, answer: Any) -> None:
        self.answer = answer


async def pressed(screen: Screen[Any], *keys: str, size: tuple[int, int] = (80, 24)) -> Host:
    """The host after some keys, with what it showed then."""
    app = Host(screen)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        app.shown = text_of(app)
        app.foot = max((one.region.bottom for one in app.screen.query("KeyLine")), default=0)
    return app


class SessionHost(Host):
    """A host with an open plan; what happens to its steps goes to the screens that want to know."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self.root = root
        workspace = Workspace.open(str(root), {"KEDGE_STATE": str(root.parent / "state")})
        self.events: list[Event] = []
        self.session = self.host.opened = Session(workspace, TODAY, self._happened)

    def _happened(self, event: Event) -> None:
        # As the app does: the writer's thread waits for nobody, who may be waiting for it.
        self.call_later(self._tell, event)

    def _tell(self, event: Event) -> None:
        self.events.append(event)
        self.host.tell(event)

    def on_unmount(self) -> None:
        self.session.close()

    async def settle(self, pilot: Pilot[None]) -> None:
        """Waits until every step has been written, and the screens have heard of it."""
        session, worker = self.session, self.session.worker
        await ended(lambda: session.is_busy or worker.is_busy, lambda: (session.wait(), worker.wait()))


def write(root: Path, files: Mapping[str, str]) -> Path:
    """Writes files below a folder, and gives the folder."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return root

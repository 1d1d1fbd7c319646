"""Opening and filling a form, for tests of what comes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from kedge.model.records.address import Address
from kedge.tests.tui.hosts import SessionHost, write
from kedge.tui.forms.form import FormScreen

CARD = Address("card", "churn", "feature-table-7k2m")
FILE = "projects/churn/cards/feature-table-7k2m.toml"
FILES = {
    "board.toml": "format = 1\n",
    "people/mira.toml": 'name = "Mira Solberg"\n',
    "people/sam.toml": 'name = "Sam Okoro"\n',
    "projects/churn/project.toml": 'title = "Churn"\nphase = "execute"\n\n[effort]\nml = 2\n',
    "projects/churn/strategy.toml": '[metrics.recall]\ntitle = "Recall"\ntarget = 0.8\n',
    FILE: '# kept\ntitle = "Build the feature table"\nplace = "execute"\nrank = "a1"\nstatus = "todo"\n'
    'owner = "mira"\nneeds = ["label-audit-9x4p SS+2d"]\ntags = ["data"]\nlinks = ["a, b", "c"]\n'
    'notes = """\nOne.\nTwo.\n"""\n',
    "projects/churn/cards/label-audit-9x4p.toml": 'title = "Audit the labels"\nplace = "execute"\nrank = "a2"\n',
}

Shown = tuple[SessionHost, Pilot[None], FormScreen]


@pytest.fixture
def form(tmp_path: Path) -> Callable[..., AbstractAsyncContextManager[Shown]]:
    """Opens a form on a plan."""
    root = write(tmp_path / "plan", FILES)

    @asynccontextmanager
    async def opened(
        make: Callable[[Any], FormScreen] = lambda session: FormScreen(session, CARD),
        size: tuple[int, int] = (80, 24),
    ) -> AsyncIterator[Shown]:
        app = SessionHost(root)
        async with app.run_test(size=size) as pilot:
            screen = make(app.session)
            app.open(screen)
            await pilot.pause()
            yield app, pilot, screen

    return opened


async def fill(shown: Shown, field: str, text: str) -> None:
    """Types into a field, in the place of what stands there."""
    _, pilot, screen = shown
    screen.view.go_to_path(tuple(field.split(".")))
    await pilot.pause()
    if screen.view.field.choices:
        screen.view.put(text)
    else:
        screen.query_one(Input).value = text
    await pilot.pause()


async def unfold(shown: Shown) -> None:
    """Shows the fields that are rarely needed."""
    _, pilot, screen = shown
    screen.view.fold(unfolded=True)
    screen.view.redraw()
    await pilot.pause()


async def save(shown: Shown) -> None:
    app, pilot, _ = shown
    await pilot.press("ctrl+s")
    await app.settle(pilot)


def on_disk(app: SessionHost, path: str = FILE) -> str:
    return (app.root / path).read_text()

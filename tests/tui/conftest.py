"""What the board's tests share: a machine of their own, a plan, the app on it, and snapshots of its screen."""

from __future__ import annotations

import asyncio
import difflib
import os
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from kedge.storage.plan.workspace import Workspace
from kedge.tui.app.app import KedgeApp
from kedge.tui.draw.glyphs import ASCII, UNICODE

from .asking import asked  # noqa: F401  a fixture of several modules
from .driver import TODAY, Driver, PlanFolder, Start, write
from .filling import form  # noqa: F401  a fixture of several modules
from .waiting import idle

SNAPSHOTS = Path(__file__).parent / "snapshots"
REWRITE = "KEDGE_REWRITE_SNAPSHOTS"


@pytest.fixture(autouse=True)
def _own_machine(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The person's settings, undo steps, git and terminal have no say in a test."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for name in (
        "XDG_CONFIG_HOME",
        "XDG_STATE_HOME",
        "KEDGE_CONFIG",
        "KEDGE_PLAN",
        "NO_COLOR",
        "COLUMNS",
        "LINES",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KEDGE_STATE", str(home / "state"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pilot returns as soon as there is nothing left to do, and steps are written at once."""
    monkeypatch.setattr("textual.app.wait_for_idle", idle)
    monkeypatch.setattr("textual.pilot.wait_for_idle", idle)
    monkeypatch.setattr("kedge.tui.session.session.PAINT_FIRST", 0)
    # What comes when the cursor has rested is asked for by the test that looks at it.
    monkeypatch.setattr("kedge.tui.timeline.timeline_screen.REST", 3600)


@pytest.fixture
def plan(tmp_path: Path) -> PlanFolder:
    """A plan with one project and cards in three columns."""
    made = PlanFolder(tmp_path)
    made.project("churn")
    made.card("ask-users", "assess/discovery", 'status = "done"\nowner = "mira"\n')
    made.card("budget", "plan/architect", 'status = "doing"\nowner = "sam"\nestimate = [1, 2, 4]\n')
    made.card("snapshot", "execute/data-pipeline", 'owner = "sam"\n')
    made.card("features", "execute/data-pipeline", 'status = "doing"\nowner = "mira"\ndue = 2026-11-27\n')
    made.card("labels", "execute/data-pipeline", 'owner = "mira"\nneeds = ["features"]\n')
    made.card("train", "execute/training-pipeline", 'needs = ["features", "labels"]\ndue = 2026-11-01\n')
    return made


@pytest.fixture
def start() -> Start:
    """Starts the board on a plan: `async with start(plan.root) as driver`; options are those of the app."""

    @asynccontextmanager
    async def started(
        root: Path, size: tuple[int, int] = (120, 30), *, ascii_only: bool = False, **options: Any
    ) -> AsyncIterator[Driver]:
        loading: Future[Workspace] = Future()
        loading.set_result(Workspace.open(str(root), os.environ))
        app = KedgeApp(
            loading,
            today=TODAY,
            glyphs=ASCII if ascii_only else UNICODE,
            environment=os.environ,
            background=False,
            **options,
        )
        try:
            async with app.run_test(size=size, notifications=True) as pilot:
                await pilot.pause()
                yield Driver(app, pilot, root)
        finally:
            app.close()

    return started


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pilot that waits until what it sent has been worked off, not until the processor has nothing to do."""

    async def once(*_: float) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr("textual.app.wait_for_idle", once)
    monkeypatch.setattr("textual.pilot.wait_for_idle", once)


@pytest.fixture
def matches_snapshot(request: pytest.FixtureRequest) -> Callable[[str, Sequence[str]], None]:
    """Compares lines with a stored text; KEDGE_REWRITE_SNAPSHOTS=1 writes it anew."""

    def compare(name: str, lines: Sequence[str]) -> None:
        path = SNAPSHOTS / f"{name}.txt"
        text = "\n".join(lines) + "\n"
        if os.environ.get(REWRITE):
            write(path, text)
            return
        if not path.is_file():
            pytest.fail(f"there is no snapshot {path.name}; make it with {REWRITE}=1 and look at it")
        stored = path.read_text(encoding="utf-8")
        if stored != text:
            difference = difflib.unified_diff(
                stored.splitlines(), text.splitlines(), "stored", "now", lineterm=""
            )
            pytest.fail(f"{request.node.name}: {name} looks different\n" + "\n".join(difference))

    return compare

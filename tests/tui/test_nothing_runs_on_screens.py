"""No screen of the board runs anything of a repository."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kedge.storage.disk.repository import GitProblem
from kedge.tui.app.screens import SCREENS
from kedge.tui.card.card_screen import CardScreen
from kedge.tui.dialogs.ask import Ask
from kedge.tui.dialogs.pick import Pick
from kedge.tui.keys.actions import ACTIONS
from kedge.tui.review.scenarios import ScenarioTable
from kedge.tui.screens.cycle_review import CycleDialog
from kedge.tui.widgets.head_line import HeadLine

from ..hostile import Hostile
from .driver import Driver, Start

SAMPLES = Path(__file__).parents[2] / "samples"
_IN_CONFLICT = "plan/projects/churn/cards/drift-of-twelve-inputs-against-the-4zs6.toml"


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hostile:
    made = Hostile(tmp_path, SAMPLES / "churn" / "plan")
    for name, value in {**made.environment, **made.loud}.items():
        monkeypatch.setenv(name, value)
    return made


async def test_every_screen_in_a_hostile_repository(
    hostile: Hostile, monkeypatch: pytest.MonkeyPatch, start: Start
) -> None:
    started: list[Sequence[str]] = []
    real = subprocess.Popen

    def started_by(command: Sequence[str], *more: Any, **options: Any) -> Any:
        started.append(command)
        return real(command, *more, **options)

    monkeypatch.setattr(subprocess, "Popen", started_by)
    seen: set[type] = set()
    async with start(hostile.plan) as on:
        on.app.background.look()
        await on.found_out()
        # Git was asked, and it knew.
        assert on.app.host.heading.branch == "main"
        assert "main" in "".join(piece[0] for line in on.board.query_one(HeadLine).lines for piece in line)
        for action in ("focus.open", *(one.id for one in ACTIONS if one.id.startswith("screen."))):
            hostile.touch()
            await on.act(action)
            on.app.background.look()
            await on.found_out()
            seen.add(type(on.app.screen))
            screen = on.app.screen
            if isinstance(screen, CardScreen):
                known = screen._known
                assert known is not None
                assert known.history
                assert not isinstance(known.history, GitProblem)
            if screen is not on.board:
                await on.press("escape")
        # What a merge left in question is looked at, and settled.
        hostile.conflict(_IN_CONFLICT)
        await on.act("screen.problems", "plan.settle")
        await on.until(lambda: isinstance(on.app.screen, Ask))
        await on.press("o")
        await on.saved()
        await on.found_out()
    assert hostile.ran() == set()
    assert seen >= {CardScreen, *(entry.load() for entry in SCREENS.values())}
    assert len(started) > len(seen)
    assert {Path(command[0]).name for command in started} == {"git"}


async def test_what_screens_ask_of_other_revisions(hostile: Hostile, start: Start) -> None:
    hostile.git("branch", "later")
    hostile.forget()

    async def known(on: Driver) -> None:
        await on.app.workers.wait_for_complete()
        await on.saved()
        await on.found_out()

    async def act(on: Driver, *actions: str) -> None:
        for action in actions:
            hostile.touch()
            await on.act(action)
            await known(on)

    async with start(hostile.plan, size=(120, 40)) as on:
        await act(on, "screen.review", "review.sides")
        await on.type("HEAD~1 HEAD")
        await on.press("enter")
        await known(on)
        await act(on, "review.page", "review.scenarios")
        assert isinstance(on.app.screen, Pick)
        for name in ("main", "later"):
            await on.type(name)
            await on.press("enter")
        await on.press("enter")
        await known(on)
        assert isinstance(on.app.screen, ScenarioTable)
        await on.press("escape")
        await act(on, "screen.timeline", "time.baseline")
        assert isinstance(on.app.screen, Pick)
        on.app.screen.take("HEAD")
        await known(on)
        assert "baseline HEAD" in on.text()
        await act(on, "screen.flow", "cycle.review")
        assert isinstance(on.app.screen, CycleDialog)
        await on.press("escape")
        await act(on, "screen.operate", "metric.refresh", "screen.strategy", "metric.refresh")
    assert hostile.ran() == set()


async def test_the_head_line_says_why_git_does_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: Start
) -> None:
    hostile = Hostile(tmp_path, SAMPLES / "tiny" / "plan")
    monkeypatch.setattr("kedge.storage.git.process.TIMEOUT", 0.0)
    async with start(hostile.plan) as on:
        on.app.background.look()
        await on.found_out()
        assert "git did not answer in time" in on.lines()[0]
        await on.act("focus.open")
        await on.found_out()
        assert "git did not answer in time" in on.text()
        assert "not in a commit yet" not in on.text()

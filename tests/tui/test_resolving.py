"""What a merge left in question, settled on the board: three sides of each, choose or type."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from kedge.tests.storage.repositories import commit, git, write
from kedge.tests.tui.hosts import SessionHost, text_of
from kedge.tui.dialogs.ask import Ask
from kedge.tui.dialogs.prompt import Prompt
from kedge.tui.keys.keymap import Keymap
from kedge.tui.problems.problems_screen import ProblemsScreen

CARDS = "plan/projects/churn/cards"
CARD, NEW = f"{CARDS}/table-7k2m.toml", f"{CARDS}/new-9x4p.toml"
BASE = 'title = "Table"\nplace = "execute"\nstatus = "todo"\n\nestimate = [2, 3, 8]\n'
OURS = BASE.replace("todo", "doing").replace("[2, 3, 8]", "[3, 3, 8]")
THEIRS = BASE.replace("todo", "done").replace("[2, 3, 8]", "[2, 5, 9]")


def merging(top: Path) -> Path:
    """A repository in the middle of a merge: a card that both changed, and one that both made."""
    write(top, {"plan/board.toml": "format = 1\n", "plan/projects/churn/project.toml": 'title = "Churn"\n'})
    git(top, "init", "-q", "-b", "main")
    commit(top, "base", {CARD: BASE})
    git(top, "checkout", "-q", "-b", "side")
    commit(top, "theirs", {CARD: THEIRS, NEW: 'title = "Theirs"\n'})
    git(top, "checkout", "-q", "main")
    commit(top, "ours", {CARD: OURS, NEW: 'title = "Ours"\n'})
    git(top, "merge", "-q", "side", check=False)
    return top


@asynccontextmanager
async def problems(top: Path) -> AsyncIterator[tuple[SessionHost, Pilot[None]]]:
    app = SessionHost(top / "plan")
    app.session.workspace.environment = dict(os.environ)
    async with app.run_test(size=(100, 30)) as pilot:
        app.open(ProblemsScreen(app.session))
        await app.settle(pilot)
        yield app, pilot


async def press(app: SessionHost, pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await app.settle(pilot)


async def test_each_question_is_asked_with_its_three_sides_until_all_is_settled(tmp_path: Path) -> None:
    top = merging(tmp_path / "work")
    async with problems(top) as (app, pilot):
        await press(app, pilot, *Keymap().keys_of("plan.settle"))
        assert isinstance(app.screen, Ask)
        shown = text_of(app)
        assert '"Ours"' in shown
        assert '"Theirs"' in shown
        await press(app, pilot, "k", "t")
        shown = text_of(app)
        assert 'Estimate of "Table", 2 of 2' in shown
        assert all(text in shown for text in ("[2, 3, 8]", "[3, 3, 8]", "[2, 5, 9]"))
        await press(app, pilot, "e")
        assert isinstance(app.screen, Prompt)
        await press(app, pilot, *"9/1", "enter")
        assert isinstance(app.screen, Prompt), "a value that does not fit stays in the line"
        await press(app, pilot, *["backspace"] * 3, *"1/2/4", "enter")
        assert "settled: git commit" in text_of(app)
        assert app.session.plan.cards["table-7k2m"].estimate == (1, 2, 4)
    assert (top / CARD).read_text() == THEIRS.replace("[2, 5, 9]", "[1, 2, 4]")
    assert (top / NEW).read_text() == 'title = "Ours"\n'
    assert git(top, "diff", "--name-only", "--diff-filter=U") == ""


async def test_what_is_left_stays_in_conflict_and_what_was_chosen_is_kept(tmp_path: Path) -> None:
    top = merging(tmp_path / "work")
    async with problems(top) as (app, pilot):
        await press(app, pilot, *Keymap().keys_of("plan.settle"), "s", "o", "escape")
        assert "still in conflict" in text_of(app)
        await press(app, pilot, *Keymap().keys_of("plan.settle"), "s")
        assert 'Estimate of "Table", 2 of 2' in text_of(app)
        await press(app, pilot, "escape")
    assert len(git(top, "diff", "--name-only", "--diff-filter=U").splitlines()) == 2
    assert 'status = "doing"' in (top / CARD).read_text()


async def test_without_a_conflict_it_says_so(tmp_path: Path) -> None:
    top = merging(tmp_path / "work")
    git(top, "merge", "--abort")
    async with problems(top) as (app, pilot):
        await press(app, pilot, *Keymap().keys_of("plan.settle"))
        assert "no file of the plan is in conflict" in text_of(app)

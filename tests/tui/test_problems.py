"""Problems: the list by rule and by file, the way to the place, and fixes that are looked at first."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from kedge.tests.tui.disks import git
from kedge.tests.tui.driver import Start
from kedge.tests.tui.hosts import OPEN, SessionHost, text_of, write
from kedge.tui.card.card_screen import CardScreen
from kedge.tui.dialogs.ask import Ask
from kedge.tui.dialogs.message import Message
from kedge.tui.forms import editor
from kedge.tui.keys.keymap import Keymap
from kedge.tui.problems.problems_screen import ProblemsScreen
from kedge.tui.widgets.lines import LineView

GOOD = "projects/churn/cards/good-bcdf.toml"
BROKEN = "projects/churn/cards/broken-ghjk.toml"
FILES = {
    "board.toml": "format = 1\n",
    "projects/churn/project.toml": 'title = "Churn"\n',
    GOOD: 'title = "Good [b]"\nplace = "execute"\nneeds = ["nothing-7k2m", "good-bcdf"]\n',
    BROKEN: 'title = "ok"\nplace = "execute\n',
}
Shown = tuple[SessionHost, Pilot[None], ProblemsScreen]


@pytest.fixture
def problems(tmp_path: Path) -> Callable[..., AbstractAsyncContextManager[Shown]]:
    """Opens the screen on a plan."""

    @asynccontextmanager
    async def opened(
        files: dict[str, str] = FILES, size: tuple[int, int] = (100, 30)
    ) -> AsyncIterator[Shown]:
        app = SessionHost(write(tmp_path / "plan", files))
        async with app.run_test(size=size) as pilot:
            screen = ProblemsScreen(app.session)
            app.open(screen)
            await looked(app, pilot)
            yield app, pilot, screen

    return opened


async def looked(app: SessionHost, pilot: Pilot[None]) -> None:
    await app.settle(pilot)


async def do(shown: Shown, action: str) -> None:
    """Presses the key of an action."""
    await shown[1].press(*Keymap().keys_of(action)[0].split())
    await shown[1].pause()


def go_to(screen: ProblemsScreen, code: str) -> None:
    view = screen.query_one(LineView)
    view.go_to(next(one.key for one in view.lines if isinstance(one.key, tuple) and one.key[0] == code))


async def test_findings_are_listed_by_rule_and_by_file(problems: Any) -> None:
    async with problems() as shown:
        app, _, screen = shown
        assert "by rule" in text_of(app)
        assert "F101" in text_of(app)
        codes = {one.code for one in screen.findings}
        assert {"F101", "R201", "R206"} <= codes
        await do(shown, "problem.group")
        assert "by file" in text_of(app)
        assert BROKEN in text_of(app)


async def test_rows_are_as_wide_as_what_the_scroll_bar_leaves(problems: Any) -> None:
    async with problems(size=(60, 9)) as (_, pilot, screen):
        view = screen.query_one(LineView)
        assert view.show_vertical_scrollbar
        assert max(one.cells for one in view.lines) + 2 <= view.scrollable_content_region.width
        await pilot.resize_terminal(60, 40)
        await pilot.pause()
        assert not view.show_vertical_scrollbar
        assert max(one.cells for one in view.lines) + 2 == view.scrollable_content_region.width


async def test_enter_goes_to_the_card(problems: Any) -> None:
    async with problems() as shown:
        app, _, screen = shown
        go_to(screen, "R206")
        await do(shown, "problem.open")
        assert isinstance(app.screen, CardScreen)
        assert app.screen.card_id == "good-bcdf"


async def test_enter_on_a_broken_file_opens_the_editor_at_the_line_and_the_finding_goes(
    problems: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[Sequence[str]] = []

    def run(words: Sequence[str]) -> int:
        commands.append(words)
        Path(words[-1]).write_text('title = "ok"\nplace = "execute"\n')
        return 0

    monkeypatch.setenv("VISUAL", "vi")
    monkeypatch.setattr(editor, "in_terminal", lambda _: run)
    async with problems() as shown:
        app, pilot, screen = shown
        go_to(screen, "F101")
        await do(shown, "problem.open")
        await app.workers.wait_for_complete([one for one in app.workers if one.group == "editor"])
        await looked(app, pilot)
        assert commands[0][1] == "+2"
        assert "F101" not in {one.code for one in screen.findings}
        assert (app.root / BROKEN).read_text().endswith('"execute"\n')


async def test_a_fix_is_shown_before_it_is_made(problems: Any) -> None:
    async with problems() as shown:
        app, pilot, screen = shown
        go_to(screen, "R206")
        await do(shown, "problem.fix")
        assert isinstance(app.screen, Ask)
        assert "-needs = " in text_of(app)
        await pilot.press("n")
        await looked(app, pilot)
        assert (app.root / GOOD).read_text() == FILES[GOOD]
        await do(shown, "problem.fix")
        await pilot.press("f")
        await looked(app, pilot)
        assert '"good-bcdf"' not in (app.root / GOOD).read_text()
        assert "R206" not in {one.code for one in screen.findings}
        go_to(screen, "R201")
        await do(shown, "problem.fix")
        assert app.screen is screen
        assert "no fix" in text_of(app)


async def test_the_preview_of_a_file_with_carriage_returns_shows_its_lines_alone(problems: Any) -> None:
    files = {**FILES, GOOD: FILES[GOOD].replace("\n", "\r\n")}
    async with problems(files) as shown:
        go_to(shown[2], "R206")
        await do(shown, "problem.fix")
        assert isinstance(shown[0].screen, Ask)
        assert "-needs = " in text_of(shown[0])
        assert "\\x0d" not in text_of(shown[0])


async def test_the_palette_goes_to_a_card_and_does_a_command(problems: Any) -> None:
    async with problems() as shown:
        app, pilot, screen = shown
        await do(shown, "find.command")
        await pilot.press(*"list by rule", "enter")
        await pilot.pause()
        assert screen.by_file
        await do(shown, "find.command")
        await pilot.press(*"good-bcdf", "enter")
        await pilot.pause()
        assert isinstance(app.screen, CardScreen)


async def test_why_explains_the_rule(problems: Any) -> None:
    async with problems() as shown:
        go_to(shown[2], "R206")
        await do(shown, "problem.why")
        assert isinstance(shown[0].screen, Message)


async def test_a_plan_without_findings_says_so(problems: Any) -> None:
    async with problems({"board.toml": "format = 1\n"}) as shown:
        assert "Nothing is wrong" in text_of(shown[0])
        await do(shown, "problem.open")
        await do(shown, "problem.fix")
        assert shown[0].answer is OPEN
        await do(shown, "focus.leave")
        assert shown[0].answer is None


@pytest.mark.parametrize("size", [(40, 10), (80, 24)])
async def test_hostile_names_are_text_at_any_size(problems: Any, size: tuple[int, int]) -> None:
    hostile = {
        **FILES,
        "projects/churn/cards/[red]x.toml": "",
        GOOD: 'title = "a"\nplace = "\\u001b[31m[b]"\n',
    }
    async with problems(hostile, size) as shown:
        assert "\x1b" not in text_of(shown[0])
        assert "Problems" in text_of(shown[0])


async def test_estimates_that_their_cards_have_outgrown_are_listed(start: Start, tmp_path: Path) -> None:
    card = 'title = "Audit"\nplace = "execute"\nestimate = [1, 2, 3]\n'
    files = {"board.toml": "format = 1\n", "projects/churn/project.toml": 'title = "Churn"\n'}
    root = write(tmp_path / "plan", files)
    git(tmp_path, "init", "-q", "-b", "main")
    for day, text in (("2026-10-01", card), ("2026-11-10", f'{card}notes = "All classes."\n')):
        write(root, {GOOD: text})
        git(tmp_path, "add", "-A")
        git(tmp_path, "commit", "-q", "-m", day, "--date", f"{day}T12:00:00Z")
    async with start(root) as on:
        await on.press("9")
        await on.until(lambda: "notes have changed since, last Tue 10 Nov" in on.text())
        assert "P129" in on.text()

"""Filters of the screens with a list: what a text asks for, and what the screens show while it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from kedge.tui.assess.assess_screen import AssessScreen
from kedge.tui.forms import editor
from kedge.tui.portfolio.portfolio_screen import PortfolioScreen
from kedge.tui.problems.problems_screen import ProblemsScreen
from kedge.tui.screens.list_screen import ListScreen
from kedge.tui.screens.narrowing import NarrowingError, narrowing
from kedge.tui.widgets.lines import LineView

from .driver import Driver, PlanFolder, Start

ONE = {"text": "Who owns the labels?", "rule": "R201 person-unknown", "file": "people/mira.toml"}


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("", True),
        ("labels WHO", True),
        ("labels nobody", False),
        ("-labels", False),
        ("-nobody", True),
        ("rule:r201", True),
        ("rule:labels", False),
        ("-rule:R3 file:people", True),
        ("12:30", False),
        ("-", True),
        ("file:", True),
    ],
)
def test_words_fields_and_what_is_left_out(text: str, fits: bool) -> None:
    assert narrowing(text, tuple(ONE))(ONE) is fits


def test_an_unknown_field_is_said_with_those_there_are() -> None:
    with pytest.raises(NarrowingError, match="there is no owner: here; there are rule:, file:"):
        narrowing("owner:mira", ("rule", "file"))


async def opened(on: Driver, name: str) -> ListScreen:
    await on.act(f"screen.{name}")
    await on.found_out()
    screen = on.app.screen
    assert isinstance(screen, ListScreen)
    return screen


@pytest.fixture
def several(plan: PlanFolder) -> PlanFolder:
    """A plan with three projects and a few findings."""
    plan.project("fraud", rank="a1", more='lead = "mira"\n')
    plan.project("forecast", rank="a2", more='lead = "sam"\n')
    plan.card("wrong", "execute", 'owner = "nobody"\n')
    plan.card("round", "execute", 'needs = ["round"]\n')
    return plan


def rows(screen: ListScreen) -> list[str]:
    """The ids, or messages, of the rows that the cursor stops at."""
    view = screen.query_one(screen.MAIN, LineView)
    return [str(one.key if isinstance(one.key, str) else one.key[3]) for one in view.lines if one.key]  # pyright: ignore[reportIndexIssue]


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("portfolio", "lead:mira", ["fraud"]),
        ("portfolio", "f -id:fraud project", ["forecast"]),
        ("assess", "model", None),
        ("problems", "rule:R201", None),
        ("problems", "nobody", None),
    ],
)
async def test_a_list_is_narrowed_as_one_types(
    several: PlanFolder, start: Start, name: str, text: str, shown: list[str] | None
) -> None:
    async with start(several.root) as on:
        screen = await opened(on, name)
        before = rows(screen)
        await on.act("find.filter")
        await on.type(text)
        after = rows(screen)
        assert set(after) < set(before) or name == "assess"
        assert 0 < len(after) == screen.counts()[0] < screen.counts()[1]
        assert shown is None or after == shown
        assert f"{len(after)} of {screen.counts()[1]} shown" in on.text()
        await on.press("enter")
        assert screen.context == name
        assert rows(screen) == after
        assert text in on.text()
        await on.press("escape")
        assert rows(screen) == before
        assert on.app.screen is screen
        await on.press("escape")
        assert on.app.screen is on.board


@pytest.mark.parametrize("name", ["portfolio", "assess", "problems"])
async def test_a_mistake_is_said_in_place_and_escape_clears(
    several: PlanFolder, start: Start, name: str
) -> None:
    async with start(several.root) as on:
        screen = await opened(on, name)
        before = rows(screen)
        await on.act("find.filter")
        await on.type("owner:x")
        assert "there is no owner: here" in on.text()
        await on.press("enter")
        assert screen.context == "text"
        await on.press("escape")
        assert (screen.context, rows(screen)) == (name, before)
        await on.act("find.filter")
        await on.type("no such thing anywhere")
        assert "0 of" in on.text()
        assert rows(screen) == []
        await on.press("escape")
        assert rows(screen) == before


async def test_a_filter_finds_questions_of_every_step(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        screen = await opened(on, "assess")
        assert isinstance(screen, AssessScreen)
        screen.to_phase("assess")
        await on.act("find.filter")
        await on.type("data")
        assert screen.asked is not None
        steps = {screen.asked.standing[one].item.step for one in rows(screen)}
        assert len(steps) > 1


async def test_the_shared_keys_do_the_same_on_the_lists(
    several: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start(several.root) as on:
        screen = await opened(on, "portfolio")
        assert isinstance(screen, PortfolioScreen)
        await on.act("find.project")
        await on.type("fraud")
        await on.press("enter")
        assert screen.project == "fraud"
        await on.act("find.copy")
        assert on.app.clipboard == "fraud"
        await on.act("project.edit")
        assert on.lines()[0].split() == ["Edit", "project", "fraud"]
        await on.press("escape")
        opened_in: list[Sequence[str]] = []

        def run(words: Sequence[str]) -> int:
            opened_in.append(words)
            return 0

        monkeypatch.setattr(editor, "in_terminal", lambda _: run)
        await on.act("project.editor")
        await on.app.workers.wait_for_complete()
        assert [Path(words[-1]).name for words in opened_in] == ["fraud.toml"]
        await on.act("project.add")
        assert "New project" in on.text()
        await on.type("newest")
        await on.press("ctrl+s")
        await on.saved()
        assert "newest" in on.board.session.plan.projects
        screen = await opened(on, "problems")
        assert isinstance(screen, ProblemsScreen)
        await on.act("find.filter")
        await on.type("rule:R201")
        await on.press("enter")
        await on.act("find.copy")
        assert on.app.clipboard.startswith("projects/churn/cards/wrong.toml:")
        await on.act("problem.edit")
        assert on.lines()[0].split() == ["Edit", "card", "wrong"]

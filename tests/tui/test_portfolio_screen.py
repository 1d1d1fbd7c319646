"""Portfolio: ranked, chosen under limits, drawn as a map, explained; and searches that can be ended or overtaken."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, cast

import pytest

from kedge.model.portfolio import proposal as model_proposal
from kedge.tui.dialogs.prompt import Prompt
from kedge.tui.portfolio.chosen import Chosen
from kedge.tui.portfolio.portfolio_screen import PortfolioScreen, Why
from kedge.tui.widgets.lines import LineView

from .driver import Driver, PlanFolder, Start, write

Compare = Callable[[str, Sequence[str]], None]


def answers(gain: tuple[int, int, int], cost: tuple[int, int, int], level: str = "test") -> str:
    """An assessment with what a project is worth."""
    points = ("low", "likely", "high")
    gains = "".join(f"{name} = {value}\n" for name, value in zip(points, gain, strict=True))
    costs = "".join(f'"to next gate: {name}" = {value}\n' for name, value in zip(points, cost, strict=True))
    later = "".join(f'"after it: {name}" = 0\n' for name in points)
    evidence = "".join(
        f'[answers.pri-ev-{name}]\nverdict = "{level}"\nresult = "supports"\n'
        'evidence = ["https://example.org/tried"]\n'
        for name in ("value", "tech", "adopt")
    )
    runs = '[answers.pri-run.values]\n"money per year to run" = 0\n"hours of upkeep per week" = 0\n'
    return f"{evidence}{runs}[answers.pri-gain.values]\n{gains}[answers.pri-cost.values]\n{costs}{later}"


@pytest.fixture
def rated(tmp_path: Any) -> PlanFolder:
    """Four projects: two that pay, one of them dearer; one that does not; one without figures."""
    made = PlanFolder(tmp_path)
    write(
        made.root / "board.toml", 'format = 1\ntitle = "Test"\ncurrency = "EUR"\n[funds]\nbudget = 250000\n'
    )
    for number, (name, gain, cost, level) in enumerate(
        (
            ("churn", (60000, 120000, 200000), (40000, 50000, 70000), "test"),
            ("fraud", (300000, 500000, 900000), (120000, 150000, 190000), "rehearsal"),
            ("vision", (1000, 2000, 3000), (80000, 90000, 120000), "opinion"),
        )
    ):
        made.project(name, phase="assess", rank=f"a{number}")
        write(made.root / f"projects/{name}/assessment.toml", answers(gain, cost, level))
    made.project("idea", phase="assess", rank="a9")
    return made


async def opened(on: Driver) -> PortfolioScreen:
    await on.act("screen.portfolio")
    await settled(on)
    screen = on.app.screen
    assert isinstance(screen, PortfolioScreen)
    return screen


async def settled(on: Driver) -> None:
    """Waits until everything has been chosen and explained."""
    await on.saved()
    await on.found_out()


def chosen(screen: PortfolioScreen) -> Chosen:
    assert screen.chosen is not None
    return screen.chosen


def rows(screen: Any, name: str) -> str:
    """All rows of a part of the screen, in sight or not."""
    return "\n".join(one.text for one in screen.query_one(name, LineView).lines)


# ---- what is seen


async def test_the_map_fills_what_the_rest_leaves(rated: PlanFolder, start: Start) -> None:
    async with start(rated.root, size=(120, 40)) as on:
        screen = await opened(on)
        drawn = screen.query_one(".map", LineView)
        before = len(drawn.lines)
        screen.query_one(".about").styles.height = 7
        await on.until(lambda: len(drawn.lines) == before - 5)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_portfolio_screen(
    rated: PlanFolder, start: Start, matches_snapshot: Compare, size: tuple[int, int]
) -> None:
    async with start(rated.root, size=size) as on:
        await opened(on)
        matches_snapshot(f"portfolio-screen-{size[0]}x{size[1]}", on.lines())
        assert len(on.app.screen.query("*")) <= 60


async def test_in_ascii_and_the_other_panel(
    rated: PlanFolder, start: Start, matches_snapshot: Compare
) -> None:
    async with start(rated.root, size=(80, 24), ascii_only=True) as on:
        await opened(on)
        lines = on.lines()
        assert all(sign.isascii() or sign in "…▄▆▁▃▂▅▇█" for row in lines for sign in row)
        matches_snapshot("portfolio-screen-ascii-80x24", lines)
        await on.act("choice.panel")
        matches_snapshot("portfolio-screen-choice-ascii-80x24", on.lines())


async def test_lists_are_apart_and_say_what_is_lacking(rated: PlanFolder, start: Start) -> None:
    async with start(rated.root, size=(160, 40)) as on:
        screen = await opened(on)
        ranking = chosen(screen).proposal.ranking
        assert [one.worth.project.id for one in ranking.money] == ["fraud", "churn", "vision"]
        assert [one.worth.project.id for one in ranking.lacking] == ["idea"]
        text = rows(screen, ".projects")
        for part in ("By value in money (EUR)", "Not to be ranked yet", "gain: missing low", "(pri-gain)"):
            assert part in text
        assert chosen(screen).ids == {"churn", "fraud"}
        assert text.count("◆ in") == 2
        choice = rows(screen, ".choice")
        for part in ("fraud, churn", "proven best", "spread", "vision: not worth", "What a budget buys"):
            assert part in choice
        assert "not on the map, since figures are missing: 4" in rows(screen, ".map")


# ---- choosing


async def test_another_budget_and_headcount_choose_again(rated: PlanFolder, start: Start) -> None:
    async with start(rated.root, size=(120, 40)) as on:
        screen = await opened(on)
        before = (rated.root / "board.toml").read_text()
        await on.act("choice.budget")
        await on.press(*"much", "enter")
        assert isinstance(on.app.screen, Prompt)
        assert "a number" in on.text()
        for _ in "much":
            await on.press("backspace")
        await on.press(*"90k", "enter")
        await settled(on)
        assert chosen(screen).ids == {"churn"}
        assert "budget 90,000 EUR" in on.lines()[0]
        await on.act("choice.people")
        await on.press(*"3", "enter")
        await settled(on)
        assert screen.headcount == 3
        assert "3 people" in on.lines()[0]
        await on.act("choice.budget")
        for _ in "90000":
            await on.press("backspace")
        await on.press("enter")
        await settled(on)
        assert screen.budget is None
        assert chosen(screen).ids == {"churn", "fraud"}
        assert (rated.root / "board.toml").read_text() == before


async def test_a_change_of_the_plan_chooses_again(rated: PlanFolder, start: Start) -> None:
    async with start(rated.root) as on:
        screen = await opened(on)
        write(
            rated.root / "projects/fraud/assessment.toml",
            answers((1, 2, 3), (120000, 150000, 190000), "test"),
        )
        assert on.app.session is not None
        on.app.session.refresh()
        await settled(on)
        assert chosen(screen).ids == {"churn"}


async def test_escape_ends_the_search_with_what_there_is(
    rated: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()
    real = model_proposal.propose

    def until_stopped(
        snapshot: Any, ranking: Any, *, stop: Callable[[], bool], tell: Any, **_more: Any
    ) -> Any:
        asked.set()
        while not stop():
            tell(99.99, 100)
        return real(snapshot, ranking)

    async with start(rated.root) as on:
        monkeypatch.setattr(model_proposal, "propose", until_stopped)
        await on.act("screen.portfolio")
        screen = on.app.screen
        assert isinstance(screen, PortfolioScreen)
        assert asked.wait(10)
        assert screen.is_choosing
        while "at least" not in on.text():
            await on.pilot.pause(0.01)
        assert "choosing: at least 99.9 % of what is possible; Esc stops." in on.text()
        await on.act("focus.down", "focus.leave")
        await settled(on)
        assert not screen.is_choosing
        assert chosen(screen).ids == {"churn", "fraud"}
        assert on.app.screen is screen
        await on.act("focus.leave")
        assert on.app.screen is on.board


async def test_a_newer_wish_ends_the_older_search(
    rated: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = threading.Event()
    real = model_proposal.propose

    def slow_at_first(snapshot: Any, ranking: Any, *, stop: Callable[[], bool], **more: Any) -> Any:
        if not first.is_set():
            first.set()
            while not stop():
                pass
        return real(snapshot, ranking, stop=stop, **more)

    async with start(rated.root) as on:
        monkeypatch.setattr(model_proposal, "propose", slow_at_first)
        await on.act("screen.portfolio")
        screen = cast("PortfolioScreen", on.app.screen)
        assert first.wait(10)
        screen.budget = 90000
        screen.choose()
        await settled(on)
        assert chosen(screen).ids == {"churn"}
        assert not screen.is_choosing


async def test_the_verdict_comes_first_and_says_what_would_change_it(rated: PlanFolder, start: Start) -> None:
    board = rated.root / "board.toml"
    write(board, board.read_text().replace("250000", "150000"))
    async with start(rated.root, size=(80, 24)) as on:
        screen = await opened(on)
        text = " ".join(rows(screen, ".verdict").split())
        assert text.startswith("Do now: Project churn (51,667). Left:")
        assert "Next in line: Project fraud, in at a budget of" in text
        # The whole list is in sight, and the rest opens with a key.
        assert all(f"Project {name}" in on.text() for name in ("churn", "fraud", "vision", "idea"))
        assert "gain a year" not in on.text()
        await on.act("choice.panel", "choice.panel")
        assert "gain a year" in on.text()


async def test_a_project_is_tried_the_other_way_and_nothing_is_saved(rated: PlanFolder, start: Start) -> None:
    async with start(rated.root) as on:
        screen = await opened(on)
        before = (rated.root / "projects/fraud/project.toml").read_text()
        screen.query_one(".projects", LineView).go_to("fraud")
        await on.act("choice.trial")
        await settled(on)
        assert chosen(screen).ids == {"churn"}
        assert "out?" in rows(screen, ".projects")
        await on.act("choice.trial")
        await settled(on)
        assert chosen(screen).ids == {"churn", "fraud"}
        screen.query_one(".projects", LineView).go_to("vision")
        await on.act("choice.trial")
        await settled(on)
        assert "vision" in chosen(screen).ids
        assert "on trial" in rows(screen, ".verdict")
        assert (rated.root / "projects/fraud/project.toml").read_text() == before


# ---- one project


async def test_why_shows_the_arithmetic_and_what_would_change_it(rated: PlanFolder, start: Start) -> None:
    async with start(rated.root) as on:
        screen = await opened(on)
        screen.query_one(".projects", LineView).go_to("churn")
        await on.act("choice.why")
        await settled(on)
        assert isinstance(on.app.screen, Why)
        text = rows(on.app.screen, "LineView")
        for part in ("Expected value of the staged bet", "formula", "Yearly gain", "churn drops out when"):
            assert part in text
        assert "churn drops out when cost to the next gate moves from" in text
        assert "looking" not in text


async def test_enter_opens_the_board_of_the_project(rated: PlanFolder, start: Start) -> None:
    async with start(rated.root) as on:
        screen = await opened(on)
        screen.query_one(".projects", LineView).go_to("vision")
        await on.act("project.open")
        assert on.app.screen is on.board
        assert on.board.state.project == "vision"


async def test_assess_is_that_of_the_project_in_sight(rated: PlanFolder, start: Start) -> None:
    async with start(rated.root) as on:
        screen = await opened(on)
        screen.query_one(".projects", LineView).go_to("vision")
        await on.act("screen.assess")
        assert getattr(on.app.screen, "project", "") == "vision"
        assert on.app.screen_stack == [on.board, on.app.screen]


async def test_a_plan_without_projects_and_any_size(tmp_path: Any, rated: PlanFolder, start: Start) -> None:
    async with start(PlanFolder(tmp_path / "empty").root) as on:
        await opened(on)
        assert "no project is active" in on.text()
        await on.act("project.open", "choice.why", "choice.panel")
        assert isinstance(on.app.screen, PortfolioScreen)
    async with start(rated.root) as on:
        await opened(on)
        for size in ((20, 5), (40, 10), (79, 15), (99, 24), (200, 60), (80, 24)):
            await on.pilot.resize_terminal(*size)
            assert len(on.lines()) == size[1]
        await on.act("choice.panel", "choice.panel")
        assert "[" in rows(on.app.screen, ".map")


async def test_a_chance_that_counts_as_less_than_is_claimed_says_so(rated: PlanFolder, start: Start) -> None:
    where = rated.root / "projects/churn/assessment.toml"
    write(where, where.read_text().replace("https://example.org/tried", "docs/tried.md", 1))
    async with start(rated.root, size=(120, 40)) as on:
        screen = await opened(on)
        row = next(one for one in rows(screen, ".projects").splitlines() if "Project churn" in one)
        assert " %!" in row
        assert "value: test counts as" in row
        (rated.root.parent / "docs").mkdir()
        write(rated.root.parent / "docs" / "tried.md", "tried")
        # No record has changed: reading again looks at the files around the plan as well.
        await on.act("plan.reload")
        await settled(on)
        row = next(one for one in rows(screen, ".projects").splitlines() if "Project churn" in one)
        assert "!" not in row

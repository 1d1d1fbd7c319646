"""How the board looks, as text at several sizes and in special modes; and that it survives any size and any mouse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from textual.geometry import Offset

from kedge.tui.board.board_view import BoardView
from kedge.tui.draw.styles import THEMES

from .driver import Driver, PlanFolder, Start

SAMPLES = Path(__file__).parents[2] / "samples"
Compare = Callable[[str, Sequence[str]], None]
SIZES = [(80, 24), (100, 30), (160, 48)]


@pytest.fixture
def full(plan: PlanFolder) -> PlanFolder:
    """A plan with all states, long titles, wide and combining signs, and text that would harm."""
    plan.card(
        "blocked", "execute/monitoring", 'blocked = "waits for the data protection officer"\nowner = "sam"\n'
    )
    plan.card("dropped", "execute/monitoring", 'status = "dropped"\ndropped = "too dear"\n')
    plan.card(
        "checks",
        "plan/tactics",
        'owner = "mira"\n[checklist.aa22]\ntext = "one"\ndone = true\n[checklist.bb22]\ntext = "two"\n',
    )
    plan.card(
        "wide",
        "assess/data-infra",
        'tags = ["data", "infra"]\n',
        title="文字が広い題名でも列は崩れない、必ず崩れない",
    )
    plan.card("emoji", "assess/data-infra", title="Joined 👨‍👩‍👧 and flags 🇩🇪 and ❤️")
    plan.card("rtl", "assess/data-infra", title="مرحبا بالعالم")
    plan.card("marks", "assess/data-infra", title="Combi\u0301ning ma\u0308rks")
    plan.card("hostile", "iterate/next-round", title="\\u001b[2J clears \\u202e and turns")
    plan.card("long", "iterate/next-round", title="A title that goes on " + "and on " * 60)
    return plan


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_board(
    full: PlanFolder, start: Start, matches_snapshot: Compare, size: tuple[int, int]
) -> None:
    async with start(full.root, size=size) as on:
        await on.go_to("labels")
        matches_snapshot(f"board-{size[0]}x{size[1]}", on.lines())


async def test_in_ascii(full: PlanFolder, start: Start, matches_snapshot: Compare) -> None:
    async with start(full.root, ascii_only=True) as on:
        await on.go_to("labels")
        lines = on.lines()
        wide = {*on.card("wide").title, "م"}
        drawn = [line for line in lines if line.startswith(("|", "+")) and not wide & {*line} - {" "}]
        assert all(sign.isascii() or sign in "👨👩👧❤ı\u0301\u0308" for line in drawn for sign in line)
        matches_snapshot("board-ascii-120x30", lines)


async def test_marks_filter_and_prefix(full: PlanFolder, start: Start, matches_snapshot: Compare) -> None:
    async with start(full.root) as on:
        await on.go_to("features")
        await on.act("card.mark", "card.mark", "find.filter")
        await on.type("phase:execute")
        matches_snapshot("board-filter-120x30", on.lines())
        await on.press("enter", "m")
        matches_snapshot("board-prefix-120x30", on.lines())


async def test_adding(full: PlanFolder, start: Start, matches_snapshot: Compare) -> None:
    async with start(full.root, size=(80, 24)) as on:
        await on.go_to("features")
        await on.act("card.add")
        await on.type("Backfill #da")
        matches_snapshot("board-add-80x24", on.lines())


async def test_the_portfolio(full: PlanFolder, start: Start, matches_snapshot: Compare) -> None:
    full.project("fraud", phase="assess", rank="a1", more='state = "hold"\nlead = "mira"\ndue = 2027-02-01\n')
    async with start(full.root) as on:
        matches_snapshot("board-portfolio-120x30", on.lines())


async def test_nothing_at_all(tmp_path: Path, start: Start, matches_snapshot: Compare) -> None:
    empty = PlanFolder(tmp_path)
    empty.project("churn")
    async with start(empty.root, size=(80, 24)) as on:
        matches_snapshot("board-empty-80x24", on.lines())


@pytest.mark.parametrize("sample", ["tiny", "churn", "portfolio"])
async def test_the_samples_open(sample: str, start: Start) -> None:
    async with start(SAMPLES / sample / "plan", size=(160, 48)) as on:
        assert on.board.plan.cards
        assert on.focus
        assert any("╭─ Assess" in line for line in on.lines())


@pytest.mark.parametrize(
    "theme", [*(one.name for one in THEMES), "textual-dark", "ansi-dark", "ansi-light", "nord"]
)
async def test_the_focus_is_seen_in_every_theme(plan: PlanFolder, start: Start, theme: str) -> None:
    async with start(plan.root, theme=theme) as on:
        card, focus = (on.view.looks.style(f"title-{ground}") for ground in ("card", "focus"))
        assert (card.bgcolor, card.reverse) != (focus.bgcolor, focus.reverse)
        assert any("▌" in line for line in on.lines())


async def test_no_color_keeps_every_meaning(
    plan: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with start(plan.root) as on:
        assert on.app.no_color
        text = on.text()
        assert "▌" in text
        assert "⊘" in text
        assert "waits for Card features" in text


async def test_any_size_and_back(full: PlanFolder, start: Start) -> None:
    async with start(full.root) as on:
        await on.go_to("labels")
        before = on.lines()
        sizes = [
            (20, 5),
            (21, 6),
            (39, 7),
            (41, 12),
            (71, 15),
            (73, 17),
            (99, 24),
            (100, 5),
            (300, 9),
            (20, 60),
        ]
        for size in [*sizes, (120, 30)]:
            await on.pilot.resize_terminal(*size)
            lines = on.lines()
            assert len(lines) == size[1]
            assert any("▌" in line for line in lines), f"the focus is out of sight at {size}"
            assert on.focus == "labels"
        assert on.lines() == before


# ---- the mouse


def where(on: Driver, card: str) -> Offset:
    """A cell of a card, as an offset on the screen."""
    title = on.card(card).title
    for y, line in enumerate(on.lines()):
        if y > 1 and title in line:
            return Offset(line.index(title) + 1, y)
    raise AssertionError(f"{card} is not in sight")


async def test_a_click_focuses_and_a_double_click_opens(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.pilot.click(offset=where(on, "budget"))
        await on.pilot.pause()
        assert (on.focus, on.board.state.phase) == ("budget", "plan")
        await on.pilot.click(offset=where(on, "labels"), times=2)
        await on.pilot.pause()
        assert type(on.app.screen).__name__ == "CardScreen"


async def test_a_click_beside_the_cards_focuses_the_column(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.pilot.click(offset=Offset(100, 20))
        await on.pilot.pause()
        assert (on.board.state.phase, on.focus) == ("iterate", "")


async def test_a_card_is_dragged_to_another_column(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        begin = where(on, "budget")
        await on.pilot.mouse_down(offset=begin)
        for x in (begin.x + 5, begin.x + 20, 100):
            await on.pilot.hover(offset=Offset(x, begin.y))
        on.view.on_mouse_move(_move(on, 100, begin.y))
        await on.pilot.mouse_up(offset=Offset(100, begin.y))
        await on.pilot.pause()
        assert on.card("budget").place == "iterate"
        assert on.focus == "budget"


def _move(on: Driver, x: int, y: int):
    from textual import events

    inside = y - on.view.region.y
    return events.MouseMove(on.view, x, inside, 5, 0, 1, False, False, False, x, y)


async def test_the_wheel_scrolls_and_leaves_the_focus(plan: PlanFolder, start: Start) -> None:
    for number in range(40):
        plan.card(f"more-{number:02d}", "execute/training-pipeline")
    async with start(plan.root) as on:
        on.view.post_message(BoardView.Wheel("execute", 3))
        await on.pilot.pause()
        assert on.board.state.scroll["execute"] == 3
        assert on.focus == "snapshot"


@pytest.mark.parametrize("how", ["a change by others", "a screen over it", "another size"])
async def test_what_the_wheel_shows_stays_until_a_key_moves_the_focus(
    plan: PlanFolder, start: Start, how: str
) -> None:
    for number in range(40):
        plan.card(f"more-{number:02d}", "execute/training-pipeline")
    async with start(plan.root) as on:
        await on.go_to("snapshot")
        for _ in range(4):
            on.view.post_message(BoardView.Wheel("execute", 6))
        await on.pilot.pause()
        match how:
            case "a change by others":
                plan.card("train", "execute/training-pipeline", 'status = "doing"\n')
                assert on.app.session
                on.app.session.refresh()
                await on.saved()
            case "a screen over it":
                await on.act("screen.problems", "screen.board")
            case _:
                await on.pilot.resize_terminal(110, 28)
        assert on.board.state.scroll["execute"] == 24
        assert on.focus == "snapshot"
        assert "Card snapshot" not in "\n".join(on.lines()[2:-2])
        await on.act("focus.down")
        assert on.focus == "features"
        where(on, "features")


async def test_a_step_on_what_the_wheel_left_behind_brings_it_back(plan: PlanFolder, start: Start) -> None:
    for number in range(40):
        plan.card(f"more-{number:02d}", "execute/training-pipeline")
    async with start(plan.root) as on:
        await on.go_to("features")
        on.view.post_message(BoardView.Wheel("execute", 30))
        await on.pilot.pause()
        await on.act("card.owner")
        await on.press("enter")
        await on.go_to("features")
        where(on, "features")

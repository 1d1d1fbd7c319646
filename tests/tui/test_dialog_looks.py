"""How every dialog and screen that opens from the board looks: at three sizes, and in every special mode.

A mode has one snapshot for all that opens, so that a change of looks is read in one place.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest
from rich.color import Color

from kedge.tui.board.board import BoardScreen
from kedge.tui.draw.glyphs import spelt

from .conftest import SNAPSHOTS
from .driver import Driver, PlanFolder, Start, write
from .looks import NAMES, all_screens, open_by_name

Compare = Callable[[str, Sequence[str]], None]
SIZES = [(80, 24), (100, 30), (160, 48)]
HOSTILE = (
    "[red]x[/] \\u001b[2J\\u202eturned 👩\\u200d👧 🇩🇪 文字文字 مرحبا Combi\\u0301ning " + "longword" * 20
)


@pytest.fixture
def limited(plan: PlanFolder) -> PlanFolder:
    """A plan in which starting a card passes a limit."""
    write(plan.root / "board.toml", 'format = 1\ntitle = "Test"\n\n[limits]\nexecute = 1\n')
    return plan


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", NAMES)
async def test_what_opens_from_the_board(
    limited: PlanFolder, start: Start, matches_snapshot: Compare, name: str, size: tuple[int, int]
) -> None:
    async with start(limited.root, size=size) as on:
        await on.go_to("labels")
        await open_by_name(on, name)
        assert len(on.app.screen_stack) == 2
        matches_snapshot(f"opened-{name}-{size[0]}x{size[1]}", on.lines())


async def each(on: Driver) -> AsyncIterator[str]:
    """Opens one after the other, and closes it again."""
    for name in NAMES:
        await on.go_to("labels")
        await open_by_name(on, name)
        assert len(on.app.screen_stack) == 2, name
        yield name
        on.app.pop_screen()
        await on.pilot.pause()


async def pages(on: Driver) -> list[str]:
    """Everything that opens, as lines below its name."""
    found: list[str] = []
    async for name in each(on):
        found += [f"==== {name}", *on.lines()]
    return found


async def test_nothing_that_can_be_shown_is_left_out(limited: PlanFolder, start: Start) -> None:
    async with start(limited.root, size=(80, 24)) as on:
        seen: set[type[Any]] = {BoardScreen}
        async for _ in each(on):
            seen.add(type(on.app.screen))
    assert seen == all_screens()


async def test_in_ascii_nothing_else_is_drawn(
    limited: PlanFolder, start: Start, matches_snapshot: Compare
) -> None:
    for number in range(60):
        limited.card(
            f"more-{number}", "execute/data-pipeline", title=f"A card with a title that goes on {number} " * 3
        )
    async with start(limited.root, size=(80, 24), ascii_only=True) as on:
        found = [*on.lines(), *await pages(on)]
    assert {sign for row in found for sign in row if not sign.isascii()} == set()
    matches_snapshot("mode-ascii-80x24", found)


async def test_without_colour_the_text_is_the_same_and_says_it_all(
    limited: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with start(limited.root, size=(80, 24)) as on:
        async for name in each(on):
            stored = (SNAPSHOTS / f"opened-{name}-80x24.txt").read_text(encoding="utf-8")
            assert on.lines() == stored.splitlines(), name
            strips = on.app.screen._compositor.render_strips()
            styles = [segment.style for strip in strips for segment in strip if segment.style]
            assert all(_is_grey(one.color) and _is_grey(one.bgcolor) for one in styles), name


def _is_grey(colour: Color | None) -> bool:
    return colour is None or colour.is_default or len(set(colour.get_truecolor())) == 1


async def test_hostile_wide_and_turned_text_breaks_nothing(
    limited: PlanFolder, start: Start, matches_snapshot: Compare
) -> None:
    path = limited.path("labels")
    text = path.read_text(encoding="utf-8").replace("Card labels", HOSTILE)
    write(
        path, text + f'tags = ["a-tag"]\nblocked = "{HOSTILE}"\nnotes = """\n# {HOSTILE}\n- {HOSTILE}\n"""\n'
    )
    async with start(limited.root, size=(80, 24)) as on:
        found: list[str] = []
        async for name in each(on):
            lines = on.lines()
            found += [f"==== {name}", *lines]
            typed = {field.region.y for field in on.app.screen.query("Input, TextArea")}
            drawn = {sign for at, line in enumerate(lines) if at not in typed for sign in line}
            assert not {"\x1b", "\u202e", "\u200d"} & drawn, name
    assert "[red]x[/]" in "".join(found)
    matches_snapshot("mode-hostile-80x24", found)


async def test_a_broken_plan_opens_everything(
    limited: PlanFolder, start: Start, matches_snapshot: Compare
) -> None:
    path = limited.path("labels")
    write(path, path.read_text(encoding="utf-8") + 'due = "some day"\nowner-key = 1\n')
    write(limited.path("snapshot"), "title = \n<<<<<<< ours\n")
    write(limited.root / "people" / "mira.toml", "name = 3\n")
    write(limited.root / "plan" / "playbook.toml", "items = 3\n")
    async with start(limited.root, size=(80, 24)) as on:
        found = await pages(on)
    matches_snapshot("mode-broken-80x24", found)


async def test_in_a_tiny_terminal_and_back(
    limited: PlanFolder, start: Start, matches_snapshot: Compare
) -> None:
    found: list[str] = []
    async with start(limited.root, size=(80, 24)) as on:
        async for name in each(on):
            before = on.lines()
            await on.pilot.resize_terminal(20, 5)
            found += [f"==== {name}", *on.lines()]
            await on.pilot.resize_terminal(80, 24)
            assert on.lines() == before, name
    matches_snapshot("mode-narrow-20x5", found)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["a → b  c"], ["a -> b c"]),
        (["3² ± 1", "   end"], ["3^2 +- 1", " end"]),
        (["→→", "x"], ["->-", ""]),
        (["plain", "  "], ["plain", "  "]),
        (["Grüße …"], ["Grüße ~"]),
    ],
)
def test_a_row_in_ascii_is_as_wide_as_before(row: list[str], expected: list[str]) -> None:
    assert spelt(row) == expected
    assert sum(map(len, row)) == sum(map(len, expected))

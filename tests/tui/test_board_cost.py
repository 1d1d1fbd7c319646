"""What a key costs, in counts: widgets, cards drawn, lines painted, files opened. Never in seconds."""

from __future__ import annotations

import builtins
import os
from collections.abc import Iterable

import pytest
from textual.geometry import Region

from kedge.model.plan.plan import Plan
from kedge.model.playbook.outline import STEPS
from kedge.tui.board.board_view import ColumnView
from kedge.tui.board.columns import Column
from kedge.tui.board.views import Look, Views
from kedge.tui.draw.geometry import Box

from .driver import PlanFolder, Start

CARDS = 600


@pytest.fixture
def large(plan: PlanFolder) -> PlanFolder:
    """Many cards in all columns."""
    for number in range(CARDS):
        step = STEPS[number % len(STEPS)]
        needs = f'needs = ["many-{number - 1:04d}"]\n' if number % 3 == 0 and number else ""
        plan.card(
            f"many-{number:04d}", f"{step.phase}/{step.id}", f'owner = "mira"\nestimate = [1, 2, 4]\n{needs}'
        )
    return plan


async def test_there_are_few_widgets_at_any_size_of_plan(large: PlanFolder, start: Start) -> None:
    async with start(large.root, size=(160, 48)) as on:
        assert len(on.board.plan.cards) > CARDS
        assert len(list(on.app.screen.walk_children())) < 60


async def test_a_key_draws_no_more_cards_than_fit_twice(large: PlanFolder, start: Start) -> None:
    async with start(large.root, size=(160, 48)) as on:
        fit = on.view.lines // 2 * 4
        for action in (
            *("focus.down", "focus.right", "focus.half_down", "focus.last", "focus.first", "focus.left"),
            *("card.next_status", "card.move_right", "find.group", "card.mark", "focus.back"),
        ):
            before = on.view.painted_cards
            await on.act(action)
            assert on.view.painted_cards - before <= 2 * fit, action


async def test_going_where_one_has_been_draws_nothing_new(large: PlanFolder, start: Start) -> None:
    async with start(large.root) as on:
        await on.act("focus.down", "focus.down", "focus.up", "focus.up")
        before = on.view.painted_cards
        await on.act("focus.down", "focus.down", "focus.up", "focus.up")
        assert on.view.painted_cards == before


async def test_only_the_two_cards_are_painted_when_the_focus_moves(
    large: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start(large.root) as on:
        painted: list[Region] = []
        for column in on.view.query(ColumnView):

            def refresh(*regions: Region, of: ColumnView = column, **options: bool) -> object:
                painted.extend(regions or [of.size.region])
                return ColumnView.refresh(of, *regions, **options)

            monkeypatch.setattr(column, "refresh", refresh)
        await on.act("focus.down")
        assert len(painted) == 2
        assert all(region.height == 2 for region in painted)


async def test_lines_drawn_for_a_focus_move_are_few(
    large: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start(large.root, size=(160, 48)) as on:
        drawn: list[int] = []
        real = on.view.column_line

        def column_line(box: Box, y: int) -> object:
            drawn.append(y)
            return real(box, y)

        monkeypatch.setattr(on.view, "column_line", column_line)
        await on.act("focus.down")
        assert 2 <= len(drawn) <= 6
        drawn.clear()
        await on.act("focus.right")
        assert 2 <= len(drawn) <= 8


@pytest.fixture
def opened(large: PlanFolder, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The plan's files and folders that have been opened, from now on."""
    found: list[str] = []

    def note(real):
        def noted(path=".", *arguments, **options):
            if str(large.folder) in str(path):
                found.append(str(path))
            return real(path, *arguments, **options)

        return noted

    for module, name in ((builtins, "open"), (os, "open"), (os, "scandir"), (os, "stat"), (os, "lstat")):
        monkeypatch.setattr(module, name, note(getattr(module, name)))
    return found


async def test_no_file_is_opened_by_a_key(large: PlanFolder, start: Start, opened: list[str]) -> None:
    async with start(large.root) as on:
        await on.act("find.filter")
        await on.press("escape")
        opened.clear()
        for action in ("focus.down", "focus.right", "focus.last", "card.mark", "find.group", "card.copy_id"):
            await on.act(action)
        await on.act("find.filter")
        await on.type("many #data")
        assert opened == []


@pytest.mark.parametrize(
    "way",
    ["focus.open", "screen.problems", "screen.assess", "screen.portfolio", "find.command", "card.needs"],
)
async def test_no_file_is_opened_by_a_key_on_other_screens(
    large: PlanFolder, start: Start, opened: list[str], way: str
) -> None:
    async with start(large.root) as on:
        await on.go_to("many-0005")
        await on.act(way)
        await on.found_out()
        opened.clear()
        for key in ("down", "down", "up", "pagedown", "pageup", "j", "k", "G"):
            await on.press(key)
        assert opened == []


async def test_a_letter_of_a_filter_looks_through_the_cards_once(
    large: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    filtered = Views._filtered

    def counted(views: Views, plan: Plan, look: Look, columns: Iterable[Column]) -> tuple[Column, ...]:
        made.append(look.query)
        return filtered(views, plan, look, columns)

    monkeypatch.setattr(Views, "_filtered", counted)
    async with start(large.root, size=(160, 48)) as on:
        await on.act("find.filter")
        await on.type("many")
        assert made == ["m", "ma", "man", "many"]

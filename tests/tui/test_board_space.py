"""How the board uses its room: lines of cards, folded cards, neighbours on narrow screens; and what that costs."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedge.model.plan.change import Change, apply
from kedge.model.plan.plan import Plan
from kedge.model.records.card import Card
from kedge.model.records.project import Project
from kedge.storage.disk.userconfig import config_path
from kedge.tui.board.columns import CARD_LINES, FOLDED, Column
from kedge.tui.board.density import DENSITIES, Density, Layouts, Room, laid_out
from kedge.tui.board.views import Look, Views, project_columns
from kedge.tui.draw.card_summary import Facts, card_facts
from kedge.tui.draw.geometry import boxes

from .driver import TODAY, PlanFolder, Start, write

LONG = "A title that is longer than a narrow column has cells, so that it has to wrap"


def column_of(titles: list[str], statuses: list[str]) -> Column:
    cards = [
        Card(
            id=f"c{at:03d}",
            project="churn",
            title=title,
            place="execute/monitoring",
            rank=f"b{at:03d}",
            status=status,
        )  # pyright: ignore[reportArgumentType]
        for at, (title, status) in enumerate(zip(titles, statuses, strict=True))
    ]
    plan = Plan({one.address: one for one in (Project(id="churn", title="Churn"), *cards)})
    return project_columns(plan, "churn", "step")[2]


def facts(item: object) -> Facts:
    assert isinstance(item, Card)
    return card_facts(Plan(), item, TODAY)


@given(
    st.lists(
        st.tuples(st.sampled_from(["Short", LONG, LONG * 3]), st.sampled_from(["todo", "done"])), max_size=40
    ),
    st.integers(5, 60),
    st.integers(0, 60),
    st.sampled_from(DENSITIES),
    st.sampled_from([80, 160]),
    st.booleans(),
)
def test_every_line_of_a_column_is_one_thing(
    cards: list[tuple[str, str]], width: int, lines: int, density: Density, screen: int, folds: bool
) -> None:
    column = column_of([title for title, _ in cards], [status for _, status in cards])
    if folds:
        column = column.without_finished
    column = laid_out(column, width, Room(screen, lines, "execute", density), facts)
    seen: dict[int, list[int]] = {}
    others = 0
    for line in range(column.height):
        found = column.at(line)
        assert found is not None
        if found.index < 0:
            others += 1
            continue
        seen.setdefault(found.index, []).append(found.part)
        assert column.line_of(found.index) + found.part == line
        assert column.nearest(line) == found.index
    assert column.at(column.height) is None
    assert [seen[at] for at in range(len(column.items))] == [
        list(range(column.lines_of(at))) for at in range(len(column.items))
    ]
    assert others == len(column.groups) + sum(bool(group.folded) for group in column.groups)


def test_empty_rows_go_to_titles_and_no_further() -> None:
    column = column_of([LONG, "Short", LONG], ["todo"] * 3)
    for lines, expected in ((7, [2, 2, 2]), (8, [3, 2, 2]), (9, [3, 2, 3]), (40, [4, 2, 4])):
        laid = laid_out(column, 32, Room(160, lines, "execute", "auto"), facts)
        assert [laid.lines_of(at) for at in range(3)] == expected, lines
        assert laid.height <= max(lines, column.height)


@pytest.mark.parametrize(("width", "each"), [(60, 2), (40, 3), (24, 3)])
def test_titles_wrap_in_a_narrow_column_though_it_scrolls(width: int, each: int) -> None:
    column = column_of([LONG] * 20, ["todo"] * 20)
    laid = laid_out(column, width, Room(160, 20, "execute", "auto"), facts)
    assert {laid.lines_of(at) for at in range(20)} == {each}


def test_what_has_not_changed_is_the_same_object() -> None:
    column = column_of([LONG] * 5, ["todo"] * 5)
    others = tuple(
        replace(column, phase=phase, groups=(), items=()) for phase in ("assess", "plan", "iterate")
    )
    columns = (*others[:2], column, others[2])
    layouts, room = Layouts(), Room(160, 40, "execute", "auto")
    first = layouts.of(columns, room, facts)
    assert layouts.of(columns, room, facts) is first
    assert layouts.of(columns, replace(room, phase="plan"), facts) is first
    assert layouts.of(columns, replace(room, density="dense"), facts)[2] is not first[2]


def test_finished_cards_are_one_line_of_their_group() -> None:
    column = column_of(["a", "b", "c", "d"], ["todo", "done", "dropped", "done"])
    folded = column.without_finished
    assert [item.id for item in folded.items] == ["c000"]
    assert folded.groups[0].endings == (2, 1)
    line = folded.at(folded.height - 1)
    assert line is not None
    assert (line.index, line.part) == (-1, FOLDED)
    assert column.folding(frozenset({"c003"})).index_of("c003") is not None
    assert column.without_finished is folded


def test_the_line_for_finished_cards_is_a_stop() -> None:
    folded = column_of(["a", "b", "c", "d"], ["todo", "done", "todo", "done"]).without_finished
    fold = folded.groups[0].fold
    stops = [folded.stop_at(number) for number in range(-1, 5)]
    assert stops == ["c000", "c000", "c002", fold, fold, fold]
    assert [folded.stop_of(key) for key in ("c000", "c002", fold, "c001", "")] == [0, 1, 2, None, None]
    assert folded.lines_at(fold) == (folded.height - 1, 1)
    all_done = column_of(["a"], ["done"]).without_finished
    assert all_done.stop_at(0) == all_done.groups[0].fold


@given(st.integers(72, 99), st.sampled_from(["assess", "plan", "execute", "iterate"]))
def test_a_narrow_screen_has_two_columns_and_two_strips(width: int, phase: str) -> None:
    placed = boxes(width, ("assess", "plan", "execute", "iterate"), phase)
    full = [box for box in placed if box.kind == "full"]
    assert len(full) == 2
    assert all(box.width >= 22 for box in full)
    assert next(box for box in full if box.phase == phase).width == max(box.width for box in full)


# ---- on the screen


async def test_finished_cards_are_folded_until_a_key_shows_them(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        assert "✓ 1 done  (z shows them)" in on.text()
        assert "Card ask-users" not in on.text()
        await on.act("view.finished")
        assert "Card ask-users" in on.text()
        await on.act("view.finished")
        assert "Card ask-users" not in on.text()


async def test_enter_on_the_line_for_finished_cards_shows_them(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("features")
        while not on.board.situation().on_fold:
            before = on.focus
            await on.act("focus.down" if on.board.state.phase != "assess" else "focus.left")
            if on.focus == before:
                await on.act("focus.left")
        assert on.board.focused_item() is None
        assert on.board.targets() == ()
        await on.act("card.done")
        assert "Enter shows them" in on.foot()
        await on.press("enter")
        assert on.board.state.unfolded
        item = on.board.focused_item()
        assert item is not None
        assert item.status == "done"


async def test_a_click_stops_at_the_line_for_finished_cards(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        rows = on.lines()
        row = next(at for at, text in enumerate(rows) if "✓ 1 done" in text)
        await on.pilot.click(offset=(rows[row].index("✓ 1 done") + 2, row))
        assert on.board.situation().on_fold
        await on.pilot.click(offset=(rows[row].index("✓ 1 done") + 2, row), times=2)
        assert on.board.state.unfolded


async def test_a_card_that_was_just_finished_stays_until_the_focus_moves(
    plan: PlanFolder, start: Start
) -> None:
    async with start(plan.root) as on:
        await on.go_to("features")
        await on.act("card.next_status")
        await on.saved()
        assert on.focus == "features"
        assert "✓ Card features" in on.text()
        assert "not in the filter" not in on.text()
        await on.act("focus.down")
        assert "✓ Card features" not in on.text()
        assert on.text().count("✓ 1 done") == 2


async def test_a_finished_card_that_is_looked_for_is_shown(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("ask-users")
        assert "Card ask-users" in on.text()


async def test_a_filter_finds_finished_cards(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.act("find.filter")
        await on.type("status:done")
        assert "Card ask-users" in on.text()


async def test_density_is_a_setting_that_is_kept(plan: PlanFolder, start: Start) -> None:
    plan.card("wide", "execute/data-pipeline", title=LONG)
    async with start(plan.root) as on:
        seen: set[str] = set()
        for _ in DENSITIES:
            await on.act("view.density")
            seen.add(on.board.density)
            assert on.board.density in on.foot()
        assert seen == set(DENSITIES)
        await on.act("view.density", "view.density")
        assert on.board.density == "dense"
        execute = on.board.columns[2]
        assert {execute.lines_of(at) for at in range(len(execute.items))} == {1}
    assert 'density = "dense"' in Path(config_path(os.environ)).read_text()


async def test_projects_use_their_room_as_cards_do(plan: PlanFolder, start: Start) -> None:
    write(plan.root / "projects" / "other" / "project.toml", f'title = "{LONG}"\nphase = "plan"\n')
    write(plan.root / "projects" / "old" / "project.toml", 'title = "Old"\nphase = "plan"\nstate = "done"\n')
    async with start(plan.root) as on:
        text = on.text()
        assert "so that it has to" in text
        assert "✓ 1 done" in text


def test_a_step_sums_the_lines_of_the_group_that_it_changes_and_of_no_other() -> None:
    records = [
        Card(id=f"{step}-{at}", project="churn", title=LONG, place=f"execute/{step}", rank=f"b{at:02d}")
        for step in ("data-pipeline", "monitoring")
        for at in range(30)
    ]
    plan = Plan({one.address: one for one in (Project(id="churn", title="Churn"), *records)})
    views, layouts, room = Views(TODAY), Layouts(), Room(160, 20, "execute", "auto")
    look = Look("churn", folded=True)
    before = layouts.of(views.columns(plan, look), room, facts)[2]
    card = plan.cards["monitoring-3"]
    after_step = apply(plan, [Change(card, card.model_copy(update={"title": "Short"}))])
    after = layouts.of(views.columns(after_step, look), room, facts)[2]
    assert [one.ends is other.ends for one, other in zip(before.groups, after.groups, strict=True)] == [
        True,
        False,
    ]


async def test_many_cards_are_not_looked_at_for_their_lines(plan: PlanFolder, start: Start) -> None:
    for number in range(300):
        plan.card(f"many-{number:03d}", "execute/monitoring", title=LONG)
    async with start(plan.root) as on:
        column = on.board.columns[2]
        assert column.height > 300 * CARD_LINES
        assert len(on.board._facts) < 60


async def test_cards_are_laid_out_alike_whatever_size_the_terminal_had_before(
    plan: PlanFolder, start: Start
) -> None:
    for number in range(5):
        plan.card(f"wide-{number}", "execute/data-pipeline", title=LONG)
    async with start(plan.root, size=(100, 30)) as on:
        before = on.lines()
        for size in ((100, 14), (60, 12), (20, 5), (200, 60)):
            await on.pilot.resize_terminal(*size)
            await on.pilot.resize_terminal(100, 30)
            await on.press()
            assert on.lines() == before

"""Every action of the board, pressed by its id: what the plan, the disk and the screen say afterwards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kedge.model.plan.change import NO_CHANGE
from kedge.tui.dialogs.pick import Pick
from kedge.tui.dialogs.prompt import Prompt

from .driver import PlanFolder, Start, write


async def test_opens_inside_the_only_project(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        assert on.board.state.project == "churn"
        assert on.board.state.phase == "execute"
        assert on.focus == "snapshot"


async def test_focus_moves_in_four_directions(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        seen = []
        for action in (
            *("focus.down", "focus.last", "focus.up", "focus.first"),
            *("focus.left", "focus.left", "focus.left", "focus.right"),
        ):
            await on.act(action)
            seen.append(on.focus)
        assert seen == [
            *("features", "train", "labels", "snapshot"),
            *("budget", "/discovery", "/discovery", "budget"),
        ]


async def test_half_a_page_moves_further_than_one_card(plan: PlanFolder, start: Start) -> None:
    for number in range(30):
        plan.card(f"more-{number:02d}", "execute/training-pipeline")
    async with start(plan.root) as on:
        await on.act("focus.half_down")
        column = next(one for one in on.board.columns if one.phase == "execute")
        assert (column.index_of(on.focus) or 0) > 2
        await on.act("focus.half_up")
        assert on.focus == "snapshot"


async def test_going_back_to_a_column_finds_the_card_one_came_from(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("train")
        await on.act("focus.left", "focus.right")
        assert on.focus == "train"


async def test_next_status_goes_round_and_is_saved(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("labels")
        for status in ("doing", "done", "todo"):
            await on.act("card.next_status")
            assert on.card("labels").status == status
            await on.saved()
            assert on.on_disk()["labels"].status == status
        assert on.focus == "labels"


async def test_undo_and_redo_say_what_they_did(plan: PlanFolder, start: Start) -> None:
    before = plan.path("labels").read_bytes()
    async with start(plan.root) as on:
        await on.go_to("labels")
        await on.act("card.next_status")
        await on.saved()
        await on.act("plan.undo")
        await on.saved()
        assert plan.path("labels").read_bytes() == before
        assert on.foot() == 'undid: mark "Card labels" as in progress'
        await on.act("plan.redo")
        await on.saved()
        assert on.card("labels").status == "doing"
        assert on.foot() == 'redid: mark "Card labels" as in progress'


async def test_undo_with_nothing_to_undo_says_so(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.act("plan.undo")
        await on.saved()
        assert "nothing to undo" in on.foot().lower()


@pytest.mark.parametrize(
    ("action", "place"),
    [
        ("card.move_left", "plan"),
        ("card.move_right", "iterate"),
        ("card.move_assess", "assess"),
        ("card.move_plan", "plan"),
        ("card.move_iterate", "iterate"),
    ],
)
async def test_a_moved_card_keeps_the_focus(plan: PlanFolder, start: Start, action: str, place: str) -> None:
    async with start(plan.root) as on:
        await on.go_to("labels")
        await on.act(action)
        assert (on.card("labels").place, on.focus, on.board.state.phase) == (place, "labels", place)
        await on.saved()
        assert on.on_disk()["labels"].place == place


async def test_moving_beyond_the_last_column_is_refused_in_words(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("ask-users")
        await on.act("card.move_left")
        assert on.foot() == "assess is the first column"
        assert on.card("ask-users").place == "assess/discovery"


async def test_moving_to_where_it_is_changes_nothing(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("labels")
        await on.act("card.move_execute")
        assert on.card("labels").place == "execute/data-pipeline"
        assert on.foot() == NO_CHANGE


async def test_move_to_a_step_is_picked(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("labels")
        await on.act("card.move_step")
        assert isinstance(on.app.screen, Pick)
        await on.type("monitor")
        await on.press("enter")
        assert on.card("labels").place == "execute/monitoring"


async def test_move_to_a_milestone_is_picked(plan: PlanFolder, start: Start) -> None:
    strategy = plan.root / "projects" / "churn" / "strategy.toml"
    write(strategy, '[milestones.live]\ntitle = "Live with all subscribers"\n')
    async with start(plan.root) as on:
        await on.go_to("labels")
        await on.act("card.move_milestone")
        await on.type("live")
        await on.press("enter")
        assert on.card("labels").milestone == "live"
        board = on.board
        board.state = replace(board.state, group="milestone")
        board.look(following=True)
        await on.pilot.pause()
        assert "Live with all" in on.text()


async def test_move_to_another_project_follows_the_references(plan: PlanFolder, start: Start) -> None:
    plan.project("fraud", rank="a1")
    plan.card("other", "plan", 'needs = ["churn/features"]\n', project="fraud")
    async with start(plan.root, project="churn") as on:
        await on.go_to("features")
        await on.act("card.move_project")
        await on.press("enter")
        await on.saved()
        disk = on.on_disk()
        assert disk["features"].project == "fraud"
        assert disk["other"].needs == ("fraud/features",)
        assert disk["labels"].needs == ("features",)
        assert not plan.path("features").exists()


async def test_cards_are_reordered_inside_their_group(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("snapshot")
        await on.act("card.lower")
        order = [item.id for item in on.board.columns[2].items]
        assert order == ["features", "snapshot", "labels", "train"]
        await on.act("card.raise")
        assert [item.id for item in on.board.columns[2].items][:2] == ["snapshot", "features"]
        await on.act("card.raise")
        assert on.foot() == "it is the first of its group already"
        assert on.focus == "snapshot"


async def test_block_asks_for_the_reason_and_an_empty_one_unblocks(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("snapshot")
        await on.act("card.block")
        assert isinstance(on.app.screen, Prompt)
        await on.type("no access")
        await on.press("enter")
        assert on.card("snapshot").blocked == "no access"
        await on.act("card.block")
        await on.press(*["backspace"] * len("no access"), "enter")
        assert on.card("snapshot").blocked is None


async def test_drop_needs_a_reason(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("labels")
        await on.act("card.drop")
        await on.press("enter")
        assert isinstance(on.app.screen, Prompt)
        await on.type("not needed")
        await on.press("enter")
        assert (on.card("labels").status, on.card("labels").dropped) == ("dropped", "not needed")


async def test_owner_tags_and_due(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("labels")
        await on.act("card.owner")
        await on.type("sam")
        await on.press("enter")
        await on.act("card.tags")
        await on.type("data, infra")
        await on.press("enter")
        await on.act("card.due")
        await on.type("fri")
        await on.press("enter")
        card = on.card("labels")
        assert (card.owner, card.tags, str(card.due)) == ("sam", ("data", "infra"), "2026-11-27")


async def test_tags_of_marked_cards_are_added_and_removed(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("features")
        await on.act("card.mark", "card.mark")
        assert on.board.state.marks == {"features", "labels"}
        await on.act("card.tags")
        await on.type("+data")
        await on.press("enter")
        assert on.card("features").tags == on.card("labels").tags == ("data",)
        assert on.card("snapshot").tags == ()

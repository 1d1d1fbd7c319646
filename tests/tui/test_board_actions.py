"""Every action of the board, pressed by its id: what the plan, the disk and the screen say afterwards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kedge.model.plan.change import NO_CHANGE
from kedge.tui.board.board_moves import drop_in
from kedge.tui.dialogs import Confirm, HelpOverlay, Message, Palette, Pick, Prompt
from kedge.tui.forms import FormScreen
from kedge.tui.keys.actions import ACTIONS

from .driver import Driver, PlanFolder, Start, write


async def save_form(on: Driver) -> None:
    """Presses save in a form, and waits until it has decided what to do."""
    await on.act("form.save")
    await on.app.workers.wait_for_complete([one for one in on.app.workers if one.group == "save"])


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
            *("budget", "ask-users", "ask-users", "budget"),
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
        assert on.foot() == "undid: labels is doing"
        await on.act("plan.redo")
        await on.saved()
        assert on.card("labels").status == "doing"
        assert on.foot() == "redid: labels is doing"


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


async def test_marked_cards_are_one_step(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.act("card.mark_all")
        assert len(on.board.state.marks) == 6
        await on.act("card.mark_all")
        assert not on.board.state.marks
        await on.go_to("features")
        await on.act("card.mark", "card.mark", "card.move_iterate")
        await on.saved()
        assert {on.card(one).place for one in ("features", "labels")} == {"iterate"}
        await on.act("plan.undo")
        await on.saved()
        assert {on.card(one).place for one in ("features", "labels")} == {"execute/data-pipeline"}
        await on.act("focus.back")
        assert not on.board.state.marks


async def test_what_works_on_one_card_says_so_when_several_are_marked(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("features")
        await on.act("card.mark", "card.mark", "card.rename")
        assert "several cards are marked" in on.foot()


async def test_marked_cards_are_reordered_together_as_one_step(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("snapshot")
        await on.act("card.mark", "card.mark")
        before = [item.id for item in on.board.columns[2].items]
        assert before == ["snapshot", "features", "labels", "train"]
        await on.act("card.lower")
        assert [item.id for item in on.board.columns[2].items] == ["labels", "snapshot", "features", "train"]
        await on.saved()
        await on.act("card.lower")
        assert on.foot() == "they are the last of their group already"
        await on.act("plan.undo")
        await on.saved()
        assert [item.id for item in on.board.columns[2].items] == before
        assert on.board.state.marks == {"snapshot", "features"}


async def test_marked_cards_get_and_lose_needs_as_one_step(plan: PlanFolder, start: Start) -> None:
    plan.card("one", "execute", 'needs = ["snapshot SS+2d"]\n')
    plan.card("other", "execute", 'needs = ["labels", "snapshot"]\n')
    async with start(plan.root) as on:
        on.board.state = replace(on.board.state, marks=frozenset({"one", "other"}))
        await on.act("card.needs")
        await on.type("train")
        await on.press("enter", "enter")
        await on.saved()
        needs = {name: on.on_disk()[name].needs for name in ("one", "other")}
        assert needs == {"one": ("snapshot SS+2d", "train"), "other": ("labels", "snapshot", "train")}
        await on.act("card.needs")
        await on.press("tab", "enter")
        assert (on.card("one").needs, on.card("other").needs) == (("train",), ("labels", "train"))
        await on.act("plan.undo", "plan.undo")
        await on.saved()
        assert on.on_disk()["other"].needs == ("labels", "snapshot")


async def test_one_form_sets_fields_of_all_marked_cards(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("features")
        await on.act("card.mark", "card.mark", "card.edit")
        form = on.app.screen
        assert isinstance(form, FormScreen)
        assert "Edit 2 cards" in on.text()
        assert "(they differ)" in on.text()
        form.view.go_to_path(("estimate",))
        form.view.put("2/3/8")
        form.view.go_to_path(("owner",))
        form.view.put("nobody-here")
        await save_form(on)
        assert "no person nobody-here" in on.text()
        form.view.put("sam")
        await save_form(on)
        await on.saved()
        for name in ("features", "labels"):
            assert (on.on_disk()[name].estimate, on.on_disk()[name].owner) == ((2, 3, 8), "sam")
            assert on.on_disk()[name].title == f"Card {name}"
        await on.act("plan.undo")
        await on.saved()
        assert on.on_disk()["features"].estimate is None


async def test_a_marked_card_that_is_dragged_takes_the_others_along(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("features")
        await on.act("card.mark", "card.mark")
        drop_in(on.board, "labels", "iterate")
        assert {on.card(one).phase for one in ("features", "labels")} == {"iterate"}
        assert on.card("snapshot").phase == "execute"


async def test_a_rename_follows_every_reference_as_one_step(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("features")
        await on.act("card.rename")
        await on.press("ctrl+u")
        await on.type("labels")
        await on.press("enter")
        assert "already" in on.text()
        await on.press("ctrl+u")
        await on.type("feature-table")
        await on.press("enter")
        assert on.focus == "feature-table"
        await on.saved()
        disk = on.on_disk()
        assert "features" not in disk
        assert disk["labels"].needs == ("feature-table",)
        assert disk["train"].needs == ("feature-table", "labels")
        await on.act("plan.undo")
        await on.saved()
        assert on.on_disk()["labels"].needs == ("features",)


async def test_a_card_is_renamed_from_its_form_too(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("features")
        await on.act("card.edit", "form.rename")
        await on.press("ctrl+u")
        await on.type("feature-table")
        await on.press("enter")
        await on.saved()
        assert on.focus == "feature-table"
        assert on.on_disk()["labels"].needs == ("feature-table",)


async def test_needs_that_would_make_a_loop_are_refused(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("features")
        await on.act("card.needs")
        await on.type("train")
        await on.press("enter")
        assert isinstance(on.app.screen, Pick)
        assert "loop" in on.text()
        await on.press("escape", "escape")
        assert on.card("features").needs == ()


async def test_needs_keep_their_kind_of_link(plan: PlanFolder, start: Start) -> None:
    plan.card("late", "execute", 'needs = ["features SS+2d"]\n')
    async with start(plan.root) as on:
        await on.go_to("late")
        await on.act("card.needs")
        await on.type("snapshot")
        await on.press("enter", "enter")
        assert on.card("late").needs == ("features SS+2d", "snapshot")


async def test_add_puts_the_card_where_the_focus_is(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("features")
        await on.act("card.add")
        await on.type("Backfill @mira ~2/3/5 #data")
        await on.press("enter")
        (new,) = (card for card in on.board.plan.cards.values() if card.title == "Backfill")
        assert (new.place, new.owner, new.estimate, new.tags) == (
            "execute/data-pipeline",
            "mira",
            (2, 3, 5),
            ("data",),
        )
        assert on.focus == new.id
        await on.saved()
        assert new.id in on.on_disk()


async def test_add_with_a_mistake_keeps_the_text(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.act("card.add")
        await on.type("Backfill @nobody-here")
        await on.press("enter")
        assert "nobody-here" in on.text()
        assert on.board.context == "text"
        await on.press("escape")
        assert "escape again" in on.text()
        await on.press("escape")
        assert on.board.context == "board"
        assert len(on.board.plan.cards) == 6


async def test_a_line_says_while_it_is_typed_what_cannot_be_taken(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.act("card.add")
        await on.type("Backfill in:execute/nowhere due:xxx")
        assert "there is no place 'execute/nowhere'" in on.text()
        await on.press("tab")
        assert "there is no place" in on.text()
        await on.press("ctrl+u")
        await on.type("Backfill in:monitoring due:xxx")
        assert "not a date" not in on.text()
        await on.press("tab")
        assert "'xxx' is not a date; expected a date: 2026-12-01" in on.text()
        assert on.board.context == "text"


async def test_completions_stand_below_each_other_with_the_chosen_one_marked(
    plan: PlanFolder, start: Start
) -> None:
    async with start(plan.root) as on:
        await on.act("card.add")
        await on.type("Backfill needs:")
        await on.press("down", "down")
        rows = on.lines()[-8:-1]
        assert len([row for row in rows if "  Card " in row]) == 6
        assert [row.strip().startswith(">") for row in rows] == [
            False,
            False,
            False,
            True,
            False,
            False,
            False,
        ]
        await on.press("tab")
        assert "needs Card" in on.text()


async def test_tab_takes_a_completion(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.act("card.add")
        await on.type("Backfill @mi")
        await on.press("tab", "enter")
        assert any(card.owner == "mira" and card.title == "Backfill" for card in on.board.plan.cards.values())


async def test_tab_opens_the_whole_form_with_what_was_typed(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.act("card.add")
        await on.type("Backfill the labels")
        await on.press("tab")
        assert "Backfill the labels" in on.text()
        assert type(on.app.screen).__name__ == "FormScreen"


async def test_edit_opens_a_form(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("features")
        await on.act("card.edit")
        assert type(on.app.screen).__name__ == "FormScreen"
        assert "Card features" in on.text()


async def test_enter_opens_the_card(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("features")
        await on.act("focus.open")
        assert type(on.app.screen).__name__ == "CardScreen"


async def test_filter_works_while_it_is_typed(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.act("find.filter")
        await on.type("owner:mira")
        assert [len(column.items) for column in on.board.columns] == [1, 0, 2, 0]
        assert "3 of 6 shown" in on.text()
        assert "2/4" in on.lines()[2]
        await on.press("enter")
        assert on.board.context == "board"
        await on.act("focus.back")
        assert [len(column.items) for column in on.board.columns] == [1, 1, 4, 0]


async def test_a_wrong_filter_says_where_and_keeps_the_last_view(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.act("find.filter")
        await on.type("owner:mira (")
        assert "(at character" in on.text()
        assert [len(column.items) for column in on.board.columns] == [1, 0, 2, 0]
        await on.press("escape")
        assert [len(column.items) for column in on.board.columns] == [1, 1, 4, 0]


async def test_a_changed_card_stays_until_the_focus_moves_on(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.act("find.filter")
        await on.type("status:todo")
        await on.press("enter")
        await on.go_to("labels")
        await on.act("card.next_status")
        assert "not in the filter" in on.text()
        assert on.focus == "labels"
        await on.saved()
        assert on.focus == "labels"
        await on.act("focus.down")
        assert on.focus == "train"
        assert "not in the filter" not in on.text()


async def test_group_goes_through_all_groupings(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        headings = {}
        for _ in range(5):
            column = on.board.columns[2]
            headings[on.board.state.group] = [group.title for group in column.groups]
            await on.act("find.group")
        assert on.board.state.group == "step"
        assert headings == {
            "step": ["Build the data pipelines", "Build the training pipeline"],
            "status": ["In progress", "To do"],
            "owner": ["Mira Test", "Sam Test", "nobody yet"],
            "milestone": ["no milestone"],
            "stage": ["no stage"],
        }
        assert on.focus == "snapshot"


async def test_views_are_saved_and_picked(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.act("find.views")
        assert "no views are saved" in on.foot()
        await on.act("find.filter")
        await on.type("owner:mira")
        await on.press("enter")
        await on.act("find.views")
        await on.press("enter")
        await on.type("Mine")
        await on.press("enter")
        await on.saved()
        assert on.board.plan.board.views["mine"].query == "owner:mira"
        await on.act("focus.back", "find.views")
        await on.type("mine")
        await on.press("enter")
        assert on.board.state.filter == "owner:mira"


async def test_views_are_changed_and_removed_where_they_are_picked(plan: PlanFolder, start: Start) -> None:
    late = '\n[views.late]\ntitle = "Late"\nquery = "is:late"\n'
    mine = '\n[views.mine]\nquery = "owner:mira"\ngroup = "status"\n'
    path = plan.root / "board.toml"
    path.write_text(path.read_text() + late + mine)
    async with start(plan.root) as on:
        await on.act("find.command")
        await on.type("mine")
        await on.press("enter")
        assert (on.board.state.filter, on.board.state.group) == ("owner:mira", "status")
        await on.act("focus.back", "find.views", "pick.change")
        form = on.app.screen
        assert isinstance(form, FormScreen)
        form.view.go_to_path(("query",))
        form.view.put("is:lat")
        await save_form(on)
        assert "; expected " in on.text()
        form.view.put("is:late or is:blocked")
        await save_form(on)
        await on.saved()
        assert "is:late or is:blocked" in path.read_text()
        await on.act("find.views", "pick.remove")
        await on.saved()
        assert list(on.board.plan.board.views) == ["mine"]
        await on.act("plan.undo")
        await on.saved()
        assert on.board.plan.board.views["late"].query == "is:late or is:blocked"


async def test_a_grouping_is_a_view_and_a_name_that_there_is_takes_its_place(
    plan: PlanFolder, start: Start
) -> None:
    path = plan.root / "board.toml"
    path.write_text(path.read_text() + '\n[views.by-who]\ntitle = "Who"\nquery = "is:open"\n')
    async with start(plan.root) as on:
        await on.act("find.group", "find.group", "find.views")
        await on.press("down", "enter")
        await on.type("who")
        assert "takes the place of is:open" in on.text()
        await on.press("enter")
        await on.saved()
        (view,) = on.board.plan.board.views.values()
        assert (view.title, view.query, view.group) == ("who", "", "owner")


async def test_portfolio_is_outside_and_projects_inside(plan: PlanFolder, start: Start) -> None:
    plan.project("fraud", phase="assess", rank="a1")
    async with start(plan.root) as on:
        assert on.board.state.project == ""
        assert [len(column.items) for column in on.board.columns] == [1, 0, 1, 0]
        await on.act("card.next_status")
        assert "Enter opens the project" in on.foot()
        await on.act("focus.right", "focus.right", "focus.open")
        assert on.board.state.project == "churn"
        await on.act("focus.back")
        assert (on.board.state.project, on.focus) == ("", "churn")
        await on.act("card.move_left")
        assert on.board.plan.projects["churn"].phase == "plan"
        await on.act("find.project")
        await on.type("fraud")
        await on.press("enter")
        assert on.board.state.project == "fraud"


async def test_a_project_is_added_on_the_portfolio(plan: PlanFolder, start: Start) -> None:
    plan.project("fraud", phase="assess", rank="a1")
    async with start(plan.root) as on:
        await on.act("card.add")
        await on.type("Late parcels")
        await on.press("enter")
        assert on.board.plan.projects["late-parcels"].title == "Late parcels"
        assert on.focus == "late-parcels"


async def test_finished_cards_stand_behind_the_others(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.act("card.next_status", "card.next_status")
        group = [item.id for item in on.board.columns[2].items[:3]]
        assert group == ["features", "labels", "snapshot"]
        assert on.focus == "snapshot"
        await on.act("card.raise")
        assert "first of its group" in on.foot()
        await on.go_to("labels")
        await on.act("card.lower")
        assert "last of its group" in on.foot()


async def test_limits_are_asked_about_and_never_forced(plan: PlanFolder, start: Start) -> None:
    write(plan.root / "board.toml", "format = 1\n\n[limits]\nexecute = 1\n")
    async with start(plan.root) as on:
        assert "wip 1/1" in on.text()
        await on.go_to("labels")
        await on.act("card.next_status")
        assert isinstance(on.app.screen, Confirm)
        await on.press("n")
        assert on.card("labels").status == "todo"
        await on.act("card.next_status")
        await on.press("y")
        assert on.card("labels").status == "doing"
        assert "wip 2/1!" in on.text()


async def test_limits_are_asked_about_for_marked_cards_and_in_forms(plan: PlanFolder, start: Start) -> None:
    write(plan.root / "board.toml", "format = 1\n\n[limits]\nexecute = 1\nplan = 1\ndoing_per_person = 2\n")
    async with start(plan.root) as on:
        await on.go_to("snapshot")
        await on.act("card.mark")
        await on.go_to("labels")
        await on.act("card.mark", "card.next_status")
        assert "execute in churn would have 3" in " ".join(on.text().split())
        await on.press("n")
        assert {on.card("snapshot").status, on.card("labels").status} == {"todo"}
        await on.act("focus.leave")
        # A card in progress is moved over a limit.
        await on.go_to("features")
        await on.act("card.move_left")
        assert "plan in churn would have 2" in " ".join(on.text().split())
        await on.press("n")
        assert on.card("features").phase == "execute"
        # A form asks before it writes, and stays with what was typed.
        await on.go_to("labels")
        await on.act("card.edit")
        form = on.app.screen
        assert isinstance(form, FormScreen)
        form.view.go_to_path(("status",))
        form.view.put("doing")
        await on.act("form.save")
        assert isinstance(on.app.screen, Confirm)
        await on.press("n")
        assert on.app.screen is form
        assert "not saved: it would pass a limit" in on.text()
        assert on.on_disk()["labels"].status == "todo"
        await on.act("form.save")
        await on.press("y")
        await on.saved()
        assert on.app.screen is on.board
        assert on.on_disk()["labels"].status == "doing"


async def test_undoing_asks_nobody_but_says_which_limit_is_passed(plan: PlanFolder, start: Start) -> None:
    write(plan.root / "board.toml", "format = 1\n\n[limits]\nexecute = 1\ndoing_per_person = 1\n")
    async with start(plan.root) as on:
        await on.go_to("labels")
        await on.act("card.next_status")
        await on.press("y")
        await on.saved()
        await on.act("card.next_status")
        await on.saved()
        assert "wip 1/1" in on.text()
        await on.act("plan.undo")
        await on.saved()
        assert "execute in churn has 2 cards in progress; its limit is 1" in on.foot()
        assert "wip 2/1!" in on.text()


async def test_why_explains(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("train")
        await on.act("card.why")
        assert isinstance(on.app.screen, Message)
        assert "needs features" in on.text()
        assert "late: wanted by" in on.text()


async def test_copying_goes_to_the_terminals_clipboard(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.act("card.copy_id")
        assert on.app.clipboard == "snapshot"
        await on.act("card.copy_branch")
        assert on.app.clipboard == "churn/snapshot"


async def test_the_palette_does_commands_and_goes_to_cards(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.act("find.command")
        assert isinstance(on.app.screen, Palette)
        await on.type("Card train")
        await on.press("enter")
        assert on.focus == "train"
        await on.act("find.command")
        await on.type("next status")
        await on.press("enter")
        assert on.card("train").status == "doing"


async def test_jumps_along_needs_go_back_and_forward(plan: PlanFolder, start: Start) -> None:
    plan.project("fraud", phase="assess", rank="a1")
    plan.card("far", "assess", 'needs = ["churn/train"]\n', project="fraud")
    async with start(plan.root, project="churn") as on:
        await on.go_to("labels")
        await on.act("card.to_need")
        assert on.focus == "features"
        await on.act("card.to_need")
        assert on.foot() == "it needs no other card"
        await on.act("card.to_dependant")
        await on.type("train")
        await on.press("enter")
        assert on.focus == "train"
        await on.act("card.to_dependant")
        assert (on.board.state.project, on.focus) == ("fraud", "far")
        seen: list[str] = []
        for action in ("card.previous", "card.previous", "card.next", "card.next", "card.next"):
            await on.act(action)
            seen.append(on.focus)
        assert seen == ["train", "features", "train", "far", "far"]
        assert on.foot() == "there is no jump further on"
        await on.act("card.previous", "find.project")
        await on.type("portfolio")
        await on.press("enter")
        assert on.board.state.project == ""
        await on.act("card.previous")
        assert (on.board.state.project, on.focus) == ("churn", "train")


async def test_help_lists_every_key_of_the_board(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root, size=(120, 120)) as on:
        await on.act("kedge.help")
        assert isinstance(on.app.screen, HelpOverlay)
        listed = {keys for _, entries in on.board.help_groups() for keys, *_ in entries}
        assert {"g g, Home", "^d, PgDn", "m a", "Space"} <= listed


async def test_a_prefix_waits_and_shows_what_can_follow(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.press("m")
        assert "a to Assess" in on.foot()
        await on.press("escape")
        assert "? help" in on.foot()
        await on.press("m", "z")
        assert on.foot() == "m z does nothing"


async def test_every_screen_opens_or_says_that_it_is_not_there(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        for action in (one.id for one in ACTIONS if one.id.startswith("screen.")):
            await on.act(action)
            if on.app.screen is on.board:
                assert action == "screen.board" or "is not there yet" in on.foot()
            else:
                await on.press("escape")
                assert on.app.screen is on.board


async def test_read_again_says_so(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        plan.card("by-hand", "execute")
        await on.act("plan.reload")
        await on.saved()
        assert "by-hand" in on.board.plan.cards
        assert "changed on disk" in on.foot()


async def test_quit(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.act("card.next_status", "kedge.quit")
        assert on.app._exit
    # Closing waits for the writer: what was done last is on disk.
    assert Driver.on_disk(on)["snapshot"].status == "doing"


async def test_a_disabled_action_says_why(plan: PlanFolder, start: Start) -> None:
    write(plan.root / "board.toml", "format = 99\n")
    async with start(plan.root) as on:
        await on.act("card.next_status")
        assert "a newer kedge wrote this plan" in on.foot()
        assert on.card("snapshot").status == "todo"

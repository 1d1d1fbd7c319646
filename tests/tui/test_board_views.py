"""What is shown on the board: filters, groups, views, projects, limits."""

from __future__ import annotations

from kedge.tui.dialogs.ask import Confirm
from kedge.tui.forms.form import FormScreen

from .driver import PlanFolder, Start, write


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
        assert [len(column.items) for column in on.board.columns] == [0, 1, 4, 0]


async def test_a_wrong_filter_says_where_and_keeps_the_last_view(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.act("find.filter")
        await on.type("owner:mira (")
        assert "(at character" in on.text()
        assert [len(column.items) for column in on.board.columns] == [1, 0, 2, 0]
        await on.press("escape")
        assert [len(column.items) for column in on.board.columns] == [0, 1, 4, 0]


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
            "owner": ["Mira Test", "Sam Test", "no owner"],
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
        await on.save_form()
        assert "; expected " in on.text()
        form.view.put("is:late or is:blocked")
        await on.save_form()
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
        assert 'Execute in "Project churn" would have 3' in " ".join(on.text().split())
        await on.press("n")
        assert {on.card("snapshot").status, on.card("labels").status} == {"todo"}
        await on.act("focus.leave")
        # A card in progress is moved over a limit.
        await on.go_to("features")
        await on.act("card.move_left")
        assert 'Plan in "Project churn" would have 2' in " ".join(on.text().split())
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
        assert 'Execute in "Project chu…" has 2 cards in progress; its limit is 1' in on.foot()
        assert "wip 2/1!" in on.text()

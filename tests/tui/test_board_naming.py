"""Renaming and linking cards, and adding them with a line."""

from __future__ import annotations

from kedge.tui.dialogs.pick import Pick

from .driver import PlanFolder, Start


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
        assert 'needs "Card' in on.text()


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

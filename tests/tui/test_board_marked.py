"""Marked cards: one step for all of them."""

from __future__ import annotations

from dataclasses import replace

from kedge.tui.board.board_moves import drop_in
from kedge.tui.forms.form import FormScreen

from .driver import PlanFolder, Start


async def test_marked_cards_are_one_step(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.act("card.mark_all")
        assert len(on.board.state.marks) == 5
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
        assert "they differ" in on.text()
        form.view.go_to_path(("estimate",))
        form.view.put("2/3/8")
        form.view.go_to_path(("owner",))
        form.view.put("nobody-here")
        await on.save_form()
        assert "no person nobody-here" in on.text()
        form.view.put("sam")
        await on.save_form()
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

"""What explains the board, leads around on it and leaves it."""

from __future__ import annotations

from kedge.tui.dialogs.message import HelpOverlay, Message
from kedge.tui.dialogs.palette import Palette
from kedge.tui.keys.actions import ACTIONS

from .driver import Driver, PlanFolder, Start, write


async def test_why_explains(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("train")
        await on.act("card.why")
        assert isinstance(on.app.screen, Message)
        assert "waits for" in on.text()
        assert "late: due" in on.text()


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
        assert "move to  a Assess" in on.foot()
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
                # While the portfolio is being chosen, escape ends the search and not the screen.
                await on.found_out()
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

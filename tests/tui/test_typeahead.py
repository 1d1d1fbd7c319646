"""Keys that come faster than the board answers have the effect that they have one by one."""

from __future__ import annotations

import pytest
from textual import events

from kedge.tui.board.board import BoardScreen

from .driver import Driver, PlanFolder, Start


async def at_once(on: Driver, *keys: str) -> None:
    """Sends keys without waiting for any of them."""
    driver = on.app._driver
    assert driver is not None
    for key in keys:
        event = events.Key(key, {"space": " "}.get(key, key if len(key) == 1 else None))
        driver.send_message(event)
    await _all_seen(on)


async def _all_seen(on: Driver) -> None:
    await on.pilot.pause()
    await on.app.typed.done()
    await on.pilot.pause()


async def test_a_title_typed_with_the_key_that_asks_for_it(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await at_once(on, "a", *"qukHx", "space", *"GGd", "enter")
        await on.saved()
        assert "qukHx GGd" in {card.title for card in on.on_disk().values()}


@pytest.mark.parametrize("screen", ["2", "3", "9"])
async def test_escape_twice_leaves_a_screen_once(plan: PlanFolder, start: Start, screen: str) -> None:
    async with start(plan.root) as on:
        await at_once(on, screen, "escape", "escape", "escape")
        assert isinstance(on.app.screen, BoardScreen)
        assert on.app.crash is None


async def test_keys_for_a_dialog_that_is_not_there_yet(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("labels")
        await at_once(on, "b", *"no data", "enter", "j")
        await on.saved()
        assert on.on_disk()["labels"].blocked == "no data"
        assert on.focus == "train"


async def test_a_text_pasted_behind_the_key_that_opens_the_filter(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        driver = on.app._driver
        assert driver is not None
        driver.send_message(events.Key("slash", "/"))
        driver.send_message(events.Paste("labels"))
        await _all_seen(on)
        assert on.board.state.filter == "labels"

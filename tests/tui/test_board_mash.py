"""Random keys, sizes and changes by others: nothing crashes, nothing is lost, and the disk says what the board says."""

from __future__ import annotations

import os
from random import Random

import pytest

from kedge.storage.workspace import Workspace

from .driver import Driver, PlanFolder, Start

ROUNDS = int(os.environ.get("KEDGE_MASH_ROUNDS", "120"))
KEYS = (
    *(
        "h",
        "j",
        "k",
        "l",
        "g",
        "G",
        "H",
        "L",
        "J",
        "K",
        "v",
        "V",
        "m",
        "a",
        "p",
        "e",
        "i",
        "s",
        "b",
        "x",
        "o",
        "t",
    ),
    *("d", "n", "w", "y", "Y", "f", "R", "?", "/", "u", "1", "5", "9", "E"),
    *("space", "enter", "escape", "escape", "escape", "tab", "up", "down", "left", "right", "backspace"),
    *("ctrl+d", "ctrl+u", "ctrl+r", "pageup", "pagedown", "home", "end"),
)


async def _change_outside(random: Random, plan: PlanFolder, number: int) -> None:
    match random.randrange(4):
        case 0:
            plan.card(f"outside-{number}", random.choice(["assess", "plan/tactics", "execute", "iterate"]))
        case 1:
            files = sorted((plan.root / "projects" / "churn" / "cards").glob("outside-*.toml"))
            if files:
                random.choice(files).unlink()
        case 2:
            path = plan.path(random.choice(["labels", "train", "features"]))
            if path.is_file():
                path.write_text(path.read_text().replace("Card", "Kard"))
        case _:
            path = plan.path("budget")
            if path.is_file():
                path.write_text(path.read_text() + "# a word more\n")


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_mashing_the_keys_loses_nothing(
    plan: PlanFolder, start: Start, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    random = Random(seed)
    async with start(plan.root) as on:
        assert on.app.session
        for number in range(ROUNDS):
            chance = random.random()
            if chance < 0.03:
                await on.pilot.resize_terminal(random.randrange(20, 200), random.randrange(5, 60))
            elif chance < 0.08:
                await _change_outside(random, plan, number)
                on.app.session.refresh()
            else:
                await on.press(random.choice(KEYS))
        await _to_the_board(on)
        on.app.session.refresh()
        await on.saved()
        await on.saved()
        assert on.app.failure is None
        assert not on.app.session.unsaved
        fresh = Workspace.open(str(plan.root), os.environ).plan
        assert on.app.session.plan.records == fresh.records
        assert on.board.plan.records == fresh.records
        shown = {item.id for column in on.board.columns for item in column.items}
        assert not on.focus or on.focus in shown


async def _to_the_board(on: Driver) -> None:
    for _ in range(40):
        if on.app.screen is on.board and on.board.context == "board":
            return
        # A form asks what to do with what was typed: d gives it up.
        await on.press("escape" if "discard" not in on.text() else "d")
    raise AssertionError(f"escape does not lead back from {on.app.screen}")

"""Random keys, sizes and changes by others: nothing crashes, nothing is lost, and the disk says what the board says.

Some thousand keys in all, in parts of their own, each with another seed. By hand, with other seeds and more keys:
KEDGE_MASH_SEEDS=100-200 KEDGE_MASH_KEYS=3000.
"""

from __future__ import annotations

import os
from random import Random

import pytest

from kedge.storage.plan.workspace import Workspace
from kedge.tests.effort import times

from .driver import Driver, PlanFolder, Start, write

KEYS = int(os.environ.get("KEDGE_MASH_KEYS") or times(600, 1000))
SEEDS = os.environ.get("KEDGE_MASH_SEEDS") or f"1-{times(6)}"
AT_ONCE = 16
"""Keys that are typed before the board has time to answer."""
LETTERS = "abcdefghijklmnoprstuvwxyzABCDEFGHJKLRTUVXYEn"
NAMED = (
    *("f1", "f4", "f8", "f9", "space", "enter", "tab", "shift+tab", "backspace", "delete"),
    *("up", "down", "left", "right", "pageup", "pagedown", "home", "end"),
    *(
        "ctrl+d",
        "ctrl+u",
        "ctrl+r",
        "ctrl+p",
        "ctrl+s",
        "?",
        "/",
        ":",
        "<",
        ">",
        "[",
        "]",
        "+",
        "@",
        "#",
        "~",
        "!",
    ),
)
HALF, WHOLE = "title = 'no end\n", "title = 'Broken'\nplace = 'plan'\n"
SCREENS = "1239999332211564"


def _seeds() -> range:
    first, _, last = SEEDS.partition("-")
    return range(int(first), int(last or first) + 1)


def _some_keys(random: Random) -> list[str]:
    """What is typed in one go: walking about, going to a screen, or going back from where one is."""
    match random.randrange(12):
        case 0 | 1:
            return ["escape"] * random.randrange(1, 4)
        case 2:
            return ["escape", "escape", random.choice(SCREENS)]
        case _:
            count = random.randrange(1, AT_ONCE + 1)
            return [random.choice(LETTERS if random.random() < 0.6 else NAMED) for _ in range(count)]


async def _change_outside(random: Random, plan: PlanFolder, number: int) -> None:
    match random.randrange(5):
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
        case 3:
            # Half of a file, as a merge that stopped or an editor that is not done leaves it.
            write(plan.path("broken"), random.choice([HALF, WHOLE]))
        case _:
            path = plan.path("budget")
            if path.is_file():
                path.write_text(path.read_text() + "# a word more\n")


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("seed", _seeds())
async def test_mashing_the_keys_loses_nothing(
    plan: PlanFolder, start: Start, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    plan.project("second", phase="assess", rank="a1", more='lead = "mira"\n')
    plan.card("stray", "plan/nowhere", 'owner = "nobody"\nneeds = ["gone"]\n')
    random = Random(seed)
    log: list[str] = []
    async with start(plan.root) as on:
        assert on.app.session
        typed = 0
        while typed < KEYS:
            chance = random.random()
            if chance < 0.05:
                size = (random.randrange(20, 160), random.randrange(5, 50))
                log.append(f"{size}")
                await on.pilot.resize_terminal(*size)
            elif chance < 0.15:
                log.append("outside")
                await _change_outside(random, plan, typed)
                on.app.session.refresh()
            else:
                keys = _some_keys(random)
                typed += len(keys)
                log.extend(keys)
                await on.press(*keys)
            assert on.app.crash is None, log[-60:]
        await on.pilot.resize_terminal(80, 24)
        await _to_the_board(on)
        write(plan.path("broken"), WHOLE)
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
        # A form asks what to do with what was typed: d gives it up. A line wants a second escape.
        is_asked = "discard" in on.text() and "escape again" not in on.text()
        await on.press("d" if is_asked else "escape")
    raise AssertionError(f"escape does not lead back from {on.app.screen}: {on.text()}")

"""The table of everyday tasks in docs/tour.md: each row is played, key by key, and counted."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from .driver import Driver, PlanFolder, Start

PAGE = Path(__file__).parents[2] / "docs" / "tour.md"
ROWS = {
    task: (re.findall(r'`([^`]+)`|"([^"]+)"', keys), int(count))
    for task, keys, count in re.findall(
        r"^\| ([a-zA-Z ,]+) \| (.+) \| (\d+) \|$", PAGE.read_text(), re.MULTILINE
    )
}
NAMES = {"Space": "space", "Enter": "enter"}
FRIDAY = dt.date(2026, 11, 27)


def _added(on: Driver) -> bool:
    new = [one for one in on.on_disk().values() if one.title == "Try it"]
    return [(one.owner, one.due, one.place) for one in new] == [("sam", FRIDAY, "execute/data-pipeline")]


DONE: dict[str, Callable[[Driver], object]] = {
    "start a card": lambda on: on.on_disk()["snapshot"].status == "doing",
    "finish a card": lambda on: on.on_disk()["snapshot"].status == "done",
    "give it to a person": lambda on: on.on_disk()["snapshot"].owner == "mira",
    "set its due date": lambda on: on.on_disk()["snapshot"].due == FRIDAY,
    "say what blocks it": lambda on: on.on_disk()["snapshot"].blocked == "no access yet",
    "move it to Plan": lambda on: on.on_disk()["snapshot"].place == "plan",
    "add a card with owner and date": _added,
    "find a card": lambda on: on.focus == "train",
    "take the last step back": lambda on: on.on_disk()["snapshot"].status == "todo",
    "see what the gate asks": lambda on: (
        "It is closed. To open it: answer 14 questions, meet 2 conditions" in on.text()
    ),
}


def test_ten_tasks_are_in_the_table() -> None:
    assert set(ROWS) == set(DONE)
    assert len(ROWS) == 10


@pytest.mark.parametrize("task", DONE)
async def test_a_task_takes_the_keys_of_its_row(task: str, plan: PlanFolder, start: Start) -> None:
    parts, count = ROWS[task]
    keys = [key for name, text in parts for key in ([NAMES.get(name, name)] if name else text)]
    assert len(keys) == count
    async with start(plan.root) as on:
        assert on.focus == "snapshot"
        for key in keys:
            await on.press(key)
        await on.saved()
        await on.found_out()
        assert DONE[task](on)

"""What an empty board and an empty column say."""

from __future__ import annotations

from pathlib import Path

from kedge.tui.keys.keymap import keymap

from .driver import PlanFolder, Start


async def test_a_new_plan_says_how_to_begin_with_the_keys_one_has(tmp_path: Path, start: Start) -> None:
    empty = PlanFolder(tmp_path)
    empty.project("churn", phase="assess")
    changed = keymap({"card.add": "A", "kedge.tour": []})
    for keys, add, tour in ((None, "a adds a card", "T shows"), (changed, "A adds a card", "(kedge.tour)")):
        async with start(empty.root, size=(80, 24), keys=keys) as on:
            words = " ".join(line.strip("│ ") for line in on.lines())
            for expected in (add, tour, "Work that finds out", "2 asks what the method"):
                assert expected in words


async def test_a_column_says_what_belongs_there_and_a_filter_that_it_hides(
    plan: PlanFolder, start: Start
) -> None:
    async with start(plan.root, size=(160, 30)) as on:
        assert "Results, lessons and the next" in on.text()
        assert "What is the problem" not in on.text()
        assert "2 asks" not in on.text()
        await on.act("find.filter")
        await on.type("labels")
        await on.press("enter")
        assert on.text().count("all hidden by the filter; Esc") == 2


async def test_an_empty_portfolio_adds_a_project(tmp_path: Path, start: Start) -> None:
    async with start(PlanFolder(tmp_path).root, size=(160, 30)) as on:
        assert "a adds a project" in on.text()
        assert "What is the problem" not in on.text()

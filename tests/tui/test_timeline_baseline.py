"""The baseline on the Timeline: which revision is asked, what is drawn below the bars, and what a key costs with it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from kedge.tui.dialogs.message import Message
from kedge.tui.dialogs.pick import Pick
from kedge.tui.timeline.timeline_screen import TimelineScreen
from kedge.tui.widgets.lines import LineView

from .driver import Driver, PlanFolder, Start, write

Compare = Callable[[str, Sequence[str]], None]
DAY = "2026-11-18T10:00:00+0000"


def git(folder: Path, *words: str) -> None:
    command = ["git", "-c", "user.name=M", "-c", "user.email=m@example.org", *words]
    dates = {"GIT_AUTHOR_DATE": DAY, "GIT_COMMITTER_DATE": DAY}
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env={**os.environ, **dates})


@pytest.fixture
def moved(tmp_path: Path) -> PlanFolder:
    """Committed two working days ago; since then an estimate has grown, a card is done, and one is new."""
    plan = PlanFolder(tmp_path)
    plan.project("churn")
    write(plan.root / "people/mira.toml", 'name = "Mira"\n')
    live = '[milestones.live]\ntitle = "Live"\ndue = 2026-12-11\n'
    write(plan.root / "projects/churn/strategy.toml", live)
    plan.card("table", more='owner = "mira"\nestimate = [3]\nmilestone = "live"\n', title="Feature table")
    plan.card("audit", more="estimate = [2]\nnot_before = 2026-12-01\n", title="Label audit")
    plan.card("over", more="estimate = [1]\n", title="Nearly over")
    git(plan.root, "init", "-q", "-b", "main")
    git(plan.root, "add", "-A")
    git(plan.root, "commit", "-q", "-m", "plan")
    git(plan.root, "branch", "calmer")
    path = plan.path("table")
    path.write_text(path.read_text().replace("[3]", "[7]"))
    path = plan.path("over")
    path.write_text(path.read_text().replace('status = "todo"', "") + 'status = "done"\n')
    plan.card("more", more="estimate = [1]\n", title="Came later")
    return plan


async def opened(on: Driver, revision: str | None = None) -> TimelineScreen:
    await on.act("screen.timeline")
    await settled(on)
    if revision is not None:
        await choose(on, revision)
    screen = on.app.screen
    assert isinstance(screen, TimelineScreen)
    return screen


async def choose(on: Driver, revision: str) -> None:
    await on.act("time.baseline")
    await settled(on)
    pick = on.app.screen
    assert isinstance(pick, Pick)
    pick.take(revision)
    await settled(on)


async def settled(on: Driver) -> None:
    await on.saved()
    await on.found_out()
    await on.pilot.pause()


def part(screen: TimelineScreen, name: str) -> str:
    return "\n".join(one.text for one in screen.query_one(name, LineView).lines)


def below(screen: TimelineScreen, title: str) -> str:
    """The row below the one with a title; empty below the last one."""
    rows = [*part(screen, ".rows").split("\n"), ""]
    return rows[next(at for at, row in enumerate(rows) if title in row) + 1]


async def test_branches_are_offered_and_the_same_key_ends_it(moved: PlanFolder, start: Start) -> None:
    async with start(moved.root, size=(120, 30)) as on:
        screen = await opened(on)
        rows = part(screen, ".rows")
        await on.act("time.baseline")
        await settled(on)
        pick = on.app.screen
        assert isinstance(pick, Pick)
        assert [one.key for one in pick.items] == [
            "HEAD",
            ":base",
            *sorted(("main", "calmer"), key=_order(pick)),
        ]
        pick.take("calmer")
        await settled(on)
        assert screen.band(".baseline").display
        assert part(screen, ".baseline").startswith("baseline calmer (")
        await on.act("time.baseline")
        await settled(on)
        assert not screen.band(".baseline").display
        assert part(screen, ".rows") == rows


def _order(pick: Pick) -> Callable[[str], int]:
    """Two branches at one commit come in the order that git gives them."""
    keys = [one.key for one in pick.items]
    return keys.index


@pytest.mark.parametrize("look", ["80x24", "160x48", "ascii"])
async def test_what_was_planned_is_drawn_below_the_bar(
    moved: PlanFolder, start: Start, matches_snapshot: Compare, look: str
) -> None:
    size = (160, 48) if look == "160x48" else (80, 24)
    async with start(moved.root, size=size, ascii_only=look == "ascii") as on:
        screen = await opened(on, "main")
        head = part(screen, ".baseline")
        commit = screen.known.before.baseline.title if screen.known.before is not None else ""
        # Today is Saturday 21 November: it was from Wednesday to Friday, and is from Monday to 1 December.
        assert head.startswith(f'baseline {commit} of 18 Nov: "Live" +7d')
        row = below(screen, "Feature table")
        assert "was 18 Nov to 20 Nov" in row
        assert "+7d" in row
        sign = "_" if look == "ascii" else "▀"
        assert row.count(sign) == 3
        # Nothing moved, and nothing was planned: no row below.
        assert "was" not in below(screen, "Label audit")
        assert "was" not in below(screen, "Came later")
        lines = [one.replace(commit, "main (c0ffee00)") for one in on.lines()]
        matches_snapshot(f"timeline-baseline-{look}", lines)


async def test_the_lines_below_and_why_say_it(moved: PlanFolder, start: Start) -> None:
    async with start(moved.root, size=(120, 40)) as on:
        screen = await opened(on, "main")
        assert "1 of 3 cards moved · 1 new · 1 gone or done" in part(screen, ".baseline")
        screen.show_card("table")
        await on.pilot.pause()
        assert "planned 18 Nov to 20 Nov, 7 days later" in part(screen, ".about")
        await on.act("card.why")
        dialog = on.app.screen
        assert isinstance(dialog, Message)
        text = "\n".join(one.text for one in dialog.lines(100))
        assert "planned 18 Nov to 20 Nov, 7 days later" in text
        assert "▀ as planned at the baseline" in text
        await on.press("escape")
        screen.show_card("more")
        await on.pilot.pause()
        assert "not in the baseline" in part(screen, ".about")


async def test_the_cursor_goes_past_what_was_planned(moved: PlanFolder, start: Start) -> None:
    async with start(moved.root, size=(100, 30)) as on:
        screen = await opened(on, "main")
        keys: list[Any] = []
        for _ in range(6):
            keys.append(screen.row_key)
            await on.act("focus.down")
        assert None not in keys
        assert {("milestone", "churn", "live"), "table", "audit", "more"} <= set(keys)


async def test_an_edit_moves_against_the_same_baseline(moved: PlanFolder, start: Start) -> None:
    async with start(moved.root, size=(120, 30)) as on:
        screen = await opened(on, "main")
        path = moved.path("table")
        path.write_text(path.read_text().replace("[7]", "[3]"))
        await on.act("plan.reload")
        await settled(on)
        assert '"Live" +3d' in part(screen, ".baseline")
        assert "+3d" in below(screen, "Feature table")


async def test_a_revision_that_is_none_is_said(moved: PlanFolder, start: Start) -> None:
    async with start(moved.root, size=(100, 30)) as on:
        screen = await opened(on, "no-such-branch")
        assert "no such revision" in on.foot()
        assert screen.known.revision == ""
        assert not screen.band(".baseline").display


async def test_without_git_the_key_says_so(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root, size=(100, 30)) as on:
        await opened(on)
        await on.act("time.baseline")
        await settled(on)
        assert "there is no baseline to show" in on.foot()


@pytest.mark.parametrize("cards", [100, 600])
async def test_a_key_draws_only_what_is_in_sight(plan: PlanFolder, start: Start, cards: int) -> None:
    for number in range(cards):
        plan.card(f"many-{number:05d}", "execute", "estimate = [1]\n")
    git(plan.root, "init", "-q", "-b", "main")
    git(plan.root, "add", "-A")
    git(plan.root, "commit", "-q", "-m", "plan")
    async with start(plan.root, size=(100, 30)) as on:
        screen = await opened(on, "main")
        assert len(part(screen, ".rows").split("\n")) >= 2 * cards
        for action in (
            "focus.down",
            "focus.half_down",
            "focus.last",
            "focus.up",
            "time.later",
            "time.coarser",
        ):
            before = screen.gantt.drawn
            await on.act(action)
            assert screen.gantt.drawn - before <= 2 * 30, action

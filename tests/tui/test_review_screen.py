"""Review: what is shown first, what is read and noted, either side, Markdown, scenarios, and what a key costs."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kedge.storage.plan.review_memory import ReviewMemory
from kedge.tui.app.side_board import SideBoard
from kedge.tui.dialogs.ask import Ask
from kedge.tui.dialogs.message import Message
from kedge.tui.dialogs.pick import Pick
from kedge.tui.dialogs.prompt import Prompt
from kedge.tui.review.review_screen import ReviewScreen
from kedge.tui.review.scenarios import ScenarioTable
from kedge.tui.timeline.timeline_screen import TimelineScreen

from .driver import Driver, PlanFolder, Start, write

Compare = Callable[[str, Sequence[str]], None]
STRATEGY = (
    '[metrics.recall]\ntitle = "Recall of the list"\nbaseline = 0.14\ntarget = {target}\n\n'
    '[milestones.live]\ntitle = "In use"\ndue = 2026-12-04\n'
)
HOSTILE = "\\u001b[31m[red]\\u202eteam[/red] <b>"
CARD = 'owner = "mira"\nestimate = {estimate}\nmilestone = "live"\n'


def git(folder: Path, *words: str) -> str:
    command = ["git", "-c", "user.name=M", "-c", "user.email=m@example.org", *words]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def changed(tmp_path: Path) -> PlanFolder:
    """A plan in a repository: a branch makes an estimate larger, lowers a target, and adds a card."""
    made = PlanFolder(tmp_path)
    made.project("churn")
    write(made.root / "projects/churn/strategy.toml", STRATEGY.format(target=0.3))
    made.card("table-7k2m", more=CARD.format(estimate="[2, 3, 5]"), title="Build the table")
    made.card("train-2b3c", more=CARD.format(estimate="[1, 2, 3]") + 'needs = ["table-7k2m"]\n')
    git(made.root, "init", "-q", "-b", "main")
    git(made.root, "add", "-A")
    git(made.root, "commit", "-q", "-m", "plan")
    git(made.root, "checkout", "-q", "-b", "later")
    path = made.path("table-7k2m")
    path.write_text(path.read_text().replace("[2, 3, 5]", "[5, 8, 20]"))
    write(made.root / "projects/churn/strategy.toml", STRATEGY.format(target=0.2))
    made.card("more-9x4p", more='owner = "sam"\nestimate = [1, 1, 2]\n', title=HOSTILE)
    return made


async def settled(on: Driver) -> None:
    """Waits until everything that was asked for is known and written."""
    await on.saved()
    await on.found_out()
    await on.pilot.pause()


async def opened(on: Driver) -> ReviewScreen:
    await on.act("screen.review")
    await settled(on)
    screen = on.app.screen
    assert isinstance(screen, ReviewScreen)
    return screen


def text(screen: ReviewScreen) -> str:
    return "\n".join(one.text for one in screen.rows.lines)


async def to(on: Driver, screen: ReviewScreen, part: str) -> None:
    """Puts the cursor on a change."""
    assert screen.found is not None
    screen.rows.go_to(next(one.key for one in screen.found.items if part in one.key))
    await on.pilot.pause()


# ---- what is seen


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_screen(
    changed: PlanFolder, start: Start, matches_snapshot: Compare, size: tuple[int, int]
) -> None:
    async with start(changed.root, size=size) as on:
        screen = await opened(on)
        assert screen.found is not None
        commit = screen.found.report.before_commit[:8]
        lines = [line.replace(commit, "01234567") for line in on.lines()]
        matches_snapshot(f"review-{size[0]}x{size[1]}", lines)
        await to(on, screen, "table-7k2m")
        await on.act("review.read")
        await settled(on)
        lines = [line.replace(commit, "01234567") for line in on.lines()]
        matches_snapshot(f"review-read-{size[0]}x{size[1]}", lines)


async def test_the_screen_in_ascii(changed: PlanFolder, start: Start) -> None:
    async with start(changed.root, size=(80, 24), ascii_only=True) as on:
        await opened(on)
        assert "".join(on.lines()).isascii()
        assert "goal moved after work began" in on.text()


async def test_verdict_and_dangers_come_first_and_coverage_last(changed: PlanFolder, start: Start) -> None:
    async with start(changed.root) as on:
        screen = await opened(on)
        rows = text(screen).split("\n")
        assert rows[0].startswith('goal moved after work began: "Recall of the list" target')
        shown = text(screen)
        places = [
            shown.index(part)
            for part in (
                "goal moved after work",
                "before ",
                "Scope",
                "Build the table  table-7k2m",
                "Not counted",
            )
        ]
        assert places == sorted(places)
        assert "estimate 2/3/5 → 5/8/20 days" in shown


async def test_hostile_text_is_shown_as_text(changed: PlanFolder, start: Start) -> None:
    async with start(changed.root) as on:
        screen = await opened(on)
        assert not {"\x1b", "\u202e"} & set(text(screen) + on.text())
        assert "[red]" in text(screen)
        await to(on, screen, "more-9x4p")
        for action in ("review.why", "review.note"):
            await on.act(action)
            assert not {"\x1b", "\u202e"} & set(on.text())
            await on.press("escape")


async def test_jumping_goes_from_change_to_change(changed: PlanFolder, start: Start) -> None:
    async with start(changed.root, size=(80, 24)) as on:
        screen = await opened(on)
        seen: list[object] = []
        for _ in range(3):
            await on.act("review.next")
            seen.append(screen.rows.key)
        assert screen.found is not None
        assert seen == [one.key for one in screen.found.items]
        await on.act("review.next")
        assert "that was the last change" in on.foot()
        await on.act("review.before")
        assert screen.rows.key == seen[1]
        # What the change says is in sight.
        assert "estimate 2/3/5" in on.text() or "place execute" in on.text() or "target" in on.text()


# ---- what is kept


async def test_what_is_read_stays_read_until_it_says_something_else(
    changed: PlanFolder, start: Start
) -> None:
    async with start(changed.root) as on:
        screen = await opened(on)
        for part in ("table-7k2m", "more-9x4p"):
            await to(on, screen, part)
            await on.act("review.read")
        await settled(on)
        assert "2 read" in on.text()
    git(changed.root, "add", "-A")
    git(changed.root, "commit", "-q", "-m", "more")
    path = changed.path("table-7k2m")
    path.write_text(path.read_text().replace("[5, 8, 20]", "[5, 8, 21]"))
    async with start(changed.root) as on:
        screen = await opened(on)
        assert "3 changes, 1 read" in on.text()
        assert screen.found is not None
        unread = [one.key for one in screen.found.items if one.mark not in screen.memory.read]
        assert any("table-7k2m" in key for key in unread)
        assert not any("more-9x4p" in key for key in unread)
        await to(on, screen, "more-9x4p")
        await on.act("review.read")
        await settled(on)
        assert "0 read" in on.text()
    assert not git(changed.root, "status", "--porcelain", "--", "*review*")


async def test_a_note_is_kept_quoted_and_taken_away(changed: PlanFolder, start: Start) -> None:
    async with start(changed.root) as on:
        screen = await opened(on)
        await to(on, screen, "table-7k2m")
        await on.act("review.note")
        assert isinstance(on.app.screen, Prompt)
        await on.type("why 20?")
        await on.press("enter")
        await settled(on)
        assert 'note  "why 20?"' in text(screen)
        place = screen.where
        note = next(iter(place.memory.load().notes.values()))
        assert note.text == "why 20?"
        assert "estimate 2/3/5 → 5/8/20 days" in note.quoted[0]
        await on.act("review.note")
        await on.press("ctrl+u", "enter")
        await settled(on)
        assert not place.memory.load().notes


async def test_markdown_goes_out_with_one_key(changed: PlanFolder, start: Start) -> None:
    async with start(changed.root) as on:
        screen = await opened(on)
        await to(on, screen, "table-7k2m")
        await on.act("review.note")
        await on.type("why 20?")
        await on.press("enter")
        await settled(on)
        await on.act("review.page")
        await settled(on)
        copied = on.app.clipboard
        assert copied.startswith("<!-- kedge-diff ")
        assert "why 20?" in copied
        assert "> **Build the table" in copied
        assert "<b>" not in copied
        assert "review.md" in on.foot()
    assert not list(changed.root.rglob("*.md"))


async def test_a_file_that_kedge_did_not_write_is_put_aside(changed: PlanFolder, start: Start) -> None:
    async with start(changed.root) as on:
        place = (await opened(on)).where
    path = Path(place.memory.write_page("x")).with_name("review.json")
    contents = ("{", '{"kedge": 1, "read": [3], "notes": {}}', json.dumps({"kedge": 1, "read": []}), "[]")
    for number, content in enumerate(contents):
        path.write_text(content)
        path.chmod(0o600)
        async with start(changed.root) as on:
            screen = await opened(on)
            assert "0 read" in on.text()
            await on.act("review.next", "review.read")
            await settled(on)
            assert len(place.memory.load().read) == 1
            assert screen.is_current
        aside = f"review.json.unreadable{f'-{number}' * (number > 0)}"
        assert path.with_name(aside).read_text() == content


# ---- elsewhere


@pytest.mark.parametrize(("key", "kind"), [("b", SideBoard), ("t", TimelineScreen)])
async def test_either_side_is_looked_at_and_not_changed(
    changed: PlanFolder, start: Start, key: str, kind: type
) -> None:
    async with start(changed.root) as on:
        screen = await opened(on)
        before = changed.path("table-7k2m").read_text()
        await on.act("review.side")
        assert isinstance(on.app.screen, Ask)
        await on.press(key)
        await settled(on)
        there = on.app.screen
        assert type(there) is kind
        assert "at merge base" in on.lines()[0]
        assert "read-only" in on.lines()[0]
        session = on.app.host.session
        assert "more-9x4p" not in session.plan.cards
        assert session.plan.cards["table-7k2m"].estimate == (2, 3, 5)
        await on.press("u", "space", "R")
        await settled(on)
        assert "more-9x4p" not in on.app.host.session.plan.cards
        await on.press("escape")
        await on.pilot.pause()
        assert on.app.screen is screen
        assert on.app.host.session is on.app.session
        assert "more-9x4p" in on.app.host.session.plan.cards
    assert changed.path("table-7k2m").read_text() == before


async def test_another_screen_ends_the_look_at_a_side(changed: PlanFolder, start: Start) -> None:
    async with start(changed.root) as on:
        await opened(on)
        await on.act("review.side")
        await on.press("b")
        await settled(on)
        await on.act("screen.problems")
        await settled(on)
        assert on.app.host.session is on.app.session
        assert "read-only" not in on.lines()[0]


async def test_other_revisions_are_compared(changed: PlanFolder, start: Start) -> None:
    git(changed.root, "add", "-A")
    git(changed.root, "commit", "-q", "-m", "more")
    async with start(changed.root) as on:
        screen = await opened(on)
        await on.act("review.sides")
        await on.type("later later")
        await on.press("enter")
        await settled(on)
        assert "the same plan" in text(screen)
        await on.act("review.next")
        assert "there is no change" in on.foot()
        await on.act("review.sides")
        await on.press("ctrl+u")
        await on.type("nowhere")
        await on.press("enter")
        await settled(on)
        assert "no such revision" in text(screen)
        assert "r names what to compare" in text(screen)


async def test_without_git_the_screen_says_what_is_missing(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        screen = await opened(on)
        assert "not in a git repository" in text(screen)
        await on.act("review.scenarios")
        assert "not in a git repository" in on.foot()


async def test_branches_side_by_side(changed: PlanFolder, start: Start) -> None:
    git(changed.root, "add", "-A")
    git(changed.root, "commit", "-q", "-m", "more")
    async with start(changed.root) as on:
        await opened(on)
        await on.act("review.scenarios")
        await settled(on)
        assert isinstance(on.app.screen, Pick)
        for name in ("main", "later"):
            await on.type(name)
            await on.press("enter")
        await on.press("enter")
        await settled(on)
        table = on.app.screen
        assert isinstance(table, ScenarioTable)
        shown = on.text()
        assert re.search(r"In use +P80", shown)
        assert re.search(r"churn +cards", shown)
        assert "3 (+1)" in shown


async def test_why_names_the_changes_behind(changed: PlanFolder, start: Start) -> None:
    async with start(changed.root) as on:
        screen = await opened(on)
        await on.press("g", "g")
        await on.act("review.why")
        assert isinstance(on.app.screen, Message)
        assert "target 0.3 → 0.2" in on.text()
        await on.press("escape")
        await to(on, screen, "table-7k2m")
        await on.act("review.why")
        assert "What follows from it" in on.text()


async def test_the_filter_keeps_what_fits(changed: PlanFolder, start: Start) -> None:
    async with start(changed.root) as on:
        screen = await opened(on)
        await on.act("find.filter")
        await on.type("kind:card")
        assert screen.counts() == (2, 3)
        await on.press("enter")
        assert "target" not in text(screen)
        await on.press("escape")
        assert screen.counts() == (3, 3)


async def test_an_edit_is_compared_again(changed: PlanFolder, start: Start) -> None:
    async with start(changed.root) as on:
        screen = await opened(on)
        await to(on, screen, "table-7k2m")
        await on.act("review.open")
        await on.pilot.pause()
        await on.act("item.next")
        await settled(on)
        await on.press("escape")
        await settled(on)
        assert on.app.screen is screen
        assert "status doing" in text(screen)


async def test_what_a_key_costs_does_not_grow_with_the_changes(
    changed: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(200):
        changed.card(f"more-{number:03}", more='owner = "sam"\n')
    reads: list[str] = []
    real = ReviewMemory.load

    def load(memory: ReviewMemory) -> object:
        reads.append("load")
        return real(memory)

    monkeypatch.setattr(ReviewMemory, "load", load)
    async with start(changed.root) as on:
        screen = await opened(on)
        assert screen.found is not None
        assert len(screen.found.items) == 203
        widgets, lines = len(screen.query("*")), screen._lines
        assert lines is not None
        laid = len(lines._laid)
        await on.act("review.next", "review.next", "review.read")
        await settled(on)
        assert len(screen.query("*")) == widgets
        assert len(lines._laid) == laid + 1
        assert screen._lines is lines
        assert reads == ["load"]

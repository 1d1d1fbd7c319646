"""Flow: what each chart shows on the screen, that a key reads nothing, and what is said without a history."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence

import pytest

from kedge.model.flow.charts import TITLES
from kedge.tests.storage.repositories import git
from kedge.tui.dialogs.pick import Pick
from kedge.tui.flow.flow_screen import FlowScreen
from kedge.tui.widgets.lines import LineView

from .driver import Driver, PlanFolder, Start

Compare = Callable[[str, Sequence[str]], None]
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def past(plan: PlanFolder) -> PlanFolder:
    """Eight weeks: each begins a card on Monday and ends it on Wednesday; two of the plan's are in progress."""
    git(plan.folder, "init", "-q")
    names = [f"week-{number}" for number in range(8)]

    def on(day: str) -> None:
        git(plan.folder, "add", "-A")
        git(plan.folder, "commit", "-qm", "x", day=day)

    for name in ("budget", "features", *names):
        plan.card(name, "execute/data-pipeline", 'owner = "mira"\nestimate = [1, 2, 4]\n')
    on("2026-09-21")
    days = ["09-21", "09-28", "10-05", "10-12", "10-19", "10-26", "11-02", "11-09"]
    ends = ["09-23", "09-30", "10-07", "10-14", "10-21", "10-28", "11-04", "11-11"]
    for name, begin, end in zip(names, days, ends, strict=True):
        for status, day in (("doing", begin), ("done", end)):
            plan.card(
                name, "execute/data-pipeline", f'status = "{status}"\nowner = "mira"\nestimate = [1, 2, 4]\n'
            )
            on(f"2026-{day}")
    for name in ("budget", "features"):
        plan.card(name, "execute/data-pipeline", 'status = "doing"\nowner = "sam"\n', title=f"The {name}")
        on("2026-11-16")
    return plan


async def opened(on: Driver) -> FlowScreen:
    await on.act("screen.flow")
    await settled(on)
    screen = on.app.screen
    assert isinstance(screen, FlowScreen)
    return screen


async def settled(on: Driver) -> None:
    """Waits until the figures are known."""
    await on.saved()
    await on.found_out()


def part(screen: FlowScreen, selector: str) -> str:
    return "\n".join(one.text for one in screen.query_one(selector, LineView).lines)


async def test_each_chart_has_its_sentence_above_it(past: PlanFolder, start: Start) -> None:
    async with start(past.root) as on:
        screen = await opened(on)
        assert "85 % of cards are done within 2.5 days" in part(screen, ".reading")
        assert "P85" in part(screen, ".chart")
        said = {}
        for name in TITLES:
            assert screen.shown == name
            said[name] = part(screen, ".reading")
            assert part(screen, ".chart")
            await on.act("flow.next")
        assert screen.shown == "cycle-time"
        assert len(set(said.values())) == len(TITLES)
        await on.act("flow.before")
        assert screen.shown == "calibration"
        assert "8 cards took" in part(screen, ".reading")


async def test_a_card_that_ages_is_opened(past: PlanFolder, start: Start) -> None:
    async with start(past.root) as on:
        screen = await opened(on)
        await on.act("flow.open")
        assert "no card is listed here" in on.foot()
        await on.act("flow.next")
        assert "2 cards in progress" in part(screen, ".reading")
        assert screen.card_id == "budget"
        await on.act("focus.down")
        assert screen.card_id == "features"
        await on.act("flow.open")
        assert on.app.screen is not screen
        assert "The features" in on.text()


async def test_numbers_stand_behind_each_chart(past: PlanFolder, start: Start) -> None:
    async with start(past.root) as on:
        screen = await opened(on)
        await on.act("flow.numbers")
        assert screen.card_id == "week-7", "the newest first"
        for name in TITLES:
            assert len(part(screen, ".chart").splitlines()) > 1, name
            await on.act("flow.next")
        await on.act("focus.leave")
        assert not screen.has_numbers
        await on.act("focus.leave")
        assert on.app.screen is on.board


async def test_a_key_reads_nothing_and_a_commit_reads_again(
    past: PlanFolder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start(past.root) as on:
        screen = await opened(on)
        count = len(list(screen.query("*")))
        known = screen.flow
        for action in ("flow.next", "focus.down", "flow.numbers", "flow.next", "flow.next", "flow.numbers"):
            await on.act(action)
        assert screen.flow is known, "the figures are not worked out again"
        assert len(list(screen.query("*"))) == count
        past.card(
            "features", "execute/data-pipeline", 'status = "done"\nowner = "sam"\n', title="The features"
        )
        git(past.folder, "commit", "-qam", "x", day="2026-11-18")
        screen.on_committed()
        await settled(on)
        assert screen.flow is not None
        assert [one.card for one in screen.flow.spans.in_progress] == ["budget"]


async def test_one_project_or_all(past: PlanFolder, start: Start) -> None:
    past.project("other")
    async with start(past.root) as on:
        screen = await opened(on)
        await on.act("find.project")
        assert isinstance(on.app.screen, Pick)
        await on.type("other")
        await on.press("enter")
        await settled(on)
        assert screen.project == "other"
        assert "no cycle time is known" in part(screen, ".reading")


async def test_without_git_it_says_why_there_is_nothing(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        screen = await opened(on)
        assert "no figures without a history: not in a git repository" in part(screen, ".reading")
        await on.act("flow.next", "flow.numbers", "focus.down")
        assert part(screen, ".chart") == ""


@pytest.mark.parametrize("size", [(20, 5), (60, 16), (160, 48)])
async def test_any_size_is_safe(past: PlanFolder, start: Start, size: tuple[int, int]) -> None:
    async with start(past.root, size=size) as on:
        screen = await opened(on)
        for name in TITLES:
            assert screen.shown == name
            assert max(len(row) for row in on.text().splitlines()) <= size[0]
            await on.act("flow.next")


@pytest.mark.parametrize("name", ["cycle-time", "ageing", "throughput", "cumulative", "burn-up"])
async def test_looks(past: PlanFolder, start: Start, matches_snapshot: Compare, name: str) -> None:
    async with start(past.root, size=(80, 24), ascii_only=True) as on:
        screen = await opened(on)
        while screen.shown != name:
            await on.act("flow.next")
        matches_snapshot(f"flow-{name}-ascii-80x24", on.lines())
        assert "".join(on.lines()).isascii()

"""Going from screen to screen leaves nothing behind: no widget, no screen, no thread."""

from __future__ import annotations

import gc
import threading

import pytest
from textual.widget import Widget

from kedge.model.plan.change import Batch
from kedge.tests.effort import times
from kedge.tui.keys.actions import OPENING
from kedge.tui.session.session import Saved
from kedge.tui.session.worker import Working

from .conftest import Start
from .driver import PlanFolder

SWITCHES = times(80, 2000)
ROUND = ("screen.problems", "screen.assess", "screen.portfolio", "screen.board")


def alive() -> int:
    gc.collect()
    return sum(isinstance(one, Widget) for one in gc.get_objects())


@pytest.mark.long
async def test_no_widget_is_left_behind(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        counts, threads = [], []
        for number in range(SWITCHES):
            on.app.host.open_screen(ROUND[number % len(ROUND)])
            await on.pilot.pause()
            if number % len(ROUND) == len(ROUND) - 1 and number >= len(ROUND):
                await on.found_out()
                if number < 4 * len(ROUND):
                    counts.append(alive())
                    threads.append(threading.active_count())
        assert len(on.app.screen_stack) == 1
        # What has just ended holds on to its screen for a moment; what is lost is held for ever.
        await on.until(lambda: alive() <= min(counts) + 2)
        await on.until(lambda: threading.active_count() <= max(threads))


@pytest.mark.parametrize("action", OPENING)
async def test_what_happens_before_a_screen_has_its_widgets_breaks_nothing(
    plan: PlanFolder, start: Start, action: str
) -> None:
    async with start(plan.root) as on:
        host = on.app.host
        host.open_screen("screen.problems")
        await on.pilot.pause()
        host.open_screen(action)
        host.tell(Working(("counts",), "a long sum", 0.5))
        host.tell(Saved(Batch("a change", ()), ("it says more",)))
        host.git_moved()
        await on.pilot.pause()
        assert "a change; it says more" in on.foot()

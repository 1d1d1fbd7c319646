"""Going from screen to screen leaves nothing behind: no widget, no screen, no thread."""

from __future__ import annotations

import asyncio
import gc
import os
import threading

import pytest
from textual.widget import Widget

from .conftest import Start
from .driver import PlanFolder

SWITCHES = int(os.environ.get("KEDGE_SCREEN_SWITCHES", "1000"))
ROUND = ("screen.problems", "screen.assess", "screen.portfolio", "screen.board")


def alive() -> int:
    gc.collect()
    return sum(isinstance(one, Widget) for one in gc.get_objects())


def _own_threads() -> int:
    """Threads apart from those that asyncio keeps for any work."""
    return sum(not one.name.startswith("asyncio") for one in threading.enumerate())


@pytest.mark.usefixtures("hurried")
async def test_no_widget_is_left_behind(plan: PlanFolder, start: Start) -> None:
    # A small terminal, because what is left behind does not depend on how much is painted.
    async with start(plan.root, (60, 12)) as on:
        counts, threads = [], []
        for number in range(1, SWITCHES // len(ROUND) + 1):
            for action in ROUND:
                on.app.open_screen(action)
                # At first each screen has its time, afterwards the next one comes while it is still being made.
                await (on.pilot.pause() if number <= 5 else asyncio.sleep(0))
            await on.pilot.pause()
            if 3 <= number <= 5 or number == SWITCHES // len(ROUND):
                while not all(worker.is_finished for worker in on.app.workers):
                    await asyncio.sleep(0.01)
                await on.pilot.pause()
                counts.append(alive())
                threads.append(_own_threads())
        assert len(on.app.screen_stack) == 1
        assert counts[-1] <= min(counts[:3]) + 2
        assert threads[-1] <= max(threads[:3])

"""Waiting for the app in tests: until nothing is left to do, or until something holds; never for a time.

Textual's own pilot sleeps until the processor looks idle: too long on a quiet machine, and not long enough on a busy
one, where a process that gets no time looks idle too.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from textual._context import active_app
from textual.screen import Screen

PATIENCE = 60.0
"""Seconds until what should happen counts as not happening. Only a test that fails waits so long."""


async def idle(*_: float) -> None:
    """Returns when the app has dealt with all messages and painted what they changed.

    What runs in threads is waited for where it is asked for: `Driver.saved`, `Driver.found_out`, `until`.
    """
    end = time.monotonic() + PATIENCE
    await _nothing_is_ready()
    app = active_app.get(None)
    while app is not None and app.is_running and app.screen_stack:
        # What Textual puts off by a few milliseconds is done now: a new size, and painting.
        if app._resize_timer is not None:
            app._check_resize()
        elif _is_unpainted(app.screen):
            app.screen._on_timer_update()
        else:
            return
        assert time.monotonic() < end, "the app is never done with painting"
        await _nothing_is_ready()


async def until(holds: Callable[[], object], what: Callable[[], str]) -> None:
    """Returns when something holds that threads or processes work at; fails with what was waited for."""
    end = time.monotonic() + PATIENCE
    await idle()
    while not holds():
        assert time.monotonic() < end, f"never came: {what()}"
        await asyncio.sleep(0.002)
        await idle()
    await idle()


async def ended(is_busy: Callable[[], bool], wait: Callable[[], object]) -> None:
    """Returns when work in threads has ended, and the app has dealt with what came of it; `wait` waits for its end."""
    calm = 0
    # What ends behind the app's back, just before it is looked at, is dealt with in a second round.
    while calm < 2:
        await idle()
        calm = 0 if is_busy() else calm + 1
        wait()


async def _nothing_is_ready() -> None:
    # One round of the loop takes up what has arrived from outside, the next shows that nothing came of it.
    loop: Any = asyncio.get_running_loop()
    rounds = 0
    while rounds < 2:
        await asyncio.sleep(0)
        rounds = 0 if loop._ready else rounds + 1


def _is_unpainted(screen: Screen[Any]) -> bool:
    return (
        screen.is_attached
        and screen.is_current
        and not screen.app._batch_count
        and bool(
            screen._layout_required
            or screen._scroll_required
            or screen._repaint_required
            or screen._recompose_required
            or screen._dirty_widgets
            or screen._callbacks
        )
    )

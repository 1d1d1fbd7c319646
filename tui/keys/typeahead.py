"""Keys one after the other: what is typed ahead reaches what the key before it has opened.

Textual hands a key to whatever has the focus when it arrives, although the keys before it may still wait in a widget's
queue. Typed fast, pasted into the terminal or sent by a script, the second Escape would close a screen that has gone
already, and the first letters of a title would be taken for commands.

A terminal that does not say where a pasted text begins and ends sends its line ends as the Enter key. Among other
characters of the same burst, and in a text, they are line ends: in one line a space.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual import events
from textual.message_pump import MessagePump
from textual.widgets import Input

from .textual_internals import end_with

if TYPE_CHECKING:
    from textual.app import App

PATIENCE = 2.0
"""Seconds that a key waits for the one before it, at most: a widget that has gone answers no more."""


class LineEnd(events.Key):
    """A line end in the middle of a text that came without a pause. What has the focus decides which key it is."""

    def __init__(self) -> None:
        super().__init__("enter", "\r")

    def for_focus(self, focused: object) -> events.Key | None:
        """The key for what has the focus."""
        if isinstance(focused, Input):
            at = focused.cursor_position
            return None if focused.value[:at].endswith(" ") or not at else events.Key("space", " ")
        return events.Key("enter", "\r")


class TypeAhead:
    """The keys (and pasted texts) that an app has not dealt with yet. `handle` gives one to what has the focus."""

    def __init__(self, app: App[None], handle: Callable[[events.Event], Awaitable[None]]) -> None:
        self._app = app
        self._handle = handle
        self._waiting: asyncio.Queue[events.Event] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    def add(self, event: events.Event) -> None:
        """A key has been pressed."""
        self._waiting.put_nowait(event)
        if self._task is None:
            self._task = asyncio.create_task(self._work())

    async def done(self) -> None:
        """Returns when all keys have had their effect."""
        await self._waiting.join()

    def close(self) -> None:
        """Forgets what is still waiting."""
        if self._task is not None:
            self._task.cancel()

    async def _work(self) -> None:
        while True:
            event = await self._waiting.get()
            try:
                await self._one(event)
            except Exception as error:  # noqa: BLE001  as in a handler of the app: it ends the board, in order
                end_with(self._app, error)
            finally:
                self._waiting.task_done()

    async def _one(self, event: events.Event | None) -> None:
        screen = self._app.screen
        target = self._app.focused or screen
        if isinstance(event, LineEnd):
            event = event.for_focus(target)
        if event is None:
            return
        await self._handle(event)
        # A key goes from the focus up to the app, from one queue into the next.
        for pump in target.ancestors_with_self:
            await _worked_off(pump)
        if self._app.is_running and self._app.screen is not screen:
            await _worked_off(self._app.screen)


async def _worked_off(pump: MessagePump) -> None:
    """Returns when a widget has dealt with everything in its queue; at once where it has none any more."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def end() -> None:
        if not done.done():
            done.set_result(None)

    if pump.call_later(end):
        late = loop.call_later(PATIENCE, end)
        await done
        late.cancel()

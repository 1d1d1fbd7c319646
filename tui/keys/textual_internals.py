"""What leans on private parts of Textual, with the reason: a new version is tried against this first.

What reading a terminal needs of them is in `textual_input` and, since Windows has no such driver, `terminal_driver`.

Textual is pinned to one version (`pyproject.toml`); a test finds private names of its that are used anywhere else.
"""

from __future__ import annotations

from typing import TypeVar

from textual import events
from textual.app import App, ScreenStackError
from textual.css.query import NoMatches
from textual.geometry import Size
from textual.screen import Screen
from textual.widgets import Input

T = TypeVar("T")

__all__ = [
    "OpenInput",
    "QuietApp",
    "SizedScreen",
    "can_suspend",
    "end_with",
]


class QuietApp(App[None], inherit_bindings=False):
    """An app that prints nothing when it ends by a mistake, and keeps what the mistake was.

    Textual prints its traceback over the screen. Upstream: Textualize/textual #5325 (exit without tracebacks).
    """

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()

    def _handle_exception(self, error: Exception) -> None:
        # On the way out the widgets go before what was sent to them: a signal during the start would end in an error.
        if not (self._exit and isinstance(error, NoMatches | ScreenStackError)):
            super()._handle_exception(error)

    @property
    def crash(self) -> Exception | None:
        """The unexpected error that ended the app."""
        return self._exception


class SizedScreen(Screen[T]):
    """A screen that is laid out for the size which the terminal has now.

    Textual lays it out for the size in each event, and tells itself of it once more: where two sizes follow each other
    while a window is dragged, it goes to and fro between them for ever.
    """

    def _screen_resized(self, size: Size) -> None:  # noqa: ARG002  it may be out of date
        super()._screen_resized(self.app.size)


def end_with(app: App[None], error: Exception) -> None:
    """Ends an app by a mistake in a task of its own, as a mistake in one of its handlers would.

    A task that fails beside the handlers is lost otherwise. Upstream: Textualize/textual #2818 (no hook for this).
    """
    app._handle_exception(error)


def can_suspend(app: App[None]) -> bool:
    """Whether an app can give its terminal back for a while.

    Textual says so only of its driver, which the app holds privately. Upstream: Textualize/textual #3727.
    """
    driver = app._driver
    return driver is not None and driver.can_suspend


class OpenInput(Input):
    """An input that gives what is pasted to `paste`: Textual's own handler keeps the first line and drops the rest."""

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.paste(event.text)

    def paste(self, text: str) -> None:
        """Takes a pasted text."""
        raise NotImplementedError

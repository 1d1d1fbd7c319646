"""The line to type into at the foot of a screen, and what it can be open for."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol

from textual import on
from textual.widget import Widget

from ..keys.action import Context
from ..widgets.acting import Handlers, T
from ..widgets.entry_line import EntryLine
from .step_screen import StepScreen


class HasEntryLine(Protocol):
    """A screen with a line to type into."""

    @property
    def entry_line(self) -> EntryLine:
        """The line."""
        ...

    def close_entry(self) -> None:
        """Takes the line away."""
        ...


class Entry:
    """What the line is open for on a screen."""

    def __init__(self, screen: HasEntryLine) -> None:
        self.screen = screen
        self._asked = False

    @property
    def line(self) -> EntryLine:
        """The line itself."""
        return self.screen.entry_line

    def typed(self, text: str) -> None:  # noqa: ARG002  for those who look at it
        """The text has changed."""
        self._asked = False

    def entered(self, text: str) -> None:
        """The text was entered."""
        raise NotImplementedError

    def entered_on(self, text: str) -> None:
        """The text was entered, and the line is wanted for the next one; most have no next one."""
        self.entered(text)

    def left(self, text: str) -> None:
        """The person wants to leave; what was typed is not lost without a second escape."""
        if text.strip() and not self._asked:
            self._asked = True
            self.line.say(wrong="press escape again to discard what you typed")
        else:
            self.screen.close_entry()

    def wider(self, text: str) -> None:
        """The person wants more than a line; there is nothing more for most."""


class EntryScreen(StepScreen[T]):
    """A screen whose foot can become a line to type into; while it is open, keys are typed there."""

    MAIN: ClassVar[str] = "LineView"
    """The widget that has the focus while nothing is typed."""
    entry: Entry | None = None
    """What the line is open for."""

    @property
    def context(self) -> Context:
        """While the line is open, keys are typed into it."""
        return "text" if self.entry is not None else self.CONTEXT

    def handlers(self) -> Handlers:
        """With an open line, what is done there."""
        typing = self.entry_line.handlers() if self.entry is not None else {}
        return {**super().handlers(), **typing}

    @property
    def entry_line(self) -> EntryLine:
        """The line."""
        return self.query_one(EntryLine)

    def open_entry(self, entry: Entry) -> EntryLine:
        """Puts a line to type into in the place of the lowest ones, so that nothing else moves."""
        self.entry = entry
        self._cover_foot(is_covered=True)
        return self.entry_line

    def close_entry(self) -> None:
        """Takes the line away, and gives the keys back to the screen."""
        self.entry = None
        self.entry_line.close()
        self._cover_foot(is_covered=False)
        self.query_one(self.MAIN).focus()
        self.foot()

    def set_focus(self, widget: Widget | None, *args: Any, **more: Any) -> None:
        """While the line is open the focus is there: a click elsewhere takes neither a key nor the next one."""
        if self.entry is not None and widget is not None:
            widget = self.entry_line.field
        super().set_focus(widget, *args, **more)

    def _cover_foot(self, *, is_covered: bool) -> None:
        for line in self.query(".foot").results(Widget):
            line.set_class(is_covered, "covered")

    @on(EntryLine.Typed)
    def _typed(self, event: EntryLine.Typed) -> None:
        if self.entry:
            self.entry.typed(event.text)

    @on(EntryLine.Entered)
    def _entered(self, event: EntryLine.Entered) -> None:
        if self.entry:
            (self.entry.entered_on if event.goes_on else self.entry.entered)(event.text)

    @on(EntryLine.Left)
    def _left(self, event: EntryLine.Left) -> None:
        if self.entry:
            self.entry.left(event.text)

    @on(EntryLine.Wider)
    def _wider(self, event: EntryLine.Wider) -> None:
        if self.entry:
            self.entry.wider(event.text)

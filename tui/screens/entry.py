"""What the line to type into can be open for."""

from __future__ import annotations

from ..widgets.entry_line import EntryLine
from .plan_screen import PlanScreen


class Entry:
    """What the line is open for on a screen."""

    def __init__(self, screen: PlanScreen) -> None:
        self.screen = screen
        self._asked = False

    @property
    def line(self) -> EntryLine:
        """The line itself."""
        return self.screen.query_one(EntryLine)

    def typed(self, text: str) -> None:  # noqa: ARG002  for those who look at it
        """The text has changed."""
        self._asked = False

    def entered(self, text: str) -> None:
        """The text was entered."""
        raise NotImplementedError

    def left(self, text: str) -> None:
        """The person wants to leave; what was typed is not lost without a second escape."""
        if text.strip() and not self._asked:
            self._asked = True
            self.line.say(wrong="press escape again to give up what you typed")
        else:
            self.screen.close_entry()

    def wider(self, text: str) -> None:
        """The person wants more than a line; there is nothing more for most."""

"""A screen with a list that is narrowed as one types: questions, projects, findings."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from ..widgets.acting import Handlers
from .entry import Entry
from .narrowing import Fits, NarrowingError, narrowing
from .plan_screen import PlanScreen

if TYPE_CHECKING:
    from ..session.session import Session


class ListScreen(PlanScreen):
    """Shows what fits; escape shows everything again before it leaves."""

    FIELDS: ClassVar[tuple[str, ...]]
    """What can stand before a colon."""

    def __init__(self, session: Session, project: str = "") -> None:
        super().__init__(session, project)
        self.narrowed = ""
        """What the list is narrowed by."""
        self._fits: Fits = lambda _: True

    @abstractmethod
    def show_list(self) -> None:
        """Draws the list."""

    @abstractmethod
    def counts(self) -> tuple[int, int]:
        """How many are shown, of how many."""

    def fits(self, **texts: str) -> bool:
        """Whether something stays in the list, by its texts."""
        return self._fits(texts)

    def narrow(self, text: str) -> None:
        """Narrows the list by a text. Raises NarrowingError, and leaves the list as it is."""
        self._fits = narrowing(text, self.FIELDS)
        self.narrowed = text.strip()
        self.show_list()

    def handlers(self) -> Handlers:
        """The filter."""
        return {**super().handlers(), "find.filter": lambda: Narrow(self).open()}

    def leave(self) -> None:
        """Shows everything again; only then leaves."""
        if self.narrowed:
            self.narrow("")
        else:
            super().leave()


class Narrow(Entry):
    """The line is open for a filter, which works while it is typed."""

    def __init__(self, screen: ListScreen) -> None:
        super().__init__(screen)
        self.list = screen

    def open(self) -> None:
        """Opens the line with the filter that there is."""
        fields = " ".join(f"{name}:" for name in self.list.FIELDS)
        self.list.open_entry(self).open("filter", self.list.narrowed, f"words -without {fields}")
        self._say()

    def typed(self, text: str) -> None:
        """Shows what fits; where the text cannot be understood yet the list stays, and the error is shown."""
        try:
            self.list.narrow(text)
        except NarrowingError as error:
            self.line.say(wrong=str(error))
        else:
            self._say()

    def _say(self) -> None:
        shown, total = self.list.counts()
        self.line.say(about=f"{shown:,} of {total:,} shown; Enter keeps it, Escape clears it")

    def entered(self, text: str) -> None:  # noqa: ARG002  it has been applied already
        """Keeps the filter, and goes back to the list."""
        if not self.line.wrong:
            self.list.close_entry()

    def left(self, text: str) -> None:  # noqa: ARG002  a filter is easily typed again
        """Clears the filter."""
        self.list.close_entry()
        self.list.narrow("")

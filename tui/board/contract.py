"""What the actions of the board need of its screen."""

from __future__ import annotations

from typing import Protocol

from ..keys.action import Context
from ..keys.action_context import Situation
from ..screens.contract import ActsOnCards
from ..screens.entry import Entry
from ..widgets.entry_line import EntryLine
from .density import Density
from .view_state import Columns, ViewState
from .views import Views


class ActsOnBoard(ActsOnCards, Protocol):
    """The board: what is looked at, and how that is shown."""

    state: ViewState
    columns: Columns
    views: Views
    density: Density
    """How many lines cards have."""
    me: str
    """The id of the person, for `owner:me`."""
    trail: list[tuple[str, str]]
    """Project and focus before and after each jump."""
    at: int
    """Where along the trail one is."""

    @property
    def lines(self) -> int:
        """Lines for cards in a column."""
        ...

    @property
    def context(self) -> Context:
        """What keys mean now."""
        ...

    def situation(self) -> Situation:
        """What decides which actions can be done now."""
        ...

    def act(self, action_id: str) -> None:
        """Does an action, or says why it cannot be done now."""
        ...

    def look(self, *, following: bool = False) -> None:
        """Shows what plan and state say; with `following` the focus is looked for where its card has gone."""
        ...

    def paint(self) -> None:
        """Shows the state, where the columns are the same."""
        ...

    @property
    def entry_line(self) -> EntryLine:
        """The line to type into."""
        ...

    def open_entry(self, entry: Entry) -> EntryLine:
        """Opens the line."""
        ...

    def close_entry(self) -> None:
        """Closes it."""
        ...

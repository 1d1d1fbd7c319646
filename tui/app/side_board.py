"""The board of another state of the plan, which is only looked at: escape leads back to where one came from."""

from __future__ import annotations

from collections.abc import Callable

from ..board.board import BoardScreen
from ..session.session import Session
from ..widgets.acting import Handlers


class SideBoard(BoardScreen):
    """A board over another screen."""

    def __init__(self, session: Session, project: str) -> None:
        """`project` is the one that is open at first; empty for all of them."""
        super().__init__(session.today, "", lambda: self.open(session, project))

    def handlers(self) -> Handlers:
        """Escape goes one step out, and at last off the board."""
        found = super().handlers()
        return {**found, "focus.back": lambda: self._back(found["focus.back"])}

    def _back(self, step_out: Callable[[], object]) -> None:
        state = self.state
        if state.marks or state.filter:
            step_out()
        else:
            self.dismiss(None)

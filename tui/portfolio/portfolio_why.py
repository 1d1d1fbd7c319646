"""The dialog that opens with `w` on the Portfolio screen."""

from __future__ import annotations

from collections.abc import Iterable

from ..dialogs import Message
from ..widgets.lines import LineView


class Why(Message):
    """The arithmetic of a project; what takes longer to find out is added below it."""

    def __init__(self, project: str, lines: Iterable[str]) -> None:
        self.project = project
        self.closed = False
        """Whether it has been left, so that no more lines are wanted."""
        self._first = (*lines, "", "How far an input must move, all else equal")
        super().__init__(project, [*self._first, "  looking"])

    def on_unmount(self) -> None:
        """No more lines are wanted."""
        self.closed = True

    def add(self, lines: Iterable[str]) -> None:
        """Shows what has been found out; that may be before the dialog itself is there, or after it has gone."""
        self._texts = (*self._first, *(f"  {one}" for one in lines))
        for view in self.query(LineView):
            view.show(self.lines)

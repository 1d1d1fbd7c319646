"""The dialog that opens with `w` on the Portfolio screen."""

from __future__ import annotations

from collections.abc import Iterable

from ..dialogs.message import Door, Growing

HEADING = "How far an input must move, all else equal"


class Why(Growing):
    """The arithmetic of a project; what takes longer to find out is added below it."""

    def __init__(self, title: str, lines: Iterable[str], door: Door | None = None) -> None:
        super().__init__(title, lines, door=door)
        self._moves: tuple[str, ...] = ()
        self._firm: tuple[str, ...] = ("looking",)
        self._refill()

    def add_moves(self, lines: Iterable[str]) -> None:
        """Shows which figures each answer moves."""
        self._moves = ("", *lines)
        self._refill()

    def add_firm(self, lines: Iterable[str]) -> None:
        """Shows how firm the choice is."""
        self._firm = tuple(lines)
        self._refill()

    def _refill(self) -> None:
        self.add([*self._moves, "", HEADING, *(f"  {one}" for one in self._firm)])

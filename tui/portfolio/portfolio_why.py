"""The dialog that opens with `w` on the Portfolio screen."""

from __future__ import annotations

from collections.abc import Iterable

from ..dialogs import Growing
from ..dialogs.message import Door


class Why(Growing):
    """The arithmetic of a project; what takes longer to find out is added below it."""

    def __init__(self, title: str, lines: Iterable[str], door: Door | None = None) -> None:
        above = [*lines, "", "How far an input must move, all else equal"]
        super().__init__(title, above, door=door)

    def add(self, lines: Iterable[str]) -> None:
        """Shows them below the heading."""
        super().add(f"  {one}" for one in lines)

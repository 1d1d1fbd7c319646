"""The saved views of a plan: picked, and changed where one picks them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from ..widgets.acting import Handlers
from ..widgets.lines import LineView
from .pick import Filtered, PickItem

Chosen = tuple[Literal["show", "change", "remove", "save"], str]
"""What is to be done, with the key of the view; saving has none."""
SAVE = "+"
"""The key of the item that saves what the board shows now."""


class PickView(Filtered[Chosen]):
    """Gives what is to be done with which view; None where the person left."""

    WORDS: ClassVar = {"text.leave": "cancel", "pick.take": "show"}

    def __init__(self, views: Sequence[PickItem], now: str) -> None:
        """`now` says what the board shows; empty where that is nothing to save."""
        save = [PickItem(SAVE, "Save what the board shows now", now)] if now else []
        super().__init__("Views", [*views, *save])

    def handlers(self) -> Handlers:
        """A view can be changed and removed as well."""
        return {
            **super().handlers(),
            "pick.change": lambda: self._close("change"),
            "pick.remove": lambda: self._close("remove"),
        }

    def take(self, key: object) -> None:
        """Shows the view, or saves one."""
        if key == SAVE:
            self.dismiss(("save", ""))
        else:
            self._close("show")

    def _close(self, what: Literal["show", "change", "remove"]) -> None:
        key = self.query_one(LineView).key
        if isinstance(key, str) and key != SAVE:
            self.dismiss((what, key))
        else:
            self.note(".wrong", "there is no saved view under the cursor")

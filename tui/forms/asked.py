"""The question above the form of its answer, so that it stays in sight while one types."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.widgets import Static

from ..draw.text import shown

_ROOMY = 14
"""Rows of a screen from which there is room for it."""


class Asked(Static):
    """A few lines, the first one the loudest; takes no room where there are none, or where rows are few."""

    DEFAULT_CSS = """
    Asked { height: auto; max-height: 6; padding: 0 1; display: none; }
    """

    def __init__(self, rows: Sequence[str]) -> None:
        first, *others = map(shown, rows or ("",))
        lines = (Content.styled(first, "bold $text"), *(Content.styled(one, "$text-muted") for one in others))
        super().__init__(Content("\n").join(lines))
        self._rows = rows

    def on_mount(self) -> None:
        """Shows itself where there is room, and again whenever the screen has another size."""
        self._look()
        self.screen.screen_layout_refresh_signal.subscribe(self, self._look)

    def _look(self, _: events.Event | object = None) -> None:
        self.display = bool(self._rows) and self.app.size.height >= _ROOMY

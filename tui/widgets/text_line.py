"""Lines of spans: a widget that paints again only when what it says has changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.segment import Segment
from textual.strip import Strip

from ..draw.spans import Span
from .themed import Themed


class TextLines(Themed):
    """A few lines of spans."""

    ALLOW_SELECT = False
    ALLOW_MAXIMIZE = False

    def __init__(self, classes: str = "") -> None:
        super().__init__(classes=classes)
        self.lines: tuple[tuple[Span, ...], ...] = ()
        self.again: Callable[[], None] | None = None
        """Says the same thing once more, for another width."""

    def on_resize(self) -> None:
        """Says it again in the new width."""
        if self.again is not None:
            self.again()

    def show(self, lines: Sequence[Sequence[Span]]) -> None:
        """Shows lines; nothing is painted where they are the same as before."""
        new = tuple(tuple(line) for line in lines)
        if new != self.lines:
            self.lines = new
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line, cut and filled to the width."""
        spans = self.lines[y] if y < len(self.lines) else ()
        segments = [Segment(text, self.looks.style(look)) for text, look in spans]
        return Strip(segments).adjust_cell_length(self.size.width, self.looks.style("plain"))

"""Lines of coloured pieces: a widget that paints again only when what it says has changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from ..draw.looks import Looks
from ..draw.render import Piece

Pieces = tuple[Piece, ...]


class TextLines(Widget):
    """A few lines of pieces, each with the name of its look."""

    ALLOW_SELECT = False
    ALLOW_MAXIMIZE = False
    GROUND: ClassVar[str] = "card"
    """What looks stand on that name no ground."""

    def __init__(self, classes: str = "") -> None:
        super().__init__(classes=classes)
        self.lines: tuple[Pieces, ...] = ()
        self._looks: Looks | None = None
        self.again: Callable[[], None] | None = None
        """Says the same thing once more, for another width."""

    def on_resize(self) -> None:
        """Says it again in the new width."""
        if self.again is not None:
            self.again()

    def show(self, lines: Sequence[Sequence[Piece]]) -> None:
        """Shows lines; nothing is painted where they are the same as before."""
        new = tuple(tuple(line) for line in lines)
        if new != self.lines:
            self.lines = new
            self.refresh()

    @property
    def looks(self) -> Looks:
        """The styles of the present theme."""
        if self._looks is None:
            self._looks = Looks.of(self.app, self.GROUND)
        return self._looks

    def notify_style_update(self) -> None:
        """Forgets the styles of another theme."""
        self._looks = None
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """One line, cut and filled to the width."""
        pieces = self.lines[y] if y < len(self.lines) else ()
        segments = [Segment(piece.text, self.looks.style(piece.style)) for piece in pieces]
        return Strip(segments).adjust_cell_length(self.size.width, self.looks.style("plain"))


def width_of(pieces: Sequence[Piece]) -> int:
    """Cells that pieces take."""
    return sum(cell_len(piece.text) for piece in pieces)


def apart(left: Sequence[Piece], right: Sequence[Piece], width: int) -> list[Piece]:
    """Pieces at both ends of a line; those on the right go first, from their left, where there is no room."""
    shown = list(right)
    while shown and width_of(left) + width_of(shown) + 1 > width:
        shown.pop(0)
    gap = width - width_of(left) - width_of(shown)
    return [*left, Piece(" " * max(0, gap), "plain"), *shown]

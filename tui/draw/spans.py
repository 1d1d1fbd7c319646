"""Text in spans that have a look: what everything drawn as lines is made of, before any widget is there.

A look is a name (`quiet`, `warning`); which colours it has is the theme's business (`looks`). Widths are terminal
cells, so that wide characters wrap where they should. `line` makes text safe: nothing that comes out of it holds a
control character.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from rich.cells import cell_len

from ...model.text.wrap import wrap as wrapped
from .text import shown

Span = tuple[str, str]
"""A text and the name of its look; the empty name is the look of what it is drawn on."""
SEVERITY_LOOKS = {"error": "wrong", "warning": "warning", "advice": "quiet"}
"""How a finding looks."""


class Row(Protocol):
    """What a view draws as a row: it may be worked out when it is drawn."""

    @property
    def spans(self) -> tuple[Span, ...]:
        """The texts with their looks."""
        ...

    @property
    def key(self) -> Hashable:
        """What the cursor stops at; None where it goes past."""
        ...

    @property
    def text(self) -> str:
        """The row without its looks."""
        ...


@dataclass(frozen=True)
class Line:
    """One row of a view. A row with a key is one that the cursor stops at."""

    spans: tuple[Span, ...] = ()
    key: Hashable = None

    @property
    def text(self) -> str:
        """The row without its looks."""
        return "".join(text for text, _ in self.spans)

    @property
    def cells(self) -> int:
        """Its width in terminal cells."""
        return width_of(self.spans)


def line(*parts: str | Span, key: Hashable = None) -> Line:
    """A row from texts and spans, made safe to draw."""
    return Line(tuple(_span(part) for part in parts), key)


def _span(part: str | Span) -> Span:
    text, look = (part, "") if isinstance(part, str) else part
    return shown(text), look


def width_of(spans: Iterable[Span]) -> int:
    """Cells that spans take."""
    return sum(cell_len(text) for text, _ in spans)


def padded(spans: Sequence[Span], width: int, look: str) -> tuple[Span, ...]:
    """The spans filled up with blanks to exactly a width."""
    used = width_of(spans)
    return (*spans, (" " * (width - used), look)) if used < width else tuple(spans)


def apart(left: Sequence[Span], right: Sequence[Span], width: int) -> list[Span]:
    """Spans at both ends of a line; those on the right go first, from their left, where there is no room."""
    kept = list(right)
    while kept and width_of(left) + width_of(kept) + 1 > width:
        kept.pop(0)
    gap = width - width_of(left) - width_of(kept)
    return [*left, (" " * max(0, gap), "plain"), *kept]


def fold(text: str, width: int) -> list[str]:
    """A plain text in rows of at most so many cells, safe to draw; line breaks in it begin a new row."""
    rows = [row for part in text.replace("\r\n", "\n").split("\n") for row in wrap([(part, "")], width)]
    return ["".join(text for text, _ in row) for row in rows]


def wrap(parts: Iterable[Span], width: int, first: str = "", rest: str = "") -> list[tuple[Span, ...]]:
    """Rows of at most `width` cells, broken between words where that can be.

    `first` is before the first row and `rest` before the others; both count. A word that is wider than a row
    is cut.
    """
    safe = ((shown(text), look) for text, look in parts)
    rows = wrapped(safe, width - cell_len(first), width - cell_len(rest), cell_len)
    return [tuple(_joined([(first if number == 0 else rest, ""), *row])) for number, row in enumerate(rows)]


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Neighbours of the same look as one span."""
    text, look = "", ""
    for more, its_look in spans:
        if its_look == look or not text:
            text, look = text + more, its_look
        elif more:
            yield text, look
            text, look = more, its_look
    if text:
        yield text, look

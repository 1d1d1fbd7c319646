"""Charts as rows of cells: pieces of text with the name of their look, and round figures for an axis.

Figures in, rows out, for the board and the command line; a row without its looks says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10

Piece = tuple[str, str]
"""A text and the name of its look; the empty name is plain."""
Row = tuple[Piece, ...]


def pieces(cells: Sequence[Piece]) -> list[Piece]:
    """Neighbours of the same look as one piece; blanks at the end are left out."""
    found: list[Piece] = []
    for text, look in cells:
        if found and found[-1][1] == look:
            found[-1] = (found[-1][0] + text, look)
        else:
            found.append((text, look))
    if found and not found[-1][0].strip():
        found.pop()
    return found


def round_up(value: float) -> float:
    """The next round figure: 1, 2, 2.5 or 5 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if value <= step * power * (1 + 1e-9))

"""A chart in cells with two axes: where a figure is, what is written beside it, and the signs for both.

Signs, not colours, carry the figures, so that a chart reads the same on paper.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ..text.cells import Piece, Row, pieces
from ..text.dates import day_month
from ..text.figure import written

BELOW = 3
"""Rows under a chart: the axis, its dates, the signs."""


@dataclass(frozen=True)
class Signs:
    """The characters that charts are drawn with."""

    side: str
    corner: str
    flat: str
    line: str
    point: str
    bar: str
    stack: tuple[str, str, str, str]
    """Done, blocked, in progress, to do."""
    half: str
    """A week that is not over, or not whole in the history."""
    mark: str
    path: str


DRAWN = Signs("│", "└", "─", "┄", "•", "█", ("█", "▚", "▒", "░"), "▒", "◆", "·")
PLAIN = Signs("|", "+", "-", "-", "o", "#", ("#", "x", "+", "."), ":", "*", ".")


@dataclass(frozen=True)
class Canvas:
    """How much room there is, and what it is drawn with."""

    width: int
    height: int
    signs: Signs
    fit: Callable[[str, int], str]
    """A text in exactly so many cells of the terminal."""
    titles: Mapping[str, str] = field(default_factory=dict[str, str])
    """Of cards, by their id."""

    def name(self, card: str, room: int) -> str:
        """What a card is called, in so many cells."""
        return self.fit(self.titles.get(card) or card, room)


class Plot:
    """Cells between two axes, the rows from the bottom."""

    def __init__(self, canvas: Canvas, top: float, margin: int = 0) -> None:
        self.signs = canvas.signs
        self.top = top
        self.indent = max(2, len(written(top)), len(written(top / 2)))
        self.rows = canvas.height - BELOW
        self.columns = canvas.width - self.indent - 2 - margin
        self._cells: list[list[Piece]] = [[(" ", "")] * self.columns for _ in range(self.rows)]
        self._names = [""] * self.rows

    def level(self, value: float) -> int:
        """The row of a value."""
        return min(self.rows - 1, max(0, round(value / self.top * (self.rows - 1))))

    def put(self, column: int, row: int, sign: str, look: str = "") -> None:
        """Draws one cell; what is outside is left out."""
        if 0 <= column < self.columns and 0 <= row < self.rows:
            self._cells[row][column] = (sign, look)

    def taken(self, column: int, row: int) -> bool:
        """Whether anything is drawn in a cell."""
        return self._cells[row][column][0] != " "

    def fill(self, column: int, begin: int, end: int, piece: Piece) -> None:
        """Draws a part of a column."""
        for row in range(begin, min(end, self.rows)):
            self.put(column, row, *piece)

    def across(self, value: float, name: str) -> None:
        """A line at a value, with its name at the right; two names of one row share it."""
        row = self.level(value)
        for column in range(self.columns):
            if not self.taken(column, row):
                self.put(column, row, self.signs.line, "quiet")
        self._names[row] = f"{self._names[row]} {name}"

    def rows_of(self, dates: Iterable[tuple[int, str]], legend: str, width: int) -> list[Row]:
        """The whole chart, the top first."""
        half = self.level(self.top / 2)
        names = {0: "0", half: written(self.top / 2), self.rows - 1: written(self.top)}
        found: list[Row] = []
        for at in reversed(range(self.rows)):
            side = f"{names.get(at, ''):>{self.indent}} {self.signs.side}"
            cells = [*self._cells[at], *((one, "strong") for one in self._names[at])]
            found.append(((side, "quiet"), *pieces(cells)))
        axis = f"{'':>{self.indent}} {self.signs.corner}{self.signs.flat * self.columns}"
        below = _placed(dates, self.columns)
        return [
            *found,
            ((axis, "quiet"),),
            ((f"{'':>{self.indent + 2}}{below}".rstrip(), "quiet"),),
            ((legend[:width], "quiet"),),
        ]


def _placed(dates: Iterable[tuple[int, str]], columns: int) -> str:
    """Words under an axis at their columns; one for which there is no room is left out."""
    found = ""
    for at, word in sorted(dates):
        start = min(at, columns - len(word))
        if start >= len(found) + bool(found):
            found = f"{found:<{start}}{word}"
    return found


class Time:
    """Days along the columns of a chart."""

    def __init__(self, first: dt.date, last: dt.date, columns: int) -> None:
        self.first, self.last, self.columns = first, last, columns
        self._days = max(1, (last - first).days)

    def column(self, day: dt.date) -> int:
        """Where a day is."""
        return round((day - self.first).days / self._days * (self.columns - 1))

    def day(self, column: int) -> dt.date:
        """The last day of a column."""
        return self.first + dt.timedelta(days=round(column / max(1, self.columns - 1) * self._days))

    def dates(self, today: dt.date, parts: int = 4) -> list[tuple[int, str]]:
        """Days to write under the axis, each once and none after the last: a history may be a day old."""
        columns = sorted({round(at * (self.columns - 1) / parts) for at in range(parts + 1)}, reverse=True)
        at_days = {day: at for at in columns if (day := self.day(at)) <= self.last}
        return [(at, day_month(day, today)) for day, at in at_days.items()]

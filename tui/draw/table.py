"""Rows in columns: the first takes the room that the others leave, and those at the right go where there is little."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from .glyphs import Glyphs
from .spans import Line, Span, line
from .text import fit, shown

_LEAST = 24
"""Cells that the first column keeps."""


class Column(NamedTuple):
    """A column behind the first one."""

    head: str
    width: int
    is_figure: bool = False
    """Whether it is aligned at its right."""


class Table:
    """The columns of a section, for a width in cells."""

    def __init__(self, columns: Sequence[Column], width: int, glyphs: Glyphs) -> None:
        kept = list(columns)
        while kept and width - sum(one.width + 1 for one in kept) < _LEAST:
            kept.pop()
        self.columns = kept
        self.glyphs = glyphs
        self.width = width
        self.room = max(4, width - sum(one.width + 1 for one in kept))

    def head(self, title: str) -> Line:
        """The name of the section, and those of the columns."""
        cells: list[Span] = [(set_cell_size(fit(title, self.room, self.glyphs), self.room), "heading")]
        cells += [(f" {self._cell(one, one.head)}", "quiet") for one in self.columns]
        return line(*cells)

    def row(self, first: Sequence[Span], cells: Sequence[Span], key: Hashable = None) -> Line:
        """A row; the first column is cut where it is too wide, and has the whole width where no other is filled."""
        spans: list[Span] = []
        room = self.room if cells else self.width
        for text, look in first:
            text = fit(shown(text), room, self.glyphs)
            room -= cell_len(text)
            spans.append((text, look))
        spans.append((" " * room, ""))
        for column, (text, look) in zip(self.columns, cells, strict=False):
            spans.append((f" {self._cell(column, text)}", look))
        return line(*spans, key=key)

    def _cell(self, column: Column, text: str) -> str:
        text = fit(shown(text), column.width, self.glyphs)
        blank = " " * (column.width - cell_len(text))
        return blank + text if column.is_figure else text + blank

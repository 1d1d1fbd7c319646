"""The borders of a column: above its title with counts and limit, below how many cards are out of sight."""

from __future__ import annotations

from typing import NamedTuple

from ..draw.geometry import Box
from ..draw.glyphs import Glyphs
from ..draw.render import render_border
from ..draw.spans import Span
from .columns import Column

_FRAME = 6
"""Cells of a border beside its title and its note."""


class Placed(NamedTuple):
    """A column, where it is, its first line in sight, and how many there are."""

    box: Box
    column: Column
    top: int
    lines: int
    """Lines for cards."""


def upper_border(placed: Placed, glyphs: Glyphs, *, active: bool) -> tuple[Span, ...]:
    """The border with the title of the column, and how much is in it."""
    box, column = placed.box, placed.column
    shown = len(column.items) + column.folded
    if box.kind == "strip":
        # There the name is on a line of its own.
        return render_border("", ("", ""), box.width, active=active, top=True, glyphs=glyphs)
    if shown < column.total:
        note = f"{shown}/{column.total}"
    elif column.height > placed.lines:
        first, last = _range(placed)
        note = f"{last - first}/{column.total}"
    else:
        note = str(column.total) if column.total else ""
    tone = ""
    if column.limit is not None and box.kind == "full":
        over = column.doing > column.limit
        longer = f"{note}  wip {column.doing}/{column.limit}{'!' if over else ''}".strip()
        if len(column.title) + len(longer) + _FRAME <= box.width:
            note = longer
            tone = "count-over" if over else ""
    if len(column.title) + len(note) + _FRAME > box.width:
        note = ""
    return render_border(column.title, (note, tone), box.width, active=active, top=True, glyphs=glyphs)


def lower_border(placed: Placed, glyphs: Glyphs, *, active: bool) -> tuple[Span, ...]:
    """The border that says how many cards are out of sight above and below."""
    box, column = placed.box, placed.column
    notes: list[str] = []
    if box.kind == "full" and column.height > placed.lines:
        first, last = _range(placed)
        if first > 0:
            notes.append(f"{glyphs.up}{first}")
        if last < len(column.items):
            notes.append(f"{glyphs.down}{len(column.items) - last}")
    return render_border("", (" ".join(notes), ""), box.width, active=active, top=False, glyphs=glyphs)


def _range(placed: Placed) -> tuple[int, int]:
    """Indexes of the first card in sight and of the first below it."""
    column, top = placed.column, placed.top
    if not column.items:
        return 0, 0
    return column.nearest(top), column.nearest(top + placed.lines - 1) + 1

"""Text in lines that fit everywhere, and the signs of states beside their words."""

from __future__ import annotations

import sys

from ..model.text.visible import one_line
from ..model.text.wrap import wrap
from .output import room, width

WIDE = 80
"""Cells that text is wrapped to, wherever the terminal is not narrower."""
_SIGNS = {
    "met": ("✓", "x"),
    "not met": ("✗", "-"),
    "open": ("○", "o"),
    "unknown": ("?", "?"),
    "n/a": ("–", "."),
    "waived": ("⚑", "w"),
    "confirm": ("↻", "~"),
}


def wide() -> int:
    """Cells for a line of text, a chart or a table."""
    return min(WIDE, room() or WIDE)


def wrapped(text: str, indent: str = "  ", first: str | None = None) -> list[str]:
    """A text from a file on lines of at most 80 cells, fewer in a narrow terminal; `first` is before the first one."""
    opening, most = indent if first is None else first, wide()
    rows = wrap([(one_line(text), None)], most - width(opening), most - width(indent), width)
    lines = ("".join(word for word, _ in row) for row in rows)
    return [f"{indent if at else opening}{line}".rstrip() for at, line in enumerate(lines)]


def can_draw() -> bool:
    """Whether the output takes more than ASCII."""
    return (sys.stdout.encoding or "").lower().startswith("utf")


def sign(word: str) -> str:
    """The sign of a state; a plain letter where the output has no others."""
    return _SIGNS.get(word, ("·", "."))[0 if can_draw() else 1]

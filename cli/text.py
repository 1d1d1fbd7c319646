"""Text in lines that fit everywhere, and the signs of states beside their words."""

from __future__ import annotations

import re
import sys

from ..model.text.visible import one_line
from ..model.text.wrap import wrap
from .output import room, width

WIDE = 80
"""Cells that text is wrapped to, on every machine the same."""
_GAP = re.compile(r"^ +|\S  +")
_SIGNS = {
    "met": ("✓", "x"),
    "not met": ("✗", "-"),
    "open": ("○", "o"),
    "unknown": ("?", "?"),
    "cannot be told": ("?", "?"),
    "n/a": ("–", "."),
    "waived": ("⚑", "w"),
    "confirm": ("↻", "~"),
}


def wrapped(text: str, indent: str = "  ", first: str | None = None) -> list[str]:
    """A text from a file on lines of at most 80 cells; `first` comes before the first one."""
    opening = indent if first is None else first
    rows = wrap([(one_line(text), None)], WIDE - width(opening), WIDE - width(indent), width)
    lines = ("".join(word for word, _ in row) for row in rows)
    return [f"{indent if at else opening}{line}".rstrip() for at, line in enumerate(lines)]


def fitted(line: str) -> list[str]:
    """A line broken between words where the terminal is narrower; what follows begins below the line's last column.

    Columns are two blanks apart. A file or a program gets the line whole.
    """
    wide = room()
    if not wide or width(line) <= wide:
        return [line]
    start = max((one.end() for one in _GAP.finditer(line) if one.end() <= wide // 2), default=0)
    indent = " " * (width(line[:start]) if line[:start].strip() else len(line) - len(line.lstrip()) + 2)
    rows = wrap([(line[start:], None)], wide - width(line[:start]), wide - len(indent), width)
    texts = ("".join(word for word, _ in row).rstrip() for row in rows)
    return [f"{indent if at else line[:start]}{text}" for at, text in enumerate(texts)]


def can_draw() -> bool:
    """Whether the output takes more than ASCII."""
    return (sys.stdout.encoding or "").lower().startswith("utf")


def sign(word: str) -> str:
    """The sign of a state; a plain letter where the output has no others."""
    return _SIGNS.get(word, ("·", "."))[0 if can_draw() else 1]

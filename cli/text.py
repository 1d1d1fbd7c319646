"""Text in lines that fit everywhere, and the signs of states beside their words."""

from __future__ import annotations

import sys
import textwrap

from ..model.text.visible import one_line

WIDE = 80
"""Columns that text is wrapped to, on every machine the same."""
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
    """A text from a file on lines of at most 80 columns; `first` stands before the first one."""
    opening = indent if first is None else first
    lines = textwrap.wrap(
        one_line(text), WIDE, initial_indent=opening, subsequent_indent=indent, break_on_hyphens=False
    )
    return lines or [opening.rstrip()]


def percent(share: float) -> str:
    """A share in whole percent."""
    return f"{100 * share:.0f} %"


def can_draw() -> bool:
    """Whether the output takes more than ASCII."""
    return (sys.stdout.encoding or "").lower().startswith("utf")


def sign(word: str) -> str:
    """The sign of a state; a plain letter where the output has no others."""
    return _SIGNS.get(word, ("·", "."))[0 if can_draw() else 1]

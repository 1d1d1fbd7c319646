"""Text made safe to draw, and cut to cells: what every drawn line goes through.

Terminals disagree on the width of joined emoji. Without joiners, presentation marks and skin tones each sign has a
width of its own that all of them agree on. A soft hyphen takes a cell in some and none in others.
"""

from __future__ import annotations

import re

from rich.cells import cell_len, set_cell_size

from ...model.text.visible import one_line
from .glyphs import Glyphs

_UNSTEADY = re.compile("[\u00ad\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
_QUOTED = re.compile('"([^"]+)"')
_TELLING = 12
"""Cells of a title that tell which one it is."""
_FLAGS = re.compile("[\U0001f1e6-\U0001f1ff]")


def steady(text: str) -> str:
    """The text with the same width in every terminal."""
    if text.isascii():
        return text
    return _FLAGS.sub(lambda flag: chr(ord(flag.group()) - 0x1F1E6 + ord("A")), _UNSTEADY.sub("", text))


def shown(text: str) -> str:
    """Any text on one line, safe to draw and with the same width in every terminal."""
    return steady(one_line(text))


def fit(text: str, width: int, glyphs: Glyphs) -> str:
    """The text cut to a width in cells, with a sign where something is cut off; never padded."""
    if width <= 0:
        return ""
    text = steady(text[: 4 * width + 64])
    if cell_len(text) <= width:
        return text
    if width <= cell_len(glyphs.ellipsis):
        return set_cell_size(text, width)
    return set_cell_size(text, width - cell_len(glyphs.ellipsis)).rstrip() + glyphs.ellipsis


def fit_sentence(text: str, width: int, glyphs: Glyphs) -> str:
    """A sentence cut to a width: titles in quotes give way first, since the reason is behind them."""
    for title in _QUOTED.findall(text):
        over = cell_len(text) - width
        if over > 0:
            shorter = fit(title, max(_TELLING, cell_len(title) - over), glyphs)
            text = text.replace(f'"{title}"', f'"{shorter}"', 1)
    return fit(text, width, glyphs)


def clip(text: str, width: int) -> str:
    """The text in at most so many cells, with an ellipsis where something is left out."""
    if len(text) <= width and cell_len(text) <= width:
        return text
    return f"{set_cell_size(text, width - 1).rstrip()}…" if width > 1 else "…"[:width]


def filled(text: str, width: int, glyphs: Glyphs) -> str:
    """Any text on one line of exactly so many cells."""
    text = fit(shown(text), width, glyphs)
    return text + " " * (width - cell_len(text))

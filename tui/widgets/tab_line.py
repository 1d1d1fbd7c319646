"""A line of tabs: what a screen is divided into, the open one in brackets, as many as there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.message import Message

from ...model.text.visible import one_line
from ..draw.glyphs import UNICODE, Glyphs
from ..draw.text import fit
from .text_line import TextLines


class Tab(NamedTuple):
    """A tab: its key, what it is called, and a short note."""

    key: str
    title: str
    note: str = ""


class TabLine(TextLines):
    """One line; a click opens a tab."""

    DEFAULT_CSS = """
    TabLine { height: 1; }
    """

    @dataclass
    class Opened(Message):
        """A tab was clicked."""

        key: str

    def __init__(self) -> None:
        super().__init__()
        self._ends: list[tuple[int, str]] = []
        """Where each tab that is in sight ends, and its key."""

    def tell(self, tabs: Sequence[Tab], current: str, glyphs: Glyphs = UNICODE) -> None:
        """Shows tabs from the first one that leaves the current one in sight."""
        self.again = partial(self.tell, tabs, current, glyphs)
        width = self.size.width
        at = next((index for index, one in enumerate(tabs) if one.key == current), 0)
        texts = [_text(one, is_open=one.key == current, glyphs=glyphs, width=width) for one in tabs]
        first = 0
        while first < at and sum(cell_len(text) for text in texts[first : at + 1]) > width - 4:
            first += 1
        spans = [(f"{glyphs.left} " if first else "  ", "quiet")]
        used = 2
        self._ends = []
        for index in range(first, len(tabs)):
            size = cell_len(texts[index])
            if used + size > width - 2 and index > first:
                spans.append((f" {glyphs.right}", "quiet"))
                break
            used += size
            spans.append((texts[index], "screen-current" if index == at else "screen"))
            self._ends.append((used, tabs[index].key))
        self.show([spans])

    def on_click(self, event: events.Click) -> None:
        """Opens the tab under the mouse."""
        found = next((key for end, key in self._ends if event.x < end), None)
        if found is not None and event.x >= 2:
            self.post_message(self.Opened(found))


def _text(tab: Tab, *, is_open: bool, glyphs: Glyphs, width: int) -> str:
    note = f" {tab.note}" if tab.note else ""
    title = fit(one_line(tab.title), max(4, width - len(note) - 8), glyphs)
    return f"[{title}{note}] " if is_open else f" {title}{note}  "

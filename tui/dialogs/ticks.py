"""Ticking the lines of a checklist, all of them in sight, as one step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from ..draw.spans import Line, line, wrap
from ..draw.text import shown
from ..widgets.acting import Handlers
from ..widgets.lines import LineView
from .base import Dialog

_LINE = 60
"""Cells of a line of the checklist beside its box."""


class Ticks(Dialog[tuple[str, ...]]):
    """Gives the lines that hold, in their order; None where the person left."""

    WORDS: ClassVar[Mapping[str, str]] = {"dialog.take": "save", "dialog.leave": "cancel"}

    def __init__(
        self,
        title: str,
        asked: str,
        lines: Sequence[str],
        checked: Sequence[str],
        notes: Mapping[str, str] | None = None,
    ) -> None:
        """`asked` is the question, `checked` the lines that hold now; `notes` stand behind lines."""
        # The frame, the question, what is said below the lines, and the keys.
        rows = 7 + sum(1 + cell_len(f"{text}  {(notes or {}).get(text, '')}") // _LINE for text in lines)
        super().__init__(title, tall=True, rows=rows)
        self._text = asked
        self._lines, self._notes = tuple(lines), notes or {}
        self._before = tuple(one for one in self._lines if one in checked)
        self.checked = set(self._before)
        self._asked = False

    def body(self) -> Iterable[Widget]:
        """The question, its lines, and what is said about them."""
        yield Static(Content(shown(self._text)), classes="asked")
        yield LineView(self._rows)
        yield Static(classes="wrong")

    def on_mount(self) -> None:
        """Says nothing yet."""
        self.note(".wrong", "")

    def _rows(self, width: int) -> list[Line]:
        rows: list[Line] = []
        for text in self._lines:
            box = "[x] " if text in self.checked else "[ ] "
            note = self._notes.get(text, "")
            parts = [(text, ""), (f"  {note}" if note else "", "quiet")]
            first, *more = wrap(parts, width - 4)
            rows.append(line((box, "key"), *first, key=text))
            rows.extend(line("    ", *spans) for spans in more)
        return rows

    def _redraw(self) -> None:
        self._asked = False
        self.note(".wrong", "")
        self.query_one(LineView).show(self._rows)

    def handlers(self) -> Handlers:
        """Lines are ticked one by one, or all."""
        view = self.query_one(LineView)
        return {
            **super().handlers(),
            **view.moving(),
            "dialog.take": self.save,
            "dialog.tick": self.tick,
            "dialog.tick_all": self.tick_all,
        }

    def tick(self) -> None:
        """Ticks or unticks the line under the cursor."""
        key = self.query_one(LineView).key
        if isinstance(key, str):
            self.checked ^= {key}
            self._redraw()

    def tick_all(self) -> None:
        """Ticks all lines; unticks them where all are ticked."""
        self.checked = set() if len(self.checked) == len(self._lines) else set(self._lines)
        self._redraw()

    def on_line_view_chosen(self, _: LineView.Chosen) -> None:
        """A double click ticks as a key does."""
        self.tick()

    def save(self) -> None:
        """Closes with what is ticked."""
        self.dismiss(tuple(one for one in self._lines if one in self.checked))

    def leave(self) -> None:
        """Leaves; asks once where ticks would be lost."""
        if self.checked != set(self._before) and not self._asked:
            self._asked = True
            self.note(".wrong", "press escape again to discard what you ticked")
        else:
            self.dismiss(None)

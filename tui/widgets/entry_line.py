"""One line at the bottom to type into: a new card in quick syntax, or a filter.

Above it is what is said about the text (an error in its place, or how it is understood), and below that the
completions, one on each row, as many as there is room for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from ...model.text.visible import one_line
from ..draw.glyphs import Glyphs
from ..draw.spans import Span
from ..draw.text import fit
from .field import TextField
from .text_line import TextLines

_SHOWN = 8
_ROWS = 6
"""Completions in sight at once."""
_WIDE = 40
"""Columns from which it is said how a completion is taken."""
_SAID = 3
"""Rows at most for what is said about the text."""


class EntryHint(TextLines):
    """What is said about the text."""

    GROUND = "panel"
    DEFAULT_CSS = """
    EntryHint {
        height: 1;
        background: $panel;
    }
    """


class EntryLine(Vertical):
    """An input with a line of hints above it; hidden until it is opened."""

    DEFAULT_CSS = """
    EntryLine {
        height: auto;
        display: none;
        & Input { border: none; height: 1; padding: 0 1; }
        & Input:focus { border: none; }
    }
    """

    @dataclass
    class Typed(Message):
        """The text has changed."""

        text: str

    @dataclass
    class Entered(Message):
        """The text was entered."""

        text: str
        goes_on: bool = False
        """Whether the line is wanted for the next text."""

    @dataclass
    class Left(Message):
        """The line was left without entering; `text` is what stood there."""

        text: str

    @dataclass
    class Grown(Message):
        """The line takes more rows than before, or fewer."""

    @dataclass
    class Wider(Message):
        """Tab was pressed where nothing is offered: the person wants the whole form."""

        text: str

    def __init__(self, glyphs: Glyphs, key_of: Callable[[str], str]) -> None:
        """`key_of` gives the key of an action by its id."""
        super().__init__()
        self.glyphs = glyphs
        self.key_of = key_of
        self.label = ""
        self.about = ""
        self.wrong = ""
        self._complete: Callable[[str, int], Sequence[Any]] | None = None
        self._offers: Sequence[Any] = ()
        self._chosen = 0

    def compose(self) -> ComposeResult:
        """The hints, and the input."""
        yield EntryHint()
        yield TextField()

    @property
    def field(self) -> TextField:
        """The input."""
        return self.query_one(TextField)

    @property
    def is_open(self) -> bool:
        """Whether it is on the screen."""
        return bool(self.display)

    @property
    def is_offering(self) -> bool:
        """Whether there are completions for the word that the cursor is in."""
        return bool(self._offers)

    def without_word(self) -> str:
        """The text without the word that is being completed."""
        text, offer = self.field.value, self._offers[0]
        return text[: text.rfind(" ", 0, offer.start) + 1] + text[offer.end :]

    def open(
        self,
        label: str,
        text: str = "",
        placeholder: str = "",
        complete: Callable[[str, int], Sequence[Any]] | None = None,
    ) -> None:
        """Shows the line with a text; `complete` gives completions (label, text, start, end) at a cursor."""
        self.label, self._complete, self.wrong, self.about = label, complete, "", ""
        with self.prevent(Input.Changed):
            self.field.value = text
        self.field.placeholder = placeholder
        self.field.cursor_position = len(text)
        self.display = True
        self.field.focus()
        self._look()

    def close(self) -> None:
        """Takes the line away."""
        self.display = False
        self.query_one(EntryHint).styles.height = 1

    def say(self, wrong: str = "", about: str = "") -> None:
        """Says what is wrong with the text, or how it is understood."""
        self.wrong, self.about = wrong, about
        self._paint()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._look()
        if self.is_open:
            self.post_message(self.Typed(event.value))

    def _look(self) -> None:
        field = self.field
        self._chosen = 0
        self._offers = ()
        if self._complete is not None:
            offers = self._complete(field.value, field.cursor_position)[:_SHOWN]
            is_whole = any(field.value[one.start : one.end] == one.text for one in offers)
            self._offers = () if is_whole else offers
        self._paint()

    def _paint(self) -> None:
        room = max(1, self.app.size.height // 3)
        rows = self._said(min(_SAID, room), alone=room == 1)
        if self._offers:
            # With little room what can be taken is more than what has been said.
            rows = rows[: max(0, room - 1)] if self.wrong else rows[: min(1, room - 1)]
            rows += self._offered(min(_ROWS, room - len(rows)))
        hint = self.query_one(EntryHint)
        hint.show(rows)
        # While a mark is completed the line does not shrink, so that the board does not jump with each key.
        height = max(len(rows), hint.size.height if self._offers else 1)
        if hint.styles.height is None or hint.styles.height.value != height:
            hint.styles.height = height
            self.post_message(self.Grown())

    def _said(self, room: int, *, alone: bool) -> list[list[Span]]:
        """How the text is understood, or what is wrong with it; a mistake that has one row has no label before it."""
        from ..draw.spans import wrap

        label = (f"{self.label}  ", "prefix")
        said = (one_line(self.wrong), "wrong") if self.wrong else (one_line(self.about), "plain")
        if self.wrong and alone:
            return [[(fit(f" {said[0]}", self.app.size.width, self.glyphs), said[1])]]
        rows = wrap([label, said], self.app.size.width - 1, " ", "   ")
        return [[(text, look or "plain") for text, look in row] for row in rows[:room]]

    def _offered(self, room: int) -> list[list[Span]]:
        """As many completions as there is room for, the chosen one among them."""
        width = self.app.size.width
        takes = f"  {self.key_of('text.complete')} takes it" if width >= _WIDE else ""
        first = max(0, self._chosen - room + 1)
        rows: list[list[Span]] = []
        for at, offer in enumerate(self._offers[first : first + room], first):
            mark, look = (">", "strong-chosen") if at == self._chosen else (" ", "choice")
            text = fit(f" {mark} {one_line(offer.label)}", width - len(takes) - 1, self.glyphs)
            rows.append([(text, look), *([(takes, "plain")] if at == self._chosen else [])])
        return rows

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """What the actions of a line to type into do here."""
        return {
            "text.save": lambda: self.post_message(self.Entered(self.field.value)),
            "text.another": lambda: self.post_message(self.Entered(self.field.value, goes_on=True)),
            "text.leave": lambda: self.post_message(self.Left(self.field.value)),
            "text.complete": self._take_or_widen,
            "text.down": lambda: self._move(1),
            "text.up": lambda: self._move(-1),
        }

    def _move(self, by: int) -> None:
        if self._offers:
            self._chosen = (self._chosen + by) % len(self._offers)
            self._paint()

    def _take_or_widen(self) -> None:
        field = self.field
        if not self._offers:
            self.post_message(self.Wider(field.value))
            return
        one = self._offers[self._chosen]
        field.value = f"{field.value[: one.start]}{one.text}{field.value[one.end :]}"
        field.cursor_position = one.start + len(one.text)

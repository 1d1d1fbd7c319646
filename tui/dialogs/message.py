"""Texts that are only read: an explanation, and the keys of a screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.widget import Widget

from ..draw.spans import Line, fold, line, wrap
from ..widgets.acting import Handlers, HelpEntry
from ..widgets.lines import LineView
from .base import Dialog


class _Reading(Dialog[None]):
    WORDS: ClassVar[Mapping[str, str]] = {"dialog.take": "close"}

    def handlers(self) -> Handlers:
        """It scrolls, and closes."""
        view = self.query_one(LineView)
        return {**super().handlers(), **view.moving(), "dialog.take": self.leave}

    def body(self) -> Iterable[Widget]:
        """One view that scrolls."""
        yield LineView(self.lines, classes="" if self.is_tall else "fitted")

    def lines(self, width: int) -> list[Line]:
        """The rows for a width."""
        raise NotImplementedError


class Message(_Reading):
    """Lines of an explanation."""

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__(title)
        self._texts = tuple(lines) or ("nothing to say",)

    def lines(self, width: int) -> list[Line]:
        """The lines, wrapped; what was indented stays so."""
        rows: list[Line] = []
        for text in self._texts:
            indent = " " * min(len(text) - len(text.lstrip(" ")), width // 3)
            rows.extend(line(indent + row) for row in fold(text.strip(), width - len(indent)))
        return rows


class Growing(Message):
    """Lines of an explanation, some of which are still being found out."""

    def __init__(self, title: str, above: Iterable[str], below: Iterable[str] = ()) -> None:
        """What is found out comes between the two."""
        self._above, self._below = tuple(above), tuple(below)
        self.closed = False
        """Whether it has been left, so that no more lines are wanted."""
        super().__init__(title, [*self._above, "  looking", *self._below])

    def on_unmount(self) -> None:
        """No more lines are wanted."""
        self.closed = True

    def add(self, lines: Iterable[str]) -> None:
        """Shows what has been found out; that may be before the dialog itself is there, or after it has gone."""
        self._texts = (*self._above, *lines, *self._below)
        for view in self.query(LineView):
            view.show(self.lines)


class HelpOverlay(_Reading):
    """All keys of a screen by group; what cannot be done now stays in the list and says why."""

    def __init__(self, groups: Sequence[tuple[str, Sequence[HelpEntry]]], title: str = "Keys") -> None:
        super().__init__(title, tall=True)
        self._groups = groups

    def handlers(self) -> Handlers:
        """The key that opened it closes it."""
        return {**super().handlers(), "dialog.help": self.leave}

    def lines(self, width: int) -> list[Line]:
        """One row for a key, more where the help is long."""
        entries = [entry for _, group in self._groups for entry in group]
        column = min(max((cell_len(keys) for keys, *_ in entries), default=0), width // 3)
        rows: list[Line] = []
        for title, group in self._groups:
            rows.extend(([line()] if rows else []) + [line((title, "heading"))])
            for keys, label, text, reason in group:
                blank = " " * (column + 2)
                first = f"{keys:{column}}  "
                spans = [(label, "quiet" if reason else ""), (f"  {text}" if text else "", "quiet")]
                if reason:
                    spans.append((f"  (not now: {reason})", "warning"))
                wrapped = wrap(spans, width - len(blank))
                rows.append(Line(((first, "quiet" if reason else "key"), *wrapped[0])))
                rows.extend(Line(((blank, ""), *row)) for row in wrapped[1:])
        return rows

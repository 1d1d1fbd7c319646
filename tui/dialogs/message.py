"""Texts that are only read: an explanation, and the keys of a screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.widget import Widget
from textual.widgets import Input

from ...model.records.address import Address
from ..draw.spans import Line, fold, line, wrap
from ..keys.action import Action, Context
from ..widgets.acting import Handlers, HelpEntry
from ..widgets.field import TextField
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
        yield LineView(self.lines, classes="" if self.is_tall else "fitted", follows=False)

    def lines(self, width: int) -> list[Line]:
        """The rows for a width."""
        raise NotImplementedError


Door = Callable[[str], Address | None]
"""Where a line leads; None where it leads nowhere."""


class Message(_Reading):
    """Lines of an explanation; the cursor stops at those that lead on, and enter goes there."""

    def __init__(
        self, title: str, lines: Sequence[str], door: Door | None = None, *, tall: bool = False
    ) -> None:
        super().__init__(title, tall=tall)
        self._texts = tuple(lines) or ("there is nothing to show",)
        self._door: Door = door or (lambda _: None)

    def lines(self, width: int) -> list[Line]:
        """The lines, wrapped; what was indented stays so, below a heading or a line that leads on."""
        rows: list[Line] = []
        for at, (text, after) in enumerate(zip(self._texts, (*self._texts[1:], ""), strict=True)):
            to = self._door(text)
            heads = to is None and after.startswith(" ") and not text.startswith(" ")
            indent = " " * min(len(text) - len(text.lstrip(" ")), width // 3)
            wrapped = fold(text.strip(), width - len(indent))
            rows.extend(
                line(
                    (indent + row, "heading" if heads else ""),
                    key=(to, at) if to is not None and number == 0 else None,
                )
                for number, row in enumerate(wrapped)
            )
        return rows

    def handlers(self) -> Handlers:
        """Enter goes where the line leads."""
        return {**super().handlers(), "dialog.take": self._take}

    def label_of(self, action: Action) -> str:
        """Enter says whether it goes somewhere."""
        if action.id == "dialog.take" and self.query_one(LineView).key_in_sight is not None:
            return "go there"
        return super().label_of(action)

    @on(LineView.Moved)
    def _moved(self) -> None:
        self.foot()

    @on(LineView.Chosen)
    def _take(self) -> None:
        key = self.query_one(LineView).key_in_sight
        self.leave()
        if isinstance(key, tuple):
            self.app.call_later(self.host.follow, key[0])


class Growing(Message):
    """Lines of an explanation, some of which are still being found out."""

    def __init__(
        self, title: str, above: Iterable[str], below: Iterable[str] = (), door: Door | None = None
    ) -> None:
        """What is found out comes between the two."""
        self._above, self._below = tuple(above), tuple(below)
        self.closed = False
        """Whether it has been left, so that no more lines are wanted."""
        super().__init__(title, [*self._above, "  looking", *self._below], door)

    def on_unmount(self) -> None:
        """No more lines are wanted."""
        self.closed = True

    def add(self, lines: Iterable[str]) -> None:
        """Shows what has been found out; that may be before the dialog itself is there, or after it has gone."""
        self._texts = (*self._above, *lines, *self._below)
        for view in self.query(LineView):
            view.show(self.lines)


class HelpOverlay(_Reading):
    """All keys of a screen by group; what cannot be done now stays in the list and says why.

    With a text above them, only those are listed that it fits.
    """

    WORDS: ClassVar[Mapping[str, str]] = {
        **_Reading.WORDS,
        "text.save": "show these",
        "text.leave": "show all",
    }

    DEFAULT_CSS = """
    HelpOverlay TextField { display: none; }
    HelpOverlay.-searching TextField { display: block; }
    """

    def __init__(self, groups: Sequence[tuple[str, Sequence[HelpEntry]]], title: str = "Keys") -> None:
        super().__init__(title, tall=True)
        self._groups = groups
        self._wanted = ""

    @property
    def context(self) -> Context:
        """While a text is looked for, keys are typed."""
        return "text" if self.has_class("-searching") else "dialog"

    def body(self) -> Iterable[Widget]:
        """The text to look for, above the view."""
        yield TextField(placeholder="a key or a word")
        yield from super().body()

    def on_mount(self) -> None:
        """Scrolls at once; the text is opened with a key."""
        self.query_one(LineView).focus()

    def handlers(self) -> Handlers:
        """The key that opened it closes it; another one looks for something in it."""
        found = {**super().handlers(), "dialog.help": self.leave, "find.filter": self._search}
        if self.context == "text":
            view = self.query_one(LineView)
            up, down = (lambda: view.step(-1)), (lambda: view.step(1))
            found |= {"text.save": self._keep, "text.leave": self._clear, "text.up": up, "text.down": down}
        return found

    def _search(self) -> None:
        self.add_class("-searching")
        self.query_one(TextField).focus()

    def _keep(self) -> None:
        """Back to the keys, with those that fit."""
        self.query_one(LineView).focus()
        self.remove_class("-searching")

    def _clear(self) -> None:
        """Back to all keys."""
        self.query_one(TextField).value = ""
        self._keep()

    @on(Input.Changed)
    def _narrow(self) -> None:
        self._wanted = self.query_one(Input).value.lower()
        view = self.query_one(LineView)
        view.show(self.lines)
        view.edge(-1)

    def _fits(self, entry: HelpEntry) -> bool:
        text = " ".join(part or "" for part in entry[:3]).lower()
        return all(word in text for word in self._wanted.split())

    def lines(self, width: int) -> list[Line]:
        """One row for a key, more where the help is long."""
        entries = [entry for _, group in self._groups for entry in group]
        column = min(max((cell_len(keys) for keys, *_ in entries), default=0), width // 3)
        rows: list[Line] = []
        groups = [(title, [*filter(self._fits, group)]) for title, group in self._groups]
        for title, group in groups:
            if not group:
                continue
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
        return rows or [line(("no key fits that; Esc shows all", "quiet"))]

"""Asking to choose one of a few ways to go on, each by its own key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from ..draw.spans import Line, fold, line
from ..widgets.acting import Handlers, T
from ..widgets.lines import LineView
from .base import Dialog


class _Question(Dialog[T]):
    """A text, and options that a letter or the cursor takes."""

    def __init__(
        self, title: str, text: str, options: Sequence[tuple[str, str]], *, is_long: bool = False
    ) -> None:
        """`options` are keys and what they do: `("m", "mine")`; before a long text they stand first."""
        super().__init__(title)
        self._text, self._options, self._is_long = text, tuple(options), is_long

    def body(self) -> Iterable[Widget]:
        """The text with the options below it."""
        yield LineView(self._lines, classes="fitted")

    def _lines(self, width: int) -> list[Line]:
        text = [line(row) for row in fold(self._text, width)]
        options = [line((key, "key"), f"  {label}", key=key) for key, label in self._options]
        return [*options, line(), *text] if self._is_long else [*text, *options]

    def handlers(self) -> Handlers:
        """The cursor moves among the options."""
        view = self.query_one(LineView)
        return {**super().handlers(), **view.moving(), "dialog.take": view.choose}

    def press(self, key: str) -> bool:
        """Takes the option whose letter was pressed: that goes before what keys mean in other dialogs."""
        if key.lower() in dict(self._options):
            self.take(key.lower())
            return True
        return super().press(key)

    def on_line_view_chosen(self, event: LineView.Chosen) -> None:
        """Takes the option under the cursor."""
        self.take(str(event.key))

    def take(self, key: str) -> None:
        """Closes with the answer that a key stands for."""
        raise NotImplementedError


class Ask(_Question[str]):
    """Gives the key that was chosen, or None."""

    def take(self, key: str) -> None:
        """The key itself."""
        self.dismiss(key)


class Confirm(_Question[bool]):
    """A yes or a no; leaving it is a no."""

    def __init__(self, title: str, text: str, yes: str = "yes", no: str = "no") -> None:
        super().__init__(title, text, (("n", no), ("y", yes)))

    def take(self, key: str) -> None:
        """True for yes."""
        self.dismiss(key == "y")

    def leave(self) -> None:
        """A no."""
        self.dismiss(result=False)


def limits_passed(reasons: Iterable[str]) -> Confirm:
    """Asks whether a step is wanted although it passes limits of work in progress."""
    return Confirm("Limit of work in progress", "\n".join((*reasons, "Go on?")))

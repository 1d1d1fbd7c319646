"""What all dialogs share: a framed box in the middle that fits the smallest terminal, with its keys at the foot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from ...model.text.visible import visible
from ..draw.text import shown, steady
from ..keys.action import Context
from ..widgets.acting import ActingScreen, Handlers, T
from ..widgets.key_line import KeyLine

TALLEST = 30
"""Rows of a dialog at most that keeps its height."""


class Dialog(ActingScreen[T], ModalScreen[T]):
    """A box with a title, a body and a line that says which keys do what."""

    CONTEXT: ClassVar[Context] = "dialog"
    AUTO_FOCUS = "*"
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (120, "-broad")]  # noqa: RUF012  the type is Textual's
    VERTICAL_BREAKPOINTS = [(0, "-low"), (9, "-high")]  # noqa: RUF012  the type is Textual's
    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        & > .frame {
            width: 72; max-width: 100%; height: auto; max-height: 100%;
            border: round $primary; border-title-color: $text; background: $surface; padding: 0 1;
        }
        &.-broad > .frame { width: 100; }
        & > .tall { height: 100%; }
        & Static { height: auto; }
        & .asked { max-height: 3; }
        &.-low .asked { display: none; }
        & .said { color: $text-muted; }
        & .fitted { height: auto; }
        & .wrong { color: $text-error; }
    }
    """

    def __init__(self, title: str, *, tall: bool = False, rows: int = TALLEST) -> None:
        """A tall one keeps its height whatever it shows: `rows`, as far as there is room."""
        super().__init__()
        self.heading = title
        self.is_tall = tall
        self._rows_at_most = min(rows, TALLEST)

    def body(self) -> Iterable[Widget]:
        """The widgets between the title and the keys."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """The frame around the body."""
        frame = Vertical(classes="frame tall" if self.is_tall else "frame")
        if self.is_tall:
            frame.styles.max_height = self._rows_at_most
        frame.border_title = Content(shown(self.heading))  # pyright: ignore[reportAttributeAccessIssue]  the setter takes it
        with frame:
            yield from self.body()
            yield KeyLine()

    def on_mount(self) -> None:
        """Shows the keys."""
        self.foot()

    def on_resize(self) -> None:
        """Leaves room for the frame and the foot below a view that is as high as its text."""
        for view in self.query(".fitted"):
            view.styles.max_height = max(1, self.size.height - 3)

    def handlers(self) -> Handlers:
        """Leaving is there in every dialog."""
        return {**super().handlers(), "dialog.leave": self.leave, "text.leave": self.leave}

    def note(self, selector: str, text: str) -> None:
        """Writes a text into one of the dialog's lines; an empty one takes no room."""
        target = self.query_one(selector, Static)
        target.update(Content(steady(visible(text))))
        target.display = bool(text)

    def leave(self) -> None:
        """Closes without an answer."""
        self.dismiss(None)

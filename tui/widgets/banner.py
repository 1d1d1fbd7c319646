"""A line that stays until what it says has been put right."""

from __future__ import annotations

from typing import ClassVar

from ...model.visible import one_line
from ..render import Piece
from .text_line import TextLines


class Banner(TextLines):
    """Takes no room where there is nothing to say."""

    PREFIX = "banner"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"banner--plain", "banner--text"}
    DEFAULT_CSS = """
    Banner {
        height: 1;
        display: none;
        & > .banner--plain { background: $error-muted; color: $foreground; }
        & > .banner--text { background: $error-muted; color: $foreground; text-style: bold; }
        &:ansi > .banner--text { color: ansi_red; text-style: reverse bold; }
    }
    """

    def tell(self, text: str) -> None:
        """Shows a text; an empty one takes the line away."""
        self.show([[Piece(f" {one_line(text)}", "text")]] if text else [])
        self.display = bool(text)

"""A line that stays until what it says has been put right."""

from __future__ import annotations

from ...model.text.visible import one_line
from .text_line import TextLines


class Banner(TextLines):
    """Takes no room where there is nothing to say."""

    GROUND = "alarm"
    DEFAULT_CSS = """
    Banner {
        height: 1;
        display: none;
    }
    """

    def tell(self, text: str) -> None:
        """Shows a text; an empty one takes the line away."""
        self.show([[(f" {one_line(text)}", "strong")]] if text else [])
        self.display = bool(text)

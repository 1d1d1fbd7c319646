"""One line to type into. Which keys save it, leave it or take a suggestion is its screen's business, not its own."""

from __future__ import annotations

from textual.suggester import Suggester

from ...model.text.visible import typed
from ..keys.textual_internals import OpenInput


class TextField(OpenInput):
    """An input as all dialogs have it: on a ground of its own, so that one sees where one types."""

    DEFAULT_CSS = """
    TextField {
        background: $field; text-style: $field-style;
        &:focus { background-tint: $field 0%; }
    }
    """

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        replaces: bool = False,
        suggester: Suggester | None = None,
    ) -> None:
        """`replaces` is whether what one types takes the place of the value that is there.

        `suggester` offers how the text could go on.
        """
        super().__init__(
            value, placeholder=placeholder, select_on_focus=replaces, compact=True, suggester=suggester
        )
        self.cursor_blink = False

    def paste(self, text: str) -> None:
        """Takes all of what was pasted: lines become one, and control characters are left out."""
        self.replace(typed(text), *self.selection)

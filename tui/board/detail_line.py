"""One line below the columns with the focused card in full: its id, its state in words, and its whole title."""

from __future__ import annotations

from functools import partial

from rich.cells import cell_len

from ..draw.card_summary import Facts
from ..draw.glyphs import UNICODE, WORDS, Glyphs
from ..draw.text import fit
from ..widgets.text_line import TextLines


class DetailLine(TextLines):
    """What a narrow column has no room for."""

    DEFAULT_CSS = """
    DetailLine {
        height: 1;
        background: $background;
        &.short { display: none; }
    }
    """

    def __init__(self) -> None:
        super().__init__(classes="foot")

    def tell(self, key: str, facts: Facts | None, position: str, glyphs: Glyphs = UNICODE) -> None:
        """Shows the card with an id; nothing where there is none. `position` says which of how many it is."""
        self.again = partial(self.tell, key, facts, position, glyphs)
        if facts is None:
            self.show([])
            return
        width = self.size.width
        words = WORDS.get(facts.sign, facts.sign)
        tail = f"  {position} "
        state = f" {words}  "
        room = width - cell_len(state) - cell_len(tail)
        title = fit(facts.title, room, glyphs)
        left = room - cell_len(title) - 2
        name = key if cell_len(key) <= left else ""
        gap = " " * max(0, room - cell_len(title) - cell_len(name))
        spans = [(state, "state"), (title, "title"), (gap, "plain"), (name, "id")]
        self.show([[*spans, (tail, "plain")]])

"""A short tour: what a person needs in the first five minutes, a page at a time, left at any moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar

from textual.widget import Widget

from ..draw.spans import Line, fold, line
from ..keys.action import Action
from ..widgets.acting import Handlers
from ..widgets.lines import LineView
from .base import Dialog

Page = tuple[str, tuple[str, ...]]
"""A heading and its lines; `{action}` in a line stands for the key of that action."""

PAGES: tuple[Page, ...] = (
    (
        "The board",
        (
            "Four columns, as the work goes: Assess, Plan, Execute, Iterate.",
            "Each card is in the step it belongs to.",
            "{screen.assess} asks whether it is worth doing; begin there with a new project.",
            "",
            "{focus.left} {focus.down} {focus.up} {focus.right}, or the arrows, move the focus.",
            "{focus.open} opens the card, {focus.back} comes back.",
        ),
    ),
    (
        "Work",
        (
            "{card.add} adds a card right where you are, in one line:",
            "  Feature table @mira #data ~2/3/8 due:fri",
            "{card.next_status} sets the next status, {card.move_right} moves it a column on.",
            "{card.block} says what blocks it, {card.edit} edits every field.",
        ),
    ),
    (
        "Find",
        (
            "{find.filter} filters as you type: owner:mira is:blocked #data",
            "{card.why} explains what is focused: why blocked, why late.",
            "{find.command} finds any command, card or screen by its name.",
        ),
    ),
    (
        "Nothing is lost",
        (
            "The plan is plain TOML files in your repository.",
            "A change here is a small diff there; {plan.undo} takes it back.",
            "What others change on disk shows here by itself.",
            "",
            "{kedge.help} lists every key, {kedge.tour} shows this tour again, {kedge.quit} leaves.",
        ),
    ),
)


class Tour(Dialog[None]):
    """The pages, one at a time."""

    WORDS: ClassVar[Mapping[str, str]] = {"dialog.take": "next", "dialog.leave": "skip"}

    def __init__(self, key_of: Callable[[str], str], pages: Sequence[Page] = PAGES) -> None:
        """`key_of` gives the key of an action by its id."""
        super().__init__("A short tour")
        self._key_of = key_of
        self._pages = pages
        self.page = 0

    def body(self) -> Iterable[Widget]:
        """One text that changes."""
        yield LineView(self._rows, classes="fitted")

    def _rows(self, width: int) -> list[Line]:
        return [line(row) for row in fold(self.text(), width)]

    def handlers(self) -> Handlers:
        """Pages are turned both ways."""
        return {
            **super().handlers(),
            **self.query_one(LineView).moving(),
            **dict.fromkeys(("dialog.take", "focus.right"), lambda: self.turn(1)),
            "focus.left": lambda: self.turn(-1),
        }

    def label_of(self, action: Action) -> str:
        """On the last page there is nothing to go on to."""
        is_last = self.page == len(self._pages) - 1
        return "done" if action.id == "dialog.take" and is_last else super().label_of(action)

    def text(self) -> str:
        """The page, with the keys that this person has."""
        heading, lines = self._pages[self.page]
        heading = f"{heading} ({self.page + 1} of {len(self._pages)})"
        return "\n".join([heading, "", *(self._with_keys(one) for one in lines)])

    def _with_keys(self, line: str) -> str:
        for part in line.split("{")[1:]:
            action = part.partition("}")[0]
            line = line.replace(f"{{{action}}}", self._key_of(action) or "(no key)")
        return line

    def turn(self, by: int) -> None:
        """The next page or the one before; after the last one the tour is over."""
        if self.page + by >= len(self._pages):
            self.dismiss(None)
            return
        self.page = max(0, self.page + by)
        view = self.query_one(LineView)
        view.show(self._rows)
        view.edge(-1)

"""Asking for the note that a reader puts on a change."""

from __future__ import annotations

from collections.abc import Callable

from ...model.review.items import Item
from ...model.review.memory import LONGEST_NOTE, Note
from ...model.review.words import Wording
from ..dialogs.prompt import Prompt
from ..screens.contract import ActsOnPlan


def ask_note(
    screen: ActsOnPlan, item: Item, before: Note | None, wording: Wording, keep: Callable[[Note | None], None]
) -> None:
    """Asks for the note on a change, `before` being the one that it has; `keep` gets None for an empty one."""

    def wrong(text: str) -> str | None:
        return f"a note has {LONGEST_NOTE:,} characters at most" if len(text) > LONGEST_NOTE else None

    def answered(text: str) -> None:
        keep(item.noted(text.strip(), wording) if text.strip() else None)

    label = "a note on this change, for you and for the Markdown; empty takes it away"
    screen.ask(Prompt(item.title, label, before.text if before is not None else "", wrong), answered)

"""What a query is asked of: a plan, a day, a person; and the text that its words are looked for in."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass, field

from ..plan import Plan
from ..records.base import Record


def fold(text: str) -> str:
    """A text without the differences that a search overlooks: capitals, line ends, forms of the same letter."""
    text = text.replace("\n", " ")
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


class SearchIndex:
    """Folded text of records, made when it is first asked for and kept as long as the record stays the same.

    Keep one for cards as long as the board lives: a change of the plan replaces a few records, and only their
    text is made again. It holds at most one text for each id.
    """

    def __init__(self) -> None:
        self._texts: dict[str, tuple[Record, str]] = {}

    def text(self, record: Record) -> str:
        """Label, id, summary and notes of a record, a line each, folded."""
        found = self._texts.get(record.id)
        if found is None or found[0] is not record:
            parts = (
                record.label,
                record.id,
                getattr(record, "summary", None),
                getattr(record, "notes", None),
            )
            found = record, "\n".join(fold(part) for part in parts if part)
            self._texts[record.id] = found
        return found[1]


@dataclass(frozen=True)
class Context:
    """What gives the fields of a query their meaning."""

    plan: Plan
    today: dt.date
    me: str | None = None
    """Id of the person who asks, for `owner:me` and `is:mine`."""
    critical: frozenset[str] | None = None
    """Ids of cards on a critical path; None where no schedule was made, and then `is:critical` is refused."""
    index: SearchIndex = field(default_factory=SearchIndex, compare=False)

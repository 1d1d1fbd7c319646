"""What a query is asked of: a plan, a day, a person; and the text that its words are looked for in."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ..plan.plan import Plan
from ..records.address import Address
from ..records.base import Record


def fold(text: str) -> str:
    """A text without the differences that a search overlooks: capitals, line ends, forms of the same letter."""
    text = text.replace("\n", " ")
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


class SearchIndex:
    """Folded text of records, made when it is first asked for and kept as long as the record stays the same.

    Keep one as long as the board lives: a change of the plan replaces a few records, and only their text is made
    again. It holds one text for each address.
    """

    def __init__(self) -> None:
        # By identity, because a search over ten thousand records is paid in cache misses: this way it touches no
        # record. The record is kept beside its text, so that its identity cannot be another's meanwhile.
        self._texts: dict[int, tuple[str, Record]] = {}
        self._known: dict[Address, int] = {}

    def text(self, record: Record) -> str:
        """Label, id, summary and notes of a record, a line each, folded."""
        found = self._texts.get(id(record))
        return found[0] if found is not None else self._add(record)

    def _add(self, record: Record) -> str:
        parts = (record.label, record.id, getattr(record, "summary", None), getattr(record, "notes", None))
        text = "\n".join(fold(part) for part in parts if part)
        self._texts.pop(self._known.get(record.address, 0), None)
        self._known[record.address] = id(record)
        self._texts[id(record)] = text, record
        return text


class CardDates(NamedTuple):
    """What a schedule says of a card, as far as queries ask for it."""

    start: dt.date
    end: dt.date
    slack: float
    """Working days."""
    is_critical: bool
    is_late: bool
    """Whether it ends after its due date."""


@dataclass(frozen=True)
class Context:
    """What gives the fields of a query their meaning."""

    plan: Plan
    today: dt.date
    me: str | None = None
    """Id of the person who asks, for `owner:me` and `is:mine`."""
    dates: Callable[[], Mapping[str, CardDates]] | None = None
    """Makes a schedule, and gives its dates by card; called where a query asks for them. None where none can be
    made, and then what needs one is refused."""
    index: SearchIndex = field(default_factory=SearchIndex, compare=False)

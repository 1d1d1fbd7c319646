"""The changes of a review one by one, each with a sum of what it says, by which it is known as read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from ..plan.change import MISSING
from ..plan.change_text import cut
from ..records.base import to_data
from ..records.kinds import KINDS
from .changes import Difference, RecordChange, Reordered
from .memory import LONGEST_LINE, Memory, Note
from .report import order_line
from .words import Wording

CHANGED = "on an earlier state of this change"
GONE = "on a change that is no longer there"
_QUOTED = 12
"""Lines of a change that a note keeps."""


@dataclass(frozen=True)
class Item:
    """A change that is read and noted on: of a record, or of an order."""

    key: str
    """What it is about; the same after another push."""
    mark: str
    """A sum of what it says."""
    change: RecordChange | Reordered

    @property
    def title(self) -> str:
        """What it is about, in words: title and id."""
        if isinstance(self.change, Reordered):
            return f"{self.change.project}: {self.change.where}" if self.change.project else self.change.where
        address, label = self.change.address, self.change.record.label
        if address.id != label:
            return f"{label}  {address.id}"
        return f"{address.project}: {address.id}" if KINDS[address.kind].single and address.project else label

    def lines(self, wording: Wording) -> list[str]:
        """The change in words."""
        if isinstance(self.change, Reordered):
            return [order_line(self.change)]
        found = wording.lines(self.change)
        return [self.change.what, *found] if self.change.what in ("added", "removed") else found

    def noted(self, text: str, wording: Wording) -> Note:
        """A note on it, with the change quoted."""
        quoted = (cut(line, LONGEST_LINE) for line in self.lines(wording)[:_QUOTED])
        return Note(text, self.mark, cut(self.title, LONGEST_LINE), tuple(quoted))


def items_of(difference: Difference) -> tuple[Item, ...]:
    """The changes in the order in which they are read: records by project and kind, then orders."""
    return (
        *map(_of_record, difference.records),
        *(_of_order(difference, one) for one in difference.reordered),
    )


def notes_on(memory: Memory, items: Sequence[Item]) -> tuple[tuple[Note, str], ...]:
    """The notes in the order of the changes, each with what has become of its change; empty where it is the same.

    Those on changes that are no longer there come last.
    """
    keys = {one.key: one for one in items}
    found = [
        (note, "" if note.mark == keys[key].mark else CHANGED)
        for key in keys
        if (note := memory.notes.get(key)) is not None
    ]
    return (*found, *((note, GONE) for key, note in memory.notes.items() if key not in keys))


def _of_record(one: RecordChange) -> Item:
    address = one.address
    said = [
        *(
            one.what,
            one.was,
            [(field.path, _plain(field.before), _plain(field.after)) for field in one.fields],
        ),
        [side.unfit if side is not None else None for side in (one.change.before, one.change.after)],
    ]
    key = f"{address.kind} {address.project}/{address.id}"
    return Item(key, _sum(key, said), one)


def _of_order(difference: Difference, one: Reordered) -> Item:
    ranks = [
        (
            address,
            to_data(change.after).get("rank"),
            [f.after for f in change.fields() if f.path[-1] == "rank"],
        )
        for address in one.moved
        if (change := difference.by_address.get(address)) is not None and change.after is not None
    ]
    key = f"order {one.project}/{one.where}"
    return Item(key, _sum(key, ranks), one)


def _plain(value: object) -> object:
    return ["missing"] if value is MISSING else value


def _sum(*said: object) -> str:
    text = json.dumps(said, default=str, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]

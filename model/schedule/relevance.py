"""Whether a change can move a date: what is written about a card changes no schedule."""

from __future__ import annotations

from ..records.base import Record
from ..records.card import Card
from ..records.person import Person
from ..records.project import Project
from ..records.strategy import Strategy

_READ: dict[type[Record], tuple[str, ...]] = {
    Card: (
        *("place", "rank", "status", "milestone", "owner", "skill", "estimate", "remaining"),
        *("not_before", "fixed", "due", "needs", "title"),
    ),
    Person: ("team", "skills", "share", "start", "end", "absences"),
    Project: ("state", "rank", "started"),
    Strategy: ("people", "milestones"),
}
"""What is read of each kind of record; titles stand in reasons."""


def can_move_dates(before: Record | None, after: Record | None) -> bool:
    """Whether a schedule may come out differently with a record in its later state."""
    side = after or before
    fields = _READ.get(type(side)) if side is not None else ()
    if side is None or fields is None:
        return side is not None and side.KIND == "board"
    if before is None or after is None:
        return True
    return any(getattr(before, name) != getattr(after, name) for name in fields)

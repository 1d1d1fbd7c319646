"""Whether a change can move a date, or change what a schedule says: what is written about a card does neither."""

from __future__ import annotations

from collections.abc import Mapping

from ..records.base import Record
from ..records.board import Board
from ..records.card import Card
from ..records.person import Person
from ..records.project import Project
from ..records.strategy import Strategy

_READ: dict[type[Record], tuple[str, ...]] = {
    Card: (
        *("place", "rank", "status", "milestone", "owner", "skill", "estimate", "remaining"),
        *("not_before", "fixed", "due", "needs"),
    ),
    Person: ("team", "skills", "share", "start", "end", "absences"),
    Project: ("state", "rank", "started"),
    Strategy: ("people", "milestones"),
    Board: ("calendar", "estimates"),
}
"""What dates follow from, by kind of record."""
_NAMED: dict[type[Record], tuple[str, ...]] = {Card: ("title",)}
"""What the reasons of dates say besides."""


def can_move_dates(before: Record | None, after: Record | None) -> bool:
    """Whether a date may be another one with a record in its later state."""
    return _differ(before, after, _READ)


def can_change_schedule(before: Record | None, after: Record | None) -> bool:
    """Whether a date or its reason may be another one."""
    return can_move_dates(before, after) or _differ(before, after, _NAMED)


def _differ(
    before: Record | None, after: Record | None, read: Mapping[type[Record], tuple[str, ...]]
) -> bool:
    side = after or before
    fields = read.get(type(side)) if side is not None else None
    if fields is None:
        return False
    if before is None or after is None:
        return True
    return any(getattr(before, name) != getattr(after, name) for name in fields)

"""What stands in a column of the board, as values.

Lines are found by arithmetic, so that a column of ten thousand cards costs no more to draw than one of ten.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ...model.records.card import Card
from ...model.records.project import Project

CARD_LINES = 2
Item = Card | Project


class Members(tuple[Item, ...]):
    """The items of a group in their order. A step leaves most groups alone, so that this is not made again for it."""

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each id stands."""
        return {item.id: index for index, item in enumerate(self)}


@dataclass(frozen=True)
class Group:
    """Cards of a column that share a step (or a status, an owner …), in the order of their ranks."""

    key: str
    title: str
    """Its heading; empty where it has none."""
    members: Members
    start: int
    top: int
    """The line of its heading, or of its first card where it has none."""

    @property
    def end(self) -> int:
        """The index after that of its last card."""
        return self.start + len(self.members)

    @property
    def cards_top(self) -> int:
        """The line of its first card."""
        return self.top + (1 if self.title else 0)

    @property
    def height(self) -> int:
        """Its lines, with the heading."""
        return self.cards_top - self.top + len(self.members) * CARD_LINES


@dataclass(frozen=True)
class Line:
    """What stands on one line of a column."""

    group: Group
    index: int
    """Of the card; -1 for the heading of the group."""
    part: int
    """Which of the card's lines it is."""


@dataclass(frozen=True)
class Column:
    """One phase with what it shows."""

    phase: str
    title: str
    groups: tuple[Group, ...] = ()
    items: tuple[Item, ...] = ()
    total: int = 0
    """Cards in the phase, with those that the filter hides."""
    doing: int = 0
    """Cards in progress, with those that the filter hides."""
    limit: int | None = None
    """Most cards in progress before the board asks."""
    strays: frozenset[str] = field(default_factory=frozenset)
    """Ids that the filter would hide, shown because they have just been touched."""

    @cached_property
    def height(self) -> int:
        """All lines of the column."""
        return self.groups[-1].top + self.groups[-1].height if self.groups else 0

    @cached_property
    def _starts(self) -> list[int]:
        return [group.start for group in self.groups]

    @cached_property
    def _tops(self) -> list[int]:
        return [group.top for group in self.groups]

    def index_of(self, key: str) -> int | None:
        """Where an id stands among the items; None where it is not shown."""
        for group in self.groups:
            if (place := group.members.places.get(key)) is not None:
                return group.start + place
        return None

    def group_of(self, index: int) -> Group:
        """The group that holds an item."""
        return self.groups[bisect_right(self._starts, index) - 1]

    def line_of(self, index: int) -> int:
        """The first line of an item."""
        group = self.group_of(index)
        return group.cards_top + (index - group.start) * CARD_LINES

    def span_of(self, index: int) -> tuple[int, int]:
        """The lines to show for an item, first and last; with the heading where it is the first of its group."""
        group = self.group_of(index)
        line = self.line_of(index)
        return (group.top if index == group.start else line), line + CARD_LINES - 1

    def at(self, line: int) -> Line | None:
        """What stands on a line; None below the end."""
        if not 0 <= line < self.height:
            return None
        group = self.groups[bisect_right(self._tops, line) - 1]
        if line < group.cards_top:
            return Line(group, -1, 0)
        place, part = divmod(line - group.cards_top, CARD_LINES)
        return Line(group, group.start + place, part)

    def nearest(self, line: int) -> int:
        """The index of the item at a line, or of the one nearest to it."""
        found = self.at(max(0, min(line, self.height - 1)))
        assert found is not None
        return found.group.start if found.index < 0 else found.index


def is_closed(item: Item) -> bool:
    """Whether nothing is left to do."""
    return not item.is_open if isinstance(item, Card) else item.state in ("dropped", "done")

"""What is in a column of the board, as values.

Lines are found by arithmetic, so that a column of ten thousand cards costs no more to draw than one of ten.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from operator import is_

from ...model.records.card import Card
from ...model.records.project import Project

CARD_LINES = 2
"""Lines of a card where nothing else is wanted."""
FOLDED = 1
"""The part of a line that stands for what is folded."""
Item = Card | Project


class Members(tuple[Item, ...]):
    """The items of a group in their order. A step leaves most groups alone, so that this is not made again for it."""

    sums: tuple[int, tuple[int, ...]] | None = None
    """For a width the lines down to the end of each card, where they were summed up."""

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each id is."""
        return {item.id: index for index, item in enumerate(self)}

    @cached_property
    def open(self) -> Members:
        """Those with something left to do: they come first."""
        return Members(self[: bisect_right(self, 0, key=lambda item: int(is_closed(item)))])

    @cached_property
    def finished(self) -> tuple[Item, ...]:
        """The others."""
        return self[len(self.open) :]


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
    each: int = CARD_LINES
    """Lines of a card, where all have the same."""
    ends: Sequence[int] = ()
    """Where the cards have lines of their own: the lines down to the end of each."""
    folded: tuple[Item, ...] = ()
    """What is finished and is in one line below the others."""

    @property
    def end(self) -> int:
        """The index after that of its last card."""
        return self.start + len(self.members)

    @property
    def cards_top(self) -> int:
        """The line of its first card."""
        return self.top + (1 if self.title else 0)

    @property
    def endings(self) -> tuple[int, int]:
        """How many of what is folded are done, and how many were dropped."""
        done = sum((one.status if isinstance(one, Card) else one.state) == "done" for one in self.folded)
        return done, len(self.folded) - done

    @property
    def fold(self) -> str:
        """What stands for the line of what is folded where that has the focus; no id, and empty without a line."""
        return f"/{self.key}" if self.folded else ""

    @property
    def cards_end(self) -> int:
        """The line below its last card."""
        return self.cards_top + (self.ends[-1] if self.ends else len(self.members) * self.each)

    @property
    def height(self) -> int:
        """Its lines, with the heading, and the one for what is folded."""
        return self.cards_end - self.top + (1 if self.folded else 0)

    def folding(self, kept: frozenset[str]) -> Group:
        """The same with what is finished in one line, but for some ids."""
        left, folded = self.members.open, self.members.finished
        if not folded:
            return self
        if kept:
            left = Members((*left, *(item for item in folded if item.id in kept)))
            folded = tuple(item for item in folded if item.id not in kept)
        return replace(self, members=left, folded=folded)

    def line_of(self, place: int) -> int:
        """The first line of the card at a place in the group."""
        if self.ends:
            return self.cards_top + (self.ends[place - 1] if place else 0)
        return self.cards_top + place * self.each

    def lines_of(self, place: int) -> int:
        """How many lines that card has."""
        return self.ends[place] - (self.ends[place - 1] if place else 0) if self.ends else self.each

    def at(self, line: int) -> Line:
        """What is on one of its lines."""
        if line < self.cards_top:
            return Line(self, -1, 0)
        if line >= self.cards_end:
            return Line(self, -1, FOLDED)
        offset = line - self.cards_top
        place = bisect_right(self.ends, offset) if self.ends else offset // self.each
        return Line(self, self.start + place, line - self.line_of(place))


@dataclass(frozen=True)
class Line:
    """What is on one line of a column."""

    group: Group
    index: int
    """Of the card; -1 for the heading of the group, and for the line of what is folded."""
    part: int
    """Which of the card's lines it is; without a card `FOLDED`, or 0 for the heading."""


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
    def folded(self) -> int:
        """How many items stand in lines of their groups."""
        return sum(len(group.folded) for group in self.groups)

    @cached_property
    def without_finished(self) -> Column:
        """The same with what is finished folded."""
        return self.folding(frozenset())

    def folding(self, kept: frozenset[str]) -> Column:
        """The same with what is finished folded, but for some ids that have just been touched."""
        groups = [group.folding(kept) for group in self.groups]
        return self if all(map(is_, groups, self.groups)) else self.regrouped(groups)

    def regrouped(self, groups: Iterable[Group]) -> Column:
        """The same with other groups, put below each other."""
        made: list[Group] = []
        start = top = 0
        for group in groups:
            made.append(replace(group, start=start, top=top))
            start, top = made[-1].end, top + made[-1].height
        items = tuple(chain.from_iterable(group.members for group in made))
        return replace(self, groups=tuple(made), items=items)

    @cached_property
    def _starts(self) -> list[int]:
        return [group.start for group in self.groups]

    @cached_property
    def _tops(self) -> list[int]:
        return [group.top for group in self.groups]

    def index_of(self, key: str) -> int | None:
        """Where an id is among the items; None where it is not shown."""
        for group in self.groups:
            if (place := group.members.places.get(key)) is not None:
                return group.start + place
        return None

    def folding_at(self, key: str) -> Group | None:
        """The group whose line of folded items has the focus; None where no such line has it."""
        return next((one for one in self.groups if key and one.fold == key), None)

    def stop_of(self, key: str) -> int | None:
        """Where an id, or a line of what is folded, is among all that the focus stops at."""
        passed = 0
        for group in self.groups:
            place = group.members.places.get(key)
            if place is not None or (key and group.fold == key):
                return passed + (len(group.members) if place is None else place)
            passed += len(group.members) + bool(group.folded)
        return None

    def stop_at(self, number: int) -> str:
        """The id, or the line of what is folded, at a place among all that the focus stops at; the nearest there is."""
        left, last = max(0, number), ""
        for group in self.groups:
            count = len(group.members)
            if left < count:
                return group.members[left].id
            if left == count and group.folded:
                return group.fold
            left -= count + bool(group.folded)
            last = group.fold or (group.members[-1].id if count else last)
        return last

    def group_of(self, index: int) -> Group:
        """The group that holds an item."""
        return self.groups[bisect_right(self._starts, index) - 1]

    def line_of(self, index: int) -> int:
        """The first line of an item."""
        group = self.group_of(index)
        return group.line_of(index - group.start)

    def lines_of(self, index: int) -> int:
        """How many lines an item has."""
        group = self.group_of(index)
        return group.lines_of(index - group.start)

    def lines_at(self, key: str) -> tuple[int, int] | None:
        """The first line and the number of lines of what has the focus; None where it is not shown."""
        index, group = self.index_of(key), self.folding_at(key)
        if index is not None:
            return self.line_of(index), self.lines_of(index)
        return (group.cards_end, 1) if group is not None else None

    def span_of(self, index: int) -> tuple[int, int]:
        """The lines to show for an item, first and last; with the heading where it is the first of its group."""
        group = self.group_of(index)
        line = self.line_of(index)
        return (group.top if index == group.start else line), line + self.lines_of(index) - 1

    def at(self, line: int) -> Line | None:
        """What is on a line; None below the end."""
        if not 0 <= line < self.height:
            return None
        return self.groups[bisect_right(self._tops, line) - 1].at(line)

    def nearest(self, line: int) -> int:
        """The index of the item at a line, or of the one nearest to it."""
        found = self.at(max(0, min(line, self.height - 1)))
        assert found is not None
        if found.index >= 0:
            return found.index
        index = found.group.end - 1 if found.part == FOLDED else found.group.start
        return max(0, min(index, len(self.items) - 1))


def is_closed(item: Item) -> bool:
    """Whether nothing is left to do."""
    return not item.is_open if isinstance(item, Card) else item.state in ("dropped", "done")

"""How many lines each card has: two, or more where the column has empty rows, or as many as its title needs.

With few cards each is looked at. With many all have two lines, so that a line is found by arithmetic; where titles wrap
in a long column, the sums of each group are kept with the group until a card of it changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from operator import is_
from typing import Literal, get_args

from rich.cells import cell_len

from ..draw.card_summary import Facts
from ..draw.geometry import Box, boxes
from ..draw.render import Size, room_of, wanted_size
from .columns import CARD_LINES, Column, Group, Item, Members
from .view_state import Columns

Density = Literal["auto", "compact", "dense"]
DENSITIES: tuple[Density, ...] = get_args(Density)
_WIDE = 46
"""Cells of a column from which most titles fit on one line."""
ABOUT = {
    "auto": "titles wrap where there is room",
    "compact": "two lines a card",
    "dense": "one line a card",
}
"""What a density means."""


def density_named(name: str) -> Density:
    """The density of a name in a person's settings; the first where it is none."""
    known: dict[str, Density] = {one: one for one in DENSITIES}
    return known.get(name, DENSITIES[0])


@dataclass(frozen=True)
class Room:
    """What decides the lines of cards: the screen's width, the lines of a column, the focused one, the density."""

    width: int
    lines: int
    phase: str
    density: Density


class Layouts:
    """Columns with the lines of their cards; what is as it was last is the same object."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[Column, tuple[Box, Room], Column]] = {}
        self._last: Columns = ()

    def of(self, columns: Columns, room: Room, facts: Callable[[Item], Facts]) -> Columns:
        """The columns for a room. Those that are strips, or not there, stay as they are."""
        found = {one.phase: one for one in columns}
        for box in boxes(room.width, tuple(found), room.phase):
            if box.kind == "full":
                found[box.phase] = self._one(found[box.phase], box, room, facts)
        new = tuple(found.values())
        if len(new) != len(self._last) or not all(map(is_, new, self._last)):
            self._last = new
        return self._last

    def _one(self, column: Column, box: Box, room: Room, facts: Callable[[Item], Facts]) -> Column:
        known = self._made.get(column.phase)
        asked = (box._replace(x=0), replace(room, phase=""))
        if known is None or known[0] is not column or known[1] != asked:
            known = (column, asked, laid_out(column, box.width - 2, room, facts))
            self._made[column.phase] = known
        return known[2]


def laid_out(column: Column, width: int, room: Room, facts: Callable[[Item], Facts]) -> Column:
    """A column with the lines of each of its cards, `width` cells wide.

    In a narrow column titles wrap even where it has to be scrolled for that: cut ones would say too little.
    """
    if room.density == "compact":
        return column
    if room.density == "dense":
        return column.regrouped(replace(group, each=1, ends=()) for group in column.groups)
    fitted = _fitted(column, width, room.lines, facts)
    if fitted is not None:
        return fitted
    if width >= _WIDE:
        return column
    cells = room_of(width)
    return column.regrouped(replace(group, ends=_ends(group.members, cells)) for group in column.groups)


def _fitted(column: Column, width: int, lines: int, facts: Callable[[Item], Facts]) -> Column | None:
    """The column with its empty rows given to what would be cut, titles first; None where it has no empty rows."""
    spare = lines - column.height
    if spare < 0 or len(column.items) * CARD_LINES > lines:
        return None
    wanted = [wanted_size(facts(item), width) for item in column.items]
    given = [Size() for _ in wanted]
    for part, least in (("title", 2), ("facts", 2), ("title", 3), ("facts", 3)):
        for index, size in enumerate(wanted):
            if spare and getattr(size, part) >= least:
                given[index] = given[index]._replace(**{part: least})
                spare -= 1
    if all(size == Size() for size in given):
        return column
    return column.regrouped(_with(group, given[group.start : group.end]) for group in column.groups)


def _with(group: Group, sizes: Sequence[Size]) -> Group:
    if all(size == Size() for size in sizes):
        return group
    return replace(group, ends=tuple(accumulate(size.lines for size in sizes)))


def _ends(members: Members, room: int) -> Sequence[int]:
    """The sums of the lines of a group's cards, two for a title that is wider than its row."""
    if members.sums is None or members.sums[0] != room:
        titles = [item.title for item in members]
        # Without a call for most of them: a filter makes new groups of ten thousand cards at each key.
        lines = [
            CARD_LINES + ((len(title) if title.isascii() else cell_len(title)) > room) for title in titles
        ]
        members.sums = (room, tuple(accumulate(lines)))
    return members.sums[1]

"""What is free of each resource in each period, as bits: bit t of level k says that fewer than k units are left.

A person is a resource of one unit, so one word. Taking units, giving them back and asking for gaps are a few operations
on whole words, however long the axis is.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd

from .activity_network import Activity, Mode

_ONE_UNIT = 2
"""Levels of a resource of one unit, as people mostly are: taken or not."""


class FreeCapacity:
    """The resources of a network. Units are counted in the grain of each resource: modes have to be `in_grains`."""

    def __init__(self, activities: Sequence[Activity], capacities: Sequence[int | Sequence[int]]) -> None:
        demanded: list[list[int]] = [[] for _ in capacities]
        for activity in activities:
            for mode in activity.modes:
                for resource, units in mode.demands:
                    demanded[resource].append(units)
        self._grains = [gcd(*units) or 1 for units in demanded]
        self._levels = [
            _levels(capacity, grain, sum(units))
            for capacity, grain, units in zip(capacities, self._grains, demanded, strict=True)
        ]

    def copy(self) -> FreeCapacity:
        """The same, to be changed alone."""
        made = FreeCapacity((), ())
        made._grains = self._grains
        made._levels = [list(levels) for levels in self._levels]
        return made

    def in_grains(self, mode: Mode) -> Mode:
        """The mode with its demands in grains."""
        if all(self._grains[resource] == 1 and units for resource, units in mode.demands):
            return mode
        demands = ((resource, units // self._grains[resource]) for resource, units in mode.demands if units)
        return mode._replace(demands=tuple(demands))

    def blocked(self, mode: Mode) -> int:
        """The periods in which a resource has too little left for this mode."""
        if not mode.work:
            return 0
        blocked = 0
        for resource, units in mode.demands:
            levels = self._levels[resource]
            blocked |= levels[units] if units < len(levels) else -1
        return blocked

    def is_whole(self, resource: int) -> bool:
        """Whether a resource has one unit, free or not, in every period."""
        levels = self._levels[resource]
        return len(levels) == 2 and levels[1] >= 0

    def taken(self, resource: int) -> int:
        """The periods in which a resource of one unit is not free."""
        return self._levels[resource][1]

    def take_whole(self, resource: int, start: int, end: int) -> None:
        """Take a resource of one unit."""
        self._levels[resource][1] |= (1 << end - start) - 1 << start

    def give_whole_back(self, resource: int, start: int, end: int) -> None:
        """Undo what `take_whole` took."""
        self._levels[resource][1] &= ~((1 << end - start) - 1 << start)

    def take(self, mode: Mode, start: int, end: int) -> None:
        """Take what a mode needs; where there is less, all that is left."""
        mask = (1 << end - start) - 1 << start if mode.work else 0
        for resource, units in mode.demands:
            levels = self._levels[resource]
            if len(levels) == _ONE_UNIT:
                levels[1] |= mask
                continue
            for level in range(1, len(levels)):
                above = level + units
                levels[level] |= levels[above] & mask if above < len(levels) else mask

    def give_back(self, mode: Mode, start: int, end: int) -> None:
        """Undo what `take` took, where there was enough."""
        keep = ~((1 << end - start) - 1 << start) if mode.work else -1
        for resource, units in mode.demands:
            levels = self._levels[resource]
            if len(levels) == _ONE_UNIT:
                levels[1] &= keep
                continue
            for level in range(len(levels) - 1, 0, -1):
                levels[level] &= keep | levels[level - units] if level > units else keep


def _levels(capacity: int | Sequence[int], grain: int, wanted: int) -> list[int]:
    """For each number of grains up to the capacity, or to all that is wanted: the periods in which fewer are there.

    Level 0 is never looked at.
    """
    if isinstance(capacity, int):
        return [0] * (max(min(capacity, wanted), 0) // grain + 1)
    steps = [max(min(one, wanted), 0) // grain for one in capacity]
    after = -1 << len(steps)
    levels = [0]
    for level in range(1, max(steps, default=0) + 1):
        bits = "".join("1" if one < level else "0" for one in reversed(steps))
        levels.append(after | int(bits or "0", 2))
    return levels

"""What ties projects for the search of the best set: settling one settles others, and tied ones make a group.

Pure bookkeeping: projects are positions, a state says for each whether it is in, out or free.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import gcd
from operator import add
from typing import NamedTuple

FREE, OUT, IN = -1, 0, 1
ROOM_SLACK = 1e-9
"""How far a limit may be passed, as a share of it: 0.1 + 0.2 fits into 0.3."""

MOST_OPTIONS = 128
"""A group with more options is split by settling one of its projects."""


@dataclass(frozen=True)
class Knapsack:
    """A choice under limits: projects by their positions, amounts of anything.

    `needs[i][k]` is what project i takes of limit k, at least 0; a limit may be infinite. `required` are in, with all
    that they follow; `excluded` are out; of each group in `either_or` at most one is in; (a, b) in `follows` means: a
    only if b. A project with a negative value is only taken where another one needs it.
    """

    values: Sequence[float]
    needs: Sequence[Sequence[float]]
    limits: Sequence[float]
    required: Sequence[int] = ()
    excluded: Sequence[int] = ()
    either_or: Sequence[Sequence[int]] = ()
    follows: Sequence[tuple[int, int]] = ()


class Option(NamedTuple):
    """A set of a group's projects, as bits, with what it adds and takes."""

    value: float
    takes: tuple[float, ...]
    projects: int


class Constraints:
    """Projects with what each adds and takes, the room for it, and their links."""

    def __init__(self, problem: Knapsack) -> None:
        values, needs = problem.values, problem.needs
        self.values = list(values)
        self.room: list[float] = []
        self.scales: list[tuple[int, float]] = []
        """Of each limit that can be broken: its position, and what its figures are divided by."""
        rows: list[list[float]] = []
        for at, limit in enumerate(problem.limits):
            row = [need[at] for need in needs]
            if sum(row) > limit:  # a limit that cannot be broken is none
                scale = sum(row) / len(row)
                self.scales.append((at, scale))
                rows.append([entry / scale for entry in row])
                self.room.append(limit / scale * (1 + ROOM_SLACK))
        self.takes: list[tuple[float, ...]] = list(zip(*rows, strict=True)) if rows else [()] * len(values)
        self.before: list[set[int]] = [set() for _ in values]
        self.after: list[set[int]] = [set() for _ in values]
        self.rivals: list[set[int]] = [set() for _ in values]
        for group in problem.either_or:
            for one in group:
                self.rivals[one] |= set(group) - {one}
        for one, first in problem.follows:
            if one != first:
                self.before[one].add(first)
                self.after[first].add(one)
        # Two sets whose values differ by less than this count as equal: rounding, or whole numbers all over.
        whole = all(value.is_integer() for value in self.values)
        step = gcd(*map(int, self.values)) or 1 if whole else 0
        self.grain = max(step * (1 - 1e-6), 1e-9 * sum(map(abs, self.values)))

    def settle(self, state: list[int], one: int, way: int) -> bool:
        """Puts a project in or out, with all that follows from it; whether that can be."""
        todo = [(one, way)]
        while todo:
            one, way = todo.pop()
            if state[one] == way:
                continue
            if state[one] != FREE:
                return False
            state[one] = way
            if way == OUT:
                todo += [(other, OUT) for other in self.after[one]]
            else:
                todo += [(other, IN) for other in self.before[one]]
                todo += [(other, OUT) for other in self.rivals[one]]
        return True

    def room_left(self, state: Sequence[int]) -> list[float]:
        room = list(self.room)
        for takes, way in zip(self.takes, state, strict=True):
            if way == IN:
                room[:] = [space - taken for space, taken in zip(room, takes, strict=True)]
        return room

    def groups(self, state: Sequence[int]) -> list[tuple[list[int], list[Option]]]:
        """The free projects by what ties them, with the options of each group; none where they are too many."""
        found: list[tuple[list[int], list[Option]]] = []
        seen: set[int] = set()
        room = self.room_left(state)
        for start, way in enumerate(state):
            if way != FREE or start in seen:
                continue
            members = [start]
            seen.add(start)
            for one in members:
                tied = self.before[one] | self.after[one] | self.rivals[one]
                members += sorted(other for other in tied - seen if state[other] == FREE)
                seen |= tied
            found.append((members, self._options(members, state, room)))
        return found

    def _options(self, members: Sequence[int], state: Sequence[int], room: Sequence[float]) -> list[Option]:
        """The sets of a group's projects that its links allow and that fit, without those that another one beats."""
        zero = tuple(0.0 for _ in room)
        found: list[Option] = []
        open_states = [list(state)]
        while open_states:
            now = open_states.pop()
            one = next((one for one in members if now[one] == FREE), None)
            if one is None:
                projects = [one for one in members if now[one] == IN]
                takes = zero
                for at in projects:
                    takes = tuple(map(add, takes, self.takes[at]))
                if fits(takes, room):
                    bits = sum(1 << at for at in projects)
                    found.append(Option(sum(self.values[at] for at in projects), takes, bits))
                if len(found) > MOST_OPTIONS:
                    return []
                continue
            for way in (OUT, IN):
                branch = now.copy()
                if self.settle(branch, one, way):
                    open_states.append(branch)
        found.sort(key=lambda option: (-option.value, option.takes))
        kept: list[Option] = []
        for option in found:
            if not any(fits(other.takes, option.takes) for other in kept):
                kept.append(option)
        return kept

    def most_tied(self, projects: Sequence[int]) -> int:
        """The one of these with the most links."""
        return max(projects, key=lambda one: len(self.before[one] | self.after[one] | self.rivals[one]))


def fits(takes: Sequence[float], room: Sequence[float]) -> bool:
    """Whether there is room for what is taken, of each limit."""
    return all(taken <= space for taken, space in zip(takes, room, strict=True))


def members(bits: int) -> Iterator[int]:
    """The projects that stand for the bits that are set."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest

"""The search behind the choice of projects: the 0-1 knapsack with several limits and with links, solved exactly.

Branch and bound. The bound is Lagrangian: each limit and each link gets a price, a project's value less its prices
is what it adds, and the sum of what is positive cannot be beaten by any set. The prices are found by a subgradient
method, at the root carefully, further down in a few steps from those above; they settle within a hair of the linear
relaxation. A project whose choice the other way would push the bound under the best set known is settled at once,
so that for independent values and needs some hundred nodes prove 60 projects. Sources: Held & Karp 1971 and Fisher
1981 (Lagrangian bounds), Martello & Toth 1990 and Kellerer et al. 2004 (knapsack problems).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

FREE, OUT, IN = -1, 0, 1
ROOM_SLACK = 1e-9
"""How far a limit may be passed, as a share of it: 0.1 + 0.2 fits into 0.3."""

_ROOT_STEPS = 400
_STEPS = 8
_STEPS_AGAIN = 4
_TRY_EVERY = 8
"""Nodes between two attempts to round a relaxed solution to a set."""


@dataclass(frozen=True)
class Found:
    """The best set found, and what no set can exceed."""

    chosen: tuple[int, ...]
    value: float
    bound: float
    nodes: int


class _Node(NamedTuple):
    """A part of the search: what is settled, and what that leaves."""

    bound: float
    state: list[int]
    value: float
    room: list[float]
    prices: list[float]


class Search:
    """One problem, prepared. `run` searches it; a search that is stopped says how far it came."""

    def __init__(
        self,
        values: Sequence[float],
        needs: Sequence[Sequence[float]],
        limits: Sequence[float],
        either_or: Sequence[Sequence[int]],
        follows: Sequence[tuple[int, int]],
    ) -> None:
        self.values = list(values)
        count = len(values)
        rows: list[dict[int, float]] = []
        self.room: list[float] = []
        for at, limit in enumerate(limits):
            row = {one: needs[one][at] for one in range(count) if needs[one][at] > 0}
            self._row(rows, row, limit)
        self.limits = len(rows)
        self.together: list[list[int]] = [[] for _ in values]
        self.after: list[list[int]] = [[] for _ in values]
        self.rivals: list[list[int]] = [[] for _ in values]
        for group in either_or:
            members = sorted(set(group))
            self._row(rows, dict.fromkeys(members, 1.0), 1.0)
            for one in members:
                self.rivals[one] += [other for other in members if other != one]
        for one, first in follows:
            if one != first:
                self._row(rows, {one: 1.0, first: -1.0}, 0.0)
                self.together[one].append(first)
                self.after[first].append(one)
        self.columns = [[(at, row[one]) for at, row in enumerate(rows) if one in row] for one in range(count)]
        # Two sets whose values differ by less than this count as equal: rounding, or whole numbers all over.
        whole = all(float(value).is_integer() for value in values)
        self.grain = 1 - 1e-6 if whole else 1e-9 * sum(abs(value) for value in values)
        self.best_value = -inf
        self.best: list[int] = []
        self.nodes = 0

    def _row(self, rows: list[dict[int, float]], row: dict[int, float], limit: float) -> None:
        """A constraint, scaled so that its entries are about one; one that nobody can break is left out."""
        if sum(entry for entry in row.values() if entry > 0) <= limit:
            return
        scale = sum(abs(entry) for entry in row.values()) / len(row)
        rows.append({one: entry / scale for one, entry in row.items()})
        self.room.append(limit / scale * (1 + ROOM_SLACK))

    def run(self, required: Sequence[int], excluded: Sequence[int], stop: Callable[[], bool]) -> Found:
        """The best set with these in it and those out of it, which must be possible."""
        state, room, value = [FREE] * len(self.values), list(self.room), 0.0
        for one, way in [*((one, IN) for one in required), *((one, OUT) for one in excluded)]:
            settled = self._settle(state, room, value, one, way)
            assert settled is not None, "whoever asks for a set has made sure that there is one"
            value = settled
        self._keep(state, value)
        most = value + sum(
            worth for worth, way in zip(self.values, state, strict=True) if way == FREE and worth > 0
        )
        stack = [_Node(most, state, value, room, [0.0] * len(room))]
        while stack and (self.nodes == 0 or not stop()):
            node = stack.pop()
            if node.bound >= self.best_value + self.grain:
                stack += self._branches(node)
        bound = max([self.best_value, *(node.bound for node in stack)])
        chosen = tuple(one for one, way in enumerate(self.best) if way == IN)
        return Found(chosen, self.best_value, bound, self.nodes)

    def _branches(self, node: _Node) -> list[_Node]:
        """What is still open below a node, the likelier half last; nothing where it holds no better set."""
        state, value, room, prices = node.state, node.value, node.room, node.prices
        steps = _STEPS if self.nodes else _ROOT_STEPS
        self.nodes += 1
        while True:
            if not self._drop_what_does_not_fit(state, room, value):
                return []
            free = [one for one, way in enumerate(state) if way == FREE]
            bound, prices, adds = self._bound(value, room, free, prices, steps)
            if not free or self.nodes % _TRY_EVERY == 1:
                self._round(state, room, value, free, adds)
            lowest = self.best_value + self.grain
            if not free or bound < lowest:
                return []
            settled: float | None = value
            for one, add in zip(free, adds, strict=True):
                if state[one] == FREE and bound - abs(add) < lowest:
                    settled = self._settle(state, room, settled, one, IN if add > 0 else OUT)
                    if settled is None:
                        return []
            if all(state[one] == FREE for one in free):
                break
            value, steps = settled, _STEPS_AGAIN
        at = min(range(len(free)), key=lambda index: abs(adds[index]))
        one, likely = free[at], IN if adds[at] > 0 else OUT
        open_nodes: list[_Node] = []
        for way in (1 - likely, likely):
            branch, left = state.copy(), room.copy()
            settled = self._settle(branch, left, value, one, way)
            if settled is not None:
                most = bound if way == likely else bound - abs(adds[at])
                open_nodes.append(_Node(most, branch, settled, left, prices))
        return open_nodes

    def _bound(
        self, value: float, room: list[float], free: list[int], prices: list[float], steps: int
    ) -> tuple[float, list[float], list[float]]:
        """What no completion can exceed, with the prices that show it and what each free project adds at them."""
        best, best_prices, best_adds, best_left = inf, prices, [0.0] * len(free), room
        reach, misses = 1.0, 0
        for _ in range(steps + 1):
            total = value + sum(price * space for price, space in zip(prices, room, strict=True) if price)
            left = room.copy()
            adds: list[float] = []
            for one in free:
                add = self.values[one]
                for at, entry in self.columns[one]:
                    add -= prices[at] * entry
                adds.append(add)
                if add > 0:
                    total += add
                    for at, entry in self.columns[one]:
                        left[at] -= entry
            if total < best:
                best, best_prices, best_adds, best_left, misses = total, prices, adds, left, 0
                if best < self.best_value + self.grain:
                    break
            else:
                misses += 1
                if misses >= (8 if steps == _ROOT_STEPS else 2):
                    reach, misses = reach * 0.7, 0
                    prices, left = best_prices, best_left
            length = sum(space * space for space in left)
            if length == 0:
                break
            aim = 0.05 * abs(best) if steps == _ROOT_STEPS else best - self.best_value
            step = reach * aim / length
            prices = [max(0.0, price - step * space) for price, space in zip(prices, left, strict=True)]
        return best, best_prices, best_adds

    def _settle(self, state: list[int], room: list[float], value: float, one: int, way: int) -> float | None:
        """Puts a project in or out, with all that follows from it; the new value, or None where it cannot be."""
        todo = [(one, way)]
        while todo:
            one, way = todo.pop()
            if state[one] == way:
                continue
            if state[one] != FREE:
                return None
            state[one] = way
            if way == OUT:
                todo += [(other, OUT) for other in self.after[one]]
                continue
            value += self.values[one]
            for at, entry in self.columns[one]:
                room[at] -= entry
            todo += [(other, IN) for other in self.together[one]]
            todo += [(other, OUT) for other in self.rivals[one]]
        return None if any(space < 0 for space in room[: self.limits]) else value

    def _drop_what_does_not_fit(self, state: list[int], room: list[float], value: float) -> bool:
        for one, way in enumerate(state):
            fits = way != FREE or all(
                entry <= room[at] for at, entry in self.columns[one] if at < self.limits
            )
            if not fits and self._settle(state, room, value, one, OUT) is None:
                return False
        return True

    def _round(
        self, state: list[int], room: list[float], value: float, free: list[int], adds: list[float]
    ) -> None:
        """Tries the free projects in the order of what they add, and keeps the set where it is the best yet."""
        state, room = state.copy(), room.copy()
        for _, one in sorted(zip(adds, free, strict=True), reverse=True):
            if state[one] != FREE or self.values[one] <= 0:
                continue
            branch, left = state.copy(), room.copy()
            taken = self._settle(branch, left, value, one, IN)
            if taken is not None and taken > value:
                state, room, value = branch, left, taken
        self._keep(state, value)

    def _keep(self, state: list[int], value: float) -> None:
        if value > self.best_value:
            self.best_value, self.best = value, state.copy()

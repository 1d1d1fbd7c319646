"""The search behind the choice of projects: the 0-1 knapsack with several limits and with links, solved exactly.

Projects that links tie together make a group, and a group has options: the sets of its members that its links
allow. Each limit gets a price; then every group has an option that adds most after what it takes has been paid, and
the sum of these is a bound (Lagrangian relaxation: Fisher 1981). Any other set turns some groups to another option.
Each turn loses something of the bound, and what a set leaves of a priced limit is lost too, so that only the few
sets that lose less than the gap between the bound and the best set known can be better. They are found by meeting
in the middle (Horowitz & Sahni 1974): all cheap turns of either half of the groups are listed, and those of one
half are looked up by what they must free for those of the other. Where the lists would grow too long, one project
is settled either way and each half is priced again (branch and bound).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from math import floor, inf
from operator import add, mul
from typing import NamedTuple

from .constraints import FREE, IN, OUT, Constraints, Option, fits, members

MOST_TURNS = (500, 4_000, 32_000, 128_000)
"""How long the list of either half may grow: short lists first, since what they find makes the gap small.

Once it is so small that the gap cuts the longest ones by itself, those between are left out.
"""
_ROOT_STEPS, _STEPS = 300, 60
"""Of the subgradient method, at the root and further down, where it begins with prices that are nearly right."""
_WINDOWS = 4
"""Limits by which turns are looked up; those with the highest prices narrow most."""
_ASK_EVERY = 64
"""Turns of one half between two questions whether to stop."""


@dataclass(frozen=True)
class SearchResult:
    """The best set found, and what no set can exceed."""

    chosen: tuple[int, ...]
    value: float
    bound: float
    nodes: int
    prices: list[float]
    """Of each limit, by which the bound was found at first."""


class _Node(NamedTuple):
    """A part of the search: what is settled, what no set in it can exceed, and the prices to begin with."""

    bound: float
    state: list[int]
    prices: list[float]


class _Turn(NamedTuple):
    """Other options instead of the best ones: what that loses, what it frees, and the projects it changes."""

    loss: float
    frees: tuple[float, ...]
    changes: int


class Search:
    """One problem, prepared. `run` searches it; a search that is stopped says how far it came."""

    def __init__(
        self,
        constraints: Constraints,
        stop: Callable[[], bool] = lambda: False,
        tell: Callable[[float, float], None] | None = None,
    ) -> None:
        self.constraints = constraints
        self.best_value = -inf
        self.best = 0
        self.nodes = 0
        self.prices: list[float] = []
        self._steps = _ROOT_STEPS
        self._stop = stop
        self._tell = tell
        """Is told of the best value so far, with what no set can exceed, whenever there is news."""
        self._elsewhere = -inf
        """The bound of all that is still to be looked into beside the part that is looked into now."""

    def run(
        self, required: Iterable[int], excluded: Iterable[int], prices: Sequence[float] = ()
    ) -> SearchResult:
        """The best set with these in it and those out of it, which must be possible.

        It begins with these prices of the limits, if there are any.
        """
        state = [FREE] * len(self.constraints.values)
        for one, way in [*((one, IN) for one in required), *((one, OUT) for one in excluded)]:
            assert self.constraints.settle(state, one, way), (
                "whoever asks for a set has made sure that there is one"
            )
        self._steps = _STEPS if prices else _ROOT_STEPS
        self.prices = list(prices) or [0.0] * len(self.constraints.room)
        self._fill(state, self.prices)
        most = sum(
            value
            for value, way in zip(self.constraints.values, state, strict=True)
            if way == IN or (way and value > 0)
        )
        stack = [_Node(most, state, self.prices)]
        while stack and (self.nodes == 0 or not self._stop()):
            node = stack.pop()
            self._elsewhere = max((one.bound for one in stack), default=-inf)
            if node.bound >= self._enough:
                stack += self._look_into(node)
        bound = max([self.best_value, *(node.bound for node in stack)])
        return SearchResult(tuple(members(self.best)), self.best_value, bound, self.nodes, self.prices)

    @property
    def _enough(self) -> float:
        """What a set must be worth at least to count as better than the best one known."""
        return self.best_value + self.constraints.grain

    # ---- one part of the search

    def _look_into(self, node: _Node) -> list[_Node]:
        """Finds the better sets in a part of the search; what is left to look into, the likelier half last."""
        is_root = self.nodes == 0
        steps = self._steps if is_root else _STEPS
        self.nodes += 1
        state = node.state
        room = self.constraints.room_left(state)
        if min(room, default=0.0) < 0 or not self._leave_out_too_large(state, room):
            return []
        groups = self.constraints.groups(state)
        split = next((projects for projects, options in groups if not options), None)
        if split is not None:
            return self._halves(
                node.bound, state, node.prices, self.constraints.most_tied(split), IN, node.bound
            )
        settled = sum(value for value, way in zip(self.constraints.values, state, strict=True) if way == IN)
        bound, prices = self._price(settled, room, [options for _, options in groups], node.prices, steps)
        if is_root:
            self.prices = prices
        self._fill(state, prices)
        self._say(min(node.bound, bound))
        base, left, turns = 0, room, list[list[_Turn]]()
        for projects, options in groups:
            best, others = _turns(options, prices)
            base |= best.projects
            left = [space - taken for space, taken in zip(left, best.takes, strict=True)]
            near = [turn for turn in others if bound - turn.loss >= self._enough]
            if near:
                turns.append(near)
            else:
                for one in projects:
                    self.constraints.settle(state, one, IN if base >> one & 1 else OUT)
        base |= sum(1 << one for one, way in enumerate(state) if way == IN)
        turns.sort()
        done = 0.0
        for most in MOST_TURNS:
            if most < MOST_TURNS[-1] and bound - self._enough <= 3 * done:
                continue  # the gap is nearly closed: only lists that close it are worth their time
            done = self._meet(bound, base, left, prices, turns, most)
            if done > bound - self._enough:
                return []
            self._say(min(node.bound, bound - done))
            if self._stop():
                break
        nearest = turns[0][0]
        one = next(members(nearest.changes))
        likely = IN if base >> one & 1 else OUT
        return self._halves(min(node.bound, bound - done), state, prices, one, likely, bound - nearest.loss)

    def _leave_out_too_large(self, state: list[int], room: Sequence[float]) -> bool:
        """Settles the free projects for which there is no room as out; whether that can be."""
        return all(
            state[one] != FREE or fits(takes, room) or self.constraints.settle(state, one, OUT)
            for one, takes in enumerate(self.constraints.takes)
        )

    def _halves(
        self, bound: float, state: list[int], prices: list[float], one: int, likely: int, other: float
    ) -> list[_Node]:
        """What a project in and a project out leave open; `other` is the bound of the less likely half."""
        found: list[_Node] = []
        for way in (1 - likely, likely):
            half = state.copy()
            if self.constraints.settle(half, one, way):
                found.append(_Node(bound if way == likely else min(bound, other), half, prices))
        return found

    def _fill(self, state: list[int], prices: Sequence[float]) -> None:
        """Tries the free projects in the order of what they add at these prices; keeps the set if it is the best."""
        state, room = state.copy(), self.constraints.room_left(state)
        if min(room, default=0.0) < 0:
            return
        adds = {
            one: self.constraints.values[one] - _paid(prices, self.constraints.takes[one])
            for one, way in enumerate(state)
            if way == FREE
        }
        for one in sorted(adds, key=adds.__getitem__, reverse=True):
            branch = state.copy()
            if (
                state[one] == FREE
                and self.constraints.values[one] > 0
                and self.constraints.settle(branch, one, IN)
            ):
                more = [at for at, way in enumerate(branch) if way == IN and state[at] == FREE]
                left = self.constraints.room_left(branch)
                if min(left, default=0.0) >= 0 and sum(self.constraints.values[at] for at in more) > 0:
                    state = branch
        self._keep(sum(1 << one for one, way in enumerate(state) if way == IN))

    def _say(self, bound: float) -> None:
        if self._tell is not None:
            self._tell(self.best_value, max(self.best_value, bound, self._elsewhere))

    def _keep(self, projects: int) -> None:
        value = sum(self.constraints.values[one] for one in members(projects))
        if value > self.best_value:
            self.best_value, self.best = value, projects

    def _price(
        self,
        settled: float,
        room: Sequence[float],
        groups: Sequence[Sequence[Option]],
        prices: list[float],
        steps: int,
    ) -> tuple[float, list[float]]:
        """What no set can exceed, with the prices that show it, by the subgradient method of Held & Karp (1971)."""
        best, best_prices, best_left = inf, prices, list(room)
        reach, misses, patience = (1.0, 0, 8) if steps == _ROOT_STEPS else (0.5, 0, 3)
        for _ in range(steps):
            total, left = settled + _paid(prices, room), list(room)
            for options in groups:
                most, takes = -inf, ()
                for value, taken, _ in options:
                    adds = value - _paid(prices, taken)
                    if adds > most:
                        most, takes = adds, taken
                total += most
                left = [space - taken for space, taken in zip(left, takes, strict=True)]
            if total < best:
                best, best_prices, best_left, misses = total, prices, left, 0
                if best < self._enough:
                    break
            else:
                misses += 1
                if misses >= patience:
                    reach, misses = reach * 0.7, 0
                    prices, left = best_prices, best_left
            length = sum(space * space for space in left)
            if length == 0:
                break
            aim = 0.05 * abs(best) if steps == _ROOT_STEPS else best - self.best_value
            step = reach * aim / length
            prices = [max(0.0, price - step * space) for price, space in zip(prices, left, strict=True)]
        return best, best_prices

    # ---- meeting in the middle

    def _meet(
        self,
        bound: float,
        base: int,
        left: Sequence[float],
        prices: Sequence[float],
        turns: Sequence[Sequence[_Turn]],
        most: int,
    ) -> float:
        """Keeps the best of the sets that turn groups of the base set; the loss below which all have been looked at."""
        gap = bound - self._enough
        ours, ours_to = _turned(turns[::2], gap, left, most, self._stop)
        theirs, theirs_to = _turned(turns[1::2], gap, left, most, self._stop)
        reach = min(ours_to, theirs_to)
        gap = min(gap, ours_to + theirs_to)  # two turns of what was listed lose no more; wider is only slower
        # What a set leaves of a limit costs its price, so that it leaves less than this.
        narrow = sorted((at for at, price in enumerate(prices) if price > 0), key=lambda at: -prices[at])[
            :_WINDOWS
        ]
        cells = [(at, max(gap / prices[at], 1e-12)) for at in narrow]
        grid: dict[tuple[int, ...], list[_Turn]] = {}
        for turn in theirs:
            grid.setdefault(tuple(floor(turn.frees[at] / size) for at, size in cells), []).append(turn)
        for number, (loss, frees, changes) in enumerate(ours):
            if loss > gap:
                break
            if number % _ASK_EVERY == _ASK_EVERY - 1 and self._stop():
                return 0.0
            space = tuple(map(add, left, frees))
            lowest = [floor(-space[at] / size) for at, size in cells]
            for cell in product(*((at, at + 1) for at in lowest)):
                for turn in grid.get(cell, ()):
                    total = loss + turn.loss
                    if total > gap:
                        break
                    rest = tuple(map(add, space, turn.frees))
                    if min(rest, default=0.0) >= 0 and total + _paid(prices, rest) <= gap:
                        self._keep(base ^ changes ^ turn.changes)
                        gap = bound - self._enough
        return reach


def _turns(options: Sequence[Option], prices: Sequence[float]) -> tuple[Option, list[_Turn]]:
    """The option that adds most at these prices, and what it means to turn to each other one."""
    adds = [option.value - _paid(prices, option.takes) for option in options]
    most = max(adds)
    best = options[adds.index(most)]
    return best, sorted(
        _Turn(
            most - added,
            tuple(had - taken for had, taken in zip(best.takes, option.takes, strict=True)),
            best.projects ^ option.projects,
        )
        for option, added in zip(options, adds, strict=True)
        if option is not best
    )


def _turned(
    groups: Sequence[Sequence[_Turn]], gap: float, zero: Sequence[float], most: int, stop: Callable[[], bool]
) -> tuple[list[_Turn], float]:
    """All ways to turn some of these groups, the cheapest first, and the loss below which none is missing."""
    reach = inf
    found = [_Turn(0.0, tuple(0.0 for _ in zero), 0)]
    for turns in groups:
        if stop():
            return found, 0.0
        more: list[_Turn] = []
        for loss, frees, changes in turns:
            for one in found:
                if one.loss + loss > gap:
                    break
                more.append(_Turn(one.loss + loss, tuple(map(add, one.frees, frees)), one.changes | changes))
        found = sorted([*found, *more])
        if len(found) > most:
            gap = reach = found[most].loss
            del found[most:]
    return found, reach


def _paid(prices: Iterable[float], takes: Iterable[float]) -> float:
    return sum(map(mul, prices, takes))

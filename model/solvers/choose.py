"""Which projects to do, in which order, and how firm that is.

Figures in, figures out: projects are positions in the sequences, needs and limits are amounts of anything (money to
the next gate, person-months of a skill). What a plan's projects are worth comes from `worth`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import inf, isnan
from typing import Literal

from ..text.figure import amount, expect, number
from .constraints import ROOM_SLACK, Constraints, Knapsack
from .knapsack import Search


@dataclass(frozen=True)
class Conflict:
    """Why there is no set at all: what must be in cannot be in together."""

    reason: Literal["excluded", "either-or", "limit"]
    projects: tuple[int, ...]
    """The excluded project, the two of an either-or, or all that take of the limit."""
    limit: int = -1
    needed: float = 0.0
    available: float = 0.0

    def say(self, name: Callable[[int], str] = str, limit: Callable[[int], str] = str) -> str:
        """The conflict in words."""
        names = ", ".join(name(one) for one in self.projects)
        if self.reason == "excluded":
            return f"{names} must be in, or comes with one that must, and is excluded"
        if self.reason == "either-or":
            return f"{names} must all be in, and only one of them may"
        return (
            f"{names} must be in and take {amount(self.needed)} of {limit(self.limit)}, "
            f"of which there is {amount(self.available)}"
        )


@dataclass(frozen=True)
class Choice:
    """The set that was chosen, and what is known of better ones."""

    chosen: tuple[int, ...]
    value: float
    bound: float
    """No set is worth more than this; equal to the value where it is proven."""
    proven: bool
    conflict: Conflict | None = None
    """Why nothing could be chosen; nothing is, then."""
    nodes: int = 0
    """How many parts of the search were looked at."""
    prices: tuple[float, ...] = ()
    """What a unit of each limit is worth about, at the margin: the prices that gave the bound."""

    @property
    def reached(self) -> float:
        """The share of what is provably possible that the set is worth at least; 1 where it is proven."""
        return reached(self.value, self.bound)


def reached(value: float, bound: float) -> float:
    """The share of a bound that a value reaches; nothing below 0, all of it where nothing is to be had."""
    return 1.0 if value >= bound else value / bound if value > 0 else 0.0


def choose(
    problem: Knapsack,
    *,
    deadline_s: float = 10.0,
    stop: Callable[[], bool] | None = None,
    tell: Callable[[float, float], None] | None = None,
    prices: Sequence[float] = (),
) -> Choice:
    """The set of projects with the highest sum of values that keeps every limit and every link.

    The search ends when the set is proven, when `stop()` says so, or after `deadline_s` seconds of a stopwatch that
    is looked at between two nodes; then the best set so far comes back with `proven` false. Only an unproven result
    depends on the machine: for one that never does, pass `deadline_s=math.inf` and a `stop` that counts its calls.
    `tell(value, bound)` hears on the way what the best set so far is worth, and what no set can exceed. `prices` of a
    choice under nearly the same figures make it faster, and change nothing else.
    Raises ValueError where the figures do not fit together.
    """
    from time import monotonic

    expect(deadline_s >= 0, f"a deadline of at least 0 seconds is expected, not {deadline_s!r}")
    problem = _checked(problem)
    limits = problem.limits
    within = _with_what_they_follow(problem)
    conflict = _conflict(problem, within)
    if conflict is not None:
        return Choice((), 0.0, 0.0, proven=True, conflict=conflict)
    end = monotonic() + deadline_s
    constraints = Constraints(problem)
    search = Search(constraints, lambda: (stop is not None and stop()) or monotonic() >= end, tell)
    begin = [prices[at] * scale for at, scale in constraints.scales] if len(prices) == len(limits) else ()
    found = search.run(within, problem.excluded, begin)
    # The grain of the smallest values there are is nothing.
    proven = found.bound <= found.value or found.bound < found.value + constraints.grain
    own = [0.0] * len(limits)
    for (at, scale), price in zip(constraints.scales, found.prices, strict=True):
        own[at] = price / scale
    return Choice(
        found.chosen,
        found.value,
        found.value if proven else found.bound,
        proven=proven,
        nodes=found.nodes,
        prices=tuple(own),
    )


def _checked(problem: Knapsack) -> Knapsack:
    """The problem with its figures as numbers. Raises ValueError where they do not fit together."""
    count, limits = len(problem.values), problem.limits
    values = [number(f"value of project {one}", value) for one, value in enumerate(problem.values)]
    expect(
        len(problem.needs) == count, f"needs of {count} projects are expected, not of {len(problem.needs)}"
    )
    needs: list[list[float]] = []
    for one, row in enumerate(problem.needs):
        expect(len(row) == len(limits), f"project {one}: {len(limits)} needs are expected, not {len(row)}")
        needs.append([number(f"need of project {one}", need, low=0) for need in row])
    for at, limit in enumerate(limits):
        expect(not isnan(limit) and limit >= 0, f"limit {at}: at least 0 is expected, not {limit!r}")
    named = [*problem.required, *problem.excluded]
    named += [one for group in (*problem.either_or, *problem.follows) for one in group]
    for one in named:
        expect(0 <= one < count, f"a project from 0 to {count - 1} is expected, not {one!r}")
    return replace(problem, values=values, needs=needs)


def _with_what_they_follow(problem: Knapsack) -> list[int]:
    found = sorted(set(problem.required))
    for one in found:
        found += sorted({first for after, first in problem.follows if after == one} - set(found))
    return found


def _conflict(problem: Knapsack, within: list[int]) -> Conflict | None:
    for one in within:
        if one in problem.excluded:
            return Conflict("excluded", (one,))
    for group in problem.either_or:
        both = sorted(set(group) & set(within))
        if len(both) > 1:
            return Conflict("either-or", tuple(both))
    for at, limit in enumerate(problem.limits):
        needed = sum(problem.needs[one][at] for one in within)
        if needed > limit * (1 + ROOM_SLACK / 2):  # under the search's own slack, whatever the rounding
            takers = tuple(sorted(one for one in within if problem.needs[one][at] > 0))
            return Conflict("limit", takers, at, needed, limit)
    return None


# ---- the order of work

EXACT_ORDER = 12
"""Up to so many linked projects the best order is found among all that the links allow."""


def delay_cost(order: Sequence[int], delays: Sequence[float], weeks: Sequence[float]) -> float:
    """What it costs that projects wait for those before them: delay per week times the week in which each starts."""
    now = total = 0.0
    for one in order:
        total += delays[one] * now
        now += weeks[one]
    return total


def order(
    delays: Sequence[float], weeks: Sequence[float], *, follows: Sequence[tuple[int, int]] = ()
) -> tuple[int, ...]:
    """The order in which one team works the projects off, so that waiting costs least.

    `delays` per week, `weeks` of work (above 0); (a, b) in `follows`: a comes after b. Without links the highest
    delay per week of work first is the best order (Smith 1956). With links all orders are compared up to
    `EXACT_ORDER` projects; beyond, the group of a project and what it waits for with the highest ratio goes first
    (after Sidney 1975), which is near the best but not proven. Equal ones keep their order. Raises ValueError for
    projects that follow each other in a circle.
    """
    expect(
        len(delays) == len(weeks), f"as many weeks as delays are expected: {len(delays)}, not {len(weeks)}"
    )
    delays = [number("a cost of delay", delay, low=0) for delay in delays]
    weeks = [number("weeks", one, low=0) for one in weeks]
    expect(all(one > 0 for one in weeks), "more than 0 weeks of work are expected for each project")
    before = [0] * len(delays)
    for one, first in follows:
        before[one] |= 1 << first
    if any(before) and len(delays) <= EXACT_ORDER:
        return _best_order(delays, weeks, before)
    left = list(range(len(delays)))
    done = 0
    found: list[int] = []
    while left:
        groups = [_waiting_for(one, before, done) for one in left]
        best = max(groups, key=lambda group: sum(delays[i] for i in group) / sum(weeks[i] for i in group))
        ready = [one for one in best if not before[one] & ~done]
        expect(ready, "projects that follow each other in a circle have no order")
        first = max(ready, key=lambda one: delays[one] / weeks[one])
        found.append(first)
        done |= 1 << first
        left.remove(first)
    return tuple(found)


def _waiting_for(one: int, before: Sequence[int], done: int) -> list[int]:
    """The project, and all that must be done before it and is not."""
    found = [one]
    for member in found:
        found += [i for i in range(len(before)) if before[member] & ~done & 1 << i and i not in found]
    return found


def _best_order(delays: Sequence[float], weeks: Sequence[float], before: Sequence[int]) -> tuple[int, ...]:
    count, everything = len(delays), (1 << len(delays)) - 1

    @cache
    def rest(done: int) -> tuple[float, tuple[int, ...]]:
        """The least that waiting costs from here on, and the order that costs it."""
        if done == everything:
            return 0.0, ()
        now = sum(weeks[one] for one in range(count) if done & 1 << one)
        best: tuple[float, tuple[int, ...]] = (inf, ())
        for one in range(count):
            if not done & 1 << one and not before[one] & ~done:
                cost, tail = rest(done | 1 << one)
                best = min(best, (cost + delays[one] * now, (one, *tail)))
        return best

    cost, found = rest(0)
    expect(cost < inf, "projects that follow each other in a circle have no order")
    return found


# ---- how firm it is


def tipping_point(
    changed: Callable[[float], bool], now: float, furthest: float, *, precision: float = 1e-6
) -> float | None:
    """Where between `now` and `furthest` something changes first, by bisection; None where it never does.

    `changed(x)` must be false at `now` and stay true once it is. `precision` is a share of the distance; what comes
    back is the nearest figure known to change it.
    """
    if not changed(furthest):
        return None
    same, other = now, furthest
    while abs(other - same) > precision * abs(furthest - now):
        middle = (same + other) / 2
        if changed(middle):
            other = middle
        else:
            same = middle
    return other

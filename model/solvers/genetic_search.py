"""A genetic search over orders of activities, for any scheme that turns an order into a schedule.

The recipe is that of Valls, Ballestín & Quintanilla, EJOR 185 (2008): every child is justified both ways, and what it
hands on is the order of its starts after that. Effort is counted in schedules, so that the result does not depend on
the machine; nothing here depends on the order of sets or on hashes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from random import Random
from typing import Any, NamedTuple, Protocol

SHORT, LONG = (40, 3), (90, 2)
"""How many schedules are crossed, and of how many that are picked the best is a parent: short searches need haste."""
_LONG_FROM = 3000
"""The effort from which a search is a long one."""
PATIENCE = 150
"""Schedules that a population of equals may spend without becoming better."""
_SWAP = 0.1
"""The chance of each two neighbours in a child's order to change places."""


class Candidate(NamedTuple):
    """A schedule as the search sees it."""

    cost: int
    """What is to be made small."""
    times: tuple[int, ...]
    """By which two candidates are told apart."""
    order: list[int]
    """Activities by start: to build from it gives the same schedule, or a better one."""
    from_right: list[int] | None
    """Activities by end, the last one first; None where schedules are only built from the left."""
    schedule: Any = None
    """What the builder needs to go on from it."""


class Builder(Protocol):
    """What the search needs to know of a problem. Each of its schedules counts as one pass, justification as two."""

    @property
    def bound(self) -> int:
        """No schedule costs less."""
        ...

    @property
    def before(self) -> Sequence[Sequence[int]]:
        """What each activity waits for."""
        ...

    @property
    def after(self) -> Sequence[Sequence[int]]:
        """What waits for each activity."""
        ...

    def build(self, order: list[int]) -> Candidate | None:
        """The schedule that follows from an order, if it gives one."""
        ...

    def build_from_right(self, order: list[int]) -> Candidate:
        """The schedule built from its end; only asked for where candidates have an order for that."""
        ...

    def justify(self, candidate: Candidate) -> Candidate:
        """The schedule pushed to the right and back to the left; never worse."""
        ...


class GeneticSearch:
    """One search. `run` spends the effort; `best` and `schedules` say what came of it."""

    def __init__(
        self, builder: Builder, effort: int, seed: int, stop: Callable[[], bool] | None = None
    ) -> None:
        self.builder = builder
        self.effort = effort
        self.schedules = 0
        self.best: Candidate | None = None
        self._random = Random(seed).random  # noqa: S311
        self._stop = stop or (lambda: False)
        self._population: list[Candidate] = []
        self._hopeless = 1 + max(0.02, 1.2 / max(1, len(builder.before)))
        """A child that is so much worse than the worst of the population, before it is justified, is given up."""
        self._improved = 0
        """When the population last became better."""
        self._size, self._picked = LONG if effort >= _LONG_FROM else SHORT
        self._seen: set[tuple[int, ...]] = set()
        """Times of all schedules that were let into a population."""
        self._built: set[tuple[int, ...]] = set()
        """Times of all children before they were justified; of those built from the right, from there."""

    def run(self, first: Iterator[tuple[Candidate | None, int]]) -> None:
        """Begin with some of these, and cross them until the effort is spent or the bound is met.

        Each of `first` comes with the number of schedules that it took.

        Where that leads nowhere any more the search begins again with others.
        """
        while True:
            self._population = []
            self._improved = self.schedules
            for candidate, passes in islice(first, self._size):
                if self.schedules + passes > self.effort:
                    return
                self.schedules += passes
                if candidate:
                    self._note(candidate)
                    self._justify(candidate)
                if self.is_over:
                    return
            if not self._population:
                return
            while not self._is_stuck():
                self._next()
                if self.is_over:
                    return

    def _is_stuck(self) -> bool:
        """Whether all of the population are as good as each other, and have been for long."""
        population = self._population
        return population[0].cost == population[-1].cost and self.schedules - self._improved > PATIENCE

    @property
    def is_over(self) -> bool:
        """Whether the effort is spent, the bound met, or the search stopped."""
        best = self.best
        return (
            self.schedules >= self.effort
            or (best is not None and best.cost <= self.builder.bound)
            or self._stop()
        )

    def _next(self) -> None:
        """One child: built from one side and, where it is new and not hopeless, justified."""
        mother, father = self._parent(), self._parent()
        self.schedules += 1
        if mother.from_right and father.from_right and self._random() < 0.5:
            order = self._mutated(self._crossed(mother.from_right, father.from_right), self.builder.after)
            right = self.builder.build_from_right(order)
            if self._is_hopeful(right) and not self.is_over:
                self.schedules += 1
                left = self.builder.build(right.order)
                if left:
                    self._note(left)
                    self._enter(left)
        else:
            order = self._mutated(self._crossed(mother.order, father.order), self.builder.before)
            left = self.builder.build(order)
            if left:
                self._note(left)
                if self._is_hopeful(left):
                    self._justify(left)

    def _is_hopeful(self, child: Candidate) -> bool:
        """Whether a child is worth being justified: it is new, and not far behind the population."""
        if child.times in self._built:
            return False
        self._built.add(child.times)
        population = self._population
        return len(population) < self._size or child.cost <= self._hopeless * population[-1].cost

    def _note(self, candidate: Candidate) -> None:
        if self.best is None or candidate.cost < self.best.cost:
            self.best = candidate

    def _justify(self, candidate: Candidate) -> None:
        """Justify a schedule while there is effort left, and let it into the population."""
        if self.schedules + 2 <= self.effort and not self.is_over:
            self.schedules += 2
            better = self.builder.justify(candidate)
            self._note(better)
            self._enter(better)

    def _enter(self, candidate: Candidate) -> None:
        """Let a schedule into the population if it is new and not worse than the worst, which has to go."""
        population = self._population
        is_full = len(population) >= self._size
        if candidate.times in self._seen or (is_full and candidate.cost > population[-1].cost):
            return
        self._seen.add(candidate.times)
        if is_full:
            if candidate.cost < population[-1].cost:
                self._improved = self.schedules
            population.pop()
        at = 0
        while at < len(population) and population[at].cost < candidate.cost:
            at += 1
        population.insert(at, candidate)

    def _parent(self) -> Candidate:
        """One of the population, good ones more often: the best of a few that are picked."""
        best = min([self._random() for _ in range(self._picked)])
        return self._population[int(best * len(self._population))]

    def _crossed(self, mother: list[int], father: list[int]) -> list[int]:
        """An order made of two: a segment of one as the other has it, or all but a segment."""
        count = len(mother)
        length = int((0.2 + 0.4 * self._random()) * count)
        begin = int(self._random() * (count - length))
        head, middle, tail = mother[:begin], mother[begin : begin + length], mother[begin + length :]
        if self._random() < 0.5:
            inside = set(middle)
            return head + [one for one in father if one in inside] + tail
        first, last = set(head), set(tail)
        return [one for one in father if one in first] + middle + [one for one in father if one in last]

    def _mutated(self, order: list[int], needs: Sequence[Sequence[int]]) -> list[int]:
        random = self._random
        for at in range(len(order) - 1):
            if random() < _SWAP and order[at] not in needs[order[at + 1]]:
                order[at], order[at + 1] = order[at + 1], order[at]
        return order

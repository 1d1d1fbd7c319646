"""A genetic search over orders of activities, for any scheme that turns an order into a schedule.

The recipe is that of Valls, Ballestín & Quintanilla, EJOR 185 (2008): every child is justified both ways, and what it
hands on is the order of its starts after that. Effort is counted in schedules, so that the result does not depend on
the machine; nothing here depends on the order of sets or on hashes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

JUSTIFICATION = 2
"""Schedules that a justification costs: one pass to the right, one to the left."""
_HOPELESS = 1.02
"""A child that is this much worse than the worst of the population before it is justified will not get into it."""
_SWAP = 0.03
"""The chance of each two neighbours in a child's order to change places."""


@dataclass(frozen=True)
class Candidate:
    """A schedule as the search sees it."""

    cost: int
    """What is to be made small."""
    order: list[int]
    """Activities by start; building from it gives a schedule that is no worse."""
    times: tuple[int, ...]
    """By which two candidates are told apart."""
    schedule: Any
    """What the builder needs to go on from it."""


class Builder(Protocol):
    """What the search needs to know of a problem."""

    @property
    def bound(self) -> int:
        """No schedule costs less."""
        ...

    @property
    def before(self) -> Sequence[Sequence[int]]:
        """What each activity waits for."""
        ...

    def build(self, order: list[int]) -> Candidate | None:
        """The schedule that follows from an order, if it gives one."""
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
        self._size = 40 if effort < 3000 else 60
        self._seen: set[tuple[int, ...]] = set()

    def run(self, first: Iterable[Candidate | None]) -> None:
        """Begin with these, one schedule each; then cross the best until the effort is spent or the bound is met."""
        for candidate, _ in zip(first, range(self._size), strict=False):
            self.schedules += 1
            self._finish(candidate)
            if self.is_over:
                return
        while self._population and not self.is_over:
            child = self.builder.build(self._child())
            self.schedules += 1
            if child and self._is_hopeful(child):
                self._finish(child)
            else:
                self._note(child)

    @property
    def is_over(self) -> bool:
        """Whether the effort is spent, the bound met, or the search stopped."""
        best = self.best
        return (
            self.schedules >= self.effort
            or (best is not None and best.cost <= self.builder.bound)
            or self._stop()
        )

    def _is_hopeful(self, child: Candidate) -> bool:
        population = self._population
        return len(population) < self._size or child.cost <= _HOPELESS * population[-1].cost

    def _note(self, candidate: Candidate | None) -> None:
        if candidate and (self.best is None or candidate.cost < self.best.cost):
            self.best = candidate

    def _finish(self, candidate: Candidate | None) -> None:
        """Justify a schedule while there is effort left, and let it into the population if it is new and good."""
        self._note(candidate)
        if candidate is None or self.schedules + JUSTIFICATION > self.effort or self.is_over:
            return
        better = self.builder.justify(candidate)
        self.schedules += JUSTIFICATION
        self._note(better)
        population = self._population
        is_full = len(population) >= self._size
        if better.times in self._seen or (is_full and better.cost > population[-1].cost):
            return
        self._seen.add(better.times)
        if is_full:
            population.pop()
        at = 0
        while at < len(population) and population[at].cost < better.cost:
            at += 1
        population.insert(at, better)

    def _child(self) -> list[int]:
        """An order made of two parents': the segment of one within the other, or the other way round."""
        mother, father = self._parent().order, self._parent().order
        count = len(mother)
        length = int((0.2 + 0.4 * self._random()) * count)
        begin = int(self._random() * (count - length))
        head, middle, tail = mother[:begin], mother[begin : begin + length], mother[begin + length :]
        if self._random() < 0.5:
            inside = set(middle)
            child = head + [one for one in father if one in inside] + tail
        else:
            first, last = set(head), set(tail)
            child = [one for one in father if one in first] + middle + [one for one in father if one in last]
        return self._mutated(child)

    def _parent(self) -> Candidate:
        """One of the population, good ones more often: the best of three that are picked."""
        random, count = self._random, len(self._population)
        return self._population[min(int(random() * count), int(random() * count), int(random() * count))]

    def _mutated(self, order: list[int]) -> list[int]:
        random, before = self._random, self.builder.before
        for at in range(len(order) - 1):
            if random() < _SWAP and order[at] not in before[order[at + 1]]:
                order[at], order[at + 1] = order[at + 1], order[at]
        return order

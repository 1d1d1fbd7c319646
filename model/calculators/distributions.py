"""Distributions that the calculators add up by convolution: beta-PERT durations, one after the other or in parallel.

A path is a sum of independent tasks. Its distribution is kept as masses on an even grid, of which each mass is split
between its two neighbours so that the mean is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, floor, lgamma, log

CELLS = 1_200
"""Of the grid, over the whole width of the widest path."""
SLICES = 240
"""Of one task's density."""

Task = tuple[float, float, float]


@dataclass(frozen=True)
class GridLaw:
    """A distribution on an even grid from `start`, a mass for each point."""

    start: float
    step: float
    mass: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Expected value."""
        return sum(self._at(at) * mass for at, mass in enumerate(self.mass))

    @property
    def variance(self) -> float:
        """Mean squared distance from the mean."""
        mean = self.mean
        return sum((self._at(at) - mean) ** 2 * mass for at, mass in enumerate(self.mass))

    def chance(self, by: float) -> float:
        """Chance to be at most `by`; between two points of the grid it grows evenly."""
        if not self.step:
            return float(by >= self.start - 1e-9)
        place = (by - self.start) / self.step + 0.5
        whole = floor(place)
        if whole < 0:
            return 0.0
        below = sum(self.mass[:whole])
        return min(1.0, below + (self.mass[whole] * (place - whole) if whole < len(self.mass) else 0.0))

    def quantile(self, chance: float) -> float:
        """The value that is not passed with a chance."""
        below = 0.0
        for at, mass in enumerate(self.mass):
            if below + mass >= chance:
                return self._at(at) + self.step * ((chance - below) / mass - 0.5) if self.step else self.start
            below += mass
        return self._at(len(self.mass) - 1)

    def _at(self, index: int) -> float:
        return self.start + self.step * index


def path_law(paths: Sequence[Sequence[Task]]) -> GridLaw:
    """The distribution of the longest of some paths of beta-PERT tasks."""
    width = max(sum(high - low for low, _, high in path) for path in paths)
    if not width:
        return GridLaw(max(sum(low for low, _, _ in path) for path in paths), 0.0, (1.0,))
    step = width / CELLS
    laws = [_sum_of(path, step) for path in paths]
    if len(laws) == 1:
        return laws[0]
    start = max(law.start for law in laws)
    end = max(law.start + step * len(law.mass) for law in laws)
    below = [1.0] * (round((end - start) / step) + 1)
    for law in laws:
        below = [before * law.chance(start + step * at) for at, before in enumerate(below)]
    mass = (below[0], *(after - before for before, after in pairwise(below)))
    # The chance to be below a point belongs half to the cell before it.
    return GridLaw(start - step / 2, step, mass)


def _sum_of(path: Sequence[Task], step: float) -> GridLaw:
    start, mass = sum(low for low, _, _ in path), [1.0]
    for low, likely, high in path:
        if high > low:
            mass = _convolved(mass, _beta_masses(low, likely, high, step))
    return GridLaw(start, step, tuple(mass))


def _convolved(one: list[float], other: list[float]) -> list[float]:
    result = [0.0] * (len(one) + len(other) - 1)
    for at, mass in enumerate(other):
        if mass:
            for place, factor in enumerate(one, at):
                result[place] += mass * factor
    return result


def _beta_masses(low: float, likely: float, high: float, step: float) -> list[float]:
    """Masses of a beta-PERT duration above `low` on a grid; each slice is split between its two neighbours."""
    width = high - low
    a, b = 1 + 4 * (likely - low) / width, 1 + 4 * (high - likely) / width
    scale = lgamma(a + b) - lgamma(a) - lgamma(b)
    middles = [(at + 0.5) / SLICES for at in range(SLICES)]
    density = [exp(scale + (a - 1) * log(x) + (b - 1) * log(1 - x)) for x in middles]
    total = sum(density)
    cells = [0.0] * (int(width / step) + 2)
    for x, one in zip(middles, density, strict=True):
        place = x * width / step
        at = floor(place)
        cells[at] += one / total * (at + 1 - place)
        cells[at + 1] += one / total * (place - at)
    return cells

"""Draws of durations from three points, the same on every machine, with a factor that activities have in common.

The distribution is beta-PERT: alpha = 1 + 4 (m - o) / (p - o), beta = 6 - alpha, between o and p. A draw is the
quantile of a normal variable, of which a share is common to all activities of a group (a Gaussian copula). That
variable is the sum of twelve random bytes and the common part (Irwin-Hall: within .002 of the normal's 95th
percentile), counted in whole numbers and for all runs at once: one long whole number has a lane for each run.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from functools import lru_cache
from itertools import accumulate
from math import erfc, pi, sin, sqrt
from random import Random
from typing import NamedTuple

LANE = 16
"""Bits of a run's lane while its variable is added up."""
_BYTES = 12
_DEVIATION = 256.0
"""The standard deviation of the sum of twelve bytes, but for 1 part in 130,000."""
_REACH = 6
"""Standard deviations of the common part beyond which it is cut."""
_COARSE = 2
"""Bits of the sum that are dropped before it is looked up."""
_SHAPES = 64
"""Steps between alpha 1 and 5 for which quantiles are worked out; those between are interpolated."""
_NODES = 512
"""Places at which the distribution is worked out; between them it is interpolated."""


class CommonFactor(NamedTuple):
    """What the activities of a group share in each run."""

    runs: int
    deviation: float
    """Of the common part, in the same unit as `_DEVIATION`."""
    lanes: int
    """The common part in each run, never below 0."""
    middle: int
    """What stands for 0 in the lanes."""


class ThreePoints(NamedTuple):
    """The least, the most likely and the greatest duration."""

    least: float
    likely: float
    greatest: float

    @property
    def mean(self) -> float:
        return (self.least + 4 * self.likely + self.greatest) / 6

    @property
    def variance(self) -> float:
        """Of the beta distribution itself; not the square of a sixth of the range."""
        return (self.mean - self.least) * (self.greatest - self.mean) / 7


def common_factor(seed: int, group: str, runs: int, correlation: float = 0.3) -> CommonFactor:
    """The common part for a group of activities between any two of which this correlation holds (of their normals)."""
    if not 0 <= correlation <= 0.99:
        raise ValueError(f"a correlation is from 0 to 0.99, not {correlation}")
    deviation = _DEVIATION * sqrt(correlation / (1 - correlation))
    reach = int(_REACH * deviation)
    if not reach:
        return CommonFactor(runs, 0.0, 0, 0)
    sums = _sums(Random(f"{seed} common {group}"), runs)  # noqa: S311
    scale = deviation / _DEVIATION
    moved = [
        min(max(int(reach + scale * (one - _BYTES * 127.5) + 0.5), 0), 2 * reach)
        for one in _unpacked(sums, runs)
    ]
    return CommonFactor(runs, deviation, _packed(moved), reach)


def draws(seed: int, key: str, points: ThreePoints, common: CommonFactor, unit: int = 1) -> array[int]:
    """A duration for each run, in whole parts of a period of which `unit` make one.

    A pure function of its arguments: what else is drawn changes nothing.
    """
    least, likely, greatest = points
    if not 0 <= least <= likely <= greatest:
        raise ValueError(f"three points rise from 0 on, not {least:g}, {likely:g}, {greatest:g}")
    if least == greatest:
        return array("I", [int(least * unit + 0.5)]) * common.runs
    sums = _sums(Random(f"{seed} {key}"), common.runs) + common.lanes  # noqa: S311
    coarse = sums >> _COARSE & _every(0xFFFF >> _COARSE, common.runs)
    table = _durations(points, unit, common.deviation, common.middle)
    return array("I", map(table.__getitem__, _unpacked(coarse, common.runs)))


def quantile(points: ThreePoints, chance: float) -> float:
    """The duration that is not passed with this chance, worked out for this shape alone."""
    least, likely, greatest = points
    if least == greatest:
        return least
    places, chances = _distribution(1 + 4 * (likely - least) / (greatest - least))
    return least + (greatest - least) * _between(places, chances, chance, bisect_left(chances, chance))


def _sums(random: Random, runs: int) -> int:
    """For each run the sum of twelve random bytes, each in its lane."""
    low = _every(0xFF, runs)
    total = 0
    for _ in range(_BYTES // 2):
        two = random.getrandbits(LANE * runs)
        total += (two & low) + (two >> 8 & low)
    return total


@lru_cache(maxsize=16)
def _every(value: int, runs: int) -> int:
    """The same value in all lanes."""
    return int.from_bytes(value.to_bytes(LANE // 8, "little") * runs, "little")


def _unpacked(lanes: int, runs: int) -> array[int]:
    values = array("H", lanes.to_bytes(LANE // 8 * runs, "little"))
    if sys.byteorder == "big":
        values.byteswap()
    return values


def _packed(values: list[int]) -> int:
    return int.from_bytes(b"".join(value.to_bytes(LANE // 8, "little") for value in values), "little")


@lru_cache(maxsize=4096)
def _durations(points: ThreePoints, unit: int, deviation: float, middle: int) -> list[int]:
    """The duration for each value that the sum can have."""
    least, likely, greatest = points
    span = greatest - least
    step = _SHAPES * (likely - least) / span
    below = min(int(step), _SHAPES - 1)
    share = step - below
    rows = _quantiles(below, deviation, middle), _quantiles(below + 1, deviation, middle)
    start, scale = least * unit + 0.5, span * unit
    return [int(start + scale * (low + share * (high - low))) for low, high in zip(*rows, strict=True)]


@lru_cache(maxsize=256)
def _quantiles(step: int, deviation: float, middle: int) -> list[float]:
    """The quantiles of the beta distribution on 0 to 1 for each value of the sum."""
    alpha = 1 + 4 * step / _SHAPES
    places, chances = _distribution(alpha)
    found: list[float] = []
    at = 0
    for chance in _chances(deviation, middle):
        at = bisect_left(chances, chance, at)
        found.append(_between(places, chances, chance, at))
    return found


def _between(places: list[float], chances: list[float], chance: float, at: int) -> float:
    """The place of a chance, which is above that of the place before `at`."""
    at = min(max(at, 1), len(chances) - 1)
    low, high = chances[at - 1], chances[at]
    share = (chance - low) / (high - low) if high > low else 0.0
    return places[at - 1] + min(max(share, 0.0), 1.0) * (places[at] - places[at - 1])


@lru_cache(maxsize=16)
def _chances(deviation: float, middle: int) -> list[float]:
    """How likely a sum is below each of its values."""
    whole = sqrt(deviation**2 + _DEVIATION**2)
    width = 1 << _COARSE
    count = (_BYTES * 255 + 2 * middle) // width + 1
    half = (width - 1) / 2
    return [erfc(-(width * at + half - _BYTES * 127.5 - middle) / whole / sqrt(2)) / 2 for at in range(count)]


def _distribution(alpha: float) -> tuple[list[float], list[float]]:
    """Places from 0 to 1 and the chance to be below each, for beta = 6 - alpha.

    With x = sin(t)^2 the density is smooth at both ends, and Simpson's rule does.
    """
    first, second = 2 * alpha - 1, 11 - 2 * alpha
    step = pi / 4 / _NODES
    sines = [sin(step * at) for at in range(2 * _NODES + 1)]
    density = [sine**first * cosine**second for sine, cosine in zip(sines, reversed(sines), strict=True)]
    pieces = (density[at] + 4 * density[at + 1] + density[at + 2] for at in range(0, 2 * _NODES, 2))
    sums = list(accumulate(pieces, initial=0.0))
    return [sine * sine for sine in sines[::2]], [one / sums[-1] for one in sums]

"""Tests that are read several times: the limit at each look, and how much larger such a test must be."""

from __future__ import annotations

from functools import lru_cache
from math import exp, floor, pi, sqrt
from statistics import NormalDist
from typing import Literal

from ..calculators.looks import legendre, peeking

Boundary = Literal["none", "pocock", "obrien-fleming"]
NODES = 40
"""Of Gauss and Legendre on the interval between the limits."""
_NORMAL = NormalDist()


@lru_cache(maxsize=64)
def limits(looks: int, level: float, boundary: Boundary) -> tuple[float, ...]:
    """Limits of |z| at equally spaced looks (two-sided). Source: Pocock 1977; O'Brien and Fleming 1979."""
    found = peeking(looks, alpha=level, boundary=boundary)["limits"]
    assert isinstance(found, tuple)
    return tuple(float(one) for one in found)  # pyright: ignore[reportArgumentType]  a row of numbers


def look_at(share: float, looks: int) -> int:
    """The last planned look that a share of the planned units has reached; 0 before the first one."""
    return min(looks, floor(share * looks + 1e-9))


@lru_cache(maxsize=64)
def inflation(looks: int, level: float, power: float, boundary: Boundary) -> float:
    """How many times as many units a test with looks takes as one that is read once, at the same power.

    Source: Jennison and Turnbull 2000, tables 2.2 and 2.4.
    """
    single = _NORMAL.inv_cdf(1 - level / 2) + _NORMAL.inv_cdf(power)
    if looks < 2 or boundary == "none":
        return 1.0
    ends = limits(looks, level, boundary)
    low, high = single, 2 * single
    for _ in range(50):
        middle = (low + high) / 2
        if _crosses(ends, middle) < power:
            low = middle
        else:
            high = middle
    return (high / single) ** 2


def _crosses(ends: tuple[float, ...], drift: float) -> float:
    """Chance that z passes a limit at some look, where its mean at the last look is `drift`."""
    looks = len(ends)
    step = drift / sqrt(looks)
    points: list[float] = [0.0]
    mass: list[float] = [1.0]
    for at, limit in enumerate(ends, start=1):
        end = limit * sqrt(at)
        nodes = [(end * x, end * w) for x, w in legendre(NODES)]
        density = [
            sum(m * exp(-((s - t - step) ** 2) / 2) for t, m in zip(points, mass, strict=True)) / sqrt(2 * pi)
            for s, _ in nodes
        ]
        points = [s for s, _ in nodes]
        mass = [w * one for (_, w), one in zip(nodes, density, strict=True)]
    return 1 - sum(mass)

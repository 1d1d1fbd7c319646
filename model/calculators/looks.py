"""What it costs to read a live test several times, and the limits that keep its level although it is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import cos, exp, pi, sqrt
from statistics import NormalDist
from typing import Literal

from ..text.figure import (
    Explained,
    count,
    expect,
    open_share,
    written,
)
from .kinds import Count, Share

MOST_LOOKS = 100
LIMIT_WITHIN = 1e-7
NODES = 40
"""Of Gauss and Legendre, on half of each interval between the limits."""

_NORMAL = NormalDist()


def peeking(
    looks: Count, *, alpha: Share = 0.05, boundary: Literal["none", "pocock", "obrien-fleming"] = "none"
) -> Explained:
    """What repeated looks do to a test at level `alpha`, or the limits that keep the level (two-sided, equal steps).

    Without a boundary every look uses the limit of a single test. Source: Armitage, McPherson, Rowe 1969; Pocock
    1977; O'Brien and Fleming 1979; by recursive integration.
    """
    many = int(count("looks", looks, low=1, high=MOST_LOOKS))
    alpha = open_share("alpha", alpha)
    single = _NORMAL.inv_cdf(1 - alpha / 2)
    expect(
        boundary in ("none", "pocock", "obrien-fleming"),
        "boundary: none, pocock or obrien-fleming is expected",
    )
    shape = [sqrt(many / at) if boundary == "obrien-fleming" else 1.0 for at in range(1, many + 1)]
    last = single if boundary == "none" else _limit(shape, alpha, single)
    limits = tuple(last * one for one in shape)
    alarm = _crossing(limits)
    return Explained(
        "Chance of a false alarm",
        alarm,
        "",
        "chance that at least one look crosses its limit when nothing differs",
        {"looks": many, "alpha": alpha, "boundary": boundary},
        (
            f"limits of |z|: {', '.join(f'{one:.4f}' for one in limits[:20])}{' …' if many > 20 else ''}",
            f"{written(100 * alarm)} of 100 tests without any effect cross one",
        ),
        "Armitage, McPherson, Rowe 1969; Pocock 1977; O'Brien and Fleming 1979",
        {"false_alarm": alarm, "limits": limits},
    )


def _limit(shape: Sequence[float], alpha: float, single: float) -> float:
    """The limit at the last look that keeps the level, by false position (Illinois): the chance falls as it rises."""
    low, high = single, single + 3
    above, below = (_crossing([end * one for one in shape]) - alpha for end in (low, high))
    middle = low
    while high - low > LIMIT_WITHIN and above > LIMIT_WITHIN:
        middle = (low * below - high * above) / (below - above)
        found = _crossing([middle * one for one in shape]) - alpha
        if abs(found) < LIMIT_WITHIN:
            return middle
        if found > 0:
            low, above, below = middle, found, below / 2
        else:
            high, below, above = middle, found, above / 2
    return middle


def _crossing(limits: Sequence[float]) -> float:
    """Chance that |z| crosses its limit at some look, by the density of the running sum inside the limits."""
    nodes = legendre(NODES)
    points: list[float] = []
    mass: list[float] = []
    for at, limit in enumerate(limits, start=1):
        end = min(limit, 8.5) * sqrt(at)
        new = [(end * (1 + x) / 2, end * w / 2) for x, w in nodes]
        if at == 1:
            density = [_bell(s) for s, _ in new]
        else:
            density = [
                sum(m * (_bell(s - t) + _bell(s + t)) for t, m in zip(points, mass, strict=True))
                for s, _ in new
            ]
        points = [s for s, _ in new]
        mass = [w * one for (_, w), one in zip(new, density, strict=True)]
    # Half of the line was kept: the density is even.
    return 1 - 2 * sum(mass)


def _bell(x: float) -> float:
    return exp(-x * x / 2) / sqrt(2 * pi)


@lru_cache(maxsize=1)
def legendre(count: int) -> list[tuple[float, float]]:
    """Nodes and weights of Gauss and Legendre on [-1, 1], by Newton's method from Tricomi's first guess."""
    found: list[tuple[float, float]] = []
    for at in range(count):
        x = cos(pi * (at + 0.75) / (count + 0.5))
        slope = 1.0
        for _ in range(100):
            before, value = 1.0, x
            for n in range(2, count + 1):
                before, value = value, ((2 * n - 1) * x * value - (n - 1) * before) / n
            slope = count * (x * value - before) / (x * x - 1)
            step = value / slope
            x -= step
            if abs(step) < 1e-15:
                break
        found.append((x, 2 / ((1 - x * x) * slope * slope)))
    return found

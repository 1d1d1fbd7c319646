"""What cards lead to: milestones with their dates, and for each card the end that its slack and drag refer to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..plan.plan import Plan
from .dates import Dates
from .downstream import Key, by_key


@dataclass(frozen=True)
class Milestone:
    """A milestone with the date that follows from its cards."""

    key: Key
    title: str
    end: int | None
    """The moment at which its last card is done; None without open cards that have a place."""
    date: dt.date | None
    due: dt.date | None
    late: int
    """Half days after its due date."""
    is_done: bool
    """Whether no open card leads to it."""
    left_out: tuple[str, ...]
    """Open cards that lead to it and have no place, so that its date is too early."""


@dataclass(frozen=True)
class Targets:
    """What each card leads to."""

    milestones: Mapping[Key, Milestone]
    ends: Mapping[Key, int]
    """The moment of each milestone and each project's end."""
    keys: Mapping[str, tuple[Key, ...]]
    """For each card that has a place, the milestones that it leads to, itself or through others; its project's end."""

    @cached_property
    def target(self) -> Mapping[str, Key]:
        """What slack and drag of a card refer to: the last of its milestones, else the project's end."""
        known = {group: self._last(group) for group in {*self.keys.values()}}
        return {name: known[group] for name, group in self.keys.items()}

    def _last(self, group: tuple[Key, ...]) -> Key:
        return max(group[:-1], key=lambda key: (self.ends[key], key), default=group[-1])

    @cached_property
    def members(self) -> Mapping[Key, list[str]]:
        """The cards that have a place and lead to a milestone, or to a project's end, in the order of the board."""
        return by_key(self.keys)

    def bound(self, card: str) -> int:
        """The moment by which a card must be over for its target to stay."""
        return self.ends[self.target[card]]


def targets_of(dates: Dates) -> Targets:
    """The milestones of a schedule."""
    keys, placed = dates.downstream.keys, dates.placed
    if len(placed) < len(keys):
        keys = {name: keys[name] for name in placed}
    lasts: dict[tuple[Key, ...], int] = {}
    for name, one in placed.items():
        group = keys[name]
        if one.end > lasts.get(group, -1):
            lasts[group] = one.end
    ends: dict[Key, int] = {}
    for group, end in lasts.items():
        for key in group:
            ends[key] = max(ends.get(key, -1), end)
    return Targets(dict(_milestones(dates, ends)), ends, keys)


def _milestones(dates: Dates, ends: Mapping[Key, int]) -> Iterator[tuple[Key, Milestone]]:
    members = dates.downstream.members
    for key, title, due in _written(dates.plan):
        cards = members.get(key, [])
        end = ends.get(key) if cards else None
        late = 0
        if end is not None and due is not None:
            late = max(0, dates.axis.after(due, end))
        left_out = tuple(card for card in cards if card not in dates.placed)
        date = dates.axis.date(end - 1) if end is not None else None
        yield key, Milestone(key, title, end, date, due, late, not cards, left_out)


def _written(plan: Plan) -> Iterator[tuple[Key, str, dt.date | None]]:
    """The milestones that the strategies of active projects have, in their order."""
    for address, entry in plan.entries("milestone"):
        project = plan.projects.get(address.project)
        if project is None or project.state == "active":
            yield (address.project, address.id), entry.label or address.id, getattr(entry, "due", None)

"""What the history of a plan says of its cards: the pure record that flow figures and backtests are worked out from.

Where it is read is known to storage (`storage/git/plan_history.py`). Nothing of it is stored in a plan: git knows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

STATUSES = ("todo", "doing", "blocked", "done", "dropped")
"""In which a card can be for a while: what its file says, and `blocked` for an open one with a reason written."""


class CardState(NamedTuple):
    """What a card's file said, as far as the flow of work goes."""

    place: str = "assess"
    """Phase, with the step where that is known."""
    status: str = "todo"
    """As written: todo, doing, done or dropped."""
    is_blocked: bool = False
    """Whether a reason was written why it cannot go on."""
    owner: str = ""
    estimate: tuple[float, ...] = ()
    """Working days: none, one figure, or three points."""

    @property
    def phase(self) -> str:
        """The first half of the place."""
        return self.place.partition("/")[0]

    @property
    def is_open(self) -> bool:
        """Whether there was still something to do."""
        return self.status in ("todo", "doing")

    @property
    def word(self) -> str:
        """One of STATUSES."""
        return "blocked" if self.is_blocked and self.is_open else self.status


class CardStep(NamedTuple):
    """A commit after which a card's state was another one."""

    at: dt.datetime
    """Of the author, in their own time zone; never earlier than the step before, whatever clocks have said."""
    commit: str
    author: str
    state: CardState


class Spell(NamedTuple):
    """A time in which a card had one status in one phase."""

    status: str
    """One of STATUSES."""
    phase: str
    start: dt.datetime
    end: dt.datetime

    @property
    def length(self) -> dt.timedelta:
        """From the start to the end, nights and weekends included."""
        return self.end - self.start


@dataclass(frozen=True)
class CardHistory:
    """One card from its first commit on, under all the ids that it had."""

    project: str
    id: str
    steps: tuple[CardStep, ...]
    """Oldest first; never empty, and each state differs from the one before."""
    removed: dt.datetime | None = None
    """When its file was removed; None while it is there."""
    earlier_ids: tuple[str, ...] = ()

    @property
    def first_seen(self) -> dt.datetime:
        """Its first commit, or the first that this clone has."""
        return self.steps[0].at

    @property
    def state(self) -> CardState:
        """The last one."""
        return self.steps[-1].state

    @property
    def started(self) -> dt.datetime | None:
        """When work began: its first step in progress, or the one that said it was done; None where neither was."""
        return next((one.at for one in self.steps if one.state.status in ("doing", "done")), None)

    @property
    def done(self) -> dt.datetime | None:
        """When it came to be done, the last time; None where it is not."""
        if self.state.status != "done":
            return None
        at = self.steps[-1].at
        for one in reversed(self.steps):
            if one.state.status != "done":
                break
            at = one.at
        return at

    def at(self, moment: dt.datetime) -> CardState | None:
        """What it said at a moment; None where it was not there."""
        if self.removed is not None and self.removed <= moment:
            return None
        return next((one.state for one in reversed(self.steps) if one.at <= moment), None)

    def spells(self, until: dt.datetime) -> list[Spell]:
        """The times of one status in one phase each, up to a moment or to its removal; without those of no length."""
        end = until if self.removed is None else min(until, self.removed)
        found: list[Spell] = []
        ends = (*(one.at for one in self.steps[1:]), end)
        for one, stop in zip(self.steps, ends, strict=True):
            spell = Spell(one.state.word, one.state.phase, one.at, min(stop, end))
            last = found[-1] if found else None
            if last is not None and (last.status, last.phase) == (spell.status, spell.phase):
                found[-1] = last._replace(end=max(last.end, spell.end))
            elif spell.end > spell.start:
                found.append(spell)
        return found

    def dwell(self, until: dt.datetime) -> dict[str, dt.timedelta]:
        """How long it was in each status, in the order of STATUSES; only those in which it was."""
        spells = self.spells(until)
        sums = {
            name: sum((one.length for one in spells if one.status == name), dt.timedelta())
            for name in STATUSES
        }
        return {name: length for name, length in sums.items() if length}


@dataclass(frozen=True)
class PlanHistory:
    """All cards that a plan has or had, by project and id; a card that was removed is under its last id."""

    head: str = ""
    """The commit up to which it goes; empty where there is none."""
    cards: Mapping[tuple[str, str], CardHistory] = field(default_factory=dict[tuple[str, str], CardHistory])
    unread: int = 0
    """Versions of cards that could not be read, such as those with conflicts: their steps are left out."""
    not_fetched: int = 0
    """Versions of cards that a partial clone does not have: their steps are left out, too."""
    is_cut_off: bool = False
    """Whether the clone's history begins later than the plan's, so that what was first seen may be older."""

    @property
    def since(self) -> dt.datetime | None:
        """The first commit of a card."""
        return min((one.first_seen for one in self.cards.values()), default=None)

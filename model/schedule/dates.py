"""The dates of a plan's cards: the levelled parts, found again card by card."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from ..capacity.calendar import Axis
from ..capacity.presence import Presence
from ..plan.plan import Plan
from ..solvers.working_time import WorkingTime
from ..text.dates import say_date
from .downstream import Downstream
from .levelled import LevelledPart
from .problem import Problem
from .tasks import Task, TaskNeed


class Placed(NamedTuple):
    """A card with its moments."""

    task: Task
    part: LevelledPart
    number: int
    """Its activity in the part."""
    start: int
    end: int
    presence: Presence | None
    """Who does it; None where no person is asked for."""

    @property
    def person(self) -> str | None:
        """Id of who does it."""
        return self.presence.person if self.presence is not None else None

    @property
    def calendar(self) -> WorkingTime | None:
        """The days of who does it; None for the board's."""
        return self.part.source.calendar(self.number, self.part.schedule.modes[self.number])

    def excludes(self, other: Placed) -> bool:
        """Whether one person cannot do both of two works at the same time."""
        mine, theirs = self.presence, other.presence
        if mine is None or theirs is None or mine.person != theirs.person:
            return False
        total = self.part.source.part.share_of[mine.person]
        return self.task.project == other.task.project or mine.share + theirs.share > total


@dataclass(frozen=True)
class Dates:
    """All cards that have a place, and why the others have none."""

    plan: Plan
    today: dt.date
    axis: Axis
    tasks: Mapping[str, Task]
    """All that would be scheduled, those that are left out among them."""
    parts: tuple[LevelledPart, ...]
    problems: tuple[Problem, ...]
    downstream: Downstream = field(compare=False, repr=False)

    @cached_property
    def placed(self) -> Mapping[str, Placed]:
        """The cards that have a place, in the order of the board."""
        found: dict[str, Placed] = {}
        for part in self.parts:
            dates = part.schedule
            for number, task in enumerate(part.source.part.tasks):
                start = dates.starts[number]
                if start >= 0:
                    # As the plan has it now: the part may have been levelled for an earlier state.
                    now = self.tasks[task.id]
                    found[task.id] = Placed(now, part, number, start, dates.ends[number], part.person(number))
        # One part has its cards in that order already.
        return found if len(self.parts) == 1 else {name: found[name] for name in self.tasks if name in found}

    @property
    def needed_by(self) -> Mapping[str, tuple[str, ...]]:
        """For each card, those that name it as a need, in progress or not."""
        return self.downstream.needed_by

    @cached_property
    def by_person(self) -> Mapping[str, list[Placed]]:
        """The cards that each person does, by start, then by id."""
        found: dict[str, list[Placed]] = {}
        for one in self.placed.values():
            if one.person is not None:
                found.setdefault(one.person, []).append(one)
        for works in found.values():
            works.sort(key=lambda one: (one.start, one.task.id))
        return found

    @cached_property
    def now(self) -> int:
        """The first moment at which anything can be done."""
        return self.axis.moment(self.today)

    @cached_property
    def weeks(self) -> list[tuple[dt.date, int, int]]:
        """The weeks from the first work to the last one's: their Monday, and the moments that they lie between."""
        begin = min((one.start for one in self.placed.values()), default=self.now)
        end = max((one.end for one in self.placed.values()), default=self.now)
        first = self.axis.date(min(begin, self.now))
        return list(self.axis.weeks(self.axis.moment(first - dt.timedelta(days=first.weekday())), end + 14))

    def start_date(self, one: Placed) -> dt.date:
        """The day on which a card starts. A pin is its own day, whether anybody works on it or not."""
        return one.task.fixed or self.axis.date(one.start)

    def end_date(self, one: Placed) -> dt.date:
        """The last day of a card."""
        return self.axis.date(one.end - 1)

    def late(self, one: Placed) -> int:
        """Half days by which a card ends after its own due date."""
        due = one.task.card.due
        return max(0, self.axis.after(due, one.end)) if due is not None else 0

    def reached_on(self, need: TaskNeed) -> dt.date:
        """The day on which the card that comes first reaches what is waited for: its end, or its start."""
        before = self.placed[need.before]
        return self.end_date(before) if need.kind[0] == "F" else self.start_date(before)

    def reached(self, need: TaskNeed) -> str:
        """The same in words: 'ends Fri 27 Nov'."""
        return f"{'ends' if need.kind[0] == 'F' else 'starts'} {say_date(self.reached_on(need), self.today)}"

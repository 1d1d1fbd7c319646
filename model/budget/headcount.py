"""People needed against people there, by skill and month, in person-months.

What is needed of a skill is all work of those who have it, in the months in which the schedule has it, and the work
for which no person has the skill, in the month in which it could begin.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..capacity.presence import presence, total_share, working_time
from ..schedule.schedule import Schedule
from ..schedule.tasks import Task

_TRACE = 1e-9


@dataclass(frozen=True)
class MonthOfSkill:
    """A skill in a month."""

    skill: str
    month: dt.date
    """Its first day."""
    needed: float
    there: float
    """Of the people's time, the share that is planned."""

    @property
    def gap(self) -> float:
        """Person-months that are missing; below 0 what is to spare."""
        return self.needed - self.there if abs(self.needed - self.there) > _TRACE else 0.0


@dataclass(frozen=True)
class Headcount:
    """All skills of the plan, month by month up to the last work."""

    rows: tuple[MonthOfSkill, ...]
    without_person: tuple[str, ...]
    """Skills that cards ask for and no person has."""
    planned_load: float

    @property
    def gaps(self) -> list[MonthOfSkill]:
        """Where people are missing."""
        return [one for one in self.rows if one.gap > 0]


def headcount(made: Schedule, planned_load: float) -> Headcount:
    """People needed against people there."""
    plan, axis, now = made.dates.plan, made.axis, made.dates.now
    months = _months(made)
    needed: dict[tuple[str, int], float] = {}
    there: dict[tuple[str, int], float] = {}
    for person in plan.people.values():
        days = working_time(axis, presence(plan, person.id, "")).before
        share = float(total_share(person))
        load = _load_of(made, person.id, months)
        for at, (_, begin, end, whole) in enumerate(months):
            free = (days[end] - days[max(begin, now)]) * share * planned_load if end > now else 0.0
            for skill in person.skills:
                key = skill, at
                needed[key] = needed.get(key, 0.0) + load[at] / whole
                there[key] = there.get(key, 0.0) + free / whole
    known = {skill for person in plan.people.values() for skill in person.skills}
    unstaffed = [one for one in made.dates.tasks.values() if one.skill and one.skill not in known]
    for at, task, work in _asked(unstaffed, made, months):
        key = str(task.skill), at
        needed[key] = needed.get(key, 0.0) + work / months[at][3]
    skills = sorted({skill for skill, _ in needed})
    rows = tuple(
        MonthOfSkill(skill, months[at][0], needed.get((skill, at), 0.0), there.get((skill, at), 0.0))
        for skill in skills
        for at in range(len(months))
    )
    without_person = tuple(sorted({str(one.skill) for one in unstaffed}))
    return Headcount(rows, without_person, planned_load)


_Month = tuple[dt.date, int, int, int]
"""Its first day, the moments between which it is, and the half days that a whole one has."""


def _months(made: Schedule) -> list[_Month]:
    axis, now = made.axis, made.dates.now
    end = max([now + 1, *(one.end for one in made.cards.values())])
    last = axis.date(min(end, axis.horizon) - 1)
    day = made.today.replace(day=1)
    found: list[_Month] = []
    while day <= last:
        following = (day + dt.timedelta(days=32)).replace(day=1)
        begin, after = axis.moment(day), axis.moment(following)
        if after > begin:
            found.append((day, begin, after, after - begin))
        day = following
    return found


def _load_of(made: Schedule, person: str, months: Sequence[_Month]) -> list[float]:
    """Half days of work in each month; work from before today counts in the first one."""
    found = [0.0] * len(months)
    for one in made.dates.by_person.get(person, ()):
        assert one.presence is not None
        assert one.calendar is not None
        before, share = one.calendar.before, float(one.presence.share)
        for at, (_, begin, end, _) in enumerate(months):
            since = one.start if at == 0 else max(begin, one.start)
            until = min(end, one.end)
            if until > since:
                found[at] += (before[until] - before[since]) * share
    return found


def _asked(
    tasks: Sequence[Task], made: Schedule, months: Sequence[_Month]
) -> Iterator[tuple[int, Task, float]]:
    """Work that no person can do, in the month in which it could begin."""
    for task in tasks:
        release = made.axis.moment(task.release)
        at = next((at for at, month in enumerate(months) if release < month[2]), None)
        if at is not None:
            yield at, task, float(task.work)


def due_by_month(made: Schedule, planned_load: float) -> list[MonthOfSkill]:
    """What the people of a skill must have done by the end of each month, and their time until then.

    A card must be done when its due date, or one that depends on it, asks for that; those that nothing asks for are
    left out. Where there is less time than work, no order of the cards helps.
    """
    months = _months(made)
    found: list[MonthOfSkill] = []
    needed: dict[tuple[str, int], float] = {}
    people = made.dates.plan.people
    for name, latest in made.latest_starts.items():
        one = made.cards[name]
        person = people.get(one.person or "")
        if person is None or one.presence is None:
            continue
        deadline = max(latest + one.end - one.start, one.end if one.task.is_running else 0)
        at = next((at for at, month in enumerate(months) if deadline <= month[2]), None)
        if at is not None:
            for skill in person.skills:
                work = needed.get((skill, at), 0.0) + one.task.work / months[at][3]
                needed[skill, at] = work
    rows = headcount(made, planned_load).rows
    for skill in sorted({skill for skill, _ in needed}):
        work = there = 0.0
        for at, (month, *_) in enumerate(months):
            work += needed.get((skill, at), 0.0)
            there += next((one.there for one in rows if (one.skill, one.month) == (skill, month)), 0.0)
            found.append(MonthOfSkill(skill, month, work, there))
    return found

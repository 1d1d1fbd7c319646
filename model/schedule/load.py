"""How much work each person and team has in each week, against what they have time for."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import lcm

from ..capacity.calendar import HALF_DAYS
from ..capacity.presence import presence, total_share
from ..solvers.working_time import WorkingTime
from ..text.figure import written
from .dates import Dates, Placed
from .parts import Calendars

_TRACE = 1e-9
Span = tuple[dt.date, int, int]
"""The Monday of a week, and the moments between which its working half days are."""


@dataclass(frozen=True)
class Week:
    """A week of a person or a team, in working days."""

    monday: dt.date
    capacity: float
    load: float

    @property
    def said(self) -> str:
        """The week in words."""
        return f"{written(round(self.load, 2))} days of work in {written(round(self.capacity, 2))}"

    @property
    def over(self) -> float:
        """Days of work beyond what there is time for."""
        return max(0.0, self.load - self.capacity) if self.load > self.capacity + _TRACE else 0.0

    @property
    def taken(self) -> str:
        """The share of the time that is taken, in percent: down below all of it and up above, so that neither passes
        for the other; `all` where there is work and no time."""
        if not self.capacity:
            return "all" if self.load else "0%"
        share = self.load / self.capacity
        return f"{int(100 * share + _TRACE) if share <= 1 else max(101, round(100 * share))}%"

    def level(self, steps: int) -> int:
        """The step of a bar, from 1 to `steps`; 0 where there is no work."""
        if not self.load:
            return 0
        return min(steps, 1 + int(self.load / self.capacity * steps)) if self.capacity else steps


@dataclass(frozen=True)
class Load:
    """The weeks of a person, or of a team."""

    name: str
    team: str
    weeks: tuple[Week, ...]

    @property
    def over(self) -> float:
        """Days of work beyond what there is time for, in all weeks."""
        return sum(week.over for week in self.weeks)


def loads_of(dates: Dates) -> dict[str, Load]:
    """The weeks of everyone who has work, from this one, or from the first one with work that was not done, on."""
    calendars = Calendars(dates.axis)
    return {
        name: _load(dates, name, mine, calendars.of(presence(dates.plan, name, "")))
        for name, mine in sorted(dates.by_person.items())
    }


def by_team(loads: Mapping[str, Load]) -> dict[str, Load]:
    """The weeks of teams; people without a team are not in it."""
    found: dict[str, Load] = {}
    ordered = sorted((one for one in loads.values() if one.team), key=lambda one: one.team)
    for team, members in groupby(ordered, key=lambda one: one.team):
        weeks: dict[dt.date, list[Week]] = {}
        for one in members:
            for week in one.weeks:
                weeks.setdefault(week.monday, []).append(week)
        found[team] = Load(
            team,
            team,
            tuple(
                Week(day, sum(one.capacity for one in of_day), sum(one.load for one in of_day))
                for day, of_day in sorted(weeks.items())
            ),
        )
    return found


def _load(dates: Dates, name: str, works: Sequence[Placed], there: WorkingTime) -> Load:
    axis, person = dates.axis, dates.plan.people.get(name)
    begin = min(dates.now, *(one.start for one in works))
    last = axis.date(max(one.end for one in works) - 1)
    end = axis.moment(last + dt.timedelta(days=7 - last.weekday()))
    share = total_share(person)
    spans = list(_weeks_between(dates, begin, end))
    # Counted in the largest part of a half day of which all shares are whole numbers.
    grain = lcm(share.denominator, *(one.presence.share.denominator for one in works if one.presence))
    loads = [0] * len(spans)
    for one in works:
        for at, part in _spread(one, spans, grain):
            loads[at] += part
    per_day, units = grain * HALF_DAYS, int(share * grain)
    weeks = (
        Week(monday, (there.before[until] - there.before[since]) * units / per_day, load / per_day)
        for (monday, since, until), load in zip(spans, loads, strict=True)
    )
    team = (person.team if person is not None else None) or ""
    return Load(name, team, tuple(weeks))


def _weeks_between(dates: Dates, begin: int, end: int) -> list[Span]:
    """The weeks of a plan between two moments, the first one from the first moment on."""
    weeks = dates.weeks
    first = bisect_right(weeks, begin, key=lambda week: week[1]) - 1
    last = bisect_left(weeks, end, key=lambda week: week[1])
    found = weeks[first:last]
    return [(found[0][0], begin, found[0][2]), *found[1:]] if found else []


def work_by_week(dates: Dates, name: str) -> dict[dt.date, list[tuple[Placed, float]]]:
    """By Monday, the cards that a person works on in that week, each with the days of work."""
    works = dates.by_person.get(name, [])
    if not works:
        return {}
    begin, end = min(dates.now, *(one.start for one in works)), max(one.end for one in works)
    spans = _weeks_between(dates, begin, end)
    grain = lcm(*(one.presence.share.denominator for one in works if one.presence))
    found: dict[dt.date, list[tuple[Placed, float]]] = {}
    for one in works:
        for at, part in _spread(one, spans, grain):
            found.setdefault(spans[at][0], []).append((one, part / (grain * HALF_DAYS)))
    return dict(sorted(found.items()))


def _spread(one: Placed, weeks: Sequence[Span], grain: int) -> Iterator[tuple[int, int]]:
    """The work of a card in each of the weeks in which its person does it; what is over is in the last half day."""
    assert one.presence is not None
    assert one.calendar is not None
    left, units, before = one.task.work * grain, int(one.presence.share * grain), one.calendar.before
    at = bisect_right(weeks, one.start, key=lambda week: week[1]) - 1
    while left > 0 and at < len(weeks):
        _, since, until = weeks[at]
        part = min(left, (before[min(until, one.end)] - before[max(since, one.start)]) * units)
        if part:
            yield at, part
        left -= part
        at += 1

"""When each person is there, and with which share of their time: the calendar that a schedule takes from the plan."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import NamedTuple

from ..plan.plan import Plan
from ..records.person import Person
from ..records.strategy import Allocation
from ..solvers.working_time import WorkingTime
from .calendar import Axis, open_periods


class Presence(NamedTuple):
    """What a person has for a project: everything that the plan says, as plain values that can be compared."""

    person: str
    share: Fraction
    """Of a working day; nothing where they have no time for it."""
    first: dt.date | None = None
    """The first day on which they are there for the project."""
    last: dt.date | None = None
    absences: tuple[tuple[dt.date, dt.date], ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """What the days depend on: equal ones are there on the same days."""
        return self.first, self.last, self.absences


def presence(plan: Plan, person_id: str, project: str) -> Presence:
    """What a person has for a project: their part in its strategy, else their own share, and never more than that.

    Of a person who has no file nothing is known: they are taken to be there all the time.
    """
    person = plan.people.get(person_id)
    part = plan.strategy(project).people.get(person_id)
    share = total_share(person)
    if part is not None and part.share is not None:
        share = min(share, _exact(part.share))
    first, last = _later(person, part), _earlier(person, part)
    return Presence(person_id, share, first, last, _absences(person))


def total_share(person: Person | None) -> Fraction:
    """The share of their time that all projects together have of a person."""
    return _exact(person.share) if person is not None else Fraction(1)


def working_time(axis: Axis, there: Presence) -> WorkingTime:
    """The half days of the axis on which a person is there."""
    spans = list(there.absences)
    if there.first is not None and there.first > axis.first:
        spans.append((axis.first, there.first - dt.timedelta(days=1)))
    if there.last is not None and there.last < axis.last:
        spans.append((there.last + dt.timedelta(days=1), axis.last))
    return WorkingTime(open_periods(axis, spans))


def _exact(share: float) -> Fraction:
    """The share as it is written: 0.7, not the nearest number in binary."""
    return Fraction(repr(float(share)))


def _absences(person: Person | None) -> tuple[tuple[dt.date, dt.date], ...]:
    if person is None:
        return ()
    return tuple(
        sorted(
            (one.first, one.last or one.first) for one in person.absences.values() if one.first is not None
        )
    )


def _later(person: Person | None, part: Allocation | None) -> dt.date | None:
    return max((one.start for one in (person, part) if one is not None and one.start), default=None)


def _earlier(person: Person | None, part: Allocation | None) -> dt.date | None:
    return min((one.end for one in (person, part) if one is not None and one.end), default=None)

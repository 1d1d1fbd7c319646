"""The board's calendar: which days are worked, and working time as one axis of half days.

A moment is the border before a half day of the axis: work that ends with the afternoon of day 4 ends at moment 8.
Only days on which the board works are on the axis, so that lags and durations are plain sums. All conversions between
dates and moments are here.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left, bisect_right
from calendar import isleap, weekday
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import ceil

from ..records.board import Calendar
from ..text.figure import written

HALF_DAYS = 2
"""The finest time that is planned is half a day."""
ANCHOR = dt.datetime(2001, 1, 1)  # noqa: DTZ001  a rule counts days, and has no zone
"""From which day a rule counts ("every second Friday") that does not say it itself; a Monday."""
_CENTURY = 36525
"""Days."""
_DAILY_OR_LONGER = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
MOST_RULES = 40
"""Rules of a calendar that are read: each takes a while to work out."""
_YEAR = re.compile(r"(UNTIL=|DTSTART[^:\n]*:)(\d{4})", re.IGNORECASE)
_PART = re.compile(r"([A-Z]+)=([^;\s]*)")
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TRACE = 1e-9
"""What sums of decimals leave behind in binary: 2.1 / 0.7 is three."""


def half_days(days: float) -> int:
    """Working days in half days, rounded up."""
    return ceil(days * HALF_DAYS - _TRACE)


def in_days(periods: int) -> float:
    """Half days in working days."""
    return periods / HALF_DAYS


def say_days(periods: int) -> str:
    """Half days as a person says them: '3 days', 'half a day'."""
    days = in_days(periods)
    return "half a day" if periods == 1 else f"{written(days)} day{'s' * (days != 1)}"


class BadRule(ValueError):
    """A recurrence rule cannot be read; it says why."""


def days_of_rule(text: str, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """The days from first to last that a rule of RFC 5545 names. Raises BadRule."""
    yield from _days_of_rule(text, first, last)


@lru_cache(maxsize=2 * MOST_RULES)
def _days_of_rule(text: str, first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    from dateutil.rrule import rrulestr

    _refuse_endless(text)
    # Easter keeps to another cycle.
    later = 0 if "BYEASTER" in text.upper() else _later(last.year)
    begin = dt.datetime.combine(first, dt.time.min)
    end = dt.datetime.combine(last, dt.time.max)
    try:
        rule = rrulestr(_moved(text, later), dtstart=ANCHOR.replace(year=ANCHOR.year + later), ignoretz=True)
        moments = rule.between(_in(begin, later), _in(end, later), inc=True)  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        return tuple(moment.date().replace(year=moment.year - later) for moment in moments)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, IndexError) as error:
        # The library says what is wrong with a text by whatever error its parsing ends in.
        raise BadRule(str(error) or "it is not a recurrence rule") from error


@lru_cache(maxsize=16)
def _later(year: int) -> int:
    """By how many years the calendar up to a year can be moved towards the end of time with all days as they are.

    The library looks for the next day up to the year 9999, which takes seconds for a rule that names none.
    """
    years = range(ANCHOR.year, year + 2)
    for later in range(dt.MAXYEAR - years[-1] if years else 0, 0, -1):
        if all(
            isleap(one) == isleap(one + later) and weekday(one, 1, 1) == weekday(one + later, 1, 1)
            for one in years
        ):
            return later
    return 0


def _in(moment: dt.datetime, years: int) -> dt.datetime:
    """The same moment some years later; no rule names a day before the anchor."""
    return max(moment, ANCHOR).replace(year=max(moment, ANCHOR).year + years)


def _moved(text: str, years: int) -> str:
    """A rule with the years that it names moved."""
    return _YEAR.sub(lambda found: f"{found[1]}{min(int(found[2]) + years, dt.MAXYEAR):04}", text)


def _refuse_endless(text: str) -> None:
    """Raises BadRule for what the library would look for without end, or down to the second."""
    parts: dict[str, str] = dict(_PART.findall(text.upper()))
    if parts.get("FREQ") not in _DAILY_OR_LONGER:
        raise BadRule(f"FREQ must be one of {', '.join(_DAILY_OR_LONGER)}")
    if parts.get("INTERVAL", "1").strip("0") == "" or parts.get("COUNT", "1").strip("0") == "":
        raise BadRule("INTERVAL and COUNT must be at least 1")
    if parts["FREQ"] == "DAILY" and "BYSETPOS" in parts:
        raise BadRule("a single day has no positions: BYSETPOS takes another FREQ")
    if parts["FREQ"] != "YEARLY" and "BYEASTER" in parts:
        raise BadRule("BYEASTER takes FREQ=YEARLY")
    months = [int(one) for one in re.findall(r"\d+", parts.get("BYMONTH", ""))]
    days = [abs(int(one)) for one in re.findall(r"-?\d+", parts.get("BYMONTHDAY", ""))]
    if not all(1 <= one <= 12 for one in months):
        raise BadRule("BYMONTH takes months from 1 to 12")
    longest = max((_LONGEST[one - 1] for one in months), default=31)
    if days and min(days) > longest:
        raise BadRule("no month that it names has such a day")


def unreadable_rules(calendar: Calendar) -> dict[int, str]:
    """The recurrence rules that cannot be read by their position, each with why."""
    found: dict[int, str] = {}
    for at, text in enumerate(calendar.recurring):
        if at >= MOST_RULES:
            found[at] = f"{MOST_RULES} rules are read"
            continue
        try:
            next(days_of_rule(text, ANCHOR.date(), ANCHOR.date()), None)
        except BadRule as error:
            found[at] = str(error)
    return found


def holidays(calendar: Calendar, first: dt.date, last: dt.date) -> set[dt.date]:
    """The days from first to last on which no one works, beside weekends; rules that cannot be read name none."""
    found = {day for day in calendar.holidays if first <= day <= last}
    for text in calendar.recurring[:MOST_RULES]:
        try:
            found.update(days_of_rule(text, first, last))
        except BadRule:
            continue
    return found


def has_working_day(calendar: Calendar, today: dt.date) -> bool:
    """Whether the board works on any day of the year that begins today."""
    if calendar.weekdays and not calendar.recurring:
        # So many single days off are not looked for.
        return len(calendar.holidays) < 50 * len(calendar.weekdays) or bool(_year(calendar, today).days)
    return bool(calendar.weekdays) and bool(_year(calendar, today).days)


def _year(calendar: Calendar, today: dt.date) -> Axis:
    return Axis(calendar, today, today + min(dt.timedelta(days=366), dt.date.max - today))


@dataclass(frozen=True)
class Axis:
    """The working days of a board from one day to another, as half days by number."""

    calendar: Calendar
    first: dt.date
    last: dt.date

    @cached_property
    def days(self) -> list[int]:
        """Ordinals of the working days."""
        weekdays = {_WEEKDAYS.index(name) for name in self.calendar.weekdays}
        closed = {day.toordinal() for day in holidays(self.calendar, self.first, self.last)}
        begin, end = self.first.toordinal(), self.last.toordinal()
        # The ordinal 1 is a Monday.
        return [day for day in range(begin, end + 1) if (day - 1) % 7 in weekdays and day not in closed]

    @property
    def horizon(self) -> int:
        """The moment at which the axis ends."""
        return len(self.days) * HALF_DAYS

    def moment(self, day: dt.date) -> int:
        """The morning of a day, or of the next working day after it."""
        return bisect_left(self.days, day.toordinal()) * HALF_DAYS

    def evening(self, day: dt.date) -> int:
        """The moment at which a day is over."""
        return bisect_right(self.days, day.toordinal()) * HALF_DAYS

    @cached_property
    def _before(self) -> Axis:
        """The century before the axis, looked at only for a date that has long passed."""
        end = self.first.toordinal() - 1
        return Axis(
            self.calendar, dt.date.fromordinal(max(1, end - _CENTURY)), dt.date.fromordinal(max(1, end))
        )

    def after(self, day: dt.date, moment: int) -> int:
        """Half days from the evening of a day, which may be before the axis, to a moment; negative before it."""
        passed = self._before if day < self.first else None
        return moment - self.evening(day) + (passed.horizon - passed.evening(day) if passed else 0)

    def date(self, period: int) -> dt.date:
        """The day of a half day."""
        return dt.date.fromordinal(self.days[period // HALF_DAYS])

    def half(self, period: int) -> str:
        """Which half of its day a half day is."""
        return "pm" if period % HALF_DAYS else "am"

    def is_working(self, day: dt.date) -> bool:
        """Whether the board works on a day."""
        return self.moment(day) != self.evening(day)

    def weeks(self, begin: int, end: int) -> Iterator[tuple[dt.date, int, int]]:
        """The weeks that have a half day between two moments: their Monday, and the moments that they share."""
        at = begin
        while at < min(end, self.horizon):
            day = self.date(at)
            monday = day - dt.timedelta(days=day.weekday())
            following = min(end, self.moment(monday + dt.timedelta(days=7)))
            yield monday, at, following
            at = following


def open_periods(axis: Axis, spans: Iterable[tuple[dt.date, dt.date]]) -> list[int]:
    """1 for each half day of the axis, 0 for those from the first to the last day of a span."""
    working = [1] * axis.horizon
    for first, last in spans:
        begin, end = axis.moment(first), axis.evening(last)
        if begin < end:
            working[begin:end] = [0] * (end - begin)
    return working

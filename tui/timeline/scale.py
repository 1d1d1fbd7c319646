"""The scale of the chart: which half days a column covers, at each zoom, and the two rows above the chart.

A point in time is a number of half days since day 0 of the calendar, days off included, so that columns are plain sums.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from ...model.text.dates import MONTHS, is_far

PER_DAY = 2
ZOOMS: tuple[tuple[str, int], ...] = (
    ("half a day", 1),
    ("a day", 2),
    ("half a week", 7),
    ("a week", 14),
    ("four weeks", 56),
)
"""What a column is, and how many half days that are; the finest first."""
USUAL = 1
"""The zoom at first."""
_NAMED_BY_WEEK = 7
"""Half days of a column up to which weeks have their day above them; months have it beyond."""


def point(day: dt.date, half: int = 0) -> int:
    """The morning of a day, or its noon (1), or its evening (2)."""
    return day.toordinal() * PER_DAY + half


def day_of(at: int) -> dt.date:
    """The day of a half day; the first or the last day that there is, where it is beyond."""
    return dt.date.fromordinal(min(max(1, at // PER_DAY), dt.date.max.toordinal()))


@dataclass(frozen=True)
class Scale:
    """A stretch of time in columns."""

    origin: int
    """The first half day of the first column."""
    zoom: int = USUAL

    @property
    def step(self) -> int:
        """Half days of a column."""
        return ZOOMS[self.zoom][1]

    @property
    def name(self) -> str:
        """What a column is."""
        return ZOOMS[self.zoom][0]

    def column(self, at: int) -> int:
        """The column of a half day; below 0, or beyond the width, where it is out of sight."""
        return (at - self.origin) // self.step

    def moved(self, columns: int) -> Scale:
        """Some columns later."""
        first, last = point(dt.date.min), point(dt.date.max) - 1000 * self.step
        return Scale(min(max(first, self.origin + columns * self.step), last), self.zoom)

    def zoomed(self, by: int, around: int, width: int) -> Scale:
        """Another zoom, with a half day in the column where it is, or in the middle where it is out of sight."""
        zoom = min(max(0, self.zoom + by), len(ZOOMS) - 1)
        column = self.column(around)
        kept = column if 0 <= column < width else width // 4
        return Scale(around, zoom).moved(-kept).aligned()

    def aligned(self) -> Scale:
        """From the Monday on, where a column is longer than a day; from a morning on else."""
        day = day_of(self.origin)
        if self.step > PER_DAY:
            day = dt.date.fromordinal(max(1, day.toordinal() - day.weekday()))
        return Scale(point(day), self.zoom)

    def labels(self, width: int, today: dt.date) -> str:
        """Days and months above the columns, each where it begins, with the year far from today.

        Where the room for a label is taken, the next one names the month, or the year, that has begun.
        """
        row = [" "] * width
        free, named = 0, None
        for column in range(width):
            day = self._begins(column) if column >= free else None
            text = self._label(day, named, today) if day is not None else ""
            if text and column + len(text) <= width:
                row[column : column + len(text)] = text
                free, named = column + len(text) + 1, day
        return "".join(row)

    def _begins(self, column: int) -> dt.date | None:
        """The day in a column with which a week, or in a long column a month, begins."""
        begin, end = self.origin + column * self.step, self.origin + (column + 1) * self.step
        days = map(day_of, _days(begin, end))
        if self.step <= _NAMED_BY_WEEK:
            return next((day for day in days if day.weekday() == 0), None)
        return next((day for day in days if day.day == 1), None)

    def _label(self, day: dt.date, named: dt.date | None, today: dt.date) -> str:
        same_year = named is not None and named.year == day.year
        if self.step > _NAMED_BY_WEEK:
            return _month(day) if same_year else f"{_month(day)} {day.year}"
        if named is None and is_far(day, today):
            return f"{_month(day)} {day.day} {day.year:04}"
        same_month = same_year and named is not None and named.month == day.month
        return str(day.day) if same_month else f"{_month(day)} {day.day}"


def _days(begin: int, end: int) -> range:
    """The mornings between two points."""
    return range(-(-begin // PER_DAY) * PER_DAY, end, PER_DAY)


def _month(day: dt.date) -> str:
    return MONTHS[day.month - 1][:3].capitalize()

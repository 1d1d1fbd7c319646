"""Dates as people write and say them: `fri`, `+2w`, `in 3 days`, `1 dec` in; "tomorrow", "Fri 27 Nov" out.

Today is an argument, so that the same words give the same date in every test and at every revision. Names are
English whatever the machine's locale, as the files and the rest of the program are.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TypeGuard

from dateutil.relativedelta import relativedelta

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
EXPECTED = (
    "a date: 2026-12-01, 12-01, 1 dec, fri, next week, today, tomorrow, in 3 days, +2w, +1m, eow or eom"
)
_UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}
_FRIDAY = 4
_NEAR = 366
"""Days from today within which a date is known by its day and its month."""
_MOST_WORDS = 3
"""Of a date: `in 2 weeks`, `1 dec 2027`."""
_YEARS_TO_NEXT_LEAP_DAY = 8
"""At most: 1896 and 1904 are leap years, 1900 is not."""


class DateError(ValueError):
    """A text is not a date; it says what would be."""

    def __init__(self, text: str, reason: str = "") -> None:
        self.text = text
        self.expected = EXPECTED
        super().__init__(f"{text!r} is not a date{f' ({reason})' if reason else ''}; expected {EXPECTED}")


def parse_date(text: str, today: dt.date) -> dt.date:
    """The date that a person means, seen from today.

    A weekday is the next one, never today; with `next` before it, the one of next week. `next week` is its Monday,
    `next month` its first day. A day of a month without a year is the next one, today included.
    `eow` is the Friday of this week (of the next one at a weekend), `eom` the last day of this month.
    Raises DateError with what was expected.
    """
    words = " ".join(text.lower().split())
    try:
        found = (
            _fixed(words, today)
            or _shifted(words, today)
            or _next(words, today)
            or _weekday(words, today)
            or _in_year(words, today)
        )
    except (ValueError, OverflowError) as error:
        raise DateError(text, "there is no such day") from error
    if found is None:
        raise DateError(text)
    return found


def date_words(text: str, today: dt.date) -> int:
    """How many characters at the start of a text are a date, up to the end of its last word; 0 where none are.

    The longest date counts: `next friday` and not `next`, `in 2 weeks`, `1 dec 2027`.
    """
    ends = [found.end() for found in re.finditer(r"\S+", text)][:_MOST_WORDS]
    for end in reversed(ends):
        try:
            parse_date(text[:end].rstrip(",.;:!?)"), today)
        except DateError:
            continue
        return end
    return 0


def has_come(date: dt.date | None, today: dt.date) -> TypeGuard[dt.date]:
    """Whether a date is known, and is not ahead."""
    return date is not None and date <= today


def say_date(date: dt.date, today: dt.date) -> str:
    """A short form for people: "today", "tomorrow", "Fri 27 Nov", and "3 Mar 2027" in another year."""
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((date - today).days)
    return near if near is not None else say_monday(date, today)


def say_monday(date: dt.date, today: dt.date) -> str:
    """The same for the day that a week goes by: "Mon 23 Nov", never "yesterday", which is no name of a week."""
    return short_date(date, today) if date.year == today.year else f"{_day(date)} {date.year}"


def on_date(date: dt.date, today: dt.date) -> str:
    """The same in a sentence: "tomorrow", "on Fri 27 Nov"."""
    is_near = abs((date - today).days) <= 1
    return say_date(date, today) if is_near else f"on {say_date(date, today)}"


def short_date(date: dt.date, today: dt.date) -> str:
    """A form for columns, at most ten characters: "Fri 27 Nov", "3 Mar 27" in another year, "2100-03-03" far away."""
    if is_far(date, today):
        return date.isoformat()
    if date.year != today.year:
        return day_month(date, today)
    return f"{WEEKDAYS[date.weekday()][:3].capitalize()} {_day(date)}"


def day_month(date: dt.date, today: dt.date) -> str:
    """A form for sentences: "27 Nov", "3 Mar 27" in another year, "3 Mar 2100" more than about a year away."""
    if date.year == today.year:
        return _day(date)
    return f"{_day(date)} {f'{date.year:04}' if is_far(date, today) else f'{date.year % 100:02}'}"


def narrow_date(date: dt.date, today: dt.date) -> str:
    """The shortest form, at most seven characters: "27 Nov", and "2100-03" more than about a year away."""
    return date.isoformat()[:7] if is_far(date, today) else _day(date)


def is_far(date: dt.date, today: dt.date) -> bool:
    """Whether a day and a month, or two digits of the year, could be taken for a nearer date."""
    return abs((date - today).days) > _NEAR


def _day(date: dt.date) -> str:
    return f"{date.day} {MONTHS[date.month - 1][:3].capitalize()}"


def _fixed(words: str, today: dt.date) -> dt.date | None:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", words):
        return dt.date.fromisoformat(words)
    match words:
        case "today":
            return today
        case "tomorrow":
            return today + dt.timedelta(days=1)
        case "yesterday":
            return today - dt.timedelta(days=1)
        case "eow":
            return today + dt.timedelta(days=(_FRIDAY - today.weekday()) % 7)
        case "eom":
            return today + relativedelta(day=31)
        case _:
            return None


def _shifted(words: str, today: dt.date) -> dt.date | None:
    found = re.fullmatch(r"([+-][0-9]{1,6})([dwmy])", words) or re.fullmatch(
        r"in ([0-9]{1,6}) (day|week|month|year)s?", words
    )
    if not found:
        return None
    unit = found[2][0]
    if unit in "dw":
        return today + dt.timedelta(days=int(found[1]) * (7 if unit == "w" else 1))
    return today + relativedelta(**{_UNITS[unit]: int(found[1])})  # pyright: ignore[reportArgumentType]


def _next(words: str, today: dt.date) -> dt.date | None:
    """A day of next week, or the first one of next month."""
    which, _, what = words.partition(" ")
    if which != "next":
        return None
    if what == "month":
        return today + relativedelta(months=1, day=1)
    number = 0 if what == "week" else _name(what, WEEKDAYS)
    return None if number is None else today + dt.timedelta(days=7 - today.weekday() + number)


def _weekday(words: str, today: dt.date) -> dt.date | None:
    number = _name(words, WEEKDAYS)
    return None if number is None else today + dt.timedelta(days=(number - today.weekday() - 1) % 7 + 1)


def _in_year(words: str, today: dt.date) -> dt.date | None:
    """A day of a month by numbers or by name, with or without a year."""
    if found := re.fullmatch(r"([0-9]{1,2})-([0-9]{1,2})", words):
        month, day, year = int(found[1]), int(found[2]), ""
    elif found := re.fullmatch(r"([0-9]{1,2})[ -]?([a-z]{3,9})(?:[ -]([0-9]{4}))?", words):
        month, day, year = _month(found[2]), int(found[1]), found[3]
    elif found := re.fullmatch(r"([a-z]{3,9})[ -]?([0-9]{1,2})(?:[ -]([0-9]{4}))?", words):
        month, day, year = _month(found[1]), int(found[2]), found[3]
    else:
        return None
    if month is None:
        return None
    if year:
        return dt.date(int(year), month, day)
    if (month, day) == (2, 29):
        for ahead in range(_YEARS_TO_NEXT_LEAP_DAY + 1):
            leap_day = today + relativedelta(years=ahead, month=2, day=29)
            if leap_day.day == day and leap_day >= today:
                return leap_day
    this_year = dt.date(today.year, month, day)
    return this_year if this_year >= today else dt.date(today.year + 1, month, day)


def _month(word: str) -> int | None:
    number = _name(word, MONTHS)
    return None if number is None else number + 1


def _name(word: str, names: tuple[str, ...]) -> int | None:
    """The position of the name that a word of three letters or more begins."""
    if len(word) < 3:
        return None
    return next((at for at, name in enumerate(names) if name.startswith(word)), None)

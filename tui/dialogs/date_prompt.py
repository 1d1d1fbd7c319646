"""Asking for a date in the words that people use, with the date they stand for shown as one types."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from ...model.text.dates import MONTHS, WEEKDAYS, DateError, parse_date
from .prompt import Prompt


def full_date(date: dt.date) -> str:
    """A date that leaves nothing open: `Fri 27 Nov 2026`."""
    weekday, month = WEEKDAYS[date.weekday()][:3].capitalize(), MONTHS[date.month - 1][:3].capitalize()
    return f"{weekday} {date.day} {month} {date.year}"


def date_echo(text: str, today: dt.date) -> str:
    """How a text is understood as a date: `fri → Fri 27 Nov 2026`; empty where it is none yet."""
    try:
        return f"{text.strip()} → {full_date(parse_date(text, today))}" if text.strip() else ""
    except DateError:
        return ""


class DatePrompt(Prompt):
    """Gives a date as `2026-11-27`, the empty text to clear it, or None where the person left."""

    REPLACES: ClassVar[bool] = True

    def __init__(self, title: str, label: str, today: dt.date, value: str = "") -> None:
        super().__init__(title, label, value, self._problem, echo=lambda text: date_echo(text, today))
        self._today = today

    def _problem(self, text: str) -> str | None:
        try:
            self.answer(text)
        except DateError as error:
            return str(error)
        return None

    def answer(self, text: str) -> str:
        """The date in the form of the files."""
        return parse_date(text, self._today).isoformat() if text.strip() else ""

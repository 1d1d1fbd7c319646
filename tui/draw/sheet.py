"""What rows are made with: the data, the width, the signs, and cells of figures, money and days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from ...model.records.base import Entry
from ...model.text.dates import short_date
from ...model.text.figure import amount
from .glyphs import Glyphs
from .spans import Span
from .table import Column, Table

NOTHING: Span = ("", "")
WAITING: Span = ("…", "quiet")
"""In the place of what is being worked out."""
FIGURE, DAY, MONEY = 9, 11, 9
_WIDE = 96
"""Cells from which on a unit stands beside its figure."""
Fits = Callable[..., bool]
"""Whether a row stays under the filter, by its texts; they are named as in `SectionScreen.FIELDS`."""


class Dated(Protocol):
    """What rows are drawn from, on a day."""

    @property
    def today(self) -> dt.date:
        """The day it is."""
        ...


F = TypeVar("F", bound=Dated)


class Sheet(Generic[F]):
    """Facts with what they are drawn with: makes the cells of rows."""

    def __init__(self, data: F, width: int, glyphs: Glyphs, fits: Fits | None = None) -> None:
        """Without `fits` every row is there."""
        self.data, self.width, self.glyphs, self._fits = data, width, glyphs, fits

    @property
    def is_wide(self) -> bool:
        """Whether there is room for units."""
        return self.width >= _WIDE

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter leaves rows out."""
        return self._fits is not None

    def fits(self, entry: Entry, section: str, key: str, state: str = "") -> bool:
        """Whether the row of an entry stays under the filter."""
        if self._fits is None:
            return True
        who = str(getattr(entry, "owner", "") or (key if section == "people" else ""))
        stage = str(getattr(entry, "stage", "") or (key if section == "stages" else ""))
        return self._fits(text=entry.label, id=key, section=section, who=who, stage=stage, state=state)

    def fits_text(self, section: str, text: str, key: str = "") -> bool:
        """Whether a row that is about no entry stays."""
        return self._fits is None or self._fits(text=text, id=key, section=section)

    def table(self, *columns: Column) -> Table:
        """Columns for the width."""
        return Table(columns, self.width, self.glyphs)

    def day(self, date: dt.date | None, look: str = "") -> Span:
        """A date, short."""
        return (short_date(date, self.data.today), look) if date is not None else NOTHING


def figure(value: float | None, unit: str | None = None, look: str = "") -> Span:
    """A figure with its unit; nothing where there is none."""
    return (amount(value, unit or ""), look) if value is not None else NOTHING


def money(value: float | None, look: str = "") -> Span:
    """Money in whole units."""
    return (f"{value:,.0f}", look) if value is not None else NOTHING

"""A form as drawn rows, in one column or in two, and where each of its fields has come to be; knows no widgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest

from ...model.plan.change import Path
from ...model.text.visible import one_line
from ..draw.spans import Line, Span, fold, line, padded
from .controls import Around, said_of, spoken
from .draft import Draft
from .fields import Field
from .layout import MORE, Band, Layout
from .rows import MARGIN, Columns, State, below, field_rows, help_rows

WIDE = 116
"""Cells from which fields are laid out in two columns."""
_MARK = 2
"""Cells before each column: the sign of the field that one is in."""
_GAP = 2
"""Cells between two columns."""
_LEAST_ROWS, _LONG_ROWS = 3, 8
"""Rows of a long text that is typed into, at least and at most."""
_SPARE = 3
"""Rows that are kept for what is said below the field that one is in."""
_MOST_WRAPPED = 3
"""Rows that a short text may take."""


@dataclass
class Spot:
    """Where a field is among the rows."""

    row: int = 0
    last: int = 0
    left: int = 0
    """The first cell of its column."""
    value: int = 0
    """The first cell of its value."""
    end: int = 0
    """The first cell behind its column."""


@dataclass(frozen=True)
class Page:
    """What is drawn, and for how much room."""

    fields: Sequence[Field]
    current: int
    layout: Layout
    draft: Draft
    around: Around
    notes: Mapping[Path, str]
    """What is wrong, by field."""
    completions: Sequence[str]
    at: int
    """Of the choices that are ticked, the one that the cursor is on."""
    width: int
    height: int
    spots: dict[int, Spot] = field(default_factory=dict[int, Spot])
    """Where the fields are, once the rows are drawn."""

    @property
    def bands(self) -> list[Band]:
        """The fields from the top down."""
        return self.layout.bands(self.fields, is_wide=self.width >= WIDE)

    def rows(self) -> list[Line]:
        """All rows."""
        bands = self.bands
        spare = self.height - sum(max(map(len, band.columns)) for band in bands) - _SPARE
        long = sum(min(self._text(one).count("\n"), _LONG_ROWS) for one in self.fields if one.is_long)
        apart = [self._has_gap(before, band) for before, band in pairwise((None, *bands))]
        gaps = sum(apart) + sum(max(map(self._gaps, band.columns)) for band in bands)
        has_gaps = spare >= long + gaps
        spare -= gaps if has_gaps else 0
        rows: list[Line] = []
        above = ""
        for band, is_apart in zip(bands, apart, strict=True):
            if has_gaps and is_apart:
                rows.append(line())
            half = self.width // 2
            sides = ((0, half - _GAP), (half, self.width)) if band.right else ((0, self.width),)
            tops = (above, "")
            drawn = [
                self._column(column, side, (len(rows), top), spare, has_gaps=has_gaps)
                for column, side, top in zip(band.columns, sides, tops, strict=False)
            ]
            above = self.layout.group_of(self.fields[band.left[-1]])
            spare -= max(extra for _, extra in drawn)
            rows += _beside([column for column, _ in drawn], half)
        return rows

    def field_at(self, row: int, cell: int) -> int | None:
        """The field at a place; None where there is none."""
        for index, spot in self.spots.items():
            if spot.row <= row <= spot.last and spot.left <= cell < spot.end:
                return index
        return None

    def _has_gap(self, before: Band | None, band: Band | None) -> bool:
        """Whether there is a blank row above a band where there is room."""
        if before is None or band is None:
            return False
        first = self.fields[band.left[0]]
        return bool(self.layout.heading_of(first) or first is MORE or band.right or before.right)

    def _gaps(self, column: Sequence[int]) -> int:
        """Blank rows inside a column: one above each heading."""
        return sum(bool(self.layout.heading_of(self.fields[index])) for index in column[1:])

    def _column(
        self,
        column: Sequence[int],
        side: tuple[int, int],
        top: tuple[int, str],
        spare: int,
        *,
        has_gaps: bool,
    ) -> tuple[list[Line], int]:
        """The fields of a column, and how many of the spare rows they have taken.

        `top` is the row where it begins, and the group that is above it.
        """
        left, end = side
        first_row, above = top
        columns = Columns.of(
            [group.title for group in self.layout.groups],
            [one.label for one in self.fields],
            end - left - _MARK,
        )
        rows: list[Line] = []
        taken = 0
        for index in column:
            one = self.fields[index]
            heading, group = self.layout.heading_of(one), self.layout.group_of(one)
            if index == column[0] and group not in (above, one.label):
                # The others of its group are in another column.
                heading = group
            if has_gaps and heading and index != column[0]:
                rows.append(line())
            own = field_rows(one, self._state(index, 1 + max(0, spare - taken)), heading, columns)
            taken += len(own) - 1
            spot = Spot(first_row + len(rows), 0, left, left + MARGIN + columns.value, end)
            if index == self.current:
                own = [*(own if one.choices else own[:1]), *self._below(one, columns)]
            own += [
                line(("    ! ", "wrong"), (row, "wrong"))
                for row in fold(self.notes.get(one.path, ""), columns.width - 6)
                if row
            ]
            rows += _marked(own, end - left, is_current=index == self.current)
            spot.last = first_row + len(rows) - 1
            self.spots[index] = spot
        return rows, taken

    def _text(self, one: Field) -> str:
        return self.draft.texts.get(one.path, "")

    def _state(self, index: int, rows: int) -> State:
        one, is_current = self.fields[index], index == self.current
        if one is MORE:
            names = ", ".join(self._folded(each) for each in self.layout.more)
            return State("", "" if self.fields[-1] is not MORE else names, is_current)
        text = self._text(one)
        said = "" if is_current else spoken(one, text, self.around)
        most = rows if one.is_long else min(rows, _MOST_WRAPPED)
        return State(text, said, is_current, self.draft.is_touched(one.path), most, self.at)

    def _folded(self, one: Field) -> str:
        text = one_line(self._text(one)[:80])
        return f"{one.label.lower()} {text}".rstrip()

    @property
    def long_rows(self) -> int:
        """Rows of the text of several lines that one is in."""
        wanted = self._text(self.fields[self.current]).count("\n") + 2
        return max(2, min(max(_LEAST_ROWS, wanted), _LONG_ROWS, self.height - 3))

    def _below(self, one: Field, columns: Columns) -> list[Line]:
        """Room for a long text, how the text is understood, and what the field is."""
        rows: list[Line] = []
        if one.is_long and one.is_typed:
            rows.extend(line() for _ in range(self.long_rows - 1))
        said, look = said_of(one, self._text(one), self.around)
        if self.completions:
            said, look = f"{', '.join(self.completions)} (Tab takes the first)", "good"
        if said:
            rows.extend(below([(said, look)], columns))
        return [*rows, *help_rows(one, columns)]


def _marked(rows: Sequence[Line], width: int, *, is_current: bool) -> list[Line]:
    """Rows behind the sign of the field that one is in, which the first of them has, on a ground of its own."""
    if not is_current:
        return [Line((("  ", ""), *one.spans)) for one in rows]
    first: list[Span] = [("> ", "key"), *rows[0].spans]
    on_ground = tuple((text, f"{look}-resting") for text, look in padded(first, width, ""))
    return [Line(on_ground), *(Line((("  ", ""), *one.spans)) for one in rows[1:])]


def _beside(columns: Sequence[Sequence[Line]], half: int) -> list[Line]:
    """The rows of one column, or of two beside each other."""
    if len(columns) == 1:
        return list(columns[0])
    pairs = zip_longest(*columns, fillvalue=Line())
    return [Line((*padded(left.spans, half, ""), *right.spans)) for left, right in pairs]

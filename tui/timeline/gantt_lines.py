"""Draws a row of the chart: what it is called, and its bar in the columns of the scale."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rich.cells import set_cell_size

from ...model.forecast.forecast import Forecast
from ...model.schedule.targets import Milestone
from ...model.text.dates import narrow_date
from ..draw.glyphs import Glyphs
from ..draw.spans import Line, Span, line
from ..draw.text import fit, shown
from .before import Planned
from .chart import Bar, Chart, p80_of
from .rows import Heading, Shown
from .scale import PER_DAY, USUAL, Scale, point

_FLAGS = 3
"""Cells before the title: critical, late, a blank."""
_PARTS = 4
"""One key scrolls by this part of what is in sight."""
_BEFORE_TODAY = 4
"""Columns in sight before today at first."""


@dataclass(frozen=True)
class Signs:
    """The signs of the chart; no meaning is in a colour alone."""

    done: str
    work: str
    wait: str
    slack: str
    today: str
    off: str
    away: str
    critical: str
    due: str
    way: str
    p80: str
    ruler: str
    levels: str
    before: str


UNICODE = Signs("▓", "█", "▒", "·", "┊", "─", "×", "◆", "◇", "┄", "┤", "─", "▁▂▃▄▅▆▇█", "▀")
ASCII = Signs("%", "#", "=", ".", ":", "-", "x", "*", "o", "~", "]", "-", ".:-=+*%#", "_")


def signs_of(glyphs: Glyphs) -> Signs:
    """The signs that the terminal takes."""
    return ASCII if glyphs.name == "ascii" else UNICODE


def legend(glyphs: Glyphs, *, with_baseline: bool = False) -> list[str]:
    """What the signs mean."""
    signs = signs_of(glyphs)
    return [
        *([f"{signs.before} as planned at the baseline"] if with_baseline else []),
        f"{signs.done} done",
        f"{signs.work} work",
        f"{signs.wait} waits for its person",
        f"{signs.slack} slack",
        f"{signs.off} day off",
        f"{signs.away} away",
        f"{signs.today} today",
        f"{signs.critical} no slack",
        f"{signs.way}{signs.p80} P80",
        f"{signs.due} due",
        "! late",
    ]


@dataclass(frozen=True)
class Widths:
    """The columns of the text before the chart, and of the chart."""

    title: int
    who: int
    chart: int

    @classmethod
    def of(cls, width: int) -> Widths:
        """As much for the chart as titles can spare."""
        title = 24 if width < 90 else 34 if width < 130 else 46
        who = 7 if width < 90 else 10
        return cls(title, who, max(0, width - _FLAGS - title - who - 2))

    @property
    def before(self) -> int:
        """Cells before the chart."""
        return _FLAGS + self.title + self.who + 2


class Cells:
    """The columns of one row: later marks are drawn over earlier ones."""

    def __init__(self, scale: Scale, width: int) -> None:
        self.scale, self.width = scale, width
        self._cells: list[Span] = [(" ", "")] * width

    def put(self, at: int, sign: str, look: str) -> None:
        """A mark at a half day."""
        column = self.scale.column(at)
        if 0 <= column < self.width:
            self._cells[column] = (sign, look)

    def columns(self, begin: int, end: int) -> Iterable[int]:
        """The columns in sight that a stretch touches."""
        if end <= begin:
            return range(0)
        return range(max(0, self.scale.column(begin)), min(self.width, self.scale.column(end - 1) + 1))

    def fill(self, begin: int, end: int, sign: str, look: str) -> None:
        """A stretch of time."""
        for column in self.columns(begin, end):
            self._cells[column] = (sign, look)

    def spans(self) -> list[Span]:
        """The columns, neighbours of one look as one span."""
        found: list[Span] = []
        for sign, look in self._cells:
            if found and found[-1][1] == look:
                found[-1] = (found[-1][0] + sign, look)
            else:
                found.append((sign, look))
        return found


class GanttRows:
    """Draws rows for a chart, a scale and a width, which may change while the rows stay."""

    def __init__(self, glyphs: Glyphs) -> None:
        self.glyphs = glyphs
        self.signs = signs_of(glyphs)
        self.chart: Chart | None = None
        self.forecast: Forecast | None = None
        self.scale = Scale(0)
        self.widths = Widths.of(80)
        self.drawn = 0
        """Rows that have been drawn: a test counts them."""

    # ---- along time

    def scroll(self, by: int) -> None:
        """A part of what is in sight, earlier or later."""
        self.scale = self.scale.moved(by * max(1, self.widths.chart // _PARTS))

    def zoom(self, by: int, card: str) -> None:
        """Coarser or finer columns, around a card, or around today."""
        self.scale = self.scale.zoomed(by, self._at(card), self.widths.chart)

    def go_to(self, card: str) -> None:
        """A card near the left edge, or today."""
        self.scale = replace(self.scale, origin=self._at(card)).moved(-_BEFORE_TODAY).aligned()

    def _at(self, card: str) -> int:
        if self.chart is None:
            return self.scale.origin
        bar = self.chart.bars.get(card)
        return bar.ready if bar is not None else self.chart.today

    # ---- rows

    def head(self) -> list[Line]:
        """The two rows above: when columns begin, and working days with today and what is due."""
        chart, width = self.chart, self.widths.chart
        before = " " * self.widths.before
        if chart is None:
            return [line(), line()]
        cells = Cells(self.scale, width)
        for column in range(width):
            at = self.scale.origin + column * self.scale.step
            if self.scale.step > PER_DAY or at // PER_DAY in chart.open_days:
                cells.put(at, self.signs.ruler, "rule")
        cells.put(chart.today, self.signs.today, "state")
        name = f"{'':{_FLAGS}}a column is {self.scale.name}"
        return [
            line((before, ""), (self.scale.labels(width, chart.made.today), "quiet")),
            line((name.ljust(len(before)), "quiet"), *cells.spans()),
        ]

    def draw(self, one: Shown) -> tuple[Span, ...]:
        """A row."""
        self.drawn += 1
        assert self.chart is not None
        cells = Cells(self.scale, self.widths.chart)
        cells.put(self.chart.today, self.signs.today, "state")
        match one:
            case Heading():
                left = self._heading(one)
            case Milestone():
                left = self._milestone(one, cells)
            case Bar():
                left = self._bar(one, cells)
            case Planned():
                cells.fill(one.start, one.end, self.signs.before, "label")
                left = self._text((" ", ""), (" ", ""), f"  {one.text}", one.moved, "quiet")
            case _:
                left = self._text((" ", ""), (" ", ""), one.label, one.owner or "", "quiet")
        return (*left, *cells.spans())

    def _text(self, first: Span, second: Span, title: str, who: str, look: str = "") -> list[Span]:
        wide = self.widths
        return [
            first,
            second,
            (f" {_padded(title, wide.title, self.glyphs)} ", look),
            (f"{_padded(who, wide.who, self.glyphs)} ", "quiet"),
        ]

    def _heading(self, one: Heading) -> list[Span]:
        look = "strong" if one.is_project else "heading"
        return [(_padded(one.title, self.widths.before - 1, self.glyphs) + " ", look)]

    def _milestone(self, one: Milestone, cells: Cells) -> list[Span]:
        chart, signs = self.chart, self.signs
        assert chart is not None
        look = "bad" if one.late else "good"
        due = point(one.due, 1) if one.due is not None else None
        date = point(one.date, 1) if one.date is not None else None
        late = self._p80(one)
        if late is not None and date is not None and late > date:
            cells.fill(date, late, signs.way, "quiet")
            cells.put(late, signs.p80, "warning" if due is not None and late > due else "quiet")
        if due is not None:
            cells.put(due, signs.due, "label")
        if date is not None:
            cells.put(date, signs.critical, look)
        when = "no date" if one.date is None else narrow_date(one.date, chart.made.today)
        return self._text((signs.due, "label"), ("!" if one.late else " ", "bad"), one.title, when)

    def _p80(self, one: Milestone) -> int | None:
        """By when it is reached in 80 of 100 runs, where that is known."""
        day = p80_of(self.forecast, one)
        return point(day, 1) if day is not None else None

    def _bar(self, bar: Bar, cells: Cells) -> list[Span]:
        signs = self.signs
        cells.fill(bar.end, bar.slack_end, signs.slack, "hint")
        cells.fill(bar.ready, bar.start, signs.wait, "quiet")
        self._done(bar, cells)
        look = "warning" if bar.is_critical else "name"
        cells.fill(bar.start, bar.end, signs.work, look)
        self._off(bar, cells, look)
        if bar.card.due is not None:
            cells.put(point(bar.card.due, 1), signs.due, "bad" if bar.is_late else "label")
        critical: Span = (signs.critical, "warning") if bar.is_critical else (" ", "")
        if not bar.is_critical and bar.card.status == "doing":
            critical = (self.glyphs.sign("doing"), "doing")
        late: Span = ("!" if bar.is_late else " ", "bad")
        return self._text(critical, late, bar.card.label, bar.who or "-")

    def _done(self, bar: Bar, cells: Cells) -> None:
        """What is done ends where the rest goes on; days off are not counted."""
        chart, left, at = self.chart, bar.done, bar.start
        assert chart is not None
        first = bar.start
        while left > 0 and at > bar.start - 800:
            at -= 1
            if at // PER_DAY in chart.open_days:
                left, first = left - 1, at
        cells.fill(first, bar.start, self.signs.done, "good")

    def _off(self, bar: Bar, cells: Cells, look: str) -> None:
        """Days on which nothing is done, where columns are fine enough to show them."""
        chart, step = self.chart, self.scale.step
        assert chart is not None
        if step > PER_DAY:
            return
        for column in cells.columns(bar.ready, bar.slack_end):
            at = self.scale.origin + column * step
            day = at // PER_DAY
            is_open = day in chart.open_days
            if is_open and any(first <= day <= last for first, last in bar.away):
                cells.put(at, self.signs.away, "quiet")
            elif not is_open and bar.start <= at < bar.end:
                cells.put(at, self.signs.off, look)


def _padded(text: str, width: int, glyphs: Glyphs) -> str:
    return set_cell_size(fit(shown(text), width, glyphs), width)


def first_scale(chart: Chart, project: str, width: int) -> Scale:
    """Columns of a day; of half a week where less than half of the cards would begin in sight."""
    starts = sorted(bar.start for bar in chart.bars.values() if project in ("", bar.card.project))
    middle = starts[len(starts) // 2] if starts else chart.today
    days = Scale(chart.today, USUAL).moved(-_BEFORE_TODAY)
    return (
        days if days.column(middle) < width else Scale(chart.today, USUAL + 1).moved(-_BEFORE_TODAY).aligned()
    )

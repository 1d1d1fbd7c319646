"""The charts of flow as rows of cells, for any width and height, with or without more than ASCII.

Signs, not colours, carry the figures. Each chart is drawn as far as there is room; what it says in one sentence is in
`readings.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, log2
from typing import Literal

from ..playbook.outline import place_titles
from ..records.card import STATUS_WORDS
from ..text.cells import Row, round_up
from ..text.dates import day_month
from ..text.figure import written
from .calibration import Record
from .cumulative import COUNTED, thinned
from .finished import ENOUGH, PERCENTILES
from .flow import Flow
from .plot import Canvas, Plot, Signs, Time

ChartName = Literal["cycle-time", "ageing", "throughput", "cumulative", "burn-up", "calibration"]
TITLES: Mapping[ChartName, str] = {
    "cycle-time": "Cycle time",
    "ageing": "Ageing work",
    "throughput": "Throughput",
    "cumulative": "Cumulative flow",
    "burn-up": "Burn-up",
    "calibration": "Estimates",
}
LEAST_WIDTH, LEAST_HEIGHT = 28, 7
"""Below this nothing is drawn."""
_MARGIN = 12
"""Cells right of a chart for the names of its lines."""
_WEEK = 3
"""Cells of a week's bar."""
_DAYS = 10
"""Cells for the days of a card in progress."""
_NARROW = 60
"""Cells below which estimates have no bars."""
_OCTAVES = 2
"""A calibration bar goes to a quarter, and to four times."""


@dataclass(frozen=True)
class ChartRow:
    """A row of a chart, and the card that it is about; empty for most."""

    row: Row
    card: str = ""


def chart(flow: Flow, name: ChartName, canvas: Canvas) -> list[ChartRow]:
    """A chart; nothing where there is no room for it, or nothing to show."""
    if canvas.width < LEAST_WIDTH or canvas.height < LEAST_HEIGHT:
        return []
    match name:
        case "ageing":
            return _ageing(flow, canvas)
        case "calibration":
            return _calibration(flow, canvas)
        case "cycle-time":
            rows = _scatter(flow, canvas)
        case "throughput":
            rows = _weeks(flow, canvas)
        case "cumulative":
            rows = _cumulative(flow, canvas)
        case "burn-up":
            rows = _burn_up(flow, canvas)
    return [ChartRow(row) for row in rows]


# ---- the charts


def _scatter(flow: Flow, canvas: Canvas) -> list[Row]:
    """A point for each card that is done: when, and after how many days; how many where several share a cell."""
    done = flow.spans.done
    if not done:
        return []
    plot = Plot(canvas, round_up(max(one.days for one in done)), _MARGIN)
    time = Time(done[0].end, max(flow.today, done[0].end), plot.columns)
    cells: dict[tuple[int, int], int] = {}
    for one in done:
        place = time.column(one.end), plot.level(one.days)
        cells[place] = cells.get(place, 0) + 1
    for (column, row), count in cells.items():
        plot.put(column, row, canvas.signs.point if count == 1 else str(count) if count < 10 else "+", "name")
    for percent in PERCENTILES:
        value = flow.spans.percentile(percent)
        if value is not None:
            plot.across(value, f"P{percent}")
    legend = f"working days in progress; {canvas.signs.point} a card, 2 to 9 so many, + more"
    return plot.rows_of(time.dates(flow.today), legend, canvas.width)


def _top(count: float) -> float:
    """The top of an axis of cards: its half is marked too, and is a whole card."""
    return 2 * ceil(round_up(count / 2))


def _weeks(flow: Flow, canvas: Canvas) -> list[Row]:
    """A bar for each week, its count on top."""
    plot = Plot(canvas, _top(max((one.done for one in flow.weeks), default=0)))
    room = plot.columns // _WEEK
    shown = flow.weeks[-room:]
    if not any(one.done for one in shown):
        return []
    dates: list[tuple[int, str]] = []
    for at, one in enumerate(shown):
        sign = canvas.signs.bar if one.is_whole else canvas.signs.half
        top = plot.level(one.done) if one.done else 0
        for column in range(at * _WEEK, at * _WEEK + _WEEK - 1):
            plot.fill(column, 0, top, (sign, "name"))
        for offset, digit in enumerate(str(one.done)[-_WEEK:]):
            plot.put(at * _WEEK + offset, top, digit, "strong" if one.done else "quiet")
        dates.append((at * _WEEK, day_month(one.monday, flow.today)))
    left = len(flow.weeks) - len(shown)
    legend = f"cards done a week, by its Monday; {canvas.signs.half} not a whole week"
    if left:
        legend += f"; {left} earlier not shown"
    return plot.rows_of(dates[:: max(1, len(dates) // 5)], legend, canvas.width)


def _cumulative(flow: Flow, canvas: Canvas) -> list[Row]:
    """A column for each day, or for one of several: done at the bottom, then blocked, in progress, to do."""
    top = max((one.scope for one in flow.days), default=0)
    if not top:
        return []
    plot = Plot(canvas, _top(top))
    days = thinned(flow.days, plot.columns)
    plot.columns = min(plot.columns, max(len(days), 1) * max(1, plot.columns // len(days)))
    wide = max(1, plot.columns // len(days))
    looks = ("good", "bad", "name", "quiet")
    for at, day in enumerate(days):
        total = end = 0
        for count, sign, look in zip(day.counts, canvas.signs.stack, looks, strict=True):
            begin, total = end, total + count
            # What there is of a status is to be seen, however little it is.
            end = max(_edge(plot, total), begin + 1) if count else begin
            for column in range(at * wide, (at + 1) * wide):
                plot.fill(column, begin, end, (sign, look))
    signs = "  ".join(
        f"{sign} {_WORDS[name]}" for name, sign in zip(COUNTED, canvas.signs.stack, strict=True)
    )
    time = Time(days[0].date, days[-1].date, plot.columns)
    return plot.rows_of(time.dates(flow.today), f"cards: {signs}", canvas.width)


_WORDS = {**STATUS_WORDS, "blocked": "blocked"}


def _edge(plot: Plot, value: float) -> int:
    """The row up to which a value fills a column."""
    return round(value / plot.top * plot.rows)


def _burn_up(flow: Flow, canvas: Canvas) -> list[Row]:
    """Cards done under all cards that there are; to the right, how they go on at the pace of past weeks."""
    top = max((one.scope for one in flow.days), default=0)
    if not top:
        return []
    plot = Plot(canvas, _top(top))
    ahead = flow.ahead.dates
    last = max((flow.today, *ahead.values()))
    time = Time(flow.days[0].date, last, plot.columns)
    by_date = {one.date: one for one in flow.days}
    for column in range(plot.columns):
        one = by_date.get(time.day(column))
        if one is None:
            continue
        plot.fill(column, 0, _edge(plot, one.done), (canvas.signs.bar, "good"))
        plot.put(column, plot.level(one.scope), canvas.signs.flat, "strong")
    now = flow.days[-1]
    begin = time.column(now.date)
    for day in ahead.values():
        end = time.column(day)
        for column in range(begin + 1, end + 1):
            part = (column - begin) / max(1, end - begin)
            plot.put(column, plot.level(now.done + part * (now.scope - now.done)), canvas.signs.path, "quiet")
        plot.put(end, plot.level(now.scope), canvas.signs.mark, "warning")
    legend = f"{canvas.signs.flat} all cards  {canvas.signs.bar} done"
    if ahead:
        when = ", ".join(f"{name.upper()} {day_month(day, flow.today)}" for name, day in ahead.items())
        legend += f"  {canvas.signs.mark} all done: {when}"
    dates = [
        (0, day_month(flow.days[0].date, flow.today)),
        (begin, "today"),
        (plot.columns, day_month(last, flow.today)),
    ]
    return plot.rows_of(dates, legend, canvas.width)


def _ageing(flow: Flow, canvas: Canvas) -> list[ChartRow]:
    """A bar for each card in progress, with the percentiles of its phase marked on it."""
    spans = flow.spans
    if not spans.in_progress:
        return []
    limits = {one: (spans.usual(one, 50), spans.usual(one, 85)) for one in spans.in_progress}
    longest = max(*(one.days for one in limits), *(limit[1] or 0.0 for limit in limits.values()), 1.0)
    longest_name = max(len(canvas.name(one.card, canvas.width).rstrip()) for one in limits)
    name_room = min(max(32, longest_name), canvas.width // 3)
    room = canvas.width - name_room - _DAYS
    found: list[ChartRow] = []
    for one, (usual, late) in limits.items():
        filled = max(1, round(one.days / longest * room))
        bar = list(f"{canvas.signs.bar * filled:<{room}}")
        for limit, mark in ((usual, ":"), (late, canvas.signs.side)):
            if limit is not None:
                bar[min(room - 1, max(0, round(limit / longest * room) - 1))] = mark
        is_old = late is not None and one.days > late
        words = f"{'!' if is_old else ' '}{'x' if one.is_blocked else ' '}{written(one.days):>5}d"
        found.append(
            ChartRow(
                (
                    (canvas.name(one.card, name_room), "strong" if is_old else ""),
                    (f" {words} ", "warning" if is_old else "quiet"),
                    ("".join(bar).rstrip(), "warning" if is_old else "name"),
                ),
                one.card,
            )
        )
    legend = f"working days in progress; : P50 {canvas.signs.side} P85 of cards done; ! older, x blocked"
    return [*found, ChartRow(((legend[: canvas.width], "quiet"),))]


def _calibration(flow: Flow, canvas: Canvas) -> list[ChartRow]:
    """A bar for each person and each kind of work: left of the middle faster than estimated, right of it slower."""
    if not flow.records:
        return []
    name_room = min(30, canvas.width // 3)
    room = canvas.width - name_room - 32
    has_bars = canvas.width >= _NARROW
    head = f"{'':<{name_room}} {'cards':>5}"
    head += f" {'actual/likely':>13} {'in range':>9} {_scale(room)}" if has_bars else f" {'actual':>7}"
    found = [ChartRow(((head, "quiet"),))]
    by = ""
    for one in flow.records:
        if one.by != by and by:
            found.append(ChartRow(()))
        by = one.by
        name, factor = canvas.fit(said(one), name_room), f"x {one.factor:.2f}"
        look = "name" if one.count >= ENOUGH else "quiet"
        if has_bars:
            ranges = f"{one.within} of {one.ranges}" if one.ranges else ""
            figures = f" {one.count:>5} {factor:>13} {ranges:>9} "
            found.append(ChartRow(((name, ""), (figures, ""), (_factor_bar(one, room, canvas.signs), look))))
        else:
            found.append(ChartRow(((name, ""), (f" {one.count:>5} {factor:>7}", look))))
    return [*found, ChartRow((("above 1 took longer than its likely figure"[: canvas.width], "quiet"),))]


def said(one: Record) -> str:
    """Whose estimates a record is about."""
    if one.by == "all":
        return "all"
    return place_titles(one.id)[-1] if one.by == "kind" else one.id or "no owner"


def _scale(room: int) -> str:
    middle = room // 2
    return f"{'1/4':<{max(0, middle)}}1{'x4':>{max(2, room - middle - 1)}}"


def _factor_bar(one: Record, room: int, signs: Signs) -> str:
    """From the middle, which is as estimated, by powers of two."""
    middle = room // 2
    reach = max(-_OCTAVES, min(_OCTAVES, log2(one.factor))) / _OCTAVES
    end = middle + round(reach * middle)
    cells = [" "] * room
    for at in range(min(middle, end), max(middle, end) + 1):
        cells[min(room - 1, at)] = signs.bar
    cells[middle] = signs.side
    return "".join(cells).rstrip()

"""The figures behind each chart of flow, as rows: cards where the chart is of cards, else a row a week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

from ...model.flow.charts import ChartName, said
from ...model.flow.cumulative import Day
from ...model.flow.finished import PERCENTILES, Span
from ...model.flow.flow import Flow
from ...model.playbook.outline import place_titles
from ...model.text.dates import say_date, short_date
from ...model.text.figure import written
from ..draw.spans import Line, line

_NAME = 30
CELLS = 30
"""Cells before the title of a card."""


def number_lines(flow: Flow, name: ChartName, title: Callable[[str], str]) -> list[Line]:
    """The rows of a chart; those of a card have its id as their key. `title` gives what a card is called."""
    match name:
        case "cycle-time":
            return [*_phases(flow), line(), *_cards(reversed(flow.spans.done), flow.today, title)]
        case "ageing":
            return list(_cards(flow.spans.in_progress, flow.today, title))
        case "throughput":
            return list(_weeks(flow))
        case "cumulative":
            return list(_days(flow.days, flow.today))
        case "burn-up":
            return [*_ahead(flow), line(), *_days(flow.days, flow.today)]
        case "calibration":
            return list(_records(flow))


def _head(*words: str) -> Line:
    return line((f"{words[0]:<{_NAME}}" + "".join(f"{one:>9}" for one in words[1:]), "heading"))


def _row(name: str, *figures: str) -> Line:
    return line(f"{name:<{_NAME}}", "".join(f"{one:>9}" for one in figures))


def _phases(flow: Flow) -> Iterator[Line]:
    yield _head("phase", "cards", *(f"P{one}" for one in PERCENTILES))
    for phase, cards in (*flow.spans.phases.items(), ("", flow.spans.done)):
        found = (flow.spans.percentile(one, phase) for one in PERCENTILES)
        days = (written(one) if one is not None else "" for one in found)
        yield _row(place_titles(phase)[0] if phase else "all", str(len(cards)), *days)


def _cards(cards: Iterable[Span], today: dt.date, title: Callable[[str], str]) -> Iterator[Line]:
    """A row a card: when it began, when it was done, its working days, its title."""
    yield line((f"{'began':<12}{'until':<12}{'days':>5} ", "heading"), ("card", "heading"))
    for one in cards:
        dates = f"{short_date(one.start, today):<12}{short_date(one.end, today):<12}{written(one.days):>5} "
        yield line((dates, "quiet"), title(one.card), key=one.card)


def _weeks(flow: Flow) -> Iterator[Line]:
    yield _head("week of", "done")
    for one in reversed(flow.weeks):
        note = "" if one.is_whole else "  not whole"
        yield line(f"{short_date(one.monday, flow.today):<{_NAME}}{one.done:>9}", (note, "quiet"))


def _days(days: tuple[Day, ...], today: dt.date) -> Iterator[Line]:
    """The newest day, and one a week before it."""
    yield _head("end of", "done", "blocked", "begun", "to do", "all")
    for one in days[::-1][::7]:
        yield _row(short_date(one.date, today), *map(str, one.counts), str(one.scope))


def _ahead(flow: Flow) -> Iterator[Line]:
    if flow.ahead.why_not:
        yield line((f"no date: {flow.ahead.why_not}", "quiet"))
    for name, day in flow.ahead.dates.items():
        yield line(f"{name.upper():<{_NAME}}all done by {say_date(day, flow.today)}")


def _records(flow: Flow) -> Iterator[Line]:
    yield _head("estimates of", "cards", "factor", "spread", "ranges", "held")
    for one in flow.records:
        figures = f"{one.factor:.2f}", f"{one.spread:.2f}", str(one.ranges), str(one.within)
        yield _row(said(one), str(one.count), *figures)

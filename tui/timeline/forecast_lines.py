"""The forecast of a milestone: a histogram of its ends, their running share (the S-curve), and both in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ...model.forecast.forecast import Outlook
from ...model.text.dates import say_date, short_date
from ..draw.glyphs import Glyphs
from ..draw.spans import Line, Span, line, wrap
from ..draw.text import fit_sentence
from .gantt_lines import signs_of

CHANCES = (0.5, 0.8, 0.95)
"""The percentiles that are marked: P50, P80, P95."""
_DATE, _MARKS = 11, 14
_MOST_DAYS = 21
"""Days beyond which weeks are counted."""


def percentile_words(one: Outlook, today: dt.date) -> str:
    """By when it is reached in 50, 80 and 95 of a hundred runs."""
    dates = ((round(chance * 100), one.date(chance)) for chance in CHANCES)
    return " · ".join(
        f"P{name} {say_date(date, today) if date is not None else 'never'}" for name, date in dates
    )


def outlook_words(one: Outlook, today: dt.date) -> str:
    """The percentiles, and in how many runs of a hundred the due date holds."""
    words = percentile_words(one, today)
    if one.due is None or one.chance is None:
        return words
    return f"{words} · due {say_date(one.due, today)} holds in {one.chance * 100:.0f} of 100 runs"


def outlook_lines(title: str, one: Outlook, today: dt.date, width: int, glyphs: Glyphs) -> Iterator[Line]:
    """A row for each day on which a run ends, or for each week where these are many."""
    signs = signs_of(glyphs)
    yield line((fit_sentence(f"Forecast of {title}, {len(one.ends):,} runs", width, glyphs), "heading"))
    yield from (Line(row) for row in wrap([(outlook_words(one, today), "strong")], width))
    yield line()
    counts = _counted(one)
    most = max(counts.values(), default=1)
    room = max(8, (width - _DATE - _MARKS - 14) // 2)
    yield line((f"{'done by':<{_DATE}}{'runs':<{room + 6}}{'share that is done':<{room + 6}}", "quiet"))
    done = 0
    marks = _marks(one, counts)
    for end, count in counts.items():
        done += count
        share = done / len(one.ends)
        bar = signs.work * max(1, round(count / most * room))
        at = min(room - 1, int(share * room))
        curve = f"{signs.slack * at}{glyphs.mark}".ljust(room)
        mark: Span = (f" {marks.get(end, '')}", "warning")
        yield line(
            f"{short_date(end, today):<{_DATE}}",
            (f"{bar:<{room}}", "name"),
            (f"{count / len(one.ends):>5.0%} ", "quiet"),
            (curve, "good"),
            f"{share:>5.0%}",
            mark,
        )
    if done < len(one.ends):
        yield line((f"{len(one.ends) - done} runs never end", "bad"))


def _counted(one: Outlook) -> dict[dt.date, int]:
    """Runs by their last day, days between them too; by the Sunday of its week where there are many."""
    days = dict(sorted(one.days.items()))
    if len(days) <= _MOST_DAYS:
        return days
    found: dict[dt.date, int] = {}
    for day, count in days.items():
        sunday = day + dt.timedelta(days=6 - day.weekday())
        found[sunday] = found.get(sunday, 0) + count
    return found


def _marks(one: Outlook, counts: dict[dt.date, int]) -> dict[dt.date, str]:
    """What is said behind a row: the percentiles that are reached there, and the due date."""
    found: dict[dt.date, list[str]] = {}
    wanted = [(f"P{round(chance * 100)}", one.date(chance)) for chance in CHANCES]
    for name, day in (*wanted, ("due", one.due)):
        row = next((end for end in counts if day is not None and end >= day), None)
        if row is not None:
            found.setdefault(row, []).append(name)
    return {day: " ".join(names) for day, names in found.items()}

"""What the steps of a trial do: milestones, P80, money and overload before and after, where they differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from ...model.capacity.calendar import say_days
from ...model.review.figures import Figures, targets_of
from ...model.schedule.targets import Key
from ...model.text.amounts import counted
from ...model.text.dates import day_month
from ..draw.glyphs import Glyphs
from ..draw.spans import Line, Span, line
from ..draw.text import clip

MOST_LINES = 6
"""Rows that the trial takes of the screen at most."""


class Row(NamedTuple):
    """What differs, in words, and whether that is for the better."""

    name: str
    text: str
    look: str


@dataclass(frozen=True)
class Effect:
    """Both sides of a trial."""

    before: Figures
    after: Figures

    @property
    def is_whole(self) -> bool:
        """Whether chances and money are known."""
        return self.after.forecast is not None

    def rows(self, glyphs: Glyphs) -> Iterator[Row]:
        """What differs: dates, then money, then people with too much."""
        yield from self._dates(glyphs)
        yield from self._money(glyphs)
        yield from self._overload(glyphs)

    def _dates(self, glyphs: Glyphs) -> Iterator[Row]:
        today = self.after.schedule.today
        for key in targets_of((self.before, self.after)):
            old, new = self.before.end(key), self.after.end(key)
            parts: list[str] = []
            moved = _days(old, new)
            if old != new:
                by = f", {moved:+} {'day' if abs(moved) == 1 else 'days'}" if moved else ""
                parts.append(f"{_day(old, today)} {glyphs.arrow} {_day(new, today)}{by}")
            was, now = self.before.p80(key), self.after.p80(key)
            if was != now and self.is_whole:
                parts.append(f"P80 {_day(was, today)} {glyphs.arrow} {_day(now, today)}")
                moved = moved or _days(was, now)
            late, later = self.before.late(key), self.after.late(key)
            if late != later:
                said = [f"{say_days(one)} late" if one else "in time" for one in (late, later)]
                parts.append(f"{said[0]} {glyphs.arrow} {said[1]}")
            if parts:
                yield Row(self._called(key), glyphs.separator.join(parts), _look(moved))

    def _money(self, glyphs: Glyphs) -> Iterator[Row]:
        found = [*(self.before.budgets.by_project if self.before.budgets is not None else ())]
        for project in found:
            was, now = self.before.cost(project), self.after.cost(project)
            if was is not None and now is not None and round(was) != round(now):
                unit = self.after.budgets.unit if self.after.budgets is not None else ""
                text = f"{was:,.0f} {glyphs.arrow} {now:,.0f} {unit}, {now - was:+,.0f}"
                yield Row(f"cost P80 {self._project(project)}", text, _look(now - was))

    def _overload(self, glyphs: Glyphs) -> Iterator[Row]:
        people = dict.fromkeys((*self.before.schedule.loads, *self.after.schedule.loads))
        for person in people:
            was, now = self.before.over(person), self.after.over(person)
            if was != now:
                text = f"too much work in {counted(was, 'week')} {glyphs.arrow} {counted(now, 'week')}"
                yield Row(person, text, _look(now - was))

    def _called(self, key: Key) -> str:
        project, milestone = key
        found = self.after.schedule.milestones.get(key) or self.before.schedule.milestones.get(key)
        return found.title if found is not None else milestone or f"end of {self._project(project)}"

    def _project(self, name: str) -> str:
        record = self.after.schedule.dates.plan.projects.get(name)
        return record.label if record is not None else name


def _days(old: dt.date | None, new: dt.date | None) -> int:
    return (new - old).days if old is not None and new is not None else 0


def _day(day: dt.date | None, today: dt.date) -> str:
    if day is None:
        return "no date"
    return day_month(day, today)


def _look(worse: float) -> str:
    return "warning" if worse > 0 else "good" if worse < 0 else ""


def trial_lines(
    steps: int, effect: Effect | None, width: int, keys: tuple[str, str, str], glyphs: Glyphs
) -> Sequence[Line]:
    """The head of a trial: how many edits are tried, how it ends, and what they do."""
    keep, drop, effect_key = keys
    them = "it" if steps == 1 else "all"
    how = (
        f"{keep} keeps {them} as one step, {drop} drops {them}"
        if steps
        else f"edit cards as usual; {drop} ends the trial"
    )
    head: list[Span] = [
        ("Trial ", "warning"),
        (f"{counted(steps, 'edit')}, nothing is saved: {how}", "strong"),
    ]
    lines = [line(head[0], (clip(head[1][0], max(8, width - 7)), "strong"))]
    if not steps:
        return lines
    if effect is None:
        return [*lines, line(("  working out what that does …", "quiet"))]
    rows = list(effect.rows(glyphs))
    room = MOST_LINES - 1 - (not effect.is_whole)
    shown = rows[: room - (len(rows) > room)]
    # Of a name that is too long more is shown where what is said of it leaves the room.
    room_of_names = max(width // 4, width - 4 - max((cell_len(row.text) for row in shown), default=0))
    wide = min(room_of_names, max((cell_len(row.name) for row in shown), default=0))
    for row in shown:
        mark = f"{glyphs.warning} " if row.look == "warning" else "  "
        name = set_cell_size(clip(row.name, wide), wide)
        text = clip(row.text, max(8, width - wide - 4))
        lines.append(line((mark, row.look), (f"{name}  ", "label"), (text, row.look)))
    if len(rows) > room:
        lines.append(line((f"  and {len(rows) - room + 1} more: {effect_key} lists them", "quiet")))
    if not rows:
        lines.append(
            line(
                (
                    "  no date moves"
                    if not effect.is_whole
                    else "  no date, no money and no one's load changes",
                    "quiet",
                )
            )
        )
    if not effect.is_whole:
        lines.append(line(("  chances and money are being worked out …", "quiet")))
    return lines

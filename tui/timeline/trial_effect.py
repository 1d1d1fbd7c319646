"""What the steps of a trial do: milestones, P80, money and overload before and after, where they differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import set_cell_size

from ...model.budget.budget import Budgets
from ...model.capacity.calendar import say_days
from ...model.derived.derived import Derived
from ...model.forecast.forecast import Forecast
from ...model.schedule.schedule import Schedule
from ...model.schedule.targets import Key
from ...model.text.amounts import counted
from ...model.text.dates import MONTHS
from ..draw.glyphs import Glyphs
from ..draw.spans import Line, Span, line
from ..draw.text import clip

MOST_LINES = 6
"""Rows that the trial takes of the screen at most."""
_NAME = 16


@dataclass(frozen=True)
class Side:
    """One side of the comparison; forecast and money are None while they are worked out."""

    schedule: Schedule
    forecast: Forecast | None = None
    budgets: Budgets | None = None

    @classmethod
    def dates(cls, derived: Derived) -> Side:
        """The dates alone, which are known first."""
        return cls(derived.schedule())

    @classmethod
    def whole(cls, derived: Derived) -> Side:
        """With chances and money."""
        return cls(derived.schedule(), derived.forecast(), derived.budget())

    def end(self, key: Key) -> dt.date | None:
        """The day on which a milestone, or a project, is reached as planned."""
        end = self.schedule.targets.ends.get(key)
        return self.schedule.axis.date(end - 1) if end is not None else None

    def p80(self, key: Key) -> dt.date | None:
        """The day by which it is reached in 80 of 100 runs."""
        return (
            self.forecast.outlook(key).date(0.8)
            if self.forecast is not None and self.forecast.has(key)
            else None
        )

    def late(self, key: Key) -> int:
        """Half days after the due date."""
        one = self.schedule.milestones.get(key)
        return one.late if one is not None else 0

    def cost(self, project: str) -> float | None:
        """What a project costs in 80 of 100 runs at most."""
        one = self.budgets.by_project.get(project) if self.budgets is not None else None
        return one.whole.cost(0.8) if one is not None else None

    def over(self, person: str) -> int:
        """Weeks in which a person has more work than time."""
        load = self.schedule.loads.get(person)
        return sum(week.over > 0 for week in load.weeks) if load is not None else 0


class Row(NamedTuple):
    """What differs, in words, and whether that is for the better."""

    name: str
    text: str
    look: str


@dataclass(frozen=True)
class Effect:
    """Both sides of a trial."""

    before: Side
    after: Side

    @property
    def is_whole(self) -> bool:
        """Whether chances and money are known."""
        return self.after.forecast is not None

    def rows(self, glyphs: Glyphs) -> Iterator[Row]:
        """What differs: dates, then money, then people with too much."""
        yield from self._dates(glyphs)
        yield from self._money(glyphs)
        yield from self._overload(glyphs)

    def _keys(self) -> list[Key]:
        """Milestones, and the ends of projects that have none, by the date before."""
        made = (self.before.schedule, self.after.schedule)
        known = dict.fromkeys(key for side in made for key in side.milestones)
        with_milestones = {project for project, _ in known}
        ends = dict.fromkeys(
            key for side in made for key in side.targets.ends if not key[1] and key[0] not in with_milestones
        )
        return sorted((*known, *ends), key=lambda key: (self.before.end(key) or dt.date.max, key))

    def _dates(self, glyphs: Glyphs) -> Iterator[Row]:
        today = self.after.schedule.today
        for key in self._keys():
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
                yield Row(key[1] or f"end of {key[0]}", glyphs.separator.join(parts), _look(moved))

    def _money(self, glyphs: Glyphs) -> Iterator[Row]:
        found = [*(self.before.budgets.by_project if self.before.budgets is not None else ())]
        for project in found:
            was, now = self.before.cost(project), self.after.cost(project)
            if was is not None and now is not None and round(was) != round(now):
                unit = self.after.budgets.unit if self.after.budgets is not None else ""
                text = f"{was:,.0f} {glyphs.arrow} {now:,.0f} {unit}, {now - was:+,.0f}"
                yield Row(f"cost P80 {project}", text, _look(now - was))

    def _overload(self, glyphs: Glyphs) -> Iterator[Row]:
        people = dict.fromkeys((*self.before.schedule.loads, *self.after.schedule.loads))
        for person in people:
            was, now = self.before.over(person), self.after.over(person)
            if was != now:
                text = f"too much work in {counted(was, 'week')} {glyphs.arrow} {counted(now, 'week')}"
                yield Row(person, text, _look(now - was))


def _days(old: dt.date | None, new: dt.date | None) -> int:
    return (new - old).days if old is not None and new is not None else 0


def _day(day: dt.date | None, today: dt.date) -> str:
    if day is None:
        return "no date"
    month = MONTHS[day.month - 1][:3].capitalize()
    return f"{day.day} {month}" if day.year == today.year else f"{day.day} {month} {day.year % 100:02d}"


def _look(worse: float) -> str:
    return "warning" if worse > 0 else "good" if worse < 0 else ""


def trial_lines(
    steps: int, effect: Effect | None, width: int, keys: tuple[str, str, str], glyphs: Glyphs
) -> Sequence[Line]:
    """The head of a trial: how many edits are tried, how it ends, and what they do."""
    keep, drop, effect_key = keys
    how = (
        f"{keep} keeps them as one step, {drop} drops them"
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
    wide = min(_NAME, max((len(row.name) for row in shown), default=0))
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

"""The load view: people and teams by week, as a bar and as a share; and the hand-overs between teams."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Hashable, Iterator, Mapping, Sequence

from rich.cells import set_cell_size

from ...model.capacity.calendar import say_days
from ...model.schedule.handovers import Handover
from ...model.schedule.load import Load, Week, work_by_week
from ...model.schedule.schedule import Schedule
from ...model.text.dates import narrow_date, say_monday, short_date
from ...model.text.figure import written
from ..draw.glyphs import Glyphs
from ..draw.spans import Line, Span, line
from ..draw.text import fit, shown
from .gantt_lines import Signs, signs_of

_NAME = 14
WIDE, NARROW = 7, 2
"""Cells of a week: with the share in figures, or the bar alone."""


class LoadRows:
    """Draws the weeks of people and teams from one week on."""

    def __init__(self, made: Schedule, glyphs: Glyphs) -> None:
        self.made, self.glyphs = made, glyphs
        self.signs: Signs = signs_of(glyphs)
        self.mondays = sorted({week.monday for load in made.loads.values() for week in load.weeks})
        self._by_key: dict[Hashable, Load] = {
            **{("person", name): load for name, load in made.loads.items()},
            **{("team", name): load for name, load in made.team_loads.items()},
        }
        # Weeks that have passed are there because of cards that are fixed in the past.
        now = made.today - dt.timedelta(days=made.today.weekday())
        self.first = min(bisect_left(self.mondays, now), max(0, len(self.mondays) - 1))
        self.cell = WIDE

    def moved(self, weeks: int) -> None:
        """Shows later weeks, or earlier ones."""
        self.first = min(max(0, self.first + weeks), max(0, len(self.mondays) - 1))

    def lines(self, width: int, project: str) -> list[Line]:
        """Those who work in a project, or everyone; teams below."""
        made = self.made
        people = {
            one.person for one in made.cards.values() if one.person and project in ("", one.task.project)
        }
        rows = [self._head(width)]
        mine = [load for name, load in made.loads.items() if name in people]
        rows += [self._row(load, width, ("person", load.name)) for load in mine]
        teams = {load.team for load in mine}
        wanted = [load for name, load in made.team_loads.items() if name in teams]
        if wanted:
            rows.append(line(("Teams", "heading")))
            rows += [self._row(load, width, ("team", load.name)) for load in wanted]
        return rows if mine else [line(("no card has a person yet: o on a card picks one", "quiet"))]

    def _shown(self, width: int) -> Sequence[dt.date]:
        count = max(1, (width - _NAME) // self.cell)
        return self.mondays[self.first : self.first + count]

    def _head(self, width: int) -> Line:
        text = " " * _NAME
        free = 0
        for at, monday in enumerate(self._shown(width)):
            place = _NAME + at * self.cell
            said = narrow_date(monday, self.made.today)
            if place >= free and place + len(said) <= width:
                text = text.ljust(place) + said
                free = place + len(said) + 1
        return line((text, "quiet"))

    def _row(self, load: Load, width: int, key: tuple[str, str]) -> Line:
        weeks = {week.monday: week for week in load.weeks}
        name = set_cell_size(fit(shown(load.name), _NAME - 1, self.glyphs), _NAME)
        spans: list[Span] = [(name, "bad" if load.over else "")]
        for monday in self._shown(width):
            spans.extend(self._cell(weeks.get(monday)))
        return line(*spans, key=key)

    def _cell(self, week: Week | None) -> Iterator[Span]:
        if week is None:
            yield " " * self.cell, ""
            return
        if not week.capacity and not week.load:
            yield f"{self.signs.off:<{self.cell}}", "quiet"
            return
        step = week.level(len(self.signs.levels))
        level = self.signs.levels[step - 1] if step else " "
        mark = "!" if week.over else " "
        look = "bad" if week.over else "good" if week.load else "quiet"
        yield level, look
        if self.cell >= WIDE:
            yield f"{week.taken:>4}{mark} ".ljust(self.cell - 1), look
        else:
            yield mark, look

    def about(self, key: Hashable) -> tuple[str, str]:
        """Where the person, or the team, of a row has more work than time."""
        load = self._by_key.get(key)
        if load is None:
            return ("", "")
        over = [week for week in load.weeks if week.over]
        work = written(round(sum(week.load for week in load.weeks), 1))
        there = written(round(sum(week.capacity for week in load.weeks), 1))
        first = f"{load.name}: {work} days of work, {there} days available until it is done"
        if not over:
            return first, "never more work than time"
        said = "; ".join(f"{week.said}, week of {say_monday(week.monday, self.made.today)}" for week in over)
        return first, f"! more work than time: {said}"

    def explained(self, key: tuple[str, str]) -> Iterator[str]:
        """The cards of each week of a person, or of each one of a team."""
        kind, name = key
        for load in self.made.loads.values():
            if name != (load.name if kind == "person" else load.team):
                continue
            yield f"{load.name}: days of work in each week, by card"
            weeks = {week.monday: week for week in load.weeks}
            for monday, works in work_by_week(self.made.dates, load.name).items():
                week, day = weeks[monday], short_date(monday, self.made.today)
                yield f"  {'! ' if week.over else ''}{day}: {week.said}"
                for one, days in works:
                    yield f"      {written(round(days, 2))}  {one.task.card.label}"
            yield ""


def handover_lines(
    made: Schedule, given: Mapping[Hashable, Handover], width: int, glyphs: Glyphs
) -> list[Line]:
    """What one team gives to another, by date, with the slack."""
    if not given:
        return [line(("no card waits for a card of another team", "quiet"))]
    teams = max(len(f"{one.from_team} {glyphs.arrow} {one.to_team}") for one in given.values())
    room = min(teams, max(16, width // 3))
    rows = [line((f"{'when':<11}{'from and to':<{room + 1}}{'slack':<13}what", "quiet"))]
    for key, one in given.items():
        between = fit(shown(f"{one.from_team} {glyphs.arrow} {one.to_team}"), room, glyphs)
        slack = say_days(one.slack) if one.slack else f"{'none':<5}!"
        title = made.cards[one.giver].task.card.label
        rows.append(
            line(
                f"{short_date(one.date, made.today):<11}",
                (set_cell_size(between, room + 1), "quiet"),
                (f"{slack:<13}", "" if one.slack else "warning"),
                fit(shown(title), max(8, width - room - 25), glyphs),
                key=key,
            )
        )
    return rows


def handovers(made: Schedule, project: str) -> Mapping[Hashable, Handover]:
    """The hand-overs that touch a project, or all, by the cards that they link."""
    return {
        ("handover", one.giver, one.taker): one
        for one in made.handovers
        if project in ("", made.cards[one.giver].task.project, made.cards[one.taker].task.project)
    }

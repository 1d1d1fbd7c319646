"""What the Timeline shows, worked out once for a schedule in the session's worker: bars and marks at points in time.

Drawing a row then asks for nothing but numbers, whatever the size of the plan.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, partial

from ...model.capacity.calendar import HALF_DAYS, Axis, half_days, say_days
from ...model.forecast.forecast import Forecast
from ...model.records.card import Card
from ...model.schedule.dates import Placed
from ...model.schedule.problem import Problem
from ...model.schedule.reasons import Reason
from ...model.schedule.schedule import Schedule
from ...model.schedule.targets import Milestone
from ...model.text.dates import day_month, say_date
from ...model.text.named import named, quoted
from .scale import PER_DAY, point


@dataclass(frozen=True)
class Bar:
    """A card in time. What only its own row and the lines about it say is worked out when they are drawn."""

    made: Schedule = field(repr=False, compare=False)
    slack_of: Mapping[str, int] = field(repr=False, compare=False)
    """Slack by card, in half days; that of an earlier schedule, or none, while this one's is being worked out."""
    placed: Placed
    card: Card
    start: int
    end: int

    @property
    def who(self) -> str:
        """Who does it; empty where no person is asked for."""
        return self.placed.person or ""

    @property
    def is_critical(self) -> bool:
        """Whether its milestone moves with it."""
        return self.slack_of.get(self.placed.task.id) == 0

    @property
    def is_late(self) -> bool:
        """Whether it ends after its own due date."""
        return self.card.due is not None and self.made.late(self.placed) > 0

    @cached_property
    def reason(self) -> Reason:
        """Why it starts when it does."""
        return self.made.reasons.of(self.placed)

    @cached_property
    def ready(self) -> int:
        """When everything but its person is there; its start where it does not wait for one."""
        if self.reason.kind not in ("person", "calendar") or self.placed.start <= 0:
            return self.start
        return min(_point(self.made.axis, self.made.reasons.earliest(self.placed)), self.start)

    @cached_property
    def slack_end(self) -> int:
        """When it must have ended for its milestone to stay."""
        axis, slack = self.made.axis, self.slack_of.get(self.placed.task.id)
        return _end_point(axis, min(self.placed.end + slack, axis.horizon)) if slack else self.end

    @property
    def done(self) -> int:
        """Half days of a card in progress that are done: what was estimated without what remains."""
        card = self.card
        if card.status != "doing" or card.remaining is None or not card.estimate:
            return 0
        likely = card.estimate[len(card.estimate) // 2]
        return max(0, half_days(likely) - half_days(card.remaining))

    @cached_property
    def away(self) -> tuple[tuple[int, int], ...]:
        """When its person is not there: first and last day by ordinal."""
        there = self.placed.presence
        if there is None:
            return ()
        return tuple((first.toordinal(), last.toordinal()) for first, last in there.absences)


class Chart:
    """A schedule as it is drawn."""

    def __init__(self, made: Schedule, *, before: Chart | None = None, is_final: bool = True) -> None:
        """One that is not final has the slack of the chart before it, as far as there is one."""
        self.made = made
        self.is_final = is_final
        """Whether its slack is its own, and no better schedule is looked for."""
        self.slack: Mapping[str, int] = made.slack if is_final else before.slack if before is not None else {}
        self.today = point(made.today)
        self.bars = dict(_bars(made, self.slack))
        # No row that is drawn waits for what all rows have in common.
        _ = made.dates.by_person
        self.missing = {name: task.card for name, task in made.dates.tasks.items() if name not in self.bars}
        """The cards that have no place in the schedule."""
        self.open_days = frozenset(made.axis.days)
        """Ordinals of the days on which the board works."""

    @cached_property
    def problems(self) -> Mapping[str, Problem]:
        """For each card, the first thing that cannot be scheduled as it is written."""
        return {one.id: one for one in reversed(self.made.dates.problems)}

    def milestones(self, project: str) -> list[Milestone]:
        """The open milestones of a project by date, those without one last; of all projects where none is named."""
        found = [
            one for one in self.made.milestones.values() if not one.is_done and project in ("", one.key[0])
        ]
        return sorted(found, key=lambda one: (one.key[0] if not project else "", one.date or dt.date.max))

    def next_milestone(self, project: str) -> Milestone | None:
        """The first one that is late, else the first one."""
        found = [one for one in self.milestones(project) if one.date is not None]
        return next((one for one in found if one.late), found[0] if found else None)

    def drag(self, card: str) -> int:
        """Half days by which a card alone holds its milestone up."""
        return self.made.drag(card)

    def head(self, project: str, forecast: Forecast | None, *, is_wide: bool) -> str:
        """What is late, or critical, and the next date; where there is room, as of when, and both."""
        bars = [one for one in self.bars.values() if not project or one.card.project == project]
        today = self.made.today
        parts = [f"as of {day_month(today, today)}"] if is_wide else []
        critical, late = sum(bar.is_critical for bar in bars), sum(bar.is_late for bar in bars)
        parts.append(f"{late} late" if late else f"{critical} critical")
        if late and is_wide:
            parts[-1] += f", {critical} critical"
        one = self.next_milestone(project)
        if one is not None:
            parts.append(
                milestone_words(one, today, p80_of(forecast, one), say_date if is_wide else day_month)
            )
        return " · ".join(parts)

    def why(self, card: str, drag: int | None) -> tuple[str, str]:
        """Why a card starts when it does, and what it may be late by. `drag` is None while that is worked out."""
        made, today = self.made, self.made.today
        bar = self.bars.get(card)
        if bar is None:
            problem = self.problems.get(card)
            return ("has no date", problem.message if problem is not None else "what it waits for has none")
        one = made.cards[card]
        start, end = (say_date(day, today) for day in (made.dates.start_date(one), made.dates.end_date(one)))
        verb = "goes on" if bar.card.status == "doing" else "starts"
        words = [f"ends {end}"]
        if made.late(one) and bar.card.due is not None:
            words.append(f"{say_days(made.late(one))} late, due {say_date(bar.card.due, today)}")
        slack = self.slack.get(card) if self.is_final else None
        words.append("slack …" if slack is None else f"slack {say_days(slack)}" if slack else "no slack")
        if bar.is_critical and drag != 0:
            words.append("drag …" if drag is None else f"drag {say_days(drag)}")
        project, name = made.targets.target[card]
        target = made.milestones.get((project, name))
        words.append(f"leads to {quoted(target.title) if target is not None else 'the end of the project'}")
        return f"{verb} {start}: {bar.reason.text}", " · ".join(words)

    def explained(self, card: str, drag: int | None) -> Iterator[str]:
        """Everything about the dates of a card, a line each, with the way to it."""
        yield from self.why(card, drag)
        if card in self.bars:
            yield ""
            yield from self.way_to(card)

    def way_to(self, card: str) -> Iterator[str]:
        """What a card waits for, from the first cause on."""
        made = self.made
        yield "The way to it, the first cause first"
        for one, reason in made.way_to(card):
            start, end = (
                say_date(day, made.today) for day in (made.dates.start_date(one), made.dates.end_date(one))
            )
            days = start if start == end else f"{start} to {end}"
            what = named(one.task.card.label, one.task.card.id)
            yield f"  {days}{f', {one.person}' if one.person else ''}: {what}"
            yield f"    {reason.text}"


def p80_of(forecast: Forecast | None, one: Milestone) -> dt.date | None:
    """By when a milestone is reached in 80 of 100 runs, where that is known."""
    return forecast.outlook(one.key).date(0.8) if forecast is not None and forecast.has(one.key) else None


def milestone_words(
    one: Milestone,
    today: dt.date,
    p80: dt.date | None = None,
    say: Callable[[dt.date, dt.date], str] = say_date,
) -> str:
    """A milestone with its date, its due date and how late it is; the title in quotes, so that it gives way first."""
    if one.date is None:
        return f"{quoted(one.title)}: no date"
    due = f", due {say(one.due, today)}" if one.due else ""
    late = f" (late {say_days(one.late)})" if one.late else ""
    likely = f", P80 {say(p80, today)}" if p80 is not None else ""
    return f"{quoted(one.title)}: {say(one.date, today)}{likely}{due}{late}"


def _bars(made: Schedule, slack: Mapping[str, int]) -> Iterator[tuple[str, Bar]]:
    """The cards that have a place, with what is needed to put them in order."""
    axis = made.axis
    starts, ends = cache(partial(_point, axis)), cache(partial(_end_point, axis))
    for name, one in made.cards.items():
        start = starts(one.start) if one.task.fixed is None else point(one.task.fixed)
        yield name, Bar(made, slack, one, one.task.card, start, max(ends(one.end), start + 1))


def _point(axis: Axis, moment: int) -> int:
    """The point of a moment."""
    return axis.days[moment // HALF_DAYS] * PER_DAY + moment % PER_DAY


def _end_point(axis: Axis, moment: int) -> int:
    """The point at which the half day before a moment is over."""
    return _point(axis, max(0, moment - 1)) + 1

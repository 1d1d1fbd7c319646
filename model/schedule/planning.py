"""From a plan to dates: its tasks, what is left out, its parts, and each part levelled on an axis long enough."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from ..capacity.calendar import HALF_DAYS, Axis, has_working_day, unreadable_rules
from ..plan.plan import Plan
from ..records.board import Calendar
from ..snapshot.snapshot import Snapshot
from ..text.dates import say_date
from .axes import YEARS, Axes
from .dates import Dates
from .left_out import waits_for
from .levelled import LevelledPart, first_pass, improved
from .outline import Outline
from .parts import Calendars, Part, network_of, span
from .problem import (
    BOARD,
    FAR_YEARS,
    NO_WORKING_DAYS,
    NOBODY_THERE,
    TOO_FAR,
    UNREADABLE_RULE,
    Problem,
)

Progress = Callable[[str, float | None], None]
"""Takes what is being worked out, and the share of it that is done. It may raise what ends the work."""

_YEAR = 200 * HALF_DAYS
"""Half days that surely are in a year of a usual calendar."""


class PartCache:
    """Parts that were levelled for an earlier state of the plan: what is the same now has the same dates.

    With them the working times of people, which take as long to make as to use.
    """

    def __init__(self) -> None:
        self._kept: dict[int | None, tuple[object, Mapping[Part, LevelledPart]]] = {}
        self._calendars: tuple[Calendars, ...] = ()
        self.outline: Outline | None = None
        """That of the newest schedule."""

    def calendars(self, axis: Axis) -> Calendars:
        """The working times on an axis."""
        known = self._calendars
        found = next((one for one in known if one.axis == axis), None) or Calendars(axis)
        self._calendars = (found, *(one for one in known if one is not found))[: len(YEARS)]
        return found

    def parts(self, key: object, effort: int | None) -> Mapping[Part, LevelledPart]:
        """Parts that were levelled with an effort on the axis with this key."""
        known, parts = self._kept.get(
            effort, (None, {})
        )  # one look: another thread may keep others meanwhile
        return parts if known == key else {}

    def keep(self, key: object, effort: int | None, parts: Mapping[Part, LevelledPart]) -> None:
        """Keep the parts of the newest schedule instead of those before."""
        self._kept[effort] = key, parts


def plan_dates(snapshot: Snapshot, effort: int | None, cache: PartCache, progress: Progress) -> Dates:
    """The dates of all cards that can have one. `effort`: schedules to try for each part; None for the usual."""
    progress("schedule", None)
    plan = snapshot.plan
    calendar, board_problems = _calendar(plan, snapshot.today)
    outline = Outline.of(snapshot, calendar, cache.calendars, cache.outline)
    cache.outline = outline
    axes = outline.axes
    levelled = _levelled(outline.parts, axes, effort, cache, progress)
    problems = (*board_problems, *outline.problems)
    # A part that was levelled before may be on a longer axis than any that was asked for now.
    axis = max((axes.at(0).axis, *(part.source.axis for part in levelled)), key=lambda one: one.last)
    tasks, downstream = outline.collected.by_id, outline.downstream
    dates = Dates(plan, snapshot.today, axis, tasks, tuple(levelled), problems, downstream)
    return replace(dates, problems=(*problems, *_unplaced(dates)))


def _calendar(plan: Plan, today: dt.date) -> tuple[Calendar, list[Problem]]:
    """The board's calendar; weekdays from Monday to Friday where it has no working day."""
    calendar = plan.board.calendar
    problems = [
        Problem(
            UNREADABLE_RULE,
            BOARD,
            f"the rule {calendar.recurring[at]!r} cannot be read, so that its days are worked: {why}",
            ("calendar", "recurring", at),
            "write it as RFC 5545 does: FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24,31",
        )
        for at, why in unreadable_rules(calendar).items()
    ]
    if not has_working_day(calendar, today):
        problems.append(
            Problem(
                NO_WORKING_DAYS,
                BOARD,
                "the calendar has no working day within a year; scheduled as if Monday to Friday were",
                ("calendar", "weekdays"),
                "name the days of the week on which you work, and look at holidays and recurring",
            )
        )
        return Calendar(), problems
    return calendar, problems


# ---- levelling


def _levelled(
    parts: Sequence[Part], axes: Axes, effort: int | None, cache: PartCache, progress: Progress
) -> list[LevelledPart]:
    before, firsts = cache.parts(axes.key, effort), cache.parts(axes.key, 0)
    known: dict[Part, LevelledPart] = {}
    total = sum(len(part.tasks) for part in parts) or 1
    done = 0

    def stop() -> bool:
        progress("schedule", done / total)  # raises where the schedule is not wanted any more
        return False

    for part in parts:
        stop()
        found = before.get(part)
        if found is None:
            first = firsts.get(part) or _first_dates(part, axes, _linked_alike(part, firsts.values()))
            found = improved(first, effort, stop)
        known[part] = found
        done += len(part.tasks)
    cache.keep(axes.key, effort, known)
    return list(known.values())


def _linked_alike(part: Part, others: Iterable[LevelledPart]) -> LevelledPart | None:
    """What was prepared for the same cards with other figures."""
    return next((one for one in others if one.source.part.links is part.links), None)


def _first_dates(part: Part, axes: Axes, like: LevelledPart | None) -> LevelledPart:
    """The first pass over a part, on an axis that is long enough."""
    length = _least_length(part)
    usual = next((at for at, years in enumerate(YEARS) if years * _YEAR > length), len(YEARS) - 1)
    for number in range(usual, len(YEARS)):
        source = network_of(part, axes.at(number), like.source if like is not None else None)
        first = first_pass(source, like.scheme if like is not None else None)
        if number == len(YEARS) - 1 or not _needs_more(first, axes.at(number).axis):
            return first
    raise AssertionError("the loop ends with the longest axis")


def _least_length(part: Part) -> int:
    """Half days that a part takes at least: by its links, and by what the person with most to do has to do.

    A card that several may do is the first one's.
    """
    works = [
        span(task.work, people[0].share) if people else task.work
        for task, people in zip(part.tasks, part.people, strict=True)
    ]
    if len(works) == 1:
        return works[0]
    sums: dict[str, int] = {}
    for work, people in zip(works, part.people, strict=True):
        if people:
            sums[people[0].person] = sums.get(people[0].person, 0) + work
    network = part.linked.with_works(works)
    _, ends = network.forward(network.order(), [0] * len(works))
    return max(*sums.values(), *ends, 0)


def _needs_more(found: LevelledPart, axis: Axis) -> bool:
    """Whether a longer axis could find a place for what has none."""
    dates = found.schedule
    if any(start >= 0 and start == end for start, end in zip(dates.starts, dates.ends, strict=True)):
        return True  # a pin of a person whose days end too early
    people = found.source.people
    return any(
        one.obstacle != "needs"
        and any(who is None or who.last is None or who.last > axis.last for who in people[one.activity])
        for one in dates.unplaced
    )


def _unplaced(dates: Dates) -> Iterable[Problem]:
    """What found no place beside everything else."""
    for part in dates.parts:
        tasks = part.source.part.tasks
        for one in part.schedule.unplaced:
            task = tasks[one.activity]
            if one.obstacle == "needs":
                missing = (need.before for need in task.needs if need.before not in dates.placed)
                yield waits_for(task, next(name for name in missing if name in dates.tasks))
                continue
            lasts = [who.last for who in part.source.people[one.activity] if who is not None]
            if lasts and all(last is not None and last <= dates.axis.last for last in lasts):
                last = max(day for day in lasts if day is not None)
                said = f"{task.owner or task.skill} is there until {say_date(last, dates.today)}, and has no "
                said += "time for it before that; left out"
                hint = "name another owner, or make the cards before it smaller"
                yield Problem(
                    NOBODY_THERE, task.card.address, said, ("owner" if task.owner else "skill",), hint
                )
            else:
                said = f"would end more than {FAR_YEARS} years from now; left out"
                yield Problem(TOO_FAR, task.card.address, said, ("estimate",))

"""What a schedule shows to be wrong: what comes late, who has too much, pins that cannot hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..capacity.calendar import say_days
from ..records.address import Address
from ..text.amounts import counted
from ..text.dates import on_date, say_date, say_monday
from .dates import Dates, Placed
from .load import Load
from .problem import (
    BOARD,
    CARD_LATE,
    MILESTONE_LATE,
    OVERLOAD,
    PIN_IMPOSSIBLE,
    PIN_IN_THE_PAST,
    Problem,
)
from .targets import Targets

_NAMED = 3


def warnings_of(dates: Dates, targets: Targets, loads: Mapping[str, Load]) -> Iterator[Problem]:
    """The findings of a schedule."""
    yield from _pins(dates)
    yield from _milestones(dates, targets)
    yield from _cards(dates)
    yield from _loads(dates, loads)


def _pins(dates: Dates) -> Iterator[Problem]:
    for one in dates.placed.values():
        if one.task.fixed is None:
            continue
        address = one.task.card.address
        if one.task.fixed < dates.today:
            yield Problem(
                PIN_IN_THE_PAST,
                address,
                f"fixed on {one.task.fixed}, which has passed, and it is not in progress",
                ("fixed",),
                "mark it as in progress or done, or fix another day",
            )
        for why in _broken(dates, one):
            yield Problem(
                PIN_IMPOSSIBLE,
                address,
                f"fixed {on_date(one.task.fixed, dates.today)}, and {why}",
                ("fixed",),
                "fix another day, or change what is in the way",
            )


def _broken(dates: Dates, one: Placed) -> Iterator[str]:
    """What makes a pin impossible: a link, the calendar, other work of the same person."""
    task, axis = one.task, dates.axis
    assert task.fixed is not None
    for need in task.needs:
        before = dates.placed.get(need.before)
        if before is None:
            yield f"{need.before}, which it needs, has no date"
            continue
        moment = (before.end if need.kind[0] == "F" else before.start) + need.lag
        own = one.start if need.kind[1] == "S" else one.end
        if own < moment:
            yield f"{need.before}, which it needs, {dates.reached(need)}"
    if task.card.not_before is not None and task.card.not_before > task.fixed:
        yield f"it may not start before {say_date(task.card.not_before, dates.today)}"
    if not axis.is_working(task.fixed):
        yield "that is not a working day"
    elif one.calendar is not None and one.calendar.opening(one.start) != one.start:
        back = one.calendar.opening(one.start)
        until = f" until {say_date(axis.date(back), dates.today)}" if back is not None else ""
        yield f"{one.person} is not there{until}"
    for other in _beside(dates, one):
        yield f"{one.person} is on {other.task.id} then"


def _beside(dates: Dates, one: Placed) -> Iterator[Placed]:
    """Other work that the person of a pin cannot do at the same time, as it is fixed or in progress too."""
    for other in dates.by_person.get(one.person or "", ()):
        if not (other.task.is_running or other.task.fixed is not None) or other is one:
            continue
        if other.start < one.end and one.start < other.end and one.excludes(other):
            yield other


def _milestones(dates: Dates, targets: Targets) -> Iterator[Problem]:
    for (project, name), one in targets.milestones.items():
        if one.late and one.due is not None and one.date is not None:
            yield Problem(
                MILESTONE_LATE,
                Address("strategy", project, "strategy"),
                f"{name} comes {on_date(one.date, dates.today)}, {say_days(one.late)} late: "
                f"due {say_date(one.due, dates.today)}",
                ("milestones", name, "due"),
                f"kedge critical {name} shows what it waits for",
            )


def _cards(dates: Dates) -> Iterator[Problem]:
    for one in dates.placed.values():
        due, late = one.task.card.due, dates.late(one)
        if late and due is not None:
            yield Problem(
                CARD_LATE,
                one.task.card.address,
                f"ends {say_date(dates.end_date(one), dates.today)}, {say_days(late)} late: "
                f"due {say_date(due, dates.today)}",
                ("due",),
                f"kedge critical {one.task.id} shows what it waits for",
            )


def _loads(dates: Dates, loads: Mapping[str, Load]) -> Iterator[Problem]:
    for name, load in loads.items():
        over = [week for week in load.weeks if week.over]
        if not over:
            continue
        said = ", ".join(f"{week.said} from {say_monday(week.monday, dates.today)}" for week in over[:_NAMED])
        more = f" and in {counted(len(over) - _NAMED, 'more week')}" if len(over) > _NAMED else ""
        yield Problem(
            OVERLOAD,
            Address("person", "", name) if name in dates.plan.people else BOARD,
            f"{name} has more work than time: {said}{more}",
            hint=f"fixed work and work in progress overlap: kedge list owner:{name} status:doing",
        )

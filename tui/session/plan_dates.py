"""What the board says of the schedule: dates by card, whom a card waits for, and each project's next milestone.

Made in the session's worker when nothing else is to be done, so that neither the start nor a key waits for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ...model.derived.derived import Derived
from ...model.text.dates import day_month

if TYPE_CHECKING:
    from ...model.forecast.forecast import Forecast
    from ...model.query.context import CardDates
    from ...model.schedule.schedule import Schedule
    from ...model.schedule.targets import Milestone


@dataclass(frozen=True)
class NextMilestone:
    """The next milestone of a project, the first late one where any is."""

    title: str
    dates: str
    """Its date, or its P80; where it is late, its due date, too."""
    is_late: bool


@dataclass(frozen=True)
class PlanDates:
    """The schedule as far as the board shows it. Equal ones are drawn alike."""

    cards: Mapping[str, CardDates] = field(default_factory=dict)
    waits: Mapping[str, str] = field(default_factory=dict)
    """By card, the person whose other work it waits for."""
    next: Mapping[str, NextMilestone] = field(default_factory=dict)
    """By project."""


MOST_FORECAST = 300
"""Cards with dates up to which the board forecasts its next milestones: the work must not be felt at the keys."""


def plan_dates(derived: Derived) -> PlanDates:
    """The dates of a plan."""
    from ...model.schedule.card_dates import card_dates

    made = derived.schedule()
    reasons = ((name, made.reasons.of(one)) for name, one in made.cards.items())
    waits = {name: reason.of for name, reason in reasons if reason.kind == "person" and reason.of}
    return PlanDates(card_dates(made), waits, _next_milestones(made))


def with_forecast(derived: Derived, known: PlanDates) -> PlanDates:
    """The same with the P80 of the next milestones, where the plan is small enough to forecast it all the time."""
    made = derived.schedule()
    if not made.milestones or len(made.cards) > MOST_FORECAST:
        return known
    return replace(known, next=_next_milestones(made, derived.forecast()))


def _next_milestones(made: Schedule, forecast: Forecast | None = None) -> dict[str, NextMilestone]:
    """The first one that is late, else the first one; by its P80 where there is a forecast."""
    found: dict[str, NextMilestone] = {}
    dated = [
        (day, one.due is not None and day > one.due, one)
        for one in made.milestones.values()
        if (day := _wanted(one, forecast)) is not None
    ]
    sign = "P80 " if forecast is not None else ""
    for day, is_late, one in sorted(dated, key=lambda row: (not row[1], row[0])):
        due = f", due {day_month(one.due, made.today)}" if is_late and one.due else ""
        when = f"{sign}{day_month(day, made.today)}{due}"
        found.setdefault(one.key[0], NextMilestone(one.title, when, is_late))
    return found


def _wanted(milestone: Milestone, forecast: Forecast | None) -> dt.date | None:
    if forecast is None or not forecast.has(milestone.key):
        return milestone.date
    return forecast.outlook(milestone.key).date(0.8) or milestone.date

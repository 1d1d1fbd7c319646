"""What the board says of the schedule: dates by card, whom a card waits for, and each project's next milestone.

Made in the session's worker when nothing else is to be done, so that neither the start nor a key waits for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...model.derived.derived import Derived
from ...model.text.dates import MONTHS

if TYPE_CHECKING:
    from ...model.query.context import CardDates
    from ...model.schedule.schedule import Schedule


@dataclass(frozen=True)
class PlanDates:
    """The schedule as far as the board shows it. Equal ones are drawn alike."""

    cards: Mapping[str, CardDates] = field(default_factory=dict)
    waits: Mapping[str, str] = field(default_factory=dict)
    """By card, the person whose other work it waits for."""
    next: Mapping[str, str] = field(default_factory=dict)
    """By project, its next milestone with its date; where it is late, a `!` and its due date."""


def plan_dates(derived: Derived) -> PlanDates:
    """The dates of a plan."""
    from ...model.schedule.card_dates import card_dates

    made = derived.schedule()
    reasons = ((name, made.reasons.of(one)) for name, one in made.cards.items())
    waits = {name: reason.of for name, reason in reasons if reason.kind == "person" and reason.of}
    return PlanDates(card_dates(made), waits, _next_milestones(made))


def _next_milestones(made: Schedule) -> dict[str, str]:
    """The first one that is late, else the first one."""
    found: dict[str, str] = {}
    dated = [(one.date, one) for one in made.milestones.values() if one.date is not None]
    for date, one in sorted(dated, key=lambda pair: (not pair[1].late, pair[0])):
        said = f"{one.key[1]} {_day(date)}"
        found.setdefault(one.key[0], f"! {said}, due {_day(one.due)}" if one.late and one.due else said)
    return found


def _day(day: dt.date) -> str:
    """Short, since the head line has other things to say."""
    return f"{day.day} {MONTHS[day.month - 1][:3].capitalize()}"

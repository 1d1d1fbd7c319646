"""What queries ask of a schedule, card by card."""

from __future__ import annotations

from ..capacity.calendar import in_days
from ..query.context import CardDates
from .schedule import Schedule


def card_dates(made: Schedule) -> dict[str, CardDates]:
    """The dates of all cards that have some."""
    return {
        name: CardDates(
            made.dates.start_date(one),
            made.dates.end_date(one),
            in_days(made.slack[name]),
            name in made.critical,
            made.late(one) > 0,
        )
        for name, one in made.cards.items()
    }

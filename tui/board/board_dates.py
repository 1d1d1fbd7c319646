"""The schedule on the board: asked of the session's worker when it is wanted, shown once it is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ...model.records.card import Card
from ...model.text.dates import say_date
from ...model.text.visible import one_line
from ..draw.card_summary import Fact
from ..session.plan_dates import PlanDates, plan_dates, with_forecast
from ..session.session import Session

if TYPE_CHECKING:
    from ...model.derived.derived import Derived
    from ...model.query.context import CardDates


class BoardDates:
    """The dates that the board knows; those of the last schedule until there is a newer one."""

    def __init__(self, today: dt.date) -> None:
        self.today = today
        self.known = PlanDates()
        self.session: Session | None = None
        self.asked: Derived | None = None
        """The state of the plan whose dates were asked for last."""

    def ask(self) -> None:
        """Has the dates worked out, unless they have been asked for as the plan is."""
        session = self.session
        if session is None or self.asked is session.derived:
            return
        derived = self.asked = session.derived
        session.worker.ask(("dates", derived), lambda task: plan_dates(derived.told(task)))

    def ask_forecast(self) -> None:
        """Has the P80 of the next milestones worked out, once the dates are known."""
        session, derived, known = self.session, self.asked, self.known
        if session is not None and derived is not None:
            session.worker.ask(
                ("dates-forecast", derived), lambda task: with_forecast(derived.told(task), known)
            )

    def cards(self) -> Mapping[str, CardDates]:
        """The dates by card, for a query: what is known, and newer ones are asked for."""
        self.ask()
        return self.known.cards

    def take(self, found: PlanDates) -> bool:
        """Takes what was worked out; whether it says anything new."""
        is_new = found != self.known
        self.known = found
        return is_new

    def facts(self, card: Card) -> tuple[Fact, ...]:
        """What the schedule says of a card, the most important first."""
        dates = self.known.cards.get(card.id)
        if dates is None or not card.is_open:
            return ()
        found: list[Fact] = []
        if dates.is_late and (card.due is None or card.due >= self.today):
            # What is late already says so without a schedule.
            found.append(Fact(f"late: ends {say_date(dates.end, self.today)}", "bad"))
        if dates.is_critical:
            found.append(Fact("◆ critical", "warning"))
        if waits := self.known.waits.get(card.id):
            found.append(Fact(f"waits for {'its owner' if waits == card.owner else one_line(waits)}"))
        return tuple(found)

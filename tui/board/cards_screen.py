"""A screen that acts on cards: the board on the focused or the marked ones, the card screen on its own.

What is done to them (`board_cards`, `board_moves`) asks for no more than what stands here.
"""

from __future__ import annotations

from collections.abc import Callable

from ...model.cards.wip_limits import passed
from ...model.edit.refusal import EditRefused
from ...model.plan.change import Batch, ChangeRefused
from ...model.records.card import Card
from ...model.records.project import Project
from ..screens.plan_screen import PlanScreen


class CardsScreen(PlanScreen):
    """A screen with cards to act on."""

    def focused_item(self) -> Card | Project | None:
        """The card or project that has the focus."""
        raise NotImplementedError

    def targets(self) -> tuple[Card, ...]:
        """The cards that an action is for."""
        raise NotImplementedError

    def make(self, build: Callable[[], Batch], focus: str = "") -> None:
        """Makes a step: shows it at once and saves it behind; asks where it would pass a limit.

        `focus` is the id that has the focus afterwards, if not the one that has it now.
        """
        try:
            batch = build()
            reasons = passed(self.plan, batch)
        except (EditRefused, ChangeRefused) as error:
            self.say(str(error), "warning")
            return
        if not batch.changes:
            self.say("that is what it is already")
        elif reasons:
            from ..dialogs import limits_passed

            self.ask(limits_passed(reasons), lambda yes: self._commit(batch, focus) if yes else None)
        else:
            self._commit(batch, focus)

    def _commit(self, batch: Batch, focus: str) -> None:
        try:
            self.session.do(batch)
        except ChangeRefused as error:
            self.adopt()
            self.say(f"not done: {error}", "warning")
            return
        self.adopt(batch.touched, focus)
        self.say(batch.label, "good")

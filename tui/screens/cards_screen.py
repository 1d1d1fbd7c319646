"""A screen that acts on cards: the board on the focused or the marked ones, the card screen on its own.

What is done to them (`card_actions`, `card_moves`) asks for no more than what the contract says.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import ClassVar

from ...model.plan.plan import target_of
from ...model.records.card import Card
from ...model.records.project import Project
from ..keys.action_context import Situation
from ..widgets.acting import Handlers
from .contract import ActsOnCards
from .later import Table, later
from .plan_screen import PlanScreen


def load_card_actions() -> Table[ActsOnCards]:
    """What is done to cards wherever they are shown."""
    from .card_actions import ON_CARDS

    return ON_CARDS


ON_CARDS = later(load_card_actions, (
    "card.move_left", "card.move_right", "card.move_assess", "card.move_plan", "card.move_execute",
    "card.move_iterate", "card.move_step", "card.move_milestone", "card.move_project", "card.next_status",
    "card.done", "card.block", "card.drop", "card.owner", "card.tags", "card.due", "card.needs", "card.to_need",
    "card.to_dependant", "card.rename", "card.edit", "card.editor", "card.copy_id", "card.copy_branch",
    "card.why",
))  # fmt: skip


class CardsScreen(PlanScreen):
    """A screen with cards to act on, and a way from one to another that can be gone back."""

    JUMP: ClassVar[str] = "jump"
    """What one goes back by."""

    def focused_item(self) -> Card | Project | None:
        """The card or project that has the focus."""
        raise NotImplementedError

    def targets(self) -> tuple[Card, ...]:
        """The cards that an action is for."""
        raise NotImplementedError

    def can_go(self, step: int) -> bool:
        """Whether there is a place further along the way, or further back."""
        raise NotImplementedError

    def handlers(self) -> Handlers:
        """What is done to cards."""
        return {**super().handlers(), **{name: partial(act, self) for name, act in ON_CARDS.items()}}

    def situation(self) -> Situation:
        """What decides which actions can be done."""
        item = self.focused_item()
        needed = isinstance(item, Card) and any(target_of(need) in self.plan.cards for need in item.needs)
        waiting = isinstance(item, Card) and bool(self.plan.needed_by.get(item.id))
        lacks = {
            "needs": "" if needed else "it needs no other card",
            "dependants": "" if waiting else "no other card needs it",
            "before": "" if self.can_go(-1) else f"there is no {self.JUMP} further back",
            "after": "" if self.can_go(1) else f"there is no {self.JUMP} further on",
        }
        return replace(super().situation(), focused=item, targets=self.targets(), lacks=lacks)

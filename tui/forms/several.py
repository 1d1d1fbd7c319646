"""What a form is about when cards are marked: what is set in it is set for all of them, as one step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from ...model.edit.edits import edit_each, remove
from ...model.edit.refusal import EditRefused
from ...model.plan.change import Batch, Path, get_path
from ...model.plan.plan import Plan
from ...model.records.address import Address
from ...model.records.base import to_data
from ...model.records.card import Card
from .fields import Field, fields_of, same_value, with_unread
from .subject import Subject

_OWN = frozenset({"title", "rank", "checklist", "allow", "offered_by"})
"""What belongs to one card alone."""


@dataclass(frozen=True)
class Several(Subject):
    """Marked cards. The values are those in which all of them agree."""

    cards: tuple[Address, ...] = ()
    differing: frozenset[Path] = frozenset()
    """The fields in which they differ."""

    @classmethod
    def of(cls, cards: Sequence[Card]) -> Several:
        """Cards as they are now."""
        datas = [to_data(card) for card in cards]
        paths = [one.path for one in fields_of(Card)]
        differing = frozenset(
            path
            for path in paths
            if any(not same_value(get_path(datas[0], path), get_path(data, path)) for data in datas)
        )
        return cls(cards[0].address, cards=tuple(card.address for card in cards), differing=differing)

    def fields(self, data: Mapping[str, Any], plan: Plan) -> tuple[Field, ...]:  # noqa: ARG002  those of any card
        """The fields that several cards can share; those in which they differ begin empty."""
        shared = tuple(
            replace(one, default=None, differs=True) if one.path in self.differing else one
            for one in fields_of(Card)
            if one.path[0] not in _OWN and one.is_typed
        )
        return with_unread(shared, [one for card in self._there(plan) for one in card.unfit])

    def reason_against_another(self) -> str:
        """Several cards are there already."""
        return "several cards are edited here: add one on the board"

    @property
    def title(self) -> str:
        """What the form is called."""
        return f"Edit {len(self.cards)} cards: what you set here is set for all of them"

    @property
    def shown_id(self) -> str:
        """None: they are several."""
        return ""

    @property
    def name(self) -> str:
        """What they are called in a sentence."""
        return f"{len(self.cards)} cards"

    def _there(self, plan: Plan) -> list[Card]:
        return [card for card in map(plan.get, self.cards) if isinstance(card, Card)]

    def current(self, plan: Plan) -> Mapping[str, Any] | None:
        """The values that all of them have; None where none of them is there any more."""
        datas = [to_data(card) for card in self._there(plan)]
        if not datas:
            return None
        return {
            name: value
            for name, value in datas[0].items()
            if all(name in data and same_value(data[name], value) for data in datas)
        }

    def moved_to(self, plan: Plan, data: Mapping[str, Any]) -> Subject | None:  # noqa: ARG002  see Subject
        """Several cards are not looked for under other names."""
        return None

    def problems(self, data: Mapping[str, Any]) -> dict[Path, str]:
        """What the model says against the values, whatever the title."""
        return Subject(self.record).problems({"title": "any", **data})

    def save(self, plan: Plan, changes: Mapping[Path, object], randomness: Random) -> tuple[Subject, Batch]:  # noqa: ARG002
        """The changes for each of them, as one step. Raises EditRefused."""
        there = self._there(plan)
        return self, edit_each(plan, {card.address: changes for card in there}, f"edit {len(there)} cards")

    def make_again(self, plan: Plan, data: Mapping[str, Any]) -> Batch:  # noqa: ARG002  see Subject
        """Cards that are gone are not made again from what they had in common."""
        raise EditRefused("they are gone: undo on the board brings them back")

    def removal(self, plan: Plan) -> Batch:
        """The step that removes them all."""
        return remove(plan, [card.address for card in self._there(plan)])

"""The card of a plan that a person means."""

from __future__ import annotations

from .ids import Resolved, resolve, similar
from .plan import Plan


def resolve_card(text: str, plan: Plan) -> Resolved:
    """The id of the card that a person means by an id, a part of one, or `project/part`."""
    scope, slash, part = text.strip().rpartition("/")
    if not slash:
        return resolve(part, plan.cards)
    of_project = [card.id for card in plan.cards_of.get(scope.lower(), ())]
    return resolve(part, of_project) if of_project else Resolved(nearest=similar(scope, plan.projects))

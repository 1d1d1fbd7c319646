"""What follows for a card from its own fields, its needs and the day: blocked, ready, late, and why.

None of it is ever written to a file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ..plan.plan import Plan
from ..records.card import Card
from ..text.dates import say_date
from ..text.named import named
from .network import Link, needed_card, parse_need

_HOLDING_STATUS: dict[Link, tuple[str, ...]] = {
    "FS": ("todo", "doing", "dropped"),
    "SS": ("todo", "dropped"),
    "FF": (),
    "SF": (),
}


def blockers(plan: Plan, card: Card) -> tuple[str, ...]:
    """Ids of the needed cards that keep a card from starting, in the order of its needs.

    A finish-to-start need holds until the other card is done, a start-to-start need until it has begun; needs that
    tie finishes hold nothing back yet. A need that was dropped never comes true by itself, so that it blocks too.
    Ids that the plan does not have are left to `check`. Lags wait for the schedule: a plan does not say on which
    day a card was done.
    """
    return tuple(dict.fromkeys(other.id for other in _holding(plan, card)))


def is_blocked(plan: Plan, card: Card) -> bool:
    """Whether an open card cannot go on: a reason is written, or something it needs is missing."""
    return card.is_open and (bool(card.blocked) or _is_held(plan, card))


def is_ready(plan: Plan, card: Card, today: dt.date) -> bool:
    """Whether work on a card can begin today."""
    if card.status != "todo" or card.blocked or (card.not_before and card.not_before > today):
        return False
    project = plan.projects.get(card.project)
    if project is not None and project.state != "active":
        return False
    return not _is_held(plan, card)


def is_late(card: Card, today: dt.date) -> bool:
    """Whether a card is open after the day by which it was wanted."""
    return card.due is not None and card.due < today and card.is_open


def explain_blocked(plan: Plan, card: Card, today: dt.date | None = None) -> list[str]:
    """Everything that keeps a card from going on, a line each; empty where nothing does.

    With `today` a first day in the future is among it. Lines hold text from files as it is written there.
    """
    if not card.is_open:
        return []
    lines: list[str] = []
    project = plan.projects.get(card.project)
    if project is not None and project.state != "active":
        state = {"hold": "on hold"}.get(project.state, project.state)
        lines.append(f"the project {project.id} is {state}")
    if card.blocked:
        lines.append(f"blocked: {card.blocked}")
    if today and card.not_before and card.not_before > today and card.status == "todo":
        lines.append(f"not before {say_date(card.not_before, today)}")
    for target in blockers(plan, card):
        lines.extend(_explain_need(plan, plan.cards[target]))
    return lines


def _explain_need(plan: Plan, other: Card) -> list[str]:
    who = f"owner {other.owner}" if other.owner else "no owner"
    match other.status:
        case "dropped":
            reason = f": {other.dropped}" if other.dropped else ""
            return [
                f"waits for {named(other.label, other.id)}, which was dropped{reason}; remove the need or replace it"
            ]
        case "doing":
            state = f"in progress, {who}"
        case _:
            state = f"not started, {who}"
    lines = [f"waits for {named(other.label, other.id)}: {state}"]
    if other.blocked:
        lines.append(f"  which is blocked: {other.blocked}")
    if waits_for := blockers(plan, other):
        names = ", ".join(named(plan.cards[one].label, one) for one in waits_for)
        lines.append(f"  which itself waits for {names}")
    return lines


def _is_held(plan: Plan, card: Card) -> bool:
    return bool(card.needs) and next(_holding(plan, card), None) is not None


def _holding(plan: Plan, card: Card) -> Iterator[Card]:
    """The needed cards that keep a card from starting."""
    for text in card.needs:
        try:
            need = parse_need(text)
        except ValueError:
            continue  # loading has reported it
        other = needed_card(plan, need)
        if other is not None and other.status in _HOLDING_STATUS[need.link]:
            yield other

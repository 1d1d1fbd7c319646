"""Limits of work in progress: a step that passes one is asked about, never refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..plan.change import Batch, apply
from ..plan.plan import Plan
from ..playbook.outline import place_titles
from ..records.address import Address
from ..records.card import Card
from ..text.named import quoted

_Key = Callable[[Card], tuple[str, str]]


def limits_exceeded_by(plan: Plan, batch: Batch) -> list[str]:
    """The limits that a step would pass, a line each; empty where it passes none.

    A limit of a column counts the cards in progress of one project in one phase; a limit of a person counts theirs in
    all projects. A step that makes an excess no larger passes nothing. Raises ChangeRefused where the step does
    not fit the plan.
    """
    limits = plan.board.limits
    columns = {
        phase: limit
        for phase in ("assess", "plan", "execute", "iterate")
        if (limit := getattr(limits, phase)) is not None
    }
    if not columns and limits.doing_per_person is None:
        return []
    after = apply(plan, batch.changes)
    lines = [
        f"{_column(plan, project, phase)} would have {count} cards in progress; its limit is {columns[phase]}"
        for (project, phase), count in _grown(plan, after, batch, lambda card: (card.project, card.phase))
        if phase in columns and count > columns[phase]
    ]
    most = limits.doing_per_person
    if most is not None:
        lines.extend(
            f"{_name(plan, owner)} would have {count} cards in progress; the limit for one person is {most}"
            for (owner, _), count in _grown(plan, after, batch, lambda card: (card.owner or "", ""))
            if owner and count > most
        )
    return lines


def limits_exceeded_now(plan: Plan, addresses: Iterable[Address]) -> list[str]:
    """The limits that are passed where some cards in progress are, a line each; for undo, which does not ask."""
    limits = plan.board.limits
    touched = [card for one in addresses if isinstance(card := plan.get(one), Card) and _is_doing(card)]
    doing = [card for card in plan.cards.values() if _is_doing(card)] if touched else []
    lines: list[str] = []
    for project, phase in sorted({(card.project, card.phase) for card in touched}):
        limit = getattr(limits, phase, None)
        count = sum((card.project, card.phase) == (project, phase) for card in doing)
        if limit is not None and count > limit:
            lines.append(
                f"{_column(plan, project, phase)} has {count} cards in progress; its limit is {limit}"
            )
    for owner in sorted({card.owner for card in touched if card.owner}):
        most, count = limits.doing_per_person, sum(card.owner == owner for card in doing)
        if most is not None and count > most:
            lines.append(
                f"{_name(plan, owner)} has {count} cards in progress; the limit for one person is {most}"
            )
    return lines


def _grown(plan: Plan, after: Plan, batch: Batch, key: _Key) -> Iterator[tuple[tuple[str, str], int]]:
    """Keys of touched cards for which more cards are in progress after a step than before, with the new count."""
    touched = sorted(
        {key(card) for change in batch.changes if isinstance(card := change.after, Card) and _is_doing(card)}
    )
    for one in touched:
        count = sum(key(card) == one for card in after.cards.values() if _is_doing(card))
        if count > sum(key(card) == one for card in plan.cards.values() if _is_doing(card)):
            yield one, count


def _column(plan: Plan, project: str, phase: str) -> str:
    """A phase of a project, by their titles."""
    record = plan.projects.get(project)
    return f"{place_titles(phase)[0]} in {quoted(record.label) if record is not None else project}"


def _name(plan: Plan, person: str) -> str:
    record = plan.people.get(person)
    return record.label if record is not None else person


def _is_doing(card: Card) -> bool:
    return card.status == "doing"

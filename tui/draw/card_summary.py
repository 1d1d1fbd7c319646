"""What a card says on the board: a sign, its title, and what matters now, the most important first.

Made for the cards in sight only, and made again when the plan changes.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal, NamedTuple

from ...model.cards.status import blockers, is_late
from ...model.plan.plan import Plan
from ...model.playbook.outline import stage_word
from ...model.records.card import Card
from ...model.records.project import Project
from ...model.text.dates import say_date
from ...model.text.visible import one_line
from .text import clip

Tone = Literal["plain", "text", "good", "warning", "bad"]
_SOON = dt.timedelta(days=7)
"""From when on a due date comes before who does the card."""
_LONGEST = 600
"""Characters of a text from a file that are looked at: no terminal line shows more."""
_TITLE = 60
"""Cells of the title of a card that another one waits for."""


class Fact(NamedTuple):
    """A short text, and how urgent it is; the text says it too."""

    text: str
    tone: Tone = "plain"


class Facts(NamedTuple):
    """A card as it is drawn; equal facts give equal pixels."""

    sign: str
    """The state that its sign stands for."""
    title: str
    facts: tuple[Fact, ...]
    is_open: bool = True


def card_facts(
    plan: Plan, card: Card, today: dt.date, *, broken: bool = False, dated: tuple[Fact, ...] = ()
) -> Facts:
    """What a card shows; `dated` is what its schedule says."""
    found: list[Fact] = []
    sign = card.status
    if broken:
        sign = "broken"
        found.append(Fact("file cannot be read", "bad"))
    if card.is_open:
        reason = _blocked(plan, card)
        if reason:
            sign = "broken" if broken else "blocked"
            found.append(Fact(reason, "warning"))
        if is_late(card, today):
            assert card.due is not None
            found.append(Fact(_late(card.due, today), "bad"))
        elif card.due and card.due - today <= _SOON:
            found.append(Fact(f"due {say_date(card.due, today)}", "text"))
    elif card.status == "dropped" and card.dropped:
        found.append(Fact(f"dropped: {_text(card.dropped)}"))
    found.extend((*dated, *_plain_facts(plan, card, today)))
    return Facts(sign, _text(card.title) or card.id, tuple(found), card.is_open)


def _plain_facts(plan: Plan, card: Card, today: dt.date) -> list[Fact]:
    found: list[Fact] = []
    if card.owner:
        found.append(Fact(_text(card.owner)))
    elif card.is_open and card.skill:
        found.append(Fact(f"any {_text(card.skill)}"))
    if card.is_open:
        if card.remaining is not None:
            found.append(Fact(f"{card.remaining:g}d left"))
        elif card.estimate:
            found.append(Fact("/".join(f"{days:g}" for days in card.estimate) + "d"))
        if card.due and card.due - today > _SOON:
            found.append(Fact(f"due {say_date(card.due, today)}"))
        if card.not_before and card.not_before > today:
            found.append(Fact(f"from {say_date(card.not_before, today)}"))
    if card.checklist:
        done = sum(item.done for item in card.checklist.values())
        found.append(
            Fact(f"{done}/{len(card.checklist)}", "good" if done == len(card.checklist) else "plain")
        )
    if card.milestone and card.is_open:
        milestone = plan.strategy(card.project).milestones.get(card.milestone)
        found.append(Fact(_text(milestone.label if milestone else card.milestone)))
    if card.tags:
        found.append(Fact(" ".join(f"#{_text(tag)}" for tag in card.tags[:4])))
    return found


def _blocked(plan: Plan, card: Card) -> str:
    """By what a card is blocked, in a few words; empty where it is not."""
    if card.blocked:
        return f"blocked: {_text(card.blocked)}"
    waits_for = blockers(plan, card) if card.needs else ()
    if not waits_for:
        return ""
    first = plan.cards[waits_for[0]]
    more = f" and {len(waits_for) - 1} more" if len(waits_for) > 1 else ""
    owner = f" ({_text(first.owner)})" if first.owner else ""
    return f"waits for {clip(_text(first.label), _TITLE)}{owner}{more}"


def project_facts(plan: Plan, project: Project, today: dt.date) -> Facts:
    """What a project shows on the portfolio."""
    cards = plan.cards_of.get(project.id, ())
    done = sum(card.status == "done" for card in cards)
    counted = sum(card.status != "dropped" for card in cards)
    found: list[Fact] = []
    if project.state == "hold":
        found.append(Fact("on hold", "warning"))
    elif project.state == "dropped":
        found.append(Fact("dropped"))
    if project.due and project.due < today and project.state == "active":
        found.append(Fact(_late(project.due, today), "bad"))
    elif project.due and project.due - today <= _SOON and project.state == "active":
        found.append(Fact(f"due {say_date(project.due, today)}", "text"))
    found.append(Fact(stage_word(project.stage)))
    if project.cycle > 1:
        found.append(Fact(f"cycle {project.cycle}"))
    found.append(Fact(f"{done}/{counted} cards" if counted else "no cards"))
    if project.due and project.due - today > _SOON:
        found.append(Fact(f"due {say_date(project.due, today)}"))
    if project.lead:
        found.append(Fact(_text(project.lead)))
    return Facts(project.state, _text(project.title) or project.id, tuple(found), project.state == "active")


def _late(due: dt.date, today: dt.date) -> str:
    days = (today - due).days
    return f"{days} day{'s' if days > 1 else ''} late"


def _text(text: str) -> str:
    return one_line(text[:_LONGEST])

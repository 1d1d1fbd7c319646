"""Explains the state of a card or a project, a line for each reason."""

from __future__ import annotations

import datetime as dt

from ...model.cards.network import needed_card, parse_need
from ...model.cards.status import explain_blocked, is_late, is_ready
from ...model.plan.plan import Plan
from ...model.playbook.outline import place_titles, stage_word
from ...model.playbook.playbook import Playbook
from ...model.records.card import Card
from ...model.records.project import Project
from ...model.text.amounts import counted
from ...model.text.dates import say_date
from ...model.text.named import named
from ..draw.glyphs import WORDS


def explain(plan: Plan, playbook: Playbook, item: Card | Project, today: dt.date) -> list[str]:
    """Lines that explain a card or a project. They hold text from files as it is there."""
    return _card(plan, playbook, item, today) if isinstance(item, Card) else _project(plan, item, today)


def _card(plan: Plan, playbook: Playbook, card: Card, today: dt.date) -> list[str]:
    lines = [f"{WORDS[card.status]}, in {', '.join(place_titles(card.place))}"]
    if card.dropped:
        lines.append(f"dropped: {card.dropped}")
    lines.extend(explain_blocked(plan, card, today))
    if is_ready(plan, card, today):
        lines.append("nothing keeps it from being started")
    if is_late(card, today):
        assert card.due is not None
        lines.append(f"late: due {say_date(card.due, today)}, {counted((today - card.due).days, 'day')} ago")
    for text in card.needs:
        try:
            other = needed_card(plan, parse_need(text))
        except ValueError:
            other = None
        if other is None:
            lines.append(f"needs {text}, which is not in the plan")
        elif other.status == "done":
            lines.append(f"needs {named(other.label, other.id)}: done")
    if waiting := plan.needed_by.get(card.id, ()):
        lines.append(f"{len(waiting)} card{'s wait' if len(waiting) > 1 else ' waits'} for it:")
        lines.extend(f"  {named(plan.cards[one].label, one)}" for one in waiting)
    if card.offered_by:
        asked = playbook.item(card.offered_by)
        lines.append(f"offered by {named(asked.text if asked else '', card.offered_by)}")
    return lines


def _project(plan: Plan, project: Project, today: dt.date) -> list[str]:
    cards = plan.cards_of.get(project.id, [])
    blocked = [card for card in cards if explain_blocked(plan, card, today)]
    late = [card for card in cards if is_late(card, today)]
    lines = [f"{project.state}, in {project.phase}, stage {stage_word(project.stage)}, cycle {project.cycle}"]
    if project.summary:
        lines.append(project.summary)
    lines.append(f"{sum(card.is_open for card in cards)} of {len(cards)} cards are open")
    for title, some in (("blocked", blocked), ("late", late)):
        if some:
            lines.append(f"{len(some)} {title}:")
            lines.extend(f"  {named(card.label, card.id)}" for card in some[:20])
    return lines

"""Cards that unmet questions, gaps of datasets and risks offer: shown, and made once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..model.text.named import quoted
from ..storage.disk.errors import BadValue
from . import context, output
from .settings import Settings
from .text import wrapped

if TYPE_CHECKING:
    from ..model.plan.plan import Plan
    from ..model.playbook.playbook import Playbook
    from ..storage.plan.workspace import Workspace


def offer_data(playbook: Playbook, offer: tuple[str, str, str]) -> dict[str, str]:
    """An offer for programs."""
    return {"offer": offer[0], "title": offer[1], "place": _place(playbook, offer[2])}


def offer_lines(playbook: Playbook, source: str, title: str, step: str) -> Iterator[str]:
    """The offer's name, then the card that it would be, where that says more."""
    yield from wrapped(source, " " * 26, f"{_place(playbook, step):<24}  ")
    if not source.startswith("gap:"):
        yield from wrapped(title, " " * 26)


def _place(playbook: Playbook, step: str) -> str:
    found = playbook.step(step)
    return f"{found.phase}/{step}" if found is not None else "assess"


def take_offer(settings: Settings, workspace: Workspace, project: str, text: str) -> None:
    """Makes the card of an offer, and prints its id. Raises KedgeError."""
    from random import SystemRandom

    from ..model.assess.standing import offered_cards
    from ..model.edit.edits import add_card

    derived = context.derived(settings, workspace)
    plan = derived.plan
    offers = {offer[0]: offer for offer in offered_cards(plan, project, derived.standings(project))}
    source, title, step = offers[_offer(plan, project, offers, text)]
    fields = {"place": _place(derived.snapshot.playbook, step), "offered_by": source}
    batch = add_card(plan, project, title, fields, SystemRandom())
    card = batch.changes[0].after
    assert card is not None
    context.commit(settings, workspace, batch, f"added to {project}: {quoted(card.label)}")
    if not settings.dry_run:
        output.lines([card.id])


def _offer(plan: Plan, project: str, offers: dict[str, tuple[str, str, str]], text: str) -> str:
    """The offer that a source, or a part of it or of its title, means. Raises KedgeError."""
    if text in offers:
        return text
    wanted = text.casefold()
    made = [card for card in plan.cards_of.get(project, ()) if card.offered_by and card.offered_by == text]
    if made:
        raise BadValue(f"{text} was made into a card already: {made[0].id} ({made[0].status})")
    fits = [source for source, title, _ in offers.values() if wanted in f"{source} {title}".casefold()]
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise BadValue(f"{text!r} fits {len(fits)} offers: {'; '.join(fits)}", "write more of it")
    raise BadValue(f"nothing offers a card as {text!r}", f"kedge assess {project} --offers lists them")

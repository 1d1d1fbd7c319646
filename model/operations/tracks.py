"""The tracks of Execute: for each its questions, how ready it is by weight, and the cards that it offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..assess.standing import Progress, Standing, offered_cards, progress
from ..snapshot.snapshot import Snapshot

TRACKS: Mapping[str, str] = {
    "data": "data-pipeline",
    "training": "training-pipeline",
    "production": "production-pipeline",
    "test in production": "test-in-production",
    "monitoring": "monitoring",
    "documentation": "document",
}
"""Names of the tracks, each with its step in the playbook."""


@dataclass(frozen=True)
class Track:
    """One track of a project."""

    name: str
    step: str
    questions: tuple[Standing, ...]
    """Those that are asked of this project, in the order of the playbook."""
    ready: float | None
    """Share of the weights that are met, what was waived counting as not met; None where nothing is asked."""
    progress: Progress
    offers: tuple[tuple[str, str, str], ...]
    """Cards that it offers: source, title, step."""
    cards_done: int
    cards_open: int

    @property
    def open_questions(self) -> tuple[Standing, ...]:
        """What is not met: first what holds the gate, then by weight."""
        waiting = [one for one in self.questions if one.counts and not one.met]
        return tuple(sorted(waiting, key=lambda one: (not one.holds_gate, -one.item.weight)))


def ready_share(group: tuple[Standing, ...]) -> float | None:
    """Share of the weights that are met, over all questions that are asked; None where none is."""
    total = sum(one.item.weight for one in group if one.counts)
    met = sum(one.item.weight for one in group if one.counts and one.met and one.state != "waived")
    return met / total if total else None


def tracks(snapshot: Snapshot, project: str, standing: Mapping[str, Standing]) -> tuple[Track, ...]:
    """The tracks of a project; one whose step the team took out of the playbook is left out."""
    offers = offered_cards(snapshot.plan, project, standing)
    cards = snapshot.plan.cards_of.get(project, ())
    found: list[Track] = []
    for name, step in TRACKS.items():
        if snapshot.playbook.step(step) is None:
            continue
        asked = tuple(
            standing[item.id]
            for item in snapshot.playbook.items_of(step)
            if item.id in standing and standing[item.id].applies
        )
        own = [card for card in cards if card.step == step]
        found.append(
            Track(
                name,
                step,
                asked,
                ready_share(asked),
                progress(asked),
                tuple(offer for offer in offers if offer[2] == step),
                sum(card.status == "done" for card in own),
                sum(card.is_open for card in own),
            )
        )
    return tuple(found)

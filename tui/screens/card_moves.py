"""Moving cards to other columns, steps, milestones and projects, wherever they are shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from ...model.edit import edits, renames
from ...model.plan.change import Batch
from ...model.playbook.outline import PHASES, STEPS
from ...model.records.card import Card
from ...model.records.project import Project
from ...model.text.dates import say_date
from ...model.text.named import quoted
from ...storage.plan.card_places import card_places
from ..dialogs.pick import Pick, PickItem
from .contract import ActsOnCards


def names(cards: Sequence[Card]) -> str:
    """What some cards are called in a sentence: the title of one in quotes, the number of several."""
    return quoted(cards[0].label) if len(cards) == 1 else f"{len(cards)} cards"


def _shift(by: int) -> Callable[[ActsOnCards], None]:
    def shift(board: ActsOnCards) -> None:
        item = board.focused_item()
        if isinstance(item, Project):
            phases = [phase.id for phase in PHASES]
            index = phases.index(item.phase) + by
            if not 0 <= index < len(phases):
                board.say(f"{item.phase} is the {'last' if by > 0 else 'first'} column")
                return
            _to_phase(board, phases[index])
            return
        cards = board.targets()
        board.make(lambda: _shifted(cards, by))

    return shift


def _shifted(cards: Sequence[Card], by: int) -> Batch:
    """Cards that may stand in different columns, each moved by one column, as one step."""
    places = {edits.neighbour_phase(card, by) for card in cards}
    batches = [
        edits.move([card for card in cards if edits.neighbour_phase(card, by) == place], place)
        for place in sorted(places)
    ]
    if len(batches) == 1:
        return batches[0]
    return Batch(f"move {names(cards)}", tuple(change for batch in batches for change in batch.changes))


def _to(phase: str) -> Callable[[ActsOnCards], None]:
    return lambda board: _to_phase(board, phase)


def _to_phase(board: ActsOnCards, phase: str) -> None:
    item = board.focused_item()
    if isinstance(item, Project):
        board.make(
            lambda: edits.edit(board.plan, item.address, {("phase",): phase}, f"move {item.id} to {phase}")
        )
    else:
        cards = [card for card in board.targets() if card.phase != phase]
        board.make(lambda: edits.move(cards, phase) if cards else Batch("", ()))


def to_step(board: ActsOnCards) -> None:
    """To a step of the method, picked from all of them."""

    titles = {f"{step.phase}/{step.id}": step.title for step in STEPS}
    places = (place for place in card_places(board.session.workspace.files) if "/" in place)
    items = [PickItem(place, titles.get(place, place), place.partition("/")[0]) for place in places]
    cards = board.targets()
    board.ask(
        Pick(f"Move {names(cards)} to", items), lambda keys: board.make(lambda: edits.move(cards, keys[0]))
    )


def to_milestone(board: ActsOnCards) -> None:
    """Gives the cards a milestone of the project, or none."""

    milestones = board.plan.strategy(board.here()).milestones
    items = [PickItem(key, one.label, _when(board, one.due)) for key, one in milestones.items()]
    items.append(PickItem("", "no milestone"))
    cards = board.targets()

    def chosen(keys: tuple[str, ...]) -> None:
        label = f"{names(cards)} leads to {keys[0] or 'no milestone'}"
        board.make(lambda: edits.edit_all(cards, {("milestone",): keys[0] or None}, label))

    board.ask(Pick(f"Milestone of {names(cards)}", items), chosen)


def _when(board: ActsOnCards, date: dt.date | None) -> str:
    return say_date(date, board.today) if date else ""


def to_project(board: ActsOnCards) -> None:
    """Moves the cards to another project."""

    items = [PickItem(one.id, one.label) for one in board.plan.projects.values() if one.id != board.here()]
    cards = board.targets()
    board.ask(
        Pick(f"Move {names(cards)} to project", items),
        lambda keys: board.make(lambda: renames.move_to_project(board.plan, cards, keys[0])),
    )


ON_CARDS: Mapping[str, Callable[[ActsOnCards], None]] = {
    "card.move_left": _shift(-1),
    "card.move_right": _shift(1),
    **{f"card.move_{phase.id}": _to(phase.id) for phase in PHASES},
    "card.move_step": to_step,
    "card.move_milestone": to_milestone,
    "card.move_project": to_project,
}
"""What is done in the same way wherever there are cards."""

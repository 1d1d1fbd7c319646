"""Marking, moving and ordering cards on the board."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from ...model import edits
from ...model.change import Batch
from ...model.dates import say_date
from ...model.playbook.spine import PHASES, STEPS
from ...model.records.card import Card
from ...model.records.project import Project
from ..views import is_closed

if TYPE_CHECKING:
    from .board import BoardScreen
    from .cards_screen import CardsScreen


def names(cards: Sequence[Card]) -> str:
    """What some cards are called in a question: the title of one, the number of several."""
    return cards[0].title or cards[0].id if len(cards) == 1 else f"{len(cards)} cards"


# ---- marks


def mark(board: BoardScreen) -> None:
    """Marks or unmarks the focused card, and goes on to the next one."""
    item = board.focused_item()
    if item is None:
        board.say("there is no card here to mark")
        return
    board.state = replace(board.state, marks=board.state.marks ^ {item.id})
    from .board_focus import down

    down(board)


def mark_all(board: BoardScreen) -> None:
    """Marks every card shown; where all of them are marked already, none."""
    shown = frozenset(item.id for column in board.columns for item in column.items)
    marks = frozenset() if shown <= board.state.marks else shown
    board.state = replace(board.state, marks=marks)
    board.paint()


# ---- moving


def _shift(by: int) -> Callable[[CardsScreen], None]:
    def shift(board: CardsScreen) -> None:
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


def _to(phase: str) -> Callable[[CardsScreen], None]:
    return lambda board: _to_phase(board, phase)


def _to_phase(board: CardsScreen, phase: str) -> None:
    item = board.focused_item()
    if isinstance(item, Project):
        board.make(
            lambda: edits.edit(board.plan, item.address, {("phase",): phase}, f"move {item.id} to {phase}")
        )
    else:
        cards = [card for card in board.targets() if card.phase != phase]
        board.make(lambda: edits.move(cards, phase) if cards else Batch("", ()))


def drop_in(board: BoardScreen, key: str, phase: str) -> None:
    """A card was dragged to a column with the mouse."""
    if board.context != "board" or board.situation().read_only:
        return
    card = board.plan.cards.get(key) if board.state.project else None
    if card is not None and card.phase != phase:
        board.make(lambda: edits.move([card], phase), focus=key)
    elif key in board.plan.projects and not board.state.project:
        address = board.plan.projects[key].address
        board.make(
            lambda: edits.edit(board.plan, address, {("phase",): phase}, f"move {key} to {phase}"), focus=key
        )


def to_step(board: CardsScreen) -> None:
    """To a step of the method, picked from all of them."""
    from ..dialogs import Pick, PickItem

    titles = {phase.id: phase.title for phase in PHASES}
    items = [PickItem(f"{step.phase}/{step.id}", step.title, titles[step.phase]) for step in STEPS]
    cards = board.targets()
    board.ask(
        Pick(f"Move {names(cards)} to", items), lambda keys: board.make(lambda: edits.move(cards, keys[0]))
    )


def to_milestone(board: CardsScreen) -> None:
    """Gives the cards a milestone of the project, or none."""
    from ..dialogs import Pick, PickItem

    milestones = board.plan.strategy(board.here()).milestones
    items = [PickItem(key, one.label, _when(board, one.due)) for key, one in milestones.items()]
    items.append(PickItem("", "no milestone"))
    cards = board.targets()

    def chosen(keys: tuple[str, ...]) -> None:
        label = f"{names(cards)} leads to {keys[0] or 'no milestone'}"
        board.make(lambda: edits.edit_all(cards, {("milestone",): keys[0] or None}, label))

    board.ask(Pick(f"Milestone of {names(cards)}", items), chosen)


def _when(board: CardsScreen, date: Any) -> str:
    return say_date(date, board.today) if date else ""


def to_project(board: CardsScreen) -> None:
    """Moves the cards to another project."""
    from ..dialogs import Pick, PickItem

    items = [PickItem(one.id, one.label) for one in board.plan.projects.values() if one.id != board.here()]
    cards = board.targets()
    board.ask(
        Pick(f"Move {names(cards)} to project", items),
        lambda keys: board.make(lambda: edits.move_to_project(board.plan, cards, keys[0])),
    )


# ---- order


def _reorder(by: int) -> Callable[[BoardScreen], None]:
    def reorder(board: BoardScreen) -> None:
        column = next(one for one in board.columns if one.phase == board.state.phase)
        index = column.index_of(board.state.focus)
        assert index is not None
        group, focused = column.group_of(index), column.items[index]
        # Finished cards stand behind the others, so that each kind has an order of its own.
        shown = column.items[group.start : group.end]
        members = [one for one in shown if is_closed(one) == is_closed(focused)]
        place = members.index(focused) + by
        if not 0 <= place < len(members):
            board.say(f"it is the {'last' if by > 0 else 'first'} of its group already")
            return
        # Ranks are all that reordering looks at, and projects have them as cards do.
        board.make(lambda: edits.reorder(cast("Card", focused), cast("Any", members), place))

    return reorder


ON_CARDS: Mapping[str, Callable[[CardsScreen], None]] = {
    "card.move_left": _shift(-1),
    "card.move_right": _shift(1),
    **{f"card.move_{phase.id}": _to(phase.id) for phase in PHASES},
    "card.move_step": to_step,
    "card.move_milestone": to_milestone,
    "card.move_project": to_project,
}
"""What is done in the same way wherever there are cards."""
HANDLERS: Mapping[str, Callable[[BoardScreen], None]] = {
    "card.mark": mark,
    "card.mark_all": mark_all,
    "card.lower": _reorder(1),
    "card.raise": _reorder(-1),
}

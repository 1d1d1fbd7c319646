"""Marking, moving and ordering cards on the board."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from ...model.edit import edits, renames
from ...model.edit.ordering import shift
from ...model.plan.change import Batch, Change
from ...model.playbook.outline import PHASES, STEPS
from ...model.records.card import Card
from ...model.records.project import Project
from ...model.text.dates import say_date
from ...storage.plan.card_places import card_places
from .columns import Column, is_closed

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
    """A card was dragged to a column with the mouse; a marked one takes the others along."""
    if board.context != "board" or board.situation().read_only:
        return
    card = board.plan.cards.get(key) if board.state.project else None
    if card is not None and card.phase != phase:
        dragged = board.targets() if key in board.state.marks else (card,)
        board.make(lambda: edits.move([one for one in dragged if one.phase != phase], phase), focus=key)
    elif key in board.plan.projects and not board.state.project:
        address = board.plan.projects[key].address
        board.make(
            lambda: edits.edit(board.plan, address, {("phase",): phase}, f"move {key} to {phase}"), focus=key
        )


def to_step(board: CardsScreen) -> None:
    """To a step of the method, picked from all of them."""
    from ..dialogs import Pick, PickItem

    titles = {f"{step.phase}/{step.id}": step.title for step in STEPS}
    places = (place for place in card_places(board.session.workspace.files) if "/" in place)
    items = [PickItem(place, titles.get(place, place), place.partition("/")[0]) for place in places]
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
        lambda keys: board.make(lambda: renames.move_to_project(board.plan, cards, keys[0])),
    )


# ---- order


def _reorder(by: int) -> Callable[[BoardScreen], None]:
    def reorder(board: BoardScreen) -> None:
        moved = board.state.marks or {board.state.focus}
        changes = [change for column in board.columns for change in _reordered(board, column, moved, by)]
        if not changes:
            which, whose = ("it is", "its") if len(moved) == 1 else ("they are", "their")
            board.say(f"{which} the {'last' if by > 0 else 'first'} of {whose} group already")
            return
        named = next(iter(moved)) if len(moved) == 1 else f"{len(moved)} cards"
        board.make(lambda: Batch(f"reorder {named}", tuple(changes)))

    return reorder


def _reordered(board: BoardScreen, column: Column, moved: Collection[str], by: int) -> Iterator[Change]:
    """Cards of a column moved by one place, each in its own group."""
    if not any(column.index_of(key) is not None for key in moved):
        return
    everyone = board.plan.cards_of.get(board.state.project, ())
    ranks = {one.id: one.rank for one in everyone if one.phase == column.phase}
    for group in column.groups:
        members = column.items[group.start : group.end]
        if not any(one.id in moved for one in members):
            continue
        # Finished cards stand behind the others, so that each kind has an order of its own.
        for closed in (False, True):
            same = [one for one in members if is_closed(one) == closed]
            ids = {one.id for one in same}
            hidden = [rank for key, rank in ranks.items() if key not in ids]
            # Ranks are all that reordering looks at, and projects have them as cards do.
            yield from shift(cast("list[Card]", same), moved, by, hidden)


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

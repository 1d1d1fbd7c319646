"""Marking and ordering cards on the board, and dragging them with the mouse."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import cast

from ...model.edit import edits
from ...model.edit.ordering import shift
from ...model.plan.change import Batch, Change
from ...model.records.card import Card
from .board_focus import down
from .columns import Column, is_closed
from .contract import ActsOnBoard

# ---- marks


def mark(board: ActsOnBoard) -> None:
    """Marks or unmarks the focused card, and goes on to the next one."""
    item = board.focused_item()
    assert item is not None
    board.state = replace(board.state, marks=board.state.marks ^ {item.id})
    down(board)


def mark_all(board: ActsOnBoard) -> None:
    """Marks every card shown; where all of them are marked already, none."""
    shown = frozenset(item.id for column in board.columns for item in column.items)
    marks = frozenset() if shown <= board.state.marks else shown
    board.state = replace(board.state, marks=marks)
    board.paint()


def drop_in(board: ActsOnBoard, key: str, phase: str) -> None:
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


# ---- order


def _reorder(by: int) -> Callable[[ActsOnBoard], None]:
    def reorder(board: ActsOnBoard) -> None:
        moved = board.state.marks or {board.state.focus}
        changes = [change for column in board.columns for change in _reordered(board, column, moved, by)]
        if not changes:
            which, whose = ("it is", "its") if len(moved) == 1 else ("they are", "their")
            board.say(f"{which} the {'last' if by > 0 else 'first'} of {whose} group already")
            return
        named = next(iter(moved)) if len(moved) == 1 else f"{len(moved)} cards"
        board.make(lambda: Batch(f"reorder {named}", tuple(changes)))

    return reorder


def _reordered(board: ActsOnBoard, column: Column, moved: Collection[str], by: int) -> Iterator[Change]:
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


HANDLERS: Mapping[str, Callable[[ActsOnBoard], None]] = {
    "card.mark": mark,
    "card.mark_all": mark_all,
    "card.lower": _reorder(1),
    "card.raise": _reorder(-1),
}

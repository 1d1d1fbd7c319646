"""Moving around on the board: with keys by the rules of `state`, and with the mouse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from ...model.records.card import Card
from .columns import CARD_LINES
from .contract import ActsOnBoard
from .view_state import ViewState, column_of, focused, scrolled, sideways, step, to_end, zoomed


def go(board: ActsOnBoard, state: ViewState) -> None:
    """Moves the focus, and brings it into sight; what was kept there for having just been touched is let go."""
    state = replace(state, left_behind="")
    if state.focus != board.state.focus and state.kept:
        state = replace(state, kept=frozenset())
    board.state = state
    board.look()


def left(board: ActsOnBoard) -> None:
    """To the column on the left."""
    go(board, sideways(board.state, board.columns, -1, board.lines))


def right(board: ActsOnBoard) -> None:
    """To the column on the right."""
    go(board, sideways(board.state, board.columns, 1, board.lines))


def down(board: ActsOnBoard) -> None:
    """To the next card."""
    go(board, step(board.state, board.columns, 1))


def up(board: ActsOnBoard) -> None:
    """To the card above."""
    go(board, step(board.state, board.columns, -1))


def first(board: ActsOnBoard) -> None:
    """To the first card of the column."""
    go(board, to_end(board.state, board.columns, first=True))


def last(board: ActsOnBoard) -> None:
    """To the last card of the column."""
    go(board, to_end(board.state, board.columns, first=False))


def _half(board: ActsOnBoard) -> int:
    return max(1, board.lines // CARD_LINES // 2)


def half_down(board: ActsOnBoard) -> None:
    """Down by half a page."""
    go(board, step(board.state, board.columns, _half(board)))


def half_up(board: ActsOnBoard) -> None:
    """Up by half a page."""
    go(board, step(board.state, board.columns, -_half(board)))


def open_focused(board: ActsOnBoard) -> None:
    """Into a project, or to all that is known of a card; on the line of what is folded, shows that."""
    item = board.focused_item()
    if item is None:
        unfold(board)
    elif isinstance(item, Card):
        board.host.open_card(item.id)
    else:
        enter(board, item.id)


def unfold(board: ActsOnBoard) -> None:
    """Shows what is finished card by card, and goes to the first card of what was folded here."""
    group = column_of(board.columns, board.state.phase).folding_at(board.state.focus)
    first = group.folded[0].id if group is not None else board.state.focus
    board.state = replace(board.state, unfolded=True, kept=frozenset(), focus=first)
    board.look(following=True)


def enter(board: ActsOnBoard, project: str) -> None:
    """Shows the board of a project, in the phase where it is."""
    found = board.plan.projects[project]
    board.state = zoomed(replace(board.state, filter=""), project, phase=found.phase)
    board.look(following=True)


def leave_project(board: ActsOnBoard) -> None:
    """Shows all projects, with the focus on the one that was open."""
    project = board.plan.projects.get(board.state.project)
    board.state = zoomed(board.state, "", project.phase if project else "assess", board.state.project)
    board.look(following=True)


def back(board: ActsOnBoard) -> None:
    """Out by one: marks, then the filter, then the project."""
    state = board.state
    if state.marks:
        board.state = replace(state, marks=frozenset())
        board.paint()
    elif state.filter:
        board.state = replace(state, filter="", kept=frozenset())
        board.look(following=True)
    elif state.project and len(board.plan.projects) > 1:
        leave_project(board)
    else:
        board.say(f"{board.keys.shown('kedge.quit')} quits")


def press(board: ActsOnBoard, phase: str, key: str, *, opens: bool) -> None:
    """The mouse on a column or a card: what is pressed gets the focus, a double click opens it."""
    if board.context != "board":
        return
    column = next(one for one in board.columns if one.phase == phase)
    if not key:
        remembered = board.state.last.get(phase, "")
        key = remembered if column.stop_of(remembered) is not None else column.stop_at(0)
    go(board, focused(board.state, phase, key))
    if opens:
        board.act("focus.open")


def wheel(board: ActsOnBoard, phase: str, lines: int) -> None:
    """The wheel scrolls a column, and leaves the focus where it is, be it out of sight."""
    board.state = scrolled(board.state, board.columns, phase, lines, board.lines)
    board.paint()


HANDLERS: Mapping[str, Callable[[ActsOnBoard], None]] = {
    "focus.left": left,
    "focus.right": right,
    "focus.down": down,
    "focus.up": up,
    "focus.first": first,
    "focus.last": last,
    "focus.half_down": half_down,
    "focus.half_up": half_up,
    "focus.open": open_focused,
    "focus.back": back,
}

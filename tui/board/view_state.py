"""What the board looks at, as a value, and the rules by which a cursor moves.

The focus is kept by id, never by position, so that no edit and no change from outside can make it point at
something else. Every function here takes a state and gives another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from .columns import Column, is_closed

PHASES = ("assess", "plan", "execute", "iterate")
GROUPINGS = ("step", "status", "owner", "milestone", "stage")


@dataclass(frozen=True)
class ViewState:
    """Zoom, focus, scroll, filter, grouping and marks."""

    project: str = ""
    """The open project; empty for the portfolio."""
    phase: str = "assess"
    """The column that has the focus."""
    focus: str = ""
    """The id of the focused card or project, or the line of what is folded; empty where its column has none."""
    scroll: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """First line shown of each column."""
    last: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The id that had the focus last in each column."""
    filter: str = ""
    group: str = "step"
    unfolded: bool = False
    """Whether finished cards are shown one by one."""
    marks: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    """Ids that stay visible although the filter would hide them, until the focus moves on."""
    left_behind: str = ""
    """The focus that the wheel has scrolled out of sight, so that it stays there until a key moves it."""


Columns = tuple[Column, ...]


def column_of(columns: Columns, phase: str) -> Column:
    """The column of a phase."""
    return next((column for column in columns if column.phase == phase), columns[0])


def is_on_fold(state: ViewState, columns: Columns) -> bool:
    """Whether the line of what is folded has the focus."""
    return bool(columns) and column_of(columns, state.phase).folding_at(state.focus) is not None


def focused(state: ViewState, phase: str, key: str) -> ViewState:
    """The state with the focus on a card (or on an empty column)."""
    last = {**state.last, phase: key} if key else state.last
    return replace(state, phase=phase, focus=key, last=last)


def step(state: ViewState, columns: Columns, by: int) -> ViewState:
    """Moves the focus by some cards, and lines of what is folded, within its column; it stops at both ends."""
    column = column_of(columns, state.phase)
    at = column.stop_of(state.focus)
    return focused(state, state.phase, column.stop_at(0 if at is None else at + by))


def to_end(state: ViewState, columns: Columns, *, first: bool) -> ViewState:
    """Moves the focus to the first or the last card of its column."""
    column = column_of(columns, state.phase)
    if not column.items:
        return state
    return focused(state, state.phase, column.items[0 if first else -1].id)


def sideways(state: ViewState, columns: Columns, by: int, height: int) -> ViewState:
    """Moves the focus to the next column.

    There it goes to the card that had it last, where that is still in sight, else to the card at the same height
    of the screen (`height` is that of the columns, in lines).
    """
    phases = [column.phase for column in columns]
    index = phases.index(state.phase) if state.phase in phases else 0
    target = max(0, min(len(phases) - 1, index + by))
    if target == index:
        return state
    here, there = columns[index], columns[target]
    if not there.items:
        return focused(state, there.phase, there.stop_at(0))
    top = state.scroll.get(there.phase, 0)
    remembered = there.index_of(state.last.get(there.phase, ""))
    if remembered is not None and top <= there.line_of(remembered) < top + height:
        return focused(state, there.phase, there.items[remembered].id)
    own = here.lines_at(state.focus)
    line = 0 if own is None else own[0] - state.scroll.get(here.phase, 0)
    return focused(state, there.phase, there.items[there.nearest(top + line)].id)


def follow(state: ViewState, before: Columns, after: Columns) -> ViewState:
    """The state after the plan or the filter has changed: the focus stays on its card wherever that went.

    Where the card is gone, its nearest neighbour in the old column that is still there takes the focus.
    """
    for column in after if state.focus else ():
        if column.index_of(state.focus) is not None:
            return focused(state, column.phase, state.focus)
    column = column_of(after, state.phase)
    if column.folding_at(state.focus) is not None:
        return focused(state, column.phase, state.focus)
    if not column.items:
        return focused(state, column.phase, column.stop_at(0))
    old = column_of(before, state.phase) if before else column
    index = old.index_of(state.focus) if state.focus else None
    if index is None:
        kept = state.last.get(column.phase, "")
        index = column.index_of(kept)
        return focused(state, column.phase, kept if index is not None else _to_begin_with(column))
    for candidate in (*old.items[index + 1 :], *reversed(old.items[:index])):
        if column.index_of(candidate.id) is not None:
            return focused(state, column.phase, candidate.id)
    return focused(state, column.phase, _to_begin_with(column))


def _to_begin_with(column: Column) -> str:
    """The first card with something left to do; the first of all where there is none."""
    return next((item.id for item in column.items if not is_closed(item)), column.items[0].id)


def reveal(state: ViewState, columns: Columns, height: int) -> ViewState:
    """Scrolls the columns by as little as shows the focus, and never past their ends (`height` in lines).

    A focus that the wheel has left behind is not brought back.
    """
    scroll = dict(state.scroll)
    for column in columns:
        top = max(0, min(scroll.get(column.phase, 0), column.height - height))
        if column.phase == state.phase and state.focus != state.left_behind:
            index, fold = column.index_of(state.focus), column.lines_at(state.focus)
            if index is not None:
                first, last = column.span_of(index)
                top = min(max(min(top, first), last - height + 1), column.line_of(index))
            elif fold is not None:
                top = min(max(top, fold[0] - height + 1), fold[0])
        scroll[column.phase] = max(0, top)
    return state if scroll == dict(state.scroll) else replace(state, scroll=MappingProxyType(scroll))


def scrolled(state: ViewState, columns: Columns, phase: str, by: int, height: int) -> ViewState:
    """Scrolls one column by some lines without moving the focus."""
    column = column_of(columns, phase)
    top = max(0, min(state.scroll.get(phase, 0) + by, column.height - height))
    moved = replace(state, scroll=MappingProxyType({**state.scroll, phase: max(0, top)}), left_behind="")
    in_sight = reveal(moved, columns, height) is moved
    return moved if in_sight else replace(moved, left_behind=state.focus)


def zoomed(state: ViewState, project: str, phase: str = "assess", focus: str = "") -> ViewState:
    """The state after going into a project, or out to the portfolio (an empty id)."""
    empty: Mapping[str, int] = MappingProxyType({})
    return replace(
        state,
        project=project,
        phase=phase,
        focus=focus,
        scroll=empty,
        last=MappingProxyType({}),
        marks=frozenset(),
        kept=frozenset(),
        left_behind="",
    )

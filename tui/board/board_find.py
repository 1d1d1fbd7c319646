"""Finding on the board: views, grouping, projects, the palette, the help; and help for the first time."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace

from ...model.edit import edits
from ...model.records.address import Address
from ...model.text.slug import slug
from ...storage.disk.errors import KedgeError
from ...storage.disk.userconfig import write_setting
from ..dialogs.pick import Pick, PickItem
from ..dialogs.prompt import Prompt
from ..dialogs.tour import Tour
from ..dialogs.views import Chosen, PickView
from .board_focus import enter, leave_project
from .contract import ActsOnBoard
from .density import ABOUT, DENSITIES
from .view_state import GROUPINGS, zoomed
from .views import Look

# ---- views, grouping, projects


BOARD = Address("board", "", "board")
"""The record that the views are in."""


def pick_view(board: ActsOnBoard) -> None:
    """Picks a saved view, changes or removes one; what the board shows can be saved as one."""
    views = board.plan.board.views
    items = [PickItem(key, view.label or key, _shows(view.query, view.group)) for key, view in views.items()]

    def chosen(answer: Chosen) -> None:
        what, key = answer
        if what == "save":
            _save_view(board)
        elif what == "show":
            show_view(board, key)
        elif what == "change":
            board.host.open_form(BOARD, ("views", key), then=board.saved)
        else:
            label = f"remove view {views[key].label or key}"
            board.make(lambda: edits.edit(board.plan, BOARD, {("views", key): None}, label))

    state = board.state
    now = _shows(state.filter, state.group) if state.filter or state.group != GROUPINGS[0] else ""
    board.ask(PickView(items, now), chosen)


def _shows(query: str, group: str) -> str:
    return " ".join(filter(None, (query, "" if group == GROUPINGS[0] else f"by {group}")))


def show_view(board: ActsOnBoard, key: str) -> None:
    """Shows a saved view, or says why it cannot be shown."""
    from ...model.query.syntax import QueryError

    view = board.plan.board.views[key]
    state = replace(board.state, filter=view.query, group=view.group, kept=frozenset())
    try:
        board.views.columns(board.plan, Look.of(state))
    except QueryError as error:
        board.say(f"view {key}: {error}", "warning")
        return
    board.state = state
    board.look(following=True)


def _save_view(board: ActsOnBoard) -> None:
    def key_of(title: str) -> str:
        """That of the view with this name, where there is one."""
        views = board.plan.board.views
        same = (key for key, view in views.items() if (view.label or key).lower() == title.strip().lower())
        return next(same, slug(title, "view"))

    def entered(title: str) -> None:
        data = {"title": title.strip(), "query": board.state.filter, "group": board.state.group}
        paths = {("views", key_of(title), name): value for name, value in data.items()}
        board.make(lambda: edits.edit(board.plan, BOARD, paths, f"save view {title.strip()}"))

    def wrong(title: str) -> str | None:
        return None if title.strip() else "a view needs a name"

    def echo(title: str) -> str:
        there = board.plan.board.views.get(key_of(title)) if title.strip() else None
        return f"takes the place of {_shows(there.query, there.group) or 'all cards'}" if there else ""

    board.ask(Prompt("Save what the board shows now", "its name", "", wrong, echo=echo), entered)


def next_group(board: ActsOnBoard) -> None:
    """Groups by the next of step, status, owner, milestone, stage."""
    index = GROUPINGS.index(board.state.group) if board.state.group in GROUPINGS else -1
    group = GROUPINGS[(index + 1) % len(GROUPINGS)]
    board.state = replace(board.state, group=group)
    board.look(following=True)
    board.say(f"grouped by {group}")


def pick_project(board: ActsOnBoard) -> None:
    """Switches to another project, or to all of them."""
    items = [PickItem(one.id, one.label, f"{one.phase} {one.state}") for one in board.plan.projects.values()]
    items.append(PickItem("", "Portfolio", "all projects"))

    def chosen(keys: tuple[str, ...]) -> None:
        jump(board, lambda: enter(board, keys[0]) if keys[0] else leave_project(board))

    board.ask(Pick("Projects", items), chosen)


# ---- jumps, back and forward


def jump(board: ActsOnBoard, go: Callable[[], None]) -> None:
    """Goes somewhere else, and remembers from where."""
    here = (board.state.project, board.state.focus)
    go()
    there = (board.state.project, board.state.focus)
    if there != here:
        board.trail[board.at :] = [here, there]
        board.at += 1


def _travel(by: int) -> Callable[[ActsOnBoard], None]:
    def travel(board: ActsOnBoard) -> None:
        board.at += by
        project, focus = board.trail[board.at]
        if focus in board.plan.cards:
            # It may have been moved to another project since.
            _go_to(board, focus)
        elif project in board.plan.projects or not project:
            board.state = zoomed(replace(board.state, filter=""), project, focus=focus)
            board.look(following=True)
        else:
            board.say(f"{focus or project} is not there any more", "warning")

    return travel


def show_card(board: ActsOnBoard, card_id: str) -> None:
    """Jumps to a card, wherever it is; a filter of another project is cleared."""
    jump(board, lambda: _go_to(board, card_id))


def _go_to(board: ActsOnBoard, card_id: str) -> None:
    card = board.plan.cards.get(card_id)
    if card is None:
        board.say(f"there is no card {card_id}", "warning")
        return
    if card.project != board.state.project:
        board.state = zoomed(replace(board.state, filter=""), card.project)
    board.state = replace(board.state, focus=card_id, left_behind="")
    if board.state.filter or not card.is_open:
        board.state = replace(board.state, kept=frozenset({card_id}))
    board.look(following=True)


def fold(board: ActsOnBoard) -> None:
    """Shows what is finished card by card, or folds it again."""
    board.state = replace(board.state, unfolded=not board.state.unfolded, kept=frozenset())
    board.look(following=True)
    board.say(
        "finished cards are shown" if board.state.unfolded else "finished cards are folded, one line a group"
    )


def next_density(board: ActsOnBoard) -> None:
    """Goes on to the next density, and keeps it in the person's settings."""
    density = DENSITIES[(DENSITIES.index(board.density) + 1) % len(DENSITIES)]
    board.density = density
    board.look()
    try:
        write_setting(os.environ, "density", density)
    except KedgeError as error:
        board.say(f"density {density}, until you leave: {error.message}", "warning")
    else:
        board.say(f"density {density}: {ABOUT[density]}", "good")


def show_tour(board: ActsOnBoard) -> None:
    """What a person needs in the first five minutes."""
    board.show_dialog(Tour(board.keys.shown))


HANDLERS: Mapping[str, Callable[[ActsOnBoard], None]] = {
    "find.views": pick_view,
    "find.group": next_group,
    "find.project": pick_project,
    "view.finished": fold,
    "view.density": next_density,
    "card.previous": _travel(-1),
    "card.next": _travel(1),
    "kedge.tour": show_tour,
}

"""Finding on the board: views, grouping, projects, the palette, the help; and what belongs to the plan as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ...model import edits
from ...model.address import Address
from ...model.change import Batch
from ...model.ids import slug
from ..actions import BY_ID, in_context, reason_against
from ..state import GROUPINGS
from ..views import Look
from .board_entry import Filter

if TYPE_CHECKING:
    from .board import BoardScreen

# ---- views, grouping, projects


def open_filter(board: BoardScreen) -> None:
    """Opens the filter."""
    Filter(board).open()


def pick_view(board: BoardScreen) -> None:
    """Picks a saved view; the present filter can be saved as one."""
    from ..dialogs import Pick, PickItem

    views = board.plan.board.views
    items = [PickItem(f"={key}", view.title or key, view.query) for key, view in views.items()]
    if board.state.filter:
        items.append(PickItem("save", "Save this filter as a view", board.state.filter))

    def chosen(keys: tuple[str, ...]) -> None:
        if keys[0] == "save":
            _save_view(board)
            return
        view = views[keys[0][1:]]
        from ...model.query import QueryError

        try:
            board.views.columns(board.plan, Look(board.state.project, view.group, view.query))
        except QueryError as error:
            board.say(f"view {keys[0][1:]}: {error}", "warning")
            return
        board.state = replace(board.state, filter=view.query, group=view.group, kept=frozenset())
        board.look(following=True)

    board.ask(Pick("Views", items), chosen)


def _save_view(board: BoardScreen) -> None:
    from ..dialogs import Prompt

    def entered(title: str) -> None:
        data = {"title": title.strip(), "query": board.state.filter, "group": board.state.group}
        address = Address("board", "", "board")
        paths = {("views", slug(title, "view"), name): value for name, value in data.items()}
        board.make(lambda: edits.edit(board.plan, address, paths, f"save view {title.strip()}"))

    def wrong(title: str) -> str | None:
        return None if title.strip() else "a view needs a name"

    board.ask(Prompt("Save this filter as a view", "its name", "", wrong), entered)


def next_group(board: BoardScreen) -> None:
    """Groups by the next of step, status, owner, milestone, stage."""
    index = GROUPINGS.index(board.state.group) if board.state.group in GROUPINGS else -1
    group = GROUPINGS[(index + 1) % len(GROUPINGS)]
    board.state = replace(board.state, group=group)
    board.look(following=True)
    board.say(f"grouped by {group}")


def pick_project(board: BoardScreen) -> None:
    """Switches to another project, or to all of them."""
    from ..dialogs import Pick, PickItem
    from .board_focus import enter, leave_project

    items = [PickItem(one.id, one.label, f"{one.phase} {one.state}") for one in board.plan.projects.values()]
    items.append(PickItem("", "Portfolio", "all projects"))

    def chosen(keys: tuple[str, ...]) -> None:
        if keys[0]:
            enter(board, keys[0])
        else:
            leave_project(board)

    board.ask(Pick("Projects", items), chosen)


# ---- everything else


def palette(board: BoardScreen) -> None:
    """Every command, screen and card, by a part of its name."""
    from ..dialogs import Palette, PickItem

    actions = [one for one in in_context("board") if one.id != "find.command"]
    commands = [
        PickItem(one.id, f"{one.label}: {one.help}", board.key_list(one))
        for one in actions
        if not one.id.startswith(("focus.", "screen."))
    ]
    screens = [PickItem(one.id, one.label, one.help) for one in actions if one.id.startswith("screen.")]
    own = board.state.project
    cards = [
        PickItem(one.id, one.label, one.id)
        for one in sorted(board.plan.cards.values(), key=lambda one: (one.project != own, one.rank, one.id))
    ]
    now = board.situation()

    def refused(source: str, key: str) -> str | None:
        return reason_against(BY_ID[key], now) if source != "card" else None

    def chosen(place: tuple[str, str]) -> None:
        source, key = place
        if source == "card":
            show_card(board, key)
        else:
            board.act(key)

    sources = [("command", commands), ("screen", screens), ("card", cards)]
    board.ask(Palette(sources, refused), chosen)


def show_card(board: BoardScreen, card_id: str) -> None:
    """Goes to a card, wherever it is; a filter that hides it is cleared."""
    from ..state import zoomed

    card = board.plan.cards.get(card_id)
    if card is None:
        board.say(f"there is no card {card_id}", "warning")
        return
    if card.project != board.state.project:
        board.state = zoomed(replace(board.state, filter=""), card.project)
    board.state = replace(board.state, focus=card_id)
    if board.state.filter:
        board.state = replace(board.state, kept=frozenset({card_id}))
    board.look(following=True)


def help_overlay(board: BoardScreen) -> None:
    """All keys of the board."""
    from ..dialogs import HelpOverlay

    board.ask(HelpOverlay(board.help_groups()), lambda _: None)


def undo(board: BoardScreen) -> None:
    """Takes back the last step; what it was comes as an event."""
    assert board.session is not None
    board.session.undo()


def redo(board: BoardScreen) -> None:
    """Makes the step again that was taken back."""
    assert board.session is not None
    board.session.redo()


def reload(board: BoardScreen) -> None:
    """Reads the plan again, and tries once more what could not be saved."""
    session = board.session
    if session is None:
        return
    unfit: list[Batch] = session.retry()
    board.adopt()
    session.refresh()
    if not unfit:
        board.say("reading again")
        return
    from ..dialogs import Confirm

    names = ", ".join(batch.label for batch in unfit)

    def answered(yes: bool) -> None:
        if yes:
            session.give_up()
            board.adopt()
            board.paint_banner()

    text = f"The plan has changed meanwhile, so that this no longer fits: {names}. Give it up?"
    board.ask(Confirm("Not saved", text, "give it up", "keep it"), answered)


def _open(screen: str) -> Callable[[BoardScreen], None]:
    return lambda board: board.board_app.open_screen(screen)


def leave(board: BoardScreen) -> None:
    """Quits; asks where something could not be saved."""
    session = board.session
    if session is None or not session.unsaved:
        board.app.exit()
        return
    from ..dialogs import Confirm

    names = ", ".join(batch.label for batch in session.unsaved)
    board.ask(
        Confirm("Quit", f"This could not be saved and would be lost: {names}.", "quit and lose it", "stay"),
        lambda yes: board.app.exit() if yes else None,
    )


HANDLERS: Mapping[str, Callable[[BoardScreen], None]] = {
    "find.filter": open_filter,
    "find.views": pick_view,
    "find.group": next_group,
    "find.project": pick_project,
    "find.command": palette,
    "plan.undo": undo,
    "plan.redo": redo,
    "plan.reload": reload,
    "kedge.help": help_overlay,
    "kedge.tour": lambda board: board.show_tour(),
    "kedge.quit": leave,
    **{action: _open(action) for action in BY_ID if action.startswith("screen.")},
}

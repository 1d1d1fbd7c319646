"""Finding and adding on the board: the line at the bottom, views, grouping, projects, the palette, the help."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import SystemRandom
from typing import TYPE_CHECKING, Any

from ...model import edits
from ...model.address import Address
from ...model.change import Batch
from ...model.ids import slug
from ...model.ranks import place as rank_at
from ...model.visible import one_line
from ..actions import BY_ID, in_context, reason_against
from ..state import GROUPINGS
from ..views import Look
from ..widgets.entry_line import EntryLine

if TYPE_CHECKING:
    from .board import BoardScreen

_RANDOM = SystemRandom()


class Entry:
    """What the line at the bottom is open for."""

    def __init__(self, board: BoardScreen) -> None:
        self.board = board
        self._asked = False

    @property
    def line(self) -> EntryLine:
        """The line itself."""
        return self.board.query_one(EntryLine)

    def typed(self, text: str) -> None:  # noqa: ARG002  for those who look at it
        """The text has changed."""
        self._asked = False

    def entered(self, text: str) -> None:
        """The text was entered."""
        raise NotImplementedError

    def left(self, text: str) -> None:
        """The person wants to leave; what was typed is not lost without a second escape."""
        if text.strip() and not self._asked:
            self._asked = True
            self.line.say(wrong="press escape again to give up what you typed")
        else:
            self.board.close_entry()

    def wider(self, text: str) -> None:
        """The person wants more than a line; there is nothing more for most."""


class AddCard(Entry):
    """A new card, in quick syntax."""

    def __init__(self, board: BoardScreen, place: str, fields: Mapping[str, object]) -> None:
        super().__init__(board)
        self.place = place
        self.fields = fields

    def open(self) -> None:
        """Opens the line with the completions of the quick syntax."""
        from ...model.completion import complete

        board = self.board
        board.open_entry(self).open(
            f"add to {self.place}",
            placeholder="title @owner #tag ~2/3/5 !milestone due:fri needs:card",
            complete=lambda text, cursor: complete(
                text, cursor, board.plan, board.state.project, board.today
            ),
        )

    def _read(self, text: str) -> Any:
        from ...model.quick import parse_quick

        board = self.board
        return parse_quick(text, board.plan, board.state.project, board.today, me=board.me or None)

    def typed(self, text: str) -> None:
        """Says how the text is understood."""
        super().typed(text)
        quick = self._read(text)
        words = [f"{name} {_shown(value)}" for name, value in quick.fields.items()]
        self.line.say(about=", ".join(words) or "Tab: the whole form")

    def entered(self, text: str) -> None:
        """Adds the card; with a mistake in it the text stays."""
        board = self.board
        if not text.strip():
            board.close_entry()
            return
        quick = self._read(text)
        if quick.problems:
            self.line.say(wrong=quick.problems[0].message)
            return
        if not quick.title.strip():
            self.line.say(wrong="a card needs a title")
            return
        fields = {"place": self.place, **self.fields, **quick.fields}
        try:
            batch = edits.add_card(board.plan, board.state.project, quick.title, fields, _RANDOM)
        except edits.EditRefused as error:
            self.line.say(wrong=str(error))
            return
        board.close_entry()
        board.make(lambda: batch, focus=batch.changes[0].address.id)

    def wider(self, text: str) -> None:
        """Goes on in the whole form with what has been typed."""
        board = self.board
        quick = self._read(text)
        board.close_entry()
        fields = {"title": quick.title, **self.fields, **quick.fields}
        typed = {name: value for name, value in fields.items() if value}
        board.board_app.open_new_card(board.state.project, self.place, typed)


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return "/".join(str(one) for one in value)
    return str(value)


class AddProject(Entry):
    """A new project, by its title."""

    def open(self) -> None:
        """Opens the line."""
        self.board.open_entry(self).open("new project", placeholder="its title")

    def entered(self, text: str) -> None:
        """Adds the project in the focused column."""
        board = self.board
        if not text.strip():
            board.close_entry()
            return
        new_id = slug(text, "project")
        ranks = [project.rank for project in board.plan.projects.values()]
        data = {"title": text.strip(), "phase": board.state.phase, "rank": rank_at(ranks, len(ranks)) or "a0"}
        try:
            batch = edits.add_record(board.plan, "project", "", new_id, data)
        except edits.EditRefused as error:
            self.line.say(wrong=str(error))
            return
        board.close_entry()
        board.make(lambda: batch, focus=new_id)


class Filter(Entry):
    """The filter, that works while it is typed."""

    def open(self) -> None:
        """Opens the line with the filter that there is."""
        self.board.open_entry(self).open(
            "filter", self.board.state.filter, "words owner:me status:doing #tag due<fri is:blocked"
        )
        self._say()

    def typed(self, text: str) -> None:
        """Shows what fits; where the text cannot be understood yet, the last view stays, and the error is shown."""
        from ...model.query import QueryError

        board = self.board
        text = text.strip()
        try:
            board.views.columns(board.plan, Look(board.state.project, board.state.group, text))
        except QueryError as error:
            self.line.say(wrong=one_line(str(error)))
            return
        board.state = replace(board.state, filter=text, kept=frozenset())
        board.look(following=True)
        self._say()

    def _say(self) -> None:
        columns = self.board.columns
        shown, total = sum(len(one.items) for one in columns), sum(one.total for one in columns)
        self.line.say(about=f"{shown} of {total} shown; Enter keeps it, Escape clears it")

    def entered(self, text: str) -> None:  # noqa: ARG002  it has been applied already
        """Keeps the filter, and goes back to the cards."""
        if not self.line.wrong:
            self.board.close_entry()

    def left(self, text: str) -> None:  # noqa: ARG002  a filter is easily typed again
        """Clears the filter."""
        self.board.state = replace(self.board.state, filter="", kept=frozenset())
        self.board.close_entry()


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
    "kedge.quit": leave,
    **{action: _open(action) for action in BY_ID if action.startswith("screen.")},
}

"""What the line at the bottom of the board is open for: a new card, a new project, a filter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import SystemRandom
from typing import TYPE_CHECKING, Any

from ...model import edits
from ...model.ids import slug
from ...model.ranks import place as rank_at
from ...model.visible import one_line
from ..views import Look
from .entry import Entry

if TYPE_CHECKING:
    from .board import BoardScreen

_RANDOM = SystemRandom()


class BoardEntry(Entry):
    """What the line is open for on the board."""

    def __init__(self, board: BoardScreen) -> None:
        super().__init__(board)
        self.board = board


class AddCard(BoardEntry):
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


class AddProject(BoardEntry):
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


class Filter(BoardEntry):
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

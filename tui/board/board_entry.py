"""What the line at the bottom of the board is open for: a new card, a new project, a filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import SystemRandom
from typing import TYPE_CHECKING, Any

from ...model.edit import edits
from ...model.edit.refusal import EditRefused
from ...model.plan.plan import target_of
from ...model.plan.ranks import place as rank_at
from ...model.playbook.outline import place_titles
from ...model.records.address import Address
from ...model.text.dates import say_date
from ...model.text.named import quoted
from ...model.text.slug import slug
from ...model.text.visible import one_line
from ...storage.plan.card_places import card_places
from ..screens.entry import Entry
from .contract import ActsOnBoard
from .views import Look, column_step

if TYPE_CHECKING:
    from ...model.cards.completion import Completion, Offered
    from ...model.cards.quick_add import Problem, Quick
    from ...model.plan.plan import Plan

_RANDOM = SystemRandom()


class BoardEntry(Entry):
    """What the line is open for on the board."""

    def __init__(self, board: ActsOnBoard) -> None:
        super().__init__(board)
        self.board = board


class AddCard(BoardEntry):
    """A new card, in quick syntax."""

    def __init__(self, board: ActsOnBoard, place: str, fields: Mapping[str, object]) -> None:
        super().__init__(board)
        self.place = place
        self.fields = fields
        self._offered: tuple[tuple[str, str], ...] = ()
        """What is added with the card if the line is entered once more: it names that, and the plan lacks it."""

    def open(self) -> None:
        """Opens the line with the completions of the quick syntax."""
        from ...model.cards.completion import complete

        board = self.board
        places = self._places()
        plan, known = board.plan, dict[str, list["Offered"]]()

        def offers(text: str, cursor: int) -> list[Completion]:
            nonlocal plan
            if board.plan is not plan:
                plan = board.plan
                known.clear()
            return complete(
                text, cursor, board.session.derived.snapshot, board.state.project, places=places, known=known
            )

        board.open_entry(self).open(
            f"add to {', '.join(place_titles(self.place))}",
            placeholder="title @owner #tag ~2/3/5 !milestone due:fri needs:card",
            complete=offers,
        )

    def _places(self) -> tuple[str, ...]:
        return card_places(self.board.session.workspace.files)

    def _read(self, text: str, plan: Plan | None = None) -> Quick:
        from ...model.cards.quick_add import parse_quick

        board, places = self.board, self._places()
        seen = plan or board.plan
        return parse_quick(text, seen, board.state.project, board.today, me=board.me or None, places=places)

    def typed(self, text: str) -> None:
        """Says how the text is understood, and what is wrong with it before the word that is being typed."""
        super().typed(text)
        self._offered = ()
        # A word that is still being completed says nothing yet.
        quick = self._read(self.line.without_word() if self.line.is_offering else text)
        behind = [one for one in quick.problems if 0 < one.end < len(text.rstrip())]
        words = [_said(name, value, self.board) for name, value in quick.fields.items()]
        self.line.say(
            wrong=_problem(behind[0]) if behind else "", about=" ".join(words) or "Tab: the whole form"
        )

    def entered(self, text: str) -> None:
        """Adds the card; with a mistake in it the text stays."""
        if text.strip():
            self._add(text)
        else:
            self.board.close_entry()

    def entered_on(self, text: str) -> None:
        """Adds the card, and opens the line for the next one."""
        if text.strip():
            self._add(text, then=lambda: AddCard(self.board, self.place, self.fields).open())

    def _add(self, text: str, then: Callable[[], object] | None = None) -> None:
        """Adds the card; a person and a milestone that it names and the plan lacks only if that is said twice."""
        from ...model.edit.quick_card import add_with, addable

        board, problems = self.board, self._read(text).problems
        lacking = addable(problems)
        if problems and (not lacking or lacking != self._offered):
            self._offered = lacking
            self.line.say(
                wrong=_offer(problems, board.keys.shown("text.save")) if lacking else _problem(problems[0])
            )
            return
        fields = {"place": self.place, **self.fields}
        try:
            batch = add_with(
                board.plan, board.state.project, lacking, lambda plan: self._read(text, plan), fields, _RANDOM
            )
        except EditRefused as error:
            self.line.say(wrong=str(error))
            return
        board.close_entry()
        board.make(lambda: batch, focus=batch.changes[0].address.id, then=then)

    def wider(self, text: str) -> None:
        """Goes on in the whole form with what has been typed; what could not be taken stays here until it can."""
        board = self.board
        quick = self._read(text)
        wrong = [one for one in quick.problems if not one.is_missing_title]
        if wrong:
            self.line.say(wrong=_problem(wrong[0]))
            return
        board.close_entry()
        fields = {"title": quick.title, **self.fields, **quick.fields}
        typed = {name: value for name, value in fields.items() if value}
        new = Address("card", board.state.project, "")
        board.host.open_form(new, typed={"place": self.place, **typed}, then=board.saved)


def _problem(problem: Problem) -> str:
    """What could not be taken, with what could."""
    expected = ", ".join(problem.expected)
    return f"{problem.message}; expected {expected}" if expected else problem.message


def _offer(problems: Sequence[Problem], key: str) -> str:
    """What a line names that the plan lacks, and how it is added."""
    found = [one.lacking for one in problems if one.lacking is not None]
    words = " and ".join(f"{kind} {name}" for kind, name in dict.fromkeys(found))
    near = ", ".join(dict.fromkeys(name for one in problems for name in one.expected))
    meant = f" (did you mean {near}?)" if near else ""
    return f"not in the plan yet: {words}{meant}; {key} once more adds {'it' if len(found) == 1 else 'them'}"


_SIGN_OF = {"owner": "@", "milestone": "!", "estimate": "~"}


def _said(name: str, value: Any, board: ActsOnBoard) -> str:
    """A field as it was understood: in the signs of the line, dates with their day, cards by their title."""
    match name:
        case "tags":
            return " ".join(f"#{tag}" for tag in value)
        case "needs":
            titles = (quoted(board.plan.cards[target_of(need)].label) for need in value)
            return f"needs {' and '.join(titles)}"
        case "due" | "not_before" | "fixed":
            return f"{name.replace('_', ' ')} {say_date(value, board.today)}"
        case "estimate":
            return f"~{'/'.join(str(figure) for figure in value)}d"
    return f"{_SIGN_OF[name]}{value}" if name in _SIGN_OF else f"{name} {value}"


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
        data = {
            "title": text.strip(),
            "phase": board.state.phase,
            "rank": rank_at(ranks, len(ranks)) or "a0",
            "started": board.today,
        }
        try:
            batch = edits.add_record(board.plan, "project", "", new_id, data)
        except EditRefused as error:
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
        from ...model.query.syntax import QueryError

        board = self.board
        state = replace(board.state, filter=text.strip(), kept=frozenset())
        try:
            board.views.columns(board.plan, Look.of(state))
        except QueryError as error:
            self.line.say(wrong=one_line(str(error)))
            return
        board.state = state
        board.look(following=True)
        self._say()

    def _say(self) -> None:
        columns = self.board.columns
        shown, total = sum(len(one.items) for one in columns), sum(one.total for one in columns)
        self.line.say(about=f"{shown:,} of {total:,} shown; Enter keeps it, Escape clears it")

    def entered(self, text: str) -> None:  # noqa: ARG002  it has been applied already
        """Keeps the filter, and goes back to the cards."""
        if not self.line.wrong:
            self.board.close_entry()

    def left(self, text: str) -> None:  # noqa: ARG002  a filter is easily typed again
        """Clears the filter."""
        self.board.state = replace(self.board.state, filter="", kept=frozenset())
        self.board.close_entry()


def add(board: ActsOnBoard) -> None:
    """Opens the line for a new card, or for a new project on the portfolio."""
    if not board.state.project:
        AddProject(board).open()
        return
    place, fields = column_step(board.columns, board.state.phase, board.state.focus, board.state.group)
    AddCard(board, place, fields).open()


def open_filter(board: ActsOnBoard) -> None:
    """Opens the filter."""
    Filter(board).open()


HANDLERS: Mapping[str, Callable[[ActsOnBoard], None]] = {"card.add": add, "find.filter": open_filter}

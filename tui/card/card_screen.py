"""The card's own screen: reads it, ticks its checklist, and goes along its needs in both directions."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from random import SystemRandom
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult

from ...model.edit import edits
from ...model.records.address import Address
from ...model.records.card import Card
from ...model.records.findings import Finding
from ..dialogs.prompt import Prompt
from ..draw.markdown import FIRST
from ..keys.action import Context
from ..keys.action_context import Situation
from ..screens.cards_screen import CardsScreen
from ..session import session as told
from ..session.session import Session
from ..widgets.acting import Handlers
from ..widgets.head_line import HeadLine
from ..widgets.key_line import KeyLine
from ..widgets.lines import LineView
from .card_lines import TREE_ROWS, Key, Known, card_lines

if TYPE_CHECKING:
    from ...model.derived.derived import Derived
    from ...storage.disk.repository import GitProblem
    from ...storage.git.code_commits import CodeCommit
    from ...storage.git.history import Revision
    from ...storage.plan.workspace import Workspace

_RANDOM = SystemRandom()
_MORE_NOTES = 40_000
_MORE_CARDS = 2_000


class CardScreen(CardsScreen):
    """One card. Enter follows the row under the cursor; `[` and `]` go back and forward along the way."""

    CONTEXT: ClassVar[Context] = "card"
    JUMP: ClassVar[str] = "card"
    AUTO_FOCUS = "LineView"

    def __init__(self, session: Session, card_id: str, back: Sequence[str] = ()) -> None:
        """`back` are the ids of cards that one has come from, the last one last."""
        super().__init__(session)
        self.trail: list[str] = [*back, card_id]
        self.at = len(self.trail) - 1
        self._known: Known | None = None

    def compose(self) -> ComposeResult:
        """The head, the rows, the foot."""
        yield HeadLine()
        yield LineView()
        yield KeyLine()

    def on_mount(self) -> None:
        """Shows the card."""
        self._open()

    # ---- what is acted on

    @property
    def card_id(self) -> str:
        """The card that is shown."""
        return self.trail[self.at]

    def focused_item(self) -> Card | None:
        """The card; None where it was removed."""
        return self.plan.cards.get(self.card_id)

    def can_go(self, step: int) -> bool:
        """Whether there is a place further along the way, or further back."""
        return 0 <= self.at + step < len(self.trail)

    def targets(self) -> tuple[Card, ...]:
        """The card."""
        card = self.focused_item()
        return (card,) if card else ()

    def situation(self) -> Situation:
        """What decides which actions can be done."""
        now = super().situation()
        item = "" if self._key.kind == "item" else "the cursor is on no line of the checklist"
        return replace(now, lacks={**now.lacks, "item": item})

    # ---- showing

    def _open(self) -> None:
        """Shows another card from its top."""
        self._known = None
        self.adopt()
        self.query_one(LineView).edge(-1)
        self._look()

    def adopt(self, touched: Iterable[Address] = (), focus: str = "") -> None:  # noqa: ARG002  all touches are shown alike
        """Shows the card as the plan has it now, under another id where it was renamed; the cursor stays."""
        self.trail[self.at] = focus or self.card_id
        card, known = self.focused_item(), self._known
        if card is None:
            self._known = None
            self.query_one(LineView).show(lambda _: [])
        else:
            self._known = Known(
                self.plan,
                card,
                self.session.today,
                self.glyphs,
                known.findings if known else (),
                known.history if known else None,
                known.notes_length if known else FIRST,
                known.tree_rows if known else TREE_ROWS,
                known.code if known else (),
            )
            self._draw()
        self.paint_head()
        self.foot()

    def on_resize(self) -> None:
        """Leaves the list of screens out where there is no room."""
        self.paint_head()

    def paint_head(self) -> None:
        """Shows whose card it is; the screen belongs to the board."""
        card = self.focused_item()
        gone = f"{self.card_id} is not in the plan any more; escape goes back"
        project = self.plan.projects.get(card.project) if card is not None else None
        place = gone if card is None else card.project if project is None else project.label
        self.show_head(self.query_one(HeadLine), (place,), "Board")

    def _draw(self) -> None:
        known = self._known
        if known is not None:
            self.query_one(LineView).show(lambda width: card_lines(known, width))

    def _look(self) -> None:
        """Asks for findings and history of the card."""
        card = self.focused_item()
        if card is not None:
            session, address = self.session, card.address
            derived = session.derived
            ids = {one.id for one in self.plan.names("card")}
            session.worker.ask(
                ("card", card.id), lambda task: _look_at(session.workspace, derived.told(task), address, ids)
            )

    def found_out(self, event: told.Known | told.Unknown) -> None:
        """Shows findings and history."""
        if event.key == ("card", self.card_id) and isinstance(event, told.Known) and self._known is not None:
            findings, history, code = event.value
            self._know(replace(self._known, findings=findings, history=history, code=code))

    def _know(self, known: Known) -> None:
        self._known = known
        self._draw()

    def on_told(self, event: told.Event) -> None:
        """Looks again at findings and history, too."""
        super().on_told(event)
        if isinstance(event, told.Saved | told.SaveFailed | told.Travelled | told.Refreshed):
            self._look()

    def on_screen_resume(self) -> None:
        """Shows what a form or the editor has done."""
        if self.is_mounted:
            self.adopt()

    # ---- doing

    def handlers(self) -> Handlers:
        """What does each action here."""
        return {
            **super().handlers(),
            **self.query_one(LineView).moving(),
            "focus.open": self._follow,
            "item.next": self._next,
            "item.add": self._add_item,
            "item.remove": self._remove_item,
            "card.previous": lambda: self._travel(-1),
            "card.next": lambda: self._travel(1),
        }

    def here(self) -> str:
        """The card's project."""
        card = self.focused_item()
        return card.project if card else ""

    @property
    def _key(self) -> Key:
        key = self.query_one(LineView).key
        return key if isinstance(key, Key) else Key("")

    def on_line_view_chosen(self, _: LineView.Chosen) -> None:
        """Enter, or a double click, on a row."""
        self._follow()

    def _follow(self) -> None:
        key, card = self._key, self.focused_item()
        if card is None:
            return
        match key.kind:
            case "card":
                self.show_card(key.name)
            case "field":
                self._form(card.address, key.name)
            case "item":
                self._edit_item(card, key.name)
            case "notes" if self._known:
                self._know(replace(self._known, notes_length=self._known.notes_length + _MORE_NOTES))
            case "more" if self._known:
                self._know(replace(self._known, tree_rows=self._known.tree_rows + _MORE_CARDS))
            case "finding" if self._known:
                field = self._known.findings[int(key.name)].field
                self._form(card.address, str(field[0]) if field else "")
            case _:
                self._form(card.address, "")

    def _form(self, address: Address, field: str) -> None:
        self.host.open_form(address, (field,) if field else ())

    def _travel(self, step: int) -> None:
        self.at += step
        self._open()

    def show_card(self, card_id: str) -> None:
        """Goes on to another card, and forgets what lay ahead."""
        self.trail[self.at + 1 :] = [card_id]
        self._travel(1)

    # ---- the checklist

    def _next(self) -> None:
        """Ticks the line under the cursor; elsewhere the card's next status."""
        key, card = self._key, self.focused_item()
        if card and key.kind == "item":
            self.make(lambda: edits.tick(card, key.name))
        elif card:
            self.make(lambda: edits.set_status([card], edits.NEXT_STATUS[card.status]))

    def _add_item(self) -> None:
        def entered(text: str) -> None:
            card = self.focused_item()
            if card:
                self.make(lambda: edits.add_item(card, text, _RANDOM))

        self.ask(Prompt("Checklist", "a new line", validate=_needed), entered)

    def _edit_item(self, card: Card, name: str) -> None:
        def entered(text: str) -> None:
            now = self.focused_item()
            if now and name in now.checklist:
                label = f"edit the checklist of {now.id}"
                self.make(lambda: edits.edit_all([now], {("checklist", name, "text"): text.strip()}, label))

        item = card.checklist.get(name)
        if item:
            self.ask(Prompt("Checklist", "the line", item.text, _needed), entered)

    def _remove_item(self) -> None:
        key, card = self._key, self.focused_item()
        assert card is not None
        text = card.checklist[key.name].text[:40]
        self.make(lambda: edits.edit_all([card], {("checklist", key.name): None}, f"remove {text!r}"))


def _needed(text: str) -> str | None:
    return None if text.strip() else "a line needs a text"


def _look_at(
    workspace: Workspace, derived: Derived, address: Address, ids: Collection[str]
) -> tuple[tuple[Finding, ...], Sequence[Revision] | GitProblem, tuple[CodeCommit, ...]]:
    """Findings and history of a card, and the commits of code that name it; `ids` are those of all cards."""
    from ...storage.disk.paths import path_of
    from ...storage.git.code_commits import code_commits
    from ...storage.git.history import history
    from ..session.problems import find_problems

    found = history(workspace.root, path_of(address), os.environ)
    code = code_commits(workspace.root, os.environ, ids, address.id)
    problems = find_problems(workspace, derived, lambda one: one == address)
    # Where git has no answer the history says why.
    return problems, found, code if isinstance(code, tuple) else ()

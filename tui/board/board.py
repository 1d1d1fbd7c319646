"""The board: four columns, one focus, and the steps that a person makes from there.

This module holds what is looked at and keeps it in step with the plan. What the keys do is in `board_focus`,
`board_moves`, `board_entry` and `board_find`, and for cards anywhere in `screens`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from ...model.plan.change import Batch
from ...model.plan.plan import Plan
from ...model.records.address import Address
from ...model.records.card import Card
from ...model.text.visible import one_line
from ..draw.card_summary import Facts, card_facts, project_facts
from ..keys.action import Context
from ..keys.action_context import Situation
from ..screens.cards_screen import CardsScreen, load_card_actions
from ..screens.later import Table, later
from ..screens.plan_screen import load_plan_actions
from ..session import session as told
from ..session.plan_dates import PlanDates
from ..widgets.acting import Handlers
from ..widgets.banner import Banner
from ..widgets.entry_line import EntryLine
from ..widgets.head_line import HeadLine
from ..widgets.key_line import KeyLine
from . import board_focus
from .board_dates import BoardDates
from .board_view import BoardView
from .columns import Item
from .contract import ActsOnBoard
from .density import Density, Layouts, Room
from .detail_line import DetailLine
from .empty_states import Paragraphs, words_where_empty
from .place import place_of
from .scene import Scene
from .view_state import GROUPINGS, Columns, ViewState, column_of, follow, is_on_fold, reveal
from .views import Look, Views, finished


def load_board_actions() -> Table[ActsOnBoard]:
    """What is done here besides moving around."""
    from . import board_entry, board_find, board_moves

    return {**board_moves.HANDLERS, **board_entry.HANDLERS, **board_find.HANDLERS}


ON_BOARD = later(load_board_actions, (
    "card.mark", "card.mark_all", "card.lower", "card.raise", "card.add", "find.filter", "find.views",
    "find.group", "find.project", "view.finished", "view.density", "card.previous", "card.next", "kedge.tour",
))  # fmt: skip
SHORT = 16
"""Lines below which the list of screens is left out."""


class BoardScreen(CardsScreen):
    """The board of one project, or of the portfolio."""

    CONTEXT: ClassVar[Context] = "board"
    MAIN: ClassVar[str] = "BoardView"

    def __init__(self, today: dt.date, me: str, ready: Callable[[], None]) -> None:
        """`ready` is called when the screen is there, and waits for its plan."""
        super().__init__(None)
        self._ready = ready
        self._today = today
        self.me = me
        self._plan = Plan()
        self.density: Density = "auto"
        self._layouts = Layouts()
        self.state = ViewState()
        self.dates = BoardDates(today)
        self.views = Views(today, me, self.dates.cards)
        self.trail: list[tuple[str, str]] = []
        """Project and focus before and after each jump."""
        self.at = 0
        """Where along the trail one is."""
        self.columns: Columns = ()
        self._facts: dict[str, Facts] = {}
        self._broken: frozenset[Address] = frozenset()

    def compose(self) -> ComposeResult:
        """Head, board, banner, the line to type into, and the foot."""
        yield HeadLine()
        yield BoardView(self.glyphs)
        yield DetailLine()
        yield Banner()
        yield EntryLine(self.glyphs, self.keys.shown)
        yield KeyLine()

    @property
    def plan(self) -> Plan:
        """The plan as it was painted last."""
        return self._plan

    @property
    def today(self) -> dt.date:
        """The day it is."""
        return self._today

    # ---- the plan arrives, and changes

    def open(self, session: told.Session, project: str | None) -> None:
        """Shows a plan that has been read; with one project its board opens inside it."""
        self._session = self.dates.session = session
        self._plan = session.plan
        self._broken = session.workspace.broken()
        wanted = project or self._first_project()
        phase = self.plan.projects[wanted].phase if wanted in self.plan.projects else "assess"
        self.state = ViewState(project=wanted, phase=phase)
        self.adopt()

    def _first_project(self) -> str:
        projects = list(self.plan.projects)
        return projects[0] if len(projects) == 1 else ""

    def adopt(self, touched: Iterable[Address] = (), focus: str = "") -> None:
        """Takes over the session's plan; focus, scroll and marks stay with their cards wherever those went."""
        self._plan = self.session.plan
        self._facts.clear()
        state = self.state
        if (
            state.project
            and state.project not in self.plan.projects
            and not self.plan.cards_of.get(state.project)
        ):
            state = replace(state, project="", marks=frozenset())
        names = {address.id for address in touched if address.kind in ("card", "project")}
        kept = names if state.filter else {one.id for one in finished(self.plan, names)}
        if kept:
            state = replace(state, kept=state.kept | kept)
        if focus:
            state = replace(state, focus=focus)
        if state.marks:
            state = replace(state, marks=frozenset(one for one in state.marks if one in self.plan.cards))
        self.state = state
        self.look(following=True)

    def look(self, *, following: bool = False) -> None:
        """Paints what plan and state say; with `following` the focus is looked for where its card has gone."""
        before = self.columns
        state = self.state
        size = Room(self.query_one(BoardView).size.width, self.lines, state.phase, self.density)
        self.columns = self._layouts.of(self.views.columns(self.plan, Look.of(state)), size, self.facts)
        if following or before is not self.columns:
            state = follow(state, before, self.columns)
        self.state = reveal(state, self.columns, self.lines)
        self.paint()

    def paint(self) -> None:
        """Shows columns, head and foot; each paints only what differs."""
        unfold = self.keys.shown("view.finished")
        scene = Scene(self.columns, self.state, self.facts, self.glyphs, self._where_empty(), unfold)
        self.query_one(BoardView).show(scene)
        self._paint_detail()
        self.paint_head()
        self.foot()

    def _paint_detail(self) -> None:
        detail = self.query_one(DetailLine)
        detail.set_class(self.size.height < SHORT, "short")
        item = self.focused_item()
        position = ""
        if item is not None:
            column = column_of(self.columns, self.state.phase)
            position = f"{(column.index_of(item.id) or 0) + 1} of {len(column.items)}"
        detail.tell(self.state.focus, self.facts(item) if item else None, position, self.glyphs)

    def paint_head(self) -> None:
        """Shows the head line."""
        head = self.query_one(HeadLine)
        head.set_class(self.size.height < SHORT, "short")
        barred = self._session is not None and self._session.workspace.barred is not None
        place = place_of(self.plan, self.state) if self._session is not None else ("reading the plan",)
        coming = self.dates.known.next.get(self.state.project)
        heading = replace(self.host.heading, place=place, read_only=barred, coming=coming)
        head.tell(heading, self.screens(), "Board", self.glyphs)

    def _where_empty(self) -> Mapping[str, Paragraphs]:
        if self._session is None:
            return {}
        return words_where_empty(
            self.columns, self.state.phase, in_project=bool(self.state.project), key_of=self.keys.shown
        )

    @property
    def lines(self) -> int:
        """Lines for cards in a column."""
        return self.query_one(BoardView).lines

    def facts(self, item: Item) -> Facts:
        """What an item shows; found once for each plan."""
        found = self._facts.get(item.id)
        if found is None:
            if isinstance(item, Card):
                is_broken, dated = item.address in self._broken, self.dates.facts(item)
                found = card_facts(self.plan, item, self.today, broken=is_broken, dated=dated)
            else:
                found = project_facts(self.plan, item, self.today)
            self._facts[item.id] = found
        return found

    def load_actions(self) -> None:
        """Imports what the actions of this screen need."""
        for load in (load_plan_actions, load_card_actions, load_board_actions):
            load()

    # ---- what is focused

    def focused_item(self) -> Item | None:
        """The card or project that has the focus."""
        column = column_of(self.columns, self.state.phase) if self.columns else None
        index = column.index_of(self.state.focus) if column else None
        return column.items[index] if column and index is not None else None

    def can_go(self, step: int) -> bool:
        """Whether there is a place further along the way, or further back."""
        return 0 <= self.at + step < len(self.trail)

    def targets(self) -> tuple[Card, ...]:
        """The marked cards in the order of the board, or the focused one."""
        if self.state.marks:
            return tuple(
                card for card in self.plan.cards_of.get(self.state.project, ()) if card.id in self.state.marks
            )
        focused = self.focused_item()
        return (focused,) if isinstance(focused, Card) else ()

    def situation(self) -> Situation:
        """What decides which actions can be done now."""
        return replace(
            super().situation(),
            in_project=bool(self.state.project),
            marked=len(self.state.marks),
            on_fold=is_on_fold(self.state, self.columns),
            views=len(self.plan.board.views),
            filter=self.state.filter,
            grouped=self.state.group != GROUPINGS[0],
        )

    def handlers(self) -> Handlers:
        """What does each action here, and in the line to type into."""
        own = {name: partial(act, self) for name, act in (*board_focus.HANDLERS.items(), *ON_BOARD.items())}
        return {**super().handlers(), **own}

    def here(self) -> str:
        """The open project."""
        return self.state.project

    @property
    def in_sight(self) -> str:
        """The open project; on the portfolio the focused one."""
        focused = self.focused_item()
        return self.state.project or (focused.id if focused else "")

    def enter(self, project: str) -> None:
        """Shows the board of a project."""
        board_focus.enter(self, project)

    def show_view(self, key: str) -> None:
        """Shows a saved view."""
        from .board_find import show_view

        show_view(self, key)

    def show_card(self, card_id: str) -> None:
        """Goes to a card, wherever it is."""
        from .board_find import show_card

        show_card(self, card_id)

    def given_up(self) -> None:
        """What was given up leaves the banner too."""
        self.adopt()
        self.paint_banner()

    def made(self, batch: Batch, focus: str) -> None:
        """What a step changes is to be seen, also where the wheel had scrolled it away."""
        self.state = replace(self.state, left_behind="")
        super().made(batch, focus)

    # ---- what the session tells

    def on_told(self, event: told.Event) -> None:
        """Takes over what the writer thread, or the disk, has done."""
        match event:
            case told.Saved(batch):
                # What was painted already needs no second painting.
                if self.session.plan is not self.plan and self._differs(batch.touched):
                    self.adopt()
            case told.SaveFailed(batch, error):
                self.adopt(batch.touched)
                # The banner has the reason of what can be tried again.
                why = "" if batch in self.session.unsaved else f": {error.message}"
                self.say(f"not saved: {batch.label}{why}", "bad")
            case told.Travelled(_, _, touched):
                self._broken = self.session.workspace.broken()
                cards = sorted(address.id for address in touched if address.kind in ("card", "project"))
                known = [one for one in cards if one in self.plan.cards or one in self.session.plan.cards]
                self.adopt(touched, known[0] if len(known) == 1 and self.state.project else "")
                self.say_travelled(event)
            case told.Refused(error):
                self.say(f"{error.message}{f'; {error.hint}' if error.hint else ''}", "warning")
            case told.Refreshed(touched):
                self._broken = self.session.workspace.broken()
                self.adopt(touched if len(touched) < 20 else ())
                count = len(touched)
                if count:
                    self.say(f"{count} file{'s' if count != 1 else ''} changed on disk; read again")
            case told.Failed(error):
                self.say(f"{type(error).__name__}: {error}", "bad")
            case told.Known(("dates", of), PlanDates() as found) if of is self.dates.asked:
                if self.dates.take(found):
                    self.views.forget()
                    self.adopt()
                self.dates.ask_forecast()
            case told.Known(("dates-forecast", of), PlanDates() as found) if (
                of is self.dates.asked and self.dates.take(found)
            ):
                self.paint_head()
        self.paint_banner()

    def _differs(self, touched: Iterable[Address]) -> bool:
        new = self.session.plan
        return any(new.get(address) != self.plan.get(address) for address in touched)

    def paint_banner(self) -> None:
        """Shows what could not be saved, as long as that is so."""
        unsaved = self.session.unsaved
        names = ", ".join(one_line(batch.label) for batch in unsaved[:3])
        more = f" and {len(unsaved) - 3} more" if len(unsaved) > 3 else ""
        reason = self.host.last_failure
        again = self.keys.shown("plan.reload")
        # What is wrong and what to press come first: the names may be longer than the screen is wide.
        text = f"NOT SAVED, {again} tries again: {reason} ({names}{more})"
        self.query_one(Banner).tell(text if unsaved else "")

    # ---- events of the screen

    def on_mount(self) -> None:
        """Begins with the columns empty."""
        self.query_one(BoardView).focus()
        self.columns = self.views.columns(self.plan, Look(""))
        self._ready()

    def on_resize(self) -> None:
        """Shows head and foot as there is room for them."""
        self.call_after_refresh(self.paint)

    @on(BoardView.Resized)
    def _resized(self) -> None:
        """Lays the cards out for the room that they have now, and keeps the focus in sight."""
        self.look()

    def on_screen_resume(self) -> None:
        """Shows what other screens have done meanwhile."""
        if self._session is not None:
            if self.entry is None:
                self.query_one(BoardView).focus()
            self.adopt()

    @on(BoardView.Pressed)
    def _pressed_with_mouse(self, event: BoardView.Pressed) -> None:
        board_focus.press(self, event.phase, event.key, opens=event.opens)

    @on(BoardView.Wheel)
    def _wheel(self, event: BoardView.Wheel) -> None:
        board_focus.wheel(self, event.phase, event.lines)

    @on(BoardView.Dropped)
    def _dropped(self, event: BoardView.Dropped) -> None:
        from .board_moves import drop_in

        drop_in(self, event.key, event.phase)

    @on(EntryLine.Grown)
    def _line_grown(self) -> None:
        self.call_after_refresh(self.look)

    def close_entry(self) -> None:
        """The columns have their lines back."""
        super().close_entry()
        self.call_after_refresh(self.look)

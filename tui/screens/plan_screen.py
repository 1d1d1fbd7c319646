"""What all screens of a plan share: undo, the palette, other screens, what the session tells, a line to type into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on

from ...model.cards.wip_limits import over
from ...model.plan.plan import Plan
from ...model.records.address import Address
from ..board.detail_line import DetailLine
from ..keys.action_context import Situation, reading_only
from ..keys.actions import BY_ID, Context, reason_against
from ..session import session as told
from ..widgets.acting import ActingScreen, Handlers
from ..widgets.entry_line import EntryLine
from ..widgets.key_line import KeyLine

if TYPE_CHECKING:
    from ..session.session import Session
    from .entry import Entry


class PlanScreen(ActingScreen[None]):
    """A screen that shows something of the plan of a session."""

    MAIN: ClassVar[str] = "LineView"
    """The widget that has the focus while nothing is typed."""

    def __init__(self, session: Session | None) -> None:
        """The session may come later: the board stands before its plan has been read."""
        super().__init__()
        self._session = session
        self.entry: Entry | None = None
        """What the line to type into is open for."""

    @property
    def session(self) -> Session:
        """What holds the plan and writes it."""
        assert self._session is not None
        return self._session

    @property
    def plan(self) -> Plan:
        """The plan as it is shown."""
        return self.session.plan

    @property
    def today(self) -> dt.date:
        """The day it is."""
        return self.session.today

    @property
    def board_app(self) -> Any:
        """The app, with what it adds to Textual's."""
        return self.app

    # ---- what a screen adds

    def adopt(self, touched: Iterable[Address] = (), focus: str = "") -> None:
        """Shows the plan as it is now; `focus` is the id that has the focus then."""
        raise NotImplementedError

    def here(self) -> str:
        """The id of the project in sight; empty where there is none."""
        return ""

    def show_card(self, card_id: str) -> None:
        """Shows a card."""
        from ..card.card_screen import CardScreen

        self.app.push_screen(CardScreen(self.session, card_id))

    def leave(self) -> None:
        """Goes back to where one came from."""
        self.dismiss(None)

    # ---- keys

    @property
    def context(self) -> Context:
        """While the line is open, keys are typed into it."""
        return "text" if self.entry is not None else self.CONTEXT

    def situation(self) -> Situation:
        """What decides which actions can be done."""
        return Situation(read_only=reading_only(self.session.workspace), projects=len(self.plan.projects))

    def handlers(self) -> Handlers:
        """What belongs to the plan as a whole; with an open line what is done there."""
        typing = self.query_one(EntryLine).handlers() if self.entry is not None else {}
        screens = (name for name in BY_ID if name.startswith("screen."))
        return {
            **super().handlers(),
            "focus.leave": self.leave,
            "find.command": self.palette,
            "find.record": self.pick_record,
            "plan.undo": self.undo,
            "plan.redo": self.redo,
            "plan.reload": self.reload,
            "kedge.theme": self.pick_theme,
            "kedge.suspend": self.suspend,
            "kedge.quit": self.quit,
            **{name: partial(self.go_to_screen, name) for name in screens},
            **typing,
        }

    def go_to_screen(self, action: str) -> None:
        """Shows another screen."""
        self.board_app.open_screen(action)

    # ---- the plan as a whole

    def palette(self) -> None:
        """Every command, screen, saved view, card and record, by a part of its name."""
        from ..dialogs import Palette, PickItem
        from .records import open_record, record_items

        actions = [one for one in self.actions() if one.id != "find.command"]
        commands = [
            PickItem(one.id, f"{self.label_of(one)}: {one.help}", self.key_list(one))
            for one in actions
            if not one.id.startswith(("focus.", "screen."))
        ]
        screens = [PickItem(one.id, one.label, one.help) for one in actions if one.id.startswith("screen.")]
        own, now = self.here(), self.situation()
        cards = sorted(self.plan.cards.values(), key=lambda one: (one.project != own, one.rank, one.id))

        def refused(source: str, key: str) -> str | None:
            return None if source in ("card", "record", "view") else reason_against(BY_ID[key], now)

        def chosen(place: tuple[str, str]) -> None:
            source, key = place
            if source == "record":
                open_record(self, key)
            elif source == "view":
                self.board_app.show_view(key)
            else:
                (self.show_card if source == "card" else self.act)(key)

        items = [PickItem(one.id, one.label, one.id) for one in cards]
        records = list(record_items(self.plan, own))
        views = [PickItem(key, one.label or key, one.query) for key, one in self.plan.board.views.items()]
        sources = [
            *(("command", commands), ("screen", screens), ("view", views)),
            *(("card", items), ("record", records)),
        ]
        self.ask(Palette(sources, refused), chosen)

    def pick_record(self) -> None:
        """Records that are no cards, each with its form."""
        from .records import pick_record

        pick_record(self)

    def pick_theme(self) -> None:
        """The colours, from a list."""
        from .theming import pick_theme

        pick_theme(self)

    def undo(self) -> None:
        """Takes back the last step; what it was comes as an event."""
        self.session.undo()

    def redo(self) -> None:
        """Makes the step again that was taken back."""
        self.session.redo()

    def reload(self) -> None:
        """Reads the plan again, and tries once more what could not be saved."""
        unfit = self.session.retry()
        self.adopt()
        self.session.refresh()
        if not unfit:
            self.say("reading again")
            return
        from ..dialogs import Confirm

        def answered(yes: bool) -> None:
            if yes:
                self.session.give_up()
                self.given_up()

        names = ", ".join(batch.label for batch in unfit)
        text = f"The plan has changed meanwhile, so that this no longer fits: {names}. Give it up?"
        self.ask(Confirm("Not saved", text, "give it up", "keep it"), answered)

    def given_up(self) -> None:
        """Shows the plan without the steps that were given up."""
        self.adopt()

    def suspend(self) -> None:
        """Stops the program, so that the shell has the terminal until it is asked to go on."""
        if not self.board_app.stop():
            self.say("there is no shell here to go back to", "warning")

    def quit(self) -> None:
        """Quits; asks where something could not be saved."""
        unsaved = self._session.unsaved if self._session is not None else []
        if not unsaved:
            self.app.exit()
            return
        from ..dialogs import Confirm

        names = ", ".join(batch.label for batch in unsaved)
        text = f"This could not be saved and would be lost: {names}."
        self.ask(
            Confirm("Quit", text, "quit and lose it", "stay"), lambda yes: self.app.exit() if yes else None
        )

    def copy(self, text: str) -> None:
        """Puts a text where other programs can paste it from."""
        self.app.copy_to_clipboard(text)
        self.say(f"copied {text} (where the terminal lets programs copy)", "good")

    def on_told(self, event: told.Event) -> None:
        """Shows what the writer thread, or the disk, has done, and what has been found out."""
        if isinstance(event, told.Known | told.Unknown):
            self.found_out(event)
            return
        match event:
            case told.SaveFailed(batch, error):
                self.say(f"not saved: {batch.label}: {error.message}", "bad")
            case told.Travelled():
                self.say_travelled(event)
            case told.Refused(error):
                self.say(f"{error.message}{f'; {error.hint}' if error.hint else ''}", "warning")
            case told.Failed(error):
                self.say(f"{type(error).__name__}: {error}", "bad")
        message = self._message
        self.adopt()
        self._message = message
        self.foot()

    def found_out(self, event: told.Known | told.Unknown) -> None:
        """Takes in what was asked of the session's worker; every screen is told, whoever asked."""

    def say_travelled(self, event: told.Travelled) -> None:
        """Says what was undone or redone, and which limits are passed where that was: it asks nobody."""
        limits = over(self.session.plan, event.touched)
        words = "; ".join((f"{event.verb}: {event.label}", *limits))
        self.say(words, "warning" if limits else "good")

    # ---- the line to type into

    def open_entry(self, entry: Entry) -> EntryLine:
        """Puts a line to type into in the place of the lowest ones, so that nothing else moves."""
        self.entry = entry
        self._cover_foot(True)
        return self.query_one(EntryLine)

    def close_entry(self) -> None:
        """Takes the line away, and gives the keys back to the screen."""
        self.entry = None
        self.query_one(EntryLine).close()
        self._cover_foot(False)
        self.query_one(self.MAIN).focus()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A click elsewhere does not take the keys from an open line."""
        line = self.query_one(EntryLine) if self.entry is not None else None
        if line is not None and event.widget is not line.field:
            line.field.focus()

    def _cover_foot(self, is_covered: bool) -> None:
        for line in (*self.query(DetailLine), *self.query(KeyLine)):
            line.set_class(is_covered, "covered")

    @on(EntryLine.Typed)
    def _typed(self, event: EntryLine.Typed) -> None:
        if self.entry:
            self.entry.typed(event.text)

    @on(EntryLine.Entered)
    def _entered(self, event: EntryLine.Entered) -> None:
        if self.entry:
            self.entry.entered(event.text)

    @on(EntryLine.Left)
    def _left(self, event: EntryLine.Left) -> None:
        if self.entry:
            self.entry.left(event.text)

    @on(EntryLine.Wider)
    def _wider(self, event: EntryLine.Wider) -> None:
        if self.entry:
            self.entry.wider(event.text)

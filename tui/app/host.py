"""The host of all screens: opens them, tells them what happens to the plan, and holds what they share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ...model.plan.change import Path
from ...model.records.address import Address
from ...model.records.card import Card
from ...storage.plan.workspace import Workspace
from ..board.board import BoardScreen
from ..draw.glyphs import Glyphs
from ..keys.keymap import Keymap
from ..keys.textual_internals import can_suspend
from ..screens.plan_screen import PlanScreen
from ..session.session import Event, Known, Saved, SaveFailed, Session, Unknown, Working
from ..session.signals import has_shell, stop_all
from ..widgets.acting import ActingScreen
from ..widgets.head_line import Heading
from ..widgets.host import HelpGroups, HostedApp
from ..widgets.host import Saved as FormSaved
from .screens import SCREENS
from .side_board import SideBoard


class ScreenHost:
    """What the screens may ask for: the `Host` of the contract, in an app of Textual's."""

    def __init__(
        self,
        app: HostedApp,
        board: BoardScreen,
        keys: Keymap,
        glyphs: Glyphs,
        today: dt.date,
        look_soon: Callable[[], None],
    ) -> None:
        """`look_soon` is called when findings and git may say something else."""
        self.app = app
        self.board = board
        self.keys = keys
        self.glyphs = glyphs
        self.today = today
        self._heading = Heading()
        self.last_failure = ""
        self.opened: Session | None = None
        """None until the plan has been read."""
        self._look_soon = look_soon
        self._side: tuple[Session, str] | None = None
        """Another state of the plan that is looked at, with its name; None where it is the plan itself."""
        self._tell: Callable[[Event], None] = lambda _: None

    # ---- the plan

    def begin(self, workspace: Workspace, project: str | None, tell: Callable[[Event], None]) -> Session:
        """Opens the board on a plan that has been read; `tell` is called from the writer's thread."""
        self._tell = tell
        self.opened = Session(workspace, self.today, tell)
        self.board.open(self.opened, project)
        return self.opened

    @property
    def session(self) -> Session:
        """What holds the plan and writes it; the state that is looked at, where it is another one."""
        if self._side is not None:
            return self._side[0]
        assert self.opened is not None
        return self.opened

    @property
    def heading(self) -> Heading:
        """What the head line says of findings and of git; of another state only which it is."""
        if self._side is None:
            return self._heading
        return Heading(day=self._heading.day, branch=f"at {self._side[1]}", read_only=True)

    @heading.setter
    def heading(self, heading: Heading) -> None:
        self._heading = heading

    def tell(self, event: Event) -> None:
        """Tells all open screens what has happened to the plan, or what has been found out."""
        if not self.app.is_running:
            # Screens that are being closed have lost their widgets.
            return
        match event:
            case Known(("counts",) | ("git",), said):
                self.heading = replace(self._heading, **said)
                for screen in self._screens():
                    screen.paint_head()
                return
            case Working(_, doing, share):
                done = f" {share:.0%}" if share else ""
                self.heading = replace(self._heading, working=f"{doing} …{done}" if doing else "")
                for screen in self._screens():
                    screen.paint_head()
            case SaveFailed(_, error):
                self.last_failure = error.message
            case _:
                pass
        # The newest screen first: a form takes back what it could not save before the board reports it.
        for screen in self._screens():
            screen.on_told(event)
        if isinstance(event, Saved) and event.remarks:
            # A form that has saved leaves first.
            self.app.call_later(self._remark, event)
        if not isinstance(event, Known | Unknown | Working):
            self._look_soon()

    def _remark(self, event: Saved) -> None:
        self._in_front(lambda screen: screen.say("; ".join((event.batch.label, *event.remarks)), "good"))

    def say(self, words: str) -> None:
        """Says on the screen in front that something went well, unless it says something itself."""

        def say(screen: ActingScreen[object]) -> None:
            if not screen.has_said:
                screen.say(words, "good")

        # What closes is gone by then, and what follows from it has been said.
        self.app.call_later(self._in_front, say)

    def git_moved(self) -> None:
        """Tells all open screens that git's own state has changed."""
        for screen in self._screens():
            screen.on_committed()
        self._look_soon()

    def _in_front(self, show: Callable[[ActingScreen[object]], None]) -> None:
        """Shows something on the screen in front, as soon as that has its widgets."""
        screen = self.app.screen
        if not isinstance(screen, ActingScreen):
            return
        if screen.is_mounted:
            show(screen)
        else:
            screen.call_after_refresh(show, screen)

    def _screens(self) -> list[ActingScreen[object]]:
        """The open screens, the newest first; one that is still to get its widgets finds out by itself what is so."""
        stack = reversed(self.app.screen_stack)
        return [one for one in stack if isinstance(one, ActingScreen) and one.is_mounted]

    # ---- screens

    @property
    def screens(self) -> frozenset[str]:
        """The actions that open a screen which exists."""
        return frozenset(("screen.board", *SCREENS))

    def open_screen(self, action: str, project: str = "") -> None:
        """Shows the screen of an action in the place of what is over the board; `project` is the one in sight."""
        entry = SCREENS.get(action)
        if entry is not None and type(self.app.screen) is entry.load():
            return
        while self.app.screen is not self.board:
            self.app.pop_screen()
        self.close_side()
        if entry is not None:
            self.app.push_screen(entry.make(self.session, project or self.board.in_sight))

    def open_side(self, state: Workspace, name: str, action: str, project: str = "") -> None:
        """Shows another state of the plan over the screen in front: its board, or the screen of an action."""
        self.close_side()
        session = Session(state, self.today, self._tell)
        self._side = session, name
        entry = SCREENS.get(action)
        screen = SideBoard(session, project) if entry is None else entry.make(session, project)
        self.app.push_screen(screen, lambda _: self.close_side())

    def close_side(self) -> None:
        """Ends what was shown of another state of the plan."""
        if self._side is not None:
            session, self._side = self._side[0], None
            session.close()

    def follow(self, to: Address) -> None:
        """Goes to what a cause is about: a card, a question of the method, or the form of another record."""
        if to.kind == "answer":
            self.open_screen("screen.assess", to.project)
        screen = self.app.screen
        if to.kind not in ("answer", "card") or not isinstance(screen, PlanScreen):
            self.open_form(to)
        elif to.kind == "card":
            screen.show_card(to.id)
        else:
            screen.go_to_row(to.project, to.id)

    def open_board(self, project: str) -> None:
        """Shows the board of a project."""
        self.open_screen("screen.board")
        self.board.enter(project)

    def open_view(self, key: str) -> None:
        """Shows a saved view on the board."""
        self.open_screen("screen.board")
        self.board.show_view(key)

    def open_card(self, card_id: str) -> None:
        """Shows all that is known of a card."""
        from ..card.card_screen import CardScreen

        self.app.push_screen(CardScreen(self.session, card_id))

    def open_form(
        self,
        address: Address,
        first: Path = (),
        *,
        typed: Mapping[str, object] | None = None,
        given: Mapping[str, object] | None = None,
        then: FormSaved | None = None,
    ) -> None:
        """Shows a record or an entry in a form; a new one where the address has no id."""
        from ..forms.form import FormScreen

        form = FormScreen.edit(self.session, address, first, typed=typed, given=given)
        self.app.push_screen(form, then)

    def open_cards_form(self, cards: Sequence[Card]) -> None:
        """Shows one form for several cards."""
        from ..forms.form import FormScreen
        from ..forms.several import Several

        self.app.push_screen(FormScreen(self.session, Several.of(cards)))

    def open_editor(self, address: Address, line: int = 0) -> None:
        """Opens a record's file in the person's editor."""
        from ..forms import editor

        editor.edit_record(self.app, self.session, address, line)

    def open_help(self, groups: HelpGroups) -> None:
        """Shows the keys of a screen."""
        from ..dialogs.message import HelpOverlay

        self.app.push_screen(HelpOverlay(groups))

    # ---- the terminal

    @property
    def can_stop(self) -> bool:
        """Whether there is a shell that can take the terminal and let the program go on."""
        return can_suspend(self.app) and has_shell()

    def stop(self) -> None:
        """Stops the program until its shell lets it go on."""
        self.app.app_suspend_signal.publish(self.app)
        stop_all()

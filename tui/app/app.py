"""The Textual app: it holds the session and the threads, and hands what they tell to the screens."""

from __future__ import annotations

import asyncio
import datetime as dt
import gc
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any

from textual import constants, events, on, work
from textual.app import App
from textual.driver import Driver
from textual.filter import LineFilter
from textual.message import Message
from textual.screen import Screen

from ...model.derived.derived import Derived
from ...model.plan.change import Batch, Path
from ...model.records.address import Address
from ...model.records.card import Card
from ...storage.plan.workspace import Workspace
from ..board.board import BoardScreen
from ..draw.glyphs import ASCII, UNICODE, Glyphs
from ..draw.looks import InAscii
from ..draw.styles import CSS, THEMES
from ..keys.actions import BY_ID
from ..keys.keymap import Keymap
from ..keys.typeahead import TypeAhead
from ..session.session import Event, Saved, SaveFailed, Session
from ..session.signals import end_on_failures, has_shell, leave_when_asked, stop_all
from ..session.watch import Watcher
from ..session.worker import Known, Unknown

SETTLE = 0.4
"""Seconds of silence before findings and git are looked at again."""
PAUSE = 0.005
"""Seconds for keys and painting between two bits of work that can wait."""


class KedgeApp(App[None], inherit_bindings=False):
    """The board and what opens from it."""

    TITLE = "kedge"
    CSS = CSS
    ENABLE_COMMAND_PALETTE = False

    @dataclass
    class PlanRead(Message):
        """The plan has been read, or could not be."""

    @dataclass
    class Told(Message):
        """The session has something to say."""

        event: Event

    @dataclass
    class Committed(Message):
        """Git's own state has changed."""

    def __init__(
        self,
        loading: Future[Workspace],
        *,
        today: dt.date,
        project: str | None = None,
        keys: Keymap | None = None,
        glyphs: Glyphs = UNICODE,
        me: str = "",
        theme: str = "",
        warnings: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        background: bool = True,
        first_time: bool = False,
    ) -> None:
        """`background` is whether files, findings and git are looked at without being asked for."""
        super().__init__()
        for one in THEMES:
            self.register_theme(one)
        self.today = today
        self.keys = keys or Keymap()
        self.glyphs = glyphs
        self.session: Session | None = None
        self.failure: BaseException | None = None
        """Why the plan could not be read."""
        self.last_failure = ""
        """Why the last step could not be saved."""
        self.typed = TypeAhead(self, super().on_event)
        self.board = BoardScreen(today, me)
        self._loading = loading
        self._project = project
        self._warnings = list(warnings)
        self._environment = dict(environment or {})
        self._background = background
        self._first_time = first_time
        self._watcher: Watcher | None = None
        self._timer: Any = None
        self.animation_level = "none"
        self.set_class(glyphs is not UNICODE, "-ascii")
        wanted = theme or THEMES[0].name
        if wanted in self.available_themes:
            self.theme = wanted
        else:
            way = f"{self.keys.shown('kedge.theme') or self.keys.shown('find.command')} lists what there is"
            self._warnings.append(f"there is no theme {wanted!r}; {way}")
            self.theme = THEMES[0].name

    def get_driver_class(self) -> type[Driver]:
        """The driver of the system, made safe where it is known."""
        if sys.platform == "win32" or constants.DRIVER is not None:
            return super().get_driver_class()
        from ..keys.terminal_driver import SafeDriver

        return SafeDriver

    def get_line_filters(self) -> Sequence[LineFilter]:
        """In ASCII mode whatever is drawn goes through one filter last, Textual's own signs too."""
        return [*super().get_line_filters(), *([InAscii()] if self.glyphs is ASCII else [])]

    def get_default_screen(self) -> Screen[Any]:
        """The board is the first thing there is."""
        return self.board

    def on_load(self) -> None:
        """Leaves in order when the system asks: from before the terminal is taken over."""
        leave_when_asked(lambda code: self.exit(return_code=code))
        self._let_fail = end_on_failures(lambda error: self.call_later(self._handle_exception, error))

    def on_mount(self) -> None:
        """Paints everything when it goes on after a stop."""
        self.app_resume_signal.subscribe(self, self._resumed)

    def _resumed(self, _: object) -> None:
        # Textual paints after its own pauses only; the shell, or what ran in it, has drawn over everything.
        self.refresh(layout=True)
        self.on_app_focus(events.AppFocus())

    def stop(self) -> bool:
        """Stops the program until its shell lets it go on; False where there is none that could."""
        if self._driver is None or not self._driver.can_suspend or not has_shell():
            return False
        self.app_suspend_signal.publish(self)
        stop_all()
        return True

    async def on_event(self, event: events.Event) -> None:
        """Keys wait for each other; all else is Textual's."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self.typed.add(event)
        else:
            await super().on_event(event)

    def on_unmount(self) -> None:
        """Leaves no task behind."""
        self.typed.close()
        self._let_fail()

    def panic(self, *renderables: Any) -> None:
        """Ends the board as any error does. Textual would print what it is given, and the exit code would be 0."""
        self._handle_exception(RuntimeError("; ".join(map(str, renderables))))

    def _fatal_error(self) -> None:
        # Textual would print its traceback over the screen; the command reports what went wrong, in a paragraph.
        self._close_messages_no_wait()

    @property
    def crash(self) -> BaseException | None:
        """What nobody foresaw, and ended the board."""
        return self._exception

    def wait_for_plan(self) -> None:
        """Shows the plan at once where it has been read already, else when it has; nothing is held up."""
        if self._loading.done():
            self._plan_read()
        else:
            self._loading.add_done_callback(lambda _: self.post_message(self.PlanRead()))

    @on(PlanRead)
    def _plan_read(self) -> None:
        error = self._loading.exception()
        if error is not None:
            self.failure = error
            self.exit()
            return
        workspace = self._loading.result()
        self.session = Session(workspace, self.today, self._pass_on)
        self.board.open(self.session, self._project)
        if len(self._warnings) == 1:
            self.board.say(self._warnings[0], "warning")
        elif self._warnings:
            self.call_after_refresh(self._show_warnings)
        elif workspace.barred is not None:
            self.board.say(f"{workspace.barred.message}: {workspace.barred.hint}", "warning")
        if self._background:
            self.call_after_refresh(self._start_watching, workspace)
        self.call_after_refresh(self._settle_memory)
        if self._first_time:
            self.call_after_refresh(self.board.show_tour)
        self._look_soon()

    def _show_warnings(self) -> None:
        from ..dialogs import Message

        self.board.ask(Message("Settings that cannot be used", self._warnings), lambda _: None)

    def _settle_memory(self) -> None:
        """What is there now stays: the collector need not look at it again between two keys."""
        if self._background:
            gc.freeze()
            gc.enable()

    def _start_watching(self, workspace: Workspace) -> None:
        from ...storage.disk.repository import Repository, find_repository

        assert self.session is not None
        found = find_repository(workspace.root, self._environment)
        git = found.folder if isinstance(found, Repository) else None
        self._watcher = Watcher(workspace.root, git, self.session.refresh, self._git_moved, workspace.knows)
        self._watcher.start()

    def _pass_on(self, event: Event) -> None:
        # Called from the writer thread: a message is what may cross to the screen's.
        self.post_message(self.Told(event))

    def _git_moved(self) -> None:
        self.post_message(self.Committed())

    def on_app_focus(self, _: events.AppFocus) -> None:
        """Looks at the files as soon as the terminal is looked at again."""
        if self._watcher is not None:
            self._watcher.look_now()

    @on(Told)
    def _told(self, event: Told) -> None:
        match event.event:
            case Known(("counts",) | ("git",), changes):
                self._looked(changes)
                return
            case Known() | Unknown():
                self._pass_round(event.event)
                return
            case _:
                pass
        if isinstance(event.event, SaveFailed):
            self.last_failure = event.event.error.message
        self._pass_round(event.event)
        self._look_soon()

    def _pass_round(self, event: Event) -> None:
        # The newest screen first: a form takes back what it could not save before the board reports it.
        for screen in reversed(self.screen_stack):
            hear = getattr(screen, "on_told", None)
            if hear is not None:
                hear(event)
        if isinstance(event, Saved) and event.remarks:
            # A form that has saved leaves first.
            self.call_later(self._remark, event)

    def _remark(self, event: Saved) -> None:
        say = getattr(self.screen, "say", None)
        if say is not None:
            say("; ".join((event.batch.label, *event.remarks)), "good")

    @on(Committed)
    def _committed(self) -> None:
        for screen in self.screen_stack:
            look_up = getattr(screen, "look_up", None)
            if look_up is not None:
                look_up()
        self._look_soon()

    # ---- what is found out in the background

    def _look_soon(self) -> None:
        if not self._background:
            return
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(SETTLE, self.look)
        self._prepare_search()

    def look(self) -> None:
        """Has findings and git looked at."""
        if self.session is not None:
            derived, root = self.session.derived, self.session.workspace.root
            self.session.worker.ask(("counts",), lambda _: _counts(derived))
            self.session.worker.ask(("git",), lambda _: _working_tree(root, self._environment))

    @work(exclusive=True, group="search")
    async def _prepare_search(self) -> None:
        """So that the first key of a filter need not: a little at a time, while nothing else is asked for."""
        await asyncio.sleep(SETTLE)
        for _ in self.board.views.prepare_search(self.board.plan):
            await asyncio.sleep(PAUSE)

    def _looked(self, changes: Mapping[str, Any]) -> None:
        self.board.heading = replace(self.board.heading, **changes)
        self.board.paint_head()

    # ---- screens

    def open_screen(self, action: str) -> None:
        """Shows one of the screens by the id of its action, in place of what stands over the board."""
        screen = self._screen_of(action)
        if screen is None and action != "screen.board":
            say = getattr(self.screen, "say", self.board.say)
            say(f"the {BY_ID[action].label} screen is not there yet", "warning")
            return
        if type(screen) is type(self.screen):
            return
        while self.screen is not self.board:
            self.pop_screen()
        if screen is not None:
            self.push_screen(screen)

    def show_view(self, key: str) -> None:
        """Shows a saved view on the board."""
        from ..board.board_find import show_view

        self.open_screen("screen.board")
        show_view(self.board, key)

    def _screen_of(self, action: str) -> Screen[Any] | None:
        """A new screen for an action; None for the board, and for what is not there yet."""
        assert self.session is not None
        match action:
            case "screen.problems":
                from ..problems.problems_screen import ProblemsScreen

                return ProblemsScreen(self.session)
            case "screen.assess":
                from ..assess.assess_screen import AssessScreen

                # The project in sight: that of the screen one comes from, else the board's.
                focused = self.board.focused_item()
                project = getattr(self.screen, "project", "") or self.board.state.project
                return AssessScreen(self.session, project or (focused.id if focused else ""))
            case "screen.portfolio":
                from ..portfolio.portfolio_screen import PortfolioScreen

                return PortfolioScreen(self.session)
            case _:
                return None

    def open_card(self, card: Card) -> None:
        """Shows all that is known of a card."""
        from ..card.card_screen import CardScreen

        assert self.session is not None
        self.push_screen(CardScreen(self.session, card.id))

    def open_form(self, address: Address, first: Path = ()) -> None:
        """Shows a record or an entry in a form; a new one where the address has no id.

        `first` is the field to begin in; where that is in an entry of the record, the form is the entry's.
        """
        from ..forms import FormScreen

        assert self.session is not None
        self.push_screen(FormScreen.edit(self.session, address, first), self._saved)

    def open_cards_form(self, cards: Sequence[Card]) -> None:
        """Shows one form for several cards; the focus stays where it is."""
        from ..forms import FormScreen, Several

        assert self.session is not None
        self.push_screen(FormScreen(self.session, Several.of(cards)), lambda _: None)

    def open_new_card(self, project: str, place: str, fields: Mapping[str, object]) -> None:
        """Shows the form of a card that does not exist yet, with what has been typed of it."""
        from ..forms import FormScreen

        assert self.session is not None
        self.push_screen(FormScreen.new_card(self.session, project, place, fields), self._saved)

    def _saved(self, address: Address | None) -> None:
        if address is not None:
            self.board.adopt({address}, address.id if address.kind in ("card", "project") else "")

    def open_editor(self, address: Address) -> None:
        """Opens a record's file in the person's editor."""
        from ..forms.editor import edit_record

        assert self.session is not None
        edit_record(self, self.session, address)

    def close(self) -> list[Batch]:
        """Ends the threads when everything is saved; the steps that could not be."""
        if self._watcher is not None:
            self._watcher.close()
        if self.session is None:
            return []
        self.session.close()
        return self.session.unsaved


def _counts(derived: Derived) -> dict[str, int]:
    """Findings by severity, as the head line names them."""
    from ..session.problems import count_problems

    counts = count_problems(derived)
    names = (("errors", "error"), ("warnings", "warning"), ("advice", "advice"))
    return {name: counts.get(severity, 0) for name, severity in names}


def _working_tree(root: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Branch and changes of the working tree, as the head line names them; the problem where git has no answer."""
    from ...storage.disk.repository import GitProblem
    from ...storage.git.working_tree import working_tree

    tree = working_tree(root, environment)
    if isinstance(tree, GitProblem):
        return {"branch": "", "changes": "", "git_problem": "" if tree.is_expected else tree.reason.value}
    return {"branch": tree.branch, "changes": tree.summary, "git_problem": ""}

"""The Textual app: it starts the terminal and what runs beside it, and has its keys dealt with one after the other."""

from __future__ import annotations

import datetime as dt
import gc
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import Future

from textual import constants, events
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen

from ...model.plan.change import Batch
from ...storage.plan.workspace import Workspace
from ..board.board import BoardScreen
from ..draw.glyphs import ASCII, UNICODE, Glyphs
from ..draw.looks import InAscii
from ..draw.styles import CSS, THEMES
from ..keys.keymap import Keymap
from ..keys.textual_internals import end_with
from ..keys.typeahead import TypeAhead
from ..session.session import Event, Session
from ..session.signals import end_on_failures, leave_when_asked
from ..widgets.host import HostedApp
from .background import Background
from .host import ScreenHost


class KedgeApp(HostedApp, inherit_bindings=False):
    """The board and what opens from it."""

    TITLE = "kedge"
    CSS = CSS
    ENABLE_COMMAND_PALETTE = False

    def __init__(  # noqa: PLR0913  all that a start decides, by name
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
        self.failure: BaseException | None = None
        """Why the plan could not be read."""
        self.typed = TypeAhead(self, super().on_event)
        self.board = BoardScreen(today, me, self._show_when_read)
        self._host = ScreenHost(self, self.board, keys or Keymap(), glyphs, today, self._look_soon)
        self.background = Background(self, self.host, environment or {})
        self._loading = loading
        self._project = project
        self._warnings = list(warnings)
        self._looks_unasked = background
        self._first_time = first_time
        self.animation_level = "none"
        self.set_class(glyphs is not UNICODE, "-ascii")
        self._choose_theme(theme)

    @property
    def host(self) -> ScreenHost:
        """What the app offers its screens."""
        return self._host

    def _choose_theme(self, name: str) -> None:
        for one in THEMES:
            self.register_theme(one)
        self.theme = name if name in self.available_themes else THEMES[0].name
        if name not in ("", self.theme):
            shown = self.host.keys.shown
            way = f"{shown('kedge.theme') or shown('find.command')} lists all"
            self._warnings.append(f"there is no theme {name!r}; {way}")

    # ---- what Textual asks for

    def get_driver_class(self) -> type[Driver]:
        """The driver of the system, made safe where it is known."""
        if sys.platform == "win32" or constants.DRIVER is not None:
            return super().get_driver_class()
        from .terminal_driver import SafeDriver

        return SafeDriver

    def get_line_filters(self) -> Sequence[LineFilter]:
        """In ASCII mode whatever is drawn goes through one filter last, Textual's own signs too."""
        return [*super().get_line_filters(), *([InAscii()] if self.host.glyphs is ASCII else [])]

    def get_default_screen(self) -> Screen[None]:
        """The board is the first thing there is."""
        return self.board

    async def on_event(self, event: events.Event) -> None:
        """Keys wait for each other; all else is Textual's."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self.typed.add(event)
        else:
            await super().on_event(event)

    def on_load(self) -> None:
        """Leaves in order when the system asks: from before the terminal is taken over."""
        leave_when_asked(lambda code: self.exit(return_code=code))
        self._let_fail = end_on_failures(lambda error: self.call_later(end_with, self, error))

    def on_mount(self) -> None:
        """Paints everything when it goes on after a stop."""
        self.app_resume_signal.subscribe(self, self._resumed)

    def _resumed(self, _: object) -> None:
        # Textual paints after its own pauses only; the shell, or what ran in it, has drawn over everything.
        self.refresh(layout=True)
        self.background.look_now()

    def on_app_focus(self, _: events.AppFocus) -> None:
        """Looks at the files as soon as the terminal is looked at again."""
        self.background.look_now()

    def on_unmount(self) -> None:
        """Leaves no task behind."""
        self.typed.close()
        self._let_fail()

    def panic(self, *renderables: object) -> None:
        """Ends the board as any error does. Textual would print what it is given, and the exit code would be 0."""
        end_with(self, RuntimeError("; ".join(map(str, renderables))))

    # ---- the plan

    @property
    def session(self) -> Session | None:
        """What holds the plan; None before it has been read."""
        return self.host.opened

    def _show_when_read(self) -> None:
        """Shows the plan at once where it has been read already, else when it has; nothing is held up."""
        if self._loading.done():
            self._show_plan()
        else:
            self._loading.add_done_callback(lambda _: self.call_later(self._show_plan))

    def _show_plan(self) -> None:
        self.failure = self._loading.exception()
        if self.failure is not None:
            self.exit()
            return
        workspace = self._loading.result()
        self.host.begin(workspace, self._project, self._pass_on)
        if len(self._warnings) == 1:
            self.board.say(self._warnings[0], "warning")
        elif self._warnings:
            self.call_after_refresh(self._show_warnings)
        elif workspace.barred is not None:
            self.board.say(f"{workspace.barred.message}: {workspace.barred.hint}", "warning")
        if self._looks_unasked:
            self.call_after_refresh(self.background.watch, workspace)
            self.call_after_refresh(_settle_memory)
        if self._first_time:
            self.call_after_refresh(self.board.act, "kedge.tour")
        self._look_soon()

    def _pass_on(self, event: Event) -> None:
        # Called from the writer's thread; what is told to the screens goes through the app's own queue.
        self.call_later(self.host.tell, event)

    def _look_soon(self) -> None:
        if self._looks_unasked:
            self.background.look_soon()

    def _show_warnings(self) -> None:
        from ..dialogs.message import Message

        self.board.show_dialog(Message("Settings that cannot be used", self._warnings))

    def close(self) -> list[Batch]:
        """Ends the threads when everything is saved; the steps that could not be."""
        self.background.close()
        self._host.close_side()
        session = self.session
        if session is None:
            return []
        session.close()
        return session.unsaved


def _settle_memory() -> None:
    """What is there now stays: the collector need not look at it again between two keys.

    Nor at every schedule that follows: a look at all cards takes a tenth of a second in which no key is heard.
    """
    gc.freeze()
    gc.set_threshold(10_000, 5, 20)
    gc.enable()

"""A project on one list in sections: the row under the cursor is said in two lines below it, and changed in place."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult

from ...model.derived.derived import Derived
from ...model.edit.edits import holder
from ...model.playbook.outline import stage_word
from ...model.records.address import Address
from ..dialogs.message import Message
from ..dialogs.pick import Pick, PickItem
from ..draw.sheet import Sheet
from ..draw.spans import Line, line
from ..draw.text import clip
from ..keys.action_context import Situation
from ..session import session as told
from ..session.session import Session
from ..session.worker import Known, Task
from ..widgets.acting import Handlers
from ..widgets.entry_line import EntryLine
from ..widgets.head_line import HeadLine
from ..widgets.key_line import KeyLine
from ..widgets.lines import LineView
from ..widgets.tab_line import Tab, TabLine
from .list_screen import ListScreen
from .refreshing import KEY, offer, refresher
from .row_edits import called, remove_it
from .sections import NOWHERE, F, Place, Section

Tell = Callable[[object], None]
"""Shows what has been found out so far."""


class Request:
    """What is being found out."""


class SectionScreen(ListScreen):
    """Screens 4 and 6."""

    SECTIONS: ClassVar[Sequence[Section[Any]]]
    FINDS: ClassVar[str]
    """What is found out behind, in a word or two."""
    FIELDS: ClassVar[tuple[str, ...]] = ("id", "section", "who", "stage", "state")
    MAIN: ClassVar[str] = ".rows"
    AUTO_FOCUS = ".rows"
    DEFAULT_CSS = """
    SectionScreen {
        & LineView { scrollbar-gutter: stable; }
        & .rows { height: 1fr; }
        & .about { height: 2; background: $surface; }
    }
    """

    def __init__(self, session: Session, project: str = "") -> None:
        super().__init__(session, project)
        plan = session.plan
        known = (project, plan.board.main_project or "", *plan.projects)
        self.project = next((one for one in known if one in plan.projects), "")
        """The project that is shown; empty where the plan has none."""
        self._seen: Derived | None = None
        self._request: Request | None = None
        self._refresh: Request | None = None
        self._tops: dict[str, int] = {}
        """The row at which each section begins."""
        self._counts = (0, 0)

    # ---- what a screen adds

    @abstractmethod
    def finder(self) -> Callable[[Derived, str, Task, Tell], object]:
        """What finds out what takes time, of a project; it is called in a thread, and sees nothing of the screen."""

    @abstractmethod
    def take(self, found: object) -> None:
        """Keeps what has been found out."""

    @abstractmethod
    def forget(self) -> None:
        """Forgets it: another project is shown."""

    @abstractmethod
    def sections(self, width: int, *, whole: bool = False) -> Iterable[tuple[str, list[Line]]]:
        """The rows of each section that stay under the filter, or all."""

    @abstractmethod
    def about(self) -> Sequence[str]:
        """What the row under the cursor is about, the most important first."""

    def explained(self) -> tuple[str, Sequence[str]]:
        """All that is known of the row under the cursor, with the title of it."""
        return called(self), self.about()

    def headline(self) -> tuple[str, ...]:
        """What the head line says besides the project and its stage."""
        return ()

    def kind_added(self) -> str:
        """The kind that is added where the cursor is; empty where nothing is."""
        return self.section.kind

    # ---- showing

    def compose(self) -> ComposeResult:
        """Head, the sections, their rows, the row under the cursor, the foot."""
        yield HeadLine()
        yield TabLine()
        yield LineView(classes="rows")
        yield LineView(classes="about", focusable=False)
        yield EntryLine(self.glyphs, self.keys.shown)
        yield KeyLine()

    def on_mount(self) -> None:
        """Shows the records, and has the rest worked out."""
        self.call_after_refresh(self.adopt)

    def adopt(self, touched: Iterable[Address] = (), focus: str = "") -> None:  # noqa: ARG002  the cursor stays
        """Shows the plan as it is now; has the rest found out again where it has changed."""
        if self._seen is not self.session.derived and self.project in self.plan.projects:
            self._seen = self.session.derived
            self._look()
        self.show_list()

    def _look(self) -> None:
        request = self._request = Request()
        derived, project, worker = self.session.derived, self.project, self.session.worker
        find, key = self.finder(), (self.CONTEXT, request)
        worker.ask(
            key, lambda task: find(derived, project, task, lambda found: worker.tell(Known(key, found)))
        )

    def found_out(self, event: told.Known | told.Unknown) -> None:
        """Shows what the worker has found out; what it does not know yet is shown as it was."""
        kind, request = event.key[0], event.key[1] if len(event.key) > 1 else None
        if kind == KEY and request is self._refresh:
            self._refresh = None
            self._offer(event)
            return
        if kind != self.CONTEXT or request is not self._request:
            return
        if isinstance(event, told.Known):
            self.take(event.value)
            self.show_list()
        else:
            self.say(f"{self.FINDS} could not be worked out: {event.error}", "bad")

    def _offer(self, event: told.Known | told.Unknown) -> None:
        if isinstance(event, told.Known):
            offer(self, event.value)
        else:
            self.say(f"files could not be read: {event.error}", "bad")

    def _read_files(self) -> None:
        work = refresher(self)
        if work is None:
            self.say("no metric is read from a file: kedge metric record ID --from FILE --key NAME")
            return
        self._refresh = Request()
        self.say("reading files …")
        self.session.worker.ask((KEY, self._refresh), work)

    def on_unmount(self) -> None:
        """Ends the work that is not wanted any more."""
        self.session.worker.drop(self.CONTEXT)
        self.session.worker.drop(KEY)

    def on_screen_resume(self) -> None:
        """Shows what other screens have done meanwhile."""
        if self._seen is not None:
            self.adopt()

    @property
    def view(self) -> LineView:
        """The rows."""
        return self.query_one(".rows", LineView)

    @property
    def place(self) -> Place:
        """What the row under the cursor is about."""
        key = self.view.key
        return key if isinstance(key, Place) else NOWHERE

    @property
    def section(self) -> Section[Any]:
        """The section that the cursor is in."""
        at = self.view.cursor
        return next(
            (one for one in reversed(self.SECTIONS) if self._tops.get(one.id, 0) <= at), self.SECTIONS[0]
        )

    def show_list(self) -> None:
        """Draws the rows, and what is said of the one under the cursor."""
        self.view.show(self._rows_for)
        self.paint_head()
        self._draw_focus()
        self.foot()

    def _rows_for(self, width: int) -> Sequence[Line]:
        if self.project not in self.plan.projects:
            return [line(("The plan has no project yet: 3 goes to the portfolio, a adds one.", "quiet"))]
        self._tops = {}
        listed: list[Line] = []
        shown = total = 0
        for section, found in self.sections(width):
            count = sum(isinstance(one.key, Place) and bool(one.key.address.id) for one in found)
            shown += count
            if not found or (self.narrowed and not count):
                continue
            listed += [line()] if listed else []
            self._tops[section] = len(listed)
            listed += found
        for _, found in self.sections(width, whole=True) if self.narrowed else ():
            total += sum(isinstance(one.key, Place) and bool(one.key.address.id) for one in found)
        self._counts = (shown, total or shown)
        return listed or [line(("Nothing fits the filter; Esc clears it.", "quiet"))]

    def sheet(self, data: F, width: int, *, whole: bool = False) -> Sheet[F]:
        """What rows are made with; `whole` leaves the filter out."""
        return Sheet(data, width, self.glyphs, None if whole or not self.narrowed else self.fits)

    def counts(self) -> tuple[int, int]:
        """How many rows are listed, of how many."""
        return self._counts

    def paint_head(self) -> None:
        """Shows where one is, and the section that the cursor is in."""
        project = self.plan.projects.get(self.project)
        place = (project.label, stage_word(project.stage)) if project is not None else ("no project",)
        place = (*place, *self.headline())
        if self.narrowed:
            place = (*place, f"filter: {self.narrowed}")
        self.show_head(self.query_one(HeadLine), place)
        tabs = [Tab(one.id, one.title) for one in self.SECTIONS if one.id in self._tops]
        self.query_one(TabLine).tell(tabs, self.section.id, self.glyphs)

    @on(LineView.Moved)
    def _moved(self, event: LineView.Moved) -> None:
        if event.view is self.view:
            self.paint_head()
            self._draw_focus()
            self.foot()

    def _draw_focus(self) -> None:
        lines = self.about() if self.project in self.plan.projects else []
        first, second = (*lines, "", "")[:2]
        self.query_one(".about", LineView).show(
            lambda width: [line(clip(first, width)), line((clip(second, width), "quiet"))]
        )

    def on_resize(self) -> None:
        """Draws for another width."""
        self.call_after_refresh(self.show_list)

    # ---- doing

    def here(self) -> str:
        """The project that is shown."""
        return self.project

    def lacks(self) -> Mapping[str, str]:
        """Why what a screen adds cannot be done on the row under the cursor; empty where it can."""
        return {}

    def situation(self) -> Situation:
        """What decides which actions can be done."""
        lacks = {
            "project": "" if self.project in self.plan.projects else "the plan has no project yet",
            "row": "" if self.place.address.id else "the cursor is on no row",
            "record": "",
            "kind": "" if self.kind_added() else "nothing is added here",
            **self.lacks(),
        }
        return replace(super().situation(), lacks=lacks)

    def handlers(self) -> Handlers:
        """What does each action that all of these screens have."""
        return {
            **super().handlers(),
            **self.view.moving(),
            "find.project": self._pick_project,
            "find.copy": lambda: self.copy(self.place.address.id),
            "row.open": self.open_row,
            "row.add": self.add_row,
            "row.editor": lambda: self.host.open_editor(holder(self.place.address)[0]),
            "row.why": self._why,
            "row.remove": lambda: remove_it(self),
            "metric.refresh": self._read_files,
            "section.next": lambda: self._to_section(1),
            "section.before": lambda: self._to_section(-1),
        }

    def on_line_view_chosen(self, event: LineView.Chosen) -> None:
        """A double click on a row."""
        if event.view is self.view:
            self.act("row.open" if self.place.address.id else "row.add")

    @on(TabLine.Opened)
    def _tab_clicked(self, event: TabLine.Opened) -> None:
        self._go_to(event.key)

    def open_row(self) -> None:
        """Opens what the row is about."""
        place = self.place
        self.host.open_form(place.address, place.field, then=self.saved)

    def add_row(self) -> None:
        """Opens a form for one more."""
        self.host.open_form(Address(self.kind_added(), self.project, ""), then=self.saved)

    def saved(self, address: Address | None) -> None:
        """Shows what a form has saved, with the cursor on it."""
        super().saved(address)
        if address is not None:
            self.view.go_to(Place(address))

    def _to_section(self, step: int) -> None:
        names = list(self._tops)
        if self.section.id in names:
            self._go_to(names[(names.index(self.section.id) + step) % len(names)])

    def _go_to(self, section: str) -> None:
        top = self._tops[section]
        keys = (one.key for one in self.view.lines[top:])
        self.view.go_to(next((key for key in keys if key is not None), None))
        # With the head of the section in sight, and as much of it as there is room for.
        self.view.scroll_to(y=top, animate=False, force=True)

    def _pick_project(self) -> None:
        items = [PickItem(one.id, one.label, one.phase) for one in self.plan.projects.values()]

        def chosen(keys: tuple[str, ...]) -> None:
            self.project, self._seen = keys[0], None
            self.forget()
            self.adopt()
            self.view.edge(-1)

        self.ask(Pick("Projects", items), chosen)

    def _why(self) -> None:
        if self.project in self.plan.projects:
            title, lines = self.explained()
            self.show_dialog(Message(title, lines, self.door))

"""Strategy: what a project wants, what serves it, by which stages, with whom and for how much; edited in place.

Records are shown at once. Dates, load and money are found out in the session's worker; those of the plan before stay
on the screen meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from ...model.derived.derived import Derived
from ...model.edit.edits import holder
from ...model.records.address import Address
from ...model.records.base import Entry
from ..dialogs import Message, Pick, PickItem
from ..draw.spans import Line, line
from ..draw.text import clip
from ..keys.action import Context
from ..keys.action_context import Situation
from ..screens.list_screen import ListScreen
from ..session import session as told
from ..session.session import Session
from ..session.worker import Known, Task
from ..widgets.acting import Handlers
from ..widgets.entry_line import EntryLine
from ..widgets.head_line import HeadLine
from ..widgets.key_line import KeyLine
from ..widgets.lines import LineView
from ..widgets.tab_line import Tab, TabLine
from .about import about, arithmetic
from .editing import DAYS, OWNERS, remove_it, set_day, set_owner, set_value, take_sizes, value_path
from .facts import BUDGET, Facts, Found, Place, soon
from .sections import SECTIONS, Section, rows
from .sheet import Sheet

_NOWHERE = Place(Address("", "", ""))


class Request:
    """Dates and money that are being worked out."""


class StrategyScreen(ListScreen):
    """Screen 4."""

    CONTEXT: ClassVar[Context] = "strategy"
    FIELDS: ClassVar[tuple[str, ...]] = ("id", "section", "who", "stage")
    MAIN: ClassVar[str] = ".rows"
    AUTO_FOCUS = ".rows"
    DEFAULT_CSS = """
    StrategyScreen {
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
        self._found = Found()
        self._seen: Derived | None = None
        self._request: Request | None = None
        self._tops: dict[str, int] = {}
        """The row at which each section begins."""
        self._counts = (0, 0)

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

    # ---- what is known

    @property
    def facts(self) -> Facts | None:
        """The project with what has been found out; None where the plan has none."""
        project = self.plan.projects.get(self.project)
        return Facts(self.plan, project, self.today, self._found) if project is not None else None

    def adopt(self, touched: Iterable[Address] = (), focus: str = "") -> None:  # noqa: ARG002  the cursor stays
        """Shows the plan as it is now; has dates and money worked out again where it has changed."""
        if self._seen is not self.session.derived and self.project in self.plan.projects:
            self._seen = self.session.derived
            self._look()
        self._draw()

    def _look(self) -> None:
        request = self._request = Request()
        derived, project, worker = self.session.derived, self.project, self.session.worker

        def work(task: Task) -> Found:
            first = soon(derived, project, task)
            worker.tell(Known(("strategy", request), first))
            store = derived.told(task)
            return replace(first, forecast=store.forecast(), budgets=store.budget())

        worker.ask(("strategy", request), work)

    def found_out(self, event: told.Known | told.Unknown) -> None:
        """Shows what the worker has found out; what it does not know yet is shown as it was."""
        match event:
            case told.Known(("strategy", request), Found() as found) if request is self._request:
                before = self._found
                self._found = replace(
                    found,
                    forecast=found.forecast or before.forecast,
                    budgets=found.budgets or before.budgets,
                )
                self._draw()
            case told.Unknown(("strategy", request), error) if request is self._request:
                self.say(f"dates and money could not be worked out: {error}", "bad")
            case _:
                pass

    def on_unmount(self) -> None:
        """Ends the work that is not wanted any more."""
        self.session.worker.drop("strategy")

    def on_screen_resume(self) -> None:
        """Shows what other screens have done meanwhile."""
        if self._seen is not None:
            self.adopt()

    # ---- showing

    @property
    def _list(self) -> LineView:
        return self.query_one(".rows", LineView)

    @property
    def place(self) -> Place:
        """What the row under the cursor is about."""
        key = self._list.key
        return key if isinstance(key, Place) else _NOWHERE

    @property
    def section(self) -> Section:
        """The section that the cursor is in."""
        at = self._list.cursor
        return next((one for one in reversed(SECTIONS) if self._tops.get(one.id, 0) <= at), SECTIONS[0])

    def _draw(self) -> None:
        self._list.show(self._rows_for)
        self.paint_head()
        self._draw_focus()
        self.foot()

    show_list = _draw

    def _rows_for(self, width: int) -> Sequence[Line]:
        facts = self.facts
        if facts is None:
            return [line(("The plan has no project yet: 3 goes to the portfolio, a adds one.", "quiet"))]
        self._tops = {}
        listed: list[Line] = []
        shown = total = 0
        for section, found in rows(Sheet(facts, width, self.glyphs, self._fits_row)):
            count = sum(isinstance(one.key, Place) and bool(one.key.address.id) for one in found)
            shown += count
            if self.narrowed and not count:
                continue
            listed += [line()] if listed else []
            self._tops[section] = len(listed)
            listed += found
        for _, found in rows(Sheet(facts, width, self.glyphs, lambda *_: True)) if self.narrowed else ():
            total += sum(isinstance(one.key, Place) and bool(one.key.address.id) for one in found)
        self._counts = (shown, total or shown)
        return listed or [line(("Nothing fits the filter; Esc clears it.", "quiet"))]

    def _fits_row(self, entry: Entry, section: str, key: str) -> bool:
        if not self.narrowed:
            return True
        who = str(getattr(entry, "owner", "") or (key if section == "people" else ""))
        stage = str(getattr(entry, "stage", "") or (key if section == "stages" else ""))
        return self.fits(text=entry.label, id=key, section=section, who=who, stage=stage)

    def counts(self) -> tuple[int, int]:
        """How many rows are listed, of how many."""
        return self._counts

    def paint_head(self) -> None:
        """Shows where one is, and the section that the cursor is in."""
        project = self.plan.projects.get(self.project)
        place = (project.label, project.stage) if project is not None else ("no project",)
        if self.narrowed:
            place = (*place, f"filter: {self.narrowed}")
        self.show_head(self.query_one(HeadLine), place)
        tabs = [Tab(one.id, one.title) for one in SECTIONS if one.id in self._tops]
        self.query_one(TabLine).tell(tabs, self.section.id, self.glyphs)

    @on(LineView.Moved)
    def _moved(self, event: LineView.Moved) -> None:
        if event.view is self._list:
            self.paint_head()
            self._draw_focus()
            self.foot()

    def _draw_focus(self) -> None:
        facts = self.facts
        lines = about(facts, self.place) if facts is not None else []
        first, second = (*lines, "", "")[:2]
        self.query_one(".about", LineView).show(
            lambda width: [line(clip(first, width)), line((clip(second, width), "quiet"))]
        )

    def on_resize(self) -> None:
        """Draws for another width."""
        self.call_after_refresh(self._draw)

    # ---- doing

    def here(self) -> str:
        """The project that is shown."""
        return self.project

    def situation(self) -> Situation:
        """What decides which actions can be done."""
        place = self.place
        kind, is_new = place.address.kind, not place.address.id
        name = f"a {kind}"
        row = "the cursor is on no row" if is_new else ""
        entry = (
            "" if kind not in ("strategy", "person") else "this cannot be removed here: Enter opens its form"
        )
        lacks = {
            "project": "" if self.project in self.plan.projects else "the plan has no project yet",
            "row": row,
            "kind": "" if self._kind_added() else "nothing is added here: Enter and v change the budget",
            "value": "" if value_path(place) else f"{name} has no figure to set here: Enter opens its form",
            "day": "" if kind in DAYS else f"{name} has no day to set here: Enter opens its form",
            "owner": "" if kind in OWNERS else f"{name} has no owner to set here: Enter opens its form",
            "removable": entry,
        }
        return replace(super().situation(), lacks=lacks)

    def handlers(self) -> Handlers:
        """What does each action here."""
        return {
            **super().handlers(),
            **self._list.moving(),
            "find.project": self._pick_project,
            "find.copy": lambda: self.copy(self.place.address.id),
            "strategy.open": self._open,
            "strategy.add": self._add,
            "strategy.value": lambda: set_value(self),
            "strategy.day": lambda: set_day(self),
            "strategy.owner": lambda: set_owner(self),
            "strategy.remove": lambda: remove_it(self),
            "strategy.editor": lambda: self.host.open_editor(holder(self.place.address)[0]),
            "strategy.sizes": lambda: take_sizes(self),
            "strategy.next": lambda: self._to_section(1),
            "strategy.before": lambda: self._to_section(-1),
            "strategy.why": self._why,
        }

    def on_line_view_chosen(self, event: LineView.Chosen) -> None:
        """A double click on a row."""
        if event.view is self._list:
            self.act("strategy.open" if self.place.address.id else "strategy.add")

    @on(TabLine.Opened)
    def _tab_clicked(self, event: TabLine.Opened) -> None:
        self._go_to(event.key)

    def _open(self) -> None:
        place = self.place
        self.host.open_form(place.address, place.field, then=self.saved)

    def _kind_added(self) -> str:
        kind = self.place.address.kind
        return kind if kind == "technical" else self.section.kind

    def _add(self) -> None:
        self.host.open_form(Address(self._kind_added(), self.project, ""), then=self.saved)

    def saved(self, address: Address | None) -> None:
        """Shows what a form has saved, with the cursor on it."""
        super().saved(address)
        if address is not None:
            self._list.go_to(Place(address))

    def _to_section(self, step: int) -> None:
        names = list(self._tops)
        if self.section.id in names:
            self._go_to(names[(names.index(self.section.id) + step) % len(names)])

    def _go_to(self, section: str) -> None:
        top = self._tops[section]
        keys = (one.key for one in self._list.lines[top:])
        self._list.go_to(next((key for key in keys if key is not None), None))
        # With the head of the section in sight, and as much of it as there is room for.
        self._list.scroll_to(y=top, animate=False, force=True)

    def _pick_project(self) -> None:
        items = [PickItem(one.id, one.label, one.phase) for one in self.plan.projects.values()]

        def chosen(keys: tuple[str, ...]) -> None:
            self.project, self._found, self._seen = keys[0], Found(), None
            self.adopt()
            self._list.edge(-1)

        self.ask(Pick("Projects", items), chosen)

    def _why(self) -> None:
        facts, place = self.facts, self.place
        if facts is None:
            return

        lines = [*about(facts, place), *arithmetic(self.session.derived.snapshot, facts, place)]
        title = "Budget" if place.field[:1] == (BUDGET,) else place.address.id
        self.show_dialog(Message(title, lines, self.door))

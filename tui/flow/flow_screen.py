"""Flow: how work flows, as charts from the history of the cards; one at a time, its reading above it.

The history is read, and its figures are worked out, in the session's worker; the last ones stay on the screen
meanwhile. A commit makes it read again, a change of the plan only has the figures worked out again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import ClassVar, cast

from textual import on
from textual.app import ComposeResult

from ...model.derived.derived import Derived
from ...model.flow.card_history import PlanHistory
from ...model.flow.charts import LEAST_HEIGHT, LEAST_WIDTH, TITLES, ChartName, chart
from ...model.flow.flow import Flow, flow_of
from ...model.flow.plot import DRAWN, PLAIN, Canvas
from ...model.flow.readings import reading
from ...model.records.address import Address
from ...storage.disk.repository import GitProblem
from ..dialogs.pick import Pick, PickItem
from ..draw.spans import Line, line, wrap
from ..draw.text import filled, fit, shown
from ..keys.action import Context
from ..keys.action_context import Situation
from ..screens.plan_screen import PlanScreen
from ..session import session as told
from ..session.session import Session
from ..session.worker import Known, Task
from ..widgets.acting import Handlers
from ..widgets.entry_line import EntryLine
from ..widgets.head_line import HeadLine
from ..widgets.key_line import KeyLine
from ..widgets.lines import LineView
from ..widgets.tab_line import Tab, TabLine
from .numbers import CELLS, number_lines

CHARTS: tuple[ChartName, ...] = tuple(TITLES)
_EVERY = "all projects"


class Request:
    """Figures that are being worked out."""


class FlowScreen(PlanScreen):
    """Screen 7."""

    CONTEXT: ClassVar[Context] = "flow"
    MAIN: ClassVar[str] = ".chart"
    AUTO_FOCUS = ".chart"
    DEFAULT_CSS = """
    FlowScreen {
        & .reading { height: 2; background: $surface; }
        & .chart { height: 1fr; scrollbar-gutter: stable; }
        & .lacking { height: 1; }
    }
    """

    def __init__(self, session: Session, project: str = "") -> None:
        super().__init__(session, project)
        self.project = project if project in session.plan.projects else ""
        """The project that is shown; all of them where it is empty."""
        self.shown: ChartName = "cycle-time"
        self.has_numbers = False
        """Whether the figures are listed in the place of the chart."""
        self.flow: Flow | None = None
        """None before the first figures."""
        self.failure = ""
        """Why there is no history."""
        self._history: PlanHistory | None = None
        self._seen: Derived | None = None
        self._request: Request | None = None

    def compose(self) -> ComposeResult:
        """Head, the charts, what the one that is open says, the chart, what could not be counted, the foot."""
        yield HeadLine()
        yield TabLine()
        yield LineView(classes="reading", focusable=False)
        yield LineView(classes="chart", fills=True)
        yield LineView(classes="lacking", focusable=False)
        yield EntryLine(self.glyphs, self.keys.shown)
        yield KeyLine()

    def on_mount(self) -> None:
        """Has the history read."""
        self.call_after_refresh(self.adopt)

    # ---- the figures

    def adopt(self, touched: Iterable[Address] = (), focus: str = "") -> None:  # noqa: ARG002  the cursor stays
        """Has the figures worked out again where the plan has changed."""
        if self._seen is not self.session.derived:
            self._seen = self.session.derived
            self._look()
        self._draw()

    def on_committed(self) -> None:
        """Reads the history again."""
        super().on_committed()
        self._history = None
        self._look()

    def _look(self) -> None:
        request = self._request = Request()
        workspace, known = self.session.workspace, self._history
        plan, today, project = self.plan, self.today, self.project

        def work(task: Task) -> tuple[PlanHistory, Flow] | GitProblem:
            from ...storage.git.plan_history import plan_history

            task("reading the history")
            history = known or plan_history(workspace.root, workspace.environment)
            if isinstance(history, GitProblem):
                return history
            task("figures of flow")
            return history, flow_of(plan, history, today, project)

        self.session.worker.ask(("flow", request), work)

    def found_out(self, event: told.Known | told.Unknown) -> None:
        """Shows what the worker has found out."""
        match event:
            case Known(("flow", request), GitProblem() as problem) if request is self._request:
                self.flow, self.failure = None, problem.message
            case Known(("flow", request), (PlanHistory() as history, Flow() as flow)) if (
                request is self._request
            ):
                self._history, self.flow, self.failure = history, flow, ""
            case told.Unknown(("flow", request), error) if request is self._request:
                self.say(f"no history could be read: {error}", "bad")
                return
            case _:
                return
        self._draw()

    def on_unmount(self) -> None:
        """Ends the work that is not wanted any more."""
        self.session.worker.drop("flow")

    def on_screen_resume(self) -> None:
        """Shows what other screens have done meanwhile."""
        if self._seen is not None:
            self.adopt()

    # ---- showing

    @property
    def _list(self) -> LineView:
        return self.query_one(".chart", LineView)

    @property
    def card_id(self) -> str:
        """The card under the cursor; empty where there is none."""
        key = self._list.key
        return key if isinstance(key, str) else ""

    def _draw(self) -> None:
        self.paint_head()
        self.query_one(".reading", LineView).show(self._reading)
        self._list.show(self._rows_for)
        self.query_one(".lacking", LineView).show(self._lacking)
        self.foot()

    def _reading(self, width: int) -> Sequence[Line]:
        if self.flow is None:
            text = (
                f"no figures without a history: {self.failure}" if self.failure else "reading the history …"
            )
        else:
            text = reading(self.flow, self.shown)
        return [line(*row) for row in wrap(((text, "strong"),), width)]

    def _rows_for(self, width: int) -> Sequence[Line]:
        if self.flow is None:
            return ()
        height = self._list.scrollable_content_region.height
        signs = PLAIN if self.glyphs.name == "ascii" else DRAWN
        titles = {one.id: one.label for one in self.plan.cards.values()}
        canvas = Canvas(width, height, signs, self._fit, titles)
        if self.has_numbers:
            room = max(8, width - CELLS)
            return number_lines(self.flow, self.shown, lambda card: canvas.name(card, room).rstrip())
        rows = [line(*one.row, key=one.card or None) for one in chart(self.flow, self.shown, canvas)]
        if not rows and (height < LEAST_HEIGHT or width < LEAST_WIDTH):
            return [line(("there is no room for the chart: n shows its numbers", "quiet"))]
        return rows

    def _fit(self, text: str, width: int) -> str:
        return filled(text, width, self.glyphs)

    def _lacking(self, width: int) -> Sequence[Line]:
        if self.flow is None:
            return ()
        words = ["this clone does not have the whole history"] if self.flow.is_cut_off else []
        words += [one.words for one in self.flow.lacking]
        return [line((fit(shown("; ".join(words)), width, self.glyphs), "quiet"))] if words else ()

    def paint_head(self) -> None:
        """Shows where one is, and which chart is open."""
        project = self.plan.projects.get(self.project)
        place = (project.label if project is not None else _EVERY,)
        if self.has_numbers:
            place = (*place, "numbers")
        self.show_head(self.query_one(HeadLine), place)
        tabs = [Tab(name, title) for name, title in TITLES.items()]
        self.query_one(TabLine).tell(tabs, self.shown, self.glyphs)

    def on_resize(self) -> None:
        """Says where one is in another width."""
        self.paint_head()

    @on(LineView.Moved)
    def _moved(self, event: LineView.Moved) -> None:
        if event.view is self._list:
            self.foot()

    # ---- doing

    def here(self) -> str:
        """The project that is shown."""
        return self.project

    def situation(self) -> Situation:
        """What decides which actions can be done."""
        now = super().situation()
        row = (
            ""
            if self.card_id
            else "no card is listed here: Ageing work and the numbers of Cycle time list some"
        )
        return replace(now, lacks={**now.lacks, "row": row})

    def handlers(self) -> Handlers:
        """What does each action here."""
        return {
            **super().handlers(),
            **self._list.moving(),
            "find.project": self._pick_project,
            "find.copy": lambda: self.copy(self.card_id),
            "flow.next": lambda: self._step(1),
            "flow.before": lambda: self._step(-1),
            "flow.numbers": self._numbers,
            "flow.open": self._open,
        }

    def on_line_view_chosen(self, event: LineView.Chosen) -> None:
        """A double click on a card."""
        if event.view is self._list:
            self.act("flow.open")

    @on(TabLine.Opened)
    def _tab_clicked(self, event: TabLine.Opened) -> None:
        self._show(cast("ChartName", event.key))

    def leave(self) -> None:
        """Back to the chart, then out."""
        if self.has_numbers:
            self._numbers()
        else:
            super().leave()

    def _step(self, step: int) -> None:
        self._show(CHARTS[(CHARTS.index(self.shown) + step) % len(CHARTS)])

    def _show(self, name: ChartName) -> None:
        self.shown = name
        self._draw()
        self._list.edge(-1)

    def _numbers(self) -> None:
        self.has_numbers = not self.has_numbers
        self._draw()
        self._list.edge(-1)

    def _open(self) -> None:
        if self.card_id in self.plan.cards:
            self.host.open_card(self.card_id)
        else:
            self.say(f"{self.card_id} is not in the plan any more", "warning")

    def _pick_project(self) -> None:
        items = [PickItem("", _EVERY, "")]
        items += [PickItem(one.id, one.label, one.phase) for one in self.plan.projects.values()]

        def chosen(keys: tuple[str, ...]) -> None:
            self.project = keys[0]
            self._look()
            self._draw()

        self.ask(Pick("Projects", items), chosen)

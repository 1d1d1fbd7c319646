"""Assess: the questions of the method by step, each answered where it is, and what the gate still asks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from ...model.assess.standing import Standing
from ...model.gates.gates import GateReport
from ...model.playbook.item import Item
from ...model.records.address import Address
from ...model.records.assessment import Answer
from ...model.records.dataset import Dataset
from ...model.text.visible import one_line
from ...storage.git.evidence import Known, look_up
from ..dialogs.message import Growing
from ..draw.spans import Line, line
from ..keys.action import Context
from ..keys.action_context import Situation
from ..screens.list_screen import ListScreen
from ..session import session as told
from ..session.session import Session
from ..session.worker import Task
from ..widgets.acting import Handlers
from ..widgets.entry_line import EntryLine
from ..widgets.head_line import HeadLine
from ..widgets.key_line import KeyLine
from ..widgets.lines import LineView
from ..widgets.tab_line import TabLine
from . import assess_actions
from .asked import DATASETS, Asked
from .assess_lacks import lacks_of
from .assess_lines import (
    dataset_detail,
    filtered_by,
    list_lines,
    place_of,
    question_detail,
    side_lines,
    status_line,
    tabs_of,
)


class AssessScreen(ListScreen):
    """Screen 2. Its tabs are the steps of a phase, and the datasets."""

    CONTEXT: ClassVar[Context] = "assess"
    FIELDS: ClassVar[tuple[str, ...]] = ("id", "is", "answer")
    MAIN: ClassVar[str] = ".questions"
    AUTO_FOCUS = ".questions"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (140, "-broad")]  # noqa: RUF012  the type is Textual's
    DEFAULT_CSS = """
    AssessScreen {
        & LineView { scrollbar-gutter: stable; }
        & .questions { height: 2fr; }
        & .about { height: 3fr; }
        & .side { width: 44; height: 100%; background: $surface; }
        & .status {
            height: 1; color: $text-muted; padding: 0 1; display: none;
            text-wrap: nowrap; text-overflow: ellipsis;
        }
        &.-broad .side { width: 54; }
        &.-narrow .side { display: none; }
        &.-narrow .status { display: block; }
    }
    """

    def __init__(self, session: Session, project: str = "") -> None:
        super().__init__(session, project)
        self.project = project
        self.asked: Asked | None = None
        """None where the plan has no project."""
        self.known = Known()
        """What disk and git say of the answers; nothing while they are asked."""
        self.reports: tuple[GateReport, ...] = ()
        """Of the gates of the phase, the one that leads out of it last; none while they are worked out."""
        self.phase = ""
        self.tab = ""
        self.only_open = False
        self._first = ""
        """The question that is gone to as soon as there are questions."""
        self._last: dict[str, str] = {}
        """The row that had the focus last on each tab."""
        self._drawn: tuple[object, ...] | None = None
        """What the lower part shows, so that it is drawn once."""
        self._wanted: Callable[[], None] | None = None
        """What waits for the gates."""

    def compose(self) -> ComposeResult:
        """Head, tabs, the list with the focused question below it, progress beside it, the foot."""
        yield HeadLine()
        yield TabLine()
        with Horizontal():
            with Vertical():
                yield LineView(classes="questions")
                yield LineView(classes="about", focusable=False)
            yield LineView(classes="side", focusable=False)
        yield Static(classes="status")
        yield EntryLine(self.glyphs, self.keys.shown)
        yield KeyLine()

    def on_mount(self) -> None:
        """Begins with the question to ask next."""
        # Rows have no width before the first layout, so that no cursor can stand on one.
        self.call_after_refresh(self.open, self.project)

    # ---- the plan arrives, and changes

    def open(self, project: str) -> None:
        """Shows a project in the phase where it is."""
        plan = self.session.plan
        known = (project, plan.board.main_project or "", *plan.projects)
        self.project = next((one for one in known if one in plan.projects), "")
        self.asked, self.known = None, Known()
        self._last.clear()
        if self.project:
            self.to_phase(plan.projects[self.project].phase)
            self._go_to_first()
        else:
            self.adopt()

    def go_to_row(self, project: str, row: str) -> None:
        """Puts the cursor on a question, in whatever phase it is asked."""
        self._first = row
        if self.phase and project == self.project:
            self._go_to_first()
        elif self.phase:
            self.open(project)

    def _go_to_first(self) -> None:
        one = self.asked.standing.get(self._first) if self.asked is not None else None
        self._first = ""
        if one is not None and self.asked is not None:
            step = self.asked.playbook.step(one.item.step)
            if step is not None and step.phase != self.phase:
                self.to_phase(step.phase)
            self.go_to(one.item)

    def to_phase(self, phase: str) -> None:
        """Shows the questions of a phase, beginning with the one to ask next."""
        self.phase, self.tab, self.reports = phase, "", ()
        self.adopt()
        asked = self.asked
        if asked is not None:
            first = asked.next_open(phase)
            self.tab = first.step if first else next(iter(asked.steps(phase)), DATASETS)
            if first:
                self._last[self.tab] = first.id
            self._draw()

    def adopt(self, touched: Iterable[Address] = (), focus: str = "") -> None:  # noqa: ARG002  the board's own form
        """Works out the state of the questions again where the plan has changed; the cursor stays."""
        plan = self.session.plan
        record = plan.projects.get(self.project)
        if record is None:
            self.asked, self.reports = None, ()
        elif self.asked is None or self.asked.derived is not self.session.derived:
            self.asked, self.reports = Asked.of(self.session.derived, record), ()
            self.look_up()
        if self.asked is not None and not self.reports:
            self._look_at_gates(self.asked, self.phase)
        self._draw()

    def on_committed(self) -> None:
        """Git may say something else of the answers."""
        self.look_up()

    def look_up(self) -> None:
        """Asks disk and git about the answers."""
        if self.asked is not None:
            asked, before, root = self.asked, self.known.answered, self.session.workspace.root
            self.session.worker.ask(
                ("answered", asked),
                lambda _: look_up(root, asked.project.id, os.environ, before),
            )

    # ---- what is found out meanwhile

    def _look_at_gates(self, asked: Asked, phase: str) -> None:
        """Asks what the gates of a phase ask; one of them chooses among all projects."""
        self.session.worker.ask(("gate", asked, phase), lambda task: _reports(asked, phase, task))

    def found_out(self, event: told.Known | told.Unknown) -> None:
        """Shows what was found out about the project as it is shown."""
        # What others have asked for is told here, too; some of that is about nothing in particular.
        kind, about, *rest = (*event.key, None)
        if isinstance(about, Growing):
            about.add(event.value if isinstance(event, told.Known) else [f"not worked out: {event.error}"])
        elif kind not in ("answered", "gate") or about is not self.asked:
            return
        elif isinstance(event, told.Unknown):
            what = "the gate" if kind == "gate" else "who answered"
            self.say(f"{what} could not be worked out: {event.error}", "bad")
        elif kind == "answered":
            self.known = event.value
            self._draw_about()
        elif rest[0] == self.phase:
            self.reports = event.value
            self._draw_side()
            wanted, self._wanted = self._wanted, None
            if wanted is not None:
                wanted()

    def on_screen_resume(self) -> None:
        """Shows what a form has done."""
        if self.phase:
            self.adopt()

    # ---- showing

    @property
    def _list(self) -> LineView:
        return self.query_one(".questions", LineView)

    def _draw(self) -> None:
        self.paint_head()
        asked, tab, only_open, glyphs = self.asked, self.tab, self.only_open, self.glyphs
        if asked is None:
            self._list.show(lambda _: [line("The plan has no project yet: 1 goes to the board, a adds one.")])
        else:
            # A filter looks for questions in every step of the phase, as far as they are shown at all.
            steps = asked.steps(self.phase) if self.narrowed else [tab]
            self._list.show(
                lambda width: self._fitting(
                    list_lines(asked, tab, steps, only_open=only_open, width=width, glyphs=glyphs)
                ),
                key=self._last.get(tab),
            )
        self._draw_side()
        self.foot()

    show_list = _draw

    def _fitting(self, rows: Sequence[Line]) -> list[Line]:
        """The rows that fit the filter."""
        if not self.narrowed:
            return list(rows)
        shown = self._shown()
        return [row for row in rows if row.key in shown] or [line(("nothing fits the filter", "quiet"))]

    def _shown(self) -> set[str]:
        """Ids of the questions of the phase, or of the datasets, that fit the filter."""
        return {one for one, texts in self._texts() if self.fits(**texts)}

    def _texts(self) -> list[tuple[str, dict[str, str]]]:
        """What a filter looks at, by id."""
        asked = self.asked
        return filtered_by(asked, self.phase, self.tab, only_open=self.only_open) if asked is not None else []

    def counts(self) -> tuple[int, int]:
        """How many questions of the phase, or datasets, are shown, of how many."""
        return len(self._shown()), len(self._texts())

    def paint_head(self) -> None:
        """Shows where one is, and what the host has to say."""
        asked = self.asked
        place = place_of(asked, self.phase, only_open=self.only_open) if asked is not None else ("Assess",)
        if self.narrowed:
            place = (*place, f"filter: {self.narrowed}")
        tabs = tabs_of(asked, self.phase) if asked is not None else []
        self.show_head(self.query_one(HeadLine), place)
        self.query_one(TabLine).tell(tabs, self.tab, self.glyphs)

    def _draw_side(self) -> None:
        asked, phase, tab, glyphs = self.asked, self.phase, self.tab, self.glyphs
        report = next(reversed(self.reports), None)
        side = self.query_one(".side", LineView)

        def make(width: int) -> list[Line]:
            if asked is None:
                return []
            rows = side_lines(asked, phase, report, width, glyphs, is_whole=True)
            fits = len(rows) <= side.size.height
            return rows if fits else side_lines(asked, phase, report, width, glyphs)

        side.show(make, key=tab)
        text = one_line(status_line(asked, phase, report)) if asked else ""
        self.query_one(".status", Static).update(Content(text))

    @on(LineView.Moved)
    def _draw_about(self) -> None:
        """Shows the focused question, or dataset, in full."""
        asked, glyphs, key = self.asked, self.glyphs, self._list.key
        self.foot()
        if isinstance(key, str):
            self._last[self.tab] = key
        known, shown = self.known, (id(asked), self.tab, key)
        if self._drawn == (*shown, known):
            return
        is_same_row = self._drawn is not None and self._drawn[:3] == shown
        self._drawn = (*shown, known)
        about = self.query_one(".about", LineView)
        question, dataset = self.question, self.dataset
        if asked is not None and question is not None:
            about.show(lambda width: question_detail(asked, question, known, width, glyphs))
        elif asked is not None and dataset is not None:
            about.show(lambda width: dataset_detail(asked, dataset, width, glyphs))
        else:
            about.show(lambda _: [])
        if not is_same_row:
            about.scroll_to(y=0, animate=False, force=True)

    def on_resize(self) -> None:
        """Leaves the list of screens out where there is no room."""
        self.paint_head()

    # ---- what is focused

    @property
    def row(self) -> str:
        """The id under the cursor; empty where there is none."""
        return str(self._list.key or "")

    @property
    def question(self) -> Standing | None:
        """The question under the cursor."""
        asked = self.asked
        return asked.standing.get(self.row) if asked is not None and self.tab != DATASETS else None

    @property
    def dataset(self) -> Dataset | None:
        """The dataset under the cursor."""
        datasets = self.asked.datasets if self.asked is not None and self.tab == DATASETS else ()
        return next((one for one in datasets if one.id == self.row), None)

    def before(self, item: Item) -> Answer | None:
        """The answer that a question has."""
        assert self.asked is not None
        return self.asked.standing[item.id].answer

    def go_to(self, item: Item) -> None:
        """Puts the cursor on a question of the phase."""
        self._last[item.step] = item.id
        self.to_tab(item.step)

    def to_tab(self, tab: str) -> None:
        """Shows the questions of a step, or the datasets."""
        self.tab = tab
        self._draw()

    def with_gates(self, then: Callable[[], None]) -> None:
        """Goes on as soon as it is known what the gates ask."""
        if self.reports or self.asked is None:
            then()
        else:
            self._wanted = then
            self.say("looking at the gate")

    # ---- doing

    def situation(self) -> Situation:
        """What decides which actions can be done."""
        return replace(super().situation(), lacks=lacks_of(self))

    def handlers(self) -> Handlers:
        """What does each action here."""
        moving = self._list.moving()
        return {
            **super().handlers(),
            **moving,
            **{name: partial(act, self) for name, act in assess_actions.HANDLERS.items()},
            "question.first": moving["focus.first"],
            "find.copy": lambda: self.copy(self.row) if self.row else None,
        }

    def here(self) -> str:
        """The project whose questions are shown."""
        return self.project

    @on(TabLine.Opened)
    def _tab_clicked(self, event: TabLine.Opened) -> None:
        self.to_tab(event.key)

    def on_line_view_chosen(self, event: LineView.Chosen) -> None:
        """A double click on a row of the list, or a click on a step beside it."""
        if event.view is self._list:
            self.act("question.answer")
        elif event.view.has_class("side"):
            self.to_tab(str(event.key))


def _reports(asked: Asked, phase: str, task: Task) -> tuple[GateReport, ...]:
    """What the gates of a phase ask."""
    derived = asked.derived.told(task)
    return tuple(derived.gate(asked.project.id, gate.id) for gate in asked.playbook.gates_of(phase))

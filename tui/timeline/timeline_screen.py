"""Timeline: cards and milestones in time, load by week, hand-overs, each with why it is so.

The schedule is made in the session's worker. The last one stays on the screen meanwhile, and the head says that it is
being worked out; a newer edit takes the older one's place.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.timer import Timer

from ...model.records.address import Address
from ...model.records.card import Card
from ...model.schedule.targets import Key
from ..draw.spans import Line, Row, Span, line
from ..draw.text import clip, fit_sentence
from ..keys.action import Action, Context
from ..keys.action_context import Situation
from ..screens.cards_screen import CardsScreen
from ..screens.list_screen import ListScreen
from ..screens.sections import Place
from ..session import session as told
from ..session.session import Session
from ..widgets.acting import Handlers
from ..widgets.entry_line import EntryLine
from ..widgets.head_line import HeadLine
from ..widgets.key_line import KeyLine
from ..widgets.lines import LineView
from . import along_time, baseline, doors, trial
from .about import about, where
from .chart import Chart
from .gantt_lines import GanttRows, Widths, first_scale, legend
from .rows import FIELDS, rows_of, shown_in, texts_of
from .tables import KEY_WORDS, Panel, following, table_lines
from .worked_out import WorkedOut

_SHORT = 16
"""Lines below which the list of screens is left out."""
_TALL = 28
"""Lines from which the signs are explained below the rows."""
_WIDE = 100
"""Columns from which the day is said above the chart."""
REST = 0.3
"""Seconds on one card after which its drag is worked out: that takes a pass over all that hangs together with it."""


class TimelineScreen(CardsScreen, ListScreen):
    """Screen 5."""

    CONTEXT: ClassVar[Context] = "timeline"
    FIELDS: ClassVar[tuple[str, ...]] = FIELDS
    MAIN: ClassVar[str] = ".rows"
    AUTO_FOCUS = ".rows"
    DEFAULT_CSS = """
    TimelineScreen {
        & LineView { scrollbar-gutter: stable; }
        & .asof { height: 1; }
        & .trial { height: 1; display: none; background: $surface; }
        & .baseline { height: 1; display: none; }
        & .scale { height: 2; }
        & .rows { height: 1fr; }
        & .about { height: 2; background: $surface; }
        & .legend { height: 1; }
        &.-tables .scale, &.-tables .legend, &.-low .legend { display: none; }
    }
    """

    def __init__(self, session: Session, project: str = "") -> None:
        super().__init__(session, project)
        self.project = project
        """The project that is shown; all of them where it is empty."""
        self.panel: Panel = "chart"
        self.only_critical = False
        self._target: Key | None = None
        """What the forecast is of: the milestone that was under the cursor."""
        self._known: WorkedOut | None = None
        self._rows: GanttRows | None = None
        self._counts = (0, 0)
        self._timer: Timer | None = None
        """Until the cursor has rested on a card."""
        self._words = ""
        self._is_scaled = False

    def compose(self) -> ComposeResult:
        """Head, what the dates are of, the scale, the rows, why, the foot."""
        yield HeadLine()
        yield LineView(classes="asof", focusable=False)
        yield LineView(classes="trial", focusable=False)
        yield LineView(classes="baseline", focusable=False)
        yield LineView(classes="scale", focusable=False)
        yield LineView(classes="rows")
        yield LineView(classes="about", focusable=False)
        yield LineView(self._legend, classes="legend", focusable=False)
        yield EntryLine(self.glyphs, self.keys.shown)
        yield KeyLine()

    def on_mount(self) -> None:
        """Has the schedule made."""
        self.call_after_refresh(self.adopt)

    # ---- the schedule

    @property
    def known(self) -> WorkedOut:
        """What has been worked out."""
        if self._known is None:
            self._known = WorkedOut(self.session, self.glyphs)
        return self._known

    @property
    def chart(self) -> Chart | None:
        """The schedule as it is drawn; None before the first one."""
        return self.known.chart

    def adopt(self, touched: Iterable[Address] = (), focus: str = "") -> None:  # noqa: ARG002  what changed decides
        """Has the schedule made again where the plan has changed; the cursor stays."""
        self.known.follow()
        trial.draw(self)
        self.paint_head()
        if focus:
            self._list.go_to(focus)
        self.foot()

    def found_out(self, event: told.Known | told.Unknown) -> None:
        """Shows what the worker has found out."""
        match self.known.take(event):
            case "drag":
                self._draw_focus()
            case "trial":
                trial.draw(self)
            case "no baseline":
                baseline.failed(self)
            case "failure":
                self._draw_head()
                self.say(f"no schedule could be made: {self.known.failure}", "bad")
            case "":
                baseline.found_out(self, event)
            case _:
                self._draw()

    def on_unmount(self) -> None:
        """Ends the work that is not wanted any more."""
        self.known.close()
        self.session.drop_trial()

    def on_screen_resume(self) -> None:
        """Shows what other screens have done meanwhile."""
        if self.known.has_asked:
            self.adopt()

    # ---- showing

    @property
    def _list(self) -> LineView:
        return self.query_one(".rows", LineView)

    @property
    def row_key(self) -> Hashable:
        """The row under the cursor."""
        return self._list.key

    def band(self, name: str) -> LineView:
        """The lines above the chart with a name."""
        return self.query_one(name, LineView)

    def _legend(self, width: int) -> Sequence[Line]:
        signs = legend(self.glyphs, with_baseline=self.known.before is not None)
        return [line((clip("  ".join(signs), width), "hint"))]

    @property
    def card_id(self) -> str:
        """The card under the cursor; of a hand-over the one that gives; empty where there is none."""
        match self._list.key:
            case str(card) | ("handover", str(card), _):
                return card
            case _:
                return ""

    @property
    def place(self) -> Place:
        """The milestone or the person under the cursor; nowhere on other rows."""
        return doors.place_of(self._list.key)

    @property
    def gantt(self) -> GanttRows:
        """What draws the rows of the chart."""
        if self._rows is None:
            self._rows = GanttRows(self.glyphs)
        return self._rows

    def _draw(self) -> None:
        """Lays the rows out again: after another schedule, filter, project or panel."""
        self.set_class(self.panel != "chart", "-tables")
        self.set_class(self.size.height < _TALL, "-low")
        chart, is_wide = self.chart, self.size.width >= _WIDE
        self._words = (
            chart.head(self.project, self.known.forecast, is_wide=is_wide) if chart is not None else ""
        )
        self.paint_head()
        baseline.draw(self)
        self.band(".legend").show(self._legend)
        self._list.show(self._rows_for)
        self._draw_scale()
        self._draw_focus()
        self.foot()

    show_list = _draw

    def _rows_for(self, width: int) -> Sequence[Row]:
        chart = self.chart
        if chart is None:
            return [line(("working out the dates …", "quiet"))]
        if self.panel != "chart":
            return table_lines(self.known, self.panel, self.project, self._target, width)
        gantt = self.gantt
        gantt.chart, gantt.widths, gantt.forecast = chart, Widths.of(width), self.known.forecast
        if not self._is_scaled:
            self._is_scaled = True
            gantt.scale = first_scale(chart, self.project, gantt.widths.chart)
        found = shown_in(chart, self.plan, self.project, self._fits_card, critical=self.only_critical)
        rows = [*rows_of(found, self.known.before, gantt.draw)]
        total = sum(self.project in ("", task.project) for task in chart.made.dates.tasks.values())
        self._counts = (sum(isinstance(row.key, str) for row in rows), total)
        if rows:
            return rows
        nothing = "nothing fits the filter" if self.narrowed else "no critical card" if total else ""
        return [line((nothing or "no open card: 1 goes to the board, a adds one", "quiet"))]

    def _fits_card(self, card: Card) -> bool:
        return not self.narrowed or self.fits(**texts_of(card))

    def counts(self) -> tuple[int, int]:
        """How many cards are listed, of how many open ones."""
        return self._counts

    def paint_head(self) -> None:
        """Shows where one is, and what the host has to say."""
        head = self.query_one(HeadLine)
        head.set_class(self.size.height < _SHORT, "short")
        head.tell(replace(self.host.heading, place=where(self)), self.screens(), "Timeline", self.glyphs)
        self._draw_head()

    def _draw_head(self) -> None:
        words = self._words
        stale: Span = (("working… " if self.known.is_stale else ""), "warning")
        self.query_one(".asof", LineView).show(
            lambda width: [
                line(stale, (fit_sentence(words, max(8, width - len(stale[0])), self.glyphs), "strong"))
            ]
        )

    def _draw_scale(self) -> None:
        if self.panel == "chart":
            self.query_one(".scale", LineView).show(lambda _: self.gantt.head())

    @on(LineView.Moved)
    def _moved(self, event: LineView.Moved) -> None:
        if event.view is self._list:
            self._draw_focus()
            self.foot()

    def _draw_focus(self) -> None:
        """Says of the row under the cursor why it is as it is."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(REST, lambda: self.known.ask_drag(self.card_id))
        first, second = about(self.known, self._list.key)
        self.query_one(".about", LineView).show(
            lambda width: [
                line(fit_sentence(first, width, self.glyphs)),
                line((fit_sentence(second, width, self.glyphs), "quiet")),
            ]
        )

    def on_resize(self) -> None:
        """Draws for another width."""
        self.paint_head()
        self.call_after_refresh(self._draw)

    def rescale(self) -> None:
        """Draws what is in sight with another scale: the rows stay."""
        self._draw_scale()
        self._list.refresh()

    # ---- doing

    def focused_item(self) -> Card | None:
        """The card under the cursor."""
        return self.plan.cards.get(self.card_id)

    def targets(self) -> tuple[Card, ...]:
        """The card under the cursor."""
        card = self.focused_item()
        return (card,) if card is not None else ()

    def can_go(self, step: int) -> bool:  # noqa: ARG002  there is no way back here
        """There is no trail on this screen."""
        return False

    @property
    def context(self) -> Context:
        """On trial edits are kept or dropped, and no other screen is gone to meanwhile."""
        now = super().context
        return "trial" if now == self.CONTEXT and self.session.trial is not None else now

    def unused(self, key: str) -> str:
        """On trial, why a key that leads away from here does nothing."""
        return trial.reason_to_stay(self, key)

    def show_card(self, card_id: str) -> None:
        """Puts the cursor on a card, where it is shown; else shows the card itself."""
        self._list.go_to(card_id)
        if self.card_id != card_id and self.session.trial is not None:
            self.say(f"{card_id} is not among the rows", "warning")
        elif self.card_id != card_id:
            self.host.open_card(card_id)

    def here(self) -> str:
        """The project that is shown."""
        card = self.focused_item()
        return self.project or (card.project if card is not None else "")

    def situation(self) -> Situation:
        """What decides which actions can be done."""
        now = super().situation()
        row = "" if self._list.key is not None else "the cursor is on no row"
        chart = "" if self.panel == "chart" else "this works on the chart: Tab goes there"
        time = "" if self.panel in ("chart", "load") else "this works on the chart and on the load"
        return replace(
            now,
            row=doors.kind_of(self._list.key),
            lacks={
                **now.lacks,
                "row": row,
                "chart": chart,
                "time": time,
                "tried": trial.reason_against(self),
            },
        )

    def handlers(self) -> Handlers:
        """What does each action here."""
        own = super().handlers()
        return {
            **own,
            **self._list.moving(),
            **doors.handlers(self, own),
            **trial.handlers(self),
            **along_time.handlers(self),
            "time.baseline": lambda: baseline.toggle(self),
            "time.review": own["cycle.review"],
            "time.critical": self._critical,
            "time.panel": lambda: self._show(following(self.panel)),
            "time.load": lambda: self._show("load"),
            "time.forecast": lambda: self._show("forecast"),
            "time.handovers": lambda: self._show("handovers"),
        }

    def label_of(self, action: Action) -> str:
        """Tab says what it shows next."""
        return KEY_WORDS[following(self.panel)] if action.id == "time.panel" else super().label_of(action)

    def on_line_view_chosen(self, event: LineView.Chosen) -> None:
        """A double click on a row."""
        if event.view is self._list:
            self.act("card.edit" if self.session.trial is not None else "time.open")

    def leave(self) -> None:
        """Back to the chart, then to everything, then out."""
        if self.panel != "chart" and not self.narrowed:
            self._show("chart")
        elif self.only_critical and not self.narrowed:
            self._critical()
        else:
            super().leave()

    # ---- what is shown

    def _critical(self) -> None:
        self.only_critical = not self.only_critical
        self._draw()

    def _show(self, panel: Panel) -> None:
        if self.panel == "chart":
            key = self._list.key
            self._target = (str(key[1]), str(key[2])) if isinstance(key, tuple) else None
        self.panel = panel
        self._draw()

    def show_project(self, project: str) -> None:
        """Shows another project, or all."""
        self.project = project
        self._is_scaled = False
        self._draw()

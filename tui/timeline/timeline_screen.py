"""Timeline: cards and milestones in time, load by week, hand-overs, each with why it is so.

The schedule is made in the session's worker. The last one stays on the screen meanwhile, and the head says that it is
being worked out; a newer edit takes the older one's place.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.timer import Timer

from ...model.derived.derived import Derived
from ...model.records.address import Address
from ...model.records.card import Card
from ...model.schedule.handovers import Handover
from ..dialogs import Message, Pick, PickItem
from ..draw.spans import Line, Row, Span, line
from ..draw.text import clip
from ..keys.action_context import Situation
from ..keys.actions import Context
from ..screens.cards_screen import CardsScreen
from ..screens.list_screen import ListScreen
from ..session import session as told
from ..session.session import Session
from ..session.worker import Task
from ..widgets.acting import Handlers
from ..widgets.entry_line import EntryLine
from ..widgets.head_line import HeadLine
from ..widgets.key_line import KeyLine
from ..widgets.lines import LineView
from .chart import Chart, milestone_words
from .gantt_lines import GanttRows, Widths, first_scale, legend
from .load_lines import NARROW, WIDE, LoadRows, handover_lines, handovers
from .rows import ChartRow, shown_in

_SHORT = 16
"""Lines below which the list of screens is left out."""
_TALL = 28
"""Lines from which the signs are explained below the rows."""
_MANY = 1500
"""Cards that hang together from which the first schedule is shown while better ones are looked for."""
_REST = 0.3
"""Seconds on one card after which its drag is worked out: that takes a pass over all that hangs together with it."""
_PARTS = 4
"""One key scrolls by this part of what is in sight."""

Panel = Literal["chart", "load", "handovers"]
PANELS: tuple[Panel, ...] = ("chart", "load", "handovers")


class Request:
    """A schedule that is being made."""


class TimelineScreen(CardsScreen, ListScreen):
    """Screen 5."""

    CONTEXT: ClassVar[Context] = "timeline"
    FIELDS: ClassVar[tuple[str, ...]] = ("id", "owner", "milestone", "place", "status", "tag")
    MAIN: ClassVar[str] = ".rows"
    AUTO_FOCUS = ".rows"
    DEFAULT_CSS = """
    TimelineScreen {
        & LineView { scrollbar-gutter: stable; }
        & .asof { height: 1; }
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
        self.chart: Chart | None = None
        """None before the first schedule."""
        self.load: LoadRows | None = None
        self._seen: Derived | None = None
        self._request: Request | None = None
        """The schedule that is being made."""
        self._rows: GanttRows | None = None
        self._drags: dict[str, int] = {}
        self._counts = (0, 0)
        self._timer: Timer | None = None
        """Until the cursor has rested on a card."""
        self._words = ""
        self._is_scaled = False
        self._given: Mapping[Hashable, Handover] = {}
        """The hand-overs that are listed, by their row."""

    def compose(self) -> ComposeResult:
        """Head, what the dates are of, the scale, the rows, why, the foot."""
        yield HeadLine()
        yield LineView(classes="asof", focusable=False)
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
    def is_stale(self) -> bool:
        """Whether the schedule that is shown is not the plan's yet."""
        return self._request is not None

    def adopt(self, touched: Iterable[Address] = (), focus: str = "") -> None:  # noqa: ARG002  what changed decides
        """Has the schedule made again where the plan has changed; the cursor stays."""
        if self._seen is not self.session.derived:
            self._ask()
        self.paint_head()
        self._draw_head()
        if focus:
            self._list.go_to(focus)
        self.foot()

    def _ask(self) -> None:
        derived = self._seen = self.session.derived
        request = self._request = Request()
        is_large = self.chart.largest_part > _MANY if self.chart is not None else len(self.plan.cards) > _MANY
        worker = self.session.worker

        def work(task: Task) -> Chart:
            store = derived.told(task)
            if is_large:
                worker.tell(told.Known(("timeline", request), Chart(store.schedule(0), is_final=False)))
            return Chart(store.schedule())

        worker.ask(("timeline", request), work)

    def found_out(self, event: told.Known | told.Unknown) -> None:
        """Shows the dates, the load, and how much a card holds up."""
        match event:
            case told.Known(("timeline", request), Chart() as chart) if request is self._request:
                self._request = None if chart.is_final else self._request
                self._take(chart)
            case told.Unknown(("timeline", request), error) if request is self._request:
                self._request = None
                self._draw_head()
                self.say(f"no schedule could be made: {error}", "bad")
            case told.Known(("timeline-drag", card, chart), int() as drag) if chart is self.chart:
                self._drags[card] = drag
                self._draw_focus()
            case told.Known(("timeline-load", chart), _) if chart is self.chart:
                self.load = self._load_of(chart)
                self._draw()
            case _:
                pass

    def _take(self, chart: Chart) -> None:
        self.chart, self.load, self._drags = chart, None, {}
        self._draw()
        self._look_at_load()

    def _look_at_load(self) -> None:
        chart = self.chart
        if chart is None or self.panel == "chart" or self.load is not None:
            return

        def work(_: Task) -> bool:
            # Each is worked out once, where no key waits for it.
            return bool(chart.made.loads or chart.made.team_loads or chart.made.handovers)

        self.session.worker.ask(("timeline-load", chart), work)

    def _load_of(self, chart: Chart) -> LoadRows:
        before = self.load
        made = LoadRows(chart.made, self.glyphs)
        if before is not None:
            made.first, made.cell = before.first, before.cell
        return made

    def on_unmount(self) -> None:
        """Ends the work that is not wanted any more."""
        for kind in ("timeline", "timeline-drag", "timeline-load"):
            self.session.worker.drop(kind)

    def on_screen_resume(self) -> None:
        """Shows what other screens have done meanwhile."""
        if self._seen is not None:
            self.adopt()

    # ---- showing

    @property
    def _list(self) -> LineView:
        return self.query_one(".rows", LineView)

    @property
    def card_id(self) -> str:
        """The card under the cursor; of a hand-over the one that gives; empty where there is none."""
        key = self._list.key
        if isinstance(key, tuple):
            return str(key[1]) if len(key) == 3 else ""
        return str(key or "")

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
        self._words = self.chart.head(self.project) if self.chart is not None else ""
        self.paint_head()
        self._draw_head()
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
            return self._table(chart, width)
        gantt = self.gantt
        gantt.chart, gantt.widths = chart, Widths.of(width)
        if not self._is_scaled:
            self._is_scaled = True
            gantt.scale = first_scale(chart, self.project, gantt.widths.chart)
        found = shown_in(chart, self.plan, self.project, self._fits_card, critical=self.only_critical)
        rows = [ChartRow(one, gantt.draw) for one in found]
        total = sum(self.project in ("", task.project) for task in chart.made.dates.tasks.values())
        self._counts = (sum(isinstance(row.key, str) for row in rows), total)
        if rows:
            return rows
        nothing = "nothing fits the filter" if self.narrowed else "no critical card" if total else ""
        return [line((nothing or "no open card: 1 goes to the board, a adds one", "quiet"))]

    def _table(self, chart: Chart, width: int) -> Sequence[Line]:
        if self.load is None:
            return [line(("working out the load …", "quiet"))]
        if self.panel == "load":
            return self.load.lines(width, self.project)
        self._given = handovers(chart.made, self.project)
        return handover_lines(chart.made, self._given.items(), width, self.glyphs)

    def _fits_card(self, card: Card) -> bool:
        return not self.narrowed or self.fits(
            text=card.label,
            id=card.id,
            owner=card.owner or "",
            milestone=card.milestone or "",
            place=card.place,
            status=card.status,
            tag=" ".join(card.tags),
        )

    def counts(self) -> tuple[int, int]:
        """How many cards are listed, of how many open ones."""
        return self._counts

    def paint_head(self) -> None:
        """Shows where one is, and what the host has to say."""
        plan = self.session.plan
        shown = plan.projects.get(self.project)
        place = (shown.label if shown is not None else f"{len(plan.projects)} projects",)
        if self.panel != "chart":
            place = (*place, "load by week" if self.panel == "load" else "hand-overs")
        if self.only_critical:
            place = (*place, "critical only")
        if self.narrowed:
            place = (*place, f"filter: {self.narrowed}")
        head = self.query_one(HeadLine)
        head.set_class(self.size.height < _SHORT, "short")
        head.tell(replace(self.host.heading, place=place), self.screens(), "Timeline", self.glyphs)

    def _draw_head(self) -> None:
        words = self._words
        stale: Span = (("working… " if self.is_stale else ""), "warning")
        self.query_one(".asof", LineView).show(
            lambda width: [line(stale, (clip(words, max(8, width - len(stale[0]))), "strong"))]
        )

    def _legend(self, width: int) -> list[Line]:
        return [line((clip("  ".join(legend(self.glyphs)), width), "hint"))]

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
        self._timer = self.set_timer(_REST, self._ask_drag)
        first, second = self._about()
        self.query_one(".about", LineView).show(
            lambda width: [line(clip(first, width)), line((clip(second, width), "quiet"))]
        )

    def _about(self) -> tuple[str, str]:
        chart, key = self.chart, self._list.key
        if chart is None or key is None:
            return ("", "")
        if isinstance(key, str):
            return chart.why(key, self._drag(chart, key))
        if self.panel == "load":
            return self.load.about(key) if self.load is not None else ("", "")
        if self.panel == "handovers":
            return self._handover(chart)
        return self._milestone(chart)

    def _handover(self, chart: Chart) -> tuple[str, str]:
        one = self._given.get(self._list.key)
        if one is None:
            return ("", "")
        giver, taker = (chart.made.cards[name].task.card.label for name in (one.giver, one.taker))
        return f"{one.from_team} gives: {giver} ({one.kind})", f"{one.to_team} goes on with: {taker}"

    def _milestone(self, chart: Chart) -> tuple[str, str]:
        key = self._list.key
        one = next((one for one in chart.milestones("") if one.key == key), None)
        if one is None:
            return ("", "")
        last = chart.last.get(one.key)
        ends = (
            f"ends with {chart.made.cards[last].task.card.label}"
            if last is not None
            else "no card leads to it"
        )
        left = f"; without {len(one.left_out)} cards that have no date" if one.left_out else ""
        return milestone_words(one, chart.made.today), ends + left

    def _drag(self, chart: Chart, card: str) -> int | None:
        """How much a card holds up; None while that is worked out."""
        bar = chart.bars.get(card)
        if bar is None or not bar.is_critical:
            return 0
        return self._drags.get(card)

    def _ask_drag(self) -> None:
        chart, card = self.chart, self.card_id
        if chart is not None and card not in self._drags and self._drag(chart, card) is None:
            self.session.worker.ask(("timeline-drag", card, chart), lambda _: chart.drag(card))

    def on_resize(self) -> None:
        """Draws for another width."""
        self.paint_head()
        self.call_after_refresh(self._draw)

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

    def show_card(self, card_id: str) -> None:
        """Puts the cursor on a card, where it is shown; else shows the card itself."""
        self._list.go_to(card_id)
        if self.card_id != card_id:
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
        time = "this works on the chart and on the load" if self.panel == "handovers" else ""
        return replace(now, lacks={**now.lacks, "row": row, "chart": chart, "time": time})

    def handlers(self) -> Handlers:
        """What does each action here."""
        return {
            **super().handlers(),
            **self._list.moving(),
            "find.project": self._pick_project,
            "card.why": self._why,
            "time.open": self._open,
            "time.earlier": lambda: self._scroll(-1),
            "time.later": lambda: self._scroll(1),
            "time.today": self._to_today,
            "time.bar": self._to_bar,
            "time.finer": lambda: self._zoom(-1),
            "time.coarser": lambda: self._zoom(1),
            "time.critical": self._critical,
            "time.panel": lambda: self._show(PANELS[(PANELS.index(self.panel) + 1) % len(PANELS)]),
            "time.load": lambda: self._show("load"),
            "time.handovers": lambda: self._show("handovers"),
        }

    def on_line_view_chosen(self, event: LineView.Chosen) -> None:
        """A double click on a row."""
        if event.view is self._list:
            self.act("time.open")

    def leave(self) -> None:
        """Back to the chart, then to everything, then out."""
        if self.panel != "chart" and not self.narrowed:
            self._show("chart")
        elif self.only_critical and not self.narrowed:
            self._critical()
        else:
            super().leave()

    def _open(self) -> None:
        """The card, the person, or the record that holds the milestone."""
        key = self._list.key
        if isinstance(key, tuple) and self.panel == "chart":
            self.host.open_form(Address("milestone", str(key[0]), str(key[1])), then=self.saved)
        elif isinstance(key, tuple) and key[0] == "person":
            self.host.open_form(Address("person", "", str(key[1])), then=self.saved)
        elif self.card_id:
            self.host.open_card(self.card_id)

    def _why(self) -> None:
        chart, card = self.chart, self.focused_item()
        if chart is None or card is None:
            self.say("the cursor is on no card", "warning")
            return

        lines = [*chart.explained(card.id, self._drag(chart, card.id)), "", "Signs", *legend(self.glyphs)]
        self.show_dialog(Message(card.label, lines))

    # ---- time

    def _redraw(self) -> None:
        """Draws what is in sight with another scale: the rows stay."""
        self._draw_scale()
        self._list.refresh()

    def _scroll(self, by: int) -> None:
        if self.panel == "load" and self.load is not None:
            self.load.moved(by)
            self._draw()
        elif self.panel == "chart":
            gantt = self.gantt
            gantt.scale = gantt.scale.moved(by * max(1, gantt.widths.chart // _PARTS))
            self._redraw()

    def _zoom(self, by: int) -> None:
        if self.panel == "load" and self.load is not None:
            self.load.cell = NARROW if by > 0 else WIDE
            self._draw()
        elif self.panel == "chart" and self.chart is not None:
            gantt = self.gantt
            bar = self.chart.bars.get(self.card_id)
            around = bar.start if bar is not None else self.chart.today
            gantt.scale = gantt.scale.zoomed(by, around, gantt.widths.chart)
            self._redraw()

    def _to_today(self) -> None:
        if self.chart is not None:
            self._put(self.chart.today)

    def _to_bar(self) -> None:
        bar = self.chart.bars.get(self.card_id) if self.chart is not None else None
        if bar is not None:
            self._put(bar.ready)

    def _put(self, at: int) -> None:
        """Shows a half day near the left edge."""
        gantt = self.gantt
        gantt.scale = replace(gantt.scale, origin=at).moved(-3).aligned()
        self._redraw()

    # ---- what is shown

    def _critical(self) -> None:
        self.only_critical = not self.only_critical
        self._draw()

    def _show(self, panel: Panel) -> None:
        self.panel = panel
        self._look_at_load()
        self._draw()

    def _pick_project(self) -> None:
        items = [PickItem(one.id, one.label, one.phase) for one in self.plan.projects.values()]
        items.append(PickItem("", "all projects"))

        def chosen(keys: tuple[str, ...]) -> None:
            self.project = keys[0]
            self._is_scaled = False
            self._draw()

        self.ask(Pick("Projects", items), chosen)

"""What the session's worker finds out for the Timeline: the schedule, then load, drag and forecast as they are wanted.

The last schedule stays until there is a newer one; a newer request takes the older one's place.
"""

from __future__ import annotations

import gc
from typing import Literal

from ...model.derived.derived import Derived
from ...model.forecast.forecast import Forecast
from ...model.review.baseline import Baseline, baseline
from ...model.review.figures import Figures
from ...storage.disk.repository import GitProblem
from ...storage.git.planned import planned_at
from ..draw.glyphs import Glyphs
from ..session import session as told
from ..session.session import Session
from ..session.worker import Task
from .before import Before
from .chart import Chart
from .load_lines import LoadRows
from .trial_effect import Effect

_MANY = 1500
"""Cards from which the first dates are shown while slack and better ones are worked out."""
_PAINT_FIRST = 0.1
"""Seconds that the rest of the work waits, so that it takes no time from the painting of the first dates."""

News = Literal["", "chart", "load", "forecast", "drag", "trial", "baseline", "no baseline", "failure"]
_KINDS = (
    "timeline",
    "timeline-load",
    "timeline-drag",
    "timeline-forecast",
    "timeline-trial",
    "timeline-baseline",
)


class Request:
    """A schedule that is being made."""


class WorkedOut:
    """What is known, and what is being worked out."""

    def __init__(self, session: Session, glyphs: Glyphs) -> None:
        self.session, self.glyphs = session, glyphs
        self.chart: Chart | None = None
        """None before the first schedule."""
        self.load: LoadRows | None = None
        self.forecast: Forecast | None = None
        """None until it is known; a large plan is asked for it by key."""
        self.effect: Effect | None = None
        """What the steps on trial do; None where there are none, or nothing is known of it yet."""
        self.revision = ""
        """Of which revision the dates are shown below those of now; empty where of none."""
        self.before: Before | None = None
        """Those dates; None until they are known."""
        self.failure = ""
        self._comparison: Request | None = None
        self._looking_back: Request | None = None
        self._load_before: LoadRows | None = None
        """That of the schedule before: what was in sight of it stays in sight."""
        self._drags: dict[str, int] = {}
        self._seen: Derived | None = None
        self._request: Request | None = None

    @property
    def is_stale(self) -> bool:
        """Whether the schedule that is known is not the plan's yet."""
        return self._request is not None

    @property
    def has_asked(self) -> bool:
        """Whether a schedule has been asked for at all."""
        return self._seen is not None

    def follow(self) -> None:
        """Has the schedule made again where the plan has changed."""
        derived = self.session.derived
        if self._seen is derived:
            return
        self._seen = derived
        request = self._request = Request()
        shown = self.chart
        worker, is_large = self.session.worker, len(derived.plan.cards) > _MANY

        def work(task: Task) -> Chart:
            store = derived.told(task)
            if is_large:
                # Dates at once; slack, and better dates where there are some, when they are known.
                worker.tell(told.Known(("timeline", request), _first_dates(store, shown)))
                task.dropped.wait(_PAINT_FIRST)
            return Chart(store.schedule())

        worker.ask(("timeline", request), work)
        self._compare()

    def _compare(self) -> None:
        """Has it worked out what the steps on trial do: dates first, then chances and money."""
        trial, worker = self.session.trial, self.session.worker
        if trial is None or not trial.steps:
            self.effect = self._comparison = None
            worker.drop("timeline-trial")
            return
        request = self._comparison = Request()
        sides = (trial.before, trial.derived)

        def work(task: Task) -> Effect:
            before, after = (side.told(task) for side in sides)
            worker.tell(
                told.Known(("timeline-trial", request), Effect(Figures.dates(before), Figures.dates(after)))
            )
            return Effect(Figures.whole(before), Figures.whole(after))

        worker.ask(("timeline-trial", request), work)

    def take(self, event: told.Known | told.Unknown) -> News:
        """Takes in what has been found out, where it is of what is shown; what of it is new."""
        match event:
            case told.Known(("timeline", request), Chart() as chart) if request is self._request:
                self._take(chart)
                return "chart"
            case told.Unknown(("timeline", request), error) if request is self._request:
                self._request, self.failure = None, str(error)
                return "failure"
            case told.Known(("timeline-trial", request), Effect() as effect) if request is self._comparison:
                self.effect = effect
                return "trial"
            case told.Known(("timeline-baseline", request), found) if request is self._looking_back:
                return self._take_baseline(found)
            case told.Unknown(("timeline-baseline", request), error) if request is self._looking_back:
                return self._take_baseline(error)
            case told.Known(("timeline-drag", card, chart), int() as drag) if chart is self.chart:
                self._drags[card] = drag
                return "drag"
            case told.Known(("timeline-forecast", chart), Forecast() as found) if chart is self.chart:
                self.forecast = found
                return "forecast"
            case told.Known(("timeline-load", chart), LoadRows() as found) if chart is self.chart:
                self.load = found
                return "load"
            case _:
                return ""

    def _take(self, chart: Chart) -> None:
        if chart.is_final:
            self._request = None
        self._load_before = self.load or self._load_before
        self.chart, self.load, self.forecast, self._drags = chart, None, None, {}
        if self.revision and chart.is_final:
            self._look_back()
        if chart.is_final and len(chart.bars) <= _MANY:
            self.look_ahead()

    # ---- the baseline

    def compare_with(self, revision: str) -> None:
        """Has the dates worked out that were planned at a revision."""
        self.forget_baseline()
        self.revision = revision
        self._look_back()

    def forget_baseline(self) -> None:
        """Shows no other dates any more."""
        self.revision, self.before, self._looking_back = "", None, None
        self.session.worker.drop("timeline-baseline")

    def _look_back(self) -> None:
        """Has the baseline held against the schedule that is known; what was planned then stays."""
        chart, revision = self.chart, self.revision
        if chart is None:
            return
        request = self._looking_back = Request()
        workspace, today = self.session.workspace, self.session.today
        known = self.before.baseline if self.before is not None else None

        def work(task: Task) -> Before | GitProblem:
            then: Baseline | GitProblem | None = known
            if then is None:
                found = planned_at(workspace.root, revision, today, workspace.environment)
                if isinstance(found, GitProblem):
                    return found
                side = found.side
                then = baseline(found.snapshot, chart.made.dates.plan, side.title, side.commit, progress=task)
            before = Before(then, chart.made)
            before.counts("")
            return before

        self.session.worker.ask(("timeline-baseline", request), work)

    def _take_baseline(self, found: object) -> News:
        if isinstance(found, Before):
            self.before = found
            return "baseline"
        self.failure = found.message if isinstance(found, GitProblem) else str(found)
        self.forget_baseline()
        return "no baseline"

    # ---- what is asked for when it is wanted

    def look_at_load(self) -> None:
        """Has load and hand-overs worked out."""
        chart, glyphs, before = self.chart, self.glyphs, self._load_before
        if chart is None or self.load is not None:
            return

        def work(_: Task) -> LoadRows:
            # The schedule keeps them, so that no key waits for one afterwards.
            len(chart.made.handovers)
            rows = LoadRows(chart.made, glyphs)
            if before is not None:
                rows.first, rows.cell = before.first, before.cell
            return rows

        self.session.worker.ask(("timeline-load", chart), work)

    def look_ahead(self) -> None:
        """Has the forecast worked out, which takes many schedules."""
        chart, derived = self.chart, self._seen
        if chart is not None and derived is not None and self.forecast is None:
            self.session.worker.ask(("timeline-forecast", chart), lambda task: derived.told(task).forecast())

    def drag(self, card: str) -> int | None:
        """By how much a card holds its milestone up; None while that is not known."""
        bar = self.chart.bars.get(card) if self.chart is not None else None
        return self._drags.get(card) if bar is not None and bar.is_critical else 0

    def ask_drag(self, card: str) -> None:
        """Has it worked out: that takes a pass over all that hangs together with the card."""
        chart = self.chart
        if chart is not None and chart.is_final and self.drag(card) is None:
            self.session.worker.ask(("timeline-drag", card, chart), lambda _: chart.drag(card))

    def close(self) -> None:
        """Ends the work that is not wanted any more."""
        for kind in _KINDS:
            self.session.worker.drop(kind)


def _first_dates(store: Derived, shown: Chart | None) -> Chart:
    """The dates of a large plan that can be had at once, with the slack of those that are shown."""
    # Much is made here that is kept: looking through all of it for garbage would take half as long again.
    gc.disable()
    try:
        return Chart(store.schedule(0), before=shown, is_final=False)
    finally:
        gc.enable()

"""What is shown in the place of the chart: load, hand-overs, forecast; or that it is being worked out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from ...model.schedule.targets import Key
from ...model.text.named import quoted
from ..draw.spans import Line, line
from .chart import Chart
from .forecast_lines import outlook_lines
from .load_lines import handover_lines, handovers
from .worked_out import WorkedOut

Panel = Literal["chart", "load", "handovers", "forecast"]
PANELS: tuple[Panel, ...] = get_args(Panel)
KEY_WORDS: Mapping[Panel, str] = dict(zip(PANELS, ("chart", "load", "hand-overs", "forecast"), strict=True))
"""What the key says that shows a panel next."""
NAMES = {"load": "load by week", "handovers": "hand-overs", "forecast": "forecast"}


def following(panel: Panel) -> Panel:
    """The panel that comes after another one."""
    return PANELS[(PANELS.index(panel) + 1) % len(PANELS)]


def table_lines(
    known: WorkedOut, panel: Panel, project: str, target: Key | None, width: int
) -> Sequence[Line]:
    """The rows of a panel; `target` is what the forecast is of, the next milestone where there is none."""
    chart = known.chart
    assert chart is not None
    if panel == "forecast":
        coming = chart.next_milestone(project)
        key = target or (coming.key if coming is not None else (project, ""))
        return _ahead(known, chart, key, _called(known, chart, key), width)
    if known.load is None:
        known.look_at_load()
        return [line(("working out the load …", "quiet"))]
    if panel == "load":
        return known.load.lines(width, project)
    return handover_lines(chart.made, handovers(chart.made, project), width, known.glyphs)


def _called(known: WorkedOut, chart: Chart, key: Key) -> str:
    """What the forecast is of, in words."""
    if key in chart.made.milestones:
        return quoted(chart.made.milestones[key].title)
    project = known.session.plan.projects.get(key[0])
    return f"the end of {quoted(project.label) if project is not None else 'all projects'}"


def _ahead(known: WorkedOut, chart: Chart, key: Key, title: str, width: int) -> Sequence[Line]:
    if known.forecast is None:
        known.look_ahead()
        return [
            line((f"working out the forecast of {title} …", "quiet")),
            line(("hundreds of schedules, which takes seconds for thousands of cards", "quiet")),
            line(("the head line says how far it is; Tab goes on, Esc ends it", "quiet")),
        ]
    if not known.forecast.has(key):
        return [line((f"no open card leads to {title}: p picks a project", "quiet"))]
    return [*outlook_lines(title, known.forecast.outlook(key), chart.made.today, width, known.glyphs)]

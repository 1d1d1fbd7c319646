"""What is shown, in the head; and below the rows why what is under the cursor is where it is."""

from __future__ import annotations

from collections.abc import Hashable

from ...model.text.named import quoted
from .chart import Chart, milestone_words
from .contract import ActsOnTime
from .forecast_lines import percentile_words
from .tables import NAMES
from .worked_out import WorkedOut

Two = tuple[str, str]


def where(screen: ActsOnTime) -> tuple[str, ...]:
    """What is shown: the project, the panel, what is left out."""
    shown = screen.plan.projects.get(screen.project)
    parts = (
        shown.label if shown is not None else f"{len(screen.plan.projects)} projects",
        NAMES.get(screen.panel, ""),
        "critical only" if screen.only_critical else "",
        "trial" if screen.session.trial is not None else "",
        f"filter: {screen.narrowed}" if screen.narrowed else "",
    )
    return tuple(filter(None, parts))


def about(known: WorkedOut, key: Hashable) -> Two:
    """What is said of a row by its key: a card, a milestone, someone's load, a hand-over."""
    chart = known.chart
    if chart is None:
        return ("", "")
    if isinstance(key, str):
        first, second = chart.why(key, known.drag(key))
        return first, f"{known.before.about_card(key)} · {second}" if known.before is not None else second
    match key:
        case ("person" | "team", str()):
            return known.load.about(key) if known.load is not None else ("", "")
        case ("handover", str(giver), str(taker)):
            return _handover(chart, giver, taker)
        case ("milestone", str(project), str(name)):
            return _milestone(known, chart, project, name)
        case _:
            return ("", "")


def _handover(chart: Chart, giver: str, taker: str) -> Two:
    one = next(one for one in chart.made.handovers if (one.giver, one.taker) == (giver, taker))
    gives, takes = (chart.made.cards[name].task.card.label for name in (giver, taker))
    return f"{one.from_team} gives: {gives} ({one.kind})", f"{one.to_team} goes on with: {takes}"


def _milestone(known: WorkedOut, chart: Chart, project: str, name: str) -> Two:
    one, today = chart.made.milestones[project, name], chart.made.today
    last = chart.made.last_card(one.key)
    parts = [
        f"ends with {quoted(chart.made.cards[last].task.card.label)}"
        if last is not None
        else "no card leads to it"
    ]
    if one.left_out:
        parts.append(f"without {len(one.left_out)} that have no date")
    first = milestone_words(one, today)
    if known.forecast is not None and known.forecast.has(one.key):
        ahead = known.forecast.outlook(one.key)
        parts.insert(0, percentile_words(ahead, today))
        first += f", kept in {ahead.chance * 100:.0f} of 100 runs" if ahead.chance is not None else ""
    return first, " · ".join(parts)

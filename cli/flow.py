"""`kedge flow`: how work flows, from the history of the cards that git knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from ..model.text.dates import say_date, short_date
from ..model.text.figure import written
from ..storage.disk.errors import KedgeError
from ..storage.disk.repository import GitProblem
from . import context, output
from .at_revision import side_at
from .command import Command
from .plan_folder import plan_root
from .settings import Settings
from .telling import PATIENCE, told
from .text import can_draw, wide, wrapped

if TYPE_CHECKING:
    from ..model.flow.card_history import PlanHistory
    from ..model.flow.charts import ChartName
    from ..model.flow.finished import Span
    from ..model.flow.flow import Flow
    from ..model.plan.plan import Plan

READ = {"board", "project", "person", "card", "strategy"}
CHARTS = ("cycle-time", "ageing", "throughput", "cumulative", "burn-up", "calibration")
_HEIGHT = 18
_OLDEST = 10
"""Cards in progress that are listed where no chart is asked for."""


@click.command(cls=Command, reads=True)
@click.argument("chart", metavar="[CHART]", type=click.Choice(CHARTS), required=False)
@click.pass_obj
def flow(settings: Settings, chart: ChartName | None) -> None:
    """Show how long cards take, how old open ones are, how many are done a week, and how right estimates were.

    All of it follows from the commits of the plan: when a card's file first said that it is in progress, and when
    that it is done. Days are working days of the board's calendar. What is not committed does not count yet.

    CHART draws one of them: cycle-time, ageing, throughput, cumulative, burn-up or calibration.
    """
    from ..model.flow.flow import flow_of

    with told(settings, after=PATIENCE) as tell:
        plan = context.read(settings, READ).plan
        project = context.named_project(settings, plan.projects) or ""
        tell("reading the history", None)
        found = flow_of(plan, read_history(settings, "no figures of flow"), settings.today, project)
    if settings.json:
        output.data("flow", flow_data(found, project))
    else:
        output.lines(_chart_lines(found, chart, plan) if chart else _lines(found, plan))


def read_history(settings: Settings, without: str) -> PlanHistory:
    """The history of the plan up to what is looked at. Raises KedgeError, which begins with what cannot be had."""
    from ..storage.git.plan_history import plan_history

    commit = side_at(settings).commit if settings.at else ""
    found = plan_history(plan_root(settings), settings.environment, commit or "HEAD")
    if isinstance(found, GitProblem):
        raise KedgeError(f"{without} without the history of the plan: {found.message}")
    if found.is_cut_off and found.since is not None:
        begin = say_date(found.since.date(), settings.today)
        output.say(
            settings, f"kedge: the history of this clone begins {begin}: git fetch --unshallow gets the rest"
        )
    return found


# ---- for a person


def _lines(found: Flow, plan: Plan) -> Iterator[str]:
    from ..model.flow.charts import TITLES
    from ..model.flow.readings import reading

    if found.since is None:
        yield reading(found, "cycle-time")
        return
    yield f"As of {short_date(found.today, found.today)}; the history begins {say_date(found.since, found.today)}"
    for name, title in TITLES.items():
        yield ""
        yield f"{title}  (kedge flow {name})"
        yield from wrapped(reading(found, name), "  ", "  ")
        if name == "cycle-time":
            yield from _phases(found)
        elif name == "ageing":
            yield from _oldest(found, plan)
        elif name == "calibration":
            yield from _drawn(found, name, plan)
    yield from _lacking(found)


def _chart_lines(found: Flow, name: ChartName, plan: Plan) -> Iterator[str]:
    from ..model.flow.readings import reading

    yield from wrapped(reading(found, name), "", "")
    yield from _drawn(found, name, plan)
    yield from _lacking(found)


def _drawn(found: Flow, name: ChartName, plan: Plan) -> Iterator[str]:
    from ..model.flow.charts import chart
    from ..model.flow.plot import DRAWN, PLAIN, Canvas

    titles = {one.id: one.label for one in plan.cards.values()}
    canvas = Canvas(wide() - 2, _HEIGHT, DRAWN if can_draw() else PLAIN, output.padded, titles)
    for one in chart(found, name, canvas):
        yield ("  " + "".join(text for text, _ in one.row)).rstrip()


def _phases(found: Flow) -> Iterator[str]:
    if not found.spans.done:
        return
    yield f"  {'':<12}{'CARDS':>6}{'P50':>7}{'P85':>7}{'P95':>7}"
    for phase, cards in found.spans.phases.items():
        days = (written(found.spans.percentile(percent, phase) or 0.0) for percent in (50, 85, 95))
        yield f"  {output.padded(phase, 12)}{len(cards):>6}{''.join(f'{one:>7}' for one in days)}"


def _oldest(found: Flow, plan: Plan) -> Iterator[str]:
    cards = found.spans.in_progress
    for one in cards[:_OLDEST]:
        limit = found.spans.usual(one, 85)
        card = plan.cards.get(one.card)
        sign = "!" if limit is not None and one.days > limit else " "
        name = output.padded(card.label if card is not None else one.card, 40)
        blocked = "  blocked" if one.is_blocked else ""
        yield f"  {sign} {name} {written(one.days):>6} days  {one.owner or 'no owner'}{blocked}"
    if len(cards) > _OLDEST:
        yield f"    and {len(cards) - _OLDEST} more: kedge flow ageing"


def _lacking(found: Flow) -> Iterator[str]:
    if found.lacking:
        yield ""
        yield from wrapped("; ".join(one.words for one in found.lacking), "  ", "Not counted: ")


# ---- for programs


def flow_data(found: Flow, project: str) -> dict[str, Any]:
    """All figures, of a project or of all of them."""
    return {
        "today": found.today.isoformat(),
        "project": project or None,
        "since": found.since.isoformat() if found.since is not None else None,
        "cut_off": found.is_cut_off,
        "cycle_time": [
            {"phase": phase, **_percentiles(found, phase), "n": len(cards)}
            for phase, cards in found.spans.phases.items()
        ],
        "all": {**_percentiles(found, ""), "n": len(found.spans.done)},
        "done": [_span_data(one) for one in found.spans.done],
        "ageing": [
            {**_span_data(one), "blocked": one.is_blocked, "p85": found.spans.usual(one, 85)}
            for one in found.spans.in_progress
        ],
        "throughput": [
            {"week": one.monday.isoformat(), "done": one.done, "whole": one.is_whole} for one in found.weeks
        ],
        "cumulative": [{**one._asdict(), "date": one.date.isoformat()} for one in found.days],
        "burn_up": {
            "done": found.days[-1].done if found.days else 0,
            "open": found.open_cards,
            **{
                name: day.isoformat() if (day := found.ahead.dates.get(name)) else None
                for name in ("p50", "p85", "p95")
            },
            "why_not": found.ahead.why_not or None,
        },
        "calibration": [
            {
                "by": one.by,
                "id": one.id,
                "n": one.count,
                "factor": round(one.factor, 4),
                "spread": round(one.spread, 4),
                "width": round(one.width, 4),
                "ranges": one.ranges,
                "held": one.within,
            }
            for one in found.records
        ],
        "not_counted": [{"what": f"{one.thing}s {one.why}", "count": one.count} for one in found.lacking],
    }


def _percentiles(found: Flow, phase: str) -> dict[str, float | None]:
    return {f"p{percent}": found.spans.percentile(percent, phase) for percent in (50, 85, 95)}


def _span_data(one: Span) -> dict[str, Any]:
    return {
        "id": one.card,
        "project": one.project,
        "phase": one.phase,
        "place": one.place,
        "owner": one.owner or None,
        "start": one.start.isoformat(),
        "end": one.end.isoformat(),
        "days": one.days,
        "estimate": list(one.estimate) or None,
    }

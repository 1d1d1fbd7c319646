"""`kedge forecast`: when milestones are reached with which chance, and what moves them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from ..storage.disk.errors import KedgeError
from . import context, output
from .command import Command
from .completing import ids_of
from .schedule import READ
from .settings import Settings
from .telling import told

if TYPE_CHECKING:
    import datetime as dt

    from ..model.budget.budget import Budgets
    from ..model.forecast.forecast import Forecast, Outlook
    from ..model.schedule.targets import Key

_PATIENCE = 0.5
PERCENTILES = {"p50": 0.5, "p80": 0.8, "p95": 0.95}
_DRIVERS = 5
runs_option = click.option(
    "--runs",
    type=click.IntRange(20, 100_000),
    metavar="N",
    help="Runs, 1,000 where nothing is said; more make the percentiles finer.",
)
seed_option = click.option(
    "--seed", type=click.IntRange(0), metavar="N", help="Another draw; the same number gives the same dates."
)


@click.command(cls=Command, reads=True)
@click.argument("milestone", metavar="[MILESTONE]", default="", shell_complete=ids_of("milestone"))
@runs_option
@seed_option
@click.option("--explain", is_flag=True, help="How the dates are spread, and what moves them.")
@click.pass_obj
def forecast(
    settings: Settings, milestone: str, *, runs: int | None, seed: int | None, explain: bool
) -> None:
    """Show by when milestones are reached in half, 80 and 95 of 100 cases.

    Each run draws how long every card takes, from its three points or the board's spread, and lets people work
    through them in the order of the schedule. A due date holds in so many of the runs. The same plan on the same day
    has the same forecast everywhere.
    """
    from .forecast_text import forecast_lines

    with told(settings, after=_PATIENCE) as tell:
        derived = context.derived(settings, context.read(settings, READ | {"dataset"})).told(tell)
        project = context.named_project(settings, derived.plan.projects)
        found = derived.forecast(runs, seed)
        keys = _keys(found, milestone, project)
        cost = derived.budget(runs, seed)
        if settings.json:
            output.data("forecast", _data(found, keys, project, cost))
            return
        if not found.schedule.cards:
            output.say(settings, "no open card has a date: kedge schedule says what is left out")
            return
        lines = list(forecast_lines(found, keys, project, cost, explain=explain))
    output.lines(lines)


def _keys(found: Forecast, milestone: str, project: str | None) -> list[Key]:
    """The milestones that are asked for, and the ends of projects where none is named. Raises UnknownId."""
    known = [key for key in found.schedule.milestones if project in (None, key[0])]
    if milestone:
        names = {"/".join(key): key for key in known}
        key = names[context.one_of(milestone, "milestone", names)]
        if not found.has(key):
            state = "done" if found.schedule.milestones[key].is_done else "left out of the schedule"
            raise KedgeError(f"{key[1]} has no date: every card that leads to it is {state}")
        return [key]
    projects = dict.fromkeys(one.task.project for one in found.schedule.cards.values())
    return [*known, *((name, "") for name in projects if project in (None, name))]


# ---- for programs


def _data(
    found: Forecast, keys: Sequence[Key], project: str | None, cost: Budgets
) -> dict[str, Any]:
    from ..model.forecast.forecast import METHOD

    made = found.schedule
    cards = [name for name, one in made.cards.items() if project in (None, one.task.project)]
    if len(keys) == 1 and keys[0][1]:
        cards = [name for name in made.members(keys[0]) if name in made.cards]
    return {
        "runs": found.runs,
        "seed": found.seed,
        "method": METHOD,
        "correlation": found.correlation,
        "today": made.today.isoformat(),
        "milestones": [_milestone_data(found, key) for key in keys if key[1]],
        "projects": [_project_data(found, key) for key in keys if not key[1]],
        "cards": [_card_data(found, name) for name in cards],
        "cost": _cost_data(cost, project),
        "not_counted": not_counted(found, project),
    }


def _milestone_data(found: Forecast, key: Key) -> dict[str, Any]:
    one = found.schedule.milestones[key]
    outlook = found.outlook(key) if found.has(key) else None
    return {
        "id": key[1],
        "project": key[0],
        "title": one.title,
        "plan": _date(one.date),
        **_outlook_data(outlook),
        "due": _date(one.due),
        "chance": outlook.chance if outlook is not None else None,
        "done": one.is_done,
        "drivers": _drivers_data(found, key),
    }


def _project_data(found: Forecast, key: Key) -> dict[str, Any]:
    made = found.schedule
    return {
        "id": key[0],
        "plan": _date(made.axis.date(made.targets.ends[key] - 1)),
        **_outlook_data(found.outlook(key)),
        "drivers": _drivers_data(found, key),
    }


def _card_data(found: Forecast, name: str) -> dict[str, Any]:
    outlook = found.card(name)
    return {
        "id": name,
        "project": found.schedule.cards[name].task.project,
        "criticality": found.criticality[name],
        **{percentile: _date(outlook.date(chance)) for percentile, chance in PERCENTILES.items()},
        "due": _date(outlook.due),
        "chance": outlook.chance,
    }


def _outlook_data(outlook: Outlook | None) -> dict[str, Any]:
    if outlook is None:
        return {**dict.fromkeys(PERCENTILES), "sampling": {}, "histogram": []}
    days = outlook.days
    return {
        **{name: _date(outlook.date(chance)) for name, chance in PERCENTILES.items()},
        "sampling": {
            name: [_date(day) for day in outlook.between(chance)] for name, chance in PERCENTILES.items()
        },
        "histogram": [{"date": day.isoformat(), "runs": days[day]} for day in sorted(days)],
    }


def _drivers_data(found: Forecast, key: Key) -> list[dict[str, Any]]:
    if not found.has(key):
        return []
    return [
        {"id": one.card, "criticality": one.criticality, "weight": round(one.weight, 4)}
        for one in found.drivers(key, _DRIVERS)
    ]


def _cost_data(cost: Budgets, project: str | None) -> dict[str, Any]:
    people = cost.to_come(project)
    return {
        "unit": cost.unit,
        "p50": people(0.5),
        "p80": people(0.8),
        "of": "people on open cards, without resources and contingency: kedge budget has all of it",
    }


def not_counted(found: Forecast, project: str | None) -> list[dict[str, Any]]:
    """What the forecast assumes or leaves out, with how much of it there is."""
    made = found.schedule
    tasks = [one for one in made.dates.tasks.values() if project in (None, one.project)]
    counts = {
        "cards without an estimate": sum(one.is_assumed for one in tasks),
        "cards that cannot be scheduled": sum(one.id not in made.cards for one in tasks),
        "cards with a single figure as estimate": sum(len(one.card.estimate or ()) == 1 for one in tasks),
    }
    return [{"what": what, "count": count} for what, count in counts.items()]


def _date(day: dt.date | None) -> str | None:
    return day.isoformat() if day is not None else None

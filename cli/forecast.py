"""`kedge forecast`: when milestones are reached with which chance, and what moves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..storage.disk.errors import KedgeError
from . import context, output
from .command import Command
from .completing import ids_of
from .schedule import READ
from .settings import Settings
from .telling import told

if TYPE_CHECKING:
    from ..model.forecast.forecast import Forecast
    from ..model.schedule.targets import Key

_PATIENCE = 0.5
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
    from .forecast_data import forecast_data
    from .forecast_text import forecast_lines

    with told(settings, after=_PATIENCE) as tell:
        derived = context.derived(settings, context.read(settings, READ | {"dataset"})).told(tell)
        project = context.named_project(settings, derived.plan.projects)
        found = derived.forecast(runs, seed)
        keys = _keys(found, milestone, project)
        cost = derived.budget(runs, seed)
        if settings.json:
            output.data("forecast", forecast_data(found, keys, project, cost))
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

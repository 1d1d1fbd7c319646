"""`kedge forecast`: when milestones are reached with which chance, and what moves them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from . import context, output
from .command import Command
from .completing import ids_of
from .flow import read_history
from .schedule import READ, milestone_of
from .settings import Settings
from .telling import PATIENCE, told

if TYPE_CHECKING:
    from ..model.flow.calibration import Corrections
    from ..model.flow.throughput import Throughput
    from ..model.forecast.forecast import Forecast
    from ..model.plan.plan import Plan
    from ..model.schedule.targets import Key

runs_option = click.option(
    "--runs",
    type=click.IntRange(20, 100_000),
    metavar="N",
    help="Runs; by default 1,000, fewer for more than 2,000 cards. More make the percentiles finer.",
)
seed_option = click.option(
    "--seed",
    type=click.IntRange(0),
    metavar="N",
    help="Seed of the random numbers; the same number gives the same dates.",
)


@click.command(cls=Command, reads=True)
@click.argument("milestone", metavar="[MILESTONE]", default="", shell_complete=ids_of("milestone"))
@runs_option
@seed_option
@click.option("--explain", is_flag=True, help="How the dates are spread, and what moves them.")
@click.option(
    "--throughput",
    "by_counts",
    is_flag=True,
    help="Also by the cards done in past weeks, as git knows them; estimates do not count there.",
)
@click.option(
    "--calibrated",
    "is_calibrated",
    is_flag=True,
    help="Correct estimates by how long their owners' finished cards took, and say by how much.",
)
@click.option(
    "--backtest",
    "is_backtest",
    is_flag=True,
    help="How often the P50 and P80 forecast in past weeks would have held.",
)
@click.pass_obj
def forecast(  # noqa: PLR0913  each is an option
    settings: Settings,
    milestone: str,
    *,
    runs: int | None,
    seed: int | None,
    explain: bool,
    by_counts: bool,
    is_calibrated: bool,
    is_backtest: bool,
) -> None:
    """Show by when milestones are reached in half, 80 and 95 of 100 cases.

    Each run draws how long every card takes, from its three points or the board's spread, and lets people work
    through them in the order of the schedule. A due date holds in so many of the runs. The same plan on the same day
    has the same forecast everywhere.
    """
    from .forecast_data import corrections_data, forecast_data, throughput_data
    from .forecast_text import correction_lines, forecast_lines, throughput_lines

    if is_backtest:
        from .backtest import run_backtest

        if milestone or by_counts or is_calibrated:
            raise click.UsageError("--backtest goes with --runs, --seed and --project only")
        run_backtest(settings, runs, seed)
        return
    with told(settings, after=PATIENCE) as tell:
        derived = context.derived(settings, context.read(settings, READ | {"dataset"})).told(tell)
        project = context.named_project(settings, derived.plan.projects)
        by = _corrections(settings, derived.plan) if is_calibrated else None
        found = derived.forecast(runs, seed, by)
        keys = _keys(found, milestone, project)
        cost = derived.budget(runs, seed, by)
        counted = _throughput(settings, found, keys, project) if by_counts else None
        if settings.json:
            more = {"throughput": throughput_data(counted)} if counted is not None else {}
            more |= {"calibrated": corrections_data(by)} if by is not None else {}
            output.data("forecast", {**forecast_data(found, keys, project, cost), **more})
            return
        if not found.schedule.cards:
            output.say(settings, "no open card has a date: kedge schedule says what is left out")
            return
        lines = list(forecast_lines(found, keys, project, cost, explain=explain))
        if by is not None:
            lines += correction_lines(by)
        if counted is not None:
            lines += throughput_lines(counted, found.schedule.today)
    output.lines(lines)


def _corrections(settings: Settings, plan: Plan) -> Corrections:
    """What the history of each person's cards does to their estimates. Raises KedgeError where git cannot say it."""
    from ..model.flow.calibration import corrections_of
    from ..model.flow.flow import flow_of

    history = read_history(settings, "no --calibrated")
    return corrections_of(flow_of(plan, history, settings.today).records)


def _throughput(settings: Settings, found: Forecast, keys: Sequence[Key], project: str | None) -> Throughput:
    """The open cards by the pace of the weeks before. Raises KedgeError where git cannot say it."""
    from ..model.flow.throughput import throughput_of

    history = read_history(settings, "no --throughput")
    made = found.schedule
    cards = [name for name, one in made.dates.tasks.items() if project in (None, one.project)]
    if len(keys) == 1 and keys[0][1]:
        cards = [name for name in cards if keys[0] in made.dates.downstream.leads_to[name]]
    done = [
        one.done.date()
        for one in history.cards.values()
        if one.done is not None and project in (None, one.project)
    ]
    since = history.since.date() if history.since is not None else None
    return throughput_of(since, done, len(cards), made.today)


def _keys(found: Forecast, milestone: str, project: str | None) -> list[Key]:
    """The milestones that are asked for, and the ends of projects where none is named. Raises UnknownId."""
    if milestone:
        return [milestone_of(found.schedule, milestone, project)]
    known = [key for key in found.schedule.milestones if project in (None, key[0])]
    projects = dict.fromkeys(one.task.project for one in found.schedule.cards.values())
    return [*known, *((name, "") for name in projects if project in (None, name))]

"""How much work people and teams have in each week, and what teams hand over to each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import click

from ..model.capacity.calendar import say_days
from ..model.text.amounts import counted
from ..model.text.dates import narrow_date, say_date, say_monday
from ..model.text.figure import written
from ..model.text.visible import one_line
from . import context, output
from .command import Command
from .schedule import effort_option, scheduled
from .settings import Settings
from .telling import PATIENCE, told
from .text import can_draw, wide, wrapped

if TYPE_CHECKING:
    from ..model.schedule.handovers import Handover
    from ..model.schedule.load import Load, Week
    from ..model.schedule.schedule import Schedule

_WEEKS = 9
"""Weeks that are shown, which fit beside a name in 80 columns."""
_NAME, _CELL = 14, 7
_LEVELS = "▁▂▃▄▅▆▇█"


@click.command(cls=Command, reads=True)
@click.option("--team", is_flag=True, help="Teams instead of people.")
@click.option("--all", "in_full", is_flag=True, help="All weeks, not the first nine.")
@click.option("--explain", is_flag=True, help="The cards that each week's work is made of.")
@effort_option
@click.pass_obj
def load(settings: Settings, *, team: bool, in_full: bool, explain: bool, effort: int | None) -> None:
    """Show how much of their time people have work for, week by week.

    A number is the share of the time that is there; ! marks a week with more work than time. That happens only where
    cards are fixed or in progress: everything else waits until there is time.
    """
    from .schedule_data import load_data

    with told(settings, after=PATIENCE) as tell:
        _, made = scheduled(settings, effort, tell)
    if settings.json:
        data = {
            "today": made.today.isoformat(),
            "people": [load_data(one) for one in made.loads.values()],
            "teams": [load_data(one) for one in made.team_loads.values()],
        }
        output.data("load", data)
        return
    found = made.team_loads if team else made.loads
    if not found:
        nothing = (
            "no team has work" if team else "no person has work: cards without an owner take no one's time"
        )
        output.say(settings, nothing)
        return
    output.lines(_load_lines(made, found, in_full=in_full))
    if explain:
        output.lines(_work_lines(made, found, in_full=in_full))


def _mondays(made: Schedule, loads: Mapping[str, Load], *, in_full: bool) -> list[dt.date]:
    """The weeks that are shown: from this one on, where not all are asked for."""
    found = sorted({week.monday for one in loads.values() for week in one.weeks})
    if in_full:
        return found
    # Weeks that have passed are there because of cards that are fixed in the past.
    this = made.today - dt.timedelta(days=made.today.weekday())
    return ([day for day in found if day >= this] or found)[:_WEEKS]


def _work_lines(made: Schedule, loads: Mapping[str, Load], *, in_full: bool) -> Iterator[str]:
    """The cards of each week, by person; of a team, by each of its people."""
    from ..model.schedule.load import work_by_week
    from .schedule_text import card_name

    shown = set(_mondays(made, loads, in_full=in_full))
    people = [one for one in made.loads.values() if one.name in loads or one.team in loads]
    for person in people:
        weeks = {week.monday: week for week in person.weeks}
        yield from ("", f"{one_line(person.name)}: days of work a week, and the cards that they are of")
        for monday, works in work_by_week(made.dates, person.name).items():
            if monday not in shown:
                continue
            over = "!" if weeks[monday].over else " "
            yield f"  {over} {narrow_date(monday, made.today):<7} {weeks[monday].said}"
            for one, days in works:
                yield output.shorten(
                    f"      {written(round(days, 2)):>5}  {card_name(made, one.task.id)}", 80
                )


def _load_lines(made: Schedule, loads: Mapping[str, Load], *, in_full: bool) -> Iterator[str]:
    mondays, shown = _mondays(made, loads, in_full=True), _mondays(made, loads, in_full=in_full)
    # In a narrow terminal fewer weeks stand side by side, and the rest of them below.
    beside = max(1, (wide() - _NAME) // _CELL)
    for at in range(0, len(shown), beside):
        block = shown[at : at + beside]
        if at:
            yield ""
        said = [narrow_date(day, made.today) for day in block]
        heads = (one if one != before else "" for before, one in pairwise(["", *said]))
        yield (" " * _NAME + "".join(f"{one:>{_CELL}}" for one in heads)).rstrip()
        for one in loads.values():
            weeks = {week.monday: week for week in one.weeks}
            yield (
                output.padded(one.name, _NAME - 1)
                + " "
                + "".join(f"{_cell(weeks.get(day)):>{_CELL}}" for day in block)
            ).rstrip()
    if len(mondays) > len(shown):
        yield f"and {counted(len(mondays) - len(shown), 'more week')}: --all"
    over = [(one, week) for one in loads.values() for week in one.weeks if week.over]
    if over:
        yield from ("", "More work than time")
    for one, week in over:
        when = say_monday(week.monday, made.today)
        yield from wrapped(f"{one.name}, week of {when}: {week.said}", "    ", "  ! ")


def _cell(week: Week | None) -> str:
    """The share of the time that is taken, with a bar where that can be drawn."""
    if week is None or (not week.capacity and not week.load):
        return "–" if can_draw() else "-"
    level = week.level(len(_LEVELS)) if week.capacity and can_draw() else 0
    return f"{_LEVELS[level - 1] if level else ''}{week.taken}{'!' if week.over else ''}"


@click.command(cls=Command, reads=True)
@click.option(
    "--explain", is_flag=True, help="Why each card is given on that day, and which card waits for it."
)
@effort_option
@click.pass_obj
def handovers(settings: Settings, *, explain: bool, effort: int | None) -> None:
    """List the links that cross teams, by date, with how late each may come.

    A team is that of the person who does a card. Slack is by how many days a hand-over may come later before the card
    that waits for it does.
    """
    from .schedule_data import handover_data

    with told(settings, after=PATIENCE) as tell:
        plan, made = scheduled(settings, effort, tell)
    project = context.named_project(settings, plan.projects)
    found = [
        one
        for one in made.handovers
        if project is None or project in {made.cards[name].task.project for name in (one.giver, one.taker)}
    ]
    if settings.json:
        output.data("handovers", [handover_data(made, one) for one in found])
    elif not found:
        output.say(
            settings, "nothing is handed over: no link joins cards of two teams (kedge person set ID team=…)"
        )
    else:
        output.lines(_handover_lines(made, found, explain=explain))


def _handover_lines(made: Schedule, found: Sequence[Handover], *, explain: bool) -> Iterator[str]:
    from .schedule_text import card_name

    arrow = "→" if can_draw() else "->"
    for one in found:
        slack = f"{say_days(one.slack)} of slack" if one.slack else "no slack"
        teams = f"{one.from_team} {arrow} {one.to_team}"
        kind = "" if one.kind == "FS" else f" ({one.kind})"
        yield f"{say_date(one.date, made.today):<12}{one_line(teams)}, {slack}{kind}"
        sides = ((one.giver, ""), (one.taker, f"{arrow} "))
        for name, sign in sides:
            yield output.shorten(f"            {sign}{card_name(made, name)}", 80)
            if explain:
                yield from wrapped(_when(made, name), "                ", "              ")


def _when(made: Schedule, name: str) -> str:
    """From when to when a card goes on, and why it does not start earlier."""
    one = made.cards[name]
    start, end = (say_date(day, made.today) for day in (made.dates.start_date(one), made.dates.end_date(one)))
    when = start if start == end else f"{start} to {end}"
    return f"{when}: {made.reasons.of(one).text}"

"""Holidays of a country, written into the board's calendar, where they can be reviewed and are read without help."""

from __future__ import annotations

import re
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from ..model.text.amounts import counted
from ..model.text.visible import one_line
from ..storage.disk.errors import BadValue, KedgeError
from . import output
from .command import Command, Group
from .context import commit, open_workspace
from .settings import Settings

if TYPE_CHECKING:
    import datetime as dt

    from ..model.records.board import Calendar

_YEARS = re.compile(r"(\d{4})(?:\.\.(\d{4}))?")
_MOST_YEARS = 30


@click.group(cls=Group)
def holidays() -> None:
    """Write holidays of a country into the calendar."""


@holidays.command(cls=Command, reads=True, writes=True, past=False)
@click.argument("country")
@click.argument("years")
@click.option("--explain", is_flag=True, help="Each holiday by name, and why it is written or not.")
@click.pass_obj
def add(settings: Settings, country: str, years: str, *, explain: bool) -> None:
    """Add the public holidays of a COUNTRY to the board's calendar: kedge holidays add DE-BY 2026..2028.

    COUNTRY is its ISO 3166 code, with a region where holidays differ. Only days that are working days otherwise are
    written. The names of days come from the package `holidays`, which nothing else needs.
    """
    from ..model.edit.edits import edit
    from ..model.records.address import Address

    first, last = _span(years)
    days = _public_holidays(country.upper(), range(first, last + 1))
    workspace = open_workspace(settings, {"board"})
    calendar = workspace.plan.board.calendar
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    found = {day: _why_not(day, names[day.weekday()], calendar) for day in days}
    new = {day for day, why_not in found.items() if not why_not}
    said = f"add {counted(len(new), 'holiday')} of {country.upper()}, {years}"
    address = Address("board", "", "board")
    kept = tuple(sorted({*calendar.holidays, *new}))
    batch = edit(workspace.plan, address, {("calendar", "holidays"): kept} if new else {}, said)
    commit(
        settings,
        workspace,
        batch,
        f"{counted(len(new), 'holiday')} added: {', '.join(map(str, sorted(new)))}",
    )
    if settings.json:
        rows = [
            {"date": day.isoformat(), "name": name, "added": not found[day], "why": found[day]}
            for day, name in days.items()
        ]
        output.data("holidays", {"country": country.upper(), "first": first, "last": last, "days": rows})
    elif explain:
        for day, name in days.items():
            output.lines([one_line(f"  {day} {names[day.weekday()]}  {name}: {found[day] or 'added'}")])


def _why_not(day: dt.date, name: str, calendar: Calendar) -> str:
    """Why a holiday is not written; empty where it is."""
    if name not in calendar.weekdays:
        return "not a working day"
    return "already there" if day in calendar.holidays else ""


def _span(text: str) -> tuple[int, int]:
    found = _YEARS.fullmatch(text)
    if not found:
        raise BadValue(f"{text!r} is not a span of years", "2026, or 2026..2028")
    first, last = int(found[1]), int(found[2] or found[1])
    if not 1900 <= first <= last < first + _MOST_YEARS:
        raise BadValue(
            f"{text!r}: at most {_MOST_YEARS} years are expected, the first one first", "2026..2028"
        )
    return first, last


def _public_holidays(country: str, years: range) -> dict[dt.date, str]:
    """The days of a country with their names. Raises KedgeError without the package, or for a country unknown to it."""
    try:
        package: Any = import_module("holidays")
    except ImportError:
        raise KedgeError(
            "the holidays of countries come with the package holidays, which is not installed",
            f"{sys.executable} -m pip install holidays, or write the dates into [calendar] of board.toml",
        ) from None
    name, _, region = country.partition("-")
    try:
        found = package.country_holidays(name, subdiv=region or None, years=years)
        return {day: str(found[day]) for day in sorted(found)}
    except NotImplementedError as error:
        raise BadValue(f"{country}: {error}", "an ISO 3166 code such as DE, DE-BY or US-CA") from None

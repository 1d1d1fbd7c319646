"""Qualities and concerns, needed against reached, as a table that needs no colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from . import context, naming, output
from .command import Command
from .completing import complete_project
from .settings import Settings
from .text import sign, wrapped

if TYPE_CHECKING:
    from ..model.assess.matrix import Row


@click.command(cls=Command, name="matrix", reads=True)
@click.argument("what", metavar="[PROJECT]", default="", shell_complete=complete_project)
@click.pass_obj
def show_matrix(settings: Settings, what: str) -> None:
    """Show a project's qualities and concerns: how much is needed, and how much there is.

    # is a level that is reached, - one that is missing, + one to spare; behind them how many of the questions about
    it are met. `kedge quality add reliability needed=4`
    says a first level, `kedge quality set reliability reached=3` another; so does `kedge concern`.
    """
    from ..model.assess.matrix import matrices

    derived = context.derived(settings, context.read(settings))
    plan = derived.plan
    name = naming.one_of(what, "project", plan.projects) if what else context.need_project(settings, plan)
    found = matrices(derived.snapshot, name, derived.standings(name))
    if settings.json:
        output.data(
            "matrix", {"project": name, **{key: [_data(row) for row in rows] for key, rows in found.items()}}
        )
    else:
        output.lines(_lines(name, found))


def _lines(project: str, found: dict[str, Sequence[Row]] | dict[str, list[Row]]) -> Iterator[str]:
    yield project
    for section, rows in found.items():
        short = sum((row.gap or 0) > 0 for row in rows)
        yield from ("", f"{section}  {short} of {len(rows)} short")
        for row in rows:
            level = f"needed {_level(row.needed)}  reached {_level(row.reached)}"
            asked = f"  questions {row.met} of {row.asked}" if row.asked else ""
            name = f"{output.shorten(row.id, 17):<17}"
            yield f"  {sign(row.state)} {row.word:<12}{name} {row.bar}  {level}{asked}"
            yield from wrapped(row.why or row.means, " " * 16) if row.why or row.means else ()


def _level(level: int | None) -> str:
    return "?" if level is None else str(level)


def _data(row: Row) -> dict[str, Any]:
    values = {key: value for key, value in asdict(row).items() if key != "address"}
    return {"id": row.id, **values, "gap": row.gap, "state": row.word}

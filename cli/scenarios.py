"""`kedge scenarios`: the plan on several branches side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from ..model.text.visible import one_line
from ..storage.disk.errors import BadValue, KedgeError
from ..storage.disk.repository import GitProblem, Reason
from . import output
from .at_revision import say_not_fetched
from .command import Command
from .forecast import runs_option, seed_option
from .plan_folder import place_at
from .revision import REVISION
from .settings import Settings
from .telling import PATIENCE, told
from .text import WIDE, wrapped

if TYPE_CHECKING:
    from ..model.review.scenarios import Line, Scenario


@click.command(cls=Command, reads=True)
@click.argument("revisions", metavar="REV...", nargs=-1, required=True, type=REVISION)
@click.option("--all", "in_full", is_flag=True, help="Also the figures that are the same everywhere.")
@runs_option
@seed_option
@click.pass_obj
def scenarios(
    settings: Settings, revisions: tuple[str, ...], *, in_full: bool, runs: int | None, seed: int | None
) -> None:
    """Show the plan at several revisions side by side: dates, P80, cost, scope and risk.

    kedge scenarios main three-people two-stages. The others are compared with the first; with one alone the
    work tree is. :work is the work tree, :index what is staged, :base where this branch left the main
    branch. All are seen on the same day, with the same draws.
    """
    from ..model.review.scenarios import MOST, scenario_lines
    from ..storage.git.sides import WORK as WORK_TREE

    names = (*revisions, WORK_TREE) if len(revisions) == 1 else revisions
    if len(names) > MOST:
        raise click.UsageError(f"at most {MOST} states can be compared")
    with told(settings, after=PATIENCE) as tell:
        found = [_scenario(settings, name, runs, seed, tell) for name in names]
    lines = scenario_lines(found)
    if settings.json:
        output.data("scenarios", _data(found, lines))
    else:
        output.write("".join(f"{row}\n" for row in _text(found, lines, settings.today, in_full=in_full)))


def _scenario(settings: Settings, name: str, runs: int | None, seed: int | None, tell: Any) -> Scenario:
    from ..model.review.scenarios import scenario
    from ..storage.git.sides import WORK as WORK_TREE
    from ..storage.git.sides import side

    state = side(place_at(settings, in_work_tree=name == WORK_TREE), name, settings.environment)
    if isinstance(state, GitProblem):
        error = BadValue if state.reason is Reason.BAD_REVISION else KedgeError
        raise error(state.message, "git branch lists the branches")
    say_not_fetched(settings, state)
    snapshot = state.snapshot(settings.today)
    return scenario(state.name, state.commit, snapshot, runs=runs, seed=seed, progress=tell)


_LEAST = 20
"""Cells that a title keeps beside the states; with less room they are listed below it."""


def _text(
    found: Sequence[Scenario], lines: Sequence[Line], today: dt.date, *, in_full: bool
) -> Iterator[str]:
    from ..model.review.scenarios import cells, summary

    yield from wrapped(summary(found, lines), "  ", "")
    chosen = [one for one in lines if in_full or one.differs]
    if not chosen:
        return
    currency = found[0].snapshot.plan.board.currency
    names = [one_line(one.name) for one in found]
    rows = [(one_line(one.subject), one.figure, *cells(one, today, currency)) for one in chosen]
    subjects, *widths = (
        max(map(output.width, column)) for column in zip(("", "", *names), *rows, strict=True)
    )
    subjects = min(subjects, (output.room() or WIDE) - sum(widths) - 2 * len(widths))
    yield ""
    if subjects >= _LEAST:
        for row in [("", "", *names), *rows]:
            yield "  ".join(map(output.padded, row, (subjects, *widths))).rstrip()
        return
    longest = max(map(output.width, names))
    for subject, figure, *values in rows:
        yield f"{subject} {figure}"
        for name, value in zip(names, values, strict=True):
            yield from wrapped(f"{output.padded(name, longest)}  {value}", "    ", "  ")


def _data(found: Sequence[Scenario], lines: Sequence[Line]) -> dict[str, Any]:
    return {
        "scenarios": [{"name": one.name, "commit": one.commit or None} for one in found],
        "figures": [
            {
                "what": one.what,
                "project": one.project or None,
                "milestone": one.name or None,
                "title": one.subject,
                "values": [
                    value.isoformat() if isinstance(value, dt.date) else value for value in one.values
                ],
                "differs": one.differs,
            }
            for one in lines
        ],
    }

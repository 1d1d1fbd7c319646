"""`kedge monitor status`: which monitor needs a person, and what is left of the error budgets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from . import context, naming, output
from .command import Command
from .completing import complete_project
from .settings import Settings
from .text import wrapped

if TYPE_CHECKING:
    from ..model.operations.budgets import ErrorBudget
    from ..model.operations.monitors import MonitorState


@click.command(cls=Command, name="status", reads=True)
@click.argument("named", metavar="[PROJECT]", default="", shell_complete=complete_project)
@click.pass_obj
def status(settings: Settings, named: str) -> int:
    """Show the state of each monitor, what needs a person first, and the error budgets.

    The exit code is 1 where one has fired, or an error budget is spent.
    """
    from ..model.operations.monitors import states_of

    snapshot = context.snapshot(settings, context.read(settings))
    plan = snapshot.plan
    project = (
        naming.one_of(named, "project", plan.projects) if named else context.need_project(settings, plan)
    )
    found = states_of(snapshot, project)
    if settings.json:
        output.data("monitors", [_data(one) for one in found])
    elif found:
        output.lines(_lines(found))
    else:
        output.say(settings, f"{project} has no monitor yet: kedge monitor add TITLE")
    is_spent = any(one.budget is not None and one.budget.is_spent for one in found)
    return int(is_spent or any(one.state == "fired" for one in found))


def _lines(found: Sequence[MonitorState]) -> Iterator[str]:
    from ..model.operations.limits import limit_text, unread_limit

    wide = max(len(one.state) for one in found)
    for one in found:
        monitor = one.monitor
        # Why it cannot be judged says what is wrong with a limit.
        limit = "" if unread_limit(monitor) else limit_text(monitor)
        known = ", ".join(filter(None, (limit, monitor.owner)))
        text = f"{monitor.id}: {'; '.join(filter(None, (known, one.why)))}"
        yield from wrapped(text, " " * (wide + 4), f"{one.state:<{wide}}  ")
        if one.state == "fired" and monitor.action:
            yield from wrapped(f"now: {monitor.action}", " " * (wide + 4), " " * (wide + 2))
        if one.budget is not None:
            yield from wrapped(_budget(one.budget), " " * (wide + 4), " " * (wide + 2))


def _budget(one: ErrorBudget) -> str:
    from ..model.text.figure import written

    left = one.days_left
    more = f", spent in {written(left)} days at this speed" if left is not None and not one.is_spent else ""
    return (
        f"error budget of {written(one.days)} days at {written(100 * one.objective)} %: {written(100 * one.used)} % "
        f"spent, burn {written(one.burn)}{more}"
    )


def _data(one: MonitorState) -> dict[str, Any]:
    from ..model.operations.limits import limit_text

    budget, last = one.budget, one.judged.last if one.judged is not None else None
    return {
        "id": one.monitor.id,
        "project": one.monitor.project,
        "state": one.state,
        "why": one.why,
        "last": None if last is None else {"value": last.value, "at": last.at.isoformat()},
        "limit": limit_text(one.monitor),
        "action": one.monitor.action,
        "owner": one.monitor.owner,
        "budget": None
        if budget is None
        else {
            "objective": budget.objective,
            "days": budget.days,
            "burn": budget.burn,
            "used": budget.used,
            "days_left": budget.days_left,
        },
    }

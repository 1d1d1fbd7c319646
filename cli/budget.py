"""`kedge budget`: what projects cost by stage and kind, against caps, approvals and what is spent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from ..model.text.amounts import counted_of
from ..model.text.figure import amount, written
from ..model.text.visible import one_line
from . import context, output
from .command import Command
from .forecast import runs_option, seed_option
from .schedule import READ
from .settings import Settings
from .telling import PATIENCE, told
from .text import wrapped

if TYPE_CHECKING:
    from ..model.budget.budget import ProjectBudget, StageBudget
    from ..model.budget.headcount import Headcount, MonthOfSkill

_NAME, _FIGURE = 14, 12
_MOST_GAPS = 24
"""Months in which people are missing that are listed unasked: a card of 5,000 days has hundreds."""


@click.command(cls=Command, reads=True)
@runs_option
@seed_option
@click.option("--explain", is_flag=True, help="The cost by kind, and how it was worked out.")
@click.pass_obj
def budget(settings: Settings, *, runs: int | None, seed: int | None, explain: bool) -> None:
    """Show what projects cost, against caps and approvals.

    By stage, in half and in 80 of 100 cases.

    People cost the days that the forecast draws for their open cards, and the planned days of what is done, at their
    day rates. Resources and datasets cost what they say; contingency is added to all of it. Below: where people of a
    skill are missing, month by month.
    """
    from ..model.budget.budget import METHOD
    from ..model.budget.headcount import headcount
    from ..model.capacity.capacity import planned_load

    with told(settings, after=PATIENCE) as tell:
        derived = context.derived(settings, context.read(settings, READ | {"dataset"})).told(tell)
        project = context.named_project(settings, derived.plan.projects)
        found = derived.budget(runs, seed)
        people = headcount(derived.schedule(), planned_load(derived.snapshot))
    shown = [one for one in found.by_project.values() if project in (None, one.project)]
    if settings.json:
        whole = {"unit": found.unit, "runs": found.runs, "seed": found.seed, "method": METHOD}
        output.data("budget", {**whole, **_data(shown), "headcount": _headcount_data(people)})
        return
    if not shown:
        output.say(settings, "no project is worked on: kedge project list shows their states")
        return
    lines = [line for one in shown for line in _lines(one, explain=explain)]
    output.lines([*lines, *_headcount_lines(people, explain=explain), *wrapped(METHOD, "  ", "Method: ")])


# ---- for a person


def _lines(one: ProjectBudget, *, explain: bool) -> Iterator[str]:
    yield f"{one_line(one.project)}, {one.unit}"
    heads = ("DONE", "P50", "P80", "CAP", "APPROVED")
    yield f"    {'STAGE':<{_NAME}}" + "".join(f"{head:>{_FIGURE}}" for head in heads)
    for stage in one.stages:
        yield _row(stage.id, stage)
        if explain:
            yield from _kinds(stage, one.unit)
    if len(one.stages) > 1:
        yield _row("together", one.whole)
    yield ""
    for stage in one.stages:
        yield from _over(stage, one.unit)
    yield from _spent(one)
    for said in one.said_rates():
        yield from wrapped(said, "    ", "  ")
    for what, count in one.not_counted.items():
        yield from wrapped(f"not counted: {counted_of(count, what)}", "    ", "  ")
    yield ""


def _row(name: str, stage: StageBudget) -> str:
    mark = "!" if stage.over(stage.cap) or stage.over(stage.approved) else " "
    figures = [stage.done, stage.cost(0.5), stage.cost(0.8), stage.cap, stage.approved]
    cells = "".join(f"{_money(figure):>{_FIGURE}}" for figure in figures)
    return f"  {mark} {output.padded(name, _NAME - 1)} {cells}".rstrip()


def _money(figure: float | None) -> str:
    return f"{figure:,.0f}" if figure is not None else ""


def _kinds(stage: StageBudget, unit: str) -> Iterator[str]:
    middle, high = stage.by_kind(0.5), stage.by_kind(0.8)
    for kind, cost in high.items():
        spread = f"{_money(middle[kind])} to {_money(cost)}" if cost != middle[kind] else _money(cost)
        more = f" ({written(100 * stage.contingency)} % of the rest)" if kind == "contingency" else ""
        yield f"        {kind:<12} {spread} {unit}{more}"


def _over(stage: StageBudget, unit: str) -> Iterator[str]:
    for name, limit in (("cap", stage.cap), ("money that is approved", stage.approved)):
        if limit is not None and stage.over(limit):
            over = amount(round(stage.over(limit)), unit)
            yield from wrapped(f"{stage.id}: P80 is {over} above the {name}", "    ", "  ! ")


def _spent(one: ProjectBudget) -> Iterator[str]:
    planned = amount(round(one.planned_so_far), one.unit)
    whole = amount(round(one.planned), one.unit)
    if one.spent is None:
        how = f"kedge strategy set budget.spent=… --project {one.project}"
        said = f"planned {whole} in all; how much was spent is not recorded: {how}"
    else:
        spent = amount(round(one.spent), one.unit)
        until = f" until {one.spent_until}" if one.spent_until else ""
        share = f", {100 * one.spent / one.planned:.0f} %" if one.planned else ""
        said = (
            f"spent {spent}{until} of {whole} planned{share}; work that is done was planned to cost {planned}"
        )
    yield from wrapped(said, "    ", "  ")


def _headcount_lines(found: Headcount, *, explain: bool) -> Iterator[str]:
    if not found.rows and not found.without_person:
        return
    yield f"People by skill and month, in person-months, at {written(100 * found.planned_load)} % of their time"
    if not found.gaps:
        yield "  enough of every skill in every month"
    rows: Sequence[MonthOfSkill] = found.rows if explain else found.gaps
    rows = [row for row in rows if row.needed or row.there]
    for row in rows if explain else rows[:_MOST_GAPS]:
        said = f"{row.needed:.2f} needed, {row.there:.2f} there"
        missing = f", {row.gap:.2f} missing" if row.gap > 0 else ""
        skill = output.padded(row.skill, 22)
        yield f"  {'!' if row.gap > 0 else ' '} {row.month:%Y-%m}  {skill} {said}{missing}"
    if not explain and len(rows) > _MOST_GAPS:
        yield f"  and {len(rows) - _MOST_GAPS:,} more: kedge budget --explain"
    for skill in found.without_person:
        yield from wrapped(f"no person has the skill {skill}, which open cards ask for", "    ", "  ! ")
    yield ""


# ---- for programs


def _data(shown: Sequence[ProjectBudget]) -> dict[str, Any]:
    projects = [_project_data(one) for one in shown]
    one = projects[0] if len(projects) == 1 else None
    spent = [project.spent for project in shown if project.spent is not None]
    return {
        "stages": [{"project": each["id"], **stage} for each in projects for stage in each["stages"]],
        "spent": sum(spent) if spent else None,
        "planned": sum(project.planned for project in shown),
        "projects": projects,
        "not_counted": one["not_counted"] if one else _added(projects),
    }


def _added(projects: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    found: dict[str, int] = {}
    for project in projects:
        for one in project["not_counted"]:
            found[one["what"]] = found.get(one["what"], 0) + one["count"]
    return [{"what": what, "count": count} for what, count in found.items()]


def _project_data(one: ProjectBudget) -> dict[str, Any]:
    lacking = [{"what": what, "count": count} for what, count in one.not_counted.items()]
    if one.assumed:
        lacking.append({"what": "people without a day rate", "count": len(one.assumed)})
    return {
        "id": one.project,
        "stages": [_stage_data(stage) for stage in one.stages],
        "p50": one.whole.cost(0.5),
        "p80": one.whole.cost(0.8),
        "by_kind": one.whole.by_kind(0.5),
        "spent": one.spent,
        "planned": one.planned,
        "planned_so_far": one.planned_so_far,
        "assumed_rates": dict(one.assumed),
        "not_counted": lacking,
    }


def _stage_data(stage: StageBudget) -> dict[str, Any]:
    return {
        "id": stage.id,
        "p50": stage.cost(0.5),
        "p80": stage.cost(0.8),
        "cap": stage.cap,
        "approved": stage.approved,
        "by_kind": stage.by_kind(0.5),
        "by_kind_p80": stage.by_kind(0.8),
        "done": stage.done,
        "over_cap": stage.over(stage.cap),
        "over_approved": stage.over(stage.approved),
    }


def _headcount_data(found: Headcount) -> dict[str, Any]:
    return {
        "unit": "person-months",
        "planned_load": found.planned_load,
        "months": [
            {
                "skill": row.skill,
                "month": f"{row.month:%Y-%m}",
                "needed": row.needed,
                "there": row.there,
                "gap": row.gap,
            }
            for row in found.rows
        ],
        "without_person": list(found.without_person),
    }

"""When a project would earn: how long it builds, what that delays, and when it has paid back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from ..plan.plan import Plan
from ..playbook.part import STAGE_ORDER
from ..records.project import Project
from ..text.figure import Explained, Figure, MaybeFigure, MissingFigure, figure_of, written
from .project_figures import WEEKS_PER_YEAR, Answers, given, is_usable

DAYS_PER_WEEK = 5
"""Working days; waits for access are counted in them."""


def weeks(plan: Plan, said: Answers, project: Project) -> MaybeFigure:
    """Of work to the next gate: what the strategy gives the stage, else the time box."""
    name, question = "Weeks to the next gate", "stage-timebox"
    stage = plan.strategy(project.id).stages.get(project.stage)
    found = stage.weeks if stage is not None and is_usable(stage.weeks) else None
    source = f"weeks of stage {project.stage} in the strategy"
    if found is None:
        found, source = said.number(question), question
    if found is None or found <= 0:
        return MissingFigure(name, "a time box of more than 0 weeks", question)
    return given(name, found, "weeks", source)


def building_time(plan: Plan, said: Answers, project: Project, box: MaybeFigure) -> MaybeFigure:
    """From today to the first day of gain: the wait for data, then the time box, or the training if that is longer."""
    name = "Building time"
    training = said.figure("pri-cost", "weeks to train and evaluate")
    wait, dataset = _wait_for_data(plan, project)
    if isinstance(box, MissingFigure) and training is None and not wait:
        return replace(box, name=name)
    own, longest = figure_of(box), max(figure_of(box), training or 0.0)
    inputs: dict[str, Figure] = {"time box": own}
    if training is not None:
        inputs["weeks to train and evaluate"] = training
    if wait:
        inputs[f"wait for {dataset}"] = wait
    total = wait + longest
    return Explained(
        name,
        total,
        "weeks",
        "wait until the first dataset may be used + the longer of time box and weeks to train and evaluate",
        inputs,
        (f"{written(wait)} + {written(longest)} = {written(total)}",),
        "own",
        {"value": total},
    )


def _wait_for_data(plan: Plan, project: Project) -> tuple[float, str]:
    """Weeks until the first dataset may be used, and which it is; none where one may be used already."""
    datasets = plan.datasets(project.id)
    if any(one.access in ("open", "granted") for one in datasets):
        return 0.0, ""
    asked = [
        (one.approval_days / DAYS_PER_WEEK, one.id)
        for one in datasets
        if one.access == "asked" and one.approval_days is not None and is_usable(one.approval_days)
    ]
    return min(asked, default=(0.0, ""))


def first_day_of_gain(begin: dt.date, building: MaybeFigure) -> dt.date | None:
    """The day after a building time that begins on a day; None where it is not known, or beyond the calendar."""
    if not isinstance(building, Explained):
        return None
    days = round(building.value * 7)
    return begin + dt.timedelta(days=days) if days < (dt.date.max - begin).days else None


def delay_in_years(building: MaybeFigure) -> float:
    """By how many years the building time delays the gain; not at all where it is not known."""
    return figure_of(building) / WEEKS_PER_YEAR


def pay_back(
    present: MaybeFigure, building: MaybeFigure, cost: MaybeFigure, later: MaybeFigure, horizon: float
) -> MaybeFigure:
    """Years from today until the gain, if it works, has brought in what it cost; not discounted."""
    name = "Pay-back if it works"
    for known in (present, cost, later):
        if isinstance(known, MissingFigure):
            return replace(known, name=name)
    assert isinstance(present, Explained)
    net, spent, wait = present.number("net"), figure_of(cost) + figure_of(later), delay_in_years(building)
    if net <= 0:
        return MissingFigure(
            name, f"a net gain above 0 a year; it is {written(net)}, and never pays back", "pri-gain"
        )
    years = wait + spent / net
    steps = (
        f"building time = {written(figure_of(building))} / {WEEKS_PER_YEAR} = {written(wait)} years",
        f"{written(wait)} + ({written(figure_of(cost))} + {written(figure_of(later))}) / {written(net)}"
        f" = {written(years)}",
    )
    late = f"after the {written(horizon)} years of use that count" if years > wait + horizon else ""
    notes = () if isinstance(building, Explained) else ("building time not known: it counts as nothing",)
    return Explained(
        name,
        years,
        "years",
        "building time + (cost to the next gate + cost after it) / net per year; not discounted",
        {"net per year": net, "cost": spent},
        steps,
        "own",
        {"value": years},
        notes=(*notes, *filter(None, [late])),
    )


def last_day(begin: dt.date, weeks: float) -> dt.date | None:
    """The last day of a time box that begins on a day; None where that is beyond the calendar."""
    try:
        return begin + dt.timedelta(weeks=weeks, days=-1)
    except OverflowError:
        return None


def time_boxes(plan: Plan, said: Answers, project: Project, today: dt.date) -> dict[str, dt.date]:
    """The last day of each stage from the project's own on, one after the other.

    The first begins on the day on which the cycle began, today where that is not said. What follows a stage without a
    time box has no last day.
    """
    found: dict[str, dt.date] = {}
    begin = project.started or today
    box = weeks(plan, said, project)
    lengths = {name: one.weeks for name, one in plan.strategy(project.id).stages.items()}
    lengths[project.stage] = box.value if isinstance(box, Explained) else None
    own = STAGE_ORDER[project.stage]
    for stage in (one for one, at in STAGE_ORDER.items() if at >= own):
        length = lengths.get(stage)
        end = last_day(begin, length) if is_usable(length) and length else None
        if end is None:
            break
        found[stage] = end
        begin = end + dt.timedelta(days=1)
    return found

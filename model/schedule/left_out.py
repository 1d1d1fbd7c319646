"""What has no place from the start: what no person can do, what is too far away, and what waits for either."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..capacity.calendar import HALF_DAYS
from ..capacity.presence import Presence
from ..snapshot.snapshot import Snapshot
from ..text.dates import say_date
from ..text.figure import written
from .axes import Axes
from .parts import span
from .problem import FAR_YEARS, NEEDS_LEFT_OUT, NOBODY_THERE, TOO_FAR, Problem
from .tasks import Task

_LONGEST = FAR_YEARS * 366 * HALF_DAYS


def hopeless(
    snapshot: Snapshot,
    tasks: Mapping[str, Task],
    staffed: Mapping[str, tuple[Presence, ...]],
    axes: Axes,
) -> dict[str, Problem]:
    """The tasks that no person can do, or that end beyond any plan, each with why."""
    found: dict[str, Problem] = {}
    for task in tasks.values():
        problem = _too_far(task, staffed[task.id], axes) or _nobody(snapshot, task, staffed[task.id], axes)
        if problem is not None:
            found[task.id] = problem
    return found


def _too_far(task: Task, people: Sequence[Presence], axes: Axes) -> Problem | None:
    work = min([span(task.work, one.share) for one in people], default=task.work)
    if work > _LONGEST:
        name = "remaining" if task.is_running and task.card.remaining is not None else "estimate"
        said = f"{written(task.work / HALF_DAYS)} days of work are more than {FAR_YEARS} years; left out"
        return Problem(TOO_FAR, task.card.address, said, (name,), "split it, or correct the figure")
    for index, need in enumerate(task.needs):
        if abs(need.lag) > _LONGEST:
            said = f"a lag of {written(need.lag / HALF_DAYS)} days is more than {FAR_YEARS} years; left out"
            return Problem(TOO_FAR, task.card.address, said, ("needs", index), "correct the lag")
    if task.fixed is not None and not axes.earliest <= task.fixed <= axes.far:
        return Problem(
            TOO_FAR,
            task.card.address,
            f"{task.fixed} is too far from today; left out",
            ("fixed",),
            "correct the date",
        )
    if task.fixed is None and task.release > axes.far:
        name = "not_before" if task.released_by == "not_before" else ""
        said = f"{task.release} is more than {FAR_YEARS} years away; left out"
        return Problem(TOO_FAR, task.card.address, said, (name,) if name else (), "correct the date")
    return None


def _nobody(snapshot: Snapshot, task: Task, people: Sequence[Presence], axes: Axes) -> Problem | None:
    card, today = task.card, snapshot.today
    if task.owner is None and task.skill is None:
        return None
    field = ("owner",) if task.owner else ("skill",)
    who = task.owner or f"whoever has the skill {task.skill}"
    if not people:
        said = (
            f"{task.owner} has no time for {task.project} (a share of 0)"
            if task.owner
            else f"no person in the plan has the skill {task.skill}"
        )
        hint = "name another owner, or give them a share" if task.owner else "name an owner who can do it"
        return Problem(NOBODY_THERE, card.address, f"{said}; left out", field, hint)
    if any(one.last is None for one in people):
        return None
    start = task.fixed or task.release
    calendars = axes.at(0)
    for one in people:
        working = calendars.of(one)
        opening = working.opening(calendars.axis.moment(start))
        if opening is not None and working.end(opening, span(task.work, one.share)) is not None:
            return None
    last = max(one.last for one in people if one.last is not None)
    if any(one.last is not None and one.last > calendars.axis.last for one in people):
        return None  # the axis ends before they leave
    said = f"{who} is there until {say_date(last, today)}, which is before it can be finished; left out"
    return Problem(NOBODY_THERE, card.address, said, field, "name another owner, or make the card smaller")


def without_waiters(tasks: Mapping[str, Task], gone: dict[str, Problem]) -> dict[str, Task]:
    """The tasks without those that have no place and those that wait for one; the latter are named, too.

    What is pinned or in progress waits for nothing.
    """
    if not gone:
        return dict(tasks)
    needed_by: dict[str, list[str]] = {}
    for task in tasks.values():
        for need in task.needs:
            needed_by.setdefault(need.before, []).append(task.id)
    left = list(gone)
    while left:
        before = left.pop()
        for name in needed_by.get(before, ()):
            if name not in gone and tasks[name].fixed is None:
                gone[name] = waits_for(tasks[name], before)
                left.append(name)
    return {name: task for name, task in tasks.items() if name not in gone}


def waits_for(task: Task, before: str) -> Problem:
    index = next((at for at, need in enumerate(task.needs) if need.before == before), 0)
    return Problem(
        NEEDS_LEFT_OUT,
        task.card.address,
        f"needs {before}, which has no date; left out",
        ("needs", index),
        f"see what is said of {before}",
    )

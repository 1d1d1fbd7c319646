"""A145 to A147: days and goals that cannot be: done tomorrow, wanted yesterday, better by nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import cast

from ..records.base import Entry, Record, with_entries
from ..records.dataset import Dataset
from ..records.delivery import Monitor, MonitorReading, Rollout
from ..records.governance import Decision, Review, Risk
from ..records.project import Constraint, Goal, Project, Stakeholder, Technique, Unknown
from ..records.strategy import Budget, Metric
from ..text.amounts import counted
from .rule import PLAYBOOK, Hit, Rule, View, per_active, per_record

DONE_ON: Mapping[type[Entry], tuple[str, ...]] = {
    Dataset: ("asked_on", "checked_on"),
    Stakeholder: ("briefed_on", "metrics_signed_on", "feasibility_checked_on"),
    Metric: ("measured_on",),
    Budget: ("spent_until",),
    Decision: ("date",),
    Review: ("date",),
    Rollout: ("rehearsed_on",),
    Monitor: ("last_fired", "last_tested"),
    MonitorReading: ("read_at",),
}
"""Days on which something was done, which cannot lie ahead."""


def _name(record: Record, path: tuple[str, ...], entry: Entry) -> str:
    if isinstance(entry, MonitorReading):
        return f"a reading of {record.id}"
    return entry.label or path[-1] if path else record.id


def done_in_the_future(record: Record, view: View) -> Iterator[Hit]:
    """Something that was done on a day that is still to come."""
    for path, entry in with_entries(record):
        for field in DONE_ON.get(type(entry), ()):
            said = getattr(entry, field)
            # A moment is in UTC, where the next day may have begun.
            is_moment = isinstance(said, str)
            day = dt.datetime.fromisoformat(said).date() if is_moment else said
            if day is not None and (day - view.today).days > is_moment:
                name = _name(record, path, entry)
                yield Hit(
                    record.address,
                    f"{name}: {field} is {day}, which is {counted((day - view.today).days, 'day')} ahead",
                    (*path, field),
                    "write the day on which it was done; it counts from then on",
                )


def day_has_passed(project: Project, view: View) -> Iterator[Hit]:
    """A day by which something was wanted, and which has passed without it."""
    for record in (
        project,
        *view.plan.datasets(project.id),
        *view.plan.of_kind("risk", project.id),
    ):
        for path, entry in with_entries(record):
            field, said = _wanted_by(entry)
            day = cast("dt.date | None", getattr(entry, field)) if field else None
            if day is not None and day < view.today:
                name = _name(record, path, entry)
                yield Hit(
                    record.address,
                    f"{name}: {said} by {day}, {counted((view.today - day).days, 'day')} ago",
                    (*path, field),
                    "say what came of it, or set a day ahead",
                )


def _wanted_by(entry: Entry) -> tuple[str, str]:
    """The field with the day by which something is still wanted, and what; nothing where it is done."""
    match entry:
        case Goal():
            return "by", "wanted"
        case Project():
            return "due", "promised"
        case Unknown(answer=None):
            return "due", "to be found out"
        case Constraint() | Technique():
            return "review_by", "due for review"
        case Risk(state="open"):
            return "review_by", "due for review"
        case Dataset(personal_data=True):
            return "delete_after", "to be deleted"
        case _:
            return "", ""


LEAST_MOVE = 0.001
"""Share of today's value by which a goal moves at least; our own."""


def goal_stands_still(project: Project, view: View) -> Iterator[Hit]:  # noqa: ARG001
    """A goal whose target is what there is today, or next to it."""
    for key, goal in project.goals.items():
        start, target = goal.start, goal.target
        if start is not None and target is not None and abs(target - start) <= LEAST_MOVE * abs(start):
            near = "which is" if start == target else f"next to {start:g},"
            yield Hit(
                project.address,
                f"{goal.label or key}: the target is {target:g}, {near} today's value",
                ("goals", key, "target"),
                f"say what must get better, and by how much: kedge goal set {key} target=…",
            )


RULES = (
    Rule(
        "A145",
        "done-in-the-future",
        "warning",
        "What was done has a day that has passed. With a day ahead it keeps a gate open that should ask again.",
        "Write the day on which it was done.",
        PLAYBOOK + "gate-assess",
        "checked_on = 2027-01-04",
        per_record(done_in_the_future),
    ),
    Rule(
        "A146",
        "day-has-passed",
        "warning",
        "A goal whose date has passed can no longer be reached, and what was to be found out by then is still open.",
        "Say what came of it, or set a new day, with the person who wanted it.",
        PLAYBOOK + "disc-outcome, disc-unknowns",
        "by = 2026-06-30",
        per_active(day_has_passed, "dataset", "risk"),
    ),
    Rule(
        "A147",
        "goal-stands-still",
        "warning",
        "A goal that asks for today's value is reached by doing nothing.",
        "Write a target that is better than today.",
        PLAYBOOK + "disc-outcome",
        "start = 12.0\ntarget = 12.0",
        per_active(goal_stands_still),
    ),
)

"""A119 and A125: days that no plan means, and people who are not there while the plan counts on them.

A day of another century keeps a limit from ever ending, and moves every figure that is worked out from it. Who has
left, or is away until the end, can neither decide nor find out what the plan expects of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cache

from ..capacity.presence import presence
from ..plan.field_spec import shapes
from ..plan.references import references
from ..records.address import Address
from ..records.assessment import Answer
from ..records.base import Entry, Record, with_entries
from ..records.dataset import Dataset, Profile
from ..records.governance import Decision, Risk
from ..records.person import Absence, Person
from ..records.project import Constraint, Project, Stakeholder, Technique, Unknown, Waiver
from ..records.strategy import Strategy
from ..snapshot.snapshot import Snapshot
from ..value.project_figures import Answers
from .rule import PLAYBOOK, Hit, Rule, View, per_active, per_record

# ---- days

DAYS_OF_YEAR = 365.25
USUAL = 10
"""Years ahead or back within which a day may lie where no other limit is given; all limits are our own."""
AHEAD: Mapping[tuple[type[Entry], str], int] = {
    (Answer, "valid_until"): 3,
    (Waiver, "expires"): 2,
    (Decision, "next_review"): 2,
    (Risk, "review_by"): 2,
    (Constraint, "review_by"): 3,
    (Technique, "review_by"): 3,
    (Unknown, "due"): 3,
    (Project, "started"): 2,
    (Absence, "first"): 3,
    (Absence, "last"): 3,
    (Person, "end"): 50,
    (Dataset, "delete_after"): 30,
}
"""Years ahead, by field: a judgement, a waiver and a review end soon, what law asks to keep is kept for long."""
BACK: Mapping[tuple[type[Entry], str], int] = {
    (Project, "started"): 5,
    (Stakeholder, "briefed_on"): 3,
    (Stakeholder, "metrics_signed_on"): 3,
    (Stakeholder, "feasibility_checked_on"): 3,
    (Person, "start"): 60,
}
"""Years back, by field: what people were told or agreed to fades, and a cycle of a project lasts months."""
OF_DATA = (Profile,)
"""Entries whose days are measured in data, which may be as old as they like."""


@cache
def _days(model: type[Entry]) -> tuple[str, ...]:
    return tuple(name for name, shape in shapes(model).items() if shape.control == "date")


def day_far_off(record: Record, view: View) -> Iterator[Hit]:
    """A day so far ahead or back that it was probably mistyped, or never ends."""
    for path, entry in with_entries(record):
        model = type(entry)
        for field in _days(model) if model not in OF_DATA else ():
            day: dt.date | None = getattr(entry, field)
            if day is None:
                continue
            years = (day - view.today).days / DAYS_OF_YEAR
            limits = AHEAD if years > 0 else BACK
            most = limits.get((model, field), USUAL)
            if abs(years) > most:
                side = "ahead" if years > 0 else "back"
                name = (entry.label or path[-1]) if path else record.id
                yield Hit(
                    record.address,
                    f"{name}: {field} is {day}, "
                    f"{abs(years):.0f} years {side}; more than {most} were probably mistyped",
                    (*path, field),
                    _HINTS.get(field, "write the year that is meant"),
                )


_HINTS: Mapping[str, str] = {
    "valid_until": "say until when it holds: laws and data change, so a day within three years",
    "expires": "set a day on which the question is asked again",
    "last": "a person who does not come back has an end: kedge person set ID end=DATE",
    "started": "write the first day of this cycle",
}


# ---- people

OWNED = ("dataset", "risk", "strategy", "monitor")
"""Kinds of records, besides the project's own, that say who answers for something. Of cards R212 and the schedule
speak."""
LIVE_FIELDS = frozenset({"owner", "lead", "sponsor"})
"""Fields that name who answers for something from now on; who approved or decided may have left since."""
LEAST_THERE = 0.1
"""Share of the days to the end of the project on which a person has to be there to answer for anything."""
WITHOUT_END = 90
"""Days to look ahead where a project has neither a date nor a time box."""


def answers_and_is_gone(project: Project, view: View) -> Iterator[Hit]:
    """A lead, a sponsor or an owner who has left, or is away until the project ends."""
    end = _end(view.snapshot, project)
    yield from never_there(project, view, end)
    gone: dict[str, str] = {}
    records = (one for kind in OWNED for one in view.plan.of_kind(kind, project.id))
    for record in (project, *records):
        for path, _, person, is_key in references(record, with_words=True):
            field = str(path[-1])
            is_person = person in view.plan.people and (field in LIVE_FIELDS or is_key)
            if not is_person or not _is_open(record, path, view.today):
                continue
            if person not in gone:
                gone[person] = _absence(view, person, end)
            if gone[person]:
                what = record.id if len(path) == 1 else str(path[-1] if is_key else path[-2])
                role = "works on it" if is_key else f"is its {field}"
                yield Hit(
                    record.address,
                    f"{what}: {person} {role}, and {gone[person]}",
                    path,
                    f"name another person, or correct the days: kedge person set {person} end=DATE",
                )


def never_there(project: Project, view: View, end: dt.date) -> Iterator[Hit]:
    """A part in a project that begins when it is to be over, or was over before it began."""
    for name, part in view.plan.strategy(project.id).people.items():
        late = part.start is not None and part.start > end
        early = part.end is not None and project.started is not None and part.end < project.started
        if late or early:
            said = (
                f"begins on {part.start}, after {end}"
                if late
                else f"ended on {part.end}, before {project.started}"
            )
            yield Hit(
                Address("strategy", project.id, "strategy"),
                f"{name}: the part in {project.id} {said}",
                ("people", name, "start" if late else "end"),
                f"correct the days, or take the part out: kedge allocation set {name} start=… end=…",
            )


def _is_open(record: Record, path: tuple[str | int, ...], today: dt.date) -> bool:
    """Whether what names a person still expects something of them."""
    if isinstance(record, Strategy) and path[0] == "people":
        end = record.people[str(path[1])].end
        return end is None or end >= today
    if isinstance(record, Risk):
        return record.state == "open"
    if isinstance(record, Project) and path[0] == "unknowns":
        return record.unknowns[str(path[1])].answer is None
    return True


def _end(snapshot: Snapshot, project: Project) -> dt.date:
    """Until when people are counted on: the promised date, else the time box, else a quarter."""
    if project.due is not None and project.due > snapshot.today:
        return project.due
    weeks = Answers(snapshot, project.id).number("stage-timebox")
    return snapshot.today + dt.timedelta(min(weeks * 7, 3_650) if weeks and weeks > 0 else WITHOUT_END)


def _absence(view: View, person: str, end: dt.date) -> str:
    """Why a person is not there from today to a day, or on next to none of the days; empty where they are."""
    there, today = presence(view.plan, person, project=""), view.today
    if there.last is not None and there.last < today:
        return f"left on {there.last}"
    if there.first is not None and there.first > end:
        return f"is there from {there.first} on, after {end}, when it is to be over"
    first, last = max(there.first or today, today), min(there.last or end, end)
    away, seen = 0, first - dt.timedelta(1)
    for begin, until in there.absences:
        begin, until = max(begin, seen + dt.timedelta(1)), min(until, last)
        if begin <= until:
            away, seen = away + (until - begin).days + 1, until
    if (last - first).days + 1 - away < LEAST_THERE * ((end - today).days + 1):
        return (
            f"is there on {(last - first).days + 1 - away} of the {(end - today).days + 1} days until {end}"
        )
    return ""


RULES = (
    Rule(
        "A119",
        "day-far-off",
        "warning",
        "A day of another century keeps a limit from ever ending, and moves what is worked out from it: the gain, the "
        "schedule, what is asked again.",
        "Write the year that is meant, or a nearer day on which it is looked at again.",
        PLAYBOOK + "disc-risk-class, disc-outcome; the limits are our own",
        "valid_until = 2099-01-01",
        per_record(day_far_off),
    ),
    Rule(
        "A125",
        "answers-and-is-gone",
        "warning",
        "What a person answers for who is not there is done by no one, and found out late.",
        "Name another person, or correct the days on which they are there.",
        PLAYBOOK + "disc-outcome, disc-unknowns",
        "end = 2026-03-31",
        per_active(answers_and_is_gone, "person", "assessment", *OWNED),
    ),
)

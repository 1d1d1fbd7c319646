"""The person: who does the work, and when they are there."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from .base import Entry, FormGroups, Groups, Record
from .fields import Line, Money, Share, Tags, Text, field, required


class Absence(Entry):
    """Days on which a person is away."""

    LABEL: ClassVar[str] = "reason"
    GROUPS: ClassVar[Groups] = (("first", "last", "reason"),)

    first: dt.date | None = field("first day away")
    last: dt.date | None = field("last day away; the first one where it is missing")
    reason: Line = field("why, as far as others need to know", default="")


class Person(Record):
    """A person who works on the plan's projects."""

    KIND: ClassVar[str] = "person"
    LABEL: ClassVar[str] = "name"
    GROUPS: ClassVar[Groups] = (
        ("name",),
        ("role", "team"),
        ("skills",),
        ("share", "day_rate"),
        ("start", "end"),
        ("owner_after_launch",),
        ("notes",),
    )
    FORM: ClassVar[FormGroups] = (
        ("Who", ("name", "role", "team", "skills", "owner_after_launch")),
        ("When", ("share", "start", "end", "day_rate")),
        ("Notes", ("notes",)),
    )

    name: Line = required("the name as others write it")
    role: Line | None = field("role in the projects, such as `data-scientist`")
    team: Line | None = field("the team; links between teams are hand-overs")
    skills: Tags = field("what they can do; cards without owner ask for a skill", default=())
    share: Share = field("share of their time that these projects have", default=1.0)
    day_rate: Money | None = field("cost of one working day", unit="the board's currency")
    start: dt.date | None = field("first day on which they are there")
    end: dt.date | None = field("last day on which they are there")
    owner_after_launch: bool = field("whether they look after what is live", default=False)
    notes: Text = field("whatever else there is to say", default="")
    absences: dict[str, Absence] = field("days away", default={})

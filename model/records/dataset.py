"""The dataset: data that a project needs, whether it may use it, and how good it is."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

from .base import Entry, FormGroups, Groups, Record
from .fields import (
    Amount,
    Checks,
    Count,
    Grade,
    Line,
    Money,
    Owner,
    Paths,
    Share,
    Strings,
    Text,
    field,
    required,
)


class Column(Entry):
    """What was measured of one column."""

    LABEL: ClassVar[str] = "type"
    GROUPS: ClassVar[Groups] = (("type", "critical"), ("missing_share", "distinct", "outliers"))

    type: Line | None = field("type in the source")
    critical: bool = field("whether the project cannot do without it", default=False)
    missing_share: Share | None = field("share of rows without a value")
    distinct: Count | None = field("number of different values")
    outliers: Count | None = field("number of outliers")


class Profile(Entry):
    """What was measured of the whole file."""

    LABEL: ClassVar[str] = "source"
    GROUPS: ClassVar[Groups] = (("source", "sha256"), ("duplicates", "first_date", "last_date"), ("method",))

    source: Line | None = field("the file that was measured")
    sha256: Line | None = field("its hash")
    duplicates: Count | None = field("rows that are there twice")
    first_date: dt.date | None = field("first day covered")
    last_date: dt.date | None = field("last day covered")
    method: Line | None = field("how outliers were found")


class Dataset(Record):
    """Data that a project needs."""

    KIND: ClassVar[str] = "dataset"
    GROUPS: ClassVar[Groups] = (
        ("title",),
        ("owner", "location"),
        ("origin", "licence"),
        ("access", "asked_on", "approval_days"),
        ("rows", "refresh"),
        ("personal_data", "lawful_ground", "delete_after"),
        ("labels",),
        ("available", "quality", "relevance"),
        ("cost", "label_cost"),
        ("checked_on",),
        ("explored",),
        ("gaps",),
        ("links",),
        ("notes",),
    )
    FORM: ClassVar[FormGroups] = (
        ("What", ("title", "location", "origin", "licence", "rows", "refresh", "labels")),
        ("Who", ("owner", "access", "approval_days", "personal_data", "lawful_ground", "delete_after")),
        ("Grades", ("available", "quality", "relevance", "cost", "label_cost")),
        ("When", ("checked_on", "explored", "gaps")),
        ("Links", ("links", "notes")),
    )

    title: Line = required("what it is called")
    owner: Owner | None = field("who owns it: a person's id or a team")
    location: Line | None = field("where it is")
    origin: Literal["own production", "client", "bought", "public", "simulated", "none"] | None = field(
        "where it comes from"
    )
    licence: Line | None = field("under which terms it may be used")
    access: Literal["open", "asked", "granted", "refused"] | None = field("whether the project may use it")
    asked_on: dt.date | None = field("when access was asked for")
    approval_days: Amount | None = field("how long access takes", unit="working days")
    rows: Count | None = field("number of rows")
    refresh: Line | None = field("how often it is renewed")
    personal_data: bool | None = field("whether it says something about people")
    lawful_ground: Line | None = field("why personal data may be used")
    delete_after: dt.date | None = field("date on which it is deleted")
    labels: Line | None = field("where the right answers come from")
    available: Grade | None = field("how available it is", unit="1 to 5")
    quality: Grade | None = field("how good it is", unit="1 to 5")
    relevance: Grade | None = field("how much it says about the question", unit="1 to 5")
    cost: Money | None = field("cost of getting it", unit="the board's currency")
    label_cost: Money | None = field("cost of its labels", unit="the board's currency")
    checked_on: dt.date | None = field("when it was explored last")
    explored: Checks = field("checks of the first look that were done", default=())
    gaps: Strings = field("what is missing or wrong; each offers a card", default=())
    links: Paths = field("paths in the repository, or addresses", default=())
    notes: Text = field("whatever else there is to say, as Markdown", default="")
    profile: Profile | None = field("what was measured of the file")
    columns: dict[str, Column] = field("what was measured of its columns", default={})

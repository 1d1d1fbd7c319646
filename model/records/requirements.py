"""Requirements: what the business asks, and what that means for the system."""

from __future__ import annotations

from typing import ClassVar, Literal

from .base import Entry, Groups, Record
from .fields import BusinessIds, Grade, Line, StakeholderId, Text, field, required

About = Literal[
    "requests per day",
    "requests per second at peak",
    "users",
    "predictions per run",
    "hours per run",
    "predictive quality",
    "p95 latency",
    "availability",
    "days results are kept",
    "cost per 1000 predictions",
    "explanation",
    "security",
    "regions",
]
"""What a business requirement can be about; the names that are figures are inputs of sizing."""


Size = Literal[
    "mode",
    "peak-load",
    "servers",
    "workers",
    "queue",
    "results-store",
    "unit-cost",
    "fallback",
    "exposure",
    "training-compute",
]
"""The figures of `kedge size`."""


class BusinessRequirement(Entry):
    """Something that the business asks for."""

    GROUPS: ClassVar[Groups] = (("title",), ("about", "figure", "unit"), ("check", "in_scope"), ("asked_by",))

    title: Line = required("what is asked for")
    about: About | None = field("what the figure counts, where sizing can use it")
    figure: float | None = field("its figure, where it has one")
    unit: Line | None = field("what the figure counts")
    check: Line | None = field("how one sees that it is met")
    in_scope: bool = field("whether it is part of this stage", default=True)
    asked_by: StakeholderId | None = field("the stakeholder who asks for it")


class TechnicalRequirement(Entry):
    """What a business requirement means for the system."""

    GROUPS: ClassVar[Groups] = (
        ("title",),
        ("sized", "figure", "unit"),
        ("serves",),
        ("check", "in_scope"),
        ("arithmetic",),
    )

    title: Line = required("what the system must do")
    sized: Size | None = field("which figure of `kedge size` it holds")
    figure: float | None = field("its figure, where it has one")
    unit: Line | None = field("what the figure counts")
    serves: BusinessIds = field("the business requirements that it serves", default=())
    check: Line | None = field("how one sees that it is met")
    in_scope: bool = field("whether it is part of this stage", default=True)
    arithmetic: Line | None = field("how the figure follows from the business one")


class Quality(Entry):
    """A quality of the system, or a concern of going into production: needed against reached."""

    LABEL: ClassVar[str] = "why"
    GROUPS: ClassVar[Groups] = (("needed", "reached"), ("why",))

    needed: Grade | None = field("how much of it this stage needs", unit="1 to 5")
    reached: Grade | None = field("how much of it there is", unit="1 to 5")
    why: Line | None = field("why that much")


class Requirements(Record):
    """A project's requirements and qualities."""

    KIND: ClassVar[str] = "requirements"
    GROUPS: ClassVar[Groups] = (("notes",),)

    notes: Text = field("whatever else there is to say", default="")
    business: dict[str, BusinessRequirement] = field("what the business asks", default={})
    technical: dict[str, TechnicalRequirement] = field("what that means for the system", default={})
    qualities: dict[str, Quality] = field("qualities, needed against reached", default={})
    concerns: dict[str, Quality] = field(
        "concerns of going into production, needed against reached", default={}
    )

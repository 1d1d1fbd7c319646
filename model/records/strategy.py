"""The strategy: stages, metrics, milestones, people, resources and money of a project."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

from .base import Entry, FormGroups, Groups, Record
from .fields import (
    Amount,
    Estimate,
    Line,
    MilestoneIds,
    Money,
    PersonId,
    Share,
    Stage,
    Strings,
    Text,
    field,
    required,
)
from .measured import MEASURED_KEYS, Measured


class StagePlan(Entry):
    """What one stage must prove, and what it may take."""

    LABEL: ClassVar[str] = "proves"
    GROUPS: ClassVar[Groups] = (
        ("proves",),
        ("stop_if",),
        ("exit_criteria",),
        ("cap", "approved", "approved_by"),
        ("weeks",),
    )

    proves: Line | None = field("what the stage must prove")
    stop_if: Line | None = field("the result at which one stops")
    exit_criteria: Strings = field("what must hold at its end", default=())
    cap: Money | None = field("the most that may be lost before the next gate", unit="the board's currency")
    approved: Money | None = field("money that is approved", unit="the board's currency")
    approved_by: PersonId | None = field("who approved it")
    weeks: Amount | None = field("time box", unit="weeks")


class Metric(Measured):
    """A measure of success, with baseline, target and the value at which one stops."""

    GROUPS: ClassVar[Groups] = (
        ("title",),
        ("role", "formula"),
        ("unit", "better"),
        ("baseline", "target", "kill", "limit"),
        ("by", "owner"),
        ("actual", "measured_on", "measured_in"),
        *MEASURED_KEYS,
    )
    FORM: ClassVar[FormGroups] = (
        ("What", ("title", "role", "formula", "unit", "better", "owner")),
        ("Aim", ("baseline", "target", "kill", "limit", "by")),
        ("Now", ("actual", "measured_on", "measured_in")),
    )

    title: Line = required("what is measured")
    role: Literal["primary", "secondary", "guardrail", "diagnostic"] = field(
        "what it is for", default="secondary"
    )
    formula: Line | None = field("how it is computed")
    unit: Line | None = field("what it is counted in")
    better: Literal["higher", "lower"] = field("which way is better", default="higher")
    baseline: float | None = field("value today, or of the simplest method")
    target: float | None = field("value that is wanted")
    kill: float | None = field("value at which the project stops")
    limit: float | None = field("for a guardrail: the worst value that is accepted")
    by: dt.date | None = field("date by which the target is wanted")
    owner: PersonId | None = field("who answers for it")
    actual: float | None = field("value that was measured last")
    measured_on: dt.date | None = field("when it was measured")


class Milestone(Entry):
    """A dated point that cards lead to."""

    GROUPS: ClassVar[Groups] = (
        ("title",),
        ("workstream", "stage"),
        ("owner", "estimate"),
        ("after",),
        ("due",),
        ("promised_to", "promised_date"),
    )
    FORM: ClassVar[FormGroups] = (
        ("What", ("title", "workstream", "stage", "after")),
        ("Who", ("owner", "estimate")),
        ("When", ("due", "promised_to", "promised_date")),
    )

    title: Line = required("what has been reached then")
    workstream: Literal["model", "data", "deployment", "other"] = field(
        "which work leads to it", default="other"
    )
    stage: Stage | None = field("the stage it belongs to")
    owner: PersonId | None = field("who answers for it")
    estimate: Estimate | None = field("low, likely and high, before there are cards", unit="working days")
    after: MilestoneIds = field("milestones that come first", default=())
    due: dt.date | None = field("date by which it is wanted")
    promised_to: Line | None = field("to whom a date was promised")
    promised_date: dt.date | None = field("the date that was promised")


class Allocation(Entry):
    """A person's part in this project."""

    LABEL: ClassVar[str] = "role"
    GROUPS: ClassVar[Groups] = (("role",), ("share",), ("start", "end"))

    role: Line | None = field("the role here")
    share: Share | None = field("share of their time for this project")
    start: dt.date | None = field("from when")
    end: dt.date | None = field("until when")


class Resource(Entry):
    """A tool, machine, licence, service or dataset that costs money or time to get."""

    GROUPS: ClassVar[Groups] = (
        ("title",),
        ("kind", "stage"),
        ("cost", "per", "quantity"),
        ("lead_days", "owner"),
    )

    title: Line = required("what it is")
    kind: Literal["tool", "machine", "licence", "service", "data", "labelling", "compute"] = field(
        "what kind of thing", default="tool"
    )
    stage: Stage | None = field("the stage that pays for it")
    cost: Money | None = field("price of one", unit="the board's currency")
    per: Literal["once", "month", "hour"] = field("what the price is for", default="once")
    quantity: Amount | None = field("how many, for how many months or hours")
    lead_days: Amount | None = field("days until it is there", unit="working days")
    owner: PersonId | None = field("who gets it")


class Budget(Entry):
    """How money is planned in this project."""

    GROUPS: ClassVar[Groups] = (("contingency", "spent"), ("spent_until",))

    contingency: Share = field("share added to the planned cost", default=0.15)
    spent: Money | None = field("money spent so far", unit="the board's currency")
    spent_until: dt.date | None = field("until when that is counted")


class Strategy(Record):
    """Where a project wants to go, by which steps, with whom and with what."""

    KIND: ClassVar[str] = "strategy"
    GROUPS: ClassVar[Groups] = (("vision",), ("notes",))

    vision: Line | None = field("the long-term aim in one sentence")
    notes: Text = field("whatever else there is to say", default="")
    budget: Budget = field("money", default=Budget())
    stages: dict[Stage, StagePlan] = field("what each stage must prove and may take", default={})
    metrics: dict[str, Metric] = field("measures of success", default={})
    milestones: dict[str, Milestone] = field("dated points", default={})
    people: dict[PersonId, Allocation] = field("who works on it, by the person's id", default={})
    resources: dict[str, Resource] = field("what must be bought or set up", default={})

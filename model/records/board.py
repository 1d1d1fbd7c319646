"""The board: the plan's settings."""

from __future__ import annotations

from typing import ClassVar, Literal

from .base import Entry, Groups, Record
from .fields import Amount, Count, Dates, Line, Money, ProjectId, Share, Strings, Tags, field
from .kinds import FORMAT_VERSION

Severity = Literal["error", "warning", "advice", "off"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Grouping = Literal["step", "status", "owner", "milestone", "stage"]


class Calendar(Entry):
    """When the team works."""

    GROUPS: ClassVar[Groups] = (
        ("weekdays", "hours_per_day"),
        ("holidays",),
        ("recurring",),
    )

    weekdays: tuple[Weekday, ...] = field(
        "the days of the week on which work is done",
        default=("mon", "tue", "wed", "thu", "fri"),
        strict=False,
    )
    hours_per_day: Amount = field("working hours in a day", unit="hours", default=8.0)
    holidays: Dates = field("days off for all", default=())
    recurring: Strings = field("days off for all that repeat, as rules of RFC 5545", default=())


class Limits(Entry):
    """How many open cards a column may hold before the board asks."""

    GROUPS: ClassVar[Groups] = (
        ("assess", "plan", "execute", "iterate"),
        ("doing_per_person",),
    )

    assess: Count | None = field("most cards in progress in Assess")
    plan: Count | None = field("most cards in progress in Plan")
    execute: Count | None = field("most cards in progress in Execute")
    iterate: Count | None = field("most cards in progress in Iterate")
    doing_per_person: Count | None = field("most cards in progress for one person")


class Estimates(Entry):
    """What the board assumes of estimates that do not say it themselves."""

    GROUPS: ClassVar[Groups] = (("default",), ("low", "high", "correlation"))

    default: Amount = field("what a card without an estimate is taken for", unit="working days", default=1.0)
    low: Share = field("low end of a single figure, as a share of it", default=0.75)
    high: Amount = field("high end of a single figure, as a multiple of it", default=2.0)
    correlation: Share = field("how much the cards of a project run late together", default=0.3)


class Funds(Entry):
    """What the portfolio may take."""

    GROUPS: ClassVar[Groups] = (("budget", "reserve", "planned_load"),)

    budget: Money | None = field("money for the next gates of all projects", unit="the board's currency")
    reserve: Share = field("share of the money that is held back", default=0.15)
    planned_load: Share = field("share of people's time that is planned", default=0.80)


class RuleSettings(Entry):
    """Which rules of `check` this plan follows."""

    GROUPS: ClassVar[Groups] = (("select",), ("ignore",))

    select: Tags = field("codes or families to use; empty means all", default=())
    ignore: Tags = field("codes or families to leave out", default=())
    severity: dict[str, Severity] = field("code = error, warning, advice or off", default={})


class ReviewPolicy(Entry):
    """What a change to the plan may not do without a person's word."""

    GROUPS: ClassVar[Groups] = (("fail_on",),)

    fail_on: Tags = field(
        "what makes `kedge diff` end with 1: `goal`, `date:3d`, `budget:5%`, `gate`, `scope`, `overload`",
        default=(),
    )


class View(Entry):
    """A saved filter, shared with everybody who has the plan."""

    GROUPS: ClassVar[Groups] = (("title", "query", "group"),)

    title: Line = field("its name in the list of views", default="")
    query: Line = field("what it shows, in the query language", default="")
    group: Grouping = field("what the columns are grouped by", default="step")


class Board(Record):
    """The plan's settings: format, calendar, money, limits, rules, views."""

    KIND: ClassVar[str] = "board"
    GROUPS: ClassVar[Groups] = (
        ("format",),
        ("title", "currency", "main_project"),
    )

    format: Count = field("version of the format on disk", default=FORMAT_VERSION)
    title: Line = field("what the plan is called", default="")
    currency: Line = field("the currency of all money, as its ISO 4217 code", default="EUR")
    main_project: ProjectId | None = field("the project that commands mean when none is named")
    calendar: Calendar = field("working days", default=Calendar())
    limits: Limits = field("work in progress", default=Limits())
    estimates: Estimates = field("spread of estimates", default=Estimates())
    funds: Funds = field("money and load for the portfolio", default=Funds())
    rules: RuleSettings = field("rules of check", default=RuleSettings())
    review: ReviewPolicy = field("what a change may not do", default=ReviewPolicy())
    views: dict[str, View] = field("saved views", default={})

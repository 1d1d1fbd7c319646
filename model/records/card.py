"""The card: a unit of work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import ClassVar, Literal

from .base import Entry, FormGroups, Groups, Record
from .fields import (
    Amount,
    DatasetIds,
    Estimate,
    Line,
    MilestoneId,
    Needs,
    Paths,
    PersonId,
    Rank,
    Stage,
    Tags,
    Text,
    field,
    required,
)

Status = Literal["todo", "doing", "done", "dropped"]
STATUS_WORDS: Mapping[str, str] = {
    "todo": "to do",
    "doing": "in progress",
    "done": "done",
    "dropped": "dropped",
}
"""What people call a status, whatever the file calls it."""


class ChecklistItem(Entry):
    """One line of a card's checklist."""

    LABEL: ClassVar[str] = "text"
    GROUPS: ClassVar[Groups] = (("done", "rank", "text"),)

    done: bool = field("whether it is ticked", default=False)
    rank: Rank = field("where it is among the others: smaller texts first", default="a0")
    text: Line = required("what is to be done")


class Card(Record):
    """A unit of work at a place of the method, with owner, estimate and links."""

    KIND: ClassVar[str] = "card"
    GROUPS: ClassVar[Groups] = (
        ("title",),
        ("place", "rank"),
        ("status", "stage", "milestone"),
        ("owner", "skill", "estimate", "remaining"),
        ("not_before", "fixed", "due"),
        ("needs",),
        ("datasets",),
        ("tags",),
        ("blocked", "dropped"),
        ("links", "offered_by"),
        ("notes",),
    )
    FORM: ClassVar[FormGroups] = (
        ("What", ("title", "place", "status", "stage", "milestone")),
        ("Who", ("owner", "skill", "estimate", "remaining")),
        ("When", ("not_before", "fixed", "due")),
        ("Links", ("needs", "datasets", "tags")),
        ("Notes", ("checklist", "notes", "links")),
    )

    title: Line = required("what is to be done, in one line")
    place: Line = field(
        "the phase, with its step where that is known: `execute/data-pipeline`",
        label="Where",
        default="assess",
    )
    rank: Rank = field("where it is in its group: smaller texts first", default="a0")
    status: Status = field("todo, doing, done or dropped", default="todo")
    stage: Stage | None = field("the stage it belongs to: mvp, growth or maturity")
    milestone: MilestoneId | None = field("the milestone it leads to")
    owner: PersonId | None = field("the person who does it")
    skill: Line | None = field("the skill it takes, where no owner is named yet")
    estimate: Estimate | None = field("one figure, or low, likely and high", unit="working days")
    remaining: Amount | None = field("work that is left, where that is known better", unit="working days")
    not_before: dt.date | None = field("the first day on which it can start")
    fixed: dt.date | None = field("the morning on which it starts, whatever links and people say")
    due: dt.date | None = field("the due date")
    needs: Needs = field(
        "cards that come first: `label-audit-7k2m`, or with a kind of link and a lag: `schema-9x4p SS+2d`",
        default=(),
    )
    datasets: DatasetIds = field(
        "datasets that must be granted and explored before it starts", label="Data", default=()
    )
    tags: Tags = field("words to find it by", default=())
    blocked: Line | None = field("why it cannot go on, where the reason is not another card")
    dropped: Line | None = field("why it was dropped")
    links: Paths = field("paths in the repository, or addresses", default=())
    offered_by: Line | None = field(
        "the question or finding that offered it, so that it is never offered twice"
    )
    notes: Text = field("whatever else there is to say, as Markdown", default="")
    checklist: dict[str, ChecklistItem] = field("small steps that are ticked one by one", default={})
    allow: dict[str, Line] = field(
        "rules that do not apply here: code = reason", label="Allowed findings", default={}
    )

    @property
    def phase(self) -> str:
        """The first half of the place."""
        return self.place.partition("/")[0]

    @property
    def step(self) -> str:
        """The second half of the place; empty at the top of the column."""
        return self.place.partition("/")[2]

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do."""
        return self.status in ("todo", "doing")

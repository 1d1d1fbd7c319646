"""What was feared, decided and looked back on: risks, decisions, reviews."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

from .base import Entry, FormGroups, Groups, Record
from .fields import (
    Count,
    DecisionId,
    GateId,
    Grade,
    Line,
    MetricId,
    Money,
    Named,
    Paths,
    PersonId,
    Stage,
    Strings,
    Tags,
    Text,
    field,
    required,
)


class Risk(Record):
    """Something that may go wrong."""

    KIND: ClassVar[str] = "risk"
    GROUPS: ClassVar[Groups] = (
        ("title",),
        ("chance", "impact"),
        ("kind", "state"),
        ("sign",),
        ("action",),
        ("owner", "review_by"),
        ("tags",),
        ("links",),
        ("notes",),
    )
    FORM: ClassVar[FormGroups] = (
        ("What", ("title", "kind", "chance", "impact", "state", "sign")),
        ("Then", ("action", "owner", "review_by")),
        ("Links", ("tags", "links", "notes")),
    )

    title: Line = required("what may go wrong, as a statement")
    chance: Grade | None = field("how likely it is", unit="1 to 5")
    impact: Grade | None = field("how bad it would be", unit="1 to 5")
    kind: Literal["inherent", "avoidable"] | None = field("whether planning can avoid it")
    state: Literal["open", "happened", "accepted", "closed"] = field(
        "how far it is; a person accepts what nothing more is done about", default="open"
    )
    sign: Line | None = field("how one notices that it begins")
    action: Line | None = field("what is done about it")
    owner: PersonId | None = field("who watches it")
    review_by: dt.date | None = field("date by which it is looked at again")
    tags: Tags = field("words to find it by", default=())
    links: Paths = field("paths in the repository, or addresses", default=())
    notes: Text = field("whatever else there is to say, as Markdown", default="")


class Judgement(Entry):
    """What a person who decides makes of a condition that is not computed."""

    LABEL: ClassVar[str] = "reason"
    GROUPS: ClassVar[Groups] = (("verdict", "reason"),)

    verdict: Literal["met", "not met"] | None = field("whether it holds")
    reason: Line | None = field("why, in a few words")


class Decision(Record):
    """What was decided, by whom and why; never rewritten afterwards."""

    KIND: ClassVar[str] = "decision"
    GROUPS: ClassVar[Groups] = (
        ("title",),
        ("gate", "outcome"),
        ("date", "by", "recorded_by"),
        ("why",),
        ("changes",),
        ("conditions",),
        ("override",),
        ("next_review",),
        ("links",),
        ("notes",),
    )
    FORM: ClassVar[FormGroups] = (
        ("What", ("title", "gate", "outcome", "why", "changes", "conditions")),
        ("Who", ("by", "recorded_by", "override")),
        ("When", ("date", "next_review")),
        ("Links", ("links", "notes")),
    )

    title: Line = required("what was decided")
    gate: GateId | None = field("the gate it belongs to: `gate-assess`")
    outcome: Line | None = field("go, hold, recycle, kill and so on")
    date: dt.date | None = field("when")
    by: PersonId | None = field("who decided; at a gate not the lead")
    recorded_by: Line | None = field("who wrote it down: a person's id or login name, or `agent`")
    why: Line | None = field("the reason")
    changes: Named = field(
        "what it changes, by id, or by path as `metrics.churn-recall.target` or `stages.mvp.cap`", default=()
    )
    conditions: Strings = field("what was agreed with it", default=())
    override: Line | None = field("why a closed gate was passed")
    next_review: dt.date | None = field("date by which it is looked at again")
    links: Paths = field("paths in the repository, or addresses", default=())
    notes: Text = field("whatever else there is to say, as Markdown", default="")
    judged: dict[str, Judgement] = field(
        "the gate's conditions that whoever decides judges, by the condition's id", default={}
    )

    @property
    def is_decided(self) -> bool:
        """Whether it has been decided; it is a proposal until then."""
        return any(one is not None for one in (self.outcome, self.date, self.by))


class Result(Entry):
    """A metric at the end of a cycle."""

    LABEL: ClassVar[str] = "why"
    GROUPS: ClassVar[Groups] = (("target", "actual"), ("why",))

    target: float | None = field("value that was wanted")
    actual: float | None = field("value that was reached")
    why: Line | None = field("what explains the difference")


class Review(Record):
    """The look back at a cycle, and what follows."""

    KIND: ClassVar[str] = "review"
    GROUPS: ClassVar[Groups] = (
        ("title",),
        ("cycle", "stage"),
        ("date",),
        ("went_well",),
        ("went_badly",),
        ("measured_gain", "spent"),
        ("decision", "next"),
        ("links",),
        ("notes",),
    )

    title: Line = required("which cycle it looks back on")
    cycle: Count | None = field("number of the cycle")
    stage: Stage | None = field("the stage it was in")
    date: dt.date | None = field("when")
    went_well: Strings = field("what to keep", default=())
    went_badly: Strings = field("what to change", default=())
    measured_gain: Money | None = field("gain that was measured", unit="the board's currency per year")
    spent: Money | None = field("money that was spent", unit="the board's currency")
    decision: DecisionId | None = field("the decision that follows")
    next: Literal["next stage", "update this stage", "keep running", "hold", "retire"] | None = field(
        "what follows"
    )
    links: Paths = field("paths in the repository, or addresses", default=())
    notes: Text = field("whatever else there is to say, as Markdown", default="")
    results: dict[MetricId, Result] = field("metrics, target against actual, by the metric's id", default={})

"""The project: one machine-learning initiative, and the short things that belong to it."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

from .base import Entry, FormGroups, Groups, Record
from .fields import (
    Amount,
    CardId,
    Count,
    Grade,
    Id,
    ItemId,
    Line,
    Money,
    Party,
    Paths,
    PersonId,
    Phase,
    ProjectIds,
    Rank,
    Stage,
    Tags,
    Text,
    field,
    required,
)


class Goal(Entry):
    """An outcome that must move: in which unit, from what to what, by when."""

    GROUPS: ClassVar[Groups] = (
        ("title",),
        ("horizon", "unit"),
        ("start", "target", "better", "by"),
        ("rank", "owner"),
    )

    title: Line = required("the outcome in one line")
    horizon: Literal["short", "long"] = field("short-term or long-term", default="short")
    unit: Line | None = field("what it is counted in")
    start: float | None = field("value today")
    target: float | None = field("value that is wanted")
    better: Literal["higher", "lower"] | None = field(
        "which way is better, where the title does not say it (fewer, more)"
    )
    by: dt.date | None = field("date by which it is wanted")
    rank: Rank = field("order of importance: smaller texts first", default="a0")
    owner: PersonId | None = field("the person who answers for it")


class Stakeholder(Entry):
    """A person with a stake: who benefits, pays, decides, builds, runs it or is affected by it."""

    LABEL: ClassVar[str] = "name"
    GROUPS: ClassVar[Groups] = (
        ("name",),
        ("interest", "aware"),
        ("briefed_on", "metrics_signed_on", "feasibility_checked_on"),
        ("links",),
    )

    name: Line = required("person or group")
    interest: Literal["benefits", "pays", "decides", "builds", "runs", "affected"] | None = field(
        "what the stake is"
    )
    aware: Grade | None = field("how well they know what machine learning can and cannot do", unit="1 to 5")
    briefed_on: dt.date | None = field("when they were told what it can and cannot do")
    metrics_signed_on: dt.date | None = field("when they signed off the metrics")
    feasibility_checked_on: dt.date | None = field("when they checked the feasibility")
    links: Paths = field("persona, journey map, minutes: paths in the repository, or addresses", default=())


class Constraint(Entry):
    """A limit that the project must keep."""

    LABEL: ClassVar[str] = "limit"
    GROUPS: ClassVar[Groups] = (("kind",), ("limit", "hard"), ("review_by",))

    kind: Literal["cost", "manpower", "time", "regulation", "infrastructure", "location", "other"] = field(
        "what is limited", default="other"
    )
    limit: Line = required("the limit in one line")
    hard: bool = field("whether it cannot be negotiated", default=True)
    review_by: dt.date | None = field("date by which it is looked at again")


class Method(Entry):
    """A candidate method; one of them is the simplest baseline."""

    GROUPS: ClassVar[Groups] = (("title",), ("kind", "output", "origin"), ("baseline",), ("evidence",))

    title: Line = required("what it is called")
    kind: Literal["rule", "classical", "deep", "pre-trained", "service"] | None = field(
        "family of the method"
    )
    output: Literal["class", "number", "ranking", "cluster", "content"] | None = field("what it gives")
    origin: Literal["build", "adapt", "buy"] | None = field("built, adapted or bought")
    baseline: bool = field("whether it is the simplest thing to compare with", default=False)
    evidence: Line | None = field("why it may work: a link or a sentence")


class Unknown(Entry):
    """What is not known and could change a decision."""

    LABEL: ClassVar[str] = "question"
    GROUPS: ClassVar[Groups] = (
        ("question",),
        ("could_change", "cheapest_test"),
        ("owner", "due"),
        ("answer",),
    )

    question: Line = required("what is not known")
    could_change: Id | None = field("the decision that it could change: `dec-go`, `dec-cost` and so on")
    cheapest_test: Line | None = field("the cheapest way to find out")
    owner: PersonId | None = field("who finds out")
    due: dt.date | None = field("by when")
    answer: Line | None = field("what came out")


class Dependency(Entry):
    """Who waits for whom across projects and teams, or what they share."""

    LABEL: ClassVar[str] = "what"
    GROUPS: ClassVar[Groups] = (("giver", "taker"), ("what", "kind"), ("due", "state"))

    giver: Party | None = field("project, card or team that gives")
    taker: Party | None = field("project, card or team that waits or shares")
    what: Line = required("what is handed over or shared")
    kind: Literal["waits", "shares data", "shares people", "shares vendor", "reuses"] = field(
        "the kind of dependency", default="waits"
    )
    due: dt.date | None = field("by when it is needed")
    state: Literal["open", "agreed", "done"] = field("how far it is", default="open")


class Lesson(Entry):
    """Something learned that others should not have to learn again."""

    LABEL: ClassVar[str] = "what"
    GROUPS: ClassVar[Groups] = (("what",), ("why",), ("tags",), ("applies_to", "from_card"))

    what: Line = required("what was learned")
    why: Line | None = field("why it is so")
    tags: Tags = field("projects with one of these tags are shown it", default=())
    applies_to: Line | None = field("where it holds")
    from_card: CardId | None = field("the card that taught it")


class Technique(Entry):
    """Something new in the field that may be worth a look."""

    GROUPS: ClassVar[Groups] = (("title",), ("could_change", "review_by"))

    title: Line = required("what it is called")
    could_change: Line | None = field("what it could change here")
    review_by: dt.date | None = field("date by which it is looked at")


class Debt(Entry):
    """A shortcut that must be paid for later."""

    LABEL: ClassVar[str] = "what"
    GROUPS: ClassVar[Groups] = (("what",), ("interest", "fix"), ("owner",))

    what: Line = required("the shortcut")
    interest: Line | None = field("what it costs as long as it stays")
    fix: Line | None = field("what would pay it off")
    owner: PersonId | None = field("who answers for it")


class Drill(Entry):
    """A document that a person followed or read, and when: what shows that a runbook works without its author."""

    LABEL: ClassVar[str] = "what"
    GROUPS: ClassVar[Groups] = (("what",), ("document",), ("by", "on", "did"), ("found",))

    what: Line = required("what was followed, such as roll back or retrain")
    document: Line | None = field("path of the document in the repository")
    by: PersonId | None = field("who did it")
    on: dt.date | None = field("when")
    did: Literal["ran", "read"] = field("whether it was run, or only read", default="ran")
    found: Line | None = field("what was missing or wrong in it")


class Waiver(Entry):
    """A question set aside for a while, by a person who may do that."""

    LABEL: ClassVar[str] = "item"
    GROUPS: ClassVar[Groups] = (("item",), ("approved_by", "reason"), ("expires",))
    WANTED: ClassVar[frozenset[str]] = frozenset({"approved_by", "reason", "expires"})

    item: ItemId = required("the question's id", label="Question")
    approved_by: PersonId | None = field("who approved it; not the lead")
    reason: Line | None = field("why")
    expires: dt.date | None = field("until when", label="Until")


class Project(Record):
    """One machine-learning initiative; it goes through the phases, stage by stage."""

    KIND: ClassVar[str] = "project"
    GROUPS: ClassVar[Groups] = (
        ("title",),
        ("summary",),
        ("phase", "stage", "cycle"),
        ("state", "rank"),
        ("started", "due"),
        ("sponsor", "lead", "client"),
        ("complexity", "mandatory"),
        ("cost_of_delay",),
        ("either_or",),
        ("follows",),
        ("tags",),
        ("links",),
        ("notes",),
    )
    FORM: ClassVar[FormGroups] = (
        ("What", ("title", "summary", "phase", "stage", "cycle", "state", "complexity", "mandatory", "tags")),
        ("Who", ("sponsor", "lead", "client")),
        ("When", ("started", "due", "cost_of_delay")),
        ("Links", ("either_or", "follows", "links")),
        ("Notes", ("notes", "effort")),
    )

    title: Line = required("what it is called")
    summary: Line | None = field("what it does for whom, in one sentence")
    phase: Phase = field("where it is in the method: assess, plan, execute or iterate", default="assess")
    stage: Stage = field("mvp, growth or maturity", default="mvp")
    cycle: Count = field("which trip through the phases this is, from 1", default=1)
    state: Literal["active", "hold", "dropped", "done"] = field("whether it is worked on", default="active")
    rank: Rank = field("order on the portfolio board: smaller texts first", default="a0")
    started: dt.date | None = field("first day of this cycle")
    due: dt.date | None = field("date that was promised")
    sponsor: PersonId | None = field("who pays and decides")
    lead: PersonId | None = field("who leads it")
    client: Line | None = field("for whom it is done")
    complexity: Grade | None = field("how complex it is; proposed from the data", unit="1 to 5")
    mandatory: bool = field("whether law or contract demands it", default=False)
    cost_of_delay: Money | None = field("what each week of delay costs", unit="the board's currency per week")
    either_or: ProjectIds = field("projects of which only one can be done, this one among them", default=())
    follows: ProjectIds = field("projects that must be chosen for this one to make sense", default=())
    tags: Tags = field("words to find it by", default=())
    links: Paths = field("paths in the repository, or addresses", default=())
    notes: Text = field("whatever else there is to say, as Markdown", default="")
    effort: dict[str, Amount] = field(
        "person-months to the next gate by skill", unit="person-months", default={}
    )
    goals: dict[str, Goal] = field("outcomes that must move", default={})
    stakeholders: dict[str, Stakeholder] = field("who has a stake", default={})
    constraints: dict[str, Constraint] = field("limits to keep", default={})
    methods: dict[str, Method] = field("candidate methods", default={})
    unknowns: dict[str, Unknown] = field("what is not known", default={})
    dependencies: dict[str, Dependency] = field("dependencies on other projects and teams", default={})
    lessons: dict[str, Lesson] = field("what was learned", default={})
    techniques: dict[str, Technique] = field("what is new in the field", default={})
    debts: dict[str, Debt] = field("shortcuts to pay for", default={})
    drills: dict[str, Drill] = field("who read or ran a runbook, and when", default={})
    waivers: dict[str, Waiver] = field("questions set aside", default={})
    allow: dict[str, Line] = field("rules that do not apply in this project: code = reason", default={})

"""What a playbook is made of.

All models are frozen and know every key: a key that is not here is a mistake that a team wants to hear of.
Keys that Python keeps for itself have another name here (`passes` for `pass`, `inputs` for `in`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ..text.wording import is_placeholder, lacks_words
from . import outline
from .conditions import (
    NO_REPLIES,
    Count,
    Replies,
    Reply,
    Short,
    Verdict,
)
from .forms import (
    EvidenceRule,
    FieldName,
    FilterRule,
    PassRule,
    RecordRule,
    WhenRule,
    keyed,
    named_units,
    one_or_many,
    sentences,
)

STAGE_ORDER = {stage.id: number for number, stage in enumerate(outline.STAGES)}


Words = Annotated[tuple[str, ...], Field(strict=False)]
Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[int, Field(ge=1, le=5)]
Effect = Literal["block", "warn", "compute", "generate", "show", "propose"]
ItemKind = Literal["yesno", "scale", "number", "numbers", "choice", "text", "check", "record"]
StageId = Literal["mvp", "growth", "maturity"]


class Part(BaseModel):
    """Anything in a playbook that has an id: the key of its table."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    id: str


class Traced(Part):
    """A part that says which statements of the articles it carries."""

    trace: Words = ()


class Phase(Part):
    """One of the four columns."""

    title: str
    question: str


class Stage(Traced):
    """How far a project has come, and how strict its gates are."""

    title: str
    aim: str
    expects: str
    should_score: Share
    """Share of the weights of items that do not block which a gate wants met."""
    test_score_above: float
    confidence_to_meet_date: Share


class Step(Part):
    """One of the steps inside the phases."""

    number: int
    phase: str
    title: str
    aim: str
    produces: Words = ()


class Decision(Part):
    """Something that the answers decide."""

    title: str
    awaits: str = ""
    """What Kedge does not work out yet, and the questions that name the decision as `later` wait for."""


class Role(Traced):
    """Work that must be done; from a stage on, and only where `when` holds."""

    title: str
    does: str
    needed_from: StageId
    when: WhenRule = None


class Figure(Part):
    """A named field of a `numbers` item (its id is the name that people read), and its unit."""

    unit: str

    @property
    def is_text(self) -> bool:
        """Whether words are expected rather than a number."""
        return self.unit.partition(":")[0] in ("text", "date", "person")


class Item(Traced):
    """A question, and when its answer counts as met."""

    step: str
    text: str
    why: str
    kind: ItemKind
    passes: PassRule = Field(alias="pass")
    evidence_when: EvidenceRule = None
    """Which answers count only with evidence, in the language of `pass`; questions whose choices are the levels of
    evidence need not say it."""
    without_evidence: bool | int | float | str | None = None
    """What such an answer counts as without evidence; unset: as no answer."""
    must: Literal["mvp", "growth", "maturity", "never"]
    """Stage from which the item blocks its gate while it is not met."""
    weight: Weight
    """1 nice, 2 useful, 3 important, 5 decisive."""
    feeds: Words
    """Decisions that come out otherwise when the answer changes."""
    source: Words
    later: Words = ()
    """Decisions that it will feed once Kedge makes them; see what they await."""
    triage: bool = False
    when: WhenRule = None
    card: str = ""
    """Title of a card that is offered while the item is not met."""
    calculator: str = ""
    unit: str = ""
    lines: Words = ()
    per: str = ""
    """Kind of record; the lines are checked for each of them."""
    choices: Words = ()
    multiple: bool = False
    stops: Words = ()
    """Choices with which no gate is passed, whoever decides."""
    result: Words = ()
    """Which way the evidence may point, asked beside the choice."""
    labels: Words = ()
    """Grades that are described, each beginning with its number: `3 an expert could often decide`."""
    fields: Annotated[tuple[Figure, ...], Field(strict=False), BeforeValidator(named_units)] = ()
    beside: Annotated[tuple[Figure, ...], Field(strict=False), BeforeValidator(named_units)] = ()
    """Figures that may be given as well: what the question's calculator reads."""
    instead: Annotated[tuple[Figure, ...], Field(strict=False), BeforeValidator(named_units)] = ()
    """Figures that may be given in place of `fields`."""
    record: Annotated[tuple[str, ...], Field(strict=False), BeforeValidator(one_or_many)] = ()
    """Kinds of records that answer it."""
    filter: FilterRule = None
    """Which of these records are meant."""
    wants: Annotated[tuple[RecordRule, ...], Field(strict=False)] = ()
    """What each of them must say to count."""
    covers: Annotated[tuple[RecordRule, ...], Field(strict=False)] = ()
    """What one at least of those that count must be, each time."""
    each_cycle: bool = False
    """Whether every cycle has an answer of its own: that of an earlier one is about other work, and does not count."""
    every: bool = False
    """Whether one that does not say what is wanted keeps the question open, however many others do."""

    @property
    def grades(self) -> dict[int, str]:
        """What the described grades of a scale mean."""
        return {int(label[0]): label[1:].strip() for label in self.labels if label[:1].isdigit()}

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures that it takes, those that it needs first."""
        return self.fields + self.instead + self.beside

    def blocks_at(self, stage: str) -> bool:
        """Whether its gate needs it met at a stage."""
        return self.must != "never" and STAGE_ORDER[self.must] <= STAGE_ORDER[stage]

    def is_over(self, said_in: int | None, cycle: int) -> bool:
        """Whether what was said in a cycle (unset: the first) is no answer in a later one."""
        return self.each_cycle and (said_in or 1) < cycle

    def applies(self, replies: Replies) -> bool:
        """Whether the item is asked at all, after what the other items say."""
        return self.when is None or self.when.holds(replies)

    def reply(
        self,
        verdict: Verdict | None = None,
        *,
        values: Mapping[str, float | str] | None = None,
        checked: Collection[str] = (),
        records: int = 0,
        lacking: Sequence[Short] = (),
        uncovered: Sequence[str] = (),
    ) -> Reply:
        """What a project says, with what is still missing of the lines and fields."""
        given = {
            name: value
            for name, value in (values or {}).items()
            if not (isinstance(value, str) and is_placeholder(value))
        }
        missing = [line for line in self.lines if line not in checked]
        if not self.instead or any(figure.id not in given for figure in self.instead):
            missing += [figure.id for figure in self.fields if figure.id not in given]
        holds = tuple(line for line in self.lines if line in checked)
        return Reply(verdict, given, holds, tuple(missing), records, tuple(lacking), tuple(uncovered))

    def met(self, reply: Reply, others: Replies = NO_REPLIES) -> bool:
        """Whether a reply is enough; `others` are the replies to the items that it is compared with."""
        is_short = reply.lacking and (self.every or not (reply.records or reply.verdict))
        if reply.uncovered or is_short or self.lacks_words(reply):
            return False
        return self.passes.met(reply, others)

    @property
    def takes_words(self) -> bool:
        """Whether a text answers it: that is all, or stands in for records that are not asked to be so many."""
        return self.kind == "text" or (self.kind == "record" and not isinstance(self.passes, Count))

    def lacks_words(self, reply: Reply) -> str:
        """Why the text of a reply is none; empty where it is a few words, or where records answer."""
        if not self.takes_words or reply.records or not isinstance(reply.verdict, str) or not reply.verdict:
            return ""
        return lacks_words(reply.verdict, f"{self.text} {self.why}")


class GateCondition(Part):
    """Something that must hold besides the questions: computed where Kedge knows its id, judged where it does not."""

    text: str


class Gate(Traced):
    """What must hold before a project leaves a phase, or, inside one, before real users see it."""

    title: str
    from_phase: str = Field(alias="from")
    to_phase: str = Field(alias="to")
    steps: Words
    also: Annotated[tuple[FieldName, ...], Field(strict=False)] = ()
    """Items of later steps that count here already, or single fields of them (`item.field`)."""
    scored: bool = True
    """Whether the share of met weights counts."""
    conditions: Annotated[tuple[GateCondition, ...], Field(strict=False), BeforeValidator(sentences)]
    outcomes: Words
    decided_by: str
    """Who is in the room, in words."""
    roles: Words = ()
    """Roles of which whoever decides has one; anybody but the lead where none is named."""

    def condition(self, name: str) -> GateCondition | None:
        """The condition of that id."""
        return next((one for one in self.conditions if one.id == name), None)


class Example(BaseModel):
    """A worked example: the inputs, and what must come out."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    inputs: dict[str, Any] = Field(alias="in")
    outputs: dict[str, Any] = Field(alias="out")
    tolerance: float = Field(default=1e-3, gt=0)
    """Relative."""
    origin: str = Field(alias="from")
    """Where the figures are published, or `own`."""
    note: str = ""


class Calculator(Traced):
    """A formula with its source and examples."""

    title: str
    formula: str
    outputs: Words
    source: str
    feeds: Words
    bands: Words = ()
    """How the result is read, from low to high."""
    examples: tuple[Example, ...] = Field(default=(), alias="example", strict=False)


class Rule(Traced):
    """Something that Kedge checks by itself."""

    rule: str
    effect: Effect


class PortfolioRule(Rule):
    """A rule over all projects."""

    title: str
    parameters: dict[str, float] = {}
    source: Words = ()


class Axis(Part):
    """One line of a matrix: what it means, and the questions whose answers say something about it."""

    means: str
    asked: Words = ()


class View(Traced):
    """A picture that the method asks for; a matrix has axes."""

    shows: str
    section: str = ""
    """The section of a project's requirements in which needed and reached stand, by the id of the axis."""
    needed_in: str = ""
    """The question whose figures say what is needed, where the requirements do not."""
    axes: Annotated[tuple[Axis, ...], Field(strict=False), BeforeValidator(keyed)] = ()


class Evidence(Part):
    """A level of evidence, and the chance of success that it stands for."""

    p: Share
    means: str
    needs: tuple[Literal["file", "link"], ...] = Field(default=(), strict=False)
    """The kinds of evidence of which an answer must name one, that is there, to count at this level."""
    otherwise: str = "opinion"
    """The level that an answer without such evidence counts at; it needs none itself."""


class DataLevel(Part):
    """When the dataset records amount to a level of evidence."""

    rule: str


Fact = Literal[
    "proof failed",
    "weak data",
    "skills missing",
    "open unknowns about chance",
    "open unknowns about cost",
    "unaware deciders",
    "randomness above 3",
    "complexity below the data's",
]
"""What a project's records say and no single answer does; each may hold several times."""


class Move(Part):
    """By how much an answer, or a fact of the records, moves the chance of success or a cost."""

    figure: Literal["chance", "cost", "later cost"]
    by: float = Field(gt=0, le=10)
    """A factor; for a fact that holds several times, once for each."""
    when: WhenRule = None
    fact: Fact | None = None
    most: int = Field(default=1, ge=1)
    """How many times it counts at most."""
    means: str
    source: Words


class Scoring(Traced):
    """How the worth of a project is computed."""

    id: str = "scoring"
    method: str = ""
    horizon_years: float = Field(default=3, gt=0, le=100)
    discount_rate: Share = 0.1
    cap_confidence: Share = 0.95
    floor_confidence: Share = 0.02
    day_rate: float = Field(default=600, gt=0)
    """Cost of a working day, where the plan's people have none."""
    day_rate_currency: str = "EUR"
    """Of which currency `day_rate` is; a board with another one asks for the rates of its people."""
    relative_mode: str = ""
    relative_impact: Annotated[tuple[float, ...], Field(strict=False)] = ()
    evidence: Annotated[tuple[Evidence, ...], Field(strict=False), BeforeValidator(keyed)] = ()
    data_level: Annotated[tuple[DataLevel, ...], Field(strict=False), BeforeValidator(keyed)] = ()
    moves: Annotated[tuple[Move, ...], Field(strict=False), BeforeValidator(keyed)] = ()


class RubricTest(Part):
    """One test of a rubric; where `item` names an item, its answer fills in the half mark."""

    section: str
    text: str
    item: str = ""


class Rubric(Part):
    """A list of tests with marks; the score is that of the weakest section."""

    title: str
    source: str
    combine: str
    sections: Words
    marks: dict[str, float]
    tests: Annotated[tuple[RubricTest, ...], Field(strict=False), BeforeValidator(keyed)] = ()


class About(Traced):
    """What the playbook says of itself, and how answers count."""

    id: str = ""
    title: str = ""
    version: str = ""
    answer_states: Words = ()
    unknown_rule: str = ""
    not_applicable_rule: str = ""
    max_not_applicable_share: Share = 0.2
    waiver_rule: str = ""
    waiver_record: str = "waiver"
    max_waivers_per_gate: int = Field(default=2, ge=0)
    must_rule: str = ""
    score_rule: str = ""
    readiness: str = ""
    known_gaps: Words = ()

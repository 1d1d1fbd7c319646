"""What a playbook is made of.

All models are frozen and know every key: a key that is not here is a mistake that a team wants to hear of.
Keys that Python keeps for itself have another name here (`passes` for `pass`, `inputs` for `in`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, PlainValidator

from ..records.values import is_table
from . import outline
from .conditions import (
    NO_REPLIES,
    Filter,
    Name,
    Pass,
    Replies,
    Reply,
    Verdict,
    When,
    parse_filter,
    parse_name,
    parse_pass,
    parse_when,
)

STAGE_ORDER = {stage.id: number for number, stage in enumerate(outline.STAGES)}


def _keyed(value: object) -> object:
    """`{opinion = {p = 0.67}}` as a list of tables that know their key."""
    if is_table(value):
        return [{**table, "id": key} if is_table(table) else table for key, table in value.items()]
    return value


def _figures(value: object) -> object:
    """`{"p95 latency" = "ms"}` as a list of tables."""
    if is_table(value):
        return [{"id": name, "unit": unit} for name, unit in value.items()]
    return value


def _one_or_many(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _read(parse: Callable[[str], object], *, optional: bool = False) -> PlainValidator:
    """Parses a text. Where it is optional "" takes it away, since TOML has no word for nothing."""

    def read(value: object) -> object:
        if not isinstance(value, str):
            raise ValueError("a text is expected")  # noqa: TRY004  pydantic collects ValueError only
        return None if optional and not value else parse(value)

    return PlainValidator(read)


_write = PlainSerializer(lambda value: None if value is None else str(value))

Words = Annotated[tuple[str, ...], Field(strict=False)]
Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[int, Field(ge=1, le=5)]
PassRule = Annotated[Pass, _read(parse_pass), _write]
WhenRule = Annotated[When | None, _read(parse_when, optional=True), _write]
EvidenceRule = Annotated[Pass | None, _read(parse_pass, optional=True), _write]
FilterRule = Annotated[Filter | None, _read(parse_filter, optional=True), _write]
FieldName = Annotated[Name, _read(parse_name), _write]
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
    source: Words
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
    result: Words = ()
    """Which way the evidence may point, asked beside the choice."""
    labels: Words = ()
    """Grades that are described, each beginning with its number: `3 an expert could often decide`."""
    fields: Annotated[tuple[Figure, ...], Field(strict=False), BeforeValidator(_figures)] = ()
    beside: Annotated[tuple[Figure, ...], Field(strict=False), BeforeValidator(_figures)] = ()
    """Figures that may be given as well: what the question's calculator reads."""
    instead: Annotated[tuple[Figure, ...], Field(strict=False), BeforeValidator(_figures)] = ()
    """Figures that may be given in place of `fields`."""
    record: Annotated[tuple[str, ...], Field(strict=False), BeforeValidator(_one_or_many)] = ()
    """Kinds of records that answer it."""
    filter: FilterRule = None
    """Which of these records count."""

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
    ) -> Reply:
        """What a project says, with what is still missing of the lines and fields."""
        given = {name: value for name, value in (values or {}).items() if value != ""}
        missing = [line for line in self.lines if line not in checked]
        if not self.instead or any(figure.id not in given for figure in self.instead):
            missing += [figure.id for figure in self.fields if figure.id not in given]
        holds = tuple(line for line in self.lines if line in checked)
        return Reply(verdict, given, holds, tuple(missing), records)

    def met(self, reply: Reply, others: Replies = NO_REPLIES) -> bool:
        """Whether a reply is enough; `others` are the replies to the items that it is compared with."""
        return self.passes.met(reply, others)


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
    conditions: Words
    outcomes: Words
    decided_by: str


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
    axes: Annotated[tuple[Axis, ...], Field(strict=False), BeforeValidator(_keyed)] = ()


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


class Scoring(Traced):
    """How the worth of a project is computed."""

    id: str = "scoring"
    method: str = ""
    horizon_years: float = Field(default=3, gt=0)
    discount_rate: Share = 0.1
    cap_confidence: Share = 0.95
    floor_confidence: Share = 0.02
    relative_mode: str = ""
    relative_impact: Annotated[tuple[float, ...], Field(strict=False)] = ()
    evidence: Annotated[tuple[Evidence, ...], Field(strict=False), BeforeValidator(_keyed)] = ()
    data_level: Annotated[tuple[DataLevel, ...], Field(strict=False), BeforeValidator(_keyed)] = ()


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
    tests: Annotated[tuple[RubricTest, ...], Field(strict=False), BeforeValidator(_keyed)] = ()


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

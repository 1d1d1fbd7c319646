"""A question of the playbook, and when its answer counts as met."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from ..text.wording import is_placeholder, lacks_words
from .conditions import NO_REPLIES, Count, Replies, Reply, Short, Verdict
from .forms import EvidenceRule, FilterRule, PassRule, RecordRule, WhenRule, named_units, one_or_many
from .part import STAGE_ORDER, Part, Traced, Words

Weight = Annotated[int, Field(ge=1, le=5)]
ItemKind = Literal["yesno", "scale", "number", "numbers", "choice", "text", "check", "record"]


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

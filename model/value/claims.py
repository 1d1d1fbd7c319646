"""What a project claims for each factor of its chance of success, and how much of it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ..calculators.money import LADDER
from ..snapshot.snapshot import Snapshot
from .counted import counted_answer
from .evidence import data_evidence
from .proof import Named, unchecked

EVIDENCE_QUESTIONS: Mapping[str, str] = MappingProxyType(
    {"value": "pri-ev-value", "technique": "pri-ev-tech", "adoption": "pri-ev-adopt"}
)
"""The question behind each factor of confidence that people answer; that of the data follows from its records."""


@dataclass(frozen=True)
class Claim:
    """The evidence for one factor: the level that is claimed, the one that counts, and which way it points."""

    factor: str
    said: str
    level: str
    result: str = "supports"
    why: str = ""
    """Why it counts as less than is claimed; empty where it does not."""
    way: str = ""
    """The command that names what it lacks."""
    question: str = ""
    """The one that asks for it; none for the data."""
    evidence: tuple[Named, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What is claimed, what it counts as, and why; empty where all of it counts."""
        return f"{self.said} counts as {self.level}: {self.why}" if self.why else ""

    @property
    def shortfall(self) -> str:
        """The same with the factor before it."""
        return f"{self.factor}: {self.words}" if self.why else ""

    @property
    def unchecked(self) -> str:
        """What of it rests on evidence alone that others may not find, with the factor before it; it counts."""
        needs = LADDER.get(self.level, 0.0) > LADDER["opinion"]
        found = unchecked(self.evidence) if needs and not self.why else ""
        return f"{self.factor}: {found}" if found else ""

    @property
    def notes(self) -> tuple[str, ...]:
        """What the figure says of it beside the arithmetic."""
        not_seen = [one.words for one in self.evidence if one.counts and one.state != "there"]
        return (
            *self.reasons,
            *([f"{self.words}; {self.way}"] if self.why else []),
            *([f"rests on {', '.join(not_seen)}"] if not_seen and not self.why else []),
        )


def claims(snapshot: Snapshot, project: str) -> tuple[Claim, ...]:
    """The claims behind the factors, in the order in which they are asked for."""
    ladder = {*LADDER, *(level.id for level in snapshot.playbook.scoring.evidence)}
    found = [_asked(snapshot, project, factor, ladder) for factor in EVIDENCE_QUESTIONS]
    return (found[0], _data(snapshot, project), *found[1:])


def _asked(snapshot: Snapshot, project: str, factor: str, ladder: set[str]) -> Claim:
    """A claim that people make."""
    question = EVIDENCE_QUESTIONS[factor]
    answer = counted_answer(snapshot, project, question)
    level = answer.counts_as
    if not isinstance(level, str) or level not in ladder:
        reason = f"{question} says no level of evidence and counts as nothing"
        return Claim(factor, "nothing", "nothing", reasons=(reason,))
    result = snapshot.plan.answers(project)[question].result or "supports"
    way = f"kedge answer {question} --evidence PATH"
    return Claim(factor, str(answer.said), level, result, answer.why, way, question, answer.evidence)


def _data(snapshot: Snapshot, project: str) -> Claim:
    """The claim that the records of datasets make."""
    found = data_evidence(snapshot, project)
    way = "kedge answer data-signal --evidence PATH, or kedge dataset set ID links=+PATH"
    if found.said == "proven":
        way = "kedge model set ID links=+PATH"
    return Claim(
        "data", found.said, found.level, found.result, found.why, way, "", found.evidence, found.reasons
    )

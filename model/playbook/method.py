"""The frame of the method: its phases, stages, steps, decisions and roles, and what it says of itself."""

from __future__ import annotations

from pydantic import Field

from .forms import WhenRule
from .part import Part, Share, StageId, Traced, Words


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

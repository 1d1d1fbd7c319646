"""A gate of the playbook: what must hold before a project leaves a phase, and who decides."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from .forms import FieldName, sentences
from .part import Part, Traced, Words


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

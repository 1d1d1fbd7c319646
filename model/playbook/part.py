"""What every table of a playbook has, and the types of values that several of them share.

All models are frozen and know every key: a key that is not here is a mistake that a team wants to hear of.
Keys that Python keeps for itself have another name (`passes` for `pass`, `inputs` for `in`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from . import outline

STAGE_ORDER = {stage.id: number for number, stage in enumerate(outline.STAGES)}

Words = Annotated[tuple[str, ...], Field(strict=False)]
Share = Annotated[float, Field(ge=0, le=1)]
StageId = Literal["mvp", "growth", "maturity"]


class Part(BaseModel):
    """Anything in a playbook that has an id: the key of its table."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    id: str


class Traced(Part):
    """A part that says which statements of the articles it carries."""

    trace: Words = ()

"""A formula of the playbook with its source and worked examples."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from .part import Traced, Words


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

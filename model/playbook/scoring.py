"""How the worth of a project is computed: levels of evidence, and what moves its chance and its cost."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from .forms import WhenRule, keyed
from .part import Part, Share, Traced, Words

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


class Evidence(Part):
    """A level of evidence, and the chance of success that it stands for."""

    p: Share
    means: str
    needs: tuple[Literal["file", "link"], ...] = Field(default=(), strict=False)
    """The kinds of evidence of which an answer must name one, that is there, to count at this level."""
    otherwise: str = "opinion"
    """The level that an answer without such evidence counts at; it needs none itself."""
    max_age_years: float | None = Field(default=None, gt=0, le=100)
    """After which evidence at this level is asked about again; unset: `evidence_years` of the scoring."""


class DataLevel(Part):
    """When the dataset records amount to a level of evidence."""

    rule: str


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
    evidence_years: float = Field(default=3, gt=0, le=100)
    """After how many years without a change evidence is asked about again, where its level says nothing else."""
    relative_mode: str = ""
    relative_impact: Annotated[tuple[float, ...], Field(strict=False)] = ()
    evidence: Annotated[tuple[Evidence, ...], Field(strict=False), BeforeValidator(keyed)] = ()
    data_level: Annotated[tuple[DataLevel, ...], Field(strict=False), BeforeValidator(keyed)] = ()
    moves: Annotated[tuple[Move, ...], Field(strict=False), BeforeValidator(keyed)] = ()

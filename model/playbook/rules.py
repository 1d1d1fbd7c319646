"""What Kedge checks by itself, and the pictures and rubrics by which a project is judged."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from .forms import keyed
from .part import Part, Traced, Words

Effect = Literal["block", "warn", "compute", "generate", "show", "propose"]


class Rule(Traced):
    """Something that Kedge checks by itself."""

    rule: str
    effect: Effect


class PortfolioRule(Rule):
    """A rule over all projects."""

    title: str
    parameters: dict[str, float] = Field(default={})
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

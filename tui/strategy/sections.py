"""The sections of the Strategy screen, in their order, and what is added in each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ..draw.spans import Line, line
from .aims import goals, metrics, requirements
from .course import budget, milestones, people, resources, stages
from .sheet import Sheet


@dataclass(frozen=True)
class Section:
    """A part of the screen."""

    id: str
    title: str
    kind: str
    """What is added here; empty where nothing is."""
    rows: Callable[[Sheet], Iterator[Line]]
    kinds: tuple[str, ...] = ()
    """What else has rows here."""


SECTIONS: Sequence[Section] = (
    Section("goals", "Goals", "goal", goals),
    Section("requirements", "Requirements", "business", requirements, ("technical",)),
    Section("metrics", "Metrics", "metric", metrics),
    Section("stages", "Stages", "stage", stages),
    Section("milestones", "Milestones", "milestone", milestones),
    Section("people", "People", "allocation", people, ("person",)),
    Section("resources", "Resources", "resource", resources),
    Section("budget", "Budget", "", budget),
)


def rows(sheet: Sheet) -> Iterator[tuple[str, list[Line]]]:
    """The rows of each section, its head first; a row that says what adds something where it has none."""
    for section in SECTIONS:
        found = list(section.rows(sheet))
        if len(found) == 1 and section.kind:
            found.append(
                line((f"  none yet: a adds a {section.kind}", "empty"), key=sheet.facts.at(section.kind, ""))
            )
        yield section.id, found

"""The kinds of things in a plan, and the models that describe them.

Building a pydantic model takes time, so that models are imported when their kind is first used:
a command that lists cards never builds the model of a rollout.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .base import Entry, Record


FORMAT_VERSION = 1
"""Version of the format on disk that this kedge reads and writes."""


@dataclass(frozen=True)
class Kind:
    """A kind of record: one file each."""

    name: str
    plural: str
    """Its name for many; also the folder that holds its files, where there are several in a project."""
    model: str
    """Module and class of its model, below `records`."""
    in_project: bool = True
    """Whether it belongs to a project, or to the plan as a whole."""
    single: bool = False
    """Whether there is only one in its project (or plan)."""


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("board", "boards", "board.Board", in_project=False, single=True),
        Kind("person", "people", "person.Person", in_project=False),
        Kind("project", "projects", "project.Project", single=True),
        Kind("assessment", "assessments", "assessment.Assessment", single=True),
        Kind("requirements", "requirements", "requirements.Requirements", single=True),
        Kind("strategy", "strategies", "strategy.Strategy", single=True),
        Kind("card", "cards", "card.Card"),
        Kind("dataset", "datasets", "dataset.Dataset"),
        Kind("experiment", "experiments", "delivery.Experiment"),
        Kind("rollout", "rollouts", "delivery.Rollout"),
        Kind("monitor", "monitors", "delivery.Monitor"),
        Kind("model", "models", "delivery.Model"),
        Kind("risk", "risks", "governance.Risk"),
        Kind("decision", "decisions", "governance.Decision"),
        Kind("review", "reviews", "governance.Review"),
    )
}


@dataclass(frozen=True)
class EntryKind:
    """A kind of thing that lives as a keyed table inside a record."""

    name: str
    record: str
    """The kind of record that holds it."""
    section: str
    """The field of that record."""


ENTRIES: dict[str, EntryKind] = {
    entry.name: entry
    for entry in (
        EntryKind("goal", "project", "goals"),
        EntryKind("stakeholder", "project", "stakeholders"),
        EntryKind("constraint", "project", "constraints"),
        EntryKind("method", "project", "methods"),
        EntryKind("unknown", "project", "unknowns"),
        EntryKind("dependency", "project", "dependencies"),
        EntryKind("lesson", "project", "lessons"),
        EntryKind("technique", "project", "techniques"),
        EntryKind("debt", "project", "debts"),
        EntryKind("drill", "project", "drills"),
        EntryKind("waiver", "project", "waivers"),
        EntryKind("answer", "assessment", "answers"),
        EntryKind("test", "assessment", "tests"),
        EntryKind("business", "requirements", "business"),
        EntryKind("technical", "requirements", "technical"),
        EntryKind("quality", "requirements", "qualities"),
        EntryKind("concern", "requirements", "concerns"),
        EntryKind("stage", "strategy", "stages"),
        EntryKind("metric", "strategy", "metrics"),
        EntryKind("milestone", "strategy", "milestones"),
        EntryKind("allocation", "strategy", "people"),
        EntryKind("resource", "strategy", "resources"),
    )
}


@cache
def entry_name(record: str, section: str) -> str:
    """What an entry of a section is called: metric, absence, checklist item."""
    for entry in ENTRIES.values():
        if (entry.record, entry.section) == (record, section):
            return entry.name
    from .base import sections

    words = re.findall("[A-Z][a-z]+", sections(record_model(record))[section].__name__)
    return " ".join(words).lower()


@cache
def record_model(kind: str) -> type[Record]:
    """The model of a kind of record; its module is imported on first use."""
    module, _, name = KINDS[kind].model.partition(".")
    return getattr(import_module(f".{module}", __package__), name)


@cache
def entry_model(kind: str) -> type[Entry]:
    """The model of a kind of entry."""
    from .base import sections

    entry = ENTRIES[kind]
    return sections(record_model(entry.record))[entry.section]

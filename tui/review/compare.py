"""What the Review screen has worked out behind it: both sides, the changes, what follows, Markdown, scenarios."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ...model.review.items import Item, items_of, notes_on
from ...model.review.markdown import markdown
from ...model.review.memory import Memory
from ...model.review.report import Report
from ...model.review.review import changes_only, review
from ...model.review.scenarios import Scenario, scenario
from ...storage.disk.repository import GitProblem
from ...storage.git.compared import Compared, compared
from ...storage.git.sides import Side, side, sides
from ...storage.plan.review_memory import ReviewMemory
from ..session.worker import Task

WORK = "work tree"
"""What stands in a text for the plan as it is in the work tree."""


@dataclass(frozen=True)
class Place:
    """Where the plan is, and on which day it is seen."""

    root: str
    environment: Mapping[str, str]
    today: dt.date

    @property
    def memory(self) -> ReviewMemory:
        """What the reader has kept."""
        return ReviewMemory(self.root, self.environment)


@dataclass(frozen=True)
class Found:
    """Two states of the plan with what differs between them."""

    compared: Compared
    report: Report
    items: tuple[Item, ...]
    is_whole: bool
    """Whether what follows from the changes is known."""


def command_of(names: Sequence[str]) -> str:
    """The command that prints the same."""
    return shlex.join(["kedge", "diff", *filter(None, names)])


def compare(
    place: Place, names: tuple[str, str], tell: Callable[[Found], None], task: Task
) -> Found | GitProblem:
    """Compares two states; `tell` gets the changes before what follows from them is worked out."""
    made = sides(place.root, *names, place.environment)
    if isinstance(made, GitProblem):
        return made
    found = compared(place.root, *made, place.today, place.environment)
    items, command = items_of(found.difference), command_of(names)
    tell(Found(found, found.report(changes_only(found.difference), command), items, is_whole=False))
    return Found(found, found.report(review(found.difference, progress=task), command), items, is_whole=True)


def page_of(place: Place, found: Found, memory: Memory) -> tuple[str, str]:
    """The review as Markdown with the reader's notes, and the file that keeps it. Raises NotWritable."""
    text = markdown(replace(found.report, notes=notes_on(memory, found.items)), always=True)
    return text, place.memory.write_page(text)


def scenarios_of(place: Place, names: Sequence[str], task: Task) -> list[Scenario] | GitProblem:
    """States of the plan with their figures; an empty name is the work tree."""
    found: list[Scenario] = []
    for name in names:
        state: Side | GitProblem = side(place.root, name, place.environment)
        if isinstance(state, GitProblem):
            return state
        found.append(scenario(state.name, state.commit, state.snapshot(place.today), progress=task))
    return found

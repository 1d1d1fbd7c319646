"""The plan at a revision, and what to say where git cannot give it, or not all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ..model.text.amounts import counted
from ..model.text.visible import one_line
from ..storage.disk.errors import KedgeError
from . import output
from .plan_folder import place_at
from .settings import Settings

if TYPE_CHECKING:
    from ..storage.disk.repository import GitProblem
    from ..storage.git.planned import Planned
    from ..storage.git.sides import Side

State = TypeVar("State")

FETCH = "kedge git fetch gets all of the plan that is missing"
"""What helps where a partial clone lacks something."""


def side_at(settings: Settings) -> Side:
    """The plan at the revision that is asked for. Raises KedgeError."""
    from ..storage.git.sides import side

    assert settings.at is not None
    place = place_at(settings, in_work_tree=False)
    found = _readable(side(place, settings.at, settings.environment), settings.at)
    say_not_fetched(settings, found)
    return found


def planned_at(settings: Settings, revision: str) -> Planned:
    """The plan at a revision with the day on which it was planned. Raises KedgeError."""
    from ..storage.git.planned import planned_at as at_revision

    place = place_at(settings, in_work_tree=False)
    found = _readable(at_revision(place, revision, settings.today, settings.environment), revision)
    say_not_fetched(settings, found.side)
    return found


def _readable(found: State | GitProblem, revision: str) -> State:
    from ..storage.disk.repository import GitProblem

    if isinstance(found, GitProblem):
        raise KedgeError(f"the plan cannot be read at {revision}: {found.message}", _way_out(found))
    return found


def say_not_fetched(settings: Settings, *found: Side) -> None:
    """Says how much of some states of the plan a partial clone lacks."""
    for one in found:
        if one.not_fetched:
            lacks = f"this partial clone lacks {counted(one.not_fetched, 'file')} of {one_line(one.title)}"
            output.say(settings, f"kedge: {lacks}; {FETCH}")


def _way_out(problem: GitProblem) -> str:
    from ..storage.disk.repository import Reason

    hints = {
        Reason.BAD_REVISION: "git log --oneline and git branch --all list revisions; there are :base and :index, too",
        Reason.NO_REPOSITORY: "git init makes one",
        Reason.NOT_FETCHED: FETCH,
    }
    return hints.get(problem.reason, "")

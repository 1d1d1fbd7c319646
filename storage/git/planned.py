"""A plan as it was planned at a revision: what it said, and the day on which it said so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from ...model.snapshot.snapshot import Snapshot
from ..disk.repository import GitProblem, Repository
from .git import git_at
from .log import NEVER, log
from .sides import Side, side


@dataclass(frozen=True)
class Planned:
    """A state of a plan with its day."""

    side: Side
    day: dt.date

    @property
    def snapshot(self) -> Snapshot:
        """The plan, seen on its day."""
        return self.side.snapshot(self.day)


def planned_at(
    place: str | Repository, name: str, today: dt.date, environment: Mapping[str, str]
) -> Planned | GitProblem:
    """The plan at a revision, on the author's day of that commit; never after today.

    The index and the work tree are planned today, and so is a commit whose date is broken.
    """
    found = side(place, name, environment)
    if isinstance(found, GitProblem) or not found.commit:
        return found if isinstance(found, GitProblem) else Planned(found, today)
    with git_at(place, environment) as git:
        if isinstance(git, GitProblem):
            return git
        commits = log(git, ["--max-count=1"], [], found.commit, with_files=False)
    if isinstance(commits, GitProblem):
        return commits
    day = commits[0].date if commits and commits[0].at != NEVER else today
    return Planned(found, min(day, today))

"""On which day each card was done: the commit with which its file came to say so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from ..disk.paths import address_of
from ..disk.repository import GitProblem
from .git import git_at
from .history import values_of
from .log import log


class Finished(NamedTuple):
    """What the history of a plan's cards says."""

    since: dt.date | None
    """The day of the first commit of a card; None where there is none."""
    days: Mapping[tuple[str, str], dt.date]
    """By project and card, the day on which it was done; cards that were opened again are not in it."""


def finished(root: str, environment: Mapping[str, str]) -> Finished | GitProblem:
    """When the cards of the plan at `root` were done. As many git processes, however many commits."""
    with git_at(root, environment) as git:
        if isinstance(git, GitProblem):
            return git
        place = git.repository.place(root)
        prefix = f"{place}/" if place else ""
        commits = log(git, ["--no-renames", "--first-parent", "-m"], [f"{prefix}projects"])
        if isinstance(commits, GitProblem):
            return commits
        names = {name for one in commits for touch in one.files for name in (touch.after,) if name}
        contents = git.contents(sorted(names))
        if isinstance(contents, GitProblem):
            return contents
    since: dt.date | None = None
    days: dict[tuple[str, str], dt.date] = {}
    status = {name: (values_of(content) or {}).get("status") for name, content in contents.items()}
    for commit in reversed(commits):
        for touch in commit.files:
            address = address_of(touch.names[-1].removeprefix(prefix))
            if address is None or address.kind != "card":
                continue
            since = commit.date if since is None else min(since, commit.date)
            key = address.project, address.id
            if touch.after and status.get(touch.after) == "done":
                days.setdefault(key, commit.date)
            else:
                days.pop(key, None)
    return Finished(since, days)

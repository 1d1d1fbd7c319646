"""Repositories that kedge makes itself: the sample, and the one in which a merge is tried."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..disk.repository import GitProblem
from .git import run_in_own

INIT = ("init", "--quiet", "--template=", "--initial-branch=main")


@dataclass(frozen=True)
class OwnRepository:
    """A repository in a folder that kedge made, with an identity that belongs to no person."""

    folder: str
    environment: Mapping[str, str] = field(repr=False)
    name: str = "Kedge"
    email: str = "kedge@kedge.invalid"
    day: dt.date = dt.date(2026, 1, 1)
    """Of its commits."""

    def run(self, arguments: Sequence[str]) -> bytes | GitProblem:
        """What a git command prints."""
        stamp = f"{self.day.isoformat()}T17:00:00+00:00"
        identity = {
            f"GIT_{role}_{name}": value
            for role in ("AUTHOR", "COMMITTER")
            for name, value in (("NAME", self.name), ("EMAIL", self.email), ("DATE", stamp))
        }
        return run_in_own(self.folder, arguments, self.environment, identity)

    def run_all(self, steps: Sequence[Sequence[str]]) -> GitProblem | None:
        """Runs several commands up to the first that fails."""
        done = (self.run(step) for step in steps)
        return next((one for one in done if isinstance(one, GitProblem)), None)


def commit_all(folder: str, day: dt.date, message: str, environment: Mapping[str, str]) -> GitProblem | None:
    """Commits all files of a folder, as the sample's; the first time it is made a repository."""
    own = OwnRepository(folder, environment, "Kedge sample", "sample@kedge.invalid", day)
    steps = [
        INIT,
        ("add", "--all"),
        ("commit", "--quiet", "--no-verify", "--allow-empty", f"--message={message}"),
    ]
    return own.run_all(steps[1:] if os.path.isdir(os.path.join(folder, ".git")) else steps)

"""`check --history` and `--since`: what a plan's rules can say only beside the commits that it came about by."""

from __future__ import annotations

from collections.abc import Sequence

from ..model.records.findings import Finding
from ..storage.disk.repository import GitProblem
from . import output
from .seen import Seen
from .settings import Settings


def outgrown_findings(
    settings: Settings, now: Seen, select: Sequence[str], ignore: Sequence[str], since: str = ""
) -> list[Finding]:
    """Estimates that are much older than what they are of; after a commit, those whose card has changed since."""
    from ..storage.git.estimate_age import outgrown_findings as found_in

    found = found_in(
        now.root,
        now.files,
        now.snapshot,
        settings.environment,
        until(settings),
        since=since,
        select=select,
        ignore=ignore,
    )
    if isinstance(found, GitProblem):
        output.say(settings, f"kedge: how old estimates are is not known: {found.message}")
        return []
    return found


def until(settings: Settings) -> str:
    """The last commit that counts: the one at which the plan is read, else HEAD."""
    return settings.at if settings.at and not settings.at.startswith(":") else "HEAD"

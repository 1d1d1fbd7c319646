"""`check --history` and `--since`: what a plan's rules can say only beside the commits that it came about by."""

from __future__ import annotations

from collections.abc import Sequence

from ..model.records.findings import Finding
from ..storage.disk.repository import GitProblem
from ..storage.plan.places import located
from . import output
from .seen import Seen
from .settings import Settings


def outgrown_findings(
    settings: Settings, now: Seen, select: Sequence[str], ignore: Sequence[str], since: str = ""
) -> list[Finding]:
    """Estimates that are much older than what they are of; after a commit, those whose card has changed since."""
    from ..model.rules.estimate_age import RULE, finding
    from ..model.rules.selection import Selection, chosen
    from ..storage.git.estimate_age import outgrown

    plan = now.snapshot.plan
    if not Selection.of(plan, select, ignore).wants(RULE):
        return []
    contents = {path: file.content for path, file in now.files.items() if file.address.kind == "card"}
    found = outgrown(
        now.root, plan, contents, settings.environment, until(settings), settings.today, since=since
    )
    if isinstance(found, GitProblem):
        output.say(settings, f"kedge: how old estimates are is not known: {found.message}")
        return []
    return list(
        located(now.files, chosen([finding(one, settings.today) for one in found], plan, select, ignore))
    )


def until(settings: Settings) -> str:
    """The last commit that counts: the one at which the plan is read, else HEAD."""
    return settings.at if settings.at and not settings.at.startswith(":") else "HEAD"

"""What the last merge has lost, for every command that speaks of merges."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from . import output
from .settings import Settings

if TYPE_CHECKING:
    from ..model.plan.plan import Plan
    from ..model.records.findings import Finding


def lost_in_last_merge(settings: Settings, root: str, plan: Callable[[], Plan]) -> list[Finding]:
    """The edits that the last commit has lost, where it puts two sides together, and that are not back yet (D107)."""
    from ..model.review.range_findings import lost_findings
    from ..storage.disk.repository import GitProblem, Reason
    from ..storage.git.merge_results import lossy_merge_at
    from .check_history import until

    merge = lossy_merge_at(root, until(settings), settings.environment)
    if isinstance(merge, GitProblem):
        # In a new repository there is no commit yet.
        if not merge.is_expected and merge.reason is not Reason.BAD_REVISION:
            output.say(settings, f"kedge: whether the last merge lost an edit is not known: {merge.message}")
        return []
    return lost_findings([merge], plan()) if merge is not None else []


def lost_here(settings: Settings) -> list[Finding]:
    """The same, of the plan on disk; nothing where there is none."""
    from ..storage.disk.errors import KedgeError
    from .context import open_workspace
    from .plan_folder import plan_root

    try:
        root = plan_root(settings)
    except KedgeError:
        return []
    return lost_in_last_merge(settings, root, lambda: open_workspace(settings, warns=False).plan)

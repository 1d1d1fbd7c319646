"""`check --since`: what a range of commits has brought into a plan, and goal posts that it moved without a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..model.records.findings import Finding
from ..storage.disk.errors import KedgeError
from ..storage.disk.repository import GitProblem, Reason
from ..storage.plan.places import located
from . import output
from .check_history import outgrown_findings, until
from .seen import Seen
from .settings import Settings

if TYPE_CHECKING:
    from ..model.plan.plan import Plan
    from ..storage.git.range_history import Range
    from ..storage.git.sides import Side


def findings_since(
    settings: Settings, now: Seen, revision: str, select: Sequence[str], ignore: Sequence[str]
) -> list[Finding]:
    """The findings that were not there where the range of commits begins, and those of family D. Raises KedgeError."""
    from ..model.rules.selection import chosen
    from ..storage.git.sparse import left_out

    if not settings.at and left_out(now.root, settings.environment):
        raise KedgeError(
            f"--since {revision}: a sparse checkout leaves out files of the plan, which would count as removed",
            "git sparse-checkout add gets them",
        )
    begin = _begin(settings, now.root, revision)
    before = Seen.of_side(settings, now.root, begin)
    compared = chosen(_compared(settings, before, now, begin.commit), now.snapshot.plan, select, ignore)
    found = [
        *introduced_findings(before, now, select, ignore),
        *located(now.files, compared),
        *outgrown_findings(settings, now, select, ignore, begin.commit),
    ]
    return sorted(found, key=lambda one: one.sort_key)


def introduced_findings(
    before: Seen, now: Seen, select: Sequence[str], ignore: Sequence[str]
) -> list[Finding]:
    """The findings of a plan that it did not have before."""
    from ..model.review.introduced import introduced
    from ..model.review.renames import aligned, renames

    moves = renames(before.snapshot.plan, now.snapshot.plan)
    old = aligned(before.snapshot.plan, moves)
    earlier = (
        replace(one, address=moves.get(one.address, one.address) if one.address else None)
        for one in before.findings(select, ignore)
    )
    return introduced(earlier, now.findings(select, ignore), old, now.snapshot.plan)


def last_commit(settings: Settings, root: str) -> Seen:
    """The plan at the last commit; an empty one before the first. Raises KedgeError."""
    from ..model.plan.plan import Plan
    from ..storage.git.sides import side
    from ..storage.plan.read import Loaded
    from ..storage.plan.snapshot import snapshot_of

    found = side(root, "HEAD", settings.environment, may_be_missing=True)
    if not isinstance(found, GitProblem):
        return Seen.of_side(settings, root, found)
    if found.reason is not Reason.BAD_REVISION:
        raise KedgeError(f"the last commit cannot be read: {found.message}")
    return Seen(root, {}, snapshot_of(Loaded(Plan()), settings.today))


def _begin(settings: Settings, root: str, revision: str) -> Side:
    """Where the range begins: the merge base of a revision and its end."""
    from ..storage.git.sides import side

    wanted = revision if "..." in revision else f"{revision.removesuffix('..')}...{until(settings)}"
    found = side(root, wanted, settings.environment, may_be_missing=True)
    if isinstance(found, GitProblem) and found.reason is Reason.NO_MERGE_BASE:
        # In a clone without its whole history the revision itself may still be there.
        found = side(root, revision, settings.environment, may_be_missing=True)
    if isinstance(found, GitProblem):
        hint = "git log --oneline lists commits"
        raise KedgeError(
            f"--since {revision}: {found.message}", hint if found.reason is Reason.BAD_REVISION else ""
        )
    return found


def _compared(settings: Settings, before: Seen, now: Seen, commit: str) -> list[Finding]:
    from ..model.review.goal_posts import moved_posts
    from ..model.review.range_findings import lost_findings, range_findings, wanted_origins
    from ..model.review.renames import aligned, renames
    from ..storage.git.merge_results import lossy_merges
    from ..storage.git.range_history import mixed_merges, origins

    old, new = before.snapshot.plan, now.snapshot.plan
    plans = aligned(old, renames(old, new)), new
    span = _span(settings, now, commit)
    agreed = _agreed(settings, now, plans[0], span)
    posts = moved_posts(agreed, new, before.snapshot.unreadable | now.snapshot.unreadable)
    made = origins(span, wanted_origins(posts), settings.environment)
    merges = mixed_merges(span, settings.environment)
    lossy = lossy_merges(now.root, commit, span.until, settings.environment)
    for problem in (made, merges, lossy):
        if isinstance(problem, GitProblem):
            output.say(settings, f"kedge: who changed what in this range is not known: {problem.message}")
    return [
        *range_findings(
            *plans,
            posts,
            {} if isinstance(made, GitProblem) else made,
            () if isinstance(merges, GitProblem) else merges,
        ),
        *lost_findings(() if isinstance(lossy, GitProblem) else lossy, new),
    ]


def _agreed(settings: Settings, now: Seen, before: Plan, span: Range) -> Plan:
    """The earlier plan, with goal posts of projects whose work began in the range as they were at that moment."""
    from ..model.review.goal_posts import as_agreed, begun_since
    from ..model.review.renames import aligned, renames
    from ..storage.git.range_history import begins
    from ..storage.git.sides import side

    later = now.snapshot.plan
    begun = begun_since(before, later)
    commits = begins(span, begun, settings.environment) if begun else {}
    plans: dict[str, Plan] = {}
    for project, commit in {} if isinstance(commits, GitProblem) else commits.items():
        found = side(now.root, commit, settings.environment)
        if not isinstance(found, GitProblem):
            plan = Seen.of_side(settings, now.root, found).snapshot.plan
            plans[project] = aligned(plan, renames(plan, later))
    return as_agreed(before, plans) if plans else before


def _span(settings: Settings, now: Seen, commit: str) -> Range:
    from ..storage.git.range_history import Range

    return Range(now.root, commit, until(settings), {path: file.content for path, file in now.files.items()})

"""The states of a plan that are compared: a revision, a merge base, the index, the work tree.

What a person may write is what git takes: `A`, `A B`, `A...B`. Where they write nothing, the merge base with the main
branch is meant, so that what others have done on it since is never shown as the work of this branch.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from ...model.snapshot.snapshot import Snapshot
from ..disk.repository import GitProblem, Reason, Repository
from ..disk.source import Disk, Source
from ..plan.read import read_plan
from ..plan.record_cache import cache_of
from ..plan.snapshot import snapshot_of
from .git import Git, git_at
from .revision import Tree, plan_at_revision
from .sparse import whole
from .tree import INDEX

BASE = ":base"
"""The merge base with the main branch. No revision of git has these names: a ref has no colon."""
STAGED = ":index"
WORK = ":work"


@dataclass(frozen=True)
class Side:
    """A state of a plan that can be read."""

    name: str
    """What it is, as a person reads it: `main`, `merge base of main and HEAD`, `the index`, `the work tree`."""
    commit: str
    """The whole name of the commit; empty for the index and the work tree."""
    source: Source
    """For `read_plan`."""

    @property
    def title(self) -> str:
        """The name with the beginning of the commit's."""
        is_known = not self.commit or self.commit.startswith(self.name)
        return self.name if is_known else f"{self.name} ({self.commit[:8]})"

    @property
    def not_fetched(self) -> int:
        """How many of its files a partial clone does not have."""
        return self.source.not_fetched if isinstance(self.source, Tree) else 0

    def snapshot(self, today: dt.date) -> Snapshot:
        """The plan in this state, seen on a day."""
        return snapshot_of(read_plan(self.source), today, revision=self.commit or self.name)


def side(
    place: str | Repository, name: str, environment: Mapping[str, str], *, may_be_missing: bool = False
) -> Side | GitProblem:
    """One state of a plan: at a revision, at a merge base (`A...B`), BASE, STAGED or WORK.

    `place` is the plan's folder, or a folder above one that is not in the work tree, or a repository without one.
    `may_be_missing`: where there is no plan in it, it is an empty one.
    """
    if name == WORK:
        if isinstance(place, Repository):
            return GitProblem(Reason.NO_PLAN, "a bare repository has no work tree")
        return Side("the work tree", "", whole(Disk(place, cache_of(place, environment)), environment))
    if name == STAGED:
        found = "the index", INDEX
    else:
        with git_at(place, environment) as git:
            found = git if isinstance(git, GitProblem) else _resolved(git, name)
    if isinstance(found, GitProblem):
        return found
    title, commit = found
    tree = plan_at_revision(place, commit, environment, may_be_missing=may_be_missing)
    return tree if isinstance(tree, GitProblem) else Side(title, commit.removeprefix(INDEX), tree)


def _resolved(git: Git, name: str) -> tuple[str, str] | GitProblem:
    """What a name stands for: in words, and the commit."""
    one, dots, other = ("", "...", "") if name == BASE else name.partition("...")
    if dots:
        return _base(git, one, other)
    commit = git.resolve(name)
    return commit if isinstance(commit, GitProblem) else (name, commit)


def sides(
    root: str | Repository,
    first: str,
    second: str,
    environment: Mapping[str, str],
    *,
    staged: bool = False,
) -> tuple[Side, Side] | GitProblem:
    """The two states that are compared, earlier one first; `first` and `second` are empty where nothing was written.

    nothing    the merge base with the main branch, and the work tree
    A          A, and the work tree
    A B, A..B  A, and B
    A...B      the merge base of A and B, and B; HEAD for one that is left out
    staged     A or HEAD, and the index

    Where there is no plan yet on the earlier side, that side is empty.
    """
    before, after = _named(first, second, staged=staged)
    later = side(root, after, environment)
    if isinstance(later, GitProblem):
        return later
    earlier = side(root, before, environment, may_be_missing=True)
    return earlier if isinstance(earlier, GitProblem) else (earlier, later)


def _named(first: str, second: str, *, staged: bool) -> tuple[str, str]:
    if staged:
        return first or "HEAD", STAGED
    if second:
        return first, second
    if "..." in first:
        return first, first.partition("...")[2] or "HEAD"
    if ".." in first:
        one, _, other = first.partition("..")
        return one or "HEAD", other or "HEAD"
    return first or BASE, WORK


def _base(git: Git, one: str, other: str) -> tuple[str, str] | GitProblem:
    """The merge base of two revisions, HEAD where one is left out; of the main branch and HEAD where both are."""
    if not one and not other:
        ref = git.main_branch()
        if isinstance(ref, GitProblem):
            head = git.resolve("HEAD")
            return head if isinstance(head, GitProblem) else ref
        one, shown = ref, ref.removeprefix("refs/remotes/").removeprefix("refs/heads/")
    else:
        one = shown = one or "HEAD"
    other = other or "HEAD"
    commits = (git.resolve(one), git.resolve(other))
    for commit in commits:
        if isinstance(commit, GitProblem):
            return commit
    base = git.merge_base(*map(str, commits))
    return base if isinstance(base, GitProblem) else (f"merge base of {shown} and {other}", base)

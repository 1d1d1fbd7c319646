"""What merges of a plan have lost, and whatever else git puts together from two sides: rebases, picks and reverts."""

from __future__ import annotations

from collections.abc import Mapping

from ...model.records.address import Address
from ...model.review.lost_edits import LostEdit, Side
from ...model.review.range_findings import LossyMerge
from ..disk.paths import path_of
from ..disk.repository import GitProblem
from .git import Git, git_at
from .log import log
from .merge_states import Past, States
from .put_together import PutTogether, merge_of, put_together

MOST_MERGES = 200
"""Merges of a range that are looked at, the newest."""


def lossy_merge_at(
    root: str, revision: str, environment: Mapping[str, str]
) -> LossyMerge | GitProblem | None:
    """What a commit has lost, where it puts two sides together; None where it does not, or has lost nothing."""
    with git_at(root, environment) as git:
        if isinstance(git, GitProblem):
            return git
        commits = log(git, ["--max-count=1"], [], revision, with_files=False)
        if isinstance(commits, GitProblem):
            return commits
        found = put_together(git, commits[0]) if commits else None
        return _lossy(git, found, root) if isinstance(found, PutTogether) else found


def lossy_merges(
    root: str, before: str, until: str, environment: Mapping[str, str]
) -> list[LossyMerge] | GitProblem:
    """The merges of a range that have lost an edit, newest first."""
    with git_at(root, environment) as git:
        if isinstance(git, GitProblem):
            return git
        prefix = git.repository.prefix(root)
        options = ["--merges", "--full-history", "--no-renames", f"--max-count={MOST_MERGES}"]
        commits = log(git, options, [prefix] if prefix else [], f"{before}..{until}", with_files=False)
        if isinstance(commits, GitProblem):
            return commits
        found: list[LossyMerge] = []
        for commit in commits:
            merge = merge_of(git, commit)
            lossy = _lossy(git, merge, root) if isinstance(merge, PutTogether) else merge
            if isinstance(lossy, GitProblem):
                return lossy
            if lossy is not None:
                found.append(lossy)
    return found


_Key = tuple[Side, Address, str]


def _lossy(git: Git, merge: PutTogether, root: str) -> LossyMerge | GitProblem | None:
    """What was lost where two sides were put together; None where nothing is."""
    prefix = git.repository.prefix(root)
    found: dict[_Key, LostEdit] | None = None
    for base in merge.bases:
        states = States.read(Past(git, prefix, base, merge))
        if isinstance(states, GitProblem):
            return states
        # What is an edit beside one of several common ancestors only, another of them may have had already.
        lost: dict[_Key, LostEdit] = {(one.side, one.address, one.what): one for one in states.lost()}
        found = lost if found is None else {key: one for key, one in found.items() if key in lost}
        if not found:
            return None
    if not found:
        return None
    trees = [_tree(git, one) for one in (merge.result, merge.ours, merge.theirs)]
    edits = tuple((one, _author(git, merge, one, prefix)) for one in found.values())
    return LossyMerge(merge.result, edits, is_one_side=trees[0] in trees[1:], what=merge.what)


def _tree(git: Git, commit: str) -> str:
    found = git.run(["rev-parse", f"{commit}^{{tree}}"])
    return commit if isinstance(found, GitProblem) else found.decode("ascii", "replace").strip()


def _author(git: Git, merge: PutTogether, edit: LostEdit, prefix: str) -> str:
    """Who made an edit: the author of the last commit of its side that touched the record's file."""
    tip = merge.ours if edit.side == "ours" else merge.theirs
    options = ["--no-renames", "--max-count=1"]
    commits = log(git, options, [prefix + path_of(edit.at)], f"{merge.bases[0]}..{tip}")
    return commits[0].author if not isinstance(commits, GitProblem) and commits else ""

"""What a commit has put together from two sides: a merge, or the end of a rebase, a picked commit, a squash, a revert.

Git notes the sides of a merge only. The last rebase of a branch is in its log of moves, which is in this clone alone;
of a revert, of a pick with `-x` and of a squash with git's own message, the message says it. Any other pick has the
author, the time and the subject of the commit that was picked, which a branch may still have.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import Literal, NamedTuple

from ..disk.regular import read_regular
from ..disk.repository import GitProblem, Reason
from .git import Git
from .log import Commit

_MOST_BASES = 4
"""Common ancestors of two sides that are looked at."""
_MOST_MOVES = 20_000_000
"""Bytes of the log of a branch's moves that are read."""
_NAME = r"([0-9a-f]{40}(?:[0-9a-f]{24})?)"
_REBASED = re.compile(rf"{_NAME} {_NAME} [^\t]*\t(?:rebase|pull)\b[^\n:]*\(finish\): \S+ onto {_NAME}")
_REVERTS = re.compile(rf"^This reverts commit {_NAME}\.", re.MULTILINE)
_MAKER = "%at%x00%ae%x00%s"
"""What a pick leaves as it was in a commit."""
_SQUASHED = re.compile(rf"^Squashed commit of the following:\s+commit {_NAME}$", re.MULTILINE)
_MOST_COMMITS = 2_000
"""Commits of other branches among which the one that was picked is looked for."""
_PICKED = re.compile(rf"^\(cherry picked from commit {_NAME}\)$", re.MULTILINE)


class PutTogether(NamedTuple):
    """Two sides, where they came from, and what became of them."""

    what: Literal["merge", "rebase", "cherry-pick", "squash", "revert"]
    result: str
    bases: tuple[str, ...]
    ours: str
    theirs: str

    @property
    def is_merge(self) -> bool:
        """Whether git merged just these commits, in one step."""
        return self.what == "merge"

    @property
    def is_back(self) -> bool:
        """Whether theirs is what was before the base."""
        return self.what == "revert"


def put_together(git: Git, commit: Commit) -> PutTogether | GitProblem | None:
    """The two sides of a commit; None where it has not got two, or nothing says which."""
    if len(commit.parents) != 1:
        return merge_of(git, commit)
    found = _rebase(git, commit)
    return found if found is not None else _of_message(git, commit)


def merge_of(git: Git, commit: Commit) -> PutTogether | GitProblem | None:
    """The sides of a merge; None for one of three or more, and where they have nothing in common, or not here."""
    if len(commit.parents) != 2:
        return None
    output = git.run(["merge-base", "--all", *commit.parents])
    if isinstance(output, GitProblem):
        # It ends with an error, and says nothing, where they have nothing in common.
        return None if output.reason is Reason.FAILED and not output.detail else output
    found = tuple(output.decode("ascii", "replace").split()[:_MOST_BASES])
    return PutTogether("merge", commit.id, found, *commit.parents) if found else None


def _rebase(git: Git, commit: Commit) -> PutTogether | GitProblem | None:
    """The rebase that ended with a commit, where it is the last that the branch has seen and left no commit out."""
    branch = git.branch.split("/")
    if ".." in branch or "" in branch:
        return None
    path = os.path.join(git.repository.common, "logs", "refs", "heads", *branch)
    last = ""
    with suppress(OSError):
        last = read_regular(path, _MOST_MOVES).decode("utf-8", "replace").rstrip("\n").rpartition("\n")[2]
    found = _REBASED.match(last)
    if found is None or found[2] != commit.id:
        return None
    old, new, onto = found.groups()
    base = git.merge_base(old, onto)
    if isinstance(base, GitProblem):
        return None if base.reason is Reason.NO_MERGE_BASE else base
    counts = [_count(git, commits) for commits in (f"{base}..{old}", f"{onto}..{new}")]
    problem = next((one for one in counts if isinstance(one, GitProblem)), None)
    if problem is not None or counts[0] != counts[1]:
        return problem
    return PutTogether("rebase", new, (base,), onto, old)


def _count(git: Git, commits: str) -> bytes | GitProblem:
    return git.run(["rev-list", "--count", "--no-merges", commits])


def _of_message(git: Git, commit: Commit) -> PutTogether | GitProblem | None:
    """A revert, a pick or a squash, by what the message says; a pick also by who made it when."""
    output = git.run(
        ["show", "--no-patch", "--no-show-signature", f"--format=%ct%x00{_MAKER}%x00%B", commit.id]
    )
    if isinstance(output, GitProblem):
        return output
    committed, *maker, message = output.split(b"\0", 4)
    text = message.decode("utf-8", "replace")
    if squashed := _SQUASHED.search(text):
        return _squash(git, commit, squashed[1])
    reverted, picked = _REVERTS.search(text), _PICKED.search(text)
    named = reverted or picked
    if named is None:
        # What is committed for the first time is made at that moment.
        return _pick_like(git, commit, maker) if committed != maker[0] else None
    one, parent = git.resolve(named[1]), git.resolve(f"{named[1]}^")
    for found in (one, parent):
        if isinstance(found, GitProblem) and found.reason is not Reason.BAD_REVISION:
            return found
    if isinstance(one, GitProblem) or isinstance(parent, GitProblem):
        return None  # what is named need not be here
    if reverted:
        return PutTogether("revert", commit.id, (one,), commit.parents[0], parent)
    return PutTogether("cherry-pick", commit.id, (parent,), commit.parents[0], one)


def _squash(git: Git, commit: Commit, name: str) -> PutTogether | GitProblem | None:
    """The sides of `git merge --squash`, whose message begins with the last commit of the branch."""
    tip = git.resolve(name)
    if isinstance(tip, GitProblem):
        return None if tip.reason is Reason.BAD_REVISION else tip
    base = git.merge_base(commit.parents[0], tip)
    if isinstance(base, GitProblem):
        return None if base.reason is Reason.NO_MERGE_BASE else base
    return PutTogether("squash", commit.id, (base,), commit.parents[0], tip)


def _pick_like(git: Git, commit: Commit, maker: list[bytes]) -> PutTogether | GitProblem | None:
    """The pick of a commit that another branch has; None where none, or several, are like it."""
    asked = ["--branches", "--remotes", "--not", commit.id, f"--max-count={_MOST_COMMITS}", "--no-merges"]
    output = git.run(["log", "--no-show-signature", "-z", f"--format=%H %P%x00{_MAKER}", *asked])
    if isinstance(output, GitProblem):
        return output
    parts = output.split(b"\0")
    found = [parts[at] for at in range(0, len(parts) - 3, 4) if parts[at + 1 : at + 4] == maker]
    names = found[0].decode("ascii", "replace").split() if len(found) == 1 else []
    # With the same parent it is the commit before it was amended.
    if len(names) != 2 or names[1] == commit.parents[0]:
        return None
    return PutTogether("cherry-pick", commit.id, (names[1],), commit.parents[0], names[0])

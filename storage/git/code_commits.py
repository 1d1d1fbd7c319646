"""Commits of code that name cards, by a trailer `Card: 7k2m` or by the branch that they are on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from ...model.plan.card_names import TRAILER, named_in, of_branch
from ..disk.repository import GitProblem, Reason, Repository
from .git import Git, git_at
from .log import Commit, log

MOST = 200
"""Commits of one branch that are looked at."""
_TRAILED = ("--regexp-ignore-case", f"--grep=^{TRAILER}[[:blank:]]*:")
_BRANCHES = ("refs/heads", "refs/remotes")


class CodeCommit(NamedTuple):
    """A commit that names a card."""

    commit: Commit
    branch: str
    """The branch that names the card; empty where a trailer does."""


Named = Mapping[str, tuple[CodeCommit, ...]]
"""By id of the card, newest first."""


def code_commits(
    root: str, environment: Mapping[str, str], ids: Collection[str], card: str
) -> tuple[CodeCommit, ...] | GitProblem:
    """The commits on any branch that name a card, newest first; none where nothing is committed yet.

    `ids` are those of all cards, among which a name must be clear.
    """
    with git_at(root, environment) as git:
        if isinstance(git, GitProblem):
            return git
        commits = log(git, [*_TRAILED, "--branches", "--remotes"], [], with_files=False)
        if isinstance(commits, GitProblem):
            return commits
        found = [CodeCommit(one, "") for one in commits if card in named_in(one.cards, ids)]
        for ref in _branches_of(git, card, ids):
            on_branch = _own_commits(git, ref)
            if isinstance(on_branch, GitProblem):
                return on_branch
            known = {one.commit.id for one in found}
            found += [
                CodeCommit(one, _short(ref)) for one in on_branch if one.id not in known and not one.cards
            ]
    return tuple(sorted(found, key=lambda one: one.commit.at, reverse=True))


def cards_named(
    root: str | Repository,
    environment: Mapping[str, str],
    ids: Collection[str],
    base: str,
    head: str = "HEAD",
) -> Named | GitProblem:
    """The cards that the commits of a branch name: those up to `head` that `base` does not have.

    A commit without a trailer counts for the card that the branch itself is for, where that is checked out.
    """
    with git_at(root, environment) as git:
        if isinstance(git, GitProblem):
            return git
        commits = log(git, [f"^{base}"], [], head, with_files=False)
        if isinstance(commits, GitProblem):
            return commits
        branch = git.branch if head == "HEAD" else _short(head)
    own = of_branch(branch, ids)
    found: dict[str, list[CodeCommit]] = {}
    for one in commits:
        named = named_in(one.cards, ids)
        for card in named or ([own] if own and not one.cards else []):
            found.setdefault(card, []).append(CodeCommit(one, "" if named else branch))
    return {card: tuple(some) for card, some in found.items()}


def _branches_of(git: Git, card: str, ids: Collection[str]) -> list[str]:
    """The branches that are for a card, a local one before a remote one of the same name."""
    output = git.run(["for-each-ref", "--format=%(refname)", *_BRANCHES])
    refs = [] if isinstance(output, GitProblem) else output.decode("utf-8", "surrogateescape").splitlines()
    return [one for one in refs if of_branch(_short(one), ids) == card]


def _own_commits(git: Git, ref: str) -> list[Commit] | GitProblem:
    """The commits of a branch that the main branch does not have."""
    main = git.main_branch()
    if isinstance(main, GitProblem) or main == ref:
        return []
    found = log(git, [f"^{main}", f"--max-count={MOST}"], [], ref, with_files=False)
    is_gone = isinstance(found, GitProblem) and found.reason is Reason.BAD_REVISION
    return [] if is_gone else found


def _short(ref: str) -> str:
    """The name of a branch as people write it, without that of its remote."""
    for start in ("refs/heads/", "refs/remotes/"):
        if ref.startswith(start):
            name = ref.removeprefix(start)
            return name if start == "refs/heads/" else name.partition("/")[2]
    return ref

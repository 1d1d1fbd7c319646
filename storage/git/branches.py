"""Making a branch for a card, and naming the card in its commits.

A branch is made where HEAD is, so that no file of the work tree changes and no hook or filter has anything to do: one
ref more, and another name in HEAD. Every other switch is git's own business.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack, suppress

from ...model.plan.card_names import TRAILER, of_branch
from ..disk import atomic
from ..disk.regular import read_regular
from ..disk.repository import GitProblem, Reason, Repository, find_repository, head_of
from .git import Git, git_at

_UNDER_WAY = {
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
    "BISECT_LOG": "a bisect",
}
_UPDATE = ("update-ref", "-m")
_LARGEST_MESSAGE = 1_000_000


def make_branch(
    root: str, name: str, environment: Mapping[str, str], then: Callable[[], None] = lambda: None
) -> GitProblem | None:
    """Makes a branch at HEAD and goes to it, with all that is changed in the work tree; then does what belongs to it.

    Where any of that fails, HEAD is as it was and a branch that was made for it is gone. Raises what `then` raises.
    """
    with git_at(root, environment) as git:
        if isinstance(git, GitProblem):
            return git
        folder = git.repository.folder
        under_way = [text for file, text in _UNDER_WAY.items() if os.path.lexists(os.path.join(folder, file))]
        if under_way:
            return GitProblem(Reason.FAILED, f"{under_way[0]} is under way: finish it first")
        if "extensions.refstorage" in git.settings:
            return GitProblem(Reason.FAILED, f"kedge does not write this kind of refs: git switch -c {name}")
        ref = f"refs/heads/{name}"
        if name.startswith("-") or isinstance(git.run(["check-ref-format", ref]), GitProblem):
            return GitProblem(Reason.FAILED, f"{name} cannot be the name of a branch")
        if git.branch == name:
            then()
            return None
        head = git.resolve("HEAD")
        if isinstance(head, GitProblem):
            return head
        there = git.resolve(ref)
        if not isinstance(there, GitProblem) and there != head:
            return GitProblem(Reason.FAILED, f"the branch {name} is elsewhere already: git switch {name}")
        with ExitStack() as taken_back:
            if isinstance(there, GitProblem):
                made = git.run([*_UPDATE, "branch: Created by kedge", "--end-of-options", ref, head, ""])
                if isinstance(made, GitProblem):
                    return made
                taken_back.callback(git.run, ["update-ref", "-d", "--end-of-options", ref, head])
            before = git.branch
            problem = _go(git, f"ref: {ref}", f"checkout: moving from {before or head} to {name}")
            if problem is not None:
                return problem
            back = f"ref: refs/heads/{before}" if before else head
            taken_back.callback(_go, git, back, f"checkout: moving from {name} to {before or head}")
            then()
            taken_back.pop_all()
    return None


def is_on(root: str, name: str, environment: Mapping[str, str]) -> bool:
    """Whether HEAD is at a branch of this name."""
    found = find_repository(root, environment)
    return isinstance(found, Repository) and head_of(found.folder) == f"ref: refs/heads/{name}"


def branches(root: str, environment: Mapping[str, str]) -> list[str] | GitProblem:
    """The branches of this clone and of its remotes by short name, those with the newest commits first."""
    return _names(root, environment, "refs/heads/", "refs/remotes/")


def tags(root: str, environment: Mapping[str, str]) -> list[str] | GitProblem:
    """The tags of this clone, the newest ones first."""
    return _names(root, environment, "refs/tags/")


def _names(root: str, environment: Mapping[str, str], *folders: str) -> list[str] | GitProblem:
    """The refs in some folders by short name; those that only stand for another one are left out."""
    with git_at(root, environment) as git:
        if isinstance(git, GitProblem):
            return git
        options = ["--sort=-creatordate", "--format=%(refname)%00%(symref)"]
        output = git.run(["for-each-ref", *options, *(one.rstrip("/") for one in folders)])
    if isinstance(output, GitProblem):
        return output
    lines = (line.split("\0") for line in output.decode("utf-8", "surrogateescape").splitlines())
    names = (name for name, stands_for in lines if not stands_for)
    return [name.removeprefix(next(one for one in folders if name.startswith(one))) for name in names]


def _go(git: Git, content: str, said: str) -> GitProblem | None:
    """Notes in the log of HEAD where it goes, and writes it as git does: a lock beside it, then a rename."""
    ref = content.removeprefix("ref: ")
    noted = git.run(
        ["symbolic-ref", "-m", said, "HEAD", ref]
        if ref != content
        else [*_UPDATE, said, "--no-deref", "--end-of-options", "HEAD", content]
    )
    if isinstance(noted, GitProblem):
        return noted
    head = os.path.join(git.repository.folder, "HEAD")
    try:
        handle = os.open(f"{head}.lock", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    except FileExistsError:
        return GitProblem(Reason.FAILED, f"another git is at work, or was killed: then remove {head}.lock")
    except OSError as error:
        return GitProblem(Reason.FAILED, f"HEAD cannot be written: {error.strerror}")
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(f"{content}\n")
            file.flush()
            os.fsync(handle)
        os.replace(f"{head}.lock", head)
    except OSError as error:
        with suppress(OSError):
            os.unlink(f"{head}.lock")
        return GitProblem(Reason.FAILED, f"HEAD cannot be written: {error.strerror}")
    return None


def trailed_file(
    root: str, path: str, ids: Collection[str], environment: Mapping[str, str]
) -> GitProblem | None:
    """Adds the trailer of the card that the branch is for to a commit message; not where it has one already."""
    with git_at(root, environment) as git:
        if isinstance(git, GitProblem):
            return git
        card = of_branch(git.branch or _rebased(git), ids)
        if not card:
            return None
        try:
            message = read_regular(path, _LARGEST_MESSAGE + 1)
            if len(message) > _LARGEST_MESSAGE:
                return GitProblem(Reason.TOO_LARGE)
            options = ["--if-exists=doNothing", "--if-missing=add", "--trailer", f"{TRAILER}: {card}"]
            made = git.run(["interpret-trailers", *options], message)
            if isinstance(made, GitProblem) or made == message:
                return made if isinstance(made, GitProblem) else None
            if read_regular(path, _LARGEST_MESSAGE + 1) != message:
                return GitProblem(Reason.FAILED, f"{path} was saved meanwhile")
            atomic.replace(os.path.realpath(path), made)
        except OSError as error:
            return GitProblem(Reason.FAILED, f"{path}: {error.strerror}")
    return None


def _rebased(git: Git) -> str:
    """The branch that a rebase is at work on; HEAD names none meanwhile."""
    for place in ("rebase-merge", "rebase-apply"):
        with (
            suppress(OSError),
            open(os.path.join(git.repository.folder, place, "head-name"), encoding="utf-8") as file,
        ):
            return file.readline(1_000).strip().removeprefix("refs/heads/")
    return ""

"""Two records that git has taken for one: a file of one side, merged with a look-alike that the other side has made.

Git takes a file that one side removed and one that it added for one file that was renamed where they look alike, and
merges what the other side did to the first into the second. What the files say tells them apart, mostly; where it does
not, the trees of both sides say under which names they have them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from ...model.edit.identity import OTHER, Side, Triple
from ...model.plan.ids import ending
from ..disk.paths import address_of
from ..disk.regular import read_regular
from ..disk.repository import GitProblem, Repository
from .git import Git
from .names import renamed
from .tree import listed, name_of

_MOST_DONE = 10_000_000


def crossed(
    triple: Triple,
    path: str,
    names_of: Callable[[Side], Sequence[str] | None],
    is_renamed: Callable[[Side, str], bool],
) -> Side | None:
    """The side whose record is merged into another one, which belongs at `path`; None where there is one record only.

    `names_of`: where a side has its version; None where that is not known. `is_renamed`: whether the commits of a side
    gave the record of another path its name.
    """
    for side in triple.doubtful:
        names = names_of(side)
        if names is None:
            is_other = triple.likeness(OTHER[side]) == "other" and triple.likeness(side) != "other"
        else:
            is_other = path not in names and all(_ending(one) != _ending(path) for one in names)
        if is_other and not any(is_renamed(OTHER[side], one) for one in names or ()):
            return side
    return None


def _ending(path: str) -> str:
    """The ending of a card's id, which stays when it is renamed; the path where it has none."""
    parts = path.split("/")
    addresses = (address_of("/".join(parts[start:])) for start in range(len(parts)))
    address = next((one for one in addresses if one is not None), None)
    return (ending(address.id) if address is not None else "") or path


def paths_in(git: Git, commit: str, folder: str, name: str) -> list[str]:
    """Where a commit has a content, by the name that git gives to it; from the top of the repository."""
    found = listed(git, commit, folder)
    if isinstance(found, GitProblem):
        return []
    prefix = f"{folder}/" if folder else ""
    return [prefix + one.path for one in found if one.id == name]


def picked_commits(repository: Repository, environment: Mapping[str, str]) -> list[str]:
    """The commits that git merges, or picks in a rebase, while it asks the driver: it has not written them down yet."""
    merged = [name.removeprefix("GITHEAD_") for name in environment if name.startswith("GITHEAD_")]
    done = os.path.join(repository.folder, "rebase-merge", "done")
    last = b""
    with suppress(OSError):
        last = read_regular(done, _MOST_DONE).rstrip().rpartition(b"\n")[2]
    words = last.decode("ascii", "replace").split()
    return [*merged, *words[1:2]]


def labelled(labels: Sequence[str], side: Side, path: str) -> list[str] | None:
    """Where a side has a file, as git 2.44 and later say it to a driver: with the label of each version, where one was
    renamed; None where git does not say it."""
    if len(labels) != 3 or labels[0] in ("", "%S"):
        return None
    if not any(one.endswith(f":{path}") for one in labels):
        return [path]
    return [labels[1 if side == "ours" else 2].rpartition(":")[2]]


def folder_of(path: str) -> str:
    """The folder of the plan in which a file is; that of the file where it is in none."""
    parts = path.split("/")
    starts = (start for start in range(len(parts)) if address_of("/".join(parts[start:])) is not None)
    return "/".join(parts[: next(starts, len(parts) - 1)])


def places(git: Git, side: Side, others: Sequence[str], folder: str, content: bytes) -> list[str] | None:
    """Where a side has a content, from the top of the repository; None where that is not known.

    `others`: commits of which one is their side.
    """
    commits = ["HEAD"] if side == "ours" else others
    head = git.resolve("HEAD")
    if isinstance(head, GitProblem):
        return None
    for commit in commits:
        found = paths_in(git, commit, folder, name_of(content, head))
        if found:
            return found
    return None


def has_renamed(git: Git, side: Side, others: Sequence[str], folder: str, old: str, new: str) -> bool:
    """Whether the commits of a side gave the record of one path another; paths are from the top of the repository."""
    prefix = f"{folder}/" if folder else ""
    for other in others:
        base = git.merge_base("HEAD", other)
        tip = "HEAD" if side == "ours" else other
        below = [[path.removeprefix(prefix)] for path in (old, new)]
        if not isinstance(base, GitProblem) and renamed(git, base, tip, prefix, *below):
            return True
    return False

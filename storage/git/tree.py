"""The files in a folder of a commit or of the index, as git lists them."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from ..disk.repository import GitProblem
from .git import Git

INDEX = ":"
"""Takes the place of a commit where the index is meant; no revision has this name."""
FILES = ("100644", "100755", "100664")
LINK = "120000"


class Blob(NamedTuple):
    """A file in a tree."""

    path: str
    """From the folder that was listed."""
    mode: str
    id: str
    size: int
    """-1 where git does not have it, and of another repository in this one."""
    is_unmerged: bool = False
    """Whether the index has more than one version of it, since a merge could not put them together."""


def name_of(content: bytes | memoryview, like: str) -> str:
    """The name that git gives to a content, in the kind of name that another one is of."""
    kind = "sha256" if len(like) == 64 else "sha1"
    made = hashlib.new(kind, f"blob {len(content)}\0".encode(), usedforsecurity=False)
    made.update(content)
    return made.hexdigest()


def listed(git: Git, commit: str, folder: str) -> list[Blob] | GitProblem:
    """Every file in a folder of a commit or of the INDEX, or below it; the folder is empty for the top."""
    if commit == INDEX:
        return _in_index(git, f"{folder}/" if folder else "")
    output = git.run(["ls-tree", "-r", "-l", "-z", f"{commit}:{folder}"])
    if isinstance(output, GitProblem):
        return output
    found: list[Blob] = []
    for line in filter(None, output.decode("utf-8", "surrogateescape").split("\0")):
        head, _, path = line.partition("\t")
        mode, _, name, size = head.split()
        found.append(Blob(path, mode, name, int(size) if size.isdigit() else -1))
    return found


def _in_index(git: Git, above: str) -> list[Blob] | GitProblem:
    """The files of the index whose paths begin so; one that is only announced (`git add -N`) is not in it yet."""
    output = git.run(["ls-files", "--stage", "-z", "--", *([above] if above else [])])
    if isinstance(output, GitProblem):
        return output
    found: dict[str, tuple[str, str, bool]] = {}
    for line in filter(None, output.decode("utf-8", "surrogateescape").split("\0")):
        head, _, path = line.partition("\t")
        mode, name, stage = head.split()
        found.setdefault(path, (mode, name, stage != "0"))
    names = dict.fromkeys(name for mode, name, _ in found.values() if mode in (*FILES, LINK))
    sizes = git.sizes(names)
    if isinstance(sizes, GitProblem):
        return sizes
    announced = _announced(git) if 0 in sizes.values() else set[str]()
    if isinstance(announced, GitProblem):
        return announced
    return [
        Blob(path.removeprefix(above), mode, name, sizes.get(name, -1), is_unmerged)
        for path, (mode, name, is_unmerged) in found.items()
        if path not in announced
    ]


def _announced(git: Git) -> set[str] | GitProblem:
    """Paths that the index only announces: git lists them as added in the work tree."""
    output = git.run(
        ["diff-files", "--name-only", "--diff-filter=A", "--ignore-submodules=all", "--no-ext-diff", "-z"]
    )
    if isinstance(output, GitProblem):
        return output
    return set(output.decode("utf-8", "surrogateescape").split("\0"))

"""The files in a folder of a commit, as git lists them."""

from __future__ import annotations

from typing import NamedTuple

from ..disk.repository import GitProblem
from .git import Git

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


def listed(git: Git, commit: str, folder: str) -> list[Blob] | GitProblem:
    """Every file in a folder of a commit, or below it; the folder is empty for the top."""
    output = git.run(["ls-tree", "-r", "-l", "-z", f"{commit}:{folder}"])
    if isinstance(output, GitProblem):
        return output
    found: list[Blob] = []
    for line in filter(None, output.decode("utf-8", "surrogateescape").split("\0")):
        head, _, path = line.partition("\t")
        mode, _, name, size = head.split()
        found.append(Blob(path, mode, name, int(size) if size.isdigit() else -1))
    return found

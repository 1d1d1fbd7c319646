"""Which files of a plan differ between two commits, and what git calls their contents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...model.records.kinds import KINDS
from ..disk.paths import address_of
from ..disk.repository import GitProblem
from .git import Git
from .tree import FILES


@dataclass(frozen=True)
class Change:
    """A file that differs between two commits: the names of its contents; empty where it is not there."""

    before: str
    after: str


Changes = Mapping[str, Change]
"""By path below the plan."""


def changed(git: Git, base: str, commit: str, prefix: str) -> Changes | GitProblem:
    """The files of records that differ; the plan's path with a slash is `prefix`."""
    paths = [prefix] if prefix else []
    output = git.run(
        ["diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", base, commit, "--", *paths]
    )
    if isinstance(output, GitProblem):
        return output
    parts = output.decode("utf-8", "surrogateescape").split("\0")
    found: dict[str, Change] = {}
    for about, path in zip(parts[::2], parts[1::2], strict=False):
        modes_and_names = about.removeprefix(":").split(" ")
        old_mode, new_mode, old, new = modes_and_names[:4]
        below = path.removeprefix(prefix)
        address = address_of(below)
        if address is not None and address.kind in KINDS:
            found[below] = Change(old if old_mode in FILES else "", new if new_mode in FILES else "")
    return found


def gone_and_came(changes: Changes) -> tuple[list[str], list[str]]:
    """The files that went, and those that came."""
    gone = [path for path, one in changes.items() if not one.after]
    return gone, [path for path, one in changes.items() if not one.before]

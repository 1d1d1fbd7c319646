"""How the plan's files differ from the last commit, for the board's head line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..disk.repository import GitProblem
from .clone import read_clone
from .git import git_at, settings_of_person, status_settings

_UNBORN = "No commits yet on "


@dataclass(frozen=True)
class WorkingTree:
    """How the plan's files differ from the last commit."""

    branch: str
    """Empty where no branch is checked out."""
    added: int = 0
    modified: int = 0
    removed: int = 0
    lacks_driver: bool = False
    """Whether attributes ask for the merge driver, and this clone has none."""

    @property
    def summary(self) -> str:
        """In a few characters: `+3 ~1 -2`; empty where nothing differs."""
        counts = (("+", self.added), ("~", self.modified), ("-", self.removed))
        return " ".join(f"{sign}{count}" for sign, count in counts if count)


def working_tree(root: str, environment: Mapping[str, str]) -> WorkingTree | GitProblem:
    """The state of a plan's folder against HEAD.

    Content filters are never run: a file that one of them stores in another form counts as changed once it was
    written to.
    """
    with git_at(root, environment) as git:
        if isinstance(git, GitProblem):
            return git
        place = git.repository.place(root)
        personal = settings_of_person(git, environment)
        clone = read_clone(git, root, personal)
        # In a submodule git would start another git, which reads the submodule's own settings.
        options = [
            "--porcelain",
            "-z",
            "--branch",
            "--untracked-files=all",
            "--no-renames",
            "--ignore-submodules=all",
        ]
        output = git.run(
            ["status", *options, "--", *([place] if place else [])],
            settings=status_settings(git, personal, environment),
        )
    if isinstance(output, GitProblem):
        return output
    lacks_driver = not isinstance(clone, GitProblem) and clone.lacks_driver
    return replace(_status(output), lacks_driver=lacks_driver)


def _status(output: bytes) -> WorkingTree:
    heading, *entries = output.decode("utf-8", "surrogateescape").split("\0")
    added = modified = removed = 0
    for entry in entries:
        state = entry[:2]
        if not state.strip():
            continue
        if state == "??" or state[0] == "A":
            added += 1
        elif "D" in state:
            removed += 1
        else:
            modified += 1
    name = heading.removeprefix("## ").removeprefix(_UNBORN)
    branch = "" if name.startswith("HEAD (no branch)") else name.partition("...")[0]
    return WorkingTree(branch, added, modified, removed)

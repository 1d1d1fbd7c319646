"""Asking git, by its own program: the person's git, with their settings and their formats.

Arguments are lists, paths end with NUL, no lock is taken, no text is translated, and nothing waits for ever. A
folder outside of a repository, or a machine without git, is no error: there is just nothing to say.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_TIMEOUT = 20.0
"""Seconds; the status of ten thousand files on a cold disk takes one or two."""
_UNBORN = "No commits yet on "


@dataclass(frozen=True)
class WorkingTree:
    """How the plan's files differ from the last commit."""

    branch: str
    """Empty where no branch is checked out."""
    added: int = 0
    modified: int = 0
    removed: int = 0

    @property
    def summary(self) -> str:
        """In a few characters: `+3 ~1 -2`; empty where nothing differs."""
        counts = (("+", self.added), ("~", self.modified), ("-", self.removed))
        return " ".join(f"{sign}{count}" for sign, count in counts if count)


def working_tree(root: str, environment: Mapping[str, str]) -> WorkingTree | None:
    """The state of a plan's folder against HEAD; None where git has nothing to say about it."""
    output = run(
        root,
        ["status", "--porcelain", "-z", "--branch", "--untracked-files=all", "--no-renames", "--", "."],
        environment,
    )
    return None if output is None else _status(output)


def run(folder: str, arguments: Sequence[str], environment: Mapping[str, str]) -> bytes | None:
    """What a git command prints; None where it fails, takes too long, or there is no git."""
    return _run(folder, arguments, environment, b"")


def contents(root: str, names: Sequence[str], environment: Mapping[str, str]) -> dict[str, bytes]:
    """What git has under some names (`HEAD:path`, or the name of an object), by one process; others are left out."""
    asked = [name for name in dict.fromkeys(names) if "\n" not in name]
    lines = "".join(f"{one}\n" for one in asked).encode("utf-8", "surrogateescape")
    output = _run(root, ["cat-file", "--batch"], environment, lines)
    found: dict[str, bytes] = {}
    at = 0
    for name in asked if output else ():
        assert output is not None
        end = output.find(b"\n", at)
        head = output[at:end].split(b" ")
        at = end + 1
        if end >= 0 and len(head) == 3 and head[2].isdigit():
            found[name] = output[at : at + int(head[2])]
            at += int(head[2]) + 1
    return found


def _run(folder: str, arguments: Sequence[str], environment: Mapping[str, str], given: bytes) -> bytes | None:
    command = ["git", "--no-optional-locks", "--literal-pathspecs", "-C", folder, *arguments]
    quiet = {**environment, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
    try:
        done = subprocess.run(
            command, env=quiet, input=given, capture_output=True, timeout=_TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def git_folder(start: str) -> str | None:
    """The folder that holds the index of the work tree around a path; found without starting git."""
    folder = os.path.abspath(start)
    while True:
        path = os.path.join(folder, ".git")
        if os.path.isdir(path):
            return path
        if os.path.isfile(path):
            return _pointed_at(path)
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def _pointed_at(path: str) -> str | None:
    """Where the `.git` file of a worktree or a submodule points."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            line = file.readline(10_000)
    except OSError:
        return None
    name, _, target = line.partition(":")
    if name != "gitdir":
        return None
    return os.path.normpath(os.path.join(os.path.dirname(path), target.strip()))


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

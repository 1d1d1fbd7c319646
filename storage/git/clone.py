"""What a clone has set up for the plan in it: the merge driver, hunk headers, hooks.

None of it travels with a repository: settings and hooks belong to each clone. Only `.gitattributes` does, which says
that a plan's files are to be merged by the driver `kedge`; a clone without the driver then merges them as text, and
git says nothing of that.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..disk.regular import read_regular
from ..disk.repository import GitProblem, Repository
from .git import Git, git_at, settings_of_person
from .merge_driver import NAME, driver_settings

DRIVER_SETTINGS = driver_settings()
HEADER_SETTINGS = {f"diff.{NAME}.xfuncname": r"^(\[.*\].*|title[ \t]*=.*)$"}
"""A hunk is headed by the table that it is in, or by the title of the record."""
LACKING = "no merge driver in this clone, though .gitattributes asks for it"
"""What is said where a plan's files would be merged as text."""
MOST_BYTES = 1 << 20
"""Of a hook or a file of attributes that is looked at."""

HOOKS = {
    "pre-commit": (
        "{ kedge check --staged --severity error --plan PLAN && kedge fmt --check --staged --plan PLAN; } || exit 1",
        "the plan is not checked",
    ),
    "prepare-commit-msg": ('kedge git card-trailer --plan PLAN "$@" || :', "no card is named"),
}
"""What a hook runs for a plan, and what is left undone where kedge is missing."""


def hook_line(name: str, place: str) -> str:
    """The line of a hook for one plan; a branch without the plan has nothing to check."""
    plan = _quoted(f"./{place}" if place.startswith("-") else place or ".")
    board = _quoted(f"{place}/board.toml" if place else "board.toml")
    return f"[ ! -f {board} ] || {HOOKS[name][0].replace('PLAN', plan)}"


def hook_text(name: str, places: Iterable[str]) -> str:
    """The whole hook, for the plans of a repository by their folders from the top."""
    lines = [
        "#!/bin/sh",
        "# Written by: kedge git install --hook",
        f"command -v kedge >/dev/null 2>&1 || {{ echo 'kedge is not on PATH: {HOOKS[name][1]}' >&2; exit 0; }}",
        *(hook_line(name, one) for one in places),
    ]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Clone:
    """A clone as it is set up for the plan in it."""

    repository: Repository
    place: str
    """The plan's folder from the top; empty where it is the top."""
    settings: Mapping[str, str]
    """By lower-case name: those of the machine and the person, then those of the clone."""
    merge: str
    """The driver that attributes name for the plan's files; empty where they name none."""
    diff: str

    @property
    def has_driver(self) -> bool:
        """Whether git knows a driver of this name, ours or an older one."""
        return bool(self.settings.get(f"merge.{NAME}.driver"))

    @property
    def lacks_driver(self) -> bool:
        """Whether the plan's files are to be merged by the driver, and git does not know it."""
        return self.merge == NAME and not self.has_driver

    @property
    def config(self) -> str:
        """The file of settings of the clone, which its worktrees share."""
        return os.path.join(self.repository.common, "config")

    @property
    def hooks(self) -> str:
        """The folder in which git looks for hooks."""
        named = self.settings.get("core.hookspath", "")
        if not named:
            return os.path.join(self.repository.common, "hooks")
        return os.path.normpath(os.path.join(self.repository.top, os.path.expanduser(named)))

    def holds(self, path: str) -> bool:
        """Whether a path is in the repository, links followed."""
        real = os.path.realpath(path)
        tops = [os.path.realpath(one) for one in (self.repository.top, self.repository.common)]
        return any(real == top or real.startswith(top + os.sep) for top in tops)

    def has(self, wanted: Mapping[str, str]) -> bool:
        """Whether some settings are in force."""
        return all(self.settings.get(name) == value for name, value in wanted.items())

    def plans_of(self, name: str) -> tuple[str, ...] | None:
        """The plans that a hook of ours is for; none without a hook, None where it is not as kedge writes it."""
        text = self.hook(name)
        if text is None:
            return ()
        words = [_PLAN.search(line) for line in text.splitlines()]
        found = [_unquoted(one[1]) for one in words if one is not None]
        places = tuple("" if one == "." else one.removeprefix("./") for one in found)
        return places if text == hook_text(name, places) else None

    def hook(self, name: str) -> str | None:
        """What a hook says; None where there is none."""
        path = os.path.join(self.hooks, name)
        if not os.path.lexists(path):
            return None
        return content_of(path).decode("utf-8", "replace")


def clone_of(root: str, environment: Mapping[str, str]) -> Clone | GitProblem:
    """How the clone around a plan is set up."""
    with git_at(root, environment) as git:
        if isinstance(git, GitProblem):
            return git
        return read_clone(git, root, settings_of_person(git, environment))


def read_clone(git: Git, root: str, personal: Mapping[str, str]) -> Clone | GitProblem:
    """The same where git is at hand already."""
    place = git.repository.place(root)
    board = f"{place}/board.toml" if place else "board.toml"
    output = git.run(["check-attr", "-z", "merge", "diff", "--", board])
    if isinstance(output, GitProblem):
        return output
    parts = output.decode("utf-8", "surrogateescape").split("\0")
    named = dict(zip(parts[1::3], parts[2::3], strict=False))
    found = {
        name: "" if named.get(name) in (None, "unspecified", "set", "unset") else named[name]
        for name in ("merge", "diff")
    }
    return Clone(git.repository, place, {**personal, **git.settings}, found["merge"], found["diff"])


_PLAN = re.compile(r"--plan ((?:[\w./-]|'[^']*'|\\')+)")


def _quoted(text: str) -> str:
    """A word for the shell; a folder's name may have anything in it."""
    if re.fullmatch(r"\w[\w./-]*", text, re.ASCII) or text == ".":
        return text
    return "'" + text.replace("'", "'\\''") + "'"


def _unquoted(word: str) -> str:
    return word[1:-1].replace("'\\''", "'") if word.startswith("'") else word


def content_of(path: str) -> bytes:
    """What a small file says; nothing where it cannot be read."""
    try:
        return read_regular(path, MOST_BYTES)
    except OSError:
        return b""

"""Setting up a clone for the plan in it, as steps that a person can read before they are made.

Settings go into the clone's own file, by git itself; nothing that another program or a person wrote is replaced: where
a hook is theirs the step says which line to add by hand. Steps that are made already change nothing.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..disk import atomic
from ..disk.regular import read_regular
from ..disk.repository import GitProblem
from ..disk.swap import swap_file
from .clone import (
    DRIVER_SETTINGS,
    HEADER_SETTINGS,
    HOOKS,
    MOST_BYTES,
    Clone,
    hook_line,
    hook_text,
)
from .git import git_at
from .merge_driver import NAME

_LEADS_OUT = "leads out of this repository"
_ATTRIBUTES = f"merge={NAME} diff={NAME}"


@dataclass(frozen=True)
class SetupStep:
    """One thing that is set up."""

    about: str
    path: str
    """The file that it changes."""
    settings: Mapping[str, str] = field(default_factory=dict[str, str])
    """Settings that are written into the file by git."""
    before: bytes | None = None
    content: bytes | None = None
    """What the file says afterwards; None where the step changes settings, or nothing."""
    is_program: bool = False
    by_hand: str = ""
    """What a person has to do instead, and why; empty where kedge does it."""
    note: str = ""
    """What else to know about it."""

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return not self.settings and self.content is None and not self.by_hand


def steps(clone: Clone, *, hook: bool, merge: bool, ci: bool) -> list[SetupStep]:
    """What is to be done, in order. `ci` keeps the attributes out of the files that are committed."""
    found: list[SetupStep] = []
    if merge or ci:
        found += [
            _settings(clone, "merge driver", DRIVER_SETTINGS),
            _settings(clone, "hunk headers", HEADER_SETTINGS),
            _attributes(clone, is_private=ci),
        ]
    if hook:
        found += [_hook(clone, name) for name in HOOKS]
    return found


def carry_out(clone: Clone, step: SetupStep, environment: Mapping[str, str]) -> GitProblem | None:
    """Makes a step. Raises WriteRefused, also where another program has changed the file since it was read."""
    if step.settings:
        with git_at(clone.repository, environment) as git:
            if isinstance(git, GitProblem):
                return git
            for name, value in step.settings.items():
                done = git.run(["config", "--file", step.path, "--replace-all", name, value])
                if isinstance(done, GitProblem):
                    return done
    if step.content is not None:
        if step.content != step.before:
            swap_file(step.path, step.before, step.content)
        if step.is_program:
            with atomic.refusals(step.path):
                mode = stat.S_IMODE(os.stat(step.path).st_mode)
                os.chmod(step.path, mode | (mode & 0o444) >> 2)
    return None


def _settings(clone: Clone, about: str, wanted: Mapping[str, str]) -> SetupStep:
    missing = {name: value for name, value in wanted.items() if clone.settings.get(name) != value}
    if missing and not clone.holds(clone.config):
        said = f"{clone.config} {_LEADS_OUT}; set there yourself: {', '.join(missing)}"
        return SetupStep(about, clone.config, by_hand=said)
    return SetupStep(about, clone.config, missing)


def _attributes(clone: Clone, *, is_private: bool) -> SetupStep:
    """The line that names the driver for the plan's files: in the plan for every clone, or in this clone alone."""
    place = clone.place
    if is_private:
        path = os.path.join(clone.repository.common, "info", "attributes")
        line = f"{_pattern(f'{place}/**/*.toml' if place else '*.toml')} {_ATTRIBUTES}"
    else:
        path = os.path.join(clone.repository.top, *place.split("/"), ".gitattributes")
        line = f"*.toml {_ATTRIBUTES}"
    about = "attributes"
    if (clone.merge, clone.diff) == (NAME, NAME):
        return SetupStep(about, path)
    if not clone.holds(path):
        return SetupStep(about, path, by_hand=f"{path} {_LEADS_OUT}; add this line to it: {line}")
    if os.path.lexists(path) and (os.path.islink(path) or not os.path.isfile(path)):
        return SetupStep(about, path, by_hand=f"{path} is not a file of its own; add this line to it: {line}")
    try:
        before = read_regular(path, MOST_BYTES + 1) if os.path.exists(path) else None
    except OSError as error:
        said = f"{path} cannot be read: {error.strerror}; add this line to it: {line}"
        return SetupStep(about, path, by_hand=said)
    text = before or b""
    if len(text) > MOST_BYTES:
        said = f"{path} is larger than {MOST_BYTES:,} bytes; add this line to it: {line}"
        return SetupStep(about, path, by_hand=said)
    if line.encode() in text.splitlines():
        said = f"the line {line} is there, and another file of attributes says something else: git check-attr -a tells"
        return SetupStep(about, path, by_hand=said)
    end = b"\r\n" if b"\r\n" in text else b"\n"
    text += end if text and not text.endswith(b"\n") else b""
    note = "" if is_private else "commit it, so that every clone asks for the driver"
    return SetupStep(
        about, path, before=before, content=text + line.encode("utf-8", "surrogateescape") + end, note=note
    )


def _pattern(path: str) -> str:
    """A path as a pattern of attributes that means nothing else."""
    head, stars, tail = path.partition("/**/")
    plain = re.sub(r"([\\*?\[]|^[!#])", r"\\\1", head) + stars + tail if stars else path
    if not re.search(r"[\s\"\\]", plain):
        return plain
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _hook(clone: Clone, name: str) -> SetupStep:
    path = os.path.join(clone.hooks, name)
    about = f"{name} hook"
    line = hook_line(name, clone.place)
    if not clone.holds(os.path.dirname(path)):
        said = f"core.hooksPath leads out of this repository, to {clone.hooks}; add this line to {name} there: {line}"
        return SetupStep(about, path, by_hand=said)
    if os.path.islink(path):
        return SetupStep(
            about, path, by_hand=f"{path} is a link to another file; add this line to it: {line}"
        )
    text, places = clone.hook(name), clone.plans_of(name)
    if text is not None and line in text.splitlines():
        is_whole = places is None or os.access(path, os.X_OK)
        # A run that was killed before it made its hook a program left one that git does not run.
        content = None if is_whole else text.encode()
        return SetupStep(about, path, before=content, content=content, is_program=not is_whole)
    if places is None:
        said = f"{path} is not as kedge writes it, and is left as it is; add this line to it: {line}"
        return SetupStep(about, path, by_hand=said)
    content = hook_text(name, (*places, clone.place)).encode("utf-8", "surrogateescape")
    before = None if text is None else text.encode()
    return SetupStep(about, path, before=before, content=content, is_program=True)


def shown_settings(found: Sequence[SetupStep]) -> list[tuple[str, str, str]]:
    """The settings that steps write: file, name and value."""
    return [(one.path, name, value) for one in found for name, value in one.settings.items()]

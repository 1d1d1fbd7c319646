"""Facts about answers from outside the plan: who gave them, and where their evidence is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from ...model.assess.standing import Standing
from ...model.snapshot.repository_files import RepositoryFiles
from ...model.value.proof import is_address, named, without_place
from ..disk.errors import BadValue
from ..disk.repository import GitProblem
from ..disk.repository_files import WorkTreeFiles, repository
from .attribution import Answered, answered


@dataclass(frozen=True)
class Known:
    """About the answers of one project."""

    answered: Answered | GitProblem | None = None
    """Who gave the answers, or why git does not know; None where it was not asked."""

    def who(self, one: Standing) -> str:
        """Who gave an answer and when, in words; empty where there is none, or no git that could know it."""
        if one.answer is None or self.answered is None:
            return ""
        if isinstance(self.answered, GitProblem):
            return "" if self.answered.is_expected else self.answered.message
        saying = self.answered.of(one.item.id, one.answer)
        if saying is None:
            return "not committed yet"
        earlier = "; or earlier: the history of this clone begins there" if saying.is_cut_off else ""
        return f"{saying.author}, {saying.date}, in {saying.commit[:8]}: {saying.subject}{earlier}"


def look_up(
    root: str,
    project: str,
    environment: Mapping[str, str],
    before: Answered | GitProblem | None = None,
) -> Known:
    """What is known of a project's answers; `before` is what git said last time."""
    before = before if isinstance(before, Answered) else None
    return Known(answered(root, project, environment, before))


def locate(root: str, folder: str, text: str) -> tuple[str, str]:
    """Evidence as it is written down: an address, or a path from the top of the repository; and what is odd about it.

    `folder` is where a relative path is looked for first. Raises BadValue for a path that leads out of the
    repository, where no other person could follow it.
    """
    text = text.strip()
    if not text:
        raise BadValue("evidence is a path in the repository or an address, not nothing")
    if is_address(text):
        return text, _remark(WorkTreeFiles(root), text)
    top = repository(root)
    # A place in the file stays behind its name, which may look like one itself.
    name = text if os.path.exists(os.path.join(folder, text)) else without_place(text)
    here = os.path.normpath(os.path.join(folder, name))
    full = here if os.path.isabs(name) or os.path.exists(here) else os.path.normpath(os.path.join(top, name))
    inside = os.path.relpath(os.path.realpath(full), os.path.realpath(top)).replace(os.sep, "/")
    if inside.startswith("../") or inside == "..":
        raise BadValue(f"{text} is not in the repository {top}", "give a path in it, or an address")
    stored = os.path.relpath(full, top).replace(os.sep, "/") if full == here else name
    return stored + text.removeprefix(name), _remark(WorkTreeFiles(root), stored)


def _remark(files: RepositoryFiles, text: str) -> str:
    """What a person should know who names this as evidence; empty where it counts."""
    (found,) = named(files, [text])
    if found.state == "not there":
        return f"there is no {text} in the repository yet"
    return "" if found.counts else f"{text} is {found.state}: it does not count"

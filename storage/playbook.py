"""The playbook of a plan: the shipped one with the team's `playbook.toml` laid over it."""

from __future__ import annotations

from collections.abc import Mapping

from ..model.findings import Finding
from ..model.playbook import shipped, with_team
from ..model.playbook.playbook import Playbook
from .places import PLAYBOOK, path_of
from .read import Places, SourceFile
from .toml.parse import ParseFailure, parse


def playbook_of(files: Mapping[str, SourceFile]) -> tuple[Playbook, list[Finding]]:
    """The playbook that a plan follows, and what is wrong with the team's part of it.

    A team's file that cannot be read has its finding from reading; the shipped playbook then stands.
    """
    path = path_of(PLAYBOOK)
    file = files.get(path)
    data = parse(file.content) if file is not None and not file.broken else None
    if file is None or data is None or isinstance(data, ParseFailure):
        return shipped(), []
    playbook, problems = with_team(data)
    where = Places(file.content)
    findings = []
    for problem in problems:
        line, column = where(problem.path)
        findings.append(
            Finding("F118", "error", str(problem), PLAYBOOK, problem.path, problem.hint, path, line, column)
        )
    return playbook, findings

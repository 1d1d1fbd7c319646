"""The playbook of a plan: the shipped one with the team's `playbook.toml` laid over it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from ...model.plan.findings import Finding
from ...model.playbook import shipped, with_team
from ...model.playbook.playbook import Playbook
from ..disk.paths import PLAYBOOK, path_of
from ..toml.parse import ParseFailure, parse
from .read import Places, SourceFile

_PATH = path_of(PLAYBOOK)


def playbook_of(files: Mapping[str, SourceFile]) -> tuple[Playbook, list[Finding]]:
    """The playbook that a plan follows, and what is wrong with the team's part of it.

    A team's file that cannot be read has its finding from reading; the shipped playbook then stands.
    """
    file = files.get(_PATH)
    if file is None or file.broken:
        return shipped(), []
    playbook, findings = _laid_over(file.content)
    return playbook, list(findings)


@lru_cache(maxsize=4)
def _laid_over(content: bytes) -> tuple[Playbook, tuple[Finding, ...]]:
    """What a team's file makes of the playbook; screens ask at every step, and the file hardly ever changes."""
    data = parse(content)
    if isinstance(data, ParseFailure):
        return shipped(), ()
    playbook, problems = with_team(data)
    where = Places(content)
    findings = [
        Finding(
            "F118", "error", str(problem), PLAYBOOK, problem.path, problem.hint, _PATH, *where(problem.path)
        )
        for problem in problems
    ]
    return playbook, tuple(findings)

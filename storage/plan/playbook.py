"""The playbook of a plan: the shipped one with the team's `playbook.toml` laid over it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from ...model.playbook import shipped, with_team
from ...model.records.findings import Finding
from ...model.snapshot.snapshot import Method
from ..disk.paths import PLAYBOOK, path_of
from ..toml.parse import ParseFailure, parse
from .places import Places
from .source_file import SourceFile

if TYPE_CHECKING:
    from ...model.playbook.playbook import Playbook

_PATH = path_of(PLAYBOOK)


def playbook_of(files: Mapping[str, SourceFile]) -> tuple[Playbook, list[Finding]]:
    """The playbook that a plan follows, and what is wrong with the team's part of it."""
    playbook, findings = method_of(files)()
    return playbook, list(findings)


def method_of(files: Mapping[str, SourceFile]) -> Callable[[], Method]:
    """What reads the playbook that a plan follows when it is asked for; the same for the same file.

    A team's file that cannot be read has its finding from reading; the shipped playbook then counts.
    """
    file = files.get(_PATH)
    return _method(None if file is None or file.broken else file.content)


@lru_cache(maxsize=4)
def _method(content: bytes | None) -> Callable[[], Method]:
    @cache
    def read() -> Method:
        return Method(shipped()) if content is None else _laid_over(content)

    return read


def _laid_over(content: bytes) -> Method:
    """What a team's file makes of the playbook."""
    data = parse(content)
    if isinstance(data, ParseFailure):
        return Method(shipped())
    playbook, problems = with_team(data)
    where = Places(content)
    findings = [
        Finding(
            "F118", "error", str(problem), PLAYBOOK, problem.path, problem.hint, _PATH, *where(problem.path)
        )
        for problem in problems
    ]
    return Method(playbook, tuple(findings))

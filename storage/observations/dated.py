"""Values of other tools' files, with the moment at which they came into the history where a file names none."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...model.operations.observation import Observed, Unread, Where
from ..disk.regular import read_regular
from ..disk.repository import GitProblem
from ..disk.repository_files import repository
from ..git.last_changes import last_changes
from ..git.log import NEVER
from ..git.tree import name_of
from .places import MOST_BYTES
from .reading import observe


def observe_dated(
    root: str, environment: Mapping[str, str], wanted: Sequence[Where], today: dt.date
) -> list[Observed | Unread]:
    """What is at some places in the repository around a folder, in their order.

    A value whose file names no moment is as old as the commit that brought the file as it is; it stays without one
    where the file is not committed so, or the commit's clock is ahead.
    """
    top = repository(root)
    answers = observe(top, wanted)
    files = [
        os.path.normpath(answer.file or where.file).replace(os.sep, "/")
        if isinstance(answer, Observed) and answer.at is None
        else ""
        for where, answer in zip(wanted, answers, strict=True)
    ]
    moments = _committed(top, environment, {one for one in files if one})
    return [
        replace(answer, at=at, is_by_commit=True)
        if isinstance(answer, Observed) and (at := moments.get(file)) is not None and at.date() <= today
        else answer
        for file, answer in zip(files, answers, strict=True)
    ]


def _committed(top: str, environment: Mapping[str, str], files: set[str]) -> Mapping[str, dt.datetime]:
    """When each file was committed as it is now; those that were not are left out."""
    changes = last_changes(top, environment, sorted(files)) if files else {}
    if isinstance(changes, GitProblem):
        return {}
    return {
        file: change.at.astimezone(dt.UTC)
        for file, change in changes.items()
        if change.at != NEVER and _is_as_committed(os.path.join(top, file), change.content)
    }


def _is_as_committed(path: str, content: str) -> bool:
    try:
        found = read_regular(path, MOST_BYTES + 1)
    except OSError:
        return False
    return len(found) <= MOST_BYTES and name_of(found, content) == content

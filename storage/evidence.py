"""Whether what answers name as evidence is really there: paths in the repository around a plan."""

from __future__ import annotations

import os
from collections.abc import Iterable

from ..model.assess import Standing


def repository(root: str) -> str:
    """The top of the work tree around a plan; the folder that the plan lies in where there is none."""
    beside = folder = os.path.dirname(os.path.abspath(root))
    while not os.path.exists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return beside
        folder = above
    return folder


def missing_evidence(root: str, standing: Iterable[Standing]) -> set[str]:
    """Paths named as evidence of some answers that are not in the repository."""
    top = repository(root)
    paths = {path for one in standing if one.answer is not None for path in one.answer.evidence}
    return {
        path
        for path in paths
        if "://" not in path and not os.path.exists(os.path.join(top, path.partition("#")[0]))
    }

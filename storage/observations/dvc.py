"""The metrics files that a `dvc.yaml` names: a key is looked for in each of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from ...model.records.values import is_list, is_table

NAME = "dvc.yaml"


def metrics_files(data: object, path: str) -> list[str]:
    """The metrics files of a pipeline, each once, as paths from where `path` begins; `path` is that of the dvc.yaml."""
    folder = os.path.dirname(path)
    found: dict[str, None] = {}
    if is_table(data):
        stages = data.get("stages")
        for stage in stages.values() if is_table(stages) else ():
            if is_table(stage):
                repeated = stage.get("do")
                stage = repeated if is_table(repeated) else stage
                below = stage.get("wdir")
                for one in _named(stage):
                    found[_joined(folder, below if isinstance(below, str) else "", one)] = None
        for one in _named(data):
            found[_joined(folder, "", one)] = None
    return list(found)


def is_computed(path: str) -> bool:
    """Whether DVC makes the path of variables, which it reads from other files."""
    return "${" in path


def _named(table: Mapping[str, object]) -> Iterator[str]:
    listed = table.get("metrics")
    for one in listed if is_list(listed) else ():
        if isinstance(one, str):
            yield one
        elif is_table(one):
            yield from one


def _joined(folder: str, below: str, path: str) -> str:
    return os.path.normpath(os.path.join(folder, below, path)).replace(os.sep, "/")

"""Reading values where other tools have left them. A file that holds many of them is opened once.

What cannot be read is an answer, never an error: the file may be locked, torn, foreign, or gone.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from ...model.operations.observation import Observed, Unread, Where, in_document, said
from .documents import document
from .dvc import NAME, is_computed, metrics_files
from .mlflow_database import Database, opened, why
from .mlflow_folder import Folder
from .places import Place, find
from .tables import in_lines, in_table

_DATABASES = (".db", ".sqlite", ".sqlite3")
_TABLES = (".csv", ".tsv", ".tab")
_LINES = (".jsonl", ".ndjson")


def observe(top: str, wanted: Sequence[Where]) -> list[Observed | Unread]:
    """What is at some places in a repository, in their order; `top` is its folder."""
    found: dict[int, Observed | Unread] = {}
    by_file: dict[str, list[int]] = {}
    for at, where in enumerate(wanted):
        by_file.setdefault(where.file, []).append(at)
    for path, places in by_file.items():
        answers = _of_file(top, path, [wanted[at] for at in places])
        found.update(zip(places, (_named(path, answer) for answer in answers), strict=True))
    return [found[at] for at in range(len(wanted))]


def _named(path: str, answer: Observed | Unread) -> Observed | Unread:
    if isinstance(answer, Observed) or answer.why.startswith((f"{path} ", f"{path}:")):
        return answer
    return replace(answer, why=f"{path}: {answer.why}")


def _of_file(top: str, path: str, wanted: Sequence[Where]) -> list[Observed | Unread]:
    place = find(top, path)
    if isinstance(place, Unread):
        return [place] * len(wanted)
    if os.path.isdir(place.full):
        return [_of_run(Folder(place), where) for where in wanted]
    if path.casefold().endswith(_DATABASES):
        return _of_database(place, wanted)
    content = place.content()
    if isinstance(content, Unread):
        return [content] * len(wanted)
    digest = hashlib.sha256(content).hexdigest()
    answers = _of_content(top, path, content, wanted)
    return [
        replace(one, digest=one.digest or digest) if isinstance(one, Observed) else one for one in answers
    ]


def _of_database(place: Place, wanted: Sequence[Where]) -> list[Observed | Unread]:
    try:
        with opened(place.full) as database:
            if isinstance(database, Unread):
                return [database] * len(wanted)
            answers = [_of_run(database, where) for where in wanted]
        digest = place.digest()
    except sqlite3.Error as error:
        return [why(error)] * len(wanted)
    except OSError as error:
        return [Unread(f"it cannot be read: {error.strerror}")] * len(wanted)
    return [replace(one, digest=digest) if isinstance(one, Observed) else one for one in answers]


def _of_run(store: Database | Folder, where: Where) -> Observed | Unread:
    if len(where.key) != 1:
        return Unread("the key is one metric of MLflow", "--key NAME names it, slashes and all")
    return store.observe(where.run, where.key[0])


def _of_content(top: str, path: str, content: bytes, wanted: Sequence[Where]) -> list[Observed | Unread]:
    end = path.casefold()
    if end.endswith(_TABLES):
        return [in_table(where, content) for where in wanted]
    if end.endswith(_LINES):
        return [in_lines(where, content) for where in wanted]
    data = document(path, content)
    if isinstance(data, Unread):
        return [data] * len(wanted)
    find_in = (
        partial(_of_pipeline, top, path, data)
        if os.path.basename(path) == NAME
        else partial(_of_document, data)
    )
    return [find_in(where) for where in wanted]


def _of_document(data: object, where: Where) -> Observed | Unread:
    if not where.key:
        return Unread("no key says which value", "--key NAME, once for each level")
    return in_document(data, where.key)


def _of_pipeline(top: str, path: str, data: object, where: Where) -> Observed | Unread:
    """The value in the one metrics file of a pipeline that has the key."""
    files = metrics_files(data, path)
    answers = observe(top, [replace(where, file=one) for one in files])
    found = [
        (one, answer) for one, answer in zip(files, answers, strict=True) if isinstance(answer, Observed)
    ]
    if len(found) == 1:
        name, answer = found[0]
        return replace(answer, note=name, file=name)
    if found:
        return Unread(
            f"{len(found)} metrics files have {said(where.key)}: {', '.join(one for one, _ in found)}",
            "name the file itself",
        )
    computed = next(filter(is_computed, files), None)
    if computed:
        return Unread(f"{computed} is a path with variables of DVC", "name the metrics file itself")
    return Unread(f"no metrics file has {said(where.key)}", f"it names: {', '.join(files) or 'none'}")

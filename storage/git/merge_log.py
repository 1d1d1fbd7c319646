"""What the merge driver settled by itself, kept in the git folder so that a person can read it after a merge.

A line of JSON for each file that was merged. Anyone can have written into that folder: what is no such line is
skipped, and what is shown is cut and made visible by whoever shows it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

from ..disk import atomic
from ..disk.regular import read_regular
from ..disk.repository import FOLDER, Repository, first_line, head_of, own_file

_NAME = "merges.jsonl"
MOST_BYTES = 1_000_000
"""Of the log; the older half goes when it is more."""
MOST_FIELDS = 200
"""Fields of one file that are kept."""
LONGEST = 200
"""Characters of a value that are kept."""
_BY = frozenset({"ours", "theirs", "alike", "both"})
_MOST_PACKED = 5_000_000


@dataclass(frozen=True)
class LoggedField:
    """A field that the driver settled: its values as TOML, None where it is not set, and whose change was taken."""

    field: str
    base: str | None
    ours: str | None
    theirs: str | None
    merged: str | None
    by: str


@dataclass(frozen=True)
class LoggedFile:
    """A file that the driver merged."""

    path: str
    """From the top of the repository."""
    fields: tuple[LoggedField, ...]
    more: int = 0
    """Fields that were settled and are not kept."""
    asked: int = 0
    """Fields that are left to a person."""


@dataclass(frozen=True)
class LoggedMerge:
    """A merge, and the files that the driver merged in it."""

    head: str
    """The commit that was merged into; empty where it is not known."""
    others: tuple[str, ...]
    """The commits that were merged."""
    at: str
    """When, as ISO date and time."""
    files: tuple[LoggedFile, ...]


def cut(text: str) -> str:
    """A value as it is kept."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def log_path(repository: Repository) -> str:
    """Where the log is."""
    return os.path.join(repository.folder, FOLDER, _NAME)


def add_to_log(repository: Repository, environment: Mapping[str, str], at: str, file: LoggedFile) -> None:
    """Adds a file that was merged. Raises OSError."""
    path = own_file(repository, _NAME)
    if not path:
        return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    fields = [
        {"field": cut(one.field), "base": one.base, "ours": one.ours}
        | {"theirs": one.theirs, "merged": one.merged, "by": one.by}
        for one in file.fields[:MOST_FIELDS]
    ]
    more = file.more + max(0, len(file.fields) - MOST_FIELDS)
    entry = {"head": _commit(repository), "others": _others(environment), "at": at, "path": file.path}
    line = json.dumps({**entry, "fields": fields, "more": more, "asked": file.asked}) + "\n"
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o666)
    try:
        os.write(handle, line.encode())
        size = os.fstat(handle).st_size
    finally:
        os.close(handle)
    if size > MOST_BYTES:
        kept = _read(path)[-MOST_BYTES // 2 :]
        atomic.replace(path, kept[kept.find(b"\n") + 1 :])


def merged_by_driver(repository: Repository, ours: str, theirs: str) -> dict[str, bool]:
    """The files, from the top, that the driver merged here when two commits were merged, and whether it left something
    of them to a person; none where it did not run, or it was elsewhere."""
    return {
        file.path: bool(file.asked)
        for merge, file in _entries(repository)
        if merge.head == ours and theirs in merge.others
    }


def last_merge(repository: Repository) -> LoggedMerge | None:
    """The merge that the log ends with, each file as it was merged last; None where there is none."""
    files: dict[str, LoggedFile] = {}
    merge: LoggedMerge | None = None
    for found, file in _entries(repository):
        if merge is None or (found.head, found.others) != (merge.head, merge.others):
            files = {}
        merge = found
        files.pop(file.path, None)
        files[file.path] = file
    return None if merge is None else LoggedMerge(merge.head, merge.others, merge.at, tuple(files.values()))


def _read(path: str) -> bytes:
    return read_regular(path, 2 * MOST_BYTES)


def _entries(repository: Repository) -> Iterator[tuple[LoggedMerge, LoggedFile]]:
    """The files that the log names, oldest first; none where it cannot be read."""
    try:
        lines = _read(log_path(repository)).decode("utf-8", "replace").splitlines()
    except OSError:
        return
    for line in lines:
        entry = _entry(line)
        if entry is not None:
            yield entry


def _entry(line: str) -> tuple[LoggedMerge, LoggedFile] | None:
    """A line of the log; None where it is something else."""
    try:
        data: Any = json.loads(line)
        fields = tuple(map(_field, data["fields"][:MOST_FIELDS]))
        others = tuple(map(_text, data["others"][:8]))
        file = LoggedFile(_text(data["path"]), fields, int(data["more"]), int(data["asked"]))
        return LoggedMerge(_text(data["head"]), others, _text(data["at"]), ()), file
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return None


def _field(data: Mapping[str, Any]) -> LoggedField:
    values = [data[name] for name in ("base", "ours", "theirs", "merged")]
    base, ours, theirs, merged = (None if one is None else _text(one) for one in values)
    if data["by"] not in _BY:
        raise ValueError(data["by"])
    return LoggedField(_text(data["field"]), base, ours, theirs, merged, cast("str", data["by"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return cut(value) if len(value) <= 10 * LONGEST else cut(value[:LONGEST])


def _others(environment: Mapping[str, str]) -> Sequence[str]:
    """The commits that are merged, as `git merge` names them to the programs it runs."""
    return sorted(name.removeprefix("GITHEAD_") for name in environment if name.startswith("GITHEAD_"))[:8]


def _commit(repository: Repository) -> str:
    """The commit of HEAD, by the files of the repository; empty where they do not say it."""
    head = head_of(repository.folder)
    if not head.startswith("ref: "):
        return head
    name = head.removeprefix("ref: ")
    if ".." in name:
        return ""
    found = first_line(os.path.join(repository.common, name))
    if found:
        return found
    with suppress(OSError):
        packed = read_regular(os.path.join(repository.common, "packed-refs"), _MOST_PACKED)
        for line in packed.decode("utf-8", "replace").splitlines():
            if line.endswith(f" {name}"):
                return line.partition(" ")[0]
    return ""

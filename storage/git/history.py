"""What happened to one file of the plan, commit by commit, as changes of its fields."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from ...model.plan.change import FieldChange, field_changes
from ...model.records.address import Address
from ..disk.paths import address_of
from ..toml.parse import ParseFailure, parse
from .git import contents, run

MOST = 100
"""Commits that are looked at."""
_START = "\x01"
_NOTHING = set("0")


@dataclass(frozen=True)
class Revision:
    """A commit that touched the file."""

    commit: str
    date: dt.date
    """Of the author, in their own time zone."""
    author: str
    subject: str
    changes: tuple[FieldChange, ...] = ()
    """Of a merge only what neither side had."""
    is_first: bool = False
    """Whether the file was made here; its fields are then not told one by one."""
    is_last: bool = False
    """Whether the file was removed here; its fields likewise."""
    is_readable: bool = True
    """Whether the file could be understood before and after."""
    moved: tuple[Address, Address] | None = None
    """What the record was called before and after, where it was renamed here, or went to another project."""


class _Touched(NamedTuple):
    """What git says of a commit that touched the file."""

    revision: Revision
    before: tuple[str, ...]
    """Names of the contents before it: of a merge, one for each side."""
    after: str
    names: tuple[str, ...]
    """The path, before that the one it was renamed from; from the top of the work tree."""


def history(root: str, path: str, environment: Mapping[str, str], most: int = MOST) -> list[Revision]:
    """The commits that touched a file of the plan, newest first, under all the names that it had.

    Empty outside of a repository, and for a file that was never committed. Two git processes, however many commits;
    three where the file was renamed.
    """
    found = _log(root, ["--follow"], [path], environment, most)
    if not found:
        return []
    prefix = found[0].names[-1].removesuffix(path)
    names = {name: os.path.relpath(name, prefix or ".") for one in found for name in one.names}
    if len(names) > 1:
        # Following leaves out what others did under the old name while the new one lay on a branch.
        found = _log(root, [], list(names.values()), environment, most) or found
    wanted = {name for one in found for name in (*one.before, one.after)}
    there = contents(root, sorted(name for name in wanted if set(name) - _NOTHING), environment)
    revisions = [(_with_changes(one, there, prefix), one) for one in found]
    # A merge that only put together what both sides had did nothing of its own.
    return [
        one for one, touched in revisions if len(touched.before) == 1 or one.changes or not one.is_readable
    ]


def _log(
    root: str, options: Sequence[str], paths: Sequence[str], environment: Mapping[str, str], most: int
) -> list[_Touched]:
    arguments = [
        *("log", *options, f"--max-count={most}", "-z", "--raw", "-c", "-M", "--no-abbrev", "--no-ext-diff"),
        *("--no-textconv", "--no-show-signature", "--format=%x01%H%x00%as%x00%an%x00%s", "--", *paths),
    ]
    output = run(root, arguments, environment)
    return list(_commits(output.decode("utf-8", "surrogateescape"))) if output else []


def _commits(output: str) -> Iterator[_Touched]:
    """Each commit with what it did to the file; those that did nothing to it are left out."""
    parts = iter(output.split("\0"))
    found: Revision | None = None
    for part in parts:
        part = part.lstrip("\n")
        if part.startswith(_START):
            date, author, subject = (next(parts, "") for _ in range(3))
            found = Revision(part[1:], date_of(date), _text(author), _text(subject))
        elif part.startswith(":") and found is not None:
            # As many colons as parents; for each a mode and a name, then those of the result, and a letter for each.
            parents = len(part) - len(part.lstrip(":"))
            fields = part[parents:].split(" ")
            contents_of = fields[parents + 1 : -1]
            is_renamed = parents == 1 and fields[-1][:1] in ("R", "C")
            names = tuple(next(parts, "") for _ in range(2 if is_renamed else 1))
            yield _Touched(found, tuple(contents_of[:-1]), contents_of[-1], names)
            found = None


def _text(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def date_of(text: str) -> dt.date:
    """The day of a commit; a broken one, which git allows, is the first there is."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return dt.date.min


def _with_changes(one: _Touched, there: Mapping[str, bytes], prefix: str) -> Revision:
    sides = [there.get(name) for name in one.before]
    after = there.get(one.after)
    new = values_of(after)
    old = [values_of(side) for side in sides]
    changes: list[FieldChange] = []
    if sides[0] is not None and after is not None and new is not None and old[0] is not None:
        others = [
            {change.path for change in field_changes(side, new)} for side in old[1:] if side is not None
        ]
        changes = [
            change for change in field_changes(old[0], new) if all(change.path in paths for paths in others)
        ]
    moved = [address_of(name.removeprefix(prefix)) for name in one.names]
    return replace(
        one.revision,
        changes=tuple(changes),
        is_first=sides[0] is None,
        is_last=after is None,
        is_readable=new is not None and None not in old,
        moved=(moved[0], moved[1]) if len(moved) == 2 and moved[0] and moved[1] else None,
    )


def values_of(content: bytes | None) -> dict[str, Any] | None:
    """The plain values of a file; none of a file that is not there, None of one that cannot be read."""
    data = {} if content is None else parse(content)
    return None if isinstance(data, ParseFailure) else data

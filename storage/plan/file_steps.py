"""From a change to the files that it writes, against what is on disk now. Nothing is written here.

Where somebody else changed a file since it was read, fields that only one side touched are merged; a field that
both touched is refused, with both values.
"""

from __future__ import annotations

import difflib
import io
import os
from collections.abc import Iterable, Mapping
from typing import Any

from ...model.edit.merge import Conflict, merge
from ...model.plan.change import MISSING, Batch, Change, field_changes
from ...model.records.base import Record, to_data
from ..disk.errors import BrokenFile, ChangedOutside, WriteRefused
from ..disk.locate import place_in_repository
from ..disk.paths import path_of
from ..disk.prefetch import read_bytes
from ..disk.scan import NO_STAMP
from .journal import FileStep
from .layouts import layout_of
from .read import SourceFile, understand

Files = Mapping[str, SourceFile]
_NO_END = "\\ No newline at end of file"
"""What git, and every patch, says of a last line without an end."""


def files_of(root: str, known: Files, batch: Batch) -> list[FileStep]:
    """The files that a batch writes; `known` are the files as they were read. Raises WriteRefused."""
    return [step for change in batch.changes for step in _files_of_change(root, known, change)]


def _files_of_change(root: str, known: Files, change: Change) -> list[FileStep]:
    if change.before is None:
        assert change.after is not None
        return [_new_file(root, change.after)]
    path = path_of(change.before.address)
    content = current(root, path)
    if content is None:
        raise ChangedOutside(
            f"{path} was removed by someone else", "nothing was written; read the plan again"
        )
    if change.after is None:
        file = known.get(path)
        if file is not None and file.content != content:
            raise ChangedOutside(f"{path} was changed by someone else", "look at it before you remove it")
        return [FileStep(path, content, None)]
    text = _patched(known.get(path), path, content, change.before, change.after)
    if not change.is_rename:
        return [FileStep(path, content, text)]
    target = path_of(change.after.address)
    if current(root, target) is not None:
        raise ChangedOutside(f"{target} exists already", "choose another id")
    return [FileStep(target, None, text), FileStep(path, content, None)]


def _new_file(root: str, record: Record) -> FileStep:
    from ..toml.emit import emit

    path = path_of(record.address)
    if current(root, path) is not None:
        raise ChangedOutside(f"{path} exists already", "choose another id")
    return FileStep(path, None, emit(plain(to_data(record)), layout_of(record.address.kind)).encode())


def _patched(file: SourceFile | None, path: str, content: bytes, before: Record, after: Record) -> bytes:
    """A file's new content."""
    from ..toml.patch import REMOVE, PatchRefused, patch

    base, mine = to_data(before), to_data(after)
    if file is None or file.broken or file.content != content:
        theirs = _theirs(path, before, content)
        merged = merge(base, mine, to_data(theirs))
        if merged.conflicts:
            raise ChangedOutside(_conflict_message(path, merged.conflicts), conflicts=merged.conflicts)
        base, mine = to_data(theirs), merged.data
    changes = field_changes(base, mine)
    edits = {one.path: REMOVE if one.after is MISSING else plain(one.after) for one in changes}
    if not edits:
        return content
    try:
        text = patch(content.decode("utf-8"), edits, layout_of(before.address.kind))
    except PatchRefused as error:
        raise WriteRefused(
            f"{path} cannot be changed safely: {error}", "nothing was written; edit it by hand"
        ) from error
    return text.encode("utf-8")


def _theirs(path: str, before: Record, content: bytes) -> Record:
    file, record = understand(path, before.address, NO_STAMP, content)
    if record is None:
        first = file.findings[0]
        raise BrokenFile(
            f"{path}:{first.line}:{first.column}: {first.message}",
            "nothing was written; mend the file first: kedge edit, or any editor",
        )
    return record


def current(root: str, path: str) -> bytes | None:
    """What stands in a file now; None where there is none."""
    try:
        return read_bytes(os.path.join(root, path))[1]
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BrokenFile(f"{path} cannot be read: {error.strerror}", "nothing was written") from error


def diff_of(root: str, writes: Iterable[FileStep]) -> str:
    """The unified diff that writing these files would make, with paths that `git apply` takes in the repository."""
    folder = place_in_repository(root)
    lines: list[str] = []
    for one in writes:
        old_name = f"a/{folder}{one.path}" if one.before is not None else "/dev/null"
        new_name = f"b/{folder}{one.path}" if one.after is not None else "/dev/null"
        lines.extend(difflib.unified_diff(_lines(one.before), _lines(one.after), old_name, new_name))
    return "".join(line if line.endswith("\n") else f"{line}\n{_NO_END}\n" for line in lines)


def _lines(content: bytes | None) -> list[str]:
    """Lines as TOML has them: only a line feed ends one, whatever else Unicode calls a line."""
    return list(io.StringIO((content or b"").decode("utf-8", "replace"), newline="\n"))


def plain(value: Any) -> Any:
    """A value as TOML writes it: lists for tuples, and no `2.0` where a person wrote 2."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def _conflict_message(path: str, conflicts: tuple[Conflict, ...]) -> str:
    fields = "; ".join(
        f"{'.'.join(one.path)}: here {_shown(one.mine)}, there {_shown(one.theirs)}" for one in conflicts
    )
    return f"{path} was changed by someone else in the same fields ({fields})"


def _shown(value: object) -> str:
    text = "removed" if value is MISSING else str(value)
    return text if len(text) <= 40 else text[:39] + "…"

"""From a change to the files that it writes, against what is on disk now. Nothing is written here.

Where another program changed a file since it was read, fields that only one side touched are merged; a field that
both touched is refused, with both values.
"""

from __future__ import annotations

import difflib
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from ...model.edit.merge import Conflict, merge
from ...model.plan.change import MISSING, Batch, Change, field_changes
from ...model.plan.unfit import HINT, overlap, refusal, touched
from ...model.records.base import Record, to_data
from ..disk.errors import BrokenFile, ChangedOutside, Unreadable, WriteRefused
from ..disk.fetch import read_bytes
from ..disk.locate import place_in_repository
from ..disk.paths import address_of, path_of
from ..disk.saving import refuse_half_saved
from ..disk.scan import NO_STAMP
from .journal import FileStep
from .layouts import layout_of
from .read import understand
from .source_file import SourceFile

if TYPE_CHECKING:
    from ...model.plan.plain_forms import PlainForm
    from ..toml.layout import Layout

Files = Mapping[str, SourceFile]
_NO_END = "\\ No newline at end of file"
"""What git, and every patch, says of a last line without an end."""


def files_of(root: str, known: Files, batch: Batch) -> list[FileStep]:
    """The files that a batch writes; `known` are the files as they were read. Raises WriteRefused."""
    return [
        step
        for change in batch.changes
        for step in _files_of_change(root, known, change, batch.texts.get(change.address, ""))
    ]


def _files_of_change(root: str, known: Files, change: Change, text: str) -> list[FileStep]:
    if change.before is None:
        assert change.after is not None
        return [_new_file(root, change.after, text)]
    path = path_of(change.before.address)
    read = known.get(path)
    refuse_half_saved(root, path, read.content if read else None)
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


def changes_of(files: Iterable[FileStep]) -> list[Change]:
    """What files that are written say before and after; a file that cannot be read says nothing.

    A record that has only got another name is one change.
    """
    made: dict[str, Record] = {}
    gone: dict[str, Record] = {}
    found: list[Change] = []
    for one in files:
        before, after = _said(one.path, one.before), _said(one.path, one.after)
        if before is not None and after is not None:
            found.append(Change(before, after))
        elif after is not None:
            made[one.path] = after
        elif before is not None:
            gone[one.path] = before
    for path, after in made.items():
        data = to_data(after)
        was = next(
            (old for old, one in gone.items() if one.KIND == after.KIND and to_data(one) == data), None
        )
        found.append(Change(gone.pop(was) if was is not None else None, made[path]))
    return [*found, *(Change(before, None) for before in gone.values())]


def _said(path: str, content: bytes | None) -> Record | None:
    address = address_of(path)
    if content is None or address is None:
        return None
    return understand(path, address, NO_STAMP, content)[1]


def _new_file(root: str, record: Record, text: str) -> FileStep:
    """The file of a new record: as someone wrote it, if `text` says just what the record says."""
    from ..toml.emit import emit

    path = path_of(record.address)
    if current(root, path) is not None:
        raise ChangedOutside(f"{path} exists already", "choose another id")
    if text:
        content = text.encode()
        said = understand(path, record.address, NO_STAMP, content)[1]
        if said is not None and to_data(said) == to_data(record):
            return FileStep(path, None, content)
    return FileStep(path, None, emit(plain(to_data(record)), layout_of(record.address.kind)).encode())


def _patched(file: SourceFile | None, path: str, content: bytes, before: Record, after: Record) -> bytes:
    """A file's new content. Raises WriteRefused where it would write over what could not be understood."""
    from ..toml.patch import REMOVE, PatchRefused, patch

    base, mine = to_data(before), to_data(after)
    if file is None or file.broken or file.content != content:
        file, theirs = _theirs(path, before, content)
        merged = merge(base, mine, to_data(theirs))
        if merged.conflicts:
            raise ChangedOutside(_conflict_message(path, merged.conflicts), conflicts=merged.conflicts)
        base, mine = to_data(theirs), merged.data
    changes = field_changes(base, mine)
    edits = {one.path: REMOVE if one.after is MISSING else plain(one.after) for one in changes}
    if not edits:
        return content
    for place in edits:
        if finding := touched(file.unfit, place):
            raise Unreadable(refusal(finding), HINT)
    layout = layout_of(before.address.kind)
    try:
        text = in_plain_form(content.decode("utf-8"), forms_touched(file, edits), layout)
        text = patch(text, edits, layout)
    except PatchRefused as error:
        raise WriteRefused(
            f"{path} cannot be changed safely: {error}", "nothing was written; edit it by hand"
        ) from error
    return text.encode("utf-8")


def forms_touched(file: SourceFile, paths: Iterable[Sequence[str]]) -> list[PlainForm]:
    """The fields in another form than the format's that writing at some paths brings into it."""
    wanted = list(paths)
    return [form for form in file.plain_forms if any(overlap(form.path, path) for path in wanted)]


def remarks(known: Files, batch: Batch) -> list[str]:
    """What a step does besides what its label says: fields brought into the format's form, words that go unread."""
    said: list[str] = []
    for change in batch.changes:
        path = path_of(change.before.address) if change.before is not None else ""
        file = known.get(path)
        if file is None:
            continue
        if change.after is None:
            said += [f"with {path} goes what could not be read: {one.message}" for one in file.unfit]
            continue
        for form in forms_touched(file, [one.path for one in change.fields()]):
            said.append(said_form(path, form))
    return said


def said_form(path: str, form: PlainForm) -> str:
    """That a field of a file is brought into the format's form, in a line."""
    return f"{path}: {'.'.join(form.path)} was {form.was}, and becomes {form.form}"


def in_plain_form(text: str, forms: Iterable[PlainForm], layout: Layout) -> str:
    """A file's text with fields in the format's form. Raises PatchRefused."""
    from ..toml.plain_form import write_plainly

    for form in forms:
        text = write_plainly(text, form.path, plain(form.value), layout)
    return text


def _theirs(path: str, before: Record, content: bytes) -> tuple[SourceFile, Record]:
    file, record = understand(path, before.address, NO_STAMP, content)
    if record is None:
        first = file.findings[0]
        raise BrokenFile(
            f"{path}:{first.line}:{first.column}: {first.message}",
            "nothing was written; correct the file first: kedge edit, or any editor",
        )
    return file, record


def current(root: str, path: str) -> bytes | None:
    """What is in a file now; None where there is none."""
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
        return {key: plain(inner) for key, inner in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in cast("Sequence[Any]", value)]
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

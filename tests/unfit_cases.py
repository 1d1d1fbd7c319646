"""Files with a value that does not fit its field, edits of every kind, and what became of the words in them.

Shared by the tests and by `bench/unfit.py`. The judge knows nothing of how a write is refused: it looks for the
words of the file afterwards.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from kedge.model.edit import edits, renames
from kedge.model.edit.refusal import EditRefused
from kedge.model.plan.change import Batch
from kedge.model.plan.field_spec import LISTS, shapes
from kedge.model.plan.plan import Plan, holder_id
from kedge.model.plan.unfit import overlap, touched
from kedge.model.records.address import Address
from kedge.model.records.base import PLACE_FIELDS, Entry, Record, sections, tables, to_data
from kedge.model.records.kinds import KINDS, record_model
from kedge.storage.disk.errors import WriteRefused
from kedge.storage.disk.paths import path_of
from kedge.storage.disk.scan import NO_STAMP
from kedge.storage.plan.file_steps import files_of, remarks
from kedge.storage.plan.read import SourceFile, understand
from kedge.storage.toml.values import key_text

Outcome = Literal["not fit", "refused", "converted", "kept", "lost"]
Field = tuple[str, ...]

VALUES = (
    '"wordone, wordtwo"',
    '"wordone three days"',
    '["wordone", 3, "wordtwo"]',
    '[["wordone"], "wordtwo"]',
    '{ name = "wordone", more = ["wordtwo"] }',
    '[{ text = "wordone" }, { title = "wordtwo", own = 1 }]',
    "[41791, true, -1.5]",
    "41791",
    "-41791.5",
    "nan",
    "true",
    "1979-05-27",
    "1979-05-27T07:32:00Z",
    '"next friday wordone"',
    "'''\nwordone\nwordtwo\n'''",
    "[]",
    '""',
)
LABELS = (("wordone",), ("wordone", "wordtwo"), ("wordsame", "wordsame", "word,three"))
_WORD = re.compile(r"word\w+|41791|1979|note\w+|friday")


@dataclass(frozen=True)
class Case:
    """A file, the field in which something stands that may not fit, and the text of the file."""

    address: Address
    field: Field
    text: str


def fields(model: type[Entry], key: str = "k7f2") -> Iterator[Field]:
    """Every field of a model, also of the tables and the keyed tables in it, and these as a whole."""
    own = [name for name in model.model_fields if name not in PLACE_FIELDS]
    yield from ((name,) for name in own)
    for name, inner in tables(model).items():
        for path in fields(inner) if inner is not None else [("some-name",)]:
            yield (name, *path)
    for name, inner in sections(model).items():
        # Keys of stages are names of stages.
        own_key = "mvp" if name == "stages" else key
        yield (name, own_key)
        for path in fields(inner):
            yield (name, own_key, *path)


def case(kind: str, field: Field, value: str) -> Case:
    """A file of a kind with a value in a field, other values around it, and comments."""
    project = "churn" if KINDS[kind].in_project else ""
    own = holder_id(kind, "churn") if KINDS[kind].single else "some-record"
    model = record_model(kind)
    lines = ["# note-above", 'other-key = "wordkept"  # note-other']
    label = model.LABEL
    if label in model.model_fields and field != (label,):
        lines.append(f'{label} = "A label"')
    *head, name = field
    if len(field) > 1:
        lines += ["", f"[{'.'.join(map(key_text, head))}]  # note-header"]
        lines += ["unknown-key = 'wordunknown'"] * (_model_at(model, field) is not None)
    lines += ["# note-before", f"{key_text(name)} = {value}  # note-behind", "# note-end", ""]
    return Case(Address(kind, project, own), field, "\n".join(lines))


def array_case(kind: str, section: str, labels: tuple[str, ...]) -> Case:
    """A file with an array of tables where keyed ones belong."""
    found = case(kind, ("other",), '"wordkept"')
    label = sections(record_model(kind))[section].LABEL
    lines = [found.text]
    for number, one in enumerate(labels):
        lines += [f"[[{section}]]  # note-{number}", f'{label} = "{one}"  # notelabel{number}']
        lines += [f'odd-{number} = "wordodd{number}"', f"# note-tail{number}", ""]
    return Case(found.address, (section,), "\n".join(lines))


def all_cases() -> list[Case]:
    """Each field of each kind with each value, and arrays of tables in each section."""
    found = [
        case(kind, field, value) for kind in KINDS for field in fields(record_model(kind)) for value in VALUES
    ]
    for kind in KINDS:
        for section in sections(record_model(kind)):
            found += [array_case(kind, section, labels) for labels in LABELS]
    return found


# ---- edits


def _sample(model: type[Entry], name: str) -> Any:
    """A value that a field takes."""
    import datetime as dt

    shape = shapes(model).get(name)
    if shape is None:
        return {}
    if shape.choices:
        return [shape.choices[0]] if shape.control in LISTS else shape.choices[0]
    by_control: dict[str, Any] = {
        "number": 0.5, "whole": 1, "flag": True, "date": dt.date(2026, 1, 2), "dates": [dt.date(2026, 1, 2)],
        "list": ["new-one"], "lines": ["new one"], "estimate": [1, 2, 3], "figure": 2, "verdict": True,
    }  # fmt: skip
    return by_control.get(shape.control, "a0new")


def _model_at(model: type[Entry], field: Field) -> type[Entry] | None:
    """The model of the table that holds a field."""
    if len(field) == 1:
        return model
    name, *rest = field
    if name in sections(model):
        return _model_at(sections(model)[name], tuple(rest[1:])) if len(rest) > 1 else None
    inner = tables(model).get(name)
    return _model_at(inner, tuple(rest)) if inner is not None else None


Edit = Callable[[Plan, Record, Field, random.Random], Batch]


def _set_same(plan: Plan, record: Record, field: Field, rng: random.Random) -> Batch:
    model = _model_at(type(record), field)
    value = _sample(model, field[-1]) if model is not None else {}
    return edits.edit(plan, record.address, {field: value})


def _clear_same(plan: Plan, record: Record, field: Field, rng: random.Random) -> Batch:
    return edits.edit(plan, record.address, {field: None})


def _add_to(plan: Plan, record: Record, field: Field, rng: random.Random) -> Batch:
    """Adds to what was understood of a list, or to a section."""
    model = _model_at(type(record), field)
    shape = shapes(model).get(field[-1]) if model is not None else None
    if shape is None or shape.control not in LISTS:
        name = field[0] if field[0] in sections(type(record)) else next(iter(sections(type(record))), None)
        if name is None:
            return Batch("nothing", ())
        inner = sections(type(record))[name]
        return edits.put_section(plan, record.address, name, "n3wx", {inner.LABEL: "added"}, "add")
    now: Any = to_data(record)
    for key in field:
        now = now.get(key, ()) if isinstance(now, dict) else ()
    more = _sample(model, field[-1]) if model is not None else []
    return edits.edit(plan, record.address, {field: [*(now or ()), *more]})


def _set_other(plan: Plan, record: Record, field: Field, rng: random.Random) -> Batch:
    """Another field, of the same table where it has one."""
    model, prefix = _model_at(type(record), field), field[:-1]
    names = [name for name in shapes(model) if name != field[-1]] if model is not None else []
    if not names:
        model, prefix = type(record), ()
        names = [name for name in shapes(model) if name != field[0]]
    if not names or model is None:
        return Batch("nothing", ())
    name = rng.choice(names)
    return edits.edit(plan, record.address, {(*prefix, name): _sample(model, name)})


def _clear_other(plan: Plan, record: Record, field: Field, rng: random.Random) -> Batch:
    names = [name for name in to_data(record) if name != field[0] and name in shapes(type(record))]
    return edits.edit(plan, record.address, {(name,): None for name in names[:1]})


def _remove_entry(plan: Plan, record: Record, field: Field, rng: random.Random) -> Batch:
    return edits.edit(plan, record.address, {field[:2]: None})


def _rename(plan: Plan, record: Record, field: Field, rng: random.Random) -> Batch:
    return renames.rename(plan, record.address, "renamed-record")


def _rename_key(plan: Plan, record: Record, field: Field, rng: random.Random) -> Batch:
    from kedge.model.records.kinds import ENTRIES

    for name, where in ENTRIES.items():
        if (where.record, where.section) == (record.KIND, field[0]) and len(field) > 1:
            return renames.rename(plan, Address(name, record.project, field[1]), "k7f9")
    return Batch("nothing", ())


def _form(plan: Plan, record: Record, field: Field, rng: random.Random) -> Batch:
    """The form of the record: something typed into the field where it lets one, else into its first one."""
    import datetime as dt

    from kedge.tui.forms.draft import Draft
    from kedge.tui.forms.subject import Subject

    subject = Subject(record.address)
    data = subject.current(plan) or {}
    draft = Draft(subject.fields(data, plan), data, dt.date(2026, 1, 2))
    typed = [path for path, one in draft.fields.items() if one.is_typed and one.kind in ("line", "text")]
    if not typed:
        return Batch("nothing", ())
    path = field if field in draft.fields and draft.fields[field].is_typed else typed[0]
    draft.texts[path] = "2026-01-02" if draft.fields[path].kind == "date" else "a0typed"
    if draft.errors() or subject.problems(draft.data()):
        raise EditRefused("the form says what is wrong")
    return subject.save(plan, draft.changes(), rng)[1]


EDITS: dict[str, Edit] = {
    "set the field": _set_same,
    "clear the field": _clear_same,
    "add to it": _add_to,
    "set another": _set_other,
    "clear another": _clear_other,
    "remove the entry": _remove_entry,
    "rename": _rename,
    "rename the key": _rename_key,
    "save a form": _form,
}


# ---- what became of it


def outcome(root: Path, one: Case, name: str, rng: random.Random, *, outside: bool = False) -> Outcome:
    """What an edit does to the words of a file; `outside`: they came to stand there after the plan was read."""
    path = path_of(one.address)
    content = one.text.encode()
    file, record = understand(path, one.address, NO_STAMP, content)
    if record is None or not (file.unfit or file.plain_forms):
        return "not fit"
    words = _WORD.findall(one.text)
    is_understood = touched(file.unfit, one.field) is None
    known: dict[str, SourceFile] = {path: file}
    if outside:
        known[path], record = understand(path, one.address, NO_STAMP, _without(one).encode())
        assert record is not None
    full = root / path
    full.parent.mkdir(parents=True, exist_ok=True)
    full.write_bytes(content)
    try:
        batch = EDITS[name](Plan({one.address: record}), record, one.field, rng)
        said = remarks(known, batch)
        steps = files_of(str(root), known, batch)
    except (EditRefused, WriteRefused):
        return "refused"
    finally:
        os.unlink(full)
    after = b"".join(step.after or b"" for step in steps) if steps else content
    left = _WORD.findall(after.decode())
    if is_understood and (name in ("set the field", "clear the field", "remove the entry", "save a form")):
        # What was read and shown may be replaced by a person who says so.
        words = [word for word in words if word == "wordkept"]
    for word in words:
        if word not in left:
            return "lost"
        left.remove(word)
    if not outside and is_understood and after != content and _is_touched(batch, file):
        return "converted" if said else "lost"
    return "kept"


def _is_touched(batch: Batch, file: SourceFile) -> bool:
    paths = [one.path for change in batch.changes for one in change.fields()]
    return any(overlap(form.path, path) for form in file.plain_forms for path in paths)


def _without(one: Case) -> str:
    """The file before somebody wrote what does not fit."""
    lines = one.text.split("\n")
    if "# note-before" in lines:
        return "\n".join(lines[: lines.index("# note-before")]) + "\n"
    first = next(at for at, line in enumerate(lines) if line.startswith("[["))
    return "\n".join(lines[:first]) + "\n"

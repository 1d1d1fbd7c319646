"""The fields of a form: made from a model, with the text of each value and back.

A form shows texts. A field that was not touched is never written, so that a text which cannot say its value exactly
does no harm as long as it is left alone.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from ...model.plan.change import MISSING, Path
from ...model.plan.field_spec import (
    Control,
    Shape,
    TextRefused,
    label_of,
    read_text,
    shapes,
    value_shape,
    write_text,
)
from ...model.plan.unfit import field_of, overlap, unreadable
from ...model.records.base import PLACE_FIELDS, Entry, sections, tables
from ...model.records.card import ChecklistItem
from ...model.records.findings import Finding
from . import checklist

Kind = Control | Literal["pairs", "checks", "section", "kept", "unread", "more"]
"""`pairs` are `name = value`, one on each line, and `checks` the lines of a checklist. A `section` holds entries with
forms of their own. What is `kept` is a key that no model knows: it is seen here, and changed in the file, as is a value
that is `unread` because it could not be understood. `more` is no field: fields that are rarely needed are behind it."""
MANY_LINES = frozenset({"text", "lines", "pairs", "checks"})
READ_ONLY = frozenset({"section", "kept", "unread", "more"})
FEW = 8
"""Choices that are all shown in their field."""


@dataclass(frozen=True)
class Field:
    """One field of a form."""

    path: Path
    shape: Shape
    kind: Kind
    default: object = None
    """The value that an unset field has."""
    inner: type[Entry] | None = None
    """The model of a section's entries."""
    words: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What its choices are called, where that is something else."""
    differs: bool = False
    """Whether the form is about several things that have different values here."""

    @property
    def name(self) -> str:
        """What is before it: `due`, `calendar.holidays`."""
        return ".".join(self.path)

    @property
    def label(self) -> str:
        """What a person calls it: "Due", "Hours per day"."""
        return self.shape.words

    @property
    def choices(self) -> tuple[str, ...]:
        """The choices that are shown in the field itself; none where a text is typed."""
        if not self.is_typed:
            return ()
        known = ("yes", "no") if self.kind == "flag" else self.shape.choices
        return known if len(known) <= FEW or self.is_ticked else ()

    @property
    def is_ticked(self) -> bool:
        """Whether several of its choices can be taken."""
        return self.kind in ("list", "lines") and bool(self.shape.choices)

    @property
    def is_long(self) -> bool:
        """Whether its text may have several lines."""
        return self.kind in MANY_LINES and not self.is_ticked

    @property
    def is_typed(self) -> bool:
        """Whether a text is typed into it."""
        return self.kind not in READ_ONLY


@cache
def fields_of(model: type[Entry]) -> tuple[Field, ...]:
    """The fields of a model in the order of the file, then those of the tables in it, then its sections."""
    found = [
        Field((name,), shape, shape.control, _default(model, name)) for name, shape in shapes(model).items()
    ]
    for name, inner in tables(model).items():
        if inner is None:
            found.append(Field((name,), value_shape(model, name), "pairs", {}))
        else:
            found.extend(
                Field((name, *one.path), one.shape, one.kind, one.default) for one in fields_of(inner)
            )
    for name, inner in sections(model).items():
        about = model.model_fields[name].description or ""
        shape = Shape(name, "text", about, label=label_of(model, name))
        if inner is ChecklistItem:
            found.append(Field((name,), shape, "checks", {}))
        else:
            found.append(Field((name,), shape, "section", {}, inner))
    return tuple(found)


def with_unread(fields: Iterable[Field], unfit: Iterable[Finding], prefix: Path = ()) -> tuple[Field, ...]:
    """The fields of what is at a path of a record; those that could not be read say so, and what is there."""
    known = tuple(unfit)
    found: list[Field] = []
    for one in fields:
        wrong = next(
            (it for it in known if _holds(one, field_of(it)[len(prefix) :], field_of(it), prefix)), None
        )
        found.append(one if wrong is None else replace(one, kind="unread", default=unreadable(wrong)))
    return tuple(found)


def _holds(one: Field, inside: Path, path: Path, prefix: Path) -> bool:
    """Whether a field is where something could not be read; of a section only the whole of it counts."""
    if path[: len(prefix)] != prefix:
        return False
    return one.path[: len(inside)] == inside if one.kind == "section" else overlap(one.path, inside)


def kept_fields(model: type[Entry], data: Mapping[str, Any], path: Path = ()) -> Iterator[Field]:
    """The keys of some values that their model does not know, also in the tables inside."""
    inside = tables(model)
    for name, value in data.items():
        table = inside.get(name)
        if table is not None and isinstance(value, Mapping):
            yield from kept_fields(table, value, (*path, name))
        elif name not in model.model_fields or name in PLACE_FIELDS:
            about = "a key that kedge does not know: it is kept, and changed in the file"
            yield Field((*path, name), Shape(name, "text", about), "kept")


def _default(model: type[Entry], name: str) -> object:
    return model.model_fields[name].get_default(call_default_factory=True)


def read(field: Field, text: str, today: dt.date, before: object = None) -> object:
    """The value of a text; None clears the field. Raises TextRefused with what was expected.

    `before` is the value that is there: lines of a checklist keep their keys.
    """
    if field.kind == "checks":
        return checklist.read(text, before) or None
    if field.kind == "pairs":
        return dict(_pair(field.shape, row, today) for row in text.splitlines() if row.strip()) or None
    return read_text(field.shape, text, today)


def _pair(shape: Shape, row: str, today: dt.date) -> tuple[str, object]:
    name, sign, text = (part.strip() for part in row.partition("="))
    if not (name and sign and text):
        raise TextRefused(f"expected name = value, not {row.strip()!r}")
    return name, read_text(shape, text, today)


def write(field: Field, value: object) -> str:
    """The text of a value; that of the default where nothing is set."""
    if field.kind == "unread":
        return str(field.default)
    if value is MISSING or value is None:
        value = field.default
    if field.inner is not None and isinstance(value, Mapping):
        return ", ".join(str(one.get(field.inner.LABEL) or key) for key, one in value.items())
    if field.kind == "checks":
        return checklist.write(value)
    if field.kind == "kept":
        return json.dumps(value, ensure_ascii=False, default=str)
    if field.kind == "pairs" and isinstance(value, Mapping):
        return "\n".join(f"{name} = {write_text(field.shape, one)}" for name, one in value.items())
    return write_text(field.shape, value)


def same_value(one: object, other: object) -> bool:
    """Whether two values are the same to a plan: lists and tuples alike, nothing and unset alike."""
    return _plain(one) == _plain(other)


def _plain(value: Any) -> Any:
    if value is MISSING or value is None or value in ((), [], {}):
        return None
    return tuple(value) if isinstance(value, list) else value

"""The fields of a form: made from a model, with the text of each value and back.

A form shows texts. A field that nobody touched is never written, so that a text which cannot say its value exactly
does no harm as long as it is left alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from ...model.change import MISSING, Path
from ...model.records.base import Entry, tables
from ...model.shape import Control, Shape, TextRefused, read_text, shapes, write_text

Kind = Control | Literal["lines", "pairs"]
"""`lines` are free texts, one on each line; `pairs` are `name = value`, one on each line."""
MANY_LINES = frozenset({"text", "lines", "pairs"})


@dataclass(frozen=True)
class Field:
    """One field of a form."""

    path: Path
    shape: Shape
    kind: Kind
    default: object = None
    """The value that an unset field has."""

    @property
    def name(self) -> str:
        """What stands before it: `due`, `calendar.holidays`."""
        return ".".join(self.path)

    @property
    def is_long(self) -> bool:
        """Whether its text may have several lines."""
        return self.kind in MANY_LINES


@cache
def fields_of(model: type[Entry]) -> tuple[Field, ...]:
    """The fields of a model in the order of the file, then those of the tables in it.

    Keyed tables (a card's checklist, a project's goals) are not among them: their entries have forms of their own.
    """
    found = [
        Field((name,), shape, _kind(shape), _default(model, name)) for name, shape in shapes(model).items()
    ]
    for name, inner in tables(model).items():
        if inner is None:
            info = model.model_fields[name]
            shape = Shape(name, "text", info.description or "", unit=_unit(info.json_schema_extra))
            found.append(Field((name,), shape, "pairs", {}))
        else:
            found.extend(
                Field((name, *one.path), one.shape, one.kind, one.default) for one in fields_of(inner)
            )
    return tuple(found)


def _unit(extra: object) -> str:
    return str(extra.get("unit", "")) if isinstance(extra, dict) else ""


def _default(model: type[Entry], name: str) -> object:
    return model.model_fields[name].get_default(call_default_factory=True)


def _kind(shape: Shape) -> Kind:
    """Free texts may hold commas, so that they stand on lines of their own."""
    is_free = shape.control == "list" and not (shape.refers or shape.choices or shape.is_set)
    return "lines" if is_free else shape.control


def read(field: Field, text: str, today: dt.date) -> object:
    """The value of a text; None clears the field. Raises TextRefused with what was expected."""
    if field.kind == "lines":
        return [row.strip() for row in text.splitlines() if row.strip()] or None
    if field.kind == "pairs":
        return dict(_pair(row) for row in text.splitlines() if row.strip()) or None
    return read_text(field.shape, text, today)


def _pair(row: str) -> tuple[str, object]:
    name, sign, text = (part.strip() for part in row.partition("="))
    if not (name and sign and text):
        raise TextRefused(f"expected name = value, not {row.strip()!r}")
    try:
        number = float(text)
    except ValueError:
        return name, text
    return name, int(number) if number.is_integer() else number


def write(field: Field, value: object) -> str:
    """The text of a value; that of the default where nothing is set."""
    if value is MISSING or value is None:
        value = field.default
    if field.kind == "lines" and isinstance(value, list | tuple):
        return "\n".join(str(one) for one in value)
    if field.kind == "pairs" and isinstance(value, Mapping):
        return "\n".join(f"{name} = {write_text(field.shape, one)}" for name, one in value.items())
    return write_text(field.shape, value)


def same_value(one: object, other: object) -> bool:
    """Whether two values are the same to a plan: lists and tuples alike, nothing and unset alike."""
    return _plain(one) == _plain(other)


def _plain(value: Any) -> Any:
    if value is MISSING or value is None or value == () or value == []:
        return None
    return tuple(value) if isinstance(value, list) else value

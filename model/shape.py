"""What each field of a record looks like to a person: read once from the model.

From a field's shape follow the control that a form shows for it, how a text typed at the command line becomes its
value, how the value is written back as text, and the generated pages of the format.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from .dates import DateError, parse_date
from .records.base import PLACE_FIELDS, Entry, sections, tables
from .records.fields import Mark
from .references import referring_fields

Control = Literal[
    "line", "text", "choice", "number", "whole", "flag", "date", "list", "dates", "estimate", "verdict"
]


@dataclass(frozen=True)
class Shape:
    """A field as a person sees it."""

    name: str
    control: Control
    description: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    refers: str = ""
    """The kind of record or entry whose ids go here; empty for plain values."""
    is_set: bool = False
    """Whether a list is a set: its order says nothing."""
    optional: bool = True
    """Whether it can be left without a value."""


class TextRefused(ValueError):
    """A text that cannot be a field's value; says what was expected."""


@cache
def shapes(model: type[Entry]) -> dict[str, Shape]:
    """Shapes of a model's own fields, in the order of the file; tables inside it are not among them."""
    order = [name for group in model.GROUPS for name in group]
    own = [name for name in model.model_fields if name not in PLACE_FIELDS]
    inner = {*sections(model), *tables(model)}
    return {name: _shape(model, name) for name in sorted(own, key=_position(order)) if name not in inner}


def _position(order: Sequence[str]) -> Callable[[str], int]:
    return lambda name: order.index(name) if name in order else len(order)


def _shape(model: type[Entry], name: str) -> Shape:
    info = model.model_fields[name]
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    marks = {mark.name for mark in _marks(info.annotation, info.metadata)}
    optional = type(None) in get_args(info.annotation) or not extra.get("must")
    control, choices = _control(info.annotation, marks)
    return Shape(
        name=name,
        control=control,
        description=info.description or "",
        unit=str(extra.get("unit", "")),
        choices=choices,
        refers=referring_fields(model).get(name, ""),
        is_set="sorted" in marks,
        optional=optional,
    )


def _marks(annotation: Any, metadata: Sequence[object] = ()) -> list[Mark]:
    members = [meta for arg in get_args(annotation) for meta in getattr(arg, "__metadata__", ())]
    own = getattr(annotation, "__metadata__", ())
    return [mark for mark in (*metadata, *own, *members) if isinstance(mark, Mark)]


def _control(annotation: Any, marks: set[str]) -> tuple[Control, tuple[str, ...]]:
    if "text" in marks:
        return "text", ()
    if "inline" in marks:
        return "estimate", ()
    members = [one for one in _members(annotation) if one is not type(None)]
    if len(members) > 1:
        return "verdict", ()
    kind = members[0]
    if get_origin(kind) is Literal:
        return "choice", tuple(str(choice) for choice in get_args(kind))
    if get_origin(kind) is tuple:
        inner = _members(get_args(kind)[0])[0]
        if get_origin(inner) is Literal:
            return "list", tuple(str(choice) for choice in get_args(inner))
        return ("dates" if inner is dt.date else "list"), ()
    controls: dict[Any, Control] = {bool: "flag", int: "whole", float: "number", dt.date: "date"}
    return controls.get(kind, "line"), ()


def _members(annotation: Any) -> list[Any]:
    """The plain types inside a field's type, without `Annotated` and without the union around them."""
    if hasattr(annotation, "__metadata__"):
        return _members(annotation.__origin__)
    if get_origin(annotation) in (Union, UnionType):
        return [member for argument in get_args(annotation) for member in _members(argument)]
    return [annotation]


def read_text(shape: Shape, text: str, today: dt.date) -> object:
    """The value that a typed text stands for; None clears the field.

    Dates may be written as people say them (`fri`, `+2w`), estimates with slashes (`2/3/5`), lists with commas.
    Raises TextRefused with what was expected.
    """
    text = text if shape.control == "text" else text.strip()
    if not text:
        return None
    match shape.control:
        case "choice":
            return _choice(shape, text)
        case "flag":
            return _flag(text)
        case "whole" | "number":
            return _number(shape, text)
        case "date":
            return _date(text, today)
        case "dates":
            return [_date(one, today) for one in _items(text)]
        case "estimate":
            return _estimate(text)
        case "list":
            return [_choice(shape, one) if shape.choices else one for one in _items(text)]
        case "verdict":
            return _verdict(text)
        case _:
            return text


def write_text(shape: Shape, value: object) -> str:
    """The text of a value, such that reading it gives the value again."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        separator = "/" if shape.control == "estimate" else ", "
        return separator.join(write_text(shape, one) for one in value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def change_list(shape: Shape, current: Sequence[object], text: str, today: dt.date) -> list[object]:
    """A list after `+new,-old`; a text without signs replaces it."""
    items = _items(text)
    if not items or not all(item[0] in "+-" and len(item) > 1 for item in items):
        value = read_text(shape, text, today)
        return list(value) if isinstance(value, list) else []
    result = list(current)
    for item in items:
        value = read_text(shape, item[1:], today)
        assert isinstance(value, list)
        if item[0] == "-":
            result = [one for one in result if one not in value]
        else:
            result.extend(one for one in value if one not in result)
    return result


def _items(text: str) -> list[str]:
    return [item for item in (part.strip() for part in re.split(r"[,\n]", text)) if item]


def _choice(shape: Shape, text: str) -> str:
    folded = text.casefold()
    if folded in (choice.casefold() for choice in shape.choices):
        return next(choice for choice in shape.choices if choice.casefold() == folded)
    fits = [choice for choice in shape.choices if choice.casefold().startswith(folded)]
    if len(fits) == 1:
        return fits[0]
    raise TextRefused(f"{shape.name}: expected one of {', '.join(shape.choices)}, not {text!r}")


_FLAGS: Mapping[str, bool] = {"yes": True, "true": True, "y": True, "no": False, "false": False, "n": False}


def _flag(text: str) -> bool:
    if text.casefold() not in _FLAGS:
        raise TextRefused(f"expected yes or no, not {text!r}")
    return _FLAGS[text.casefold()]


def _number(shape: Shape, text: str) -> float | int:
    unit = f" ({shape.unit})" if shape.unit else ""
    try:
        number = float(text.replace("_", ""))
    except ValueError:
        raise TextRefused(f"{shape.name}: expected a number{unit}, not {text!r}") from None
    if number != number or number in (float("inf"), float("-inf")):
        raise TextRefused(f"{shape.name}: expected a number{unit}, not {text!r}")
    if shape.control == "whole" and not number.is_integer():
        raise TextRefused(f"{shape.name}: expected a whole number{unit}, not {text!r}")
    return int(number) if number.is_integer() else number


def _date(text: str, today: dt.date) -> dt.date:
    try:
        return parse_date(text, today)
    except DateError as error:
        raise TextRefused(str(error)) from None


def _estimate(text: str) -> list[float | int]:
    parts = re.split(r"[/,;]\s*|\s+", text.strip("~[]() ").removesuffix("d"))
    try:
        figures = [float(part) for part in parts]
    except ValueError:
        raise TextRefused(f"expected days as 3 or low/likely/high as 2/3/5, not {text!r}") from None
    if len(figures) not in (1, 3) or figures != sorted(figures) or figures[0] < 0 or figures[-1] > 1e6:
        raise TextRefused(f"expected days as 3 or low/likely/high as 2/3/5, in growing order, not {text!r}")
    return [int(figure) if figure.is_integer() else figure for figure in figures]


def _verdict(text: str) -> object:
    if text.casefold() in _FLAGS:
        return _FLAGS[text.casefold()]
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number

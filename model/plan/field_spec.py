"""What each field of a record looks like to a person: read once from the model.

From a field's shape follow the control that a form shows for it, how a text typed at the command line becomes its
value, how the value is written back as text, and the generated pages of the format.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from ..records.base import PLACE_FIELDS, Entry, sections, tables
from ..records.fields import Mark, extra
from ..records.values import is_list
from ..text.dates import DateError, parse_date
from ..text.share import not_a_share
from .references import naming_fields, referring_fields
from .validate import nearest

Control = Literal[
    "line",
    "text",
    "choice",
    "number",
    "whole",
    "flag",
    "date",
    "list",
    "lines",
    "dates",
    "estimate",
    "verdict",
    "figure",
]
"""A `list` holds ids, tags, choices: words without commas. `lines` hold free texts, which may have them."""
LISTS = frozenset({"list", "lines", "dates"})


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
    may_name: tuple[str, ...] = ()
    """Kinds whose ids may go here, where words that are no id may go as well."""
    is_share: bool = False
    """Whether it is between 0 and 1, and may be written as a percentage."""
    is_set: bool = False
    """Whether a list is a set: its order says nothing."""
    optional: bool = True
    """Whether it can be left without a value."""
    is_wanted: bool = False
    """Whether what it belongs to does not count without it."""
    is_path: bool = False
    """Whether it may name files of the repository."""
    label: str = ""
    """What a person calls it, where that is not its name in words."""

    @property
    def is_needed(self) -> bool:
        """Whether a person is asked to fill it in."""
        return self.is_wanted or not self.optional

    @property
    def words(self) -> str:
        """What a person calls it: `not_before` is "Not before"."""
        return self.label or self.name.replace("_", " ").capitalize()


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
    marks = {name for mark in _marks(info.annotation, info.metadata) for name in mark.names}
    optional = type(None) in get_args(info.annotation) or not extra(info).get("must")
    control, choices = _control(info.annotation, marks)
    return Shape(
        name=name,
        control=control,
        description=info.description or "",
        unit=str(extra(info).get("unit", "")),
        choices=choices,
        refers=referring_fields(model).get(name, ""),
        may_name=naming_fields(model).get(name, ()),
        is_share="share" in marks,
        is_set="sorted" in marks,
        optional=optional,
        is_wanted=name in model.WANTED,
        is_path="paths" in marks,
        label=label_of(model, name),
    )


def label_of(model: type[Entry], name: str) -> str:
    """What a person calls a field, where its declaration says so."""
    return str(extra(model.model_fields[name]).get("label", ""))


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
        return ("verdict" if bool in members else "figure"), ()
    kind = members[0]
    if get_origin(kind) is Literal:
        return "choice", tuple(str(choice) for choice in get_args(kind))
    if get_origin(kind) is tuple:
        inner = _members(get_args(kind)[0])[0]
        if get_origin(inner) is Literal:
            return "list", tuple(str(choice) for choice in get_args(inner))
        return ("dates" if inner is dt.date else "lines" if "lines" in marks else "list"), ()
    controls: dict[Any, Control] = {bool: "flag", int: "whole", float: "number", dt.date: "date"}
    return controls.get(kind, "line"), ()


def _members(annotation: Any) -> list[Any]:
    """The plain types inside a field's type, without `Annotated` and without the union around them."""
    if hasattr(annotation, "__metadata__"):
        return _members(annotation.__origin__)
    if get_origin(annotation) in (Union, UnionType):
        return [member for argument in get_args(annotation) for member in _members(argument)]
    return [annotation]


def value_shape(model: type[Entry], name: str) -> Shape:
    """The shape of one value in a table of plain `name = value` lines."""
    info = model.model_fields[name]
    control, choices = _control(get_args(info.annotation)[1], set())
    unit = str(extra(info).get("unit", ""))
    return Shape(name, control, info.description or "", unit, choices, label=label_of(model, name))


def read_text(shape: Shape, text: str, today: dt.date) -> object:
    """The value that a typed text stands for; None clears the field.

    Dates may be written as people say them (`fri`, `+2w`), estimates with slashes (`2/3/5`). Ids, tags, choices and
    dates of a list are separated by commas; free texts, which may have commas, by lines. Either may be
    written as a TOML array (`["a, b", "c"]`). Raises TextRefused with what was expected.
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
        case "list" | "lines" | "dates":
            return [_item(shape, one, today) for one in _items(shape, text)]
        case "estimate":
            return _estimate(text)
        case "verdict":
            return _verdict(text)
        case "figure":
            return _figure(text)
        case _:
            return text


def write_text(shape: Shape, value: object) -> str:
    """The text of a value, such that reading it gives the value again."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if is_list(value):
        if shape.control == "estimate":
            return "/".join(write_text(shape, one) for one in value)
        texts = [str(one) for one in value]
        if shape.control == "verdict" or (texts and _items(shape, _joined(shape, texts)) != texts):
            return f"[{', '.join(map(_quoted, texts))}]"
        return _joined(shape, texts)
    if shape.control in ("verdict", "figure") and isinstance(value, str):
        return value if read_text(shape, value, dt.date.min) == value else _quoted(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def said_text(shape: Shape, value: object) -> str:
    """The text of a value where it is only read, in one line."""
    if is_list(value) and shape.control in ("lines", "verdict"):
        return "; ".join(map(str, value))
    return write_text(shape, value)


def change_list(
    shape: Shape, current: Sequence[object], text: str, today: dt.date, *, grow: bool = False
) -> list[object]:
    """A list after `+new` and `-old`; a text without signs replaces it, or adds to it where it is to `grow`."""
    items = _items(shape, text)
    signed = _array(text) is None and bool(items) and all(one[0] in "+-" and len(one) > 1 for one in items)
    result = list(current) if signed or grow else []
    for item in items:
        value = _item(shape, item[1:].strip() if signed else item, today)
        if signed and item[0] == "-":
            result = [one for one in result if one != value]
        elif value not in result:
            result.append(value)
    return result


def _joined(shape: Shape, texts: Sequence[str]) -> str:
    return ("\n" if shape.control == "lines" else ", ").join(texts)


def _items(shape: Shape, text: str) -> list[str]:
    """The texts of a list: those of a TOML array, else what is on lines, or between commas too."""
    array = _array(text)
    if array is not None:
        return array
    parts = text.split("\n") if shape.control == "lines" else re.split(r"[,\n]", text)
    return [item for item in (part.strip() for part in parts) if item]


def _item(shape: Shape, text: str, today: dt.date) -> object:
    if shape.control == "dates":
        return _date(text, today)
    return _choice(shape, text) if shape.choices else text


def _array(text: str) -> list[str] | None:
    """The texts, or dates as texts, of a TOML array; None where a text is none."""
    text = text.strip()
    if not (text.startswith("[") and text.endswith("]")):
        return None
    value = _toml(text)
    if is_list(value) and all(isinstance(one, str | dt.date) for one in value):
        return [str(one) for one in value]
    return None


def _toml(text: str) -> Any:
    """The value of a text as TOML; None where it is none."""
    import tomllib

    try:
        found = tomllib.loads(f"it = {text}")
    except tomllib.TOMLDecodeError:
        return None
    return found["it"] if len(found) == 1 else None


def _quoted(text: str) -> str:
    """A text as a TOML string."""
    import json

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _choice(shape: Shape, text: str) -> str:
    """One of the choices, whole: a beginning is refused, because a slip of the hand looks the same."""
    known = {choice.casefold(): choice for choice in shape.choices}
    folded = text.casefold()
    if folded in known:
        return known[folded]
    begins = [choice for one, choice in known.items() if one.startswith(folded)]
    close = begins[0] if len(begins) == 1 else nearest(folded, shape.choices)
    raise TextRefused(
        f"{shape.name}: expected one of {', '.join(shape.choices)}, not {text!r}"
        + (f"; did you mean {close}?" if close else "")
    )


_FLAGS: Mapping[str, bool] = {"yes": True, "true": True, "y": True, "no": False, "false": False, "n": False}


def _flag(text: str) -> bool:
    if text.casefold() not in _FLAGS:
        raise TextRefused(f"expected yes or no, not {text!r}")
    return _FLAGS[text.casefold()]


def _number(shape: Shape, text: str) -> float | int:
    unit = f" ({shape.unit})" if shape.unit else ""
    is_percentage = shape.is_share and text.endswith("%")
    try:
        number = float(text.removesuffix("%" if is_percentage else "").replace("_", ""))
        number = round(number / 100, 12) if is_percentage else number
    except ValueError:
        raise TextRefused(f"{shape.name}: expected a number{unit}, not {text!r}") from None
    if not math.isfinite(number):
        raise TextRefused(f"{shape.name}: expected a number{unit}, not {text!r}")
    if shape.is_share and (wrong := not_a_share(number)):
        raise TextRefused(f"{shape.name}: {wrong}")
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
    """A flag, a figure or a text; brackets hold several texts."""
    several = _array(text)
    return several if several is not None else _FLAGS.get(text.casefold(), _figure(text))


def _figure(text: str) -> object:
    """A number where it is one, else the text; quotes make a text of anything."""
    if len(text) > 1 and text[0] == text[-1] == '"' and isinstance(quoted := _toml(text), str):
        return quoted
    try:
        number = float(text)
    except ValueError:
        return text
    if not math.isfinite(number):
        return text
    return int(number) if number.is_integer() else number

"""What the calculators read: inputs by name, typed by a person or kept with the answer to a question.

The names are those of the formulas. Where a question has a calculator, its answer keeps the inputs as named figures
under names that say more; `KEPT` joins the two.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from ..playbook.models import Item
from ..records.values import is_list, is_table
from ..text.figure import Calculated, Explained
from . import CALCULATORS

Kind = Literal["number", "list", "table", "tables", "level", "ways", "yesno", "word"]
_KINDS: Mapping[str, Kind] = {
    "float": "number",
    "Sequence[float]": "list",
    "Sequence[float] | float": "list",
    "Sequence[Sequence[float]]": "table",
    "Sequence[Points]": "table",
    "Sequence[Sequence[Points]]": "tables",
    "str": "level",
    "Mapping[str, str]": "ways",
    "bool": "yesno",
}
_SHAPES: Mapping[Kind, str] = {
    "number": "a number",
    "list": "numbers with commas between them, such as 3000,4200",
    "table": "rows of numbers, such as 20,5/10,15",
    "tables": "tables of numbers, such as 4,6,12/1,2,3;2,4,9",
    "level": "a level of evidence",
    "ways": "which way a factor points, such as data:mixed,value:against",
    "yesno": "yes or no",
    "word": "a word",
}
_SETTINGS = ("unit", "ladder", "lowest", "highest")
"""Parameters that the plan and the playbook set, not a person."""

KEPT: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "arch-load": {"per_day": "requests per day", "peak_factor": "peak factor"},
        "data-cost": {
            "items": "items",
            "labels": "labels per item",
            "seconds": "seconds per label",
            "rate": "rate per hour",
            "review": "review share",
            "rework": "rework share",
            "setup": "set-up",
            "price": "price per label",
        },
        "data-compute": {
            "parameters": "parameters",
            "tokens": "tokens",
            "peak": "peak",
            "utilisation": "utilisation",
            "hours": "hours per run",
            "runs": "runs",
            "per_hour": "price per hour",
        },
        "dp-agreement": {"table": "table"},
        "mon-drift": {"bins": "bins", "n": "baseline size", "m": "size per check"},
        "pri-errors": {
            "n": "cases per year",
            "prevalence": "prevalence",
            "recall": "recall",
            "fpr": "false-alarm rate",
            "c_fp": "cost of a false alarm",
            "c_fn": "cost of a miss",
        },
        "pri-gain": {"low": "low", "likely": "likely", "high": "high"},
        "tr-quality": {"k": "right answers", "of": "test sample size"},
    }
)
"""By question and input, the figure of the answer that holds it."""


@dataclass(frozen=True)
class Input:
    """One input of a calculator."""

    name: str
    kind: Kind
    is_needed: bool
    words: tuple[str, ...] = ()
    """The words that may stand there; empty where it is no word."""

    @property
    def shape(self) -> str:
        """How it is written."""
        return " or ".join(self.words) or _SHAPES[self.kind]


def inputs_of(calculator: str) -> tuple[Input, ...]:
    """The inputs of a calculator by its id, in the order of its formula."""
    parameters = inspect.signature(CALCULATORS[calculator]).parameters.values()
    return tuple(_input(one) for one in parameters if one.name not in _SETTINGS)


def _input(parameter: inspect.Parameter) -> Input:
    annotation, is_needed = str(parameter.annotation), parameter.default is inspect.Parameter.empty
    if annotation.startswith("Literal["):
        return Input(
            parameter.name, "word", is_needed, tuple(filter(None, re.findall("['\"](.*?)['\"]", annotation)))
        )
    return Input(parameter.name, _KINDS[annotation.removesuffix(" | None")], is_needed)


def read_input(one: Input, text: str) -> object:
    """The value that a text means. Raises ValueError with what was expected."""
    text = text.strip()
    try:
        match one.kind:
            case "number":
                return _number(text)
            case "list":
                return tuple(_number(part) for part in text.split(","))
            case "table":
                return _table(text)
            case "tables":
                return tuple(map(_table, text.split(";")))
            case "yesno":
                return {"yes": True, "true": True, "no": False, "false": False}[text.casefold()]
            case "word":
                return {word: word for word in one.words}[text.casefold()]
            case "ways":
                pairs = (part.partition(":")[::2] for part in text.split(","))
                return {name.strip(): way.strip() for name, way in pairs}
            case "level":
                return text
    except (ValueError, KeyError):
        raise ValueError(f"{one.name}: {one.shape} is expected, not {text!r}") from None


def _table(text: str) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(_number(part) for part in row.split(",")) for row in text.split("/"))


def write_input(value: object) -> str:
    """A value as a person would type it."""
    if is_table(value):
        return ",".join(f"{name}:{way}" for name, way in value.items())
    if is_list(value):
        rows = any(is_list(part) for part in value)
        return ("/" if rows else ",").join(write_input(part) for part in value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


_TIMES = {"": 1.0, "%": 0.01, "k": 1e3, "m": 1e6}


def _number(text: str) -> float:
    found = re.fullmatch(r"\s*([+-]?[\d_.]+(?:e[+-]?\d+)?)\s*([%kKmM]?)\s*", text)
    if found is None:
        raise ValueError(text)
    # Products such as 7 x 0.01 leave a trace in binary.
    return round(float(found[1].replace("_", "")) * _TIMES[found[2].lower()], 12)


def kept_inputs(item: Item, values: Mapping[str, object]) -> dict[str, object]:
    """What an answer keeps for the calculator of its question; figures that cannot be read are left out."""
    if item.calculator not in CALCULATORS:
        return {}
    names = KEPT.get(item.id, {})
    found: dict[str, object] = {}
    for one in inputs_of(item.calculator):
        value = values.get(names.get(one.name, ""))
        if isinstance(value, str):
            try:
                found[one.name] = read_input(one, value)
            except ValueError:
                continue
        elif value is not None:
            found[one.name] = value
    return found


def calculated(item: Item, values: Mapping[str, object], unit: str = "") -> Explained | None:
    """What the calculator of a question makes of its figures; None where they give no figure."""
    given = kept_inputs(item, values)
    if not given:
        return None
    try:
        found = calculate(item.calculator, given, unit)
    except (TypeError, ValueError):
        return None
    return found if isinstance(found, Explained) else None


def calculate(calculator: str, given: Mapping[str, object], unit: str = "") -> Calculated:
    """Runs a calculator on inputs by name. Raises ValueError with what is missing or wrong."""
    missing = [one.name for one in inputs_of(calculator) if one.is_needed and one.name not in given]
    if missing:
        raise ValueError(f"missing: {', '.join(missing)}")
    function = CALCULATORS[calculator]
    takes_unit = unit and "unit" in inspect.signature(function).parameters
    return function(**given, **({"unit": unit} if takes_unit else {}))

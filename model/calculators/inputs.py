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

from ..playbook.fit import MOST
from ..playbook.item import Item
from ..records.values import is_list, is_table
from ..text.figure import Calculated, Explained
from ..text.share import SHARE_SHAPE, not_a_share
from .catalog import CALCULATORS
from .money import FACTORS

Kind = Literal[
    "number",
    "amount",
    "ratio",
    "large",
    "share",
    "count",
    "list",
    "shares",
    "table",
    "counts",
    "tables",
    "level",
    "ways",
    "yesno",
    "word",
]
_KINDS: Mapping[str, Kind] = {
    "float": "number",
    "Amount": "amount",
    "Ratio": "ratio",
    "Large": "large",
    "Share": "share",
    "Count": "count",
    "Sequence[float]": "list",
    "Shares": "shares",
    "Sequence[Sequence[float]]": "table",
    "Counts": "counts",
    "Amounts": "list",
    "Amounts | float": "list",
    "ThreePoints": "table",
    "Paths": "tables",
    "Level": "level",
    "Ways": "ways",
    "bool": "yesno",
}
_SHAPES: Mapping[Kind, str] = {
    "number": "a number, such as 1200 or -3.5",
    "amount": "a number of at least 0, such as 1200 or 1.2k",
    "ratio": "a number of at least 0, such as 0.08 or 8%",
    "large": "a number of at least 0, such as 175e9 or 989e12",
    "share": SHARE_SHAPE,
    "count": "a whole number, such as 300",
    "list": "numbers with commas between them, such as 3000,4200",
    "shares": "shares with commas between them, such as 0.5,0.3,0.2 or 50%,30%,20%",
    "table": "rows of numbers, such as 20,5/10,15",
    "counts": "rows of whole numbers, such as 20,5/10,15",
    "tables": "tables of numbers, such as 4,6,12/1,2,3;2,4,9",
    "level": "a level of evidence, such as opinion or test",
    "ways": "which way a factor points, such as data:mixed,value:against",
    "yesno": "yes or no",
    "word": "a word",
}
LARGEST = 1e30
"""Of operations, parameters and tokens."""
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
    name, is_needed = parameter.name, parameter.default is inspect.Parameter.empty
    kind = parameter.annotation.removesuffix(" | None")
    if kind.startswith("Literal["):
        return Input(name, "word", is_needed, tuple(filter(None, re.findall("['\"](.*?)['\"]", kind))))
    return Input(name, _KINDS[kind], is_needed)


def read_input(one: Input, text: str) -> object:
    """The value that a text means. Raises ValueError with what was expected."""
    text = text.strip()
    match one.kind:
        case "number" | "amount" | "ratio" | "large" | "count" | "share":
            return _number(one, text, text)
        case "list" | "shares":
            return tuple(_number(one, part, text) for part in _packed(text).split(","))
        case "table" | "counts":
            return _table(one, _packed(text), text)
        case "tables":
            return tuple(_table(one, table, text) for table in _packed(text).split(";"))
        case "yesno" | "word":
            meant: Mapping[str, object] = {word: word for word in one.words} or _YES_NO
            if text.casefold() not in meant:
                raise ValueError(f"{one.name}: expected {one.shape}, not {text!r}")
            return meant[text.casefold()]
        case "ways":
            pairs = [part.partition(":") for part in text.split(",")]
            if any(not colon or name.strip() not in FACTORS for name, colon, _ in pairs):
                factors = ", ".join(FACTORS)
                raise ValueError(f"{one.name}: expected {one.shape}, of {factors}; not {text!r}")
            return {name.strip(): way.strip() for name, _, way in pairs}
        case "level":
            return text


def _packed(text: str) -> str:
    """Lists in brackets, as JSON and playbooks have them, with the signs that stand between figures and rows here."""
    if not text.startswith("["):
        return text
    return "".join(text.split()).replace("]],[[", ";").replace("],[", "/").strip("[]")


def write_input(value: object) -> str:
    """A value as a person would type it."""
    if is_table(value):
        return ",".join(f"{name}:{way}" for name, way in value.items())
    if is_list(value):
        return _BETWEEN[min(_depth(value), 3)].join(write_input(part) for part in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


_BETWEEN = ("", ",", "/", ";")


def _depth(value: object) -> int:
    return 1 + max(map(_depth, value), default=0) if is_list(value) else 0


def _table(one: Input, text: str, whole: str) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(_number(one, part, whole) for part in row.split(",")) for row in text.split("/"))


_YES_NO = {"yes": True, "true": True, "no": False, "false": False}
_TIMES = {"": 1.0, "%": 0.01, "k": 1e3, "m": 1e6}


def _number(one: Input, text: str, whole: str) -> float:
    """The number of one part of a text. Raises ValueError with what was expected of the whole."""
    asked = f"{one.name}: expected {one.shape}, not {whole!r}"
    found = re.fullmatch(r"\s*([+-]?[\d_]*\.?\d+|[+-]?\d[\d_]*\.)(e[+-]?\d+)?\s*([%kKmM]?)\s*", text)
    if found is None or (found[3] == "%" and one.kind not in ("ratio", "share", "shares")):
        raise ValueError(asked)
    # Products such as 7 x 0.01 leave a trace in binary.
    value = round(float(found[1].replace("_", "") + (found[2] or "")) * _TIMES[found[3].lower()], 12)
    if one.kind in ("share", "shares") and (wrong := not_a_share(value, text.strip())):
        raise ValueError(f"{one.name}: {wrong}")
    is_odd = (one.kind in ("amount", "ratio", "large", "count", "counts") and value < 0) or (
        one.kind in ("count", "counts") and not value.is_integer()
    )
    if is_odd or abs(value) > (LARGEST if one.kind == "large" else MOST):
        raise ValueError(asked)
    return value


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

"""What an answer may be, by its question: which verdicts and figures can be meant, and why others cannot.

Commands and the board refuse what does not fit while it is typed. In a file it is a finding, and nowhere does it
count: a question with such an answer is not met, and figures are computed as if it were not there.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from math import isfinite

from ..records.assessment import Answer
from ..text.share import not_a_percentage, not_a_share
from .conditions import Verdict
from .item import Item

POINTS = ("low", "likely", "high")
"""Last words of the three figures of an estimate."""
MOST = 1e15
"""No amount of money, people or time is larger; what is larger was mistyped."""
WHOLE = ("count", "cards", "users", "examples")
"""First words of units that are counted in whole numbers."""
SIGNED = ("percent", "points", "kappa")
"""First words of units that go below nothing."""
_ALLOWED = re.compile(r".*: ([\d.]+(?:, [\d.]+)* or [\d.]+)")
"""A unit that lists what may be said: `no value in money: 0.25, 0.5, 1, 2 or 3`."""


def number_misfit(value: float, unit: str) -> str:
    """Why a number cannot be meant where a unit is asked for; empty where it can."""
    first = re.split(r"[\s,:;]", unit, maxsplit=1)[0]
    if not isfinite(value):
        return f"a number is expected, not {value}"
    if abs(value) > MOST:
        return "a number that is not as large as that is expected"
    if first == "share":
        return not_a_share(value)
    if unit in ("scale", "needed level 1-5"):
        return "" if value in (1, 2, 3, 4, 5) else f"a grade from 1 to 5 is expected, not {value:g}"
    if allowed := _ALLOWED.fullmatch(unit):
        steps = [float(step) for step in re.split(r", | or ", allowed[1])]
        return "" if value in steps else f"one of {allowed[1]} is expected, not {value:g}"
    if first == "kappa" and not -1 <= value <= 1:
        return f"a kappa from -1 to 1 is expected, not {value:g}"
    if unit.startswith("percent of"):
        return not_a_percentage(value)
    if value < 0 and first not in SIGNED:
        return f"a number of at least 0 is expected, not {value:g}"
    if first in WHOLE and not value.is_integer():
        return f"a whole number is expected, not {value:g}"
    return ""


def misfits(item: Item, answer: Answer) -> Iterator[tuple[tuple[str, ...], str]]:
    """What cannot be meant in an answer: the field, and why."""
    if answer.state is not None:
        return
    yield from _single_misfits(item, answer)
    for prefix, why in unordered(item, answer.values):
        yield ("values", f"{prefix}low"), why


def _single_misfits(item: Item, answer: Answer) -> Iterator[tuple[tuple[str, ...], str]]:
    """The same of each value by itself."""
    if answer.verdict is not None:
        for why in _verdict_misfits(item, answer.verdict):
            yield ("verdict",), why
    units = {figure.id: figure for figure in item.figures}
    for name, value in answer.values.items():
        figure = units.get(name)
        if figure is not None and value != "" and (why := _figure_misfit(value, figure.unit, figure.is_text)):
            yield ("values", name), f"{name}: {why}"


def fitting(item: Item, answer: Answer) -> Answer:
    """The answer without values that cannot be meant; points that decrease stay, and no figure is made of them."""
    wrong = [path for path, _ in _single_misfits(item, answer)]
    if not wrong:
        return answer
    out = {path[1] for path in wrong if path[0] == "values"}
    values = {name: value for name, value in answer.values.items() if name not in out}
    verdict = None if ("verdict",) in wrong else answer.verdict
    return answer.model_copy(update={"verdict": verdict, "values": values})


def _verdict_misfits(item: Item, verdict: Verdict) -> Iterator[str]:
    if item.kind == "choice":
        said = verdict if isinstance(verdict, tuple) else (verdict,)
        for one in said:
            if one not in item.choices:
                yield f"{shown(one)} is none of: {', '.join(item.choices)}"
        if len(said) > 1 and not item.multiple:
            yield f"one choice is expected, not {len(said)}"
        for one in said if len(said) > 1 else ():
            if is_none(str(one)):
                yield f"{shown(one)} goes with no other choice"
    elif why := _verdict_misfit(item, verdict):
        yield why


def _verdict_misfit(item: Item, verdict: Verdict) -> str:
    is_number = isinstance(verdict, int | float) and not isinstance(verdict, bool)
    match item.kind:
        case "yesno":
            return "" if isinstance(verdict, bool) else f"true or false is expected, not {shown(verdict)}"
        case "scale":
            fits = is_number and verdict in (1, 2, 3, 4, 5)
            return "" if fits else f"a grade from 1 to 5 is expected, not {shown(verdict)}"
        case "number":
            if isinstance(verdict, bool) or not isinstance(verdict, int | float):
                return f"a number is expected, not {shown(verdict)}"
            return number_misfit(_float(verdict), item.unit)
        case "text":
            return "" if isinstance(verdict, str) else f"a text is expected, not {shown(verdict)}"
        case _:
            return ""


def _figure_misfit(value: float | str, unit: str, is_text: bool) -> str:  # noqa: FBT001  as the figure says it
    if unit == "date":
        try:
            dt.date.fromisoformat(str(value))
        except ValueError:
            return f"a date such as 2026-12-01 is expected, not {shown(value)}"
        return ""
    if is_text:
        return ""
    if isinstance(value, str):
        return f"a number is expected, not {shown(value)}"
    return number_misfit(_float(value), unit)


def unordered(item: Item, values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The groups of low, likely and high that decrease: what their names begin with, and why they cannot be meant."""
    for prefix in (figure.id.removesuffix("low") for figure in item.fields if figure.id.endswith("low")):
        said = (values.get(f"{prefix}{point}") for point in POINTS)
        three = [value for value in said if isinstance(value, int | float)]
        if three != sorted(three):
            group = prefix.strip(": ") or item.id
            yield prefix, f"{group}: low, likely and high must not decrease, and are {three}"


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def is_none(choice: str) -> bool:
    """Whether a choice says that none of the others holds."""
    return choice.split()[:1] == ["none"]


def shown(value: object) -> str:
    """A value in a message, cut short."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return repr(text) if len(text) <= 40 else repr(text[:39] + "…")

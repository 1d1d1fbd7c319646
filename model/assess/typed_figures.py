"""From typed words to numbers and named figures: `29 weeks`, `170k`, `low=1 likely=2`, `next=1/2/3`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from ..calculators.inputs import calculated
from ..plan.field_spec import TextRefused
from ..playbook.fit import POINTS, number_misfit, unordered
from ..playbook.item import Figure, Item
from ..records.assessment import Answer
from ..text.dates import parse_date
from ..text.share import not_a_share
from .expected import Fields, expects

_NUMBER = re.compile(
    r"([+-]?)(\d{1,3}(?:[,_'’ \u00a0\u202f]\d{3})+|\d+)?(\.\d+)?\s*([kKmM])?(?![\w.,'’])\s*(.*)", re.DOTALL
)
_TWO_READINGS = re.compile(r"[1-9]\d{0,2}\.\d{3}")
"""What is a thousand times more where a point divides thousands."""
_TIMES = {"k": 1e3, "m": 1e6}


def read_number(name: str, text: str, unit: str) -> int | float:
    """`29`, `170k`, `1,100,000`, `1 100 000`, `29 weeks`; a unit that is written must be the one asked for.

    Raises TextRefused with the name and what was expected.
    """
    is_share = unit.startswith("share")
    found = _NUMBER.fullmatch(re.sub(r"^[€$£¥]\s*", "", text.strip()) if unit == "money" else text.strip())
    asked = f"{name}: a number ({unit}) is expected" if unit else f"{name}: a number is expected"
    if found is None or not (found[2] or found[3]) or (found[5] and not _is_unit(found[5], unit)):
        raise TextRefused(f"{asked}, not {text!r}{_way(text, is_share=is_share)}")
    if not is_share and not found[4] and _TWO_READINGS.fullmatch(f"{found[2]}{found[3]}"):
        readings = f"{found[2]}{found[3][1:]} or {found[2]}{found[3]}0"
        raise TextRefused(f"{name}: {text.strip()} may be {readings}: write the one that is meant")
    digits = re.sub(r"\D", "", found[2] or "0") + (found[3] or "")
    value = float(digits) * _TIMES.get((found[4] or "").lower(), 1)
    if found[1] == "-" and value:
        value = -value
    if found[5] == "%" and is_share:
        value /= 100
        if wrong := not_a_share(value, text.strip()):
            raise TextRefused(f"{name}: {wrong}")
    if wrong := number_misfit(value, unit):
        raise TextRefused(f"{name}: {wrong}")
    # Products such as 1.1 x 1,000,000 leave a trace in binary.
    value = round(value, 9)
    return int(value) if value.is_integer() else value


def _way(text: str, *, is_share: bool) -> str:
    """How a number is written that was not understood; empty where the words are no number at all."""
    if not re.search(r"\d", text):
        return ""
    return "; a share is written 0.02 or 2%" if is_share else "; it is written 1234.5, 1,234.5 or 1.2k"


def _is_unit(typed: str, unit: str) -> bool:
    """Whether typed words are the unit, or its first word: `week` for weeks, `%` for percent, a currency for money."""
    typed, words = typed.strip().casefold(), unit.casefold().split()
    if not words:
        return False
    if words[0] == "money":
        return re.fullmatch(r"[a-z]{3}|[€$£¥]|money", typed) is not None
    if typed == "%":
        return words[0] in ("percent", "share")
    return typed in (unit.casefold(), words[0]) or typed == words[0].removesuffix("s")


# ---- named figures


def read_figures(item: Item, words: Sequence[str], before: Answer | None, today: dt.date) -> Fields | None:
    figures = {figure.id: figure for figure in item.figures}
    values: dict[str, object] = dict(before.values) if before else {}
    for name, text in _pairs(item, words):
        for field, typed in _points(item, name, text, list(figures)):
            if not typed.strip():
                values.pop(field, None)
            else:
                values[field] = _figure(figures[field], typed.strip(), today)
    if wrong := next((why for _, why in unordered(item, values)), ""):
        raise TextRefused(wrong)
    return values or None


REACHED: Mapping[str, Mapping[str, str]] = {"tr-quality": {"result": "share", "lower bound": "low"}}
"""Figures of a question that its calculator gives, and the names that they have there."""


def with_computed(item: Item, values: Fields | None) -> Fields:
    """Figures, and what the question's calculator makes of them: the verdict where a number is asked."""
    fields: Fields = {"values": values}
    found = calculated(item, values or {})
    if found is not None and item.kind == "number":
        if item.unit != "money" or "cost" in found.figures:
            fields["verdict"] = round(found.value, 4)
    elif found is not None and values is not None:
        values |= {name: round(found.number(one), 6) for name, one in REACHED.get(item.id, {}).items()}
    return fields


def _pairs(item: Item, words: Sequence[str]) -> list[tuple[str, str]]:
    """Names with their texts; words behind a value belong to it: `who=Greta, 14 months`."""
    pairs: list[tuple[str, str]] = []
    for word in words:
        name, equals, text = word.partition("=")
        if equals and name.strip():
            pairs.append((name.strip(), text))
        elif pairs:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {word}")
        else:
            pairs.append(("", word))
    if not any(name for name, _ in pairs) and not (len(pairs) == 1 and pairs[0][1].count("/") == 2):
        raise TextRefused(f"{item.id}: {expects(item)} is expected, not {' '.join(words)!r}")
    return pairs


def _points(item: Item, name: str, text: str, known: Sequence[str]) -> list[tuple[str, str]]:
    """One figure, or `1/2/3` for the three of a group: `likely=5`, `next=1/2/3`."""
    if "/" in text and text.count("/") == 2:
        groups = [one.removesuffix("low") for one in known if one.endswith("low")]
        groups = [one for one in groups if all(one + point in known for point in POINTS)]
        fits = [one for one in groups if not name or _begins(name, one)]
        if len(fits) == 1:
            return [(fits[0] + point, part) for point, part in zip(POINTS, text.split("/"), strict=True)]
        if len(fits) > 1:
            names = " and ".join(repr(one.strip(": ")) for one in fits)
            raise TextRefused(
                f"{item.id}: say which of {names} is meant, such as {fits[0].strip(': ')!r}={text}"
            )
    folded = name.replace("-", " ").casefold()
    begun = [one for one in known if folded and one.replace("-", " ").casefold().startswith(folded)]
    fits = [one for one in known if one.casefold() == name.casefold()] or (
        begun if len(begun) == 1 else [one for one in known if _begins(name, one)]
    )
    if len(fits) == 1:
        return [(fits[0], text)]
    if fits:
        raise TextRefused(f"{item.id}: {name!r} may be {', '.join(map(repr, fits))}: write more of it")
    raise TextRefused(f"{item.id} has no figure {name!r}; it has {', '.join(map(repr, known))}")


def _begins(typed: str, name: str) -> bool:
    """Whether the typed words are beginnings of words of a name, in their order: `next-low` for `to next gate: low`."""
    words = iter(re.findall(r"[^\W_]+", name.casefold()))
    wanted = re.findall(r"[^\W_]+", typed.casefold())
    return bool(wanted) and all(any(word.startswith(one) for word in words) for one in wanted)


def _figure(figure: Figure, text: str, today: dt.date) -> object:
    if figure.unit == "date":
        return parse_date(text, today).isoformat()
    if figure.is_text:
        return text
    return read_number(figure.id, text, figure.unit)

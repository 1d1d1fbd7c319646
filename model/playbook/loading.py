"""From plain tables to a playbook, with everything that is wrong as values.

A playbook loads whatever is in it. A key that cannot be read is left out; an entry that cannot do without
that key is taken from the playbook underneath, or is left out where there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ..records.address import is_id
from ..records.values import is_list, is_table
from .calculator import Calculator
from .checks import ID_HINT, check
from .gate import Gate
from .item import Item
from .merge import Problem
from .method import About, Decision, Phase, Role, Stage, Step
from .part import Part
from .playbook import Playbook
from .rules import PortfolioRule, Rubric, Rule, View
from .scoring import Scoring

P = TypeVar("P", bound=Part)

TABLES: dict[str, tuple[str, type[Part]]] = {
    "phase": ("phases", Phase),
    "stage": ("stages", Stage),
    "step": ("steps", Step),
    "decision": ("decisions", Decision),
    "role": ("roles", Role),
    "item": ("items", Item),
    "gate": ("gates", Gate),
    "calculator": ("calculators", Calculator),
    "rule": ("rules", Rule),
    "portfolio": ("portfolio", PortfolioRule),
    "view": ("views", View),
    "rubric": ("rubrics", Rubric),
}
"""Tables of entries by id: the field of the playbook that holds them, and their model."""

SINGLE: dict[str, tuple[str, type[About | Scoring]]] = {
    "playbook": ("about", About),
    "scoring": ("scoring", Scoring),
}
"""Tables that are one entry each."""


def from_data(data: Mapping[str, Any], underneath: Playbook | None = None) -> tuple[Playbook, list[Problem]]:
    """The playbook that the tables describe, and what is wrong with them.

    Entries of `underneath` step in for those of the same id that cannot be read.
    """
    problems: list[Problem] = []
    parts: dict[str, Any] = {}
    for table, value in data.items():
        if table in SINGLE:
            name, model = SINGLE[table]
            old = getattr(underneath, name) if underneath else None
            parts[name] = _entry(model, (table,), value, problems) or old or model()
        elif table in TABLES:
            name, model = TABLES[table]
            old = {part.id: part for part in getattr(underneath, name)} if underneath else {}
            parts[name] = _entries(model, table, value, old, problems)
        elif table == "sources":
            parts["sources"] = _sources(value, problems)
        else:
            problems.append(Problem((table,), "is not a table of a playbook", _nearest(table, _TOP)))
    playbook = Playbook(**parts)
    return playbook, problems + check(playbook)


_TOP = (*SINGLE, *TABLES, "sources")


def _entries(
    model: type[P], table: str, value: object, old: Mapping[str, P], problems: list[Problem]
) -> tuple[P, ...]:
    if not is_table(value):
        hint = f"Write each one under its own heading: [{table}.some-id]"
        problems.append(Problem((table,), "is not a table of entries", hint))
        return tuple(old.values())
    found: list[P] = []
    for key, entry in value.items():
        path = (table, key)
        if not is_id(key):
            problems.append(Problem(path, "has a heading that is not an id", ID_HINT))
            continue
        if is_table(entry) and "id" in entry:
            problems.append(Problem((*path, "id"), "repeats what the heading says", "Take the key out."))
        given = {**entry, "id": key} if is_table(entry) else entry
        part = _entry(model, path, given, problems) or old.get(key)
        if part is not None:
            found.append(part)
    return tuple(found)


def _entry(model: type[P], path: tuple[str, ...], table: object, problems: list[Problem]) -> P | None:
    """The entry, without the keys that cannot be read; None where it needs one of them."""
    if not is_table(table):
        problems.append(Problem(path, "is not a table", f"Write it under a heading: [{'.'.join(path)}]"))
        return None
    try:
        return model.model_validate(table)
    except ValidationError as error:
        details = error.errors(include_url=False)
    problems.extend(_problem(model, path, table, detail) for detail in details)
    bad = {detail["loc"][0] for detail in details if detail["loc"]}
    try:
        return model.model_validate({key: value for key, value in table.items() if key not in bad})
    except ValidationError:
        return None


def _problem(
    model: type[Part], path: tuple[str, ...], table: Mapping[str, Any], detail: ErrorDetails
) -> Problem:
    where = (*path, *_keys(table, detail["loc"]))
    if detail["type"] == "missing":
        return Problem(where, "is missing")
    if detail["type"] == "extra_forbidden":
        known = [info.alias or name for name, info in model.model_fields.items()]
        return Problem(where, "is not a known key", _nearest(where[-1], known))
    if detail["type"] == "value_error":
        return Problem(where, str(detail["ctx"]["error"]) if "ctx" in detail else detail["msg"])
    return Problem(where, detail["msg"][0].lower() + detail["msg"][1:])


def _keys(table: object, location: tuple[int | str, ...]) -> tuple[str, ...]:
    """The keys that lead to a place; keyed tables were checked as lists, so that a number stands for a key."""
    keys: list[str] = []
    for step in location:
        if is_table(table):
            key = list(table)[step] if isinstance(step, int) else step
            table = table.get(key)
        else:
            key = str(step)
            table = table[step] if is_list(table) and isinstance(step, int) else None
        keys.append(key)
    return tuple(keys)


def _sources(value: object, problems: list[Problem]) -> dict[str, str]:
    if not is_table(value):
        problems.append(Problem(("sources",), "is not a table", 'Write [sources] and below it: id = "title"'))
        return {}
    for key, text in value.items():
        if not isinstance(text, str):
            problems.append(Problem(("sources", key), "should be a text"))
    return {key: text for key, text in value.items() if isinstance(text, str)}


def _nearest(word: str, known: tuple[str, ...] | list[str]) -> str:
    close = get_close_matches(word, known, n=1)
    return f"Did you mean `{close[0]}`?" if close else f"Known are: {', '.join(sorted(known))}."

"""From plain values to records, with a problem for each value that does not fit.

A record loads without the values that are wrong, so that one slip of a hand never hides a card. The words of
pydantic are turned into what a person needs: what was expected, what is there, and the nearest known name.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice, takewhile
from math import isfinite
from typing import Any, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ..records.base import PLACE_FIELDS, Entry, Record, sections, tables
from ..records.fields import extra
from ..records.findings import MOST
from ..records.kinds import record_model
from ..records.values import is_list, is_table
from ..text.share import not_a_share

LONGEST_NAME = 200
"""Letters above which a word is not compared with others: that takes time, and such a name is not a slip."""


@dataclass(frozen=True)
class Problem:
    """Something wrong with one value: where it is, and what was expected."""

    code: str
    path: tuple[str | int, ...]
    message: str
    hint: str = ""
    others: int = 0
    """How many others of its file it stands for, of which nothing else is said."""


class KnownKeys:
    """Finds the problems of unknown keys, and what was probably meant by each, as long as that helps anybody.

    A plan of some megabytes may have a million of them, and none of those is a slip of the hand.
    """

    MOST = 200
    """Keys that are compared with the known ones."""
    MOST_LISTED = 2_000
    """Keys of a plan above which each file lists only its first one."""

    def __init__(self) -> None:
        self._meant: dict[tuple[type[Entry], str], str] = {}
        self._listed = 0

    def problems(self, record: Entry) -> list[Problem]:
        """A problem for each of the first unknown keys of a record, and one for all the others."""
        most = MOST if self._listed < self.MOST_LISTED else 1
        found: list[Problem] = []
        beyond = 0
        for model, path, keys in _unknown_keys(record):
            here = list(islice(keys, most - len(found)))
            beyond += len(keys) - len(here)
            for key in here:
                where = (*path, key)
                close = self.meant(model, key)
                hint = f"did you mean {close}?" if close else "it is kept, and read by nothing here"
                found.append(Problem("F105", where, f"unknown key {'.'.join(where)}", hint))
        self._listed += len(found)
        if beyond:
            found.append(Problem("F105", (), "more unknown keys", others=beyond))
        return found

    def meant(self, model: type[Entry], key: str) -> str:
        """The field of a model that is most like a key; empty where none is, or too many were looked up before."""
        found = self._meant.get((model, key))
        if found is None:
            if len(self._meant) >= self.MOST:
                return ""
            names = [name for name in model.model_fields if name not in PLACE_FIELDS]
            found = self._meant[model, key] = nearest(key, names)
        return found


def build(
    kind: str, project: str, record_id: str, data: Mapping[str, Any], known: KnownKeys | None = None
) -> tuple[Record, list[Problem]]:
    """The record at a place from the plain values of its file, without the values that do not fit.

    `known` is shared by the files of a plan.
    """
    known = known or KnownKeys()
    model = record_model(kind)
    values = {**data, "id": record_id, "project": project}
    problems = [
        Problem(
            "F106", (name,), f"{name} is not read from the file", "the file's place says it; remove the line"
        )
        for name in PLACE_FIELDS
        if name in data
    ]
    listed, others = 0, Counter[tuple[str | int, ...]]()
    # Each round takes at least one bad value away, so that this ends.
    while True:
        try:
            record = model.model_validate(values)
            break
        except ValidationError as error:
            errors = [one for one in error.errors(include_url=False, include_input=False) if one["loc"]]
            values = _copy(values)
            bad: set[tuple[str | int, ...]] = set()
            for one in errors:
                path = _value_path(values, one["loc"])
                if path in bad:
                    continue
                bad.add(path)
                listed += 1
                if listed <= MOST:
                    problems.append(_value_problem(path, one, _get(values, path)))
                else:
                    others[tuple(takewhile(_is_key, path))] += 1
            # From the back, so that the indexes of other items stay what they were.
            for path in sorted(bad, key=_indexes, reverse=True):
                _remove(values, path)
    problems.extend(
        Problem("F104", path, f"{count} more values in {_named(path)} do not fit", others=count)
        for path, count in others.items()
    )
    problems.extend(known.problems(record))
    problems.extend(_missing(record))
    return record, problems


def parse(kind: str, project: str, record_id: str, data: Mapping[str, Any]) -> Record:
    """The record from plain values that must all fit.

    Raises InvalidValues with every problem otherwise. For commands and forms; files are read by `build`.
    """
    record, problems = build(kind, project, record_id, data)
    wrong = [problem for problem in problems if problem.code == "F104"]
    if wrong:
        raise InvalidValues(wrong)
    return record


class InvalidValues(ValueError):
    """Values that a record cannot take, each with what was expected."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is most like this one; empty where none is, or where it is too long for a name."""
    if len(word) > LONGEST_NAME:
        return ""
    found = difflib.get_close_matches(word, list(known), 1, 0.6)
    return found[0] if found else ""


def _is_key(part: str | int) -> bool:
    return isinstance(part, str)


def _indexes(path: tuple[str | int, ...]) -> list[int]:
    return [key if isinstance(key, int) else -1 for key in path]


def _copy(value: Any) -> Any:
    # For every value of every record: tables and lists of files are dicts and lists, which is quicker to see.
    if isinstance(value, dict):
        return {key: _copy(inner) for key, inner in cast("dict[str, Any]", value).items()}
    return list(cast("list[Any]", value)) if isinstance(value, list) else value


def _value_path(values: Any, loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """The part of pydantic's place that exists in the data; names of union members and the like are left out."""
    path: list[str | int] = []
    for key in loc:
        if key == "[key]":
            break
        try:
            values = values[key]
        except (KeyError, IndexError, TypeError):
            break
        path.append(key)
    return tuple(path) or loc[:1]


def _get(values: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        try:
            values = values[key]
        except (KeyError, IndexError, TypeError):
            return None
    return values


def _remove(values: Any, path: tuple[str | int, ...]) -> None:
    """Takes a bad value out. A bad item of an array takes only itself along."""
    for key in path[:-1]:
        values = values[key]
    last = path[-1]
    if isinstance(values, dict):
        cast("dict[Any, Any]", values).pop(last, None)
    elif is_list(values) and isinstance(last, int) and last < len(values):
        del cast("list[Any]", values)[last]


def _shown(value: object) -> str:
    """A value as TOML has it, cut short."""
    text = _written(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _written(value: object) -> str:
    if is_table(value):
        return f"{{{', '.join(f'{key} = {_written(inner)}' for key, inner in value.items())}}}"
    if is_list(value):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def _named(path: tuple[str | int, ...]) -> str:
    """`checklist.k7f2.done`, and `needs[1]` for the first item of a list."""
    return "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in path).removeprefix(".")


_EXPECTED = {
    "string_type": "a text in quotes",
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false, without quotes",
    "date_type": "a date such as 2026-12-01, without quotes",
    "tuple_type": 'a list such as ["a", "b"]',
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
}


def _value_problem(path: tuple[str | int, ...], error: ErrorDetails, value: object) -> Problem:
    name = _named(path)
    kind, context = error["type"], error.get("ctx", {})
    if isinstance(value, float) and not isfinite(value):
        kind = "finite_number"  # whatever a field that may be several things said of it first
    hint = ""
    if kind == "literal_error":
        expected = str(context.get("expected", "")).replace("'", "")
        options = expected.replace(" or ", ", ").split(", ")
        close = nearest(str(value), options)
        hint = f"did you mean {close}?" if close else ""
    elif kind == "tuple_type" and path[-1] == "estimate":
        expected = "days as 3, or low, likely and high as [2, 3, 8]"
    elif kind in _EXPECTED:
        expected = _EXPECTED[kind]
    elif kind == "value_error":
        expected = str(context.get("error", error["msg"]))
    elif kind == "string_too_long":
        expected = f"at most {context.get('max_length')} characters"
    elif kind == "string_pattern_mismatch":
        expected = (
            "an id, perhaps with a link and a lag: feature-table-7k2m SS+2d"
            if "needs" in path
            else "letters and digits"
        )
    elif kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        expected = _bound(kind, context, value)
    else:
        expected = error["msg"].removeprefix("Input should be ").removeprefix("a valid ")
    return Problem("F104", path, f"{name} = {_shown(value)} does not fit: expected {expected}", hint)


def _bound(kind: str, context: Mapping[str, Any], value: object) -> str:
    bound = context.get("ge", context.get("le", context.get("gt", context.get("lt"))))
    if kind == "less_than_equal" and bound == 1 and isinstance(value, int | float):
        # Nothing but shares ends at 1. What a command reads as a percentage, TOML does not.
        return not_a_share(value).removeprefix("a share is ").partition(" or `")[0]
    words = {"greater_than_equal": "at least", "less_than_equal": "at most"}
    return f"{words.get(kind, kind.replace('_', ' '))} {bound:g}"


def _unknown_keys(
    entry: Entry, path: tuple[str, ...] = ()
) -> Iterator[tuple[type[Entry], tuple[str, ...], Collection[str]]]:
    """Keys that no model knows, by the table that they are in: its model, its path, and the keys."""
    model = type(entry)
    if entry.model_extra:
        yield model, path, entry.model_extra.keys()
    for name in sections(model):
        for key, inner in getattr(entry, name).items():
            yield from _unknown_keys(inner, (*path, name, key))
    for name, inner_model in tables(model).items():
        inner = getattr(entry, name)
        if inner_model is not None and inner is not None:
            yield from _unknown_keys(inner, (*path, name))


def _missing(entry: Entry, path: tuple[str | int, ...] = ()) -> Iterable[Problem]:
    model = type(entry)
    for name in required_fields(model):
        if not getattr(entry, name).strip():
            where = ".".join(map(str, (*path, name)))
            yield Problem("F107", (*path, name), f"{where} is missing", f'write a line {name} = "…"')
    for name in sections(model):
        for key, inner in getattr(entry, name).items():
            yield from _missing(inner, (*path, name, key))


@cache
def required_fields(model: type[Entry]) -> tuple[str, ...]:
    """Names of fields that a person must fill in."""
    return tuple(name for name, info in model.model_fields.items() if extra(info).get("must"))


def is_clean(entry: Entry) -> bool:
    """Whether nothing at all is to be said of a record whose values fit. Asked of every record that is read."""
    if entry.model_extra:
        return False
    required, inside = _checked(type(entry))
    for name in required:
        if not getattr(entry, name).strip():
            return False
    for name in inside:
        value = getattr(entry, name)
        if value and not all(
            map(is_clean, cast("dict[str, Entry]", value).values() if isinstance(value, dict) else (value,))
        ):
            return False
    return True


@cache
def _checked(model: type[Entry]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Required fields of a model, and fields that hold entries."""
    single = (name for name, inner in tables(model).items() if inner is not None)
    return required_fields(model), (*sections(model), *single)

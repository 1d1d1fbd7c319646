"""A value that another tool has left in a file: where it is, and what was read there."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from ..records.values import is_list, is_table
from ..text.visible import one_line

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_POSITION = re.compile(r"[0-9]{1,12}")
_COMMA = re.compile(r"[+-]?\d+,\d+")
LAST = "last"
"""As a position in a list: its last entry that has the rest of the key."""
_SECONDS = (1_000_000_000, 100_000_000_000)
"""Numbers that are seconds since 1970, from 2001 on: a smaller one is a year, or a date written as a figure."""
_NAMES = ("metric_name", "id", "name")
"""Keys by which an entry of a list is called, where its position means nothing."""


@dataclass(frozen=True)
class Where:
    """Where a value is."""

    file: str
    """Path from the top of the repository."""
    key: tuple[str, ...] = ()
    """Keys and positions that lead to the value; a part may hold any sign: `val/auc`, `acc,none`."""
    run: str = ""
    """Of MLflow: a run's name or id, an experiment as `experiment:NAME`, a model as `model:NAME@ALIAS`."""
    row: str = ""
    """Of a table: `COLUMN=VALUE`; the last row where it is empty."""


@dataclass(frozen=True)
class Observed:
    """A value that was found."""

    value: float
    at: dt.datetime | None = None
    """When the tool measured it (UTC), where the file says so; else when the file was committed as it is."""
    note: str = ""
    """Which run, row or entry it is of."""
    digest: str = ""
    """SHA-256 of the file's content, in hex."""
    file: str = ""
    """The file that has it, where another one led there."""
    is_by_commit: bool = False
    """Whether `at` is that of a commit."""


@dataclass(frozen=True)
class Unread:
    """Why there is no value, and what helps."""

    why: str
    hint: str = ""


def number(value: object, name: str) -> float | Unread:
    """A value as a figure. Text is taken only where it is written as a number; NaN and infinity are none."""
    if isinstance(value, bool) or value is None:
        return Unread(f"{name} is {'null' if value is None else str(value).lower()}, not a number")
    if isinstance(value, int | float):
        try:
            found = float(value)
        except OverflowError:
            return Unread(f"{name} is beyond what a figure can hold")
    elif isinstance(value, str):
        return Unread(f"{name} is the text {one_line(value)[:40]!r}, not a number")
    else:
        kind = (
            "a date" if isinstance(value, dt.date | dt.time) else "a table" if is_table(value) else "a list"
        )
        return Unread(f"{name} is {kind}, not a number")
    if math.isfinite(found):
        return found
    return Unread(f"{name} is {'not a number (NaN)' if math.isnan(found) else 'infinite'}: it cannot be kept")


def cell(text: str, name: str) -> float | Unread:
    """The figure in a cell of a table, where all is text."""
    text = text.strip()
    if not text:
        return Unread(f"{name} is empty")
    if _COMMA.fullmatch(text):
        return Unread(f"{name} is {text!r}, with a decimal comma", "write it with a point")
    if text.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        return number(float(text), name)
    if not _NUMBER.fullmatch(text):
        return Unread(f"{name} is {one_line(text)[:40]!r}, not a number")
    return number(float(text), name)


def look_up(data: object, key: Sequence[str]) -> float | Unread:
    """The figure that a key leads to in a document."""
    found = in_document(data, key)
    return found if isinstance(found, Unread) else found.value


def in_document(data: object, key: Sequence[str]) -> Observed | Unread:
    """The figure that a key leads to in a document, with the innermost `date` that is on the way to it.

    Results of Hugging Face have a date each, those of lm-eval one for all of them.
    """
    passed: list[object] = []
    found = _at(data, tuple(key), passed)
    value = found if isinstance(found, Unread) else number(found, said(key) or "the document")
    if isinstance(value, Unread):
        return value
    dates = (_moment(one["date"]) for one in reversed(passed) if is_table(one) and "date" in one)
    return Observed(value, next((one for one in dates if one is not None), None))


def _moment(value: object) -> dt.datetime | None:
    """A date as tools write it, in UTC: a text, a date of YAML or TOML, or seconds since 1970."""
    try:
        if isinstance(value, str):
            value = dt.datetime.fromisoformat(value.strip())
        elif isinstance(value, int | float) and _SECONDS[0] <= value < _SECONDS[1]:
            value = dt.datetime.fromtimestamp(value, dt.UTC)
        elif isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            value = dt.datetime.combine(value, dt.time())
        if not isinstance(value, dt.datetime):
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def said(key: Sequence[str]) -> str:
    """A key in words: its parts with an arrow between them."""
    return " > ".join(one_line(part) for part in key)


def _at(data: object, key: tuple[str, ...], passed: list[object]) -> object:
    """What a key leads to, or an Unread; `passed` gets what holds it, from the outside to the inside."""
    here = data
    for at, part in enumerate(key):
        passed.append(here)
        if is_table(here):
            if part in here:
                here = here[part]
                continue
            named = _named(here, part, passed)
            if named is None:
                named = next((value for name, value in here.items() if _written(name) == part), None)
            if named is None:
                return _missing(key[: at + 1], list(map(_written, here)))
            here = named
        elif is_list(here):
            if part == LAST:
                return _last(here, key, at, passed)
            found = _entry(here, part, passed)
            if found is None:
                return _missing(key[: at + 1], _called(here) or _positions(here))
            here = found
        else:
            return Unread(f"{said(key[:at])} is a single value: nothing is below it")
    return here


def _written(name: object) -> str:
    """A key as its file has it: those of YAML may be numbers, true, false or null."""
    return str(name) if isinstance(name, str) else json.dumps(name, default=str)


def _positions(entries: Sequence[object]) -> list[str]:
    return [f"0 to {len(entries) - 1}"] if entries else []


def _last(entries: Sequence[object], key: tuple[str, ...], at: int, passed: list[object]) -> object:
    for one in reversed(entries):
        inside: list[object] = []
        found = _at(one, key[at + 1 :], inside)
        if not isinstance(found, Unread):
            passed += inside
            return found
    return Unread(f"no entry of {said(key[:at]) or 'the list'} has {said(key[at + 1 :])}")


def _named(table: Mapping[str, object], part: str, passed: list[object]) -> object | None:
    """An entry of the one list in a report, by its name: `{"metrics": [{"metric_name": …}]}`."""
    lists = [cast("Sequence[object]", value) for value in table.values() if is_list(value)]
    found = [one for entries in lists if (one := _called_so(entries, part)) is not None]
    return _figure_of(found[0], passed) if len(found) == 1 else None


def _entry(entries: Sequence[object], part: str, passed: list[object]) -> object | None:
    if _POSITION.fullmatch(part) and int(part) < len(entries):
        return entries[int(part)]
    found = _called_so(entries, part)
    return _figure_of(found, passed) if found is not None else None


def _called_so(entries: Sequence[object], part: str) -> object | None:
    """The one entry of a list that has a name."""
    found = [one for one in entries if part in _names(one)]
    return found[0] if len(found) == 1 else None


def _figure_of(entry: object, passed: list[object]) -> object:
    """What a report's entry holds beside its name."""
    passed.append(entry)
    return entry["value"] if is_table(entry) and "value" in entry else entry


def _names(entry: object) -> list[str]:
    """What an entry of a list is called; results of a benchmark by its dataset and task: `org/bench queue`."""
    if not is_table(entry):
        return []
    found = [str(entry[name]) for name in _NAMES if name in entry]
    dataset = entry.get("dataset")
    if is_table(dataset) and "id" in dataset:
        found.append(" ".join(str(dataset[name]) for name in ("id", "task_id") if name in dataset))
    return found


def _called(entries: Sequence[object]) -> list[str]:
    return [names[0] for one in entries if (names := _names(one))]


def _missing(key: Sequence[str], there: list[str]) -> Unread:
    shown = ", ".join(one_line(name)[:60] for name in there[:8]) + (" …" if len(there) > 8 else "")
    return Unread(f"there is no {said(key)}", f"there are: {shown}" if there else "nothing is there")

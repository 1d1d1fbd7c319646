"""A value that another tool has left in a file: where it is, and what was read there."""

from __future__ import annotations

import datetime as dt
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
    """When the tool measured it (UTC), where the file says so."""
    note: str = ""
    """Which run, row or entry it is of."""
    digest: str = ""
    """SHA-256 of the file's content, in hex."""


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
        return Unread(f"{name} is {'a table' if is_table(value) else 'a list'}, not a number")
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
    found = _at(data, tuple(key))
    return found if isinstance(found, Unread) else number(found, said(key) or "the document")


def said(key: Sequence[str]) -> str:
    """A key in words: its parts with an arrow between them."""
    return " > ".join(one_line(part) for part in key)


def _at(data: object, key: tuple[str, ...]) -> object:
    """What a key leads to, or an Unread."""
    here = data
    for at, part in enumerate(key):
        if is_table(here):
            if part in here:
                here = here[part]
                continue
            named = _named(here, part)
            if named is None:
                return _missing(key[: at + 1], list(map(str, here)))
            here = named
        elif is_list(here):
            if part == LAST:
                return _last(here, key, at)
            found = _entry(here, part)
            if found is None:
                return _missing(key[: at + 1], _called(here) or [f"0 to {len(here) - 1}"])
            here = found
        else:
            return Unread(f"{said(key[:at])} is a single value: nothing is below it")
    return here


def _last(entries: Sequence[object], key: tuple[str, ...], at: int) -> object:
    for one in reversed(entries):
        found = _at(one, key[at + 1 :])
        if not isinstance(found, Unread):
            return found
    return Unread(f"no entry of {said(key[:at]) or 'the list'} has {said(key[at + 1 :])}")


def _named(table: Mapping[str, object], part: str) -> object | None:
    """An entry of the one list in a report, by its name: `{"metrics": [{"metric_name": …}]}`."""
    lists = [cast("Sequence[object]", value) for value in table.values() if is_list(value)]
    found = [entry for entries in lists if (entry := _entry(entries, part, by_position=False)) is not None]
    return found[0] if len(found) == 1 else None


def _entry(entries: Sequence[object], part: str, *, by_position: bool = True) -> object | None:
    if by_position and _POSITION.fullmatch(part) and int(part) < len(entries):
        return entries[int(part)]
    found = [one for one in entries if part in _names(one)]
    if len(found) != 1:
        return None
    # A report's entry holds its figure beside its name.
    one = found[0]
    return one["value"] if is_table(one) and "value" in one else one


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

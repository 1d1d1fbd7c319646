"""Whether the first row of a table has the names of its columns: held against what is below it, column by column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Kind = Literal["number", "date", "text", ""]

NEARLY_ALL = 0.8
"""Share of one kind from which the kind of a column is known."""
MOST_ROWS = 300
FEWEST_ROWS = 3
"""Rows from which it is worth saying that nothing tells the first line from the others."""
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)*|[.,]\d+)([eE][+-]?\d+)?\s?%?")
_DATE = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}([T ].*)?|\d{1,2}[./-]\d{1,2}[./-]\d{2}(\d{2})?( .*)?|\d{1,2}:\d{2}(:\d{2}.*)?"
)
_NONE = frozenset(
    {"", "-", "?", ".", "na", "n/a", "n.a.", "#n/a", "nan", "null", "none", "nil", "inf", "-inf"}
)
_UNIT = re.compile(r"[\[(][^\])]*[\])]|[A-Za-zµμΩ°%‰€$£/²³^*·.-][A-Za-zµμΩ°%‰€$£/²³^*·.0-9 -]{0,14}")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9]*([_.A-Z-][A-Za-z0-9]*)*|[A-Za-z0-9]+(_[A-Za-z0-9]+)+")


def kind_of(cell: str) -> Kind:
    """What a cell seems to hold; nothing where it stands for no value."""
    text = cell.strip()
    if text.casefold() in _NONE:
        return ""
    if _DATE.fullmatch(text):
        return "date"
    return "number" if _NUMBER.fullmatch(text) else "text"


@dataclass(frozen=True)
class HeaderGuess:
    """What was found about a first row."""

    is_names: bool
    sure: bool
    doubtful: str = ""
    """Why it is doubtful although it was taken for names."""


def first_row_is_names(first: Sequence[str], rows: Sequence[Sequence[str]]) -> HeaderGuess:
    """Whether a row names the columns of the rows below it, all of the same number of cells."""
    rows = rows[:MOST_ROWS]
    own = [kind_of(cell) for cell in first]
    if not rows:
        return HeaderGuess(is_names="number" not in own and "date" not in own, sure=False)
    names = rows_speak = again = texts_below = 0
    for at, (cell, kind) in enumerate(zip(first, own, strict=True)):
        below = [row[at].strip() for row in rows]
        expected = _kind_of_column(below)
        if not kind or not expected:
            continue
        if expected != "text":
            names += kind != expected
            rows_speak += kind == expected
            continue
        texts_below += 1
        if kind != "text":
            rows_speak += 1
        elif cell.strip() in below:
            again += 1
        elif len(below) >= FEWEST_ROWS and len({len(text) for text in below}) == 1:
            # Codes of one length.
            names += len(cell.strip()) != len(below[0])
    if again > 1 and 2 * again > texts_below:
        rows_speak += again
    if rows_speak and _is_series(first):
        return HeaderGuess(is_names=True, sure=False, doubtful="the names are numbers")
    if names or rows_speak:
        is_names = names > rows_speak or (names == rows_speak and "number" not in own)
        return HeaderGuess(is_names=is_names, sure=names > 2 * rows_speak)
    if again:
        return HeaderGuess(is_names=True, sure=False, doubtful="it has texts that are below it as well")
    texts = [cell.strip() for cell in first if cell.strip()]
    doubtful = len(rows) >= FEWEST_ROWS and not all(_IDENTIFIER.fullmatch(text) for text in texts)
    return HeaderGuess(
        is_names=True, sure=False, doubtful="nothing tells it from the lines below" if doubtful else ""
    )


def is_second_head(cells: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether a row below the names has units or more names: texts wherever the rows below have numbers or dates."""
    rows = rows[:MOST_ROWS]
    if len(rows) < FEWEST_ROWS:
        return False
    typed = 0
    for at, cell in enumerate(cells):
        text = cell.strip()
        expected = _kind_of_column([row[at] for row in rows])
        if expected in ("number", "date"):
            if text and (kind_of(text) != "text" or not _UNIT.fullmatch(text)):
                return False
            typed += bool(text)
        elif text and any(row[at].strip() == text for row in rows):
            return False
    return typed > 0


def unique_names(given: Sequence[str]) -> tuple[str, ...]:
    """Names of which no two are the same: a blank one is called by its place, a repeated one is numbered."""
    found: list[str] = []
    taken = Counter(name.strip() for name in given)
    for at, name in enumerate(given):
        bare = name.strip() or f"column{at}"
        unique, number = bare, 0
        while unique in found or (number and taken[unique]):
            number += 1
            unique = f"{bare}_{number}"
        found.append(unique)
    return tuple(found)


def _kind_of_column(cells: Sequence[str]) -> Kind:
    kinds = Counter[Kind](kind for kind in map(kind_of, cells) if kind)
    if not kinds:
        return ""
    kind, count = kinds.most_common(1)[0]
    return kind if count >= NEARLY_ALL * kinds.total() else "text"


def _is_series(first: Sequence[str]) -> bool:
    """Whether the numbers in a row follow each other as years or places do, and there are at least three."""
    texts = [cell.strip() for cell in first]
    numbers = [int(text) for text in texts if re.fullmatch(r"\d{1,4}", text)]
    steps = {after - before for before, after in pairwise(numbers)}
    others = [text for text in texts if text and not re.fullmatch(r"\d{1,4}", text)]
    is_year = bool(numbers) and 1900 <= numbers[0] <= 2100
    return (
        len(numbers) > 2 - is_year
        and steps == {1}
        and (is_year or numbers[0] in (0, 1))
        and all(kind_of(text) == "text" for text in others)
    )

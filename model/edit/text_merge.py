"""Three-way merge of texts, line by line: what two people wrote into the same file at the same time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

MOST = 5_000
"""Lines above which nothing is tried: the comparison could take long."""
_PAIRS = 1_000_000
"""Pairs of equal lines above which nothing is tried, for the same reason."""

Edit = tuple[int, int, tuple[str, ...]]
"""The lines from one index to another, and what takes their place."""


def merge_lines(base: str, mine: str, theirs: str) -> str | None:
    """Both sides' changes to a text that both came from; None where they touch the same lines.

    Lines that are only next to each other do not disagree. What both did alike is done once.
    """
    lines, *sides = map(_lines, (base, mine, theirs))
    if any(_takes_long(lines, side) for side in sides):
        return None
    first, second = (list(_edits(lines, side)) for side in sides)
    if any(_disagree(one, other) for one in first for other in second):
        return None
    merged: list[str] = []
    at = 0
    for start, end, text in sorted({*first, *second}):
        merged += [*lines[at:start], *text]
        at = end
    merged += lines[at:]
    # Of a last line without an end, and one that the other side put behind it, would become one line.
    if not all(line.endswith("\n") for line in merged[:-1]):
        return None
    return "".join(merged)


def _lines(text: str) -> list[str]:
    """Lines as TOML has them: only a line feed ends one, whatever else Unicode calls a line."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _takes_long(one: Sequence[str], other: Sequence[str]) -> bool:
    if max(len(one), len(other)) > MOST:
        return True
    counts = Counter(other)
    return sum(count * counts[line] for line, count in Counter(one).items()) > _PAIRS


def _edits(lines: Sequence[str], new: Sequence[str]) -> Iterator[Edit]:
    for tag, start, end, first, last in SequenceMatcher(None, lines, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield start, end, tuple(new[first:last])


def _disagree(one: Edit, other: Edit) -> bool:
    """Whether two different changes share a line, or put something in the same place."""
    overlap = one[0] < other[1] and other[0] < one[1]
    return one != other and (overlap or one[:2] == other[:2])

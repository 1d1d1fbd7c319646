"""Three-way merge of texts, line by line: what two people wrote into the same file at the same time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
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
    merged = _merged(base, mine, theirs)
    if merged is None or merged[2] or _has_doubled(base, mine, theirs, merged[0]):
        return None
    return merged[0]


def _has_doubled(base: str, mine: str, theirs: str, merged: str) -> bool:
    """Whether a line is there more often than the changes of both sides explain: both have moved it, each elsewhere."""
    before, one, other, now = (Counter(text.split("\n")) for text in (base, mine, theirs, merged))
    return any(
        count > max(one[line], other[line], one[line] + other[line] - before[line])
        for line, count in now.items()
        if line
    )


def sided_lines(base: str, mine: str, theirs: str, *, as_git: bool = False) -> tuple[str, str]:
    """The text with both sides' changes: where they touch the same lines once with mine, once with theirs.

    `as_git`: also where they touch lines that are next to each other, which git asks about.
    """
    merged = _merged(base, mine, theirs, as_git=as_git)
    return (mine, theirs) if merged is None else merged[:2]


def shared_lines(one: str, other: str) -> float:
    """The share of the longer text that is in lines that the other has too, as git sees how alike two files are."""
    first, second = Counter(_lines(one)), Counter(_lines(other))
    shared = sum(len(line) * count for line, count in (first & second).items())
    return shared / max(len(one), len(other), 1)


def _merged(base: str, mine: str, theirs: str, *, as_git: bool = False) -> tuple[str, str, bool] | None:
    """The text with mine and the one with theirs, and whether they disagree; None where nothing is tried."""
    lines, *sides = map(_lines, (base, mine, theirs))
    if any(_takes_long(lines, side) for side in sides):
        return None
    first, second = (list(_edits(lines, side)) for side in sides)
    texts: tuple[list[str], list[str]] = [], []
    disagree = False
    at = 0
    disagrees = _touch if as_git else _disagree
    for group in _groups(first, second, disagrees):
        start, end = group[0][0], max(edit[1] for edit in group)
        contested = any(disagrees(one, other) for one in group for other in group)
        disagree |= contested
        for text, own in zip(texts, (set(first), set(second)), strict=True):
            text += lines[at:start]
            text += _applied(lines, start, end, [one for one in group if one in own] if contested else group)
        at = end
    for text in texts:
        text += lines[at:]
        # Of a last line without an end, and one that the other side put behind it, would become one line.
        if not all(line.endswith("\n") for line in text[:-1]):
            return None
    return "".join(texts[0]), "".join(texts[1]), disagree


def _groups(
    first: Sequence[Edit], second: Sequence[Edit], disagrees: Callable[[Edit, Edit], bool]
) -> Iterator[list[Edit]]:
    """The edits of both sides in order, those together that disagree; what both did alike is there once."""
    group: list[Edit] = []
    for edit in sorted({*first, *second}):
        if group and not any(disagrees(one, edit) for one in group):
            yield group
            group = []
        group.append(edit)
    if group:
        yield group


def _applied(lines: Sequence[str], start: int, end: int, edits: Sequence[Edit]) -> Iterator[str]:
    """The lines from one index to another after some edits."""
    for edit in edits:
        yield from lines[start : edit[0]]
        yield from edit[2]
        start = edit[1]
    yield from lines[start:end]


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


def _touch(one: Edit, other: Edit) -> bool:
    """Whether there is no line between two different changes that both leave as it was."""
    return one != other and one[0] <= other[1] and other[0] <= one[1]

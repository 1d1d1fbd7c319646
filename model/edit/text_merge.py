"""Three-way merge of texts, line by line: what two people wrote into the same file at the same time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

MOST = 5_000
"""Lines above which nothing is tried: the comparison could take long."""

Edit = tuple[int, int, tuple[str, ...]]
"""The lines from one index to another, and what takes their place."""


def merge_lines(base: str, mine: str, theirs: str) -> str | None:
    """Both sides' changes to a text that both came from; None where they touch the same lines.

    Lines that only lie next to each other do not disagree. What both did alike is done once.
    """
    lines = base.splitlines(keepends=True)
    if max(len(lines), mine.count("\n"), theirs.count("\n")) > MOST:
        return None
    first, second = list(_edits(lines, mine)), list(_edits(lines, theirs))
    if any(_disagree(one, other) for one in first for other in second):
        return None
    merged: list[str] = []
    at = 0
    for start, end, text in sorted({*first, *second}):
        merged += [*lines[at:start], *text]
        at = end
    return "".join([*merged, *lines[at:]])


def _edits(lines: Sequence[str], text: str) -> Iterator[Edit]:
    new = text.splitlines(keepends=True)
    for tag, start, end, first, last in SequenceMatcher(None, lines, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield start, end, tuple(new[first:last])


def _disagree(one: Edit, other: Edit) -> bool:
    """Whether two different changes share a line, or put something in the same place."""
    overlap = one[0] < other[1] and other[0] < one[1]
    return one != other and (overlap or one[:2] == other[:2])

"""Breaking text into rows between words, for whatever measures text: a terminal's cells, a page's columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Look = TypeVar("Look")


def wrap(
    parts: Iterable[tuple[str, Look]], first: int, rest: int, width: Callable[[str], int]
) -> list[list[tuple[str, Look]]]:
    """Rows of texts with their looks, the first and the others of at most so many cells; a wider word is cut.

    Blanks stay behind the word before them, also where that is the last of its row.
    """
    rows: list[list[tuple[str, Look]]] = [[]]
    room, used = max(1, first), 0
    for word, look in _words(parts, max(1, min(first, rest)), width):
        if used and used + width(word.rstrip()) > room:
            rows.append([])
            room, used = max(1, rest), 0
        if used or word.strip() or len(rows) == 1:
            rows[-1].append((word, look))
            used += width(word)
    return rows


def _words(
    parts: Iterable[tuple[str, Look]], room: int, width: Callable[[str], int]
) -> Iterator[tuple[str, Look]]:
    """Words with the blanks behind them, none wider than a row; a number and its percent sign are one."""
    for text, look in parts:
        for word in re.findall(r"\S+(?: %[^\s\w]*)?\s*|\s+", text):
            if width(word.rstrip()) <= room:
                yield word, look
            else:
                yield from ((piece, look) for piece in _pieces(word, room, width))


def _pieces(word: str, room: int, width: Callable[[str], int]) -> Iterator[str]:
    begin = used = 0
    for at, sign in enumerate(word):
        cells = width(sign)
        if used and used + cells > room:
            yield word[begin:at]
            begin, used = at, 0
        used += cells
    yield word[begin:]

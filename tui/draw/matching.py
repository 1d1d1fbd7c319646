"""Finding among thousands of names as one types, with bounded work for each key."""

from __future__ import annotations

from collections.abc import Sequence

SHOWN = 50
_FEW = 10
"""Below so many plain hits names are looked at that only have the letters in order."""
_BUNDLE = 2_000
"""At most so many hits are put in order."""
_LOOSE = 500
"""At most so many of those that only have the letters: each takes longer."""
_BEGINS = tuple(" -_/@#.")
"""Before a letter that begins a word."""
_STARTS = 8
"""Places tried for the first letter of a word."""


def find(query: str, names: Sequence[str]) -> list[int]:
    """Indexes of at most 50 names that fit best, the best first. `names` must be in lower case.

    A name fits when it holds each word of the query; where few do, those follow that have the letters of each word
    in their order, the closest together first. An empty query gives the first names.
    """
    words = query.lower().split()
    if not words:
        return list(range(min(SHOWN, len(names))))
    longest = max(words, key=len)
    hits: list[tuple[tuple[int, int, int], int]] = []
    for index, name in enumerate(names):
        if longest in name and all(word in name for word in words):
            hits.append((_rank(words, name), index))
            if len(hits) >= _BUNDLE:
                break
    found = [index for _, index in sorted(hits)][:SHOWN]
    return found if len(found) >= _FEW else [*found, *_loosely(words, names, set(found))][:SHOWN]


def _rank(words: Sequence[str], name: str) -> tuple[int, int, int]:
    """Words that begin the name before those that begin a word in it before the rest; then the earlier, the shorter."""
    begins = sum(0 if name.startswith(word) else 1 if _begins_a_word(word, name) else 2 for word in words)
    return begins, name.find(words[0]), len(name)


def _begins_a_word(word: str, name: str) -> bool:
    return any(f"{before}{word}" in name for before in _BEGINS)


def _loosely(words: Sequence[str], names: Sequence[str], taken: set[int]) -> list[int]:
    hits: list[tuple[int, int]] = []
    for index, name in enumerate(names):
        if index not in taken and all(_has_in_order(word, name) for word in words):
            hits.append((sum(_gaps(word, name) for word in words), index))
            if len(hits) >= _LOOSE:
                break
    return [index for _, index in sorted(hits)]


def _has_in_order(letters: str, name: str) -> bool:
    at = -1
    for letter in letters:
        at = name.find(letter, at + 1)
        if at < 0:
            return False
    return True


def _gaps(word: str, name: str) -> int:
    """Letters that lie between those of a word, where they lie closest; more where the first begins no word."""
    best = len(name)
    start = -1
    for _ in range(_STARTS):
        start = at = name.find(word[0], start + 1)
        if start < 0:
            break
        for letter in word[1:]:
            at = name.find(letter, at + 1)
            if at < 0:
                return best
        begins = start == 0 or name[start - 1] in _BEGINS
        best = min(best, at - start + 1 - len(word) + (0 if begins else len(word)))
    return best

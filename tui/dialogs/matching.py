"""Finding among thousands of names as one types, with bounded work for each key."""

from __future__ import annotations

from collections.abc import Sequence

SHOWN = 50
_FEW = 10
"""Below so many plain hits names are looked at that only have the letters in order."""
_BUNDLE = 400
"""At most so many hits are put in order."""


def find(query: str, names: Sequence[str]) -> list[int]:
    """Indexes of at most 50 names that fit best, the best first. `names` must be in lower case.

    A name fits when it holds each word of the query; where few do, those follow that have the query's letters in
    their order. An empty query gives the first names.
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
    if len(found) < _FEW:
        letters = "".join(words)
        taken = set(found)
        for index, name in enumerate(names):
            if len(found) >= SHOWN:
                break
            if index not in taken and _has_in_order(letters, name):
                found.append(index)
    return found


def _rank(words: Sequence[str], name: str) -> tuple[int, int, int]:
    """Beginnings before word beginnings before the rest; the earlier and the shorter first."""
    at = name.find(words[0])
    begins_a_word = at == 0 or name[at - 1] in " -_/@#."
    return (0 if at == 0 else 1 if begins_a_word else 2), at, len(name)


def _has_in_order(letters: str, name: str) -> bool:
    at = -1
    for letter in letters:
        at = name.find(letter, at + 1)
        if at < 0:
            return False
    return True

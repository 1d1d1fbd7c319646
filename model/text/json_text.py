"""JSON in which an object may not have a key twice: nothing says which of the two values counts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import cast


class KeyTwice(ValueError):
    """An object has a key twice."""

    def __init__(self, key: str) -> None:
        super().__init__(f"it has the key {key[:100]!r} more than once in one table")
        self.key = key


def json_value(text: str | bytes) -> object:
    """What a text says. Raises KeyTwice, any other ValueError where it is not JSON, or RecursionError."""
    return cast("object", json.loads(text, object_pairs_hook=_once))


def _once(pairs: Sequence[tuple[str, object]]) -> Mapping[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        raise KeyTwice(next(key for key, count in counts.items() if count > 1))
    return found

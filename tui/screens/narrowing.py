"""Narrowing a list by a text: its words must all be there, `file:people` looks at one field, `-word` leaves out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

Fits = Callable[[Mapping[str, str]], bool]
"""Whether something with these texts by field stays in the list."""


class NarrowingError(ValueError):
    """A text that cannot be understood; the message says why."""


def narrowing(text: str, fields: Sequence[str]) -> Fits:
    """What a text asks for, of things with some fields. Raises NarrowingError."""
    wanted = [_term(word, fields) for word in text.lower().split() if word != "-"]

    def fits(texts: Mapping[str, str]) -> bool:
        whole = "\n".join(texts.values()).lower()
        return all(
            (part in (texts.get(field, "").lower() if field else whole)) is not without
            for field, part, without in wanted
        )

    return fits


def _term(word: str, fields: Sequence[str]) -> tuple[str, str, bool]:
    """Field (empty: any), text, and whether it must not be there."""
    without = word.startswith("-") and len(word) > 1
    name, colon, part = word.removeprefix("-" if without else "").partition(":")
    if not colon or not name.isalpha():
        return "", name + colon + part, without
    if name not in fields:
        raise NarrowingError(f"there is no {name}: here; there are {', '.join(f'{one}:' for one in fields)}")
    return name, part, without

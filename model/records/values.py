"""When two plain values say the same.

Python takes 1 for True, and so [1] for [True]; TOML does not, and whoever wrote the one would be surprised by the
other. A number is the same with and without `.0`, which is how a person and a program may write it.
"""

from __future__ import annotations

from collections.abc import Mapping


def same(one: object, other: object) -> bool:
    """Whether two plain values (numbers, texts, dates, lists and tables of them) say the same."""
    if one is other:
        return True
    if isinstance(one, Mapping):
        return (
            isinstance(other, Mapping)
            and one.keys() == other.keys()
            and all(same(value, other[key]) for key, value in one.items())
        )
    if isinstance(one, list | tuple):
        return isinstance(other, list | tuple) and len(one) == len(other) and all(map(same, one, other))
    if _is_number(one) and _is_number(other):
        # Not a number is the same as itself here, or a file that has one would be changed by every step.
        return one == other or (one != one and other != other)
    return type(one) is type(other) and one == other


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

"""Plain values, as TOML has them: which are tables and lists, and when two of them say the same.

Python takes 1 for True, and so [1] for [True]; TOML does not, and whoever wrote the one would be surprised by the
other. A number is the same with and without `.0`, which is how a person and a program may write it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import TypeIs


_PLAIN = frozenset((str, int, float, bool))
"""What most values are: neither tables nor lists, which is told faster by a value's type than by what it can do."""


def is_table(value: object) -> TypeIs[Mapping[str, Any]]:
    """Whether a plain value is a table."""
    return type(value) not in _PLAIN and isinstance(value, Mapping)


def is_list(value: object) -> TypeIs[list[Any] | tuple[Any, ...]]:
    """Whether a plain value is a list."""
    return isinstance(value, list | tuple)


def same(one: object, other: object) -> bool:
    """Whether two plain values (numbers, texts, dates, lists and tables of them) say the same."""
    if one is other:
        return True
    if is_table(one):
        return (
            is_table(other)
            and one.keys() == other.keys()
            and all(same(value, other[key]) for key, value in one.items())
        )
    if is_list(one):
        return is_list(other) and len(one) == len(other) and all(map(same, one, other))
    if _is_number(one) and _is_number(other):
        # Not a number is the same as itself here, or a file that has one would be changed by every step.
        return one == other or (one != one and other != other)
    return type(one) is type(other) and one == other


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

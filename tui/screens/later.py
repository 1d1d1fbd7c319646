"""Actions whose modules are imported when the first of them is done, so that a screen is painted without them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import TypeVar

S = TypeVar("S")
Table = Mapping[str, Callable[[S], object]]
"""What does each action on a screen, by its id."""


def later(load: Callable[[], Table[S]], names: Collection[str]) -> Table[S]:
    """A table with the names of another one, which `load` imports. A test holds that the names are the same."""

    def act(name: str, screen: S) -> object:
        return load()[name](screen)

    return {name: partial(act, name) for name in names}

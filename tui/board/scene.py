"""What the board shows, as a value: two of them are compared, so that only what differs is painted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..draw.card_summary import Facts
from ..draw.glyphs import UNICODE, Glyphs
from .columns import Column, Item
from .empty_states import Paragraphs
from .view_state import ViewState


@dataclass(frozen=True)
class Scene:
    """Everything that decides what the board looks like."""

    columns: tuple[Column, ...] = ()
    state: ViewState = field(default_factory=ViewState)
    facts: Callable[[Item], Facts] = field(default=lambda item: Facts("todo", item.id, ()), compare=False)
    glyphs: Glyphs = UNICODE
    empty: Mapping[str, Paragraphs] = field(default_factory=dict)
    """What a column says that shows nothing, by its phase."""
    unfold: str = ""
    """The key that shows what is folded."""

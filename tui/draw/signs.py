"""The signs of states, which are always beside their words."""

from __future__ import annotations

from .glyphs import Glyphs
from .spans import Span

_SIGNS = {
    "met": ("✓", "v", "good"),
    "not met": ("✗", "x", "warning"),
    "open": ("○", "o", ""),
    "unknown": ("?", "?", "warning"),
    "waived": ("⚑", "w", "quiet"),
    "confirm": ("↻", "~", "warning"),
    "n/a": ("–", "-", "quiet"),
    "to be judged": ("?", "?", "warning"),
}
"""For each word the sign, the one in ASCII, and the look."""


def sign(word: str, glyphs: Glyphs) -> Span:
    """The sign of a state, which is always beside its word."""
    drawn, plain, look = _SIGNS.get(word, ("·", ".", "quiet"))
    return (plain if glyphs.name == "ascii" else drawn), look

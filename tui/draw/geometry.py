"""Where the columns stand on a screen of any size."""

from __future__ import annotations

from typing import Literal, NamedTuple

WIDE = 100
"""Cells from which all four columns are shown side by side."""
_STRIP = 11
_THIN_STRIP = 5


class Box(NamedTuple):
    """A column's place: its first cell, its width, and how much of it is drawn."""

    phase: str
    x: int
    width: int
    kind: Literal["full", "strip"]


def boxes(width: int, phases: tuple[str, ...], focused: str) -> tuple[Box, ...]:
    """The columns for a screen `width` cells wide.

    From 100 cells on they share it. Below, the focused one is wide and the others are strips with their counts;
    below 40 only the focused one is drawn.
    """
    if width >= WIDE:
        share, rest = divmod(width, len(phases))
        widths = [share + (1 if index < rest else 0) for index in range(len(phases))]
        return _placed(phases, widths, ("full",) * len(phases))
    strip = _STRIP if width >= 72 else _THIN_STRIP if width >= 40 else 0
    widths = [width - strip * (len(phases) - 1) if phase == focused else strip for phase in phases]
    return tuple(
        box
        for box in _placed(phases, widths, tuple("full" if phase == focused else "strip" for phase in phases))
        if box.width
    )


def _placed(
    phases: tuple[str, ...], widths: list[int], kinds: tuple[Literal["full", "strip"], ...]
) -> tuple[Box, ...]:
    x = 0
    placed: list[Box] = []
    for phase, width, kind in zip(phases, widths, kinds, strict=True):
        placed.append(Box(phase, x, width, kind))
        x += width
    return tuple(placed)

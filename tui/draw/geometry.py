"""Where the columns stand on a screen of any size."""

from __future__ import annotations

from typing import Literal, NamedTuple

WIDE = 100
"""Cells from which all four columns are shown side by side."""
_PAIR = 72
"""Cells from which the focused column has a neighbour beside it."""
_STRIP = 9
_THIN_STRIP = 5
_FOCUSED_SHARE = 0.57
"""Of the two columns that are drawn on a narrow screen."""


class Box(NamedTuple):
    """A column's place: its first cell, its width, and how much of it is drawn."""

    phase: str
    x: int
    width: int
    kind: Literal["full", "strip"]


def boxes(width: int, phases: tuple[str, ...], focused: str) -> tuple[Box, ...]:
    """The columns for a screen `width` cells wide.

    From 100 cells on they share it. Below, the focused one and its neighbour are drawn and the others are strips
    with their counts; from 71 cells down there is no neighbour, and below 40 only the focused one.
    """
    if width >= WIDE:
        share, rest = divmod(width, len(phases))
        widths = [share + (1 if index < rest else 0) for index in range(len(phases))]
        return _placed(phases, widths, ("full",) * len(phases))
    if width >= _PAIR:
        return _pair(width, phases, focused)
    strip = _THIN_STRIP if width >= 40 else 0
    widths = [width - strip * (len(phases) - 1) if phase == focused else strip for phase in phases]
    return tuple(
        box
        for box in _placed(phases, widths, tuple("full" if phase == focused else "strip" for phase in phases))
        if box.width
    )


def _pair(width: int, phases: tuple[str, ...], focused: str) -> tuple[Box, ...]:
    """The focused column, the one after it (before it, at the end), and strips."""
    at = phases.index(focused) if focused in phases else 0
    beside = at + 1 if at + 1 < len(phases) else at - 1
    room = width - _STRIP * (len(phases) - 2)
    wide = round(room * _FOCUSED_SHARE)
    widths = [
        wide if index == at else room - wide if index == beside else _STRIP for index in range(len(phases))
    ]
    return _placed(
        phases, widths, tuple("full" if index in (at, beside) else "strip" for index in range(len(phases)))
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

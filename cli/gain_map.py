"""The map of projects: gain of a year against cost to the next gate, as text that needs no colour.

The size of a sign says how sure the gain is, brackets say that the project is chosen, and a number leads to the legend
below.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from ..model.explained import written
from .text import percent

ROWS, COLUMNS = 14, 64
SIZES = ((0.15, "·", "."), (0.35, "∘", "o"), (0.6, "○", "O"), (1.01, "●", "@"))
"""Chance of success below which each sign stands; the plain one where the output takes ASCII only."""


@dataclass(frozen=True)
class Spot:
    """A project on the map."""

    name: str
    cost: float
    gain: float
    chance: float
    chosen: bool


def draw(spots: Sequence[Spot], unit: str, drawn: bool = True) -> Iterator[str]:
    """The map, with its axes and its legend, in at most 80 columns."""
    top, right = _round_up(max(one.gain for one in spots)), _round_up(max(one.cost for one in spots))
    grid = [[" "] * COLUMNS for _ in range(ROWS)]
    for number, one in enumerate(spots, start=1):
        _put(grid, _marker(number, one, drawn), one.cost / right, max(0.0, one.gain) / top)
    wide = max(len(written(top)), len("gain"))
    side, corner, flat = ("│", "└", "─") if drawn else ("|", "+", "-")
    yield f"{'gain':>{wide}} {unit} a year"
    for at, row in enumerate(grid):
        label = written(top) if at == 0 else written(top / 2) if at == ROWS // 2 else ""
        yield f"{label:>{wide}} {side}{''.join(row)}".rstrip()
    yield f"{'0':>{wide}} {corner}{flat * COLUMNS}"
    half, whole = written(right / 2), written(right)
    left = f"{'0':<{COLUMNS // 2}}{half}"
    yield f"{'':>{wide}}  {left}{whole:>{COLUMNS - len(left)}}"
    yield f"{f'cost to the next gate, {unit}':>{wide + 2 + COLUMNS}}"
    bands = [f"under {percent(limit)}" for limit, _, _ in SIZES[:-1]] + [f"above {percent(SIZES[-2][0])}"]
    signs = "  ".join(
        f"{size if drawn else plain} {band}" for (_, size, plain), band in zip(SIZES, bands, strict=True)
    )
    yield f"chance: {signs}; [ ] chosen"


def _marker(number: int, one: Spot, drawn: bool) -> str:
    sign = next(size if drawn else plain for limit, size, plain in SIZES if one.chance < limit)
    text = f"{sign}{number}"
    return f"[{text}]" if one.chosen else f" {text} "


def _put(grid: list[list[str]], marker: str, x: float, y: float) -> None:
    """Writes a marker where it belongs, or as near as there is room for it: above or below first, then beside."""
    size, last = len(marker), COLUMNS - len(marker)
    column = min(max(0, round(x * (COLUMNS - 1)) - 1), last)
    wanted = min(ROWS - 1, ROWS - 1 - round(y * (ROWS - 1)))
    starts = [column, *range(column - size, -1, -size), *range(column + size, last + 1, size)]
    places = [(row, start) for start in starts for row in range(ROWS)]
    for row, start in sorted(places, key=lambda at: abs(at[0] - wanted) + abs(at[1] - column)):
        cells = slice(start, start + size)
        if all(cell == " " for cell in grid[row][cells]):
            grid[row][cells] = list(marker)
            return


def _round_up(value: float) -> float:
    """The next round figure: 1, 2, 2.5 or 5 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if ceil(value / power * 1e9) <= step * 1e9)

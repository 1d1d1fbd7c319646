"""The map of projects: gain of a year against cost to the next gate, as rows of text for any width and height.

The number of a project leads to its row in the list, the size of its sign says how sure its gain is, brackets that it
is chosen and an arrow that it is focused, so that the map needs no colour. Figures in, rows of pieces out, for the
board and the command line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

from ..text.amounts import whole_percent
from ..text.cells import Row, pieces, round_up
from ..text.figure import written

SIZES = ((0.15, "·", "."), (0.35, "∘", "o"), (0.6, "○", "O"), (1.01, "●", "@"))
"""Each sign with the chance of success that it stays below; the plain one where only ASCII can be shown."""
CROWDED, MOST_DECADES = 0.1, 6
"""An axis goes in powers of ten, at most so many, where half of the figures are below this share of it."""
LEAST_WIDTH, LEAST_HEIGHT = 28, 7
"""Below this there is no map, only the list."""


@dataclass(frozen=True)
class Spot:
    """A project on the map."""

    number: int
    cost: float
    gain: float
    chance: float
    chosen: bool = False
    focused: bool = False

    def marker(self, *, plain: bool) -> str:
        """Its sign and number, in brackets where it is chosen, behind an arrow where it is focused."""
        sign = next(ascii_sign if plain else sign for limit, sign, ascii_sign in SIZES if self.chance < limit)
        before, after = ("[", "]") if self.chosen else (" ", " ")
        return f"{'>' if self.focused else before}{sign}{self.number}{after}"

    @property
    def look(self) -> str:
        """What is seen of it where there are colours."""
        return "key" if self.focused else "good" if self.chosen else ""


@dataclass(frozen=True)
class _Axis:
    """What an axis shows, from its beginning to its end."""

    low: float
    high: float
    log: bool

    @classmethod
    def over(cls, figures: Sequence[float]) -> _Axis:
        """From nothing to a round figure; in powers of ten where most of them would crowd at the beginning."""
        high = round_up(max(figures))
        positive = sorted(one for one in figures if one > 0)
        if not positive or positive[len(positive) // 2] >= CROWDED * high:
            return cls(0.0, high, log=False)
        return cls(max(10.0 ** floor(log10(positive[0])), high / 10**MOST_DECADES), high, log=True)

    def share(self, figure: float) -> float:
        """The place of a figure, as a share of the axis; what is less than its beginning is put there."""
        if not self.log:
            return max(0.0, figure) / self.high
        return max(0.0, log10(max(figure, self.low) / self.low) / log10(self.high / self.low))

    @property
    def middle(self) -> float:
        """The half, or the power of ten that is nearest to it."""
        if not self.log:
            return self.high / 2
        powers = [self.low * 10.0**at for at in range(1, MOST_DECADES + 1)]
        return min(powers, key=lambda one: abs(self.share(one) - 0.5))


def gain_map(spots: Sequence[Spot], width: int, height: int, unit: str, *, plain: bool = False) -> list[Row]:
    """At most `height` rows of at most `width` cells; nothing where there is no room, or nothing to show."""
    if not spots or width < LEAST_WIDTH or height < LEAST_HEIGHT:
        return []
    gains, costs = _Axis.over([one.gain for one in spots]), _Axis.over([one.cost for one in spots])
    rows = height - 4
    names = (
        {rows - 1 - round(gains.share(gains.middle) * (rows - 1)): written(gains.middle)} if rows > 3 else {}
    )
    names |= {0: written(gains.high)}
    indent = max(len(one) for one in (*names.values(), written(gains.low)))
    columns = width - indent - 2
    grid, crowded = _placed(spots, rows, columns, gains, costs, plain=plain)
    side, corner, flat = ("|", "+", "-") if plain else ("│", "└", "─")
    found: list[Row] = [((_head(gains, costs, unit, crowded)[:width], "quiet"),)]
    for at, row in enumerate(grid):
        found.append(((f"{names.get(at, ''):>{indent}} {side}", "quiet"), *pieces(row)))
    found.append(((f"{written(gains.low):>{indent}} {corner}{flat * columns}", "quiet"),))
    found.append(((f"{'':>{indent + 1}}{_scale(costs, columns)}", "quiet"),))
    found.append(((_legend(width, plain=plain, focused=any(one.focused for one in spots)), "quiet"),))
    return found


def _head(gains: _Axis, costs: _Axis, unit: str, crowded: Sequence[Spot]) -> str:
    """What the axes are, and what is not to be seen."""
    head = f"gain a year against cost to the next gate{f', {unit}' if unit else ''}"
    tens = " and ".join(name for name, axis in (("gain", gains), ("cost", costs)) if axis.log)
    if tens:
        head += f"; {tens} in powers of ten"
    if crowded:
        head += f"   no room for {', '.join(str(one.number) for one in crowded)}"
    return head


def _placed(
    spots: Sequence[Spot], rows: int, columns: int, gains: _Axis, costs: _Axis, *, plain: bool
) -> tuple[list[list[tuple[str, str]]], list[Spot]]:
    """A grid of cells with their looks, and the spots for which there was no room."""
    grid = [[(" ", "")] * columns for _ in range(rows)]
    crowded: list[Spot] = []
    # What matters most comes first where there is not room for all.
    for one in sorted(spots, key=lambda one: (not one.focused, not one.chosen, one.number)):
        marker = one.marker(plain=plain)
        size, last = len(marker), columns - len(marker)
        # The sign, not the bracket before it, marks the cost.
        column = min(max(0, round(costs.share(one.cost) * (columns - 1)) - 1), max(0, last))
        wanted = rows - 1 - round(gains.share(one.gain) * (rows - 1))
        # Where that place is taken: as near as there is room, by shares of the map, rather above than beside.
        starts = [column, *range(column - size, -1, -size), *range(column + size, last + 1, size)]
        places = [(row, start) for start in starts if start <= last for row in range(rows)]

        def far(at: tuple[int, int], wanted: int = wanted, column: int = column) -> float:
            return abs(at[0] - wanted) / rows + 1.5 * abs(at[1] - column) / columns

        for row, start in sorted(places, key=lambda at: (far(at), at)):
            cells = slice(start, start + size)
            if all(cell == " " for cell, _ in grid[row][cells]):
                grid[row][cells] = [(cell, one.look) for cell in marker]
                break
        else:
            crowded.append(one)
    return grid, sorted(crowded, key=lambda one: one.number)


def _scale(costs: _Axis, columns: int) -> str:
    """The figures below the axis: its beginning, its middle and its end."""
    low, middle, high = f" {written(costs.low)}", written(costs.middle), written(costs.high)
    at = max(len(low) + 1, round(costs.share(costs.middle) * columns))
    line = f"{low:<{at}}{middle}"
    return f"{line}{high:>{max(len(high) + 1, columns + 1 - len(line))}}"[: columns + 1]


def _legend(width: int, *, plain: bool, focused: bool) -> str:
    """The sign of each band of chances, behind those of what is chosen and focused as far as there is room."""
    words = [f"{drawn if not plain else bare} <{whole_percent(limit)}" for limit, drawn, bare in SIZES[:-1]]
    last = SIZES[-1][2 if plain else 1]
    bands = f"chance {' '.join(words)} {last} more"
    heads = (f"[ ] chosen; {'> focused; ' if focused else ''}", "[ ] chosen; ", "")
    return next((f"{head}{bands}" for head in heads if len(head + bands) <= width), bands)[:width]

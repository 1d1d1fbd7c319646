"""A figure that can say where it comes from.

A number that decides over a project must show its arithmetic: inputs, formula, steps, source. Each calculator gives
such a value, and whatever shows it (`w` on the board, `--explain` on a command) shows the same lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import isfinite

from .share import not_a_share
from .visible import one_line

Figure = float | int | str | tuple["Figure", ...]
"""An input or a result: a number, a word, or a row of them."""


@dataclass(frozen=True)
class Explained:
    """One figure with its arithmetic."""

    name: str
    value: float
    unit: str = ""
    formula: str = ""
    inputs: Mapping[str, Figure] = field(default_factory=dict[str, Figure])
    steps: tuple[str, ...] = ()
    """What was computed, one equation a line, in order."""
    source: str = ""
    figures: Mapping[str, Figure] = field(default_factory=dict[str, Figure])
    """All results by the names of the playbook; `value` is the one that matters most."""
    parts: tuple[Explained, ...] = ()
    """Figures that it was computed from, where they have an arithmetic of their own."""
    notes: tuple[str, ...] = ()
    """What was assumed, and what does not count in it."""

    def __getitem__(self, name: str) -> Figure:
        return self.figures[name]

    def number(self, name: str) -> float:
        """A result that is a number, by its name. Raises KeyError, or TypeError where it is none."""
        found = self.figures[name]
        if isinstance(found, str | tuple):
            raise TypeError(f"{name} of {self.name} is not a single number")
        return found

    def names(self) -> Iterator[str]:
        """Its name, and those of the figures that it was computed from."""
        yield self.name
        for part in self.parts:
            yield from part.names()

    def lines(self, depth: int = 0) -> list[str]:
        """Plain text: the figure, then what it was made of, two spaces deeper; safe to show."""
        rows = [("", f"{self.name}: {amount(self.value, self.unit)}")]
        if self.formula:
            rows.append(("formula", self.formula))
        rows += [(name, written(value)) for name, value in self.inputs.items()]
        rows += [("", step) for step in self.steps]
        if self.source:
            rows.append(("source", self.source))
        rows += [("", note) for note in self.notes]
        wide = max(len(name) for name, _ in rows)
        indent = "  " * depth
        lines = [one_line(f"{indent}{rows[0][1]}")]
        for name, text in rows[1:]:
            lines.append(one_line(f"{indent}  {name:<{wide}}  {text}" if name else f"{indent}  {text}"))
        for part in self.parts:
            lines += part.lines(depth + 1)
        return lines


def written(figure: Figure) -> str:
    """A figure as a person reads it: four significant digits, thousands apart."""
    if isinstance(figure, str):
        return figure
    if isinstance(figure, tuple):
        return f"[{', '.join(written(one) for one in figure)}]"
    if isinstance(figure, bool) or not isfinite(figure):
        return str(figure)
    if float(figure).is_integer() and abs(figure) < 1e15:
        return f"{int(figure):,}"
    if abs(figure) < 1e3 or abs(figure) >= 1e15:
        return f"{figure:,.4g}"
    # Sums of products leave a trace in binary: 5,138.0 is 5,138.
    return f"{figure:,.0f}" if abs(figure) >= 1e4 else f"{figure:,.1f}".removesuffix(".0")


def amount(figure: Figure, unit: str = "") -> str:
    """A figure with its unit."""
    return f"{written(figure)} {unit}".rstrip()


def signed(value: float) -> str:
    """A difference with its sign: `+3`, `-0.5`, `0`."""
    return f"{'+' if value > 0 else ''}{written(value)}"


def exact(value: float) -> Fraction:
    """A float as the decimal number that a person wrote, so that 140 × 0.15 / (3 × 0.7) is 10, not a trace above it."""
    return Fraction(str(value))


def expect(condition: object, expected: str) -> None:
    """Raises ValueError with what was expected, where it does not hold."""
    if not condition:
        raise ValueError(expected)


def number(name: str, value: object, low: float = float("-inf"), high: float = float("inf")) -> float:
    """The value as a float. Raises ValueError where it is no finite number in the range, with what was expected."""
    inside = (
        f"from {written(low)} to {written(high)}"
        if isfinite(low) and isfinite(high)
        else f"of at least {written(low)}"
        if isfinite(low)
        else f"of at most {written(high)}"
        if isfinite(high)
        else ""
    )
    asked = f"{name}: a number {inside}".rstrip() + f" is expected, not {value!r}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(asked)  # noqa: TRY004  callers catch one kind of error for whatever is wrong with an input
    try:
        converted = float(value)
    except OverflowError:
        raise ValueError(asked) from None
    if not isfinite(converted) or not low <= converted <= high:
        raise ValueError(asked)
    return converted


def share(name: str, value: object) -> float:
    """The value as a share. Raises ValueError where it is none, with what was probably meant."""
    found = number(name, value)
    wrong = not_a_share(found)
    expect(not wrong, f"{name}: {wrong}")
    return found


def count(name: str, value: object, low: float = 0, high: float = float("inf")) -> float:
    """The value as a whole number. Raises ValueError where it is none, or out of the range."""
    found = number(name, value, low, high)
    expect(found.is_integer(), f"{name}: a whole number is expected, not {value!r}")
    return found


def above_zero(name: str, value: object, high: float = float("inf")) -> float:
    """A number above 0, and at most `high`. Raises ValueError with what was expected."""
    found = number(name, value, 0, high)
    top = f" and at most {written(high)}" if isfinite(high) else ""
    expect(found > 0, f"{name}: a number above 0{top} is expected, not {written(found)}")
    return found


def open_share(name: str, value: object) -> float:
    """A share that is neither 0 nor 1, such as a level. Raises ValueError with what was expected."""
    found = share(name, value)
    expect(0 < found < 1, f"{name}: a share between 0 and 1 is expected, not {written(found)}")
    return found


@dataclass(frozen=True)
class MissingFigure:
    """A figure that cannot be computed yet, and what would change that."""

    name: str
    missing: str
    """What is missing, in words."""
    question: str = ""
    """The playbook's question that asks for it; empty where no question does."""
    contradicts: bool = False
    """Whether it was answered, in a way that another answer contradicts."""

    def names(self) -> Iterator[str]:
        """Its name."""
        yield self.name

    def lines(self, depth: int = 0) -> list[str]:
        """Plain text, safe to show."""
        asked = f" ({self.question})" if self.question else ""
        return [one_line(f"{'  ' * depth}{self.name}: not known; missing: {self.missing}{asked}")]


MaybeFigure = Explained | MissingFigure
"""A figure, or what it lacks."""


@dataclass(frozen=True)
class Unattainable:
    """The answer to a question that makes sense and that no number answers, such as a queue that grows without end."""

    name: str
    why: str
    figures: Mapping[str, Figure] = field(default_factory=dict[str, Figure])
    """What can be said in figures anyway."""
    source: str = ""

    def lines(self, depth: int = 0) -> list[str]:
        """Plain text, safe to show."""
        indent = "  " * depth
        rows = [f"{indent}{self.name}: not attainable: {self.why}"]
        rows += [f"{indent}  {name}  {written(value)}" for name, value in self.figures.items()]
        return [one_line(row) for row in rows]


Calculated = Explained | Unattainable
"""What a calculator gives."""


def outermost(figures: Iterable[MaybeFigure]) -> Iterator[MaybeFigure]:
    """The figures that no earlier one was computed from: with its arithmetic those are shown already."""
    shown: set[str] = set()
    for known in figures:
        if known.name not in shown:
            yield known
            shown.update(known.names())


def figure_of(known: MaybeFigure, default: float = 0.0) -> float:
    """The number, or a default where it is lacking."""
    return known.value if isinstance(known, Explained) else default


def figure_data(known: MaybeFigure, *, whole: bool = False) -> dict[str, object]:
    """A figure for programs; `value` is null where it is lacking, and `missing` says what."""
    if not isinstance(known, Explained):
        return {"name": known.name, "value": None, "missing": known.missing, "question": known.question}
    data: dict[str, object] = {"name": known.name, "value": known.value, "unit": known.unit}
    return {**data, "lines": known.lines()} if whole else data

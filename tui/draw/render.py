"""Drawing a card, a heading or a border as spans of text: pure, and exact to the cell.

Nothing here knows a colour: a span has the name of a look, and the widget turns that into a style.
"""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len

from ...model.text.visible import one_line
from .card_summary import Facts
from .glyphs import Glyphs
from .spans import Span, padded, width_of
from .text import fit, steady


class Flags(NamedTuple):
    """What changes a card's look besides its facts."""

    focused: bool = False
    marked: bool = False
    active: bool = False
    """Whether its column has the focus."""
    kept: bool = False
    """Whether only its having just been touched keeps it in sight."""
    carried: bool = False
    """Whether the mouse is dragging it."""


def render_card(
    facts: Facts, width: int, flags: Flags, glyphs: Glyphs
) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """A card's two lines, each exactly `width` cells wide."""
    ground = "focus" if flags.focused and flags.active else "resting" if flags.focused else "card"
    if flags.carried:
        ground = "carried"
    bar = glyphs.focus if flags.focused else " "
    mark = glyphs.mark if flags.marked else " "
    title_style = f"title-{ground}" if facts.is_open else f"quiet-{ground}"
    bar_style = f"bar-{ground}" if flags.focused else f"quiet-{ground}"
    first = [(bar, bar_style), (mark if flags.marked else "", f"mark-{ground}")]
    first.append((glyphs.sign(facts.sign) + " ", f"{facts.sign}-{ground}"))
    room = width - width_of(first)
    if room <= 0:
        return _narrow(bar, width, ground), _narrow(bar, width, ground)
    first.append((fit(facts.title, room, glyphs), title_style))
    indent = 3 if flags.marked else 2
    second = [(bar, bar_style), (" " * indent, f"quiet-{ground}")]
    room = width - 1 - indent
    if flags.kept:
        word = fit("not in the filter", room, glyphs)
        second.append((word, f"warning-{ground}"))
        room -= cell_len(word)
    second.extend(_fact_spans(facts, room, started=flags.kept, ground=ground, glyphs=glyphs))
    return padded(first, width, f"quiet-{ground}"), padded(second, width, f"quiet-{ground}")


def _fact_spans(facts: Facts, room: int, *, started: bool, ground: str, glyphs: Glyphs) -> list[Span]:
    """As many facts as there is room for; a long one that has half its words in sight is cut, not left out."""
    spans: list[Span] = []
    gap = cell_len(glyphs.separator)
    # Only the first, most urgent fact may be long: it leaves room for a short one after it.
    for fact in facts.facts:
        lead = gap if (spans or started) else 0
        size = cell_len(steady(fact.text))
        if lead + size > room and room - lead < min(size, 12):
            break
        if lead:
            spans.append((glyphs.separator, f"quiet-{ground}"))
        text = fit(fact.text, room - lead, glyphs)
        spans.append((text, f"{fact.tone}-{ground}"))
        room -= lead + cell_len(text)
    return spans


def _narrow(bar: str, width: int, ground: str) -> tuple[Span, ...]:
    return padded([(bar[:width], f"bar-{ground}")] if width > 0 else [], width, f"quiet-{ground}")


def render_heading(title: str, count: str, width: int, glyphs: Glyphs) -> tuple[Span, ...]:
    """The heading of a group: its title, a rule, and how many it has."""
    title = one_line(title)
    tail = f" {count} " if count else " "
    name = fit(title, width - 3 - cell_len(tail), glyphs)
    rule = width - cell_len(name) - cell_len(tail) - 2
    if not name or rule < 0:
        return padded([(fit(" " + title, width, glyphs), "heading")], width, "heading")
    return (
        (f" {name} ", "heading"),
        (glyphs.rule * rule, "rule"),
        (tail, "heading-count"),
    )


def render_border(
    title: str, note: Span, width: int, *, active: bool, top: bool, glyphs: Glyphs
) -> tuple[Span, ...]:
    """The upper or lower border of a column: a title at its left, at its right a note with its look, or a count's."""
    title = one_line(title)
    style = "border-active" if active else "border"
    left, right = glyphs.corners[0:2] if top else glyphs.corners[2:4]
    inner = width - 2
    if inner <= 0:
        return ((" " * max(0, width), style),)
    text, look = note
    text = f" {text} " if text else ""
    if cell_len(text) > inner:
        text = ""
    name = fit(title, inner - cell_len(text) - 2, glyphs) if title else ""
    name = f" {name} " if name else ""
    rest = inner - cell_len(name) - cell_len(text)
    lead = glyphs.horizontal if name and rest > 0 else ""
    line = glyphs.horizontal * (rest - len(lead))
    return (
        (left + lead, style),
        (name, "column-title-active" if active else "column-title"),
        (line, style),
        (text, look or ("count-active" if active else "count")),
        (right, style),
    )

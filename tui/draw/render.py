"""Drawing a card, a heading or a border as coloured pieces of text: pure, and exact to the cell.

Nothing here knows a colour. A piece names a part of the style sheet, and the widget turns that into a style.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from ...model.text.visible import one_line
from .card_summary import Facts
from .glyphs import Glyphs

# Terminals disagree on the width of joined emoji. Without joiners, presentation marks and skin tones each sign
# has a width of its own that all of them agree on. A soft hyphen takes a cell in some and none in others.
_UNSTEADY = re.compile("[\u00ad\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
_FLAGS = re.compile("[\U0001f1e6-\U0001f1ff]")


class Piece(NamedTuple):
    """A text with the name of its style."""

    text: str
    style: str


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


def steady(text: str) -> str:
    """The text with the same width in every terminal."""
    if text.isascii():
        return text
    return _FLAGS.sub(lambda flag: chr(ord(flag.group()) - 0x1F1E6 + ord("A")), _UNSTEADY.sub("", text))


def shown(text: str) -> str:
    """Any text on one line, safe to draw and with the same width in every terminal."""
    return steady(one_line(text))


def fit(text: str, width: int, glyphs: Glyphs) -> str:
    """The text cut to a width in cells, with a sign where something is cut off; never padded."""
    if width <= 0:
        return ""
    text = steady(text[: 4 * width + 64])
    if cell_len(text) <= width:
        return text
    if width <= cell_len(glyphs.ellipsis):
        return set_cell_size(text, width)
    return set_cell_size(text, width - cell_len(glyphs.ellipsis)).rstrip() + glyphs.ellipsis


def padded(pieces: list[Piece], width: int, style: str) -> tuple[Piece, ...]:
    """The pieces filled up with blanks to exactly a width."""
    used = sum(cell_len(piece.text) for piece in pieces)
    return (*pieces, Piece(" " * (width - used), style)) if used < width else tuple(pieces)


def render_card(
    facts: Facts, width: int, flags: Flags, glyphs: Glyphs
) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """A card's two lines, each exactly `width` cells wide."""
    ground = "focus" if flags.focused and flags.active else "resting" if flags.focused else "card"
    if flags.carried:
        ground = "carried"
    bar = glyphs.focus if flags.focused else " "
    mark = glyphs.mark if flags.marked else " "
    title_style = f"title-{ground}" if facts.is_open else f"quiet-{ground}"
    bar_style = f"bar-{ground}" if flags.focused else f"quiet-{ground}"
    first = [Piece(bar, bar_style), Piece(mark if flags.marked else "", f"mark-{ground}")]
    first.append(Piece(glyphs.sign(facts.sign) + " ", f"{facts.sign}-{ground}"))
    room = width - sum(cell_len(piece.text) for piece in first)
    if room <= 0:
        return _narrow(bar, width, ground), _narrow(bar, width, ground)
    first.append(Piece(fit(facts.title, room, glyphs), title_style))
    indent = Piece(" " * (3 if flags.marked else 2), f"quiet-{ground}")
    second = [Piece(bar, bar_style), indent]
    room = width - 1 - len(indent.text)
    if flags.kept:
        word = fit("not in the filter", room, glyphs)
        second.append(Piece(word, f"warning-{ground}"))
        room -= cell_len(word)
    second.extend(_fact_pieces(facts, room, flags.kept, ground, glyphs))
    return padded(first, width, f"quiet-{ground}"), padded(second, width, f"quiet-{ground}")


def _fact_pieces(facts: Facts, room: int, started: bool, ground: str, glyphs: Glyphs) -> list[Piece]:
    """As many facts as there is room for; a long one that has half its words in sight is cut, not left out."""
    pieces: list[Piece] = []
    gap = cell_len(glyphs.separator)
    # Only the first, most urgent fact may be long: it leaves room for a short one after it.
    for fact in facts.facts:
        lead = gap if (pieces or started) else 0
        size = cell_len(steady(fact.text))
        if lead + size > room and room - lead < min(size, 12):
            break
        if lead:
            pieces.append(Piece(glyphs.separator, f"quiet-{ground}"))
        text = fit(fact.text, room - lead, glyphs)
        pieces.append(Piece(text, f"{fact.tone}-{ground}"))
        room -= lead + cell_len(text)
    return pieces


def _narrow(bar: str, width: int, ground: str) -> tuple[Piece, ...]:
    return padded([Piece(bar[:width], f"bar-{ground}")] if width > 0 else [], width, f"quiet-{ground}")


def render_heading(title: str, count: str, width: int, glyphs: Glyphs) -> tuple[Piece, ...]:
    """The heading of a group: its title, a rule, and how many it has."""
    title = one_line(title)
    tail = f" {count} " if count else " "
    name = fit(title, width - 3 - cell_len(tail), glyphs)
    rule = width - cell_len(name) - cell_len(tail) - 2
    if not name or rule < 0:
        return padded([Piece(fit(" " + title, width, glyphs), "heading")], width, "heading")
    return (
        Piece(f" {name} ", "heading"),
        Piece(glyphs.rule * rule, "rule"),
        Piece(tail, "heading-count"),
    )


def render_border(
    title: str, note: str, width: int, active: bool, top: bool, glyphs: Glyphs, tone: str = ""
) -> tuple[Piece, ...]:
    """The upper or lower border of a column, with a title at its left and a note at its right."""
    title = one_line(title)
    style = "border-active" if active else "border"
    left, right = glyphs.corners[0:2] if top else glyphs.corners[2:4]
    inner = width - 2
    if inner <= 0:
        return (Piece(" " * max(0, width), style),)
    note = f" {note} " if note else ""
    if cell_len(note) > inner:
        note = ""
    name = fit(title, inner - cell_len(note) - 2, glyphs) if title else ""
    name = f" {name} " if name else ""
    rest = inner - cell_len(name) - cell_len(note)
    lead = glyphs.horizontal if name and rest > 0 else ""
    line = glyphs.horizontal * (rest - len(lead))
    return (
        Piece(left + lead, style),
        Piece(name, "column-title-active" if active else "column-title"),
        Piece(line, style),
        Piece(note, tone or ("count-active" if active else "count")),
        Piece(right, style),
    )

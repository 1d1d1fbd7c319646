"""Drawing a card, a heading or a border as spans of text: pure, and exact to the cell.

Nothing here knows a colour: a span has the name of a look, and the widget turns that into a style.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len

from ...model.text.visible import one_line
from .card_summary import Fact, Facts
from .glyphs import Glyphs
from .spans import Span, padded, width_of, wrap
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


MOST_TITLE_ROWS, MOST_FACT_ROWS = 3, 3
"""Rows of a title, and of what else there is to say, where there is room for them."""


class Size(NamedTuple):
    """Lines of a card: of its title, and of what else there is to say; with none of these it has one line."""

    title: int = 1
    facts: int = 1

    @property
    def lines(self) -> int:
        """All of them."""
        return self.title + self.facts


def room_of(width: int) -> int:
    """Cells for a title in a card of a width: beside the bar, the sign and a blank."""
    return width - 3


def wanted_size(facts: Facts, width: int) -> Size:
    """The lines in which little of a card is cut: at most three for its title, and three for what else there is."""
    room = room_of(width)
    rows = 1 if cell_len(facts.title) <= room else len(_wrapped(facts.title, room, MOST_TITLE_ROWS))
    return Size(
        min(rows, MOST_TITLE_ROWS), _wanted_fact_rows([steady(one.text) for one in facts.facts], room)
    )


def _wanted_fact_rows(texts: Sequence[str], room: int) -> int:
    """As many as leave the first, most urgent fact whole, and another for what does not fit behind it."""
    gap = 3
    cells = sum(cell_len(text) + gap for text in texts) - gap
    if cells <= room:
        return 1
    first = _wrapped(texts[0], room, MOST_FACT_ROWS)
    rest = cells - cell_len(texts[0])
    return min(MOST_FACT_ROWS, len(first) + (len(texts) > 1 and cell_len(first[-1]) + rest > room))


def render_card(
    facts: Facts, width: int, flags: Flags, glyphs: Glyphs, lines: int = 2
) -> tuple[tuple[Span, ...], ...]:
    """A card's lines, each exactly `width` cells wide: its title first, at least one for what else there is to say."""
    ground = "focus" if flags.focused and flags.active else "resting" if flags.focused else "card"
    if flags.carried:
        ground = "carried"
    bar = glyphs.focus if flags.focused else " "
    indent = 3 if flags.marked else 2
    room = width - 1 - indent
    if room <= 0:
        return tuple(_narrow(bar, width, ground) for _ in range(lines))
    plain, title_style = f"quiet-{ground}", f"title-{ground}" if facts.is_open else f"quiet-{ground}"
    bar_span = (bar, f"bar-{ground}" if flags.focused else plain)
    sign = [(glyphs.sign(facts.sign) + " ", f"{facts.sign}-{ground}")]
    if flags.marked:
        sign.insert(0, (glyphs.mark, f"mark-{ground}"))
    titles = _title_rows(facts.title, room, max(1, lines - 1), glyphs)
    rows: list[list[Span]] = [[(title, title_style)] for title in titles]
    if lines == 1:
        rows[0] += _beside(facts, room - cell_len(titles[0]), ground, glyphs)
    else:
        said = _fact_rows(facts, room, lines - len(titles), flags, ground, glyphs)
        rows += [*said, *([] for _ in range(lines - len(titles) - len(said)))]
    lead = [(" " * indent, plain)]
    return tuple(
        padded([bar_span, *(lead if number else sign), *row], width, plain) for number, row in enumerate(rows)
    )


def _title_rows(title: str, room: int, most: int, glyphs: Glyphs) -> list[str]:
    """A title in as many rows as it needs, at most `most`; the last is cut."""
    if most == 1 or cell_len(title) <= room:
        return [fit(title, room, glyphs)]
    rows = _wrapped(title, room, most)
    if len(rows) <= most:
        return rows
    return [*rows[: most - 1], fit(" ".join(rows[most - 1 :]), room, glyphs)]


def _wrapped(title: str, room: int, most: int) -> list[str]:
    """A title in rows; of a very long one as many as show that it is cut."""
    rows = wrap([(title[: 4 * room * (most + 1)], "")], room)
    return ["".join(text for text, _ in row).strip() for row in rows]


def _beside(facts: Facts, room: int, ground: str, glyphs: Glyphs) -> list[Span]:
    """What is most urgent, behind the title of a card that has one line."""
    said = [fact for fact in facts.facts[:1] if fact.tone != "plain"]
    if not said or room < 12:
        return []
    return [(fit(f"  {said[0].text}", room, glyphs), f"{said[0].tone}-{ground}")]


def _fact_rows(
    facts: Facts, room: int, most: int, flags: Flags, ground: str, glyphs: Glyphs
) -> list[list[Span]]:
    """As many facts as there is room for; a long one wraps as far as it leaves a row to the next, then it is cut."""
    gap = cell_len(glyphs.separator)
    known = (*([Fact("not in the filter", "warning")] if flags.kept else []), *facts.facts)
    rows: list[list[Span]] = [[]]
    left = room
    for fact, after in zip(known, [*known[1:], None], strict=False):
        size = cell_len(steady(fact.text))
        if rows[-1] and gap + size > left and len(rows) < most:
            rows.append([])
            left = room
        lead = gap if rows[-1] else 0
        if lead + size > left and left - lead < min(size, 12):
            break
        if lead:
            rows[-1].append((glyphs.separator, f"quiet-{ground}"))
        # What is too long begins a row where there is one, and leaves the last one to what is said next.
        first, *more = _title_rows(steady(fact.text), left - lead, most - len(rows) + 1, glyphs)
        behind = gap + cell_len(steady(after.text)) if after is not None else 0
        if more and cell_len(more[-1]) + behind > room and len(rows) + len(more) == most:
            first, *more = _title_rows(steady(fact.text), left - lead, most - len(rows), glyphs)
        rows[-1].append((first, f"{fact.tone}-{ground}"))
        left -= lead + cell_len(first)
        for text in more:
            rows.append([(text, f"{fact.tone}-{ground}")])
            left = room - cell_len(text)
    return rows


def render_folded(
    endings: tuple[int, int], key: str, width: int, flags: Flags, glyphs: Glyphs
) -> tuple[Span, ...]:
    """One line for the finished cards of a group, with the key that shows them; done and dropped are counted apart."""
    done, dropped = endings
    parts = [f"{done} done"] * bool(done) + [f"{dropped} dropped"] * bool(dropped)
    bar, ground = (glyphs.focus, "-focus" if flags.active else "-resting") if flags.focused else (" ", "")
    quiet = f"quiet{ground}"
    spans = [(bar, f"bar{ground}" if ground else quiet), (f"{glyphs.sign('done')} ", f"done{ground}")]
    spans.append((fit(", ".join(parts), width - 3, glyphs), quiet))
    for hint in (f"  ({key} shows them)", f"  ({key})") if key else ():
        if width_of(spans) + cell_len(hint) <= width:
            spans.append((hint, f"hint{ground}"))
            break
    return padded(spans, width, quiet) if width > 3 else padded([], width, quiet)


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

"""The rows of a form: a heading, a label, and what is in the field, as a person reads it; knows no widgets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...model.playbook.outline import stage_word
from ...model.text.visible import one_line
from ..draw.glyphs import WORDS
from ..draw.spans import Line, Span, fold, line, width_of, wrap
from ..draw.text import clip
from .fields import Field

MARGIN = 4
"""Cells before everything: the cursor, and the sign of a change."""
_GAP = "  "
_LONG_CHOICE = 20
"""Characters from which choices stand below each other where they do not fit beside each other."""
_FORMS = {
    "lines": "; one on each line",
    "pairs": "; one name = value on each line",
    "checks": "; one on each line, [x] before those that are done",
    "section": "; Enter opens one, or a new one",
    "kept": "; Enter opens the file",
    "unread": "; Enter opens the file",
    "more": "; Enter shows them, or folds them again",
}
"""What is said of a kind of field, behind what the field is."""


class Columns(NamedTuple):
    """Where the parts of a row stand."""

    heading: int
    label: int
    width: int

    @classmethod
    def of(cls, headings: Sequence[str], labels: Sequence[str], width: int) -> Columns:
        """Columns for a width; where there is little, headings are left out and labels are cut."""
        heading = max(map(len, headings), default=0) + 1 if width >= 50 and any(headings) else 0
        return cls(heading, min(max(map(len, labels), default=0) + 3, max(8, width // 3)), width)

    @property
    def value(self) -> int:
        """Cells before the value, behind the margin."""
        return self.heading + self.label

    @property
    def room(self) -> int:
        """Cells for the value."""
        return max(1, self.width - 2 - self.value)


class State(NamedTuple):
    """What is in a field, and how it is drawn."""

    text: str
    spoken: str = ""
    """The text as a person says it, where that is something else."""
    is_current: bool = False
    is_changed: bool = False
    rows: int = 1
    """Rows that a text may take while one is elsewhere."""
    at: int = 0
    """Of the choices that are ticked, the one that the cursor is on."""


def field_rows(one: Field, state: State, heading: str, columns: Columns) -> list[Line]:
    """A field: its first row has the heading and the label."""
    is_needed = one.shape.is_needed and one.is_typed
    look = "strong" if state.is_current else "label"
    mark = " *" if is_needed else ""
    name = clip(one.label, columns.label - 1 - len(mark))
    lead: list[Span] = [("~ " if state.is_changed else "  ", "warning")]
    if columns.heading:
        lead.append((f"{heading:{columns.heading}}", "heading"))
    lead += [(name, look), (mark, "warning"), (" " * (columns.label - len(name) - len(mark)), "")]
    rows = value_rows(one, state, columns.room)
    indent = " " * (2 + columns.value)
    return [line(*(lead if number == 0 else [indent]), *spans) for number, spans in enumerate(rows)]


def value_rows(one: Field, state: State, room: int) -> list[tuple[Span, ...]]:
    """What is in a field, in rows."""
    if one.kind == "more":
        return [((clip(state.spoken, room), "quiet"),)]
    if one.differs and not state.text and not state.is_changed:
        return [(("they differ", "quiet"),)]
    if one.is_ticked:
        return _ticked(one, state, room)
    if one.choices:
        return _chosen(one, state, room)
    if state.is_current and one.is_typed:
        return [()]
    return _text(one, state, room)


def _text(one: Field, state: State, room: int) -> list[tuple[Span, ...]]:
    look = "strong" if state.is_changed else ""
    if not state.text.strip():
        return [(("–", "quiet"),)]
    if not one.is_long:
        words = one_line((state.spoken or state.text)[:500].replace("\n", ", "))
        if state.rows == 1 or width_of([(words, "")]) <= room:
            return [((clip(words, room), look),)]
        folded = fold(words, room)
        if len(folded) > state.rows:
            rest = " ".join(map(str.strip, folded[state.rows - 1 :]))
            folded = [*folded[: state.rows - 1], clip(rest, room)]
        return [((text, look),) for text in folded]
    lines = [text for text in state.text.split("\n") if text.strip()]
    most = 4 * room * state.rows
    rows = [(at, row) for at, text in enumerate(lines) for row in fold(one_line(text[:most]), room)]
    if len(rows) <= state.rows:
        return [((text, look),) for _, text in rows]
    shown, (last, _) = rows[: state.rows - 1], rows[state.rows - 1]
    rest = len(lines) - last - 1
    more = f" (+{rest} lines)" if rest > 1 else " (+1 line)" if rest else ""
    cut = clip(" ".join(text.strip() for at, text in rows[state.rows - 1 :] if at == last), room - len(more))
    return [*(((text, look),) for _, text in shown), ((cut, look), (more, "quiet"))]


def words_of(one: Field, choice: str) -> str:
    """A choice as a person says it."""
    return one.words.get(choice) or WORDS.get(choice) or stage_word(choice.replace("-", " "))


def _chosen(one: Field, state: State, room: int) -> list[tuple[Span, ...]]:
    """All choices with a sign before the one that is taken; a text that is none of them behind."""
    text = state.text.strip().casefold()
    known = [choice.casefold() == text for choice in one.choices]
    cells: list[list[Span]] = []
    for choice, is_taken in zip(one.choices, known, strict=True):
        look = ("key" if state.is_current else "strong" if state.is_changed else "") if is_taken else "quiet"
        cells.append([("● " if is_taken else "○ ", look), (words_of(one, choice), look)])
    if text and not any(known):
        cells.append([(state.text.strip(), "wrong")])
    for gap in (_GAP, " "):
        if sum(map(width_of, cells)) + len(gap) * (len(cells) - 1) <= room:
            return [tuple(span for at, cell in enumerate(cells) for span in [(gap if at else "", ""), *cell])]
    if max(map(width_of, cells)) > _LONG_CHOICE:
        return [((clip("".join(text for text, _ in cell), room), cell[0][1]),) for cell in cells]
    rows: list[list[Span]] = [[]]
    for cell in cells:
        if rows[-1] and width_of(rows[-1]) + len(_GAP) + width_of(cell) > room:
            rows.append([])
        rows[-1] += [(_GAP if rows[-1] else "", ""), *cell]
    return [tuple(row) for row in rows]


def _ticked(one: Field, state: State, room: int) -> list[tuple[Span, ...]]:
    """The choices below each other with those that are taken marked; one line where nothing is being ticked."""
    taken = items_of(one, state.text)
    if not state.is_current and one.kind == "list":
        return [((clip(", ".join(taken) or "–", room), "" if taken else "quiet"),)]
    rows: list[tuple[Span, ...]] = []
    for number, choice in enumerate(one.choices):
        here = state.is_current and number == state.at
        mark = "[x] " if choice in taken else "[ ] "
        look = "key" if here else "" if choice in taken else "label"
        rows.append(((mark, look), (clip(one_line(choice), room - 4), look)))
    return rows


def items_of(one: Field, text: str) -> list[str]:
    """The items of a list, as they stand in its text."""
    parts = text.replace(",", "\n").split("\n") if one.kind == "list" else text.split("\n")
    return [part for part in map(str.strip, parts) if part]


def help_rows(one: Field, columns: Columns) -> list[Line]:
    """What a field is, with its key in the file."""
    unit = f" [{one.shape.unit}]" if one.shape.unit else ""
    offered = "" if one.choices else " · ".join(one.shape.choices)
    key = "" if one.kind == "more" else f"{one.name}: "
    how = "; Space ticks" if one.is_ticked else "; Space or an initial chooses" if one.choices else ""
    about = f"{key}{one.shape.description}{unit}{how or _FORMS.get(one.kind, '')}"
    about += f": {offered}" if offered else ""
    return below([(about, "hint")], columns)


def below(spans: Sequence[Span], columns: Columns) -> list[Line]:
    """Something said below a field's value, as wide as there is room for."""
    indent = " " * (2 + columns.value if columns.room >= 28 else 4)
    return [Line(row) for row in wrap(spans, columns.width, indent, indent)]

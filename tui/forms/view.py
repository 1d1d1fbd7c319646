"""The face of a form: all fields as drawn rows, and over the row that one is in a field to type into.

However many fields a form has, it is a handful of widgets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message
from textual.widgets import Input, TextArea

from ...model.plan.change import Path
from ...model.text.visible import one_line, visible
from ..draw.spans import Line, fold, line, wrap
from ..draw.text import clip
from ..widgets.field import TextField
from ..widgets.lines import LineView
from .controls import Around, choices, is_several, said_of
from .draft import Draft
from .fields import Field

_MARGIN = 4
"""Cells before a row's name: the cursor, and the sign of a change."""
_LONG_ROWS = 8
_FORMS = {
    "lines": "; one on each line",
    "pairs": "; one name = value on each line",
    "section": "; enter opens one, or a new one",
    "kept": "; enter opens the file",
    "unread": "; enter opens the file",
}
"""What is said of a kind of field, behind what the field is."""


class FieldInput(TextField):
    """An input in which space goes to the next choice where the choices are single words."""

    cycle: tuple[str, ...] = ()

    def on_key(self, event: events.Key) -> None:
        """The next choice instead of a blank."""
        if event.key == "space" and self.cycle:
            event.prevent_default()
            event.stop()
            known = self.value.strip().lower()
            at = self.cycle.index(known) if known in self.cycle else -1
            self.value = self.cycle[(at + 1) % len(self.cycle)]
            self.cursor_position = len(self.value)


class Rows(LineView):
    """The drawn rows. They never have the focus: the field above them has it."""

    @dataclass
    class Scrolled(Message):
        """The rows have moved under the field."""

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The field goes along."""
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.Scrolled())

    def reveal(self, first: int, last: int) -> None:
        """Scrolls by as little as shows some rows; the first of them before the last."""
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        target = min(max(top, last - height + 1), first)
        if target != top:
            self.scroll_to(y=target, animate=False, force=True)


@dataclass
class _Place:
    """Where the current field stands among the rows."""

    row: int = 0
    last: int = 0
    column: int = 0
    long_rows: int = 0


class FormView(Container, can_focus=True):
    """Shows a draft, and lets one field of it be typed into. `notes` stand below their fields."""

    DEFAULT_CSS = """
    FormView {
        height: 1fr;
        & FieldInput, & TextArea { position: absolute; display: none; }
        & TextArea { background: $field; text-style: $field-style; &:focus { background-tint: $field 0%; } }
    }
    """

    @dataclass
    class Typed(Message):
        """The text of the current field is another one."""

    @dataclass
    class Opened(Message):
        """What stands in the current field has to be looked at elsewhere."""

    def __init__(self, draft: Draft, around: Around) -> None:
        super().__init__()
        self.draft = draft
        self.around = around
        self.fields: list[Field] = list(draft.fields.values())
        self.current = 0
        self.notes: Mapping[Path, str] = {}
        self._shown = ""
        """The current text as the input was given it: without control characters."""
        self._original = ""
        self._seen = ""
        """The text that the draft had of the current field when it was shown, or typed, last."""
        self._place = _Place()
        self._cycles = [self._cycle(one) for one in self.fields]

    def compose(self) -> ComposeResult:
        """Rows, and the input; the larger one for long texts is made when it is first needed."""
        yield Rows(focusable=False)
        yield FieldInput()

    def _cycle(self, one: Field) -> tuple[str, ...]:
        if is_several(one) or one.shape.control not in ("choice", "flag"):
            return ()
        words = tuple(item.key for item in choices(one, self.around))
        return () if any(" " in word for word in words) else words

    @property
    def field(self) -> Field:
        """The field that one is in."""
        return self.fields[self.current]

    # ---- moving

    def go_to(self, index: int) -> None:
        """Goes into a field; the ends are ends."""
        self.current = max(0, min(index, len(self.fields) - 1))
        self._original = self._seen = self.draft.texts[self.field.path]
        if not self.field.is_typed:
            self._open_none()
        elif self.field.is_long:
            self._shown = visible(self._original)
            self._open_long()
        else:
            self._shown = one_line(self._original)
            self._open_short()
        self.redraw()

    def take_over(self) -> None:
        """Shows the draft again; where the current field still says the same, the cursor stays in it."""
        if self.draft.texts[self.field.path] == self._seen:
            self.redraw()
        else:
            self.go_to(self.current)

    def go_to_path(self, path: Path) -> None:
        """Goes into the field of a path; of the nearest one that holds it."""
        for length in range(len(path), 0, -1):
            for index, one in enumerate(self.fields):
                if one.path == path[:length]:
                    self.go_to(index)
                    return

    def _open_none(self) -> None:
        """Takes the keys itself: there is nothing to type into."""
        for editor in (*self.query(TextArea), *self.query(FieldInput)):
            editor.display = False
        self.focus()

    def _open_short(self) -> None:
        editor = self.query_one(FieldInput)
        for other in self.query(TextArea):
            other.display = False
        editor.cycle = self._cycles[self.current]
        with self.prevent(Input.Changed):
            editor.value = self._shown
        editor.cursor_position = len(self._shown)
        editor.display = True
        editor.focus()

    def _open_long(self) -> None:
        self.query_one(FieldInput).display = False
        found = self.query(TextArea)
        if found:
            editor = found.first()
        else:
            editor = TextArea(compact=True, soft_wrap=True, tab_behavior="focus", highlight_cursor_line=False)
            self.mount(editor)
        with self.prevent(TextArea.Changed):
            editor.load_text(self._shown)
        editor.display = True
        editor.focus()

    # ---- typing

    @on(Input.Changed)
    def _short_typed(self, event: Input.Changed) -> None:
        event.stop()
        self._take(event.value)

    @on(TextArea.Changed)
    def _long_typed(self, event: TextArea.Changed) -> None:
        event.stop()
        if self.field.is_long:
            self._take(event.text_area.text)

    def _take(self, text: str) -> None:
        self._seen = self.draft.texts[self.field.path] = self._original if text == self._shown else text
        self.redraw()
        self.post_message(self.Typed())

    def put(self, text: str) -> None:
        """Writes a text into the current field, as if it had been typed."""
        self.draft.texts[self.field.path] = text
        self.go_to(self.current)
        self.post_message(self.Typed())

    @on(LineView.Chosen)
    def _clicked(self, event: LineView.Chosen) -> None:
        event.stop()
        if isinstance(event.key, int):
            is_again = event.key == self.current
            self.go_to(event.key)
            if is_again and not self.field.is_typed:
                self.post_message(self.Opened())

    # ---- drawing

    def redraw(self) -> None:
        """Draws the rows again, and puts the input over its own."""
        rows = self.query_one(Rows)
        rows.show(self._rows, key=self.current)
        self.call_after_refresh(self._put_editor)

    def on_resize(self) -> None:
        """The input's place follows from the width."""
        self.call_after_refresh(self._put_editor)

    @on(Rows.Scrolled)
    def _follow(self) -> None:
        self._put_editor()

    def _rows(self, width: int) -> list[Line]:
        column = min(max(len(one.name) for one in self.fields), max(8, width // 3))
        rows: list[Line] = []
        for index, one in enumerate(self.fields):
            is_current = index == self.current
            if is_current:
                self._place = _Place(len(rows), len(rows), column + _MARGIN + 1)
            rows.append(self._row(index, one, column, width))
            if is_current:
                rows.extend(self._below(one, width))
                self._place.last = len(rows) - 1
            note = self.notes.get(one.path)
            if note:
                rows.extend(line(("    ! ", "wrong"), (row, "wrong")) for row in fold(note, width - 6))
        return rows

    def _row(self, index: int, one: Field, column: int, width: int) -> Line:
        text = self.draft.texts[one.path]
        first, *others = text.split("\n") if text else [""]
        more = f" (+{len(others)} lines)" if any(other.strip() for other in others) else ""
        value = clip(one_line(first[:500]), width - column - 4 - len(more))
        if index == self.current and one.is_long:
            value, more = "", ""
        elif one.differs and not text and index != self.current:
            value = "(they differ)"
        changed = self.draft.is_touched(one.path)
        look = "strong" if changed else ("" if text or index == self.current else "quiet")
        name = clip(one.name, column)
        return line(
            ("* " if changed else "  ", "warning"),
            (f"{name:{column}} ", look),
            value,
            (more, "quiet"),
            key=index,
        )

    def _below(self, one: Field, width: int) -> list[Line]:
        rows: list[Line] = []
        if one.is_long:
            height = self.query_one(Rows).scrollable_content_region.height
            self._place.long_rows = max(2, min(_LONG_ROWS, height - 3))
            rows.extend(line() for _ in range(self._place.long_rows))
        said, look = said_of(one, self.draft.texts[one.path], self.around)
        indent = "  " + " " * 4
        if said:
            rows.extend(Line(row) for row in wrap([(said, look)], width, indent, indent))
        unit = f" [{one.shape.unit}]" if one.shape.unit else ""
        form = _FORMS.get(one.kind, "")
        offered = " · ".join(one.shape.choices)
        differs = "they differ; " if one.differs else ""
        about = f"{differs}{one.shape.description}{unit}{form}" + (f": {offered}" if offered else "")
        rows.extend(Line(row) for row in wrap([(about, "quiet")], width, indent, indent))
        return rows

    def _put_editor(self) -> None:
        """Puts the input over its row; out of sight where the row is out of sight."""
        if not self.query(Rows):
            # The form has gone meanwhile.
            return
        rows, place = self.query_one(Rows), self._place
        rows.reveal(place.row, place.last)
        if not self.field.is_typed:
            return
        y = place.row - rows.scroll_offset.y + (1 if self.field.is_long else 0)
        area = rows.scrollable_content_region
        editor = self.query(TextArea).first() if self.field.is_long else self.query_one(FieldInput)
        x = _MARGIN + 2 if self.field.is_long else place.column
        room = area.height - y if self.field.is_long else 1
        editor.styles.offset = (x, y)
        editor.styles.width = max(4, area.width - x)
        editor.styles.height = max(1, min(place.long_rows, room)) if self.field.is_long else 1
        editor.visible = 0 <= y < area.height

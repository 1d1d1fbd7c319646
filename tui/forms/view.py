"""The face of a form: all fields as drawn rows, and over the row that one is in a field to type into.

However many fields a form has, it is a handful of widgets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message
from textual.widgets import Input, TextArea

from ...model.plan.change import Path
from ...model.text.visible import one_line, visible
from ..draw.spans import Line
from ..widgets.field import TextField
from ..widgets.lines import LineView
from .controls import Around, choices, is_several
from .draft import Draft
from .fields import Field
from .layout import MORE, Layout, across, vertical
from .page import Page, Spot
from .ticking import Ticking

_SIDEWAYS = {"left": -1, "right": 1}
"""Keys that lead to the other column where there is no text to move in."""


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
    """The drawn rows. They never have the focus: the field above them has it; where one is they say themselves."""

    MARKS: ClassVar[tuple[str, str]] = ("", "")

    @dataclass
    class Scrolled(Message):
        """The rows have moved under the field."""

    @dataclass
    class Clicked(Message):
        """A cell of a row was clicked."""

        row: int
        cell: int

    def on_click(self, event: events.Click) -> None:
        """Says where."""
        self.post_message(self.Clicked(event.y + self.scroll_offset.y, event.x))

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


class _LongText(TextArea):
    """A text of several lines that is drawn again when its width changes, also where it keeps its height."""

    def on_resize(self) -> None:
        """Textual has wrapped it for the new width, and draws it only if that changed how many lines there are."""
        self.refresh()


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
        """What is in the current field has to be looked at elsewhere."""

    def __init__(self, draft: Draft, around: Around, layout: Layout) -> None:
        super().__init__()
        self.draft = draft
        self.around = around
        self.layout_of_fields = layout
        self.fields: list[Field] = layout.shown(unfolded=False)
        """Those that can be gone into now."""
        self.current = 0
        self.notes: Mapping[Path, str] = {}
        self.completions: tuple[str, ...] = ()
        """Paths that begin as the one that is being typed."""
        self._shown = ""
        """The current text as the input was given it: without control characters."""
        self._original = ""
        self._seen = ""
        """The text that the draft had of the current field when it was shown, or typed, last."""
        self.page = Page(self.fields, 0, layout, draft, around, {}, (), 0, 0, 0)
        """What was drawn last."""
        self._ticking = Ticking()

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

    @property
    def takes_text(self) -> bool:
        """Whether a text is typed into the field that one is in."""
        return self.field.is_typed and not self.field.choices

    def text_of(self, one: Field) -> str:
        """What is in a field."""
        return self.draft.texts.get(one.path, "")

    @property
    def is_unfolded(self) -> bool:
        """Whether the rare fields are shown."""
        return bool(self.layout_of_fields.more) and self.fields[-1] is not MORE

    def fold(self, *, unfolded: bool) -> None:
        """Shows the rare fields, or folds them."""
        here = self.field
        self.fields = self.layout_of_fields.shown(unfolded=unfolded)
        self.current = self.fields.index(here) if here in self.fields else self.fields.index(MORE)

    # ---- moving

    def go_to(self, index: int) -> None:
        """Goes into a field; the ends are ends."""
        self.current = max(0, min(index, len(self.fields) - 1))
        self._original = self._seen = self.text_of(self.field)
        self._ticking = Ticking()
        self.completions = ()
        if not self.takes_text:
            self._open_none()
        elif self.field.is_long:
            self._shown = visible(self._original)
            self._open_long()
        else:
            self._shown = one_line(self._original)
            self._open_short()
        self.redraw()

    def go_vertically(self, step: int) -> None:
        """To the field above or below in the column."""
        self.go_to(vertical(self.page.bands, self.current, step))

    def beside(self, towards: int = 0) -> int | None:
        """The field in the other column, at the left (-1), at the right (1) or at either side; None without one."""
        tops = {index: spot.row for index, spot in self.page.spots.items()}
        return across(self.page.bands, self.current, tops, towards) if tops else None

    def go_across(self, towards: int = 0) -> bool:
        """To the field in the other column; whether there is one."""
        index = self.beside(towards)
        if index is not None:
            self.go_to(index)
        return index is not None

    def take_over(self) -> None:
        """Shows the draft again; where the current field still says the same, the cursor stays in it."""
        if self.text_of(self.field) == self._seen:
            self.redraw()
        else:
            self.go_to(self.current)

    def go_to_path(self, path: Path) -> None:
        """Goes into the field of a path; of the nearest one that holds it, which may be folded."""
        if any(one.path == path[: len(one.path)] for one in self.layout_of_fields.more):
            self.fold(unfolded=True)
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
        editor.cycle = self._cycle(self.field)
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
            editor = _LongText(
                compact=True, soft_wrap=True, tab_behavior="focus", highlight_cursor_line=False
            )
            self.mount(editor)
        with self.prevent(TextArea.Changed):
            editor.load_text(self._shown)
        editor.display = True
        editor.focus()

    # ---- typing

    @on(Input.Changed)
    def _short_typed(self, event: Input.Changed) -> None:
        event.stop()
        if self.takes_text and not self.field.is_long:
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

    def _set(self, text: str) -> None:
        """Takes a choice; the cursor stays among the choices."""
        self._seen = self.draft.texts[self.field.path] = text
        self.redraw()
        self.post_message(self.Typed())

    def on_key(self, event: events.Key) -> None:
        """Chooses among what is shown in the field; where there is no text, Left and Right lead across."""
        if self.field.choices:
            if self._ticking.key(event, self.field, self.text_of(self.field), self._set):
                event.stop()
                event.prevent_default()
                self.redraw()
        elif event.key in _SIDEWAYS and not (self.takes_text and self.text_of(self.field)):
            # Before the input, which has no use for the key, sees it.
            event.stop()
            event.prevent_default()
            self.go_across(_SIDEWAYS[event.key])

    def part(self) -> str:
        """The part of the text that the cursor is at the end of: in a field of paths, the path."""
        if not self.takes_text:
            return ""
        if not self.field.is_long:
            return self.query_one(FieldInput).value
        editor = self.query(TextArea).first()
        row, column = editor.cursor_location
        return editor.document.get_line(row)[:column]

    def show_completions(self, typed: str, found: tuple[str, ...]) -> None:
        """Shows paths that begin as what was typed, if that is still there."""
        if found and typed == self.part():
            self.completions = found
            self.redraw()

    def complete(self) -> bool:
        """Takes the first path that begins as what is typed; whether there is one."""
        if not self.completions:
            return False
        typed, found = self.part(), self.completions[0]
        self.completions = ()
        if self.field.is_long:
            self.query(TextArea).first().insert(found[len(typed) :])
        else:
            editor = self.query_one(FieldInput)
            editor.value = found
            editor.cursor_position = len(found)
        return True

    @on(Rows.Clicked)
    def _clicked(self, event: Rows.Clicked) -> None:
        event.stop()
        index = self.page.field_at(event.row, event.cell)
        if index is not None:
            is_again = index == self.current
            self.go_to(index)
            if not self.field.is_typed and (is_again or self.field is MORE):
                self.post_message(self.Opened())

    # ---- drawing

    def redraw(self) -> None:
        """Draws the rows again, and puts the input over its own."""
        rows = self.query_one(Rows)
        rows.show(self._rows)
        self.call_after_refresh(self._put_editor)

    def on_resize(self) -> None:
        """The input's place follows from the width."""
        self.call_after_refresh(self._put_editor)

    @on(Rows.Scrolled)
    def _follow(self) -> None:
        self._put_editor()

    def _page(self, width: int) -> Page:
        """What is drawn now."""
        return Page(
            self.fields,
            self.current,
            self.layout_of_fields,
            self.draft,
            self.around,
            self.notes,
            self.completions,
            self._ticking.at,
            width,
            self.query_one(Rows).scrollable_content_region.height,
        )

    def _rows(self, width: int) -> list[Line]:
        self.page = self._page(width)
        return self.page.rows()

    def _put_editor(self) -> None:
        """Puts the input over its row; out of sight where the row is out of sight."""
        if not self.query(Rows):
            # The form has gone meanwhile.
            return
        rows, spot = self.query_one(Rows), self.page.spots.get(self.current, Spot())
        rows.reveal(spot.row, spot.last)
        if not self.takes_text:
            return
        y = spot.row - rows.scroll_offset.y
        area = rows.scrollable_content_region
        editor = self.query(TextArea).first() if self.field.is_long else self.query_one(FieldInput)
        room = area.height - y if self.field.is_long else 1
        # A text area has a blank cell at its left.
        x = spot.value - (1 if self.field.is_long else 0)
        editor.styles.offset = (x, y)
        editor.styles.width = max(4, min(spot.end, area.width) - x)
        editor.styles.height = max(1, min(self.page.long_rows, room)) if self.field.is_long else 1
        editor.visible = 0 <= y < area.height

"""A scrolling view that draws rows, not widgets: the cost of a key does not depend on how many there are.

What is shown is a function from a width to rows, so that a resize wraps again. The cursor stops at the rows that
have a key; where there are none, the same keys scroll.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ..draw.looks import OWN
from ..draw.spans import Row, Span, line
from .themed import Themed

Maker = Callable[[int], Sequence[Row]]
"""Rows for a width in cells."""
_GOES_ON = 6
"""Lines of one row that are brought into sight together."""


class LineView(ScrollView, Themed, can_focus=True):  # pyright: ignore[reportIncompatibleMethodOverride]  as Textual has it
    """Rows with a cursor. It has no keys of its own: the screen that it is on moves it."""

    GROUND: ClassVar[str] = OWN
    MARKS: ClassVar[tuple[str, str]] = ("> ", "  ")
    """What is before the row under the cursor, and before the others; of one width."""
    DEFAULT_CSS = """
    LineView { height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; }
    """

    @dataclass
    class Moved(Message):
        """The cursor is on another row, or the row says something else."""

        view: LineView

    @dataclass
    class Chosen(Message):
        """A row with a key was chosen."""

        view: LineView
        key: Hashable

        @property
        def control(self) -> LineView:
            """The view, for handlers that select by it."""
            return self.view

    def __init__(
        self,
        make: Maker | None = None,
        *,
        classes: str = "",
        focusable: bool = True,
        fills: bool = False,
        follows: bool = True,
    ) -> None:
        super().__init__(classes=classes)
        self.can_focus = focusable
        self.lines: Sequence[Row] = ()
        self.cursor = -1
        """The row that the cursor is on; -1 where no row has a key."""
        self._make: Maker = make or (lambda _: ())
        self._follows = follows
        """Whether other rows are scrolled to the cursor; a text that is read begins at its top."""
        self._fills = fills
        """Whether the rows depend on the height as well, as those of a chart do."""
        self._kept: Hashable = None
        """Where the cursor goes as soon as there is room for rows."""
        self._made_for = (0, 0)
        """The width, and the height where that matters, that the rows were made for."""

    # ---- what is shown

    @property
    def key(self) -> Hashable:
        """The key of the row under the cursor; None where there is none."""
        return self.lines[self.cursor].key if 0 <= self.cursor < len(self.lines) else None

    @property
    def key_in_sight(self) -> Hashable:
        """The key of the row under the cursor, where that row is in sight; None elsewhere."""
        top = self.scroll_offset.y
        return self.key if top <= self.cursor < top + self.scrollable_content_region.height else None

    def show(self, make: Maker, *, key: Hashable = None) -> None:
        """Shows other rows; the cursor goes to a key, or stays where it is as far as that is still there."""
        self._make = make
        self._lay_out(key if key is not None else self.key)

    def go_to(self, key: Hashable) -> None:
        """Puts the cursor on the row with a key, where there is one."""
        at = next((index for index, one in enumerate(self.lines) if one.key == key), None)
        if at is not None:
            self._put_cursor(at)

    def _lay_out(self, key: Hashable) -> None:
        self._made_for, self._kept = self._room(), key
        width, before = self._made_for[0], self.cursor
        self.lines = self._make(width) if width > 0 else ()
        self.virtual_size = Size(self.scrollable_content_region.width, len(self.lines))
        self.cursor = self._nearest(key, before)
        if self._follows:
            self._reveal()
        self.refresh()
        self.post_message(self.Moved(self))

    def _nearest(self, key: Hashable, before: int) -> int:
        """The row with a key, else the row that has any and is next to a place; -1 where no row has one."""
        if key is not None:
            same = next((index for index, one in enumerate(self.lines) if one.key == key), None)
            if same is not None:
                return same
        count = len(self.lines)
        start = min(max(0, before), count - 1)
        around = (at for away in range(count) for at in (start - away, start + away))
        return next((at for at in around if 0 <= at < count and self.lines[at].key is not None), -1)

    def _room(self) -> tuple[int, int]:
        region = self.scrollable_content_region
        return region.width - len(self.MARKS[0]), region.height if self._fills else 0

    def on_resize(self) -> None:
        """Makes the rows again where they are for another size."""
        if self._room() != self._made_for:
            self._lay_out(self.key if self.lines else self._kept)
        elif not self._follows:
            # In another height the cursor may be in sight, or no longer.
            self.post_message(self.Moved(self))

    def watch_show_vertical_scrollbar(self) -> None:
        """Wraps again where the scroll bar takes a cell, or gives it back: that is no resize of the view."""
        self.on_resize()

    # ---- moving

    def moving(self) -> Mapping[str, Callable[[], None]]:
        """What the actions that move around do here."""
        return {
            "focus.up": lambda: self.step(-1),
            "focus.down": lambda: self.step(1),
            "focus.half_up": lambda: self.page(-1),
            "focus.half_down": lambda: self.page(1),
            "focus.first": lambda: self.edge(-1),
            "focus.last": lambda: self.edge(1),
        }

    def step(self, step: int) -> None:
        """To the next row with a key where that is in sight; else one row on."""
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        at = self.cursor + step
        while 0 <= at < len(self.lines) and self.lines[at].key is None:
            at += step
        if 0 <= at < len(self.lines) and top - 1 <= at <= top + height:
            self._put_cursor(at)
        else:
            self.scroll_to(y=top + step, animate=False, force=True)
            if not self._follows:
                # The cursor may have come into sight, or left it.
                self.post_message(self.Moved(self))

    def page(self, step: int) -> None:
        """Half a page on."""
        half = max(1, self.scrollable_content_region.height // 2)
        self.scroll_to(y=self.scroll_offset.y + step * half, animate=False, force=True)
        if self.cursor >= 0:
            at = self._nearest(None, max(0, min(self.cursor + step * half, len(self.lines) - 1)))
            self._put_cursor(at)

    def edge(self, step: int) -> None:
        """To the first or the last row."""
        at = self._nearest(None, 0 if step < 0 else len(self.lines) - 1)
        if at >= 0:
            self._put_cursor(at)
        self.scroll_to(y=0 if step < 0 else len(self.lines), animate=False, force=True)

    def choose(self) -> None:
        """Tells the screen which row was chosen."""
        if self.key is not None:
            self.post_message(self.Chosen(self, self.key))

    def watch_has_focus(self, has_focus: bool) -> None:  # noqa: FBT001  as Textual has it
        """The row under the cursor says whether keys go here."""
        super().watch_has_focus(has_focus)
        if self.cursor >= 0:
            self.refresh_line(self.cursor)

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there; a second one chooses."""
        at = event.y + self.scroll_offset.y
        if at < len(self.lines) and self.lines[at].key is not None:
            self._put_cursor(at)
            if event.chain == 2 or not self.can_focus:
                self.choose()

    def _put_cursor(self, at: int) -> None:
        before, self.cursor = self.cursor, at
        for row in (before, at):
            self.refresh_line(row)
        self._reveal()
        self.post_message(self.Moved(self))

    def _reveal(self) -> None:
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        if self.cursor < 0 or height <= 0:
            return
        last = self._end_of_row()
        # The rows above the first one with a key can only be reached by showing them with it.
        is_first = top > 0 and not any(one.key is not None for one in self.lines[: self.cursor])
        if self.cursor < top or (is_first and self.cursor < height):
            self.scroll_to(y=0 if is_first else self.cursor, animate=False, force=True)
        elif last >= top + height:
            self.scroll_to(y=last - height + 1, animate=False, force=True)

    def _end_of_row(self) -> int:
        """The last line of what the cursor is on: those below without a key go on with it, up to a blank one."""
        height = self.scrollable_content_region.height
        end = min(len(self.lines), self.cursor + min(height, _GOES_ON))
        at = self.cursor
        while (
            at + 1 < end
            and self.lines[at + 1].key is None
            and any(text for text, _ in self.lines[at + 1].spans)
        ):
            at += 1
        return at

    # ---- drawing

    def render_line(self, y: int) -> Strip:
        """One row, cut to the width."""
        width = self.scrollable_content_region.width
        at = y + self.scroll_offset.y
        base = self.rich_style
        if at >= len(self.lines):
            return Strip.blank(width, base)
        is_cursor = at == self.cursor
        ground = ("-focus" if self.has_focus else "-resting") if is_cursor else ""
        spans: tuple[Span, ...] = (
            (self.MARKS[0 if is_cursor else 1], "key"),
            *line(*self.lines[at].spans).spans,
        )
        segments = [Segment(text, base + self.looks.style(look + ground)) for text, look in spans]
        return Strip(segments).crop_extend(0, width, base + self.looks.style(ground))

"""The columns, drawn as lines, a widget for each: what is not in sight costs nothing.

It is given a scene, a value, and compares it with the one before, so that only what differs is painted. It never
looks at the plan and changes nothing: what a person does with the mouse goes to the screen as a message.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.cache import LRUCache
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from ...model.playbook.outline import PHASES
from ..draw.card_summary import Facts
from ..draw.geometry import Box, boxes
from ..draw.glyphs import UNICODE, Glyphs
from ..draw.render import Flags, render_card, render_folded, render_heading
from ..draw.spans import Span, padded
from ..draw.text import fit
from ..widgets.themed import Themed
from .borders import Placed, lower_border, upper_border
from .columns import FOLDED, Column, Line
from .empty_states import rows_of
from .scene import Scene
from .view_state import column_of

_DRAG = 3
"""Cells that the mouse goes sideways before a press becomes a drag."""
_BORDERED = 6
"""Lines from which the columns have a lower border."""


def content_lines(height: int) -> int:
    """Lines for cards in a board of a height: two are borders, one where there is little room."""
    return max(0, height - (2 if height >= _BORDERED else 1))


class ColumnView(Widget):
    """One column: what its board draws of it."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "ColumnView { height: 1fr; }"

    def __init__(self, phase: str) -> None:
        super().__init__()
        self.phase = phase
        self.box: Box | None = None

    def render_line(self, y: int) -> Strip:
        """One line of it."""
        board = self.parent
        if self.box is None or not isinstance(board, BoardView):
            return Strip([])
        return board.column_line(self.box, y)


class BoardView(Themed, can_focus=True):
    """Four columns of cards."""

    ALLOW_SELECT = False
    ALLOW_MAXIMIZE = False
    DEFAULT_CSS = """
    BoardView {
        height: 1fr;
        layout: horizontal;
        background: $background;
        color: $foreground;
    }
    """

    class Resized(Message):
        """The room for columns has changed: with the terminal, or with what is above and below them."""

    @dataclass
    class Pressed(Message):
        """The mouse was pressed on a column, perhaps on a card."""

        phase: str
        key: str
        opens: bool = False
        """Whether it was a double click."""

    @dataclass
    class Wheel(Message):
        """The wheel was turned over a column."""

        phase: str
        lines: int

    @dataclass
    class Dropped(Message):
        """A card was dragged to a column."""

        key: str
        phase: str

    def __init__(self, glyphs: Glyphs = UNICODE) -> None:
        super().__init__()
        self.scene = Scene(glyphs=glyphs)
        self.painted_cards = 0
        """How many cards have been drawn so far, other than from the cache; for tests and measurements."""
        self._strips: LRUCache[tuple[Facts, int, Flags, int], tuple[Strip, ...]] = LRUCache(4096)
        self._drag: tuple[str, int] | None = None
        self._carried = ""
        self._target = ""

    def compose(self) -> ComposeResult:
        """A widget for each column: Textual sends a line from its widget's first cell on, not from where it differs."""
        for phase in PHASES:
            yield ColumnView(phase.id)

    # ---- what is shown

    def show(self, scene: Scene) -> None:
        """Shows a scene; only what differs from the last one is painted."""
        old, self.scene = self.scene, scene
        if old.glyphs is not scene.glyphs:
            self._strips.clear()
        if old.glyphs is not scene.glyphs or self._boxes(old) != self._boxes(scene):
            self._arrange()
            return
        for view in self.query_children(ColumnView):
            regions = self._differences(old, scene, view)
            if regions:
                view.refresh(*regions)

    @property
    def lines(self) -> int:
        """Lines for cards in a column."""
        return content_lines(self.size.height)

    def on_resize(self) -> None:
        """Gives the columns their widths, and says that there is other room for cards."""
        self._arrange()
        self.post_message(self.Resized())

    def _boxes(self, scene: Scene) -> tuple[Box, ...]:
        phases = tuple(column.phase for column in scene.columns)
        return boxes(self.size.width, phases, scene.state.phase) if phases else ()

    def _arrange(self) -> None:
        """Puts every column where it is now, and paints all of them."""
        found = {box.phase: box for box in self._boxes(self.scene)}
        for view in self.query_children(ColumnView):
            view.box = found.get(view.phase)
            view.display = view.box is not None
            if view.box is not None:
                view.styles.width = view.box.width
            view.refresh()

    def _differences(self, old: Scene, new: Scene, view: ColumnView) -> list[Region]:
        """What has to be painted of a column, in its own cells."""
        phase, (width, height) = view.phase, self.size
        if view.box is None:
            return []
        whole = Region(0, 0, view.box.width, height)
        before, after = column_of(old.columns, phase), column_of(new.columns, phase)
        top = new.state.scroll.get(phase, 0)
        is_same = (
            before is after
            and old.state.marks == new.state.marks
            and old.empty.get(phase) == new.empty.get(phase)
        )
        if not is_same or old.state.scroll.get(phase, 0) != top:
            return [whole]
        was_active, is_active = old.state.phase == phase, new.state.phase == phase
        if was_active == is_active and old.state.focus == new.state.focus:
            return []
        # Only the upper and the lower border tell the active column, so that going sideways is a few lines.
        found = [Region(0, y, width, 1) for y in (0, height - 1)] if was_active != is_active else []
        moved = filter(None, map(after.lines_at, {old.state.focus, new.state.focus}))
        found += [Region(0, line - top + 1, width, count) for line, count in moved]
        cut = (region.intersection(whole) for region in found)
        return [region for region in cut if region.width and region.height]

    def notify_style_update(self) -> None:
        """Forgets strips that were drawn in another theme."""
        self._strips.clear()
        super().notify_style_update()

    # ---- drawing

    def column_line(self, box: Box, y: int) -> Strip:
        """One line of a column."""
        height = self.size.height
        column = column_of(self.scene.columns, box.phase)
        placed = Placed(box, column, self.scene.state.scroll.get(box.phase, 0), self.lines)
        active = box.phase == (self._target or self.scene.state.phase)
        if y == 0:
            return self._strip(upper_border(placed, self.scene.glyphs, active=active))
        if y == height - 1 and height >= _BORDERED:
            return self._strip(lower_border(placed, self.scene.glyphs, active=active))
        side = self._strip([(self.scene.glyphs.vertical, "border")])
        return Strip.join([side, self._content(placed, y - 1), side]) if box.width > 1 else side

    def _content(self, placed: Placed, row: int) -> Strip:
        column, width = placed.column, placed.box.width - 2
        if width <= 0:
            return Strip([])
        if placed.box.kind == "strip":
            return self._strip(self._summary(column, width, row))
        scene = self.scene
        found = column.at(row + placed.top)
        if found is None:
            words = self._empty_words(column, row, width)
            return self._strip(padded([(words, "empty")] if words else [], width, "quiet-card"))
        if found.index < 0 and found.part == FOLDED:
            flags = Flags(found.group.fold == scene.state.focus, active=column.phase == scene.state.phase)
            return self._strip(render_folded(found.group.endings, scene.unfold, width, flags, scene.glyphs))
        if found.index < 0:
            count = str(len(found.group.members) + len(found.group.folded))
            return self._strip(render_heading(found.group.title, count, width, scene.glyphs))
        return self._card(column, found, width)

    def _card(self, column: Column, line: Line, width: int) -> Strip:
        scene, state = self.scene, self.scene.state
        item = column.items[line.index]
        flags = Flags(
            focused=item.id == state.focus,
            marked=item.id in state.marks,
            active=column.phase == state.phase,
            kept=item.id in column.strays,
            carried=item.id == self._carried,
        )
        key = (scene.facts(item), width, flags, column.lines_of(line.index))
        strips = self._strips.get(key)
        if strips is None:
            strips = tuple(map(self._strip, render_card(key[0], width, flags, scene.glyphs, key[3])))
            self._strips.set(key, strips)
            self.painted_cards += 1
        return strips[line.part]

    def _summary(self, column: Column, width: int, row: int) -> tuple[Span, ...]:
        """A strip beside the focused column: how much is in it."""
        glyphs = self.scene.glyphs
        shown = len(column.items) + column.folded
        count = str(shown) if shown == column.total else f"{shown}/{column.total}"
        lines = [(fit(column.title, width, glyphs), "column-title"), (fit(count, width, glyphs), "quiet")]
        if column.doing and width >= 7:
            limit = f"/{column.limit}" if column.limit is not None else ""
            sign = glyphs.sign("doing")
            lines.append((fit(f"{sign} {column.doing}{limit}", width, glyphs), "doing-card"))
        return padded([lines[row]] if row < len(lines) else [], width, "quiet-card")

    def _empty_words(self, column: Column, row: int, width: int) -> str:
        if column.items or column.groups:
            return ""
        rows = rows_of(self.scene.empty.get(column.phase, ()), width - 2)
        return fit(f" {rows[row]}", width, self.scene.glyphs) if row < len(rows) else ""

    def _strip(self, spans: tuple[Span, ...] | list[Span]) -> Strip:
        """Spans with their styles; neighbours of the same style become one, so that less is sent."""
        segments: list[Segment] = []
        for text, name in spans:
            if text:
                style = self.looks.style(name)
                if segments and segments[-1].style is style:
                    segments[-1] = Segment(segments[-1].text + text, style)
                else:
                    segments.append(Segment(text, style))
        return Strip(segments)

    # ---- the mouse

    def hit(self, x: int, y: int) -> tuple[str, str]:
        """The phase and what can have the focus at a cell of the board; empty where there is none."""
        for box in self._boxes(self.scene):
            if box.x <= x < box.x + box.width:
                column = column_of(self.scene.columns, box.phase)
                in_cards = box.kind == "full" and 1 <= y <= self.lines
                found = column.at(y - 1 + self.scene.state.scroll.get(box.phase, 0)) if in_cards else None
                if found is None:
                    return box.phase, ""
                on_fold = found.group.fold if found.part == FOLDED else ""
                return box.phase, column.items[found.index].id if found.index >= 0 else on_fold
        return "", ""

    def _cell(self, event: events.MouseEvent) -> tuple[int, int]:
        """Where the mouse is on the board, whichever widget tells it."""
        return event.screen_x - self.region.x, event.screen_y - self.region.y

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Remembers where a drag might begin."""
        x, y = self._cell(event)
        phase, key = self.hit(x, y)
        is_card = bool(key) and column_of(self.scene.columns, phase).index_of(key) is not None
        self._drag = (key, x) if event.button == 1 and is_card else None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Carries a card along once the mouse has gone far enough sideways."""
        if self._drag is None or not event.button:
            return
        key, start = self._drag
        x, y = self._cell(event)
        if not self._carried and abs(x - start) < _DRAG:
            return
        if not self._carried:
            self._carried = key
            self.capture_mouse()
        target, _ = self.hit(x, max(0, min(y, self.size.height - 1)))
        if target and target != self._target:
            self._target = target
            self._arrange()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Lets a carried card go where the mouse is."""
        carried, target = self._carried, self._target
        self._let_go()
        if carried:
            event.stop()
            self.release_mouse()
            if target:
                self.post_message(self.Dropped(carried, target))

    def on_mouse_release(self, _: events.MouseRelease) -> None:
        """Another screen has opened over the drag: the card stays where it was."""
        self._let_go()

    def _let_go(self) -> None:
        was_carried = bool(self._carried)
        self._drag, self._carried, self._target = None, "", ""
        if was_carried:
            self._arrange()

    def on_click(self, event: events.Click) -> None:
        """Focuses what was clicked; a double click opens it."""
        phase, key = self.hit(*self._cell(event))
        if phase:
            self.post_message(self.Pressed(phase, key, opens=bool(key) and event.chain == 2))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scrolls the column under the mouse."""
        self._wheel(event, 3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scrolls the column under the mouse."""
        self._wheel(event, -3)

    def _wheel(self, event: events.MouseEvent, lines: int) -> None:
        event.stop()
        phase, _ = self.hit(*self._cell(event))
        if phase:
            self.post_message(self.Wheel(phase, lines))

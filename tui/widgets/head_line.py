"""The top of every screen: where one is, what check found, how the working tree differs; and the screens by number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from textual import events
from textual.message import Message

from ...model.text.visible import one_line
from ..draw.glyphs import UNICODE, Glyphs
from ..draw.spans import Span, apart, width_of
from ..draw.text import fit
from ..session.plan_dates import NextMilestone
from .text_line import TextLines

_LEAST = 18
"""Cells that the name of the place keeps, whatever is at the right."""
_TELLING = 8
"""Cells of a milestone's title below which only its dates are said."""


@dataclass(frozen=True)
class Heading:
    """What the head line says."""

    place: tuple[str, ...] = ()
    """Where one is: the project, its stage, its cycle."""
    errors: int | None = None
    """Findings of check by severity; None while they are being looked for."""
    warnings: int = 0
    advice: int = 0
    branch: str = ""
    changes: str = ""
    """How the working tree differs from the last commit: `+3 ~1 -2`."""
    behind: str = ""
    """How far the plan is behind the main branch: `2 behind main`."""
    git_problem: str = ""
    """Why git cannot say so, where it should."""
    coming: NextMilestone | None = None
    day: str = ""
    """What counts as today, where that is not the day of the clock."""
    working: str = ""
    """What takes long at the moment, and how far it has come."""
    read_only: bool = False


class HeadLine(TextLines):
    """Two lines at the top; the second one lists the screens."""

    DEFAULT_CSS = """
    HeadLine {
        height: 2;
        background: $background;
        &.short { height: 1; }
    }
    """

    @dataclass
    class Pressed(Message):
        """A screen was clicked."""

        key: str

    def __init__(self) -> None:
        super().__init__()
        self._places: list[tuple[int, int, str]] = []
        """Where the screens stand that can be clicked: from, to, key."""

    def on_click(self, event: events.Click) -> None:
        """Opens the screen under the mouse."""
        found = next(
            (key for start, end, key in self._places if event.y == 1 and start <= event.x < end), None
        )
        if found is not None:
            event.stop()
            self.post_message(self.Pressed(found))

    def tell(
        self, heading: Heading, screens: Sequence[tuple[str, str]], current: str, glyphs: Glyphs = UNICODE
    ) -> None:
        """Shows a heading and the screens (key and name), one of which is the current one."""
        self.again = partial(self.tell, heading, screens, current, glyphs)
        self._places = []
        width = self.size.width
        where = one_line(glyphs.separator.join(heading.place))
        right = _right(heading, glyphs)
        wanted = _LEAST + 9 + (_TELLING + len(heading.coming.dates) + 5 if heading.coming is not None else 0)
        if width_of(right) + wanted > width and (heading.errors or heading.warnings):
            # Advice can wait until there is room for it.
            right = _right(replace(heading, advice=0), glyphs)
        if heading.coming is not None:
            right = [*_coming(heading.coming, width - width_of(right) - _LEAST - 9, glyphs), *right]
        room = max(_LEAST, width - width_of(right) - 9)
        left = [(" kedge  ", "name"), (fit(where, min(room, width - 9), glyphs), "place")]
        lines = [apart(left, right, width)]
        if self.size.height > 1 or not self.has_class("short"):
            row, self._places = _screens(screens, current, width)
            lines.append(row)
        self.show(lines)


def _coming(one: NextMilestone, room: int, glyphs: Glyphs) -> list[Span]:
    """The next milestone in so many cells: its title gives way to its dates, and all of it to a narrow screen."""
    sign = "! " if one.is_late else ""
    left = room - width_of([(f"{sign}{one.dates}", "")]) - 3
    if left < -1:
        return []
    title = f"{fit(one_line(one.title), left, glyphs)} " if left >= _TELLING else ""
    return [(f"{sign}{title}{one.dates}  ", "warning" if one.is_late else "quiet")]


def _right(heading: Heading, glyphs: Glyphs) -> list[Span]:
    parts: list[Span] = []
    if heading.working:
        parts.append((f"{fit(one_line(heading.working), 30, glyphs)}  ", "quiet"))
    if heading.read_only:
        parts.append(("read-only  ", "warning"))
    if heading.day:
        parts.append((f"{heading.day}  ", "plain"))
    parts.append(_findings(heading, glyphs))
    if heading.branch:
        branch = fit(one_line(heading.branch), 24, glyphs)
        parts.append((f"  {branch}" + (f" {heading.changes}" if heading.changes else ""), "quiet"))
    if heading.behind:
        parts.append((f"  {fit(one_line(heading.behind), 30, glyphs)}", "warning"))
    if heading.git_problem:
        parts.append((f"  {fit(one_line(heading.git_problem), 44, glyphs)}", "warning"))
    parts.append((" ", "plain"))
    return parts


def _findings(heading: Heading, glyphs: Glyphs) -> Span:
    if heading.errors is None:
        return ("plan", "quiet")
    counts = ((heading.errors, "error"), (heading.warnings, "warning"), (heading.advice, "advice"))
    words = [
        f"{count} {name}{'s' if count != 1 and name != 'advice' else ''}" for count, name in counts if count
    ]
    if not words:
        return (f"plan {glyphs.check}", "good")
    tone = "bad" if heading.errors else "warning" if heading.warnings else "quiet"
    return (f"plan {', '.join(words)}", tone)


def _screens(
    screens: Sequence[tuple[str, str]], current: str, width: int
) -> tuple[list[Span], list[tuple[int, int, str]]]:
    """All screens with their keys, the current one in brackets, and from where to where each can be clicked.

    From 80 cells on nine names are whole. Where there is no room for them, only the current screen has one.
    """
    wide = [(f"{key} ", name) for key, name in screens]
    close = [(key, name) for key, name in screens]
    bare = [(f"{key} ", name) if name == current else (key, "") for key, name in screens]
    layouts = ((wide, 2), (wide, 1), (close, 1), (bare, 1))
    texts, gap = next((one for one in layouts if _row_width(*one) <= width), layouts[-1])
    spans: list[Span] = []
    places: list[tuple[int, int, str]] = []
    was_current = False
    for (digit, text), (key, name) in zip(texts, screens, strict=True):
        is_current = name == current
        spans.append((_between(gap if spans else 1, closes=was_current, opens=is_current), "plain"))
        start = width_of(spans)
        if is_current:
            spans.append((digit + text, "screen-current"))
        else:
            spans += [(digit, "screen"), (text, "label")]
        places.append((start, width_of(spans), key))
        was_current = is_current
    spans.append((_between(1, closes=was_current, opens=False), "plain"))
    return spans, places


def _row_width(texts: Sequence[tuple[str, str]], gap: int) -> int:
    """The cells of a row of screens, with one at either end."""
    return 2 + gap * (len(texts) - 1) + sum(width_of([(digit, ""), (text, "")]) for digit, text in texts)


def _between(gap: int, *, closes: bool, opens: bool) -> str:
    """What is between two screens: blanks, or the bracket of the current one."""
    pair = ("]" if closes else " ") + ("[" if opens else " ")
    return pair if gap > 1 else pair.strip() or " "

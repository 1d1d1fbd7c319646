"""The rows of the Review screen: verdict, dangers, table, what else follows, each change, what was not counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from ...model.records.kinds import KINDS
from ...model.review.changes import Reordered
from ...model.review.consequence import KINDS as CONSEQUENCES
from ...model.review.consequence import NAMES, Consequence
from ...model.review.consequence import Row as Figure
from ...model.review.items import CHANGED, Item
from ...model.review.memory import Memory, Note
from ...model.review.report import Report, group_title
from ..draw.glyphs import Glyphs
from ..draw.spans import SEVERITY_LOOKS, Line, Span, line, wrap
from ..draw.text import fit, shown
from .compare import Found

MOST_OF_KIND = 10
"""Consequences of a kind that are listed one by one."""
_LEAST_NAME = 24
"""Cells that the name of a row of the table keeps."""


_SHORT = 16
"""Cells of a date or an amount."""
_HEAD = Figure("", "", "before", "after", "change")


def _figures(one: Figure) -> tuple[str, str, str]:
    return one.before, one.after, one.change


def _widths(rows: Sequence[Figure]) -> list[int]:
    """Cells of the columns behind the names."""
    columns = zip(*map(_figures, (_HEAD, *rows)), strict=True)
    return [max(cell_len(shown(text)) for text in column) for column in columns]


def _left(rows: Sequence[Figure], width: int) -> int:
    """Cells that are left for the names of rows."""
    widths = _widths(rows)
    return width - sum(widths) - 2 * len(widths)


class Follows(NamedTuple):
    """The key of a consequence's row."""

    at: int


class ReviewLines:
    """Rows for what was found; those of a change are laid out once for each width and state."""

    def __init__(self, found: Found, glyphs: Glyphs) -> None:
        self.found = found
        self._glyphs = glyphs
        self._laid: dict[tuple[str, int, bool, Note | None], list[Line]] = {}
        self._said: dict[str, list[str]] = {}

    def rows(
        self, width: int, memory: Memory, fits: Callable[[Item], bool], *, is_narrowed: bool
    ) -> list[Line]:
        """All rows; with a filter only the changes that fit."""
        report = self.found.report
        items = [one for one in self.found.items if fits(one)]
        rows = list(self._changes(items, width, memory))
        if is_narrowed:
            return rows or [line(("Nothing fits the filter; Esc clears it.", "quiet"))]
        coverage = report.coverage if self.found.is_whole else "What follows is being worked out …"
        return [
            *self._wrapped([(report.review.verdict, "strong")], width),
            *(self._wrapped([(report.uncompared, "warning")], width) if report.uncompared else ()),
            *(self._what_follows(width) if self.found.items or report.review.consequences else ()),
            *rows,
            *self._commits(width),
            line(),
            *self._wrapped([(coverage, "quiet")], width),
        ]

    @staticmethod
    def _wrapped(spans: Iterable[Span], width: int, first: str = "", rest: str = "") -> list[Line]:
        return [Line(row) for row in wrap(spans, width, first, rest)]

    def _commits(self, width: int) -> Iterator[Line]:
        lines = self.found.report.commit_lines
        if lines:
            yield line()
            yield line(("Commits", "heading"))
        for text in lines:
            yield from self._wrapped([(text, "")], width, "  ", "    ")

    # ---- what follows

    def _what_follows(self, width: int) -> Iterator[Line]:
        review = self.found.report.review
        every = list(enumerate(review.consequences))
        for at, one in every:
            if one.is_dangerous:
                yield from self._consequence(at, one, width)
        report = self.found.report
        if report.has_table:
            yield line()
            yield from self._table(report.table, width)
            if report.unmoved:
                yield line((report.unmoved, "quiet"))
        for kind in CONSEQUENCES:
            those = [(at, one) for at, one in every if one.kind == kind and not one.is_dangerous]
            if those:
                yield line()
                yield line((NAMES[kind], "heading"))
            for at, one in those[:MOST_OF_KIND]:
                yield from self._consequence(at, one, width)
            if len(those) > MOST_OF_KIND:
                yield line(
                    (f"  and {len(those) - MOST_OF_KIND:,} more: {self.found.report.command}", "quiet")
                )

    def _consequence(self, at: int, one: Consequence, width: int) -> Iterator[Line]:
        report = self.found.report
        look = SEVERITY_LOOKS[one.severity]
        signs = {"error": self._glyphs.sign("dropped"), "warning": self._glyphs.warning}
        sign = f"{signs.get(one.severity, '-')} "
        causes = report.causes(one)
        parts: list[Span] = [(report.beside_table(one), look if one.is_dangerous else "")]
        parts += [(f"  {causes}", "quiet")] if causes else []
        rows = wrap(parts, width, " " * cell_len(sign), " " * cell_len(sign))
        for number, row in enumerate(rows):
            if number:
                yield Line(row)
            else:
                yield _signed(sign, look, row, key=Follows(at))

    def _table(self, rows: Sequence[Figure], width: int) -> Iterator[Line]:
        """The rows in columns; where they take too much room, those with longer cells as sentences below them."""
        listed = rows
        if _left(rows, width) < max(cell_len(shown(one.called)) for one in rows):
            listed = [one for one in rows if max(cell_len(one.before), cell_len(one.after)) <= _SHORT]
        if listed:
            notes = max(cell_len(one.note) + 2 for one in listed)
            figures, left = _widths(listed), _left(listed, width)
            names = max(cell_len(shown(one.called)) for one in listed)
            # What a row is held against is behind it as long as titles keep some room, and below it else.
            is_behind = left - notes >= min(names, _LEAST_NAME)
            names = max(min(names, left - notes if is_behind else left), 1)
            for one in (_HEAD, *listed):
                row = one if is_behind else replace(one, note="")
                yield self._row(row, [names, *figures], "quiet" if one is _HEAD else "")
                if one.note and not is_behind:
                    yield line((f"  {one.note}", "quiet"))
        for one in rows:
            if one not in listed:
                held = f"  {one.note}" if one.note else ""
                said = f"{one.before} {self._glyphs.arrow} {one.after}, "
                parts = [(f"{one.called}  ", "label"), (said, ""), (one.change, "strong"), (held, "quiet")]
                yield from self._wrapped(parts, width, "", "  ")

    def _row(self, one: Figure, widths: Sequence[int], look: str) -> Line:
        # Of a long title less is shown, and all of its figure.
        figure = f" {one.figure}" if one.figure and one.title else one.figure
        title = fit(shown(one.title), widths[0] - cell_len(figure), self._glyphs)
        name, before, after, change = (
            set_cell_size(fit(shown(text), wide, self._glyphs), wide)
            for text, wide in zip((f"{title}{figure}", *_figures(one)), widths, strict=True)
        )
        parts: list[Span] = [
            (f"{name}  ", "label"),
            (f"{before}  {after}  ", look),
            (change, look or "strong"),
        ]
        return line(*parts, (f"  {one.note}" if one.note else "", "quiet"))

    # ---- changes

    def _changes(self, items: Iterable[Item], width: int, memory: Memory) -> Iterator[Line]:
        heading = ""
        for one in items:
            here = _group(one)
            if here != heading:
                heading = here
                yield line()
                yield line((heading, "heading"))
            yield from self._item(one, width, memory)

    def _item(self, one: Item, width: int, memory: Memory) -> list[Line]:
        is_read, note = one.mark in memory.read, memory.notes.get(one.key)
        key = (one.key, width, is_read, note)
        if key not in self._laid:
            self._laid[key] = list(self._lay_out(one, width, note, is_read=is_read))
        return self._laid[key]

    def said(self, one: Item) -> list[str]:
        """A change in words."""
        if one.key not in self._said:
            self._said[one.key] = one.lines(self.found.report.wording)
        return self._said[one.key]

    def _lay_out(self, one: Item, width: int, note: Note | None, *, is_read: bool) -> Iterator[Line]:
        what = "changed" if isinstance(one.change, Reordered) else one.change.what
        sign, look = _SIGNS[what]
        if is_read:
            sign, look = self._glyphs.sign("done"), "good"
        title = fit(shown(one.title), max(8, width - 2), self._glyphs)
        yield line((f"{sign} ", look), (title, "quiet" if is_read else "title"), key=one.key)
        if not is_read:
            for text in self.said(one):
                yield from self._wrapped([(text, "")], width, "  ", "    ")
        if note is not None:
            state = f" ({CHANGED})" if note.mark != one.mark else ""
            spans: list[Span] = [("note  ", "label"), (f'"{note.text}"', "state"), (state, "warning")]
            yield from self._wrapped(spans, width, "  ", "    ")


_SIGNS: Mapping[str, tuple[str, str]] = {
    "added": ("+", "good"),
    "removed": ("-", "wrong"),
    "changed": ("~", "state"),
    "renamed": (">", "state"),
}
"""Of each kind of change its sign and look."""


def _group(one: Item) -> str:
    if isinstance(one.change, Reordered):
        return "Order"
    address = one.change.address
    return group_title(address.project, address.kind)


def _signed(sign: str, look: str, row: Sequence[Span], key: Follows) -> Line:
    """A row whose blanks at the beginning give way to a sign."""
    text, its_look = row[0]
    rest = text[cell_len(sign) :]
    return Line(((sign, look), (rest, its_look), *row[1:]), key)


def texts_of(one: Item, memory: Memory) -> dict[str, str]:
    """What a filter looks at."""
    change = one.change
    address = None if isinstance(change, Reordered) else change.address
    is_read = "read" if one.mark in memory.read else "unread"
    states = [is_read, *(["noted"] if one.key in memory.notes else [])]
    return {
        "text": one.title,
        "id": address.id if address is not None else "",
        "kind": KINDS[address.kind].name if address is not None else "order",
        "project": change.project if isinstance(change, Reordered) else change.address.project,
        "is": " ".join(states),
    }


def why_item(report: Report, one: Item, said: Sequence[str]) -> list[str]:
    """All that is known of a change: in words, and what it causes."""
    lines = [one.title, *(f"  {text}" for text in said)]
    if isinstance(one.change, Reordered):
        return lines
    name = one.change.address.id
    caused = [each for each in report.review.consequences if name in each.because]
    lines += [
        "",
        "What follows from it, alone or with others"
        if caused
        else "Nothing that is compared follows from it",
    ]
    return [*lines, *(f"  {report.said(each)}" for each in caused)]


def why_consequence(
    report: Report, one: Consequence, items: Iterable[Item], said: Callable[[Item], Sequence[str]]
) -> list[str]:
    """A consequence with the changes that cause it."""
    lines = [report.said(one), ""]
    if not one.because:
        return [*lines, "No single change is behind it: they do this together."]
    by_id = {each.change.address.id: each for each in items if not isinstance(each.change, Reordered)}
    lines.append("Changes that cause it")
    for name in one.because:
        item = by_id.get(name)
        lines.append(f"  {item.title if item is not None else name}")
        lines += [f"    {text}" for text in (said(item) if item is not None else ())]
    return lines

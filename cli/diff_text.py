"""`kedge diff` for a person: verdict, dangers, table, the rest, changes in words, what was not counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ..model.review.consequence import KINDS as CONSEQUENCES
from ..model.review.consequence import NAMES, Row
from ..model.review.report import group_title, order_line
from ..model.text.visible import one_line
from .output import fitted, padded, room, shorten, width
from .text import WIDE, can_draw, wrapped

if TYPE_CHECKING:
    from ..model.review.changes import RecordChange, Reordered
    from ..model.review.consequence import Consequence
    from ..model.review.report import Report

MOST_OF_KIND = 10
"""Consequences of a kind that are listed one by one; `--full` lists all."""
MOST_DANGERS = 100
"""The same of those that are dangerous, of all kinds."""
MOST_RECORDS = 200
"""Records whose changes are listed."""
_SHORT = 16
"""Cells of a date or an amount; a row with longer ones is a sentence."""
_LEAST_NAME = 20
"""Cells that the name of a row keeps."""
_SIGNS = {"error": ("✗", "x"), "warning": ("!", "!"), "advice": ("·", "-")}
_WHATS = {"added": ("+", "+"), "removed": ("−", "-"), "changed": ("─", "*"), "renamed": ("→", ">")}


def text_lines(report: Report) -> Iterator[str]:
    """The report, a line each."""
    review = report.review
    yield from fitted(one_line(review.verdict))
    if review.difference.is_same_plan and not review.consequences:
        yield from _commits(report)
        return
    yield from wrapped(report.heading, "  ", "")
    if report.uncompared:
        yield from wrapped(report.uncompared, "    ", f"  {_SIGNS['warning'][0]} ")
    dangers = review.dangerous
    if dangers:
        yield ""
        yield from _kind(report, dangers, MOST_DANGERS)
    if report.has_table:
        yield ""
        yield from _table(report.table)
        if report.unmoved:
            yield f"  {report.unmoved}"
    for kind in CONSEQUENCES:
        those = [one for one in review.consequences if one.kind == kind and not one.is_dangerous]
        if those:
            yield from ("", NAMES[kind])
            yield from _kind(report, those)
    yield from _changes(report)
    yield from _commits(report)
    if report.notes:
        yield from ("", "Notes")
    for note, state in report.notes:
        yield from wrapped(f"{note.title}{f' ({state})' if state else ''}: {note.text}", "    ", "  ")
    yield ""
    yield from wrapped(report.coverage, "  ", "")


def _commits(report: Report) -> Iterator[str]:
    lines = report.commit_lines
    if lines:
        yield from ("", "Commits")
    for line in lines:
        yield from wrapped(line, "    ", "  ")


def _kind(report: Report, those: Sequence[Consequence], most: int = MOST_OF_KIND) -> Iterator[str]:
    shown = those if report.in_full else those[:most]
    for one in shown:
        yield from _consequence(report, one)
    yield from _left_out(report, len(those) - len(shown))


def _left_out(report: Report, count: int) -> Iterator[str]:
    if count:
        yield f"  and {count:,} more: {one_line(report.command)} --full"


def _consequence(report: Report, one: Consequence) -> Iterator[str]:
    sign = _SIGNS[one.severity][0 if can_draw() else 1]
    causes = report.causes(one)
    yield from wrapped(report.beside_table(one) + (f"   {causes}" if causes else ""), "    ", f"  {sign} ")


def _table(rows: Sequence[Row]) -> Iterator[str]:
    """The rows in columns as wide as the terminal; where that is too narrow, those with long cells as sentences."""
    wide = room() or WIDE
    short = [row for row in rows if max(width(row.before), width(row.after)) <= _SHORT]
    names = max((width(one_line(row.called)) for row in rows), default=0)
    columns = rows if _left(rows, wide) >= names else short
    widths = [max(min(names, _left(columns, wide)), _LEAST_NAME), *_widths(columns)]
    has_room = (
        2 * len(widths) + sum(widths) + max((2 + width(row.note) for row in columns), default=0) <= wide
    )
    for row in [_HEAD, *columns] if columns else ():
        cells = (_name(row, widths[0]), *_figures(row))
        line = "  ".join(map(padded, cells, widths))
        yield f"  {line}{f'  {one_line(row.note)}' if has_room else ''}".rstrip()
        if row.note and not has_room:
            yield from wrapped(row.note, "      ", "    ")
    for row in rows:
        if row not in columns:
            held = f" ({row.note})" if row.note else ""
            yield from wrapped(f"{row.called}  {row.before} → {row.after}, {row.change}{held}", "    ", "  ")


_HEAD = Row("", "", "before", "after", "change")


def _figures(row: Row) -> tuple[str, str, str]:
    return one_line(row.before), one_line(row.after), one_line(row.change)


def _widths(rows: Sequence[Row]) -> list[int]:
    """Cells of the columns behind the names."""
    return [max(map(width, column)) for column in zip(*map(_figures, (_HEAD, *rows)), strict=True)]


def _left(rows: Sequence[Row], wide: int) -> int:
    """Cells that are left for the names of rows."""
    widths = _widths(rows)
    return wide - 2 - sum(widths) - 2 * len(widths)


def _name(row: Row, cells: int) -> str:
    """What a row is about; of a long title less is shown, and all of its figure."""
    figure = f" {row.figure}" if row.figure and row.title else row.figure
    return shorten(one_line(row.title), max(cells - width(figure), 1)) + figure


def _changes(report: Report) -> Iterator[str]:
    """The changes in words, by project and kind."""
    difference = report.review.difference
    heading = None
    orders = difference.reordered
    shown = difference.records if report.in_full else difference.records[:MOST_RECORDS]
    for one in shown:
        here = (one.address.project, one.address.kind)
        if here != heading:
            if heading is not None and heading[0] != here[0]:
                yield from _orders(orders, heading[0])
            heading = here
            yield from ("", group_title(*here))
        yield from _record(report, one)
    seen = {one.address.project for one in shown}
    if heading is not None:
        yield from _orders(orders, heading[0])
    for project in sorted({one.project for one in orders} - seen):
        yield from ("", project or "the plan")
        yield from _orders(orders, project)
    yield from _left_out(report, len(difference.records) - len(shown))


def _orders(orders: Iterable[Reordered], project: str) -> Iterator[str]:
    for one in orders:
        if one.project == project:
            yield from wrapped(order_line(one), "    ", f"  {_WHATS['changed'][0 if can_draw() else 1]} ")


def _record(report: Report, one: RecordChange) -> Iterator[str]:
    sign = _WHATS[one.what][0 if can_draw() else 1]
    title = one_line(one.record.label)
    name = one.address.id if title == one.address.id else f"{one.address.id}  {title}"
    what = f" ({one.what})" if one.what in ("added", "removed") else ""
    yield from wrapped(f"{name}{what}", "    ", f"  {sign} ")
    for line in report.wording.lines(one):
        yield from wrapped(line, "      ", "    ")

"""`kedge diff` for a person: verdict, dangers, table, the rest, changes in words, what was not counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ..model.review.consequence import KINDS as CONSEQUENCES
from ..model.review.consequence import NAMES
from ..model.review.report import group_title, order_line
from ..model.text.amounts import counted
from ..model.text.visible import one_line
from .output import fitted, room, width
from .text import WIDE, can_draw, wrapped

if TYPE_CHECKING:
    from ..model.review.changes import RecordChange, Reordered
    from ..model.review.consequence import Consequence, Row
    from ..model.review.report import Report

MOST_OF_KIND = 10
"""Consequences of a kind that are listed one by one; `--full` lists all."""
MOST_DANGERS = 100
"""The same of those that are dangerous, of all kinds."""
MOST_RECORDS = 200
"""Records whose changes are listed."""
_SHORT = 16
"""Cells of a date or an amount; a row with longer ones leaves the columns where there is little room."""
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
    if len(review.table) > 1:
        yield ""
        yield from _table(review.table)
        if review.unmoved:
            yield f"  {counted(review.unmoved, 'milestone')} {'does' if review.unmoved == 1 else 'do'} not move"
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
    yield from wrapped(report.said(one) + (f"   {causes}" if causes else ""), "    ", f"  {sign} ")


def _table(rows: Sequence[Row]) -> Iterator[str]:
    """The rows in columns, as many as fit the terminal; those with longer cells as sentences below them."""
    wide = room() or WIDE
    found = [(tuple(map(one_line, (row.name, row.before, row.after, row.change))), row.note) for row in rows]
    short = [pair for pair in found if max(map(width, pair[0][1:3])) <= _SHORT]
    columns = next((some for some in (found, short) if some and _taken(some) <= wide), [])
    widths = _widths(columns)
    has_room = bool(columns) and _taken(columns) + 2 + max(width(note) for _, note in columns) <= wide
    for cells, note in [(_HEAD, ""), *columns] if columns else []:
        padded = "  ".join(
            cell + " " * (each - width(cell)) for cell, each in zip(cells, widths, strict=True)
        )
        yield f"  {padded}{f'  {one_line(note)}' if has_room else ''}".rstrip()
        if note and not has_room:
            yield from wrapped(note, "      ", "    ")
    for cells, note in found:
        if (cells, note) not in columns:
            name, before, after, change = cells
            held = f" ({note})" if note else ""
            yield from wrapped(f"{name}  {before} → {after}, {change}{held}", "    ", "  ")


_HEAD = ("", "before", "after", "change")
_Cells = Sequence[tuple[tuple[str, ...], str]]


def _widths(rows: _Cells) -> list[int]:
    return [max(map(width, column)) for column in zip(_HEAD, *(cells for cells, _ in rows), strict=True)]


def _taken(rows: _Cells) -> int:
    """Cells of the terminal that rows take, without what they are held against."""
    return 2 + sum(_widths(rows)) + 2 * (len(_HEAD) - 1)


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

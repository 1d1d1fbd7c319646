"""Lines put into a file and taken out of it: pairs, tables, elements of arrays of tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from .layout import Layout, Path
from .outline import ANCHOR, HEADER, PAIR, PLACEHOLDER, Row, attached, outline, placeholder_text
from .scan import Document
from .tree import from_data, render
from .values import key_text, line_text, show, value_text


class Removal(NamedTuple):
    """A text, and the comments that went with the tables taken out of it."""

    text: str
    comments: list[str]


def put_lines(document: Document, pos: int, lines: list[str]) -> str:
    """The text with lines put in at the beginning of a line; a missing final newline stays missing."""
    text, newline = document.text, document.newline
    if pos == len(text) and text and not text.endswith("\n"):
        return newline.join([text, *lines])
    return text[:pos] + "".join(line + newline for line in lines) + text[pos:]


def _blank_before(text: str, pos: int) -> bool:
    """Whether the line before a position is blank, or there is none."""
    start = text.rfind("\n", 0, max(pos - 1, 0)) + 1
    return not text[start:pos].strip()


def _blank_after(text: str, pos: int) -> bool:
    end = text.find("\n", pos)
    return not text[pos : end if end >= 0 else len(text)].strip()


def _spaced(document: Document, pos: int, lines: list[str]) -> str:
    """Lines put in with a blank line before and after, unless the file begins or ends there."""
    text = document.text
    before = [] if _blank_before(text, pos) and (pos == 0 or text[pos - 1] == "\n") else [""]
    after = [] if _blank_after(text, pos) else [""]
    return put_lines(document, pos, [*before, *lines, *after])


def _indent(document: Document, row: Row) -> str:
    line = document.text[row.start : row.stop]
    return line[: len(line) - len(line.lstrip(" \t"))]


def dotted_rows(rows: list[Row], table: Path) -> list[Row]:
    """The pairs that make a table, or part of it, by dotted keys in a table around it."""
    depth = len(table)
    return [row for row in rows if row.kind == PAIR and len(row.table) < depth and row.path[:depth] == table]


def insert_pair(document: Document, rows: list[Row], path: Path, value: Any, layout: Layout) -> str:
    """A new pair at its canonical place in the table that holds it, or on the line of its placeholder.

    In a table without a header, which dotted keys in another table make, it joins those.
    """
    parent, key = path[:-1], str(path[-1])
    own = layout.at(parent)
    text = document.text

    def pair(indent: str, prefix: Path = ()) -> str:
        written = value_text(value, key, own, indent=indent, newline=document.newline)
        return f"{indent}{show((*prefix, key))} = {written}"

    if parent and not any(row.kind == HEADER and row.path == parent for row in rows):
        last = dotted_rows(rows, parent)[-1]
        return put_lines(document, last.stop, [pair(_indent(document, last), parent[len(last.table) :])])
    inside = [row for row in rows if row.table == parent and row.kind in (PAIR, PLACEHOLDER)]
    for row in inside:
        if row.kind == PLACEHOLDER and row.path == path:
            line = pair(_indent(document, row)) + (f"  {row.note}" if row.note else "")
            end = row.stop - len(text[row.start : row.stop]) + len(text[row.start : row.stop].rstrip("\r\n"))
            return text[: row.start] + line + text[end:]
    if not inside:
        return _insert_first(document, rows, parent, pair)
    return _insert_beside(document, inside, len(parent), key, own, pair)


def _insert_beside(
    document: Document, inside: list[Row], depth: int, key: str, own: Layout, pair: Callable[[str], str]
) -> str:
    """A pair put among those of its table: after the nearest key before it in the order, or before the next."""
    place = own.order.get(key)
    known = [(own.order[name], row) for row in inside if (name := str(row.path[depth])) in own.order]
    if place is None:
        # A first unknown key is set apart from the known ones.
        apart = [""] if known and known[-1][1] is inside[-1] else []
        return put_lines(document, inside[-1].stop, [*apart, pair(_indent(document, inside[-1]))])
    before = max((one for one in known if one[0] < place), key=lambda one: one[0], default=None)
    after = min((one for one in known if one[0] > place), key=lambda one: one[0], default=None)
    group = place[0]
    if before and (before[0][0] == group or not (after and after[0][0] == group)):
        row = before[1]
        line = pair(_indent(document, row))
        if before[0][0] == group:
            return put_lines(document, row.stop, [line])
        return put_lines(
            document, row.stop, ["", line, *([] if _blank_after(document.text, row.stop) else [""])]
        )
    row = after[1] if after else inside[0]
    apart = [] if after and after[0][0] == group else [""]
    return put_lines(document, attached(document.text, row), [pair(_indent(document, row)), *apart])


def _insert_first(document: Document, rows: list[Row], parent: Path, pair: Callable[[str], str]) -> str:
    """The first pair of a table: under its header, or in the file's head, after the comments that open it."""
    header = next((row for row in rows if row.kind == HEADER and row.path == parent), None)
    if header is not None:
        return put_lines(document, header.stop, [pair(_indent(document, header))])
    if rows:
        return _spaced(document, attached(document.text, rows[0]), [pair("")])
    end = len(document.text)
    if document.text.strip():
        return _spaced(document, end, [pair("")])
    return put_lines(document, end, [pair("")])


def insert_table(
    document: Document, rows: list[Row], path: Path, value: dict[str, Any], layout: Layout
) -> str:
    """A new table with all in it, at its canonical place among the tables of the file, under its anchor."""
    text, rows = document.text, _without_strays(rows)
    below = [row for row in rows if row.kind == HEADER and row.path[: len(path)] == path]
    if any(isinstance(part, int) for part in path):
        keys = [f"{key_text(key)} = {line_text(item)}" for key, item in value.items()]
        return _spaced(document, attached(text, below[0]), [f"[{_header(path)}]", *keys])
    present = {row.path for row in rows if row.kind == ANCHOR}
    absent: dict[Path, list[str]] = {
        section: []
        for section in layout.anchors.values()
        if section not in present and section[: len(path)] == path
    }
    written = render(from_data(value, layout, path), layout, absent, path)
    lines = [line.replace("\n", document.newline) for line in written]
    if below:
        return _spaced(document, attached(text, min(below, key=lambda row: row.start)), lines)
    return _spaced(document, _table_place(document, rows, path, layout), lines)


def _without_strays(rows: list[Row]) -> list[Row]:
    """The rows without anchors among the keys of a table: no other table can begin there."""
    kept: list[Row] = []
    has_keys_behind = False
    for row in reversed(rows):
        if row.kind != ANCHOR:
            has_keys_behind = row.kind == PAIR or (has_keys_behind and row.kind != HEADER)
        if row.kind != ANCHOR or not has_keys_behind:
            kept.append(row)
    return kept[::-1]


def _header(path: Path) -> str:
    return show(tuple(part for part in path if isinstance(part, str)))


def _table_place(document: Document, rows: list[Row], path: Path, layout: Layout) -> int:
    """Where a new table goes: after the block of the table that precedes it in canonical order."""
    seen: dict[Path, int] = {}
    heads = [place for place, row in enumerate(rows) if row.kind in (HEADER, ANCHOR)]
    ranks = [
        (layout.rank(tuple(part for part in rows[place].path if isinstance(part, str)), seen), place)
        for place in heads
    ]
    rank = layout.rank(path, seen)
    before = [one for one in ranks if one[0] <= rank]
    if before:
        place = max(before)[1]
        following = next((head for head in heads if head > place), None)
    else:
        place, following = -1, heads[0] if heads else None
    if following is None:
        return len(document.text)
    return rows[following - 1].stop if following > 0 else attached(document.text, rows[0])


def insert_element(document: Document, path: Path, index: int, value: dict[str, Any], layout: Layout) -> str:
    """An element put into an array of `[[tables]]` so that it becomes the one with this index."""
    rows = outline(document, layout)
    header = f"[[{_header(path)}]]"
    lines = [header, *(f"{key_text(key)} = {line_text(item)}" for key, item in value.items())]
    blocks = [
        place
        for place, row in enumerate(rows)
        if row.path[: len(path)] == path and row.kind in (HEADER, PAIR)
    ]
    at = next(
        (place for place in blocks if rows[place].path == (*path, index) and rows[place].kind == HEADER), None
    )
    if at is not None:
        return _spaced(document, attached(document.text, rows[at]), lines)
    return _spaced(document, rows[blocks[-1]].stop, lines)


def remove_rows(document: Document, rows: list[Row], path: Path, layout: Layout, *, leave: bool) -> Removal:
    """The text without all that is at a path. `leave`: an optional key leaves its placeholder.

    A table goes with the comments in it and directly above its header; of a pair all comments stay.
    """
    depth = len(path)
    spans: list[tuple[int, int, str]] = []
    dropped: list[str] = []
    gone = [row for row in rows if row.table[:depth] == path and row.kind != ANCHOR]
    for head, following in _tables(gone):
        end = max([row.stop for row in following if row.kind == PAIR], default=head.stop)
        start = attached(document.text, head)
        spans.append((start, end, ""))
        for row in following:
            if row.kind == PLACEHOLDER and row.start >= end:
                spans.append((row.start, row.stop, ""))
                dropped.append(row.note)
        dropped += [document.text[a:b] for a, b in document.comments if start <= a < end]
    spans += [
        (row.start, row.stop, _left_behind(document, rows, row, path, layout, leave=leave))
        for row in rows
        if row.kind == PAIR and row.table[:depth] != path and row.path[:depth] == path
    ]
    text = document.text
    # Rows right under their header, with more of the same table to come.
    tight = {
        row.start
        for head, row, follower in zip(rows, rows[1:], rows[2:], strict=False)
        if head.kind == HEADER and head.stop == row.start and follower.kind in (PAIR, PLACEHOLDER)
    }
    for start, end, left in sorted(spans, reverse=True):
        text = _cut(text, start, end, left, tight=start in tight)
    return Removal(text, dropped)


def _tables(rows: list[Row]) -> list[tuple[Row, list[Row]]]:
    """Headers, each with the rows of its own table."""
    tables: list[tuple[Row, list[Row]]] = []
    for row in rows:
        if row.kind == HEADER:
            tables.append((row, []))
        else:
            tables[-1][1].append(row)
    return tables


def _left_behind(
    document: Document, rows: list[Row], row: Row, path: Path, layout: Layout, *, leave: bool
) -> str:
    """What stays of a removed pair: its comments, and a placeholder if the layout wants one."""
    indent, newline = _indent(document, row), document.newline
    comments = [document.text[a:b] for a, b in document.comments if row.start <= a < row.stop]
    note = comments.pop() if row.note else ""
    assert row.statement is not None
    placed = any(other.kind == PLACEHOLDER and other.path == path for other in rows)
    optional = path[-1] in layout.at(path[:-1]).optional and row.path == path and len(row.statement.key) == 1
    last = placeholder_text(key_text(str(path[-1])), note) if leave and optional and not placed else note
    return "".join(f"{indent}{line}{newline}" for line in (*comments, last) if line)


def _cut(text: str, start: int, end: int, left: str, *, tight: bool) -> str:
    """The text with lines replaced by what is left of them, and without a blank line that parted nothing else.

    `tight`: they stood right under a header, where no blank line is needed.
    """
    if not left and (tight or _blank_before(text, start)):
        while end < len(text) and _blank_after(text, end):
            end = text.find("\n", end) + 1 or len(text)
    if not left and end >= len(text):
        while start > 0 and _blank_before(text, start):
            start = text.rfind("\n", 0, start - 1) + 1
    return text[:start] + left + text[end:]

"""A scanned file as rows under a layout: headers, pairs, placeholders and anchors, in file order.

To a scanner a placeholder (`#due =`) and an anchor (`# ---- checklist ----`) are comments like any other. To
the patcher and to `fmt` they hold a place. What is between two rows (blank lines and people's comments)
belongs to the later one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from .layout import Layout, Path
from .scan import PAIR, Document, Statement

HEADER, PLACEHOLDER, ANCHOR = "header", "placeholder", "anchor"

_PLACEHOLDER = re.compile(r"#[ \t]?([A-Za-z0-9_-]+)[ \t]*=[ \t]*(#.*)?", re.ASCII)
_ANCHOR = re.compile(r"# ---- (\S+) ----")


@dataclass(slots=True)
class Row:
    """One row: `path` of what it sets, names or opens; `table` it is in; its lines; where its lead begins."""

    kind: str
    path: Path
    table: Path
    start: int
    stop: int
    lead: int
    note: str
    statement: Statement | None = None


def outline(document: Document, layout: Layout) -> list[Row]:
    """The rows of a document."""
    text = document.text
    rows: list[Row] = []
    table: Path = ()
    end = 0
    comments, places = document.comments, [start for start, _ in document.comments]

    def between(stop: int) -> int:
        """Adds the placeholders and anchors between the last row and an offset; the end of the last row."""
        last = end
        for start, finish in comments[bisect_left(places, last) : bisect_left(places, stop)]:
            comment = text[start:finish].rstrip()
            begin = text.rfind("\n", 0, start) + 1
            after = text.find("\n", finish) + 1 or len(text)
            if (name := placeholder(comment)) and name[0] in layout.at(table).optional:
                rows.append(Row(PLACEHOLDER, (*table, name[0]), table, begin, after, last, name[1]))
            elif path := anchor(comment, layout):
                rows.append(Row(ANCHOR, path, path, begin, after, last, ""))
            else:
                continue
            last = after
        return last

    for statement in document.statements:
        if end < statement.start:
            end = between(statement.start)
        kind = PAIR if statement.kind == PAIR else HEADER
        note = text[slice(*statement.note)]
        table = statement.table
        rows.append(Row(kind, statement.path, table, statement.start, statement.stop, end, note, statement))
        end = statement.stop
    between(len(text))
    return rows


def placeholder(comment: str) -> tuple[str, str] | None:
    """The key that a comment would be the placeholder of, and the comment after it."""
    match = _PLACEHOLDER.fullmatch(comment)
    return (match[1], match[2] or "") if match else None


def anchor(comment: str, layout: Layout) -> Path | None:
    """The path of the section that a comment is the anchor of."""
    match = _ANCHOR.fullmatch(comment)
    return layout.anchors.get(match[1]) if match else None


def anchor_text(name: str) -> str:
    """A section's anchor."""
    return f"# ---- {name} ----"


def placeholder_text(key: str, note: str) -> str:
    """A key's placeholder, with the comment after it."""
    return f"#{key} ={'  ' if note else ''}{note}"


def attached(text: str, row: Row) -> int:
    """Where the comments that stand directly above a row begin; a directive (`#:schema`) is never attached."""
    start = row.start
    while start > row.lead:
        line = text.rfind("\n", 0, start - 1) + 1
        content = text[line:start].strip()
        if line < row.lead or not content.startswith("#") or content.startswith("#:"):
            break
        start = line
    return start


def own_comments(comments: Iterable[str], layout: Layout) -> Counter[str]:
    """The comments that a person wrote, counted: without anchors, and of placeholders only what follows them."""
    counted: Counter[str] = Counter()
    for comment in comments:
        comment = comment.rstrip()
        name = placeholder(comment)
        if name and name[0] in layout.placeholders:
            comment = name[1]
        if comment and anchor(comment, layout) is None:
            counted[comment] += 1
    return counted


def comments_of(document: Document) -> list[str]:
    """The text of all comments."""
    return [document.text[start:end] for start, end in document.comments]

"""Whole files in canonical layout: new ones from data, and any file as `fmt` makes it.

Both write the same tree, so a new file is always one that `fmt` would leave alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .inside import chunks, chunks_text
from .layout import Layout, Path
from .outline import ANCHOR, HEADER, PAIR, PLACEHOLDER, Row, attached, comments_of, outline, own_comments
from .parse import load, newer_in_value
from .scan import BOM, INLINE, Document, Value, newline_of
from .tree import Node, Part, blank, from_data, render
from .values import (
    PatchRefused,
    array_text,
    block_text,
    get,
    is_array,
    key_text,
    plain,
    same,
    set_order,
    settle,
    value_text,
)


def emit(data: Mapping[str, Any], layout: Layout, *, header: str = "") -> str:
    """A new file with this data; each line of `header` becomes a comment at its top.

    PatchRefused if the data cannot be written as TOML.
    """
    data = plain(data)
    preamble = [line if line.startswith("#") else f"# {line}".rstrip() for line in header.splitlines()]
    text = _join(preamble, render(from_data(data, layout), layout, _no_leads(layout)), [])
    if not same(settle(load(text), layout), settle(data, layout)):
        raise PatchRefused("the new file would not say what it was given")
    return text


def canonical(text: str, layout: Layout) -> str:
    """The same file in canonical layout, as `fmt` writes it. Line ends and a byte-order mark stay.

    PatchRefused if the text is not TOML, or if data or a comment would be lost.
    """
    data = load(text)
    document = Document(text.replace("\r\n", "\n"))
    result = _canonical(document, data, layout)
    if result != document.text:
        result = _settled(document, data, result, layout)
    if newline_of(text) == "\r\n":
        result = result.replace("\n", "\r\n")
    return BOM + result if text.startswith(BOM) else result


def _settled(before: Document, data: dict[str, Any], result: str, layout: Layout) -> str:
    """A first result laid out until nothing moves any more, if it holds all values that were there before.

    A stray placeholder may stand twice after the first time; without any comment all is in its place then.
    """
    if before.comments:
        result = _stable(before, result, layout)
    if not same(settle(load(result), layout), settle(data, layout)):
        raise PatchRefused("the file's data would change")
    return result


def _stable(before: Document, result: str, layout: Layout) -> str:
    for _ in range(3):
        document = Document(result)
        again = _canonical(document, load(result), layout)
        if again == result:
            break
        result = again
    else:
        raise PatchRefused("the layout would not be stable")
    lost = own_comments(comments_of(before), layout) - own_comments(comments_of(document), layout)
    if lost:
        raise PatchRefused(f"a comment would be lost: {next(iter(lost))}")
    return result


def _join(preamble: list[str], body: list[str], tail: list[str]) -> str:
    lines: list[str] = []
    for part in (preamble, body, tail):
        if part:
            blank(lines)
            lines += part
    while lines and not lines[-1]:
        lines.pop()
    return "".join(f"{line}\n" for line in lines)


def _no_leads(layout: Layout) -> dict[Path, list[str]]:
    return {path: [] for path in layout.anchors.values()}


@dataclass(frozen=True, slots=True)
class _File:
    """What is laid out: where everything is in it, what it says, and in which layout."""

    document: Document
    data: dict[str, Any]
    layout: Layout

    def source(self, value: Value) -> str:
        """A value as it is written."""
        return self.document.text[value.start : value.end]

    def comments_in(self, value: Value) -> list[tuple[int, int]]:
        """The spans of the comments between the items of a value."""
        comments = self.document.comments
        return comments[bisect_left(comments, (value.start,)) : bisect_left(comments, (value.end,))]


def _canonical(document: Document, data: dict[str, Any], layout: Layout) -> str:
    text = document.text
    file = _File(document, data, layout)
    rows = outline(document, layout)
    root, anchors = Node(), _no_leads(layout)
    preamble_end = _preamble_end(text, rows)
    opened = _Opened((), root, layout, data)
    for row in rows:
        lead = _lead_lines(text[max(row.lead, preamble_end) : row.start])
        if any(isinstance(part, int) for part in row.table):
            _add_element(root, row, lead, text)
        elif row.kind == ANCHOR:
            anchors[row.path] += lead
        elif row.kind == HEADER:
            node = _node(root, row.path)
            node.lead, node.note, node.explicit = node.lead + lead, row.note, True
        elif row.kind == PLACEHOLDER:
            _add_placeholder(_node(root, row.table), key_text(str(row.path[-1])), lead, row.note)
        else:
            if row.table is not opened.path:
                opened = _Opened(
                    row.table, _node(root, row.table), layout.at(row.table), get(data, row.table)
                )
            _add_pair(opened, row, lead, file)
    _settle_placeholders(root)
    tail = _comment_lines(text[max(rows[-1].stop if rows else 0, preamble_end) :])
    return _join(_comment_lines(text[:preamble_end]), render(root, layout, anchors), tail)


def _preamble_end(text: str, rows: list[Row]) -> int:
    """Where the comments end that open the file and belong to nothing below them."""
    if not rows:
        return len(text)
    return attached(text, rows[0])


def _comment_lines(chunk: str) -> list[str]:
    """The lines of the space between two rows, with single blank lines, and none at either end."""
    lines: list[str] = []
    if not chunk or chunk.isspace():
        return lines
    for line in chunk.split("\n"):
        if line.strip():
            lines.append(line.strip())
        else:
            blank(lines)
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _lead_lines(chunk: str) -> list[str]:
    """A row's lead; free-standing comments (a blank line follows) keep blank lines on both sides."""
    lines = _comment_lines(chunk)
    if lines and not chunk.removesuffix("\n").rpartition("\n")[2].strip():
        return ["", *lines, ""]
    return lines


def _node(root: Node, path: Path) -> Node:
    for name in path:
        root = root.child(str(name))
    return root


def _add_element(root: Node, row: Row, lead: list[str], text: str) -> None:
    """An element of an array of tables is kept as it is, headers of tables in it too."""
    depth = next(depth for depth, part in enumerate(row.table) if isinstance(part, int))
    owner = _node(root, row.table[: depth - 1])
    if row.kind == HEADER:
        owner.elements.append(Part(lead, text[row.start : row.stop].rstrip("\n")))
    elif row.kind == PAIR:
        element = owner.elements[-1]
        element.text += "\n" + text[row.lead : row.stop].rstrip("\n")


def _add_placeholder(node: Node, name: str, lead: list[str], note: str) -> None:
    place = node.placeholders.setdefault(name, Part())
    place.lead += lead
    if place.note and note:
        place.lead.append(note)
    else:
        place.note = place.note or note


def _settle_placeholders(node: Node) -> None:
    """Comments of a placeholder whose key is set after all go to the key."""
    for name, place in node.placeholders.items():
        if pair := node.pairs.get(name):
            pair.lead = [*place.lead, *([place.note] if place.note else []), *pair.lead]
    for table in node.tables.values():
        _settle_placeholders(table)


@dataclass(frozen=True, slots=True)
class _Opened:
    """The table that pairs go into; most are in the same one as the pair before."""

    path: Path
    node: Node
    own: Layout
    data: Any

    def below(self, name: str, layout: Layout) -> _Opened:
        """A table in it; `layout` is that of the file."""
        path = (*self.path, name)
        return _Opened(path, self.node.child(name), layout.at(path), get(self.data, (name,)))


def _add_pair(opened: _Opened, row: Row, lead: list[str], file: _File) -> None:
    statement = row.statement
    assert statement is not None
    assert statement.value is not None
    part = Part(lead, file.source(statement.value), row.note)
    _place(opened, statement.key, statement.value, part, file)


def _place(opened: _Opened, key: tuple[str, ...], value: Value, part: Part, file: _File) -> None:
    """Puts a written pair into a table; what the layout wants as a table becomes one."""
    layout = file.layout
    while len(key) > 1 and layout.is_table((*opened.path, key[0])):
        opened, key = opened.below(key[0], layout), key[1:]
    if len(key) == 1 and value.kind == INLINE and layout.is_table((*opened.path, key[0])):
        inside = opened.below(key[0], layout)
        inside.node.lead, inside.node.note, inside.node.explicit = (
            _with_comments(part, value, file),
            part.note,
            True,
        )
        for entry in value.children:
            inner = Part(text=file.source(entry.value))
            _place(inside, entry.key, entry.value, inner, file)
        return
    own = opened.own
    found, name = get(opened.data, key), next(reversed(key))
    is_known = len(key) == 1 and name in own.order
    if newer_in_value(file.document.text, value):
        part.lead = _with_comments(part, value, file)
        part.text = value_text(found, name, own)
    elif is_known and isinstance(found, str) and found and name in own.text:
        if not part.text.startswith(('"""\n', "'''\n")):
            part.text = block_text(found)
    elif is_known and is_array(found):
        part.text = _array(found, value, name, own, file)
    opened.node.pairs[".".join(map(key_text, key))] = part


def _with_comments(part: Part, value: Value, file: _File) -> list[str]:
    """A part's lead, and the comments in a value that is written again."""
    text = file.document.text
    return [*part.lead, *(text[start:end] for start, end in file.comments_in(value))]


def _array(found: list[Any], value: Value, key: str, own: Layout, file: _File) -> str:
    """A known key's array in the style that the layout wants; its items stay as they are written."""
    order = set_order(found) if key in own.sorted else range(len(found))
    if comments := file.comments_in(value):
        items, tail = chunks(file.document.text, value, comments)
        if tail or any(chunk.lead or chunk.note for chunk in items):
            return chunks_text([items[at] for at in order], tail, "", "\n")
    written = [file.source(entry.value) for entry in value.children]
    written = [written[at] for at in order]
    if key in own.inline and not any("\n" in item for item in written):
        return f"[{', '.join(written)}]"
    return array_text(written, "", "\n")

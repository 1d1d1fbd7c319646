"""A file as a tree of written parts, and the one place that writes it out in canonical order.

New files, new tables in old files and `fmt` all go through `render`, so they cannot drift apart. The tree
holds source text, not data: what it does not need to change it writes as it found it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from .layout import Layout, Path
from .outline import anchor_text, placeholder_text
from .values import is_dict, key_text, show, value_text


@dataclass(slots=True)
class Part:
    """A pair, placeholder, anchor or element: the comment lines before it (`""`: blank), its text, its note."""

    lead: list[str] = field(default_factory=list)
    text: str = ""
    note: str = ""


@dataclass(slots=True)
class Node:
    """A table: its header's lead and note, its pairs, placeholders and tables by key, its array elements.

    Pairs are named by their written key (`a.b` for one that stays dotted); `explicit` asks for a header.
    """

    lead: list[str] = field(default_factory=list)
    note: str = ""
    explicit: bool = False
    pairs: dict[str, Part] = field(default_factory=dict)
    placeholders: dict[str, Part] = field(default_factory=dict)
    tables: dict[str, Node] = field(default_factory=dict)
    elements: list[Part] = field(default_factory=list)

    def child(self, name: str) -> Node:
        """The table with a name in this one, made if need be."""
        return self.tables.setdefault(name, Node())


def from_data(data: Mapping[str, Any], layout: Layout, path: Path = ()) -> Node:
    """A tree of plain data for the table at a path of a file with this layout."""
    own = layout.at(path)
    node = Node()
    for key, value in data.items():
        if is_dict(value) and key not in own.order:
            node.tables[key] = from_data(value, layout, (*path, key))
        else:
            node.pairs[key_text(key)] = Part(text=value_text(value, key, own))
    return node


def blank(lines: list[str]) -> None:
    """Sets off what comes next by a blank line, unless there is one or nothing is before it."""
    if lines and lines[-1]:
        lines.append("")


def add_part(lines: list[str], lead: list[str], text: str, note: str = "") -> None:
    """Adds a part's lead and its line."""
    for line in lead:
        if line:
            lines.append(line)
        else:
            blank(lines)
    lines.append(f"{text}  {note}" if note else text)


def render(node: Node, layout: Layout, anchors: Mapping[Path, list[str]], path: Path = ()) -> list[str]:
    """The lines of a table and all in it. `anchors` are those to write, with the comments before each."""
    lines: list[str] = []
    _render(lines, node, layout, anchors, path)
    return lines


def _render(
    lines: list[str], node: Node, layout: Layout, anchors: Mapping[Path, list[str]], path: Path
) -> None:
    own = layout.at(path)
    if layout.is_section(path):
        _anchor(lines, anchors, path)
        node.tables = dict(sorted(node.tables.items()))
    wanted = layout.is_table(path) and not layout.is_section(path)
    empty = not node.tables and not node.elements
    headed = path and (node.explicit or node.pairs or empty or wanted or node.note or node.lead)
    if headed:
        blank(lines)
        add_part(lines, node.lead, f"[{show(path)}]", node.note)
    if not path or headed:
        _own_keys(lines, node, own)
    for name, _ in own.tables:
        if name in node.tables:
            _render(lines, node.tables[name], layout, anchors, (*path, name))
        else:
            _bare_anchors(lines, layout, anchors, (*path, name))
    for name, _ in own.sections:
        section = (*path, name)
        if name in node.tables:
            _render(lines, node.tables[name], layout, anchors, section)
        else:
            _anchor(lines, anchors, section)
    known = {name for name, _ in (*own.tables, *own.sections)}
    for name, table in node.tables.items():
        if name not in known:
            _render(lines, table, layout, anchors, (*path, name))
    for element in node.elements:
        blank(lines)
        add_part(lines, element.lead, element.text)


def _own_keys(lines: list[str], node: Node, own: Layout) -> None:
    """A table's own pairs and placeholders, group by group, then the pairs that the layout does not know."""
    first = True
    groups, known = _written(own.groups)
    unknown = tuple(name for name in node.pairs if name not in known)
    for group in (*groups, unknown):
        parts: list[tuple[list[str], str, str]] = []
        for name in group:
            if name in node.pairs:
                pair = node.pairs[name]
                parts.append((pair.lead, f"{name} = {pair.text}", pair.note))
            elif known.get(name) in own.optional:
                place = node.placeholders.get(name, Part())
                parts.append((place.lead, placeholder_text(name, place.note), ""))
        if parts and not first:
            blank(lines)
        for lead, text, note in parts:
            # Right under a header no comment needs a blank line above it.
            add_part(lines, lead[1:] if first and lead[:1] == [""] else lead, text, note)
            first = False


@cache
def _written(groups: tuple[tuple[str, ...], ...]) -> tuple[tuple[tuple[str, ...], ...], dict[str, str]]:
    """The groups of a layout's keys as they are written, and the key of each; the same for thousands of tables."""
    written = tuple(tuple(map(key_text, group)) for group in groups)
    return written, {key_text(key): key for group in groups for key in group}


def _anchor(lines: list[str], anchors: Mapping[Path, list[str]], section: Path) -> None:
    if section in anchors:
        blank(lines)
        add_part(lines, anchors[section], anchor_text(".".join(map(str, section))))
        lines.append("")


def _bare_anchors(lines: list[str], layout: Layout, anchors: Mapping[Path, list[str]], table: Path) -> None:
    """The anchors of a table that is not there: they keep the place of its sections."""
    for section in layout.anchors.values():
        if section[: len(table)] == table:
            _anchor(lines, anchors, section)

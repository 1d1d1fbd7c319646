"""Changing values in a file that a person wrote, and nothing else.

An edit becomes one or a few splices: of a value, a line, a block of lines. Each is made on a fresh scan, and
the outcome is compared with the same edits on plain data before anyone sees it, so a mistake in here costs a
refused edit, and never a file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from difflib import SequenceMatcher
from typing import Any

from .blocks import Removal, dotted_rows, insert_element, insert_pair, insert_table, remove_rows
from .inside import change_value
from .layout import Layout, Path
from .outline import HEADER, PAIR, Row, comments_of, outline, own_comments
from .parse import load
from .scan import ARRAY, BOM, INLINE, Document, ScanError, Statement
from .values import (
    REMOVE,
    PatchRefused,
    get,
    identity,
    is_array,
    is_dict,
    plain,
    put,
    same,
    same_set,
    settle,
    show,
)

_LINE_END = re.compile(r"\r?\n")


def patch(text: str, edits: Mapping[tuple[str, ...], object], layout: Layout) -> str:
    """The text with values set at paths (or taken away: `REMOVE`), everything else byte for byte as it was.

    A dict replaces a table: keys that it lacks are removed. Tables on the way to a path are made. For a set
    of the layout (`Layout.sorted`) the order of the given items does not count. Comments stay, except those
    in a table that is removed and directly above its header.

    PatchRefused if the text is not TOML, a value cannot be written, or the outcome is not what was asked for.
    """
    body = text.removeprefix(BOM)
    before = load(body)
    wanted: dict[Path, Any] = {tuple(map(plain, path)): plain(value) for path, value in edits.items()}
    if () in wanted:
        raise PatchRefused("an edit needs the path of a key")
    data, result, dropped = deepcopy(before), body, list[str]()
    try:
        result = _change_scalars(body, data, wanted, layout)
        for path, value in wanted.items():
            old = get(data, path)
            if _equal(old, value, layout, path):
                continue
            change = _change(result, path, old, value, layout)
            result = change.text
            dropped += change.comments
            put(data, path, deepcopy(value))
        if result == body:
            return text
        if not body.endswith("\n"):
            result = result.removesuffix("\n").removesuffix("\r") if body else result
        _verify(body, result, data, wanted, dropped, layout)
    except (ScanError, RecursionError) as error:
        raise PatchRefused(f"the text cannot be followed: {error}") from None
    return BOM + result if text.startswith(BOM) else result


def _change_scalars(text: str, data: dict[str, Any], wanted: Mapping[Path, Any], layout: Layout) -> str:
    """The text with single values in place of single values, all on one scan; `data` says the same afterwards."""
    single = {path: value for path, value in wanted.items() if value is not REMOVE and _is_single(value)}
    if len(single) < 2:
        return text
    document = Document(text)
    pairs = {one.path: one for one in document.statements if one.kind == PAIR and one.value is not None}
    parts: list[str] = []
    end = len(text)
    changed = [(pairs[path], value) for path, value in single.items() if path in pairs]
    for pair, value in sorted(changed, key=lambda one: -one[0].start):
        old = get(data, pair.path)
        assert pair.value is not None
        if not _is_single(old) or _equal(old, value, layout, pair.path):
            continue
        after, _ = change_value(
            text[pair.value.start : pair.value.end],
            old,
            value,
            str(pair.path[-1]),
            layout.at(pair.path[:-1]),
            indent=_indent(text, pair),
            newline=document.newline,
        )
        parts += [text[pair.value.end : end], after]
        end = pair.value.start
        put(data, pair.path, value)
    return "".join((text[:end], *reversed(parts)))


def _is_single(value: Any) -> bool:
    """Whether a value is neither a list nor a table, which may hold comments and lines of their own."""
    return not isinstance(value, dict | list)


def _equal(old: Any, new: Any, layout: Layout, path: Path) -> bool:
    if is_array(old) and is_array(new) and layout.is_set(path):
        return same_set(old, new)
    return same(settle(old, layout, path), settle(new, layout, path))


def _change(text: str, path: Path, old: Any, new: Any, layout: Layout) -> Removal:
    """The text after one value became another, and the comments that went with removed tables."""
    if _equal(old, new, layout, path):
        return Removal(text, [])
    document = Document(text)
    rows = outline(document, layout)
    holder = _holder(document, path)
    if holder is not None and not (holder.path == path and _must_move(holder, path, new, layout)):
        return Removal(_change_inside(document, holder, path, new, layout), [])
    if is_dict(new) and is_dict(old) and holder is None:
        return _change_table(text, path, old, new, layout)
    if is_array(old) and is_array(new) and _stay_elements(rows, path, new):
        return _change_elements(text, path, old, new, layout)
    dropped: list[str] = []
    if old is not REMOVE:
        text, dropped = remove_rows(document, rows, path, layout, leave=new is REMOVE)
        document = Document(text)
        rows = outline(document, layout)
    if new is REMOVE:
        return Removal(text, dropped)
    return Removal(_insert(document, rows, path, new, layout), dropped)


def _holder(document: Document, path: Path) -> Statement | None:
    """The pair whose value is at a path or contains it."""
    for statement in document.statements:
        if statement.kind == PAIR and statement.path == path[: len(statement.path)]:
            return statement
    return None


def _must_move(holder: Statement, path: Path, new: Any, layout: Layout) -> bool:
    """Whether a pair's value has to leave its line: it goes, or becomes a table that has a header."""
    assert holder.value is not None
    table = is_dict(new) and holder.value.kind != INLINE and layout.is_table(path)
    return new is REMOVE or table


def _change_inside(document: Document, holder: Statement, path: Path, new: Any, layout: Layout) -> str:
    """A pair's value changed; comments that stood in what went away come to stand above the pair."""
    value, text = holder.value, document.text
    assert value is not None
    whole = get(load(text), holder.path)
    after = deepcopy(whole)
    rest = path[len(holder.path) :]
    if rest:
        if value.kind not in (ARRAY, INLINE):
            raise PatchRefused(f"{show(holder.path)} is not a table")
        put(after, rest, new)
    else:
        after = new
    indent = _indent(text, holder)
    source, homeless = change_value(
        text[value.start : value.end],
        whole,
        after,
        str(holder.path[-1]),
        layout.at(holder.path[:-1]),
        indent=indent,
        newline=document.newline,
    )
    above = "".join(f"{indent}{comment}{document.newline}" for comment in homeless)
    return text[: holder.start] + above + text[holder.start : value.start] + source + text[value.end :]


def _indent(text: str, pair: Statement) -> str:
    return text[pair.start : pair.key_start] if pair.start <= pair.key_start else ""


def _change_table(text: str, path: Path, old: dict[str, Any], new: dict[str, Any], layout: Layout) -> Removal:
    """A table made of statements, key by key; what is added comes before what goes, so that it never vanishes."""
    dropped: list[str] = []
    for key in [*new, *(key for key in old if key not in new)]:
        text, comments = _change(text, (*path, key), old.get(key, REMOVE), new.get(key, REMOVE), layout)
        dropped += comments
    if not new and get(load(text), path) is REMOVE:
        document = Document(text)
        text = _insert(document, outline(document, layout), path, new, layout)
    return Removal(text, dropped)


def _stay_elements(rows: list[Row], path: Path, new: list[Any]) -> bool:
    """Whether an array is written as `[[tables]]` and can stay so."""
    written = any(row.kind == HEADER and row.path == (*path, 0) for row in rows)
    return written and bool(new) and all(is_dict(one) for one in new)


def _change_elements(text: str, path: Path, old: list[Any], new: list[Any], layout: Layout) -> Removal:
    """An array of `[[tables]]`, element by element: what stays is found by its value, then by its place."""
    before, after = list(map(identity, old)), list(map(identity, new))
    dropped: list[str] = []
    for _, i1, i2, j1, j2 in reversed(SequenceMatcher(None, before, after, autojunk=False).get_opcodes()):
        shared = min(i2 - i1, j2 - j1)
        for index in range(j2 - 1, j1 + shared - 1, -1):
            text = insert_element(Document(text), path, i1 + shared, new[index], layout)
        for index in range(i2 - 1, i1 + shared - 1, -1):
            document = Document(text)
            at = index + (j2 - j1 - shared)
            text, comments = remove_rows(
                document, outline(document, layout), (*path, at), layout, leave=False
            )
            dropped += comments
        for offset in range(shared):
            text, comments = _change(text, (*path, i1 + offset), old[i1 + offset], new[j1 + offset], layout)
            dropped += comments
    return Removal(text, dropped)


def _insert(document: Document, rows: list[Row], path: Path, new: Any, layout: Layout) -> str:
    """The text with a value set where there is none; tables that lead to it are made first."""
    headers = {row.path for row in rows if row.kind == HEADER}
    if path[:-1] not in headers:
        # A table may be there without a header of its own.
        data = load(document.text)
        while len(path) > 1 and get(data, path[:-1]) is REMOVE:
            path, new = path[:-1], {str(path[-1]): new}
        if len(path) > 1 and not isinstance(get(data, path[:-1]), dict):
            raise PatchRefused(f"{show(path[:-1])} is not a table")
    parent, key = path[:-1], str(next(reversed(path)))
    headed = not parent or parent in headers
    joined = not headed and bool(dotted_rows(rows, parent))
    known_key = key in layout.at(parent).order
    indexed = any(isinstance(part, int) for part in path)
    if is_dict(new) and not known_key and not indexed and not joined:
        return insert_table(document, rows, path, new, layout)
    if headed or joined:
        return insert_pair(document, rows, path, new, layout)
    return insert_table(document, rows, parent, {key: new}, layout)


def _verify(
    before: str,
    after: str,
    data: dict[str, Any],
    edits: Mapping[Path, Any],
    dropped: list[str],
    layout: Layout,
) -> None:
    """Refuses a text that does not parse, says something else, or lost a comment or changed another statement.

    That patching again changes nothing needs no check: a value that is as wanted is never touched.
    """
    found = settle(load(after), layout)
    expected = settle(data, layout)
    for path, value in edits.items():
        if value is REMOVE:
            _forget_emptied(expected, found, path)
    if not same(found, expected):
        raise PatchRefused("the changed text would not say what was asked for")
    old, new = Document(before), Document(after)
    lost = own_comments(comments_of(old), layout) - own_comments(comments_of(new), layout)
    lost -= own_comments(dropped, layout)
    if lost:
        raise PatchRefused(f"a comment would be lost: {next(iter(lost))}")
    if len(set(_LINE_END.findall(before))) == 1 < len(set(_LINE_END.findall(after))):
        raise PatchRefused("line ends of two kinds would be mixed")
    if _outside(old, edits) != _outside(new, edits):
        raise PatchRefused("a line that the edit does not touch would change")


def _forget_emptied(expected: Any, found: Any, path: Path) -> None:
    """Takes tables out of the expected data that ended with their last key, having had no header."""
    for depth in range(len(path) - 1, 0, -1):
        if get(expected, path[:depth]) == {} and get(found, path[:depth]) is REMOVE:
            put(expected, path[:depth], REMOVE)


def _outside(document: Document, edits: Mapping[Path, Any]) -> list[str]:
    """The source of all statements that no edit is about, in order."""
    touched = set(edits)
    above = {path[:depth] for path in edits for depth in range(len(path))}
    return [
        document.text[statement.start : statement.stop].rstrip()
        for statement in document.statements
        if not (
            statement.path in above
            or any(statement.path[:depth] in touched for depth in range(len(statement.path) + 1))
        )
    ]

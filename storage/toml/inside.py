"""Changes inside a written value: items of arrays and pairs of inline tables, with everything else kept.

Each change is one splice after a fresh scan of the value's own source, so no position outlives the text it
was taken from. Comments that lose their place (they stood in what went away) are handed back, and the caller
puts them above the statement.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Any, NamedTuple

from .layout import Layout
from .scan import Entry, Value, scan_value
from .values import (
    array_text,
    identity,
    is_array,
    is_dict,
    key_text,
    line_text,
    merge_set,
    string_like,
    value_text,
)

MANY_CHANGES = 64
"""From here on an array is written again as a whole: one splice per item would take quadratic time."""


class Changed(NamedTuple):
    """A value's new source, and the comments that have no place in it any more."""

    source: str
    homeless: list[str]


class Chunk(NamedTuple):
    """An item as it is written: comment lines before it, the item, the comment after it on its line."""

    lead: list[str]
    item: str
    note: str


def change_value(  # noqa: PLR0913  the value before and after, its key, and the style around it
    source: str, old: Any, new: Any, key: str, layout: Layout, *, indent: str, newline: str
) -> Changed:
    """The source of a key's value after a change from `old` to `new`; the style stays where it can."""
    if is_array(old) and is_array(new):
        if key in layout.sorted:
            new = merge_set(old, new)
        if old and new:
            return _change_array(source, old, new, indent, newline)
        comments = _comments(source)
        if comments:
            return _change_array(source, old, new, indent, newline)
        return Changed(value_text(new, key, layout, indent=indent, newline=newline), [])
    if is_dict(old) and is_dict(new):
        return _change_inline(source, (), old, new, newline)
    text = string_like(new, source, newline) if isinstance(old, str) and isinstance(new, str) else None
    if text is None:
        text = value_text(new, key, layout, indent=indent, newline=newline)
    return Changed(text, _comments(source))


def _change_nested(source: str, old: Any, new: Any, newline: str) -> Changed:
    """The same for a value inside an array or inline table, where everything new is on one line."""
    if identity(old) == identity(new):
        return Changed(source, [])
    if is_array(old) and is_array(new) and old and new:
        return _change_array(source, old, new, "", newline)
    if is_dict(old) and is_dict(new):
        return _change_inline(source, (), old, new, newline)
    text = string_like(new, source, newline) if isinstance(old, str) and isinstance(new, str) else None
    return Changed(line_text(new) if text is None else text, _comments(source))


def _comments(source: str) -> list[str]:
    return [source[start:end] for start, end in scan_value(source)[1]]


def _change_array(source: str, old: list[Any], new: list[Any], indent: str, newline: str) -> Changed:
    before, after = list(map(identity, old)), list(map(identity, new))
    steps = [
        step
        for step in SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        if step[0] != "equal"
    ]
    gone = {mark for _, start, stop, _, _ in steps for mark in before[start:stop]}
    come = {mark for _, _, _, start, stop in steps for mark in after[start:stop]}
    splices = sum(i2 - i1 + j2 - j1 for _, i1, i2, j1, j2 in steps)
    if gone & come or splices > MANY_CHANGES:
        return Changed(_rebuilt(source, old, new, indent, newline), [])
    homeless: list[str] = []
    for _, i1, i2, j1, j2 in reversed(steps):
        # Items that give way to others are changed in place, from the first on, unless a comment says
        # something about the one that goes.
        paired = 0
        while paired < min(i2 - i1, j2 - j1):
            one, other = old[i1 + paired], new[j1 + paired]
            if type(one) is not type(other) or (
                not isinstance(one, list | dict) and _noted(source, i1 + paired)
            ):
                break
            paired += 1
        for index in range(i2 - 1, i1 + paired - 1, -1):
            source = _without(source, index, newline)
        for offset in range(paired, j2 - j1):
            source = _with(source, i1 + offset, line_text(new[j1 + offset]), indent, newline)
        for offset in range(paired):
            entry = scan_value(source)[0].children[i1 + offset].value
            item = _change_nested(
                source[entry.start : entry.end], old[i1 + offset], new[j1 + offset], newline
            )
            source = source[: entry.start] + item.source + source[entry.end :]
            homeless += item.homeless
    if not new and not _comments(source):
        source = "[]"
    return Changed(source, homeless)


def _noted(source: str, index: int) -> bool:
    """Whether a comment is beside an item or above it."""
    chunk = chunks(source, *scan_value(source))[0][index]
    return bool(chunk.note or chunk.lead)


def chunks(source: str, value: Value, comments: list[tuple[int, int]]) -> tuple[list[Chunk], list[str]]:
    """A scanned array's items with the comments that belong to each, and the comments after the last."""
    result: list[Chunk] = []
    lead: list[str] = []
    waiting = iter([*comments, (len(source), len(source))])
    start, end = next(waiting)
    previous: Entry | None = None
    for entry in [*value.children, None]:
        limit = entry.start if entry else value.end
        while start < limit:
            beside = previous is not None and (
                "\n" not in source[previous.value.end : start]
                or (0 <= previous.comma < start and "\n" not in source[previous.comma : start])
            )
            if beside and not lead and not result[-1].note:
                result[-1] = result[-1]._replace(note=source[start:end])
            else:
                lead.append(source[start:end])
            start, end = next(waiting)
        if entry is None:
            break
        result.append(Chunk(lead, source[entry.value.start : entry.value.end], ""))
        lead = []
        while start < entry.value.end:
            start, end = next(waiting)
        previous = entry
    return result, lead


def chunks_text(items: list[Chunk], tail: list[str], indent: str, newline: str) -> str:
    """An array of chunks, one item a line."""
    pad = f"{indent}  "
    lines = ["["]
    for chunk in items:
        lines += [pad + comment for comment in chunk.lead]
        lines.append(f"{pad}{chunk.item},{'  ' if chunk.note else ''}{chunk.note}")
    lines += [pad + comment for comment in tail]
    return newline.join([*lines, f"{indent}]"])


def _rebuilt(source: str, old: list[Any], new: list[Any], indent: str, newline: str) -> str:
    """The array written in another order; comments go with their items, those of items gone to the end."""
    items, tail = chunks(source, *scan_value(source))
    pool: dict[object, list[Chunk]] = {}
    for item, chunk in zip(old, items, strict=True):
        pool.setdefault(identity(item), []).append(chunk)
    result: list[Chunk] = []
    for item in new:
        waiting = pool.get(identity(item))
        result.append(waiting.pop(0) if waiting else Chunk([], line_text(item), ""))
    left = [
        text
        for rest in pool.values()
        for chunk in rest
        for text in (*chunk.lead, chunk.note, *_comments(chunk.item))
    ]
    tail = [comment for comment in (*tail, *left) if comment]
    if tail or any(chunk.lead or chunk.note for chunk in result):
        return chunks_text(result, tail, indent, newline)
    written = [chunk.item for chunk in result]
    return array_text(written, indent, newline) if _spread(source) else f"[{', '.join(written)}]"


def _spread(source: str) -> bool:
    """Whether an array's items stand on several lines."""
    value = scan_value(source)[0]
    ends = [value.start + 1, *(entry.value.end for entry in value.children)]
    starts = [*(entry.value.start for entry in value.children), value.end]
    return any("\n" in source[end:start] for end, start in zip(ends, starts, strict=True))


def _line(source: str, pos: int) -> int:
    return source.rfind("\n", 0, pos) + 1


def _first_on_line(source: str, pos: int) -> bool:
    start = _line(source, pos)
    return start > 0 and not source[start:pos].strip(" \t")


def _without(source: str, index: int, newline: str) -> str:
    """The array without an item; the comments in and beside it stay."""
    value, comments = scan_value(source)
    entry, start, end = value.children[index], value.children[index].start, value.children[index].end
    follows = index + 1 < len(value.children)
    if not _spread(source) and not any(start < begin < end for begin, _ in comments):
        if follows:
            return source[:start] + source[value.children[index + 1].start :]
        if index == 0:
            return source[:start] + source[end:]
        previous = value.children[index - 1]
        return source[: previous.value.end] + source[entry.value.end :]
    line = _line(source, start)
    pad = source[line:start] if not source[line:start].strip(" \t") else ""
    kept = [source[begin:stop] for begin, stop in comments if start <= begin < end]
    stop = source.find("\n", end)
    rest = source[end:stop].strip() if stop >= 0 else source[end:]
    if rest == "" and _first_on_line(source, start):
        return source[:line] + "".join(f"{pad}{comment}{newline}" for comment in kept) + source[stop + 1 :]
    while source[end] in " \t":
        end += 1
    return source[:start] + "".join(f"{comment}{newline}{pad}" for comment in kept) + source[end:]


def _with(source: str, index: int, item: str, indent: str, newline: str) -> str:
    """The array with a written item put in at an index."""
    value = scan_value(source)[0]
    entries = value.children
    if not entries:
        close = value.end - 1
        if not _first_on_line(source, close):
            return f"[{item}]"
        line = _line(source, close)
        return f"{source[:line]}{indent}  {item},{newline}{source[line:]}"
    spread = _spread(source)
    if index == 0:
        first, line = entries[0].start, source.find("\n") + 1
        if spread and 0 < line <= first:
            return f"{source[:line]}{_pad(source, value, indent)}{item},{newline}{source[line:]}"
        return f"{source[:first]}{item}, {source[first:]}"
    previous = entries[index - 1]
    pad, end, comma = _pad(source, value, indent), previous.value.end, previous.comma
    line = source.find("\n", previous.end) + 1
    rest = source[previous.end : line].strip() if line else "]"
    if spread and (rest == "" or rest.startswith("#")):
        head = source[:line] if comma >= 0 else f"{source[:end]},{source[end:line]}"
        return f"{head}{pad}{item}{',' if comma >= 0 else ''}{newline}{source[line:]}"
    if comma >= 0:
        return f"{source[: comma + 1]} {item},{source[comma + 1 :]}"
    if spread and _first_on_line(source, previous.start):
        return f"{source[:end]},{newline}{pad}{item}{source[end:]}"
    return f"{source[:end]}, {item}{source[end:]}"


def _pad(source: str, value: Value, indent: str) -> str:
    """The indent of the array's items that begin a line."""
    for entry in value.children:
        if _first_on_line(source, entry.start):
            return source[_line(source, entry.start) : entry.start]
    return f"{indent}  "


def _change_inline(
    source: str, prefix: tuple[str, ...], old: dict[str, Any], new: dict[str, Any], newline: str
) -> Changed:
    """Pairs of an inline table set and removed; `prefix` is the part of dotted keys that leads to old and new."""
    homeless: list[str] = []
    for name in [*new, *(name for name in old if name not in new)]:
        path = (*prefix, name)
        if name in old and name in new and identity(old[name]) == identity(new[name]):
            continue
        entries = scan_value(source)[0].children
        exact = next((entry for entry in entries if entry.key == path), None)
        below = [entry for entry in entries if entry.key[: len(path)] == path]
        if exact and name in new:
            start, end = exact.value.start, exact.value.end
            value = _change_nested(source[start:end], old[name], new[name], newline)
            source = source[:start] + value.source + source[end:]
            homeless += value.homeless
        elif below and isinstance(new.get(name), dict) and new[name]:
            source, left = _change_inline(source, path, old[name], new[name], newline)
            homeless += left
        else:
            for _ in below:
                source, left = _without_pair(source, path)
                homeless += left
            if name in new:
                source = _with_pair(source, f"{'.'.join(map(key_text, path))} = {line_text(new[name])}")
    return Changed(source, homeless)


def _without_pair(source: str, path: tuple[str, ...]) -> Changed:
    """The inline table without the first pair whose key begins with a path."""
    value, comments = scan_value(source)
    entries = value.children
    index = next(place for place, entry in enumerate(entries) if entry.key[: len(path)] == path)
    if len(entries) == 1:
        return Changed("{}", _comments(source))
    if index + 1 < len(entries):
        start, end = entries[index].start, entries[index + 1].start
    else:
        start, end = entries[index - 1].value.end, entries[index].value.end
    left = [source[begin:stop] for begin, stop in comments if start <= begin < end]
    return Changed(source[:start] + source[end:], left)


def _with_pair(source: str, pair: str) -> str:
    """The inline table with a written pair after its others."""
    value = scan_value(source)[0]
    if not value.children:
        return f"{{ {pair}{source[1:] if source[1:-1].strip() else ' }'}"
    last = value.children[-1].value.end
    return f"{source[:last]}, {pair}{source[last:]}"

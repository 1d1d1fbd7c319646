"""Plain values, compared and written: the part of writing TOML that needs no position.

Comparison is by type as well as by value (`1`, `1.0` and `true` are three different things in a file), and a
value is written in the style of the literal it replaces where that style can hold it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, cast

from ...model.records.values import is_list, is_table
from .layout import Layout, Path

if TYPE_CHECKING:
    from typing_extensions import TypeIs

_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NOT_LITERAL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f']")


class PatchRefused(ValueError):  # a refusal, after which nothing has been written
    """A text was not changed, since the result would not have been what was asked for. `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Remove:
    """The type of REMOVE."""

    def __repr__(self) -> str:
        return "REMOVE"

    def __deepcopy__(self, memo: dict[int, object]) -> _Remove:
        return self


REMOVE: Final = _Remove()
"""As a new value: take the key or table away. As an old one: it is not there."""


def plain(value: object) -> Any:
    """A value as the parser would give it: enums of text as text, tuples as lists, sets as sorted lists."""
    if value is REMOVE or isinstance(value, bool | float):
        return value
    if isinstance(value, datetime | time):
        return value.replace(fold=0)
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise PatchRefused("a text holds half of a surrogate pair, which no file can hold") from None
        return value if type(value) is str else str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if is_table(value):
        if not all(isinstance(key, str) for key in cast("Iterable[object]", value)):
            raise PatchRefused("a table's key is not text")
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(plain, cast("Iterable[object]", value)), key=_sort_key)
    if isinstance(value, Iterable):
        return [plain(item) for item in cast("Iterable[object]", value)]
    raise PatchRefused(f"a value of type {type(value).__name__} cannot be written to a TOML file")


def is_dict(value: object) -> TypeIs[dict[str, Any]]:
    """Whether a value of a file is a table."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeIs[list[Any]]:
    """Whether a value of a file is an array."""
    return isinstance(value, list)


def identity(value: Any) -> tuple[Any, ...]:
    """Something hashable that is equal for two values just if a file would say the same for both."""
    if is_table(value):
        return ("table", tuple(sorted((key, identity(item)) for key, item in value.items())))
    if is_list(value):
        return ("array", tuple(map(identity, value)))
    if isinstance(value, date | time):
        return (type(value).__name__, value.isoformat())
    return (type(value).__name__, repr(value))


_EXACT = frozenset((str, int, bool))
"""Types whose values are written alike just if they are equal."""


def same(one: Any, other: Any) -> bool:
    """Whether two values would be the same in a file, types included."""
    if type(one) in _EXACT or type(other) in _EXACT or one is REMOVE or other is REMOVE:
        return type(one) is type(other) and one == other
    if is_array(one) and is_array(other):
        return len(one) == len(other) and all(map(same, one, other))
    if is_dict(one) and is_dict(other):
        return one.keys() == other.keys() and all(same(item, other[key]) for key, item in one.items())
    return identity(one) == identity(other)


def same_set(one: list[Any], other: list[Any]) -> bool:
    """Whether two arrays hold the same items, in whatever order."""
    return sorted(map(identity, one)) == sorted(map(identity, other))


def _sort_key(item: Any) -> tuple[str, Any]:
    return ("", item) if isinstance(item, str) else identity(item)


def sort_set(items: list[Any]) -> list[Any]:
    """The items of a set in their order in a file."""
    return sorted(items, key=_sort_key)


def set_order(items: list[Any]) -> list[int]:
    """The numbers of a set's items in their order in a file."""
    return sorted(range(len(items)), key=[_sort_key(item) for item in items].__getitem__)


def merge_set(old: list[Any], new: list[Any]) -> list[Any]:
    """The items of `new`: those kept in their old order, each added one before the first that sorts after it."""
    wanted = Counter(map(identity, new))
    kept: list[Any] = []
    for item in old:
        if wanted[mark := identity(item)]:
            wanted[mark] -= 1
            kept.append(item)
    added: list[Any] = []
    for item in sort_set(new):
        if wanted[mark := identity(item)]:
            wanted[mark] -= 1
            added.append(item)
    # The first kept item that sorts after another is the first at which the highest so far does.
    highest = list(accumulate(map(_sort_key, kept), max))
    places = [bisect_right(highest, _sort_key(item)) for item in added]
    merged = [(place, 0, item) for place, item in zip(places, added, strict=True)]
    merged += [(place, 1, item) for place, item in enumerate(kept)]
    return [item for _, _, item in sorted(merged, key=lambda one: one[:2])]


def get(data: Any, path: Path) -> Any:
    """The value at a path of plain data, or REMOVE where there is none."""
    for part in path:
        if is_dict(data) and isinstance(part, str):
            data = data.get(part, REMOVE)
        elif is_array(data) and isinstance(part, int) and 0 <= part < len(data):
            data = data[part]
        else:
            return REMOVE
    return data


def put(data: Any, path: Path, value: Any) -> None:
    """Set or remove the value at a path of plain data in place; tables on the way to a set value are made."""
    for depth, part in enumerate(path):
        last = depth == len(path) - 1
        if is_dict(data) and isinstance(part, str):
            if value is REMOVE and part not in data:
                return
            if not last:
                data = data.setdefault(part, {})
            elif value is REMOVE:
                del data[part]
            else:
                data[part] = value
        elif is_array(data) and isinstance(part, int) and 0 <= part < len(data):
            if not last:
                data = data[part]
            elif value is REMOVE:
                del data[part]
            else:
                data[part] = value
        elif value is REMOVE:
            return
        else:
            raise PatchRefused(f"{show(path[:depth]) or 'the file'} holds no key or item {part!r}")


def settle(data: Any, layout: Layout, path: Path = ()) -> Any:
    """A copy of a file's data with its sets sorted, so that comparing ignores their order."""
    if is_array(data) and layout.is_set(path):
        return sort_set(data)
    return _settled(data, layout.at(path))


def _settled(data: Any, own: Layout) -> Any:
    """The same for a table with a layout; what has no sets in it is handed back as it is."""
    if not own.has_sets or not is_dict(data):
        return data
    found = dict(data)
    for name in own.sorted:
        if is_array(items := found.get(name)):
            found[name] = sort_set(items)
    for name, below in own.tables:
        if name in found:
            found[name] = _settled(found[name], below)
    for name, below in own.sections:
        if below.has_sets and is_dict(entries := found.get(name)):
            found[name] = {key: _settled(entry, below) for key, entry in entries.items()}
    return found


def show(path: Path) -> str:
    """A path as a person would write it: `checklist.k7f2.text`."""
    return ".".join(key_text(part) if isinstance(part, str) else str(part) for part in path)


def key_text(part: str) -> str:
    """A key's part as it is written."""
    return part if _BARE.fullmatch(part) else scalar_text(part)


def scalar_text(value: Any) -> str:
    """A scalar on one line."""
    import tomli_w

    if isinstance(value, datetime):
        text = value.isoformat()
        return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text
    try:
        return tomli_w.dumps({"v": value})[len("v = ") : -1]
    except (TypeError, ValueError) as error:
        raise PatchRefused(f"a value cannot be written as TOML: {error}") from None


def line_text(value: Any) -> str:
    """Any value on one line, as it is inside arrays and inline tables."""
    if is_dict(value):
        pairs = ", ".join(f"{key_text(key)} = {line_text(item)}" for key, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if is_array(value):
        return f"[{', '.join(map(line_text, value))}]"
    return scalar_text(value)


def block_text(value: str, newline: str = "\n") -> str:
    '''Text between `"""`, from a line of its own.'''
    closing = '\\"' if value.endswith('"') else ""
    text = (value[:-1] if closing else value).replace("\\", "\\\\").replace('"""', '""\\"')
    text = _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return f'"""\n{text}{closing}"""'.replace("\n", newline)


def array_text(items: Iterable[str], indent: str, newline: str) -> str:
    """An array of written items, one a line."""
    lines = [f"{indent}  {item}," for item in items]
    return newline.join(["[", *lines, f"{indent}]"]) if lines else "[]"


def value_text(value: Any, key: str, layout: Layout, *, indent: str = "", newline: str = "\n") -> str:
    """A new value of a key of a table with this layout, in canonical style."""
    if isinstance(value, str):
        block = "\n" in value or (value != "" and key in layout.text)
        return block_text(value, newline) if block else scalar_text(value)
    if is_array(value) and key not in layout.inline:
        items = sort_set(value) if key in layout.sorted else value
        return array_text(map(line_text, items), indent, newline)
    return line_text(value)


def string_like(value: str, old: str, newline: str) -> str | None:
    """Text in the style of the literal it replaces; None if that is a plain string or cannot hold the text."""
    quotes = old[:3]
    if quotes not in ("'''", '"""'):
        return f"'{value}'" if old[0] == "'" and not _NOT_LITERAL.search(value) else None
    block = "\n" in value or old[3:5].startswith(("\n", "\r\n"))
    if quotes == "'''" and not _NOT_LITERAL.search(re.sub(r"[\n']", "", value)):
        if quotes not in value and not value.endswith("'"):
            return f"{quotes}{newline if block else ''}{value.replace(chr(10), newline)}{quotes}"
        return block_text(value, newline)
    text = block_text(value, newline)
    return text if block else text.replace(newline, "", 1)

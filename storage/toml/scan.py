"""Where everything is in a TOML text: statements, keys, values, items, comments.

A parser that returns plain data forgets positions, and patching a file or pointing at a line needs nothing
else. The scanner takes in a slightly larger language than TOML, so it must only be given text that the
parser has accepted. Positions are offsets in code points into `Document.text`, which has no byte-order mark.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

from .layout import Path

SCALAR, ARRAY, INLINE = "scalar", "array", "inline"
PAIR, TABLE, ELEMENT = "pair", "table", "element"

BOM = "\ufeff"

# One line, if it is a simple one: the groups are tried in this order, and `lastgroup` tells which it was.
_LINE = re.compile(
    r"""[ \t]*+(?:
      (?P<blank>\r?\n|\Z)
    | (?P<comment>\#[^\r\n]*)(?:\r?\n|\Z)
    | (?P<header>\[)
    | (?P<key>[A-Za-z0-9_-]+)[ \t]*=[ \t]*
      (?P<value>"[^"\\\n]*+"(?!")|'[^'\n]*+'(?!')|[\w+.:-]++)[ \t]*+(?P<note>\#[^\r\n]*)?(?P<simple>\r?\n|\Z)
    | (?P<other>)
    )""",
    re.VERBOSE | re.ASCII,
)
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+'""")
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_SPACE = re.compile(r"[ \t]*")
_GAP = re.compile(r"[ \t\r\n]*")
_COMMENT = re.compile(r"#[^\r\n]*")
_REST = re.compile(r"[ \t]*+(#[^\r\n]*)?(?:\r?\n|\Z)")
_SCALAR = re.compile(
    r'''"""(?:[^"\\]++|\\.|""?(?!"))*+"{3,5}'''
    r"""|\'\'\'(?:[^']++|''?(?!'))*+'{3,5}"""
    r'''|"(?:[^"\\\n]++|\\.)*+"'''
    r"""|'[^'\n]*+'"""
    r"""|[^\s,\]}#"'\[{]++(?:(?<=-\d\d)[ ]\d[^\s,\]}#]*+)?""",
    re.DOTALL,
)
_ITEM = re.compile(
    r"""("[^"\\\n]*+"(?!")|'[^'\n]*+'(?!')|[A-Za-z0-9_.:+-]++)[ \t\r\n]*+(?:(,)[ \t\r\n]*+|(?=\]))"""
)
"""A plain item of an array up to the next item, which nearly all are; what it does not match is looked at in full."""


class ScanError(ValueError):
    """The text is not TOML, or nested deeper than can be followed. Only met when a parser did not go first."""


class Value:
    """A value's span; the entries of an array or an inline table."""

    __slots__ = ("children", "end", "kind", "start")

    def __init__(self, kind: str, start: int, end: int, children: list[Entry]) -> None:
        self.kind, self.start, self.end, self.children = kind, start, end, children


class Entry:
    """An item of an array or a pair of an inline table; `comma` is where its comma is, or -1."""

    __slots__ = ("comma", "key", "start", "value")

    def __init__(self, key: tuple[str, ...], start: int, value: Value) -> None:
        self.key, self.start, self.value, self.comma = key, start, value, -1

    @property
    def end(self) -> int:
        """After the entry and its comma."""
        return self.comma + 1 if self.comma >= 0 else self.value.end


class Statement:
    """A pair or a header with the lines it fills: `start` is where the first begins, `stop` where the next would.

    `key_start` and `key_end` hold the key (a header's without brackets), `note` the comment at the end of
    the line (an empty span if there is none), `table` the path of the table it is in (a header's own).
    """

    __slots__ = ("key", "key_end", "key_start", "kind", "note", "path", "start", "stop", "table", "value")

    def __init__(self, kind: str, start: int, key: tuple[str, ...], key_span: tuple[int, int]) -> None:
        self.kind, self.start, self.key = kind, start, key
        self.key_start, self.key_end = key_span
        self.value: Value | None = None
        self.note = (start, start)
        self.stop = start
        self.table: Path = ()
        self.path: Path = ()


class Document:
    """A scanned text. `comments` are the spans of all comments in order, those inside arrays too."""

    def __init__(self, text: str) -> None:
        self.text = text.removeprefix(BOM)
        self.statements: list[Statement] = []
        self.comments: list[tuple[int, int]] = []
        try:
            self.scan()
        except RecursionError:
            raise ScanError("nested too deeply") from None

    @property
    def newline(self) -> str:
        """The line end of the first line, which stands for the file's."""
        return newline_of(self.text)

    def scan(self) -> None:
        """Finds the statements and comments of the text. Raises ScanError where it is no TOML."""
        text, comments, statements = self.text, self.comments, self.statements
        table: Path = ()
        elements: dict[Path, int] = {}
        pos, size = 0, len(text)
        while pos < size:
            line = _LINE.match(text, pos)
            assert line is not None
            kind = line.lastgroup
            if kind == "blank":
                pos = line.end()
                continue
            if kind == "comment":
                comments.append(line.span("comment"))
                pos = line.end()
                continue
            if kind == "simple":
                statement = Statement(PAIR, pos, (line["key"],), line.span("key"))
                statement.value = Value(SCALAR, *line.span("value"), [])
                if line["note"] is not None:
                    statement.note = line.span("note")
                    comments.append(statement.note)
                statement.stop = line.end()
            elif kind == "header":
                statement = self._header(pos, line.end() - 1)
                table = _resolve(statement, elements)
            else:
                key, span = self._key(line.end())
                statement = Statement(PAIR, pos, key, span)
                statement.value = self.value_at(_skip(_SPACE, text, self._expect("=", span[1])))
                self._finish(statement, statement.value.end)
            statement.table = table
            statement.path = table if kind == "header" else table + statement.key
            statements.append(statement)
            pos = statement.stop

    def _expect(self, char: str, pos: int) -> int:
        """The position after a character that must come next, spaces before it aside."""
        pos = _skip(_SPACE, self.text, pos)
        if not self.text.startswith(char, pos):
            raise ScanError(f"expected {char!r} at offset {pos}")
        return pos + len(char)

    def _finish(self, statement: Statement, pos: int) -> None:
        rest = _REST.match(self.text, pos)
        if rest is None:
            raise ScanError(f"expected the end of the line at offset {pos}")
        if rest[1] is not None:
            statement.note = rest.span(1)
            self.comments.append(statement.note)
        statement.stop = rest.end()

    def _header(self, start: int, bracket: int) -> Statement:
        double = self.text.startswith("[[", bracket)
        key, span = self._key(_skip(_SPACE, self.text, bracket + 1 + double))
        statement = Statement(ELEMENT if double else TABLE, start, key, span)
        self._finish(statement, self._expect("]]" if double else "]", span[1]))
        return statement

    def _key(self, pos: int) -> tuple[tuple[str, ...], tuple[int, int]]:
        parts = list(key_parts(self.text, pos))
        return tuple(unquote(self.text[start:end]) for start, end in parts), (pos, parts[-1][1])

    def value_at(self, pos: int) -> Value:
        """The value that begins at an offset. Raises ScanError where none does."""
        text = self.text
        opener = text[pos : pos + 1]
        if opener not in ("[", "{"):
            scalar = _SCALAR.match(text, pos)
            if scalar is None:
                raise ScanError(f"expected a value at offset {pos}")
            return Value(SCALAR, pos, scalar.end(), [])
        start = pos
        entries: list[Entry] = []
        closer = "]" if opener == "[" else "}"
        pos = self._gap(pos + 1)
        while not text.startswith(closer, pos):
            if opener == "[" and (item := _ITEM.match(text, pos)):
                entry = Entry((), pos, Value(SCALAR, pos, item.end(1), []))
                entry.comma = item.start(2)
                entries.append(entry)
                pos = item.end()
                if text.startswith("#", pos):
                    pos = self._gap(pos)
                continue
            begin, key = pos, ()
            if opener == "{":
                key, span = self._key(pos)
                pos = _skip(_SPACE, text, self._expect("=", span[1]))
            entry = Entry(key, begin, self.value_at(pos))
            entries.append(entry)
            pos = self._gap(entry.value.end)
            if text.startswith(",", pos):
                entry.comma = pos
                pos = self._gap(pos + 1)
            elif not text.startswith(closer, pos):
                raise ScanError(f"expected {closer!r} at offset {pos}")
        return Value(ARRAY if opener == "[" else INLINE, start, pos + 1, entries)

    def _gap(self, pos: int) -> int:
        """After spaces, line ends and comments."""
        text = self.text
        pos = _skip(_GAP, text, pos)
        while text.startswith("#", pos):
            end = _skip(_COMMENT, text, pos)
            self.comments.append((pos, end))
            pos = _skip(_GAP, text, end)
        return pos

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def position(self, offset: int) -> tuple[int, int]:
        """(line, column) of an offset, both from 1, the column in code points."""
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    @cached_property
    def _places(self) -> dict[Path, tuple[int, int, int]]:
        """For each path: where its key begins, and its value's span (of a table: its header or first key)."""
        places: dict[Path, tuple[int, int, int]] = {}
        for statement in self.statements:
            parts = key_parts(self.text, statement.key_start)
            if statement.value is not None:
                self._place(places, statement.table, parts, statement.value)
                continue
            place = (statement.key_start, statement.key_start, statement.key_end)
            for depth, part in enumerate(statement.path, 1):
                if isinstance(part, str):
                    place = (next(parts)[0], statement.key_start, statement.key_end)
                places.setdefault(statement.path[:depth], place)
            # A header says more about its own table than the key of a table inside it, seen before.
            places[statement.path] = place
        return places

    def _place(
        self,
        places: dict[Path, tuple[int, int, int]],
        table: Path,
        parts: Iterator[tuple[int, int]],
        value: Value,
    ) -> None:
        path = table
        for start, end in parts:
            path = (*path, unquote(self.text[start:end]))
            places.setdefault(path, (start, value.start, value.end))
        for index, entry in enumerate(value.children):
            if value.kind == INLINE:
                self._place(places, path, key_parts(self.text, entry.start), entry.value)
            else:
                item = (*path, index)
                places[item] = (entry.start, entry.start, entry.value.end)
                if entry.value.children:
                    self._place(places, item, iter(()), entry.value)

    def span(self, path: Path) -> tuple[int, int] | None:
        """The offsets of the value at a path, or of a table's header or first key; None if it is not there."""
        place = self._places.get(tuple(path))
        return place[1:] if place else None

    def where(self, path: Path) -> tuple[int, int] | None:
        """(line, column) of the key or item at a path, or of the nearest thing around it that is there.

        None if not even the first key of the path is.
        """
        path = tuple(path)
        for depth in range(len(path), 0, -1):
            if place := self._places.get(path[:depth]):
                return self.position(place[0])
        return None


def newline_of(text: str) -> str:
    """The line end of a text's first line."""
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"


def scan_value(source: str) -> tuple[Value, list[tuple[int, int]]]:
    """The value that a source begins with, and the spans of the comments in it."""
    document = Document.__new__(Document)
    document.text, document.statements, document.comments = source, [], []
    return document.value_at(0), document.comments


def key_parts(text: str, pos: int) -> Iterator[tuple[int, int]]:
    """The spans of the parts of the (dotted) key that begins at a position."""
    while True:
        part = _KEY.match(text, pos)
        if part is None:
            raise ScanError(f"expected a key at offset {pos}")
        yield part.span()
        dot = _DOT.match(text, part.end())
        if dot is None:
            return
        pos = dot.end()


def unquote(part: str) -> str:
    """A key's part as it is in the data."""
    if part[0] == "'":
        return part[1:-1]
    if part[0] == '"':
        if "\\" not in part:
            return part[1:-1]
        import tomli

        return next(iter(tomli.loads(f"{part} = 0")))
    return part


def _skip(pattern: re.Pattern[str], text: str, pos: int) -> int:
    match = pattern.match(text, pos)
    return match.end() if match else pos


def _resolve(header: Statement, elements: dict[Path, int]) -> Path:
    """A header's path, with the index of the element it is in after each array of tables."""
    path: Path = ()
    last = len(header.key) - 1
    for depth, name in enumerate(header.key):
        path = (*path, name)
        if depth == last and header.kind == ELEMENT:
            elements[path] = elements.get(path, 0) + 1
        if path in elements:
            path = (*path, elements[path] - 1)
    return path

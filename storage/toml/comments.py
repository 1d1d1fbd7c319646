"""The comments of a merged text: those that either side wrote are there, those that one side took out are not.

A comment belongs to the row that it is above, beside or inside of, and that is where it is put back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from .layout import Layout, Path
from .outline import ANCHOR, HEADER, PAIR, PLACEHOLDER, Row, anchor, outline
from .scan import Document

_ABOVE, _BESIDE, _LAST = "above", "beside", "last"


class Placed(NamedTuple):
    """A comment that a person wrote: its text, the path of its row, where it is to it, and its span."""

    text: str
    path: Path
    place: str
    row: int
    """The number of its row; the number of rows for a comment behind all of them."""
    span: tuple[int, int]


class Commented:
    """A text with its rows, and the comments on each."""

    def __init__(self, text: str, layout: Layout) -> None:
        self.document = Document(text)
        self.layout = layout
        self.rows = outline(self.document, layout)
        self.comments = list(self._placed())

    def _placed(self) -> Iterable[Placed]:
        text, number = self.document.text, 0
        for start, end in self.document.comments:
            while number < len(self.rows) and self.rows[number].stop <= start:
                number += 1
            said = text[start:end].rstrip()
            if number == len(self.rows):
                if anchor(said, self.layout) is None:
                    yield Placed(said, (), _LAST, number, (start, end))
                continue
            row = self.rows[number]
            is_in_row = row.start <= start
            if is_in_row and row.kind == PLACEHOLDER:
                said, start = row.note, start + len(said) - len(row.note)
            if said and not (is_in_row and row.kind == ANCHOR):
                is_note = is_in_row and said == row.note
                yield Placed(said, row.path, _BESIDE if is_note else _ABOVE, number, (start, end))

    def counted(self, without: Iterable[Path] = ()) -> Counter[str]:
        """How often each comment is there, but for those at or below some paths."""
        paths = tuple(without)
        return Counter(one.text for one in self.comments if not below(one.path, paths))


def below(path: Path, tops: Iterable[Path]) -> bool:
    """Whether a path is one of some, or under one of them."""
    return any(path[: len(top)] == top for top in tops)


def wanted_comments(
    base: Commented, ours: Commented, theirs: Commented, followed: Mapping[Path, Commented]
) -> Counter[str]:
    """How often each comment has to be in a merged text.

    A table that one side removed and the other changed is `followed`: it has the comments of the side that is taken.
    """
    b, m, t = (side.counted(followed) for side in (base, ours, theirs))
    wanted = Counter[str]()
    for text in {*b, *m, *t}:
        one, two = m[text], t[text]
        wanted[text] = two if one == b[text] else one if two == b[text] else max(one, two)
    for path, side in followed.items():
        wanted += Counter(one.text for one in side.comments if below(one.path, (path,)))
    return wanted


def with_comments(text: str, wanted: Counter[str], sources: Sequence[Commented], layout: Layout) -> str:
    """The text with comments put in and taken out until those are there that are wanted; `sources` have them all."""
    found = Commented(text, layout)
    missing = wanted - found.counted()
    known = {(one.path, one.text) for one in found.comments}
    # First those that are nowhere on their row; of the same words elsewhere one is as good as another.
    placed = [(source, one) for source in sources for one in source.comments]
    placed.sort(key=lambda pair: (pair[1].path, pair[1].text) in known)
    for source, one in placed:
        if missing[one.text]:
            missing[one.text] -= 1
            text = _put(text, source, one, layout)
    kept = {(one.path, one.text) for source in sources[:1] for one in source.comments}
    while True:
        found = Commented(text, layout)
        extra = found.counted() - wanted
        gone = [one for one in found.comments if extra[one.text]]
        if not gone:
            return text
        text = _without(text, min(gone, key=lambda one: (one.path, one.text) in kept))


def _put(text: str, source: Commented, one: Placed, layout: Layout) -> str:
    document = Document(text)
    text, newline = document.text, document.newline
    rows = outline(document, layout)
    target = _row(rows, one.path) if one.place != _LAST else None
    if target is not None and one.place == _BESIDE and not target.note and target.kind != ANCHOR:
        end = target.start + len(text[target.start : target.stop].rstrip())
        return f"{text[:end]}  {one.text}{text[end:]}"
    if target is not None:
        return _with_line(text, target.start, one.text, newline)
    if one.place == _LAST:
        return _with_line(text, len(text), one.text, newline)
    for earlier in reversed(source.rows[: one.row]):
        row = _row(rows, earlier.path)
        if row is not None:
            return _with_line(text, row.stop, one.text, newline)
    return _with_line(text, rows[0].start if rows else len(text), one.text, newline)


def _row(rows: Sequence[Row], path: Path) -> Row | None:
    """The row of a path: its pair or header, else its placeholder."""
    found = [row for row in rows if row.path == path]
    return min(found, key=lambda row: row.kind not in (PAIR, HEADER), default=None)


def _with_line(text: str, pos: int, line: str, newline: str) -> str:
    """The text with a line put in where a line begins, or at the end."""
    if pos == len(text) and text and not text.endswith("\n"):
        return f"{text}{newline}{line}"
    return f"{text[:pos]}{line}{newline}{text[pos:]}"


def _without(text: str, one: Placed) -> str:
    """The text without a comment, and without its line where nothing else is on it."""
    start, end = one.span
    line = text.rfind("\n", 0, start) + 1
    before = text[line:start].rstrip()
    if before:
        return text[: line + len(before)] + text[end:]
    after = text.find("\n", end)
    return text[:line] + (text[after + 1 :] if after >= 0 else "")

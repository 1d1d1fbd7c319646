"""Notes as rows: Markdown read lightly, drawn as text.

It is for reading notes in a terminal, not for rendering every corner of CommonMark: what it does not know it shows
as it was written. Each character of a text is looked at a bounded number of times, and only the beginning of a very
long text is looked at at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from .spans import Line, Span, line, wrap
from .text import clip

FIRST = 8_000
"""Characters that are shown at first of a longer text."""

_FENCE = re.compile(r"\s{0,3}(```|~~~)")
_HEADING = re.compile(r"(#{1,6})\s+(.*)$")
_ITEM = re.compile(r"(\s*)([-*+]|\d{1,9}[.)])\s+(?:\[([ xX])\]\s+)?(.*)$")
_QUOTE = re.compile(r"\s{0,3}>\s?(.*)$")
_RULE = re.compile(r"\s{0,3}([-*_])(?:\s*\1){2,}\s*$")
_TABLE_RULE = re.compile(r"\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?$")
_INLINE = re.compile(
    r"(?P<ticks>`{1,3})(?P<code>[^`]{1,1000})(?P=ticks)"
    r"|!?\[(?P<text>[^\[\]]{0,500})\]\((?P<target>[^\s()]{1,2000})\)"
    r"|<(?P<address>https?://[^\s<>]{1,2000})>"
    r"|(?P<bare>https?://[^\s<>()]{1,2000})"
    r"|\*\*(?P<strong>[^*\n]{1,500})\*\*"
    r"|(?<!\w)[*_](?P<soft>[^\s*_](?:[^*_\n]{0,500}[^\s*_])?)[*_](?!\w)"
)


@dataclass(frozen=True)
class Rendered:
    """The rows of a text, and how many characters of it they leave out."""

    lines: tuple[Line, ...]
    left_out: int = 0


def render(text: str, width: int, first: int = FIRST) -> Rendered:
    """Rows of at most `width` cells for the first characters of a text, cut at the end of a line where there is one."""
    part = text
    if len(text) > first:
        end = text.rfind("\n", 0, first)
        part = text[: end if end > 0 else first]
    rows = part.replace("\r\n", "\n").split("\n")
    return Rendered(tuple(_blocks(rows, max(8, width))), len(text) - len(part))


def _blocks(rows: Sequence[str], width: int) -> Iterator[Line]:
    at = 0
    while at < len(rows):
        end = _end(rows, at)
        yield from _block(rows[at:end], width)
        at = end


def _end(rows: Sequence[str], at: int) -> int:
    """The row behind the block that begins at a row."""
    row, end = rows[at], at + 1
    if fence := _FENCE.match(row):
        while end < len(rows) and not rows[end].lstrip().startswith(fence[1]):
            end += 1
        return end + 1
    if _HEADING.match(row) or _RULE.match(row) or _QUOTE.match(row) or not row.strip():
        return end
    if _ITEM.match(row):
        goes_on = lambda: _goes_on(rows[end]) and rows[end][:1] in " \t"  # noqa: E731  one line says it
    elif _is_table(rows[at : at + 2]):
        goes_on = lambda: "|" in rows[end]  # noqa: E731
    else:
        goes_on = lambda: _goes_on(rows[end]) and not rows[end - 1].endswith("  ")  # noqa: E731
    while end < len(rows) and goes_on():
        end += 1
    return end


def _block(rows: Sequence[str], width: int) -> Iterator[Line]:
    """A heading, a paragraph, an item, a table, or whatever the first row begins."""
    row = rows[0]
    if fence := _FENCE.match(row):
        is_closed = len(rows) > 1 and rows[-1].lstrip().startswith(fence[1])
        for inner in rows[1:-1] if is_closed else rows[1:]:
            yield from _wrapped([(inner.replace("\t", "    "), "code")], width, "  ", "  ")
    elif found := _HEADING.match(row):
        yield from _wrapped([(f"{found[1]} {found[2].rstrip('# ')}", "heading")], width)
    elif _RULE.match(row):
        yield line(("─" * min(width, 40), "quiet"))
    elif found := _QUOTE.match(row):
        yield from _wrapped([(text, look or "quiet") for text, look in inline(found[1])], width, "│ ", "│ ")
    elif found := _ITEM.match(row):
        yield from _item(found, " ".join([found[4], *(one.strip() for one in rows[1:])]), width)
    elif _is_table(rows):
        yield from _table([row, *rows[2:]], width)
    elif not row.strip():
        yield line()
    else:
        yield from _wrapped(inline(" ".join(one.strip() for one in rows)), width)


def _is_table(rows: Sequence[str]) -> bool:
    """Whether rows begin with the names of a table and the rule below them."""
    return len(rows) > 1 and "|" in rows[0] and "|" in rows[1] and bool(_TABLE_RULE.match(rows[1].strip()))


def _goes_on(row: str) -> bool:
    """Whether a row belongs to the paragraph above it."""
    starts = (_FENCE, _HEADING, _RULE, _QUOTE, _ITEM)
    return bool(row.strip()) and "|" not in row and not any(one.match(row) for one in starts)


def _item(found: re.Match[str], text: str, width: int) -> Iterator[Line]:
    indent = " " * min(len(found[1].replace("\t", "    ")), 12)
    sign = found[2] if found[2][0].isdigit() else "-"
    box = {None: "", " ": "[ ] ", "x": "[x] ", "X": "[x] "}[found[3]]
    first = f"{indent}{sign} {box}"
    yield from _wrapped(inline(text), width, first, " " * len(first))


def _wrapped(spans: Sequence[Span], width: int, first: str = "", rest: str = "") -> Iterator[Line]:
    return (Line(row) for row in wrap(spans, width, first, rest))


def _table(rows: Sequence[str], width: int) -> Iterator[Line]:
    """Columns side by side, each as wide as its widest cell as far as there is room."""
    cells = [[_plain(cell) for cell in row.strip().strip("|").split("|")] for row in rows]
    count = max(len(row) for row in cells)
    widths = [max((cell_len(row[at]) for row in cells if at < len(row)), default=0) for at in range(count)]
    room = max(count * 3, width - 2 * (count - 1))
    while sum(widths) > room:
        widest = widths.index(max(widths))
        widths[widest] = min(widths[widest] - 1, max(3, room - (sum(widths) - widths[widest])))
        if widths[widest] <= 3:
            break
    for number, row in enumerate(cells):
        parts = [clip(cell, size) for cell, size in zip(row, widths, strict=False)]
        padded = [part + " " * (size - cell_len(part)) for part, size in zip(parts, widths, strict=False)]
        yield line(("  ".join(padded).rstrip(), "" if number else "heading"))
    yield line()


def _plain(text: str) -> str:
    return line("".join(part for part, _ in inline(text.strip()))).text


def inline(text: str) -> list[Span]:
    """Code, links and emphasis inside a text; the address of a link stays readable."""
    spans: list[Span] = []
    at = 0
    for found in _INLINE.finditer(text):
        if found.start() > at:
            spans.append((text[at : found.start()], ""))
        at = found.end()
        kind = found.lastgroup
        if found["code"]:
            spans.append((found["code"], "code"))
        elif found["target"]:
            label = found["text"] or found["target"]
            spans.append((label, "link"))
            if label != found["target"]:
                spans.append((f" ({found['target']})", "quiet"))
        elif kind in ("address", "bare"):
            spans.append((found[kind], "link"))
        else:
            spans.append((found["strong"] or found["soft"], "strong"))
    if at < len(text):
        spans.append((text[at:], ""))
    return spans

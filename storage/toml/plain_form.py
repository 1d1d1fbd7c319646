"""Writing a field in the format's form that is in another one, with every word and comment of it.

`[[checklist]]` becomes `[checklist.k7f2]`, header by header, so that what is below each stays as it is. Anything
else is a value put in the place of a value.
"""

from __future__ import annotations

from typing import Any

from .layout import Layout
from .patch import patch
from .scan import ELEMENT, Document, Statement
from .values import is_dict, show

Path = tuple[str, ...]


def write_plainly(text: str, path: Path, value: Any, layout: Layout) -> str:
    """The text with the field in the format's form. PatchRefused where a word or a comment would be lost."""
    if is_dict(value):
        text = _with_keys(text, path, list(value))
    return patch(text, {path: value}, layout)


def _with_keys(text: str, path: Path, keys: list[str]) -> str:
    """The headers of an array of tables, and of the tables in it, with keys for the elements' numbers."""
    document = Document(text)
    mark = text[: len(text) - len(document.text)]
    body, depth = document.text, len(path)
    for statement in reversed(document.statements):
        place = statement.path
        if statement.value is not None or place[:depth] != path or len(place) <= depth:
            continue
        at = place[depth]
        if isinstance(at, int):
            start, end, header = _header(document, statement, (*path, keys[at]), depth)
            body = body[:start] + header + body[end:]
    return mark + body


def _header(document: Document, statement: Statement, path: Path, depth: int) -> tuple[int, int, str]:
    """Where a header's brackets and key stand, and what takes their place."""
    start = document.text.rindex("[", 0, statement.key_start)
    end = document.text.index("]", statement.key_end) + 1
    rest = statement.key[depth:]
    is_element = statement.kind == ELEMENT
    if is_element:
        start, end = start - 1, end + 1
    text = show((*path, *rest))
    return start, end, f"[[{text}]]" if is_element and rest else f"[{text}]"

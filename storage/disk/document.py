"""Whether a document holds anything, by its bytes: what is named as evidence must say something.

Only what needs no judgement is told here. An empty file, one of headings that were never filled in, and the note
that Git LFS leaves for a file that was not fetched can be told from a document; whether a document is true cannot.
"""

from __future__ import annotations

import codecs
import re

from ...model.snapshot.repository_files import FileState
from ...model.text.wording import is_placeholder

MOST_READ = 65_536
"""Bytes that are looked at: what says nothing for so long says nothing."""
LONGEST_PLACEHOLDER = 80
"""Characters; in more than that something is said, or it is no text."""

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""How texts begin that are not written in UTF-8; the longer marks first, since one begins like another."""
_LFS = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:.*\n)*?oid \w+:[0-9a-f]+\nsize (\d+)\s*\Z"
)
_MARKDOWN = (".md", ".markdown", ".mdown", ".mkd", ".qmd", ".rmd")
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_UNDERLINED = re.compile(r"^[^\n]+\n(?:=+|-{3,})[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r"^ {0,3}#{1,6}(?:[ \t].*)?$", re.MULTILINE)
_BARE = re.compile(r"(?:[-*+]|\d+[.)])(?:[ \t]*\[[ xX]?\])?|[|:\-\s]+|\*\*[^*]*\*\*:?|[>_*-]+")
"""A line of marks alone: an item or a row that was not filled in, a rule, the name of a part in bold."""


def state_of(name: str, content: bytes) -> FileState:
    """What a file's content counts as; `content` may be its beginning only."""
    pointer = _LFS.match(content)
    if pointer is not None:
        return "not fetched" if int(pointer[1]) else "empty"
    text = _text(content)
    if text is None:
        return "there"
    if _says_nothing(text):
        return "empty"
    is_outline = name.casefold().endswith(_MARKDOWN) and _says_nothing(_without_headings(text))
    return "only headings" if is_outline else "there"


def _text(content: bytes) -> str | None:
    """The content as text; None where it is none."""
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8-sig")
    # Bytes of nothing are what a file has that was made for its size.
    content = content if encoding != "utf-8-sig" else content.rstrip(b"\0")
    try:
        return codecs.getincrementaldecoder(encoding)().decode(content).replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None


def _says_nothing(text: str) -> bool:
    """Whether a text is white space, or a word such as `x`, `tbd`, `...` that stands for none."""
    text = text.strip()
    return not any(map(str.isprintable, text)) or (len(text) <= LONGEST_PLACEHOLDER and is_placeholder(text))


def _without_headings(text: str) -> str:
    for part in (_FRONT, _COMMENT, _UNDERLINED, _HEADING):
        text = part.sub("", text)
    return "\n".join(line for line in text.splitlines() if not _BARE.fullmatch(line.strip()))

"""Making text from files safe to show.

A plan may come from a stranger. Control codes, the marks that turn the direction of text around, and those that cannot
be seen at all are shown as escapes that can be read, and never reach a terminal, a page or a report as what they are.
What joins letters or emoji stays: words need it.
"""

from __future__ import annotations

import re

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff"
    "\u034f\u115f\u1160\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """The text with control characters as escapes (`\\x1b`); line feeds and tabs stay."""
    return _UNSAFE.sub(_escape, text)


def one_line(text: str) -> str:
    """The text on one line: line breaks and tabs become spaces, other control characters escapes."""
    if text.isascii() and text.isprintable():
        return text
    return visible(text.replace("\r\n", " ").replace("\n", " ").replace("\t", " "))


def typed(text: str) -> str:
    """What a person would have typed: the text on one line, without control characters."""
    lines = (line.strip() for line in text.splitlines())
    return _UNSAFE.sub("", " ".join(filter(None, lines)).replace("\t", " "))


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"

"""How much one file may hold, whatever its size: without limits a small file could keep every command busy.

A parser takes time in the square of the depth of keys, and what follows (rules, screens, reports) takes time and
memory for every value. The limits are far above what people write; a file beyond them is not read.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias, cast

_Nested: TypeAlias = dict[str, Any] | list[Any]
_NESTED = frozenset((dict, list))
DEEPEST = 8
"""Tables and arrays inside each other."""
LONGEST = 2_000
"""Items of an array."""
LONGEST_OF_TEXTS = 500
"""Items of an array of texts, such as the ids that a card needs: each is looked up, and shown."""
LONGEST_KEY = 500
"""Letters of a key."""
MOST = 20_000
"""Values, items and tables in all."""
MANY = 2_000
"""Values, items and tables above which a file must not consist of little else."""
FEW = 100
"""Values that make no file dense: cards and most other records have fewer."""
FEW_CRAMMED = 40
"""The same for a file that has hardly anything else."""
CRAMMED = 14
"""Bytes for each value below which a file has hardly anything else."""
A_TABLE = 3
"""Values that a table counts for: it is made, checked and shown."""
COMMENTS = 4
"""Lines of comments that count as a value: they are read, and laid out."""
PROSE = 20
"""Bytes in which one value makes no file dense: notes have commas, and a whole assessment has that many."""
_PER_VALUE = 5
"""Characters that each takes at least, on average: what people write has names and words."""

# Comments and strings in order of appearance, so that a quote inside one of them opens nothing.
TOKEN = re.compile(
    r"""\#[^\n]*"""
    r'''|"""(?:[^"\\]++|\\.|""?(?!"))*+(?:"{3,5}|(?P<block>\Z))'''
    r"""|\'\'\'(?:[^']++|''?(?!'))*+(?:'{3,5}|(?P<literal>\Z))"""
    r'''|"(?:[^"\\\n]++|\\[^\n])*+"'''
    r"""|'[^'\n]*+'""",
    re.DOTALL,
)
_MANY_DOTS = re.compile(rf"^(?:[^.\n]*+\.){{{DEEPEST}}}", re.MULTILINE)
_DEEP_KEY = re.compile(rf"(?<![\w-])[\w-]++(?:[ \t]*+\.[ \t]*+[\w-]++){{{DEEPEST}}}")


def too_much(text: str) -> tuple[int, str] | None:
    """Where and why a text is more than a parser should be given; it need not be TOML."""
    dots = text.count(".")
    if dots + sum(map(text.count, ",=[")) <= MANY and (dots < DEEPEST or not _MANY_DOTS.search(text)):
        return None
    bare = TOKEN.sub(lambda token: ("_" if token[0][0] != "#" else " ") * len(token[0]), text)
    if deep := _DEEP_KEY.search(bare):
        return deep.start(), f"a key of more than {DEEPEST} parts"
    values = sum(map(bare.count, ",=["))
    if values > MOST:
        return 0, f"more than {MOST:,} values"
    if values + bare.count(".") > max(MANY, len(text) / _PER_VALUE):
        return 0, f"more than {MANY:,} values, and little else"
    return None


def too_deep(value: _Nested, path: tuple[str, ...] = ()) -> str:
    """Why data is nested too deeply, or something in it too long; empty where all is well."""
    if len(path) > DEEPEST:
        return f"{'.'.join(path[:3])}… is nested more than {DEEPEST} levels deep"
    if isinstance(value, dict):
        for key, inner in value.items():
            if len(key) > LONGEST_KEY:
                return f"a key has {len(key):,} letters; {LONGEST_KEY} are read"
            # Every value of every file comes past here: parsed TOML has these very types, and no others like them.
            if type(inner) in _NESTED and (why := too_deep(cast("_Nested", inner), (*path, key))):
                return why
        return ""
    most = LONGEST_OF_TEXTS if value and isinstance(value[0], str) else LONGEST
    if len(value) > most:
        return f"{'.'.join(path)} has {len(value):,} items; {most:,} are read"
    for inner in value:
        if type(inner) in _NESTED and (why := too_deep(cast("_Nested", inner), (*path, "[]"))):
            return why
    return ""


def dense(content: bytes) -> int:
    """How many more values a file has than people write in so many bytes; counted as cheaply as can be."""
    size, comments = len(content), content.count(b"\n#")
    # A key without a value, such as `#due =`, is a comment.
    values = content.count(b",") + max(content.count(b"=") - comments, comments // COMMENTS)
    is_crammed = values > FEW_CRAMMED and values * CRAMMED > size
    values += A_TABLE * content.count(b"\n[")
    return values - size // PROSE if values > FEW or is_crammed else 0

"""Which plain words of YAML are numbers, truths or nothing: those of the core schema of YAML 1.2, and no others.

The reader's own rules take `1_000`, `0b11` and `=` for values as well, which other tools read as text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ruamel.yaml.resolver import VersionedResolver

_SCALARS: Sequence[tuple[str, str, str]] = (
    ("null", "", r"~|null|Null|NULL|"),
    ("bool", "tTfF", r"true|True|TRUE|false|False|FALSE"),
    ("int", "-+0123456789", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"),
    ("float", "-+.0123456789", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"),
    ("float", "-+.", r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"),
    # No part of the core schema, but of what tools write: a pipeline's stages share settings by it.
    ("merge", "<", r"<<"),
)
"""The end of each tag, what its words begin with, and the words (https://yaml.org/spec/1.2.2/#103-core-schema)."""


def _rules() -> Mapping[str, list[tuple[str, re.Pattern[str]]]]:
    found: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for name, firsts, words in _SCALARS:
        rule = (f"tag:yaml.org,2002:{name}", re.compile(rf"(?:{words})\Z"))
        for first in firsts or ("", "~", "n", "N"):
            found.setdefault(first, []).append(rule)
    return found


class CoreSchema(VersionedResolver):
    """Resolves plain words as the core schema has them."""

    _RULES = _rules()

    @property
    def versioned_resolver(self) -> Mapping[str, list[tuple[str, re.Pattern[str]]]]:
        """The rules, by the first letter of a word."""
        return self._RULES

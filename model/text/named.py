"""What a thing is called in a message: by its title, with the id behind it that a command needs."""

from __future__ import annotations

_LONGEST = 48
"""Characters of a title in a sentence; the id finds the rest."""


def quoted(title: str, longest: int = _LONGEST) -> str:
    """A title in quotes, cut to a part of a line."""
    return f'"{title if len(title) <= longest else title[: longest - 1].rstrip() + "…"}"'


def named(title: str, name: str) -> str:
    """A title in quotes with its id, or the id alone where there is no title."""
    return f"{quoted(title)} ({name})" if title and title != name else name


def noun(kind: str) -> str:
    """What one of a kind is called, where the kind's own name is half of that: `business requirement`."""
    return f"{kind} requirement" if kind in ("business", "technical") else kind

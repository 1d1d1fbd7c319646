"""How far a value that takes long has come, and the end of one that is not wanted any more."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, float | None], None]
"""Takes what is being worked out, and the share of it that is done where that is known. It may raise Stopped."""


class Stopped(Exception):
    """The value is not wanted any more: its work ends here, and nothing of it is kept."""


def silent(doing: str, share: float | None) -> None:
    """Progress that is not shown."""

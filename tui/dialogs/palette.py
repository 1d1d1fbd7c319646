"""Everything there is to do and to go to, in one list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from ..draw.spans import Line
from .pick import Filtered, PickItem


class Palette(Filtered[tuple[str, str]]):
    """Commands, screens and cards by a part of their name; gives the source and the key of what was chosen."""

    WORDS: ClassVar[Mapping[str, str]] = {"pick.take": "go"}

    def __init__(
        self,
        sources: Sequence[tuple[str, Sequence[PickItem]]],
        refuse: Callable[[str, str], str | None] | None = None,
    ) -> None:
        """`sources` are names with their items. `refuse` gives, for a source and a key, why it cannot be now."""
        self._places = [(source, one.key) for source, items in sources for one in items]
        numbered = [one for _, items in sources for one in items]
        super().__init__(
            "Go to, or do", [PickItem(str(at), one.label, one.detail) for at, one in enumerate(numbered)]
        )
        # The numbers that stand for keys here must not be found by typing digits.
        self._names = [
            f"{one.label} {one.detail} {place[0]}".lower()
            for one, place in zip(numbered, self._places, strict=True)
        ]
        self._refuse = refuse

    def row(self, item: PickItem, width: int) -> Line:
        """An item with the name of its source at the end."""
        source = self._places[int(item.key)][0]
        row = super().row(item, width - len(source) - 2)
        gap = " " * max(2, width - Line(row.spans).cells - len(source))
        return Line((*row.spans, (f"{gap}{source}", "quiet")), row.key)

    def take(self, key: object) -> None:
        """Closes with the place, or says why it cannot be done now."""
        if not isinstance(key, str):
            return
        source, own = self._places[int(key)]
        reason = self._refuse(source, own) if self._refuse else None
        if reason:
            self.note(".wrong", reason)
        else:
            self.dismiss((source, own))

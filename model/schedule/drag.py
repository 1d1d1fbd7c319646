"""Drag: by how many days a milestone would come earlier if one card took no work, all else in the same order.

Every critical card is taken out once. Devaux (The drag efficient, 2012) measures it on the links alone; here people
count too, so that a card which holds a person back has drag even where nothing needs it.
"""

from __future__ import annotations

from collections.abc import Collection

from .dates import Dates
from .targets import Key, Targets

MOST_PLACED = 300_000
"""Activities that are placed again to find drags before that takes too long to do unasked."""
MOST_ASKED = 10 * MOST_PLACED
"""The same where drag is what was asked for: about half a minute."""


class Drags:
    """The drag of cards of one schedule, each found when it is asked for."""

    def __init__(self, dates: Dates, targets: Targets) -> None:
        self.dates = dates
        self.targets = targets
        self._known: dict[tuple[str, Key], int] = {}

    def of(self, card: str, key: Key | None = None) -> int:
        """Half days by which a card's target, or another milestone, would end earlier without its work."""
        wanted = key or self.targets.target[card]
        if (card, wanted) not in self._known:
            self._known[card, wanted] = self._gain(card, wanted)
        return self._known[card, wanted]

    def is_small(self, cards: Collection[str], most: int = MOST_PLACED) -> bool:
        """Whether the drag of some cards is found soon enough: a pass over its part for each of them."""
        sizes = (len(self.dates.placed[name].part.source.part.tasks) for name in cards)
        return sum(sizes) <= most

    def of_card(self, card: str, target: str) -> int:
        """Half days by which another card would end earlier without the work of this one."""
        one, other = self.dates.placed[card], self.dates.placed[target]
        if one.part is not other.part:
            return 0
        return max(0, other.end - one.part.without(one.number).ends[other.number])

    def _gain(self, card: str, key: Key) -> int:
        dates = self.dates
        one = dates.placed[card]
        again = one.part.without(one.number)
        end = 0
        for name in self.targets.members[key]:
            other = dates.placed[name]
            is_beside = other.part is one.part
            end = max(end, again.ends[other.number] if is_beside else other.end)
        return max(0, self.targets.ends[key] - end)

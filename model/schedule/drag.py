"""Drag: by how many days a milestone would come earlier if one card took no work, all else in the same order.

Every critical card is taken out once. Devaux (The drag efficient, 2012) measures it on the links alone; here people
count too, so that a card which holds a person back has drag even where nothing needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .dates import Dates
from .targets import Key, Targets

Progress = Callable[[str, float | None], None]


class Drags:
    """The drag of cards of one schedule, each found when it is asked for."""

    def __init__(self, dates: Dates, targets: Targets) -> None:
        self.dates = dates
        self.targets = targets
        self._members: dict[Key, list[str]] = {}
        for name, keys in targets.leads_to.items():
            if name in dates.placed:
                for key in (*keys, (dates.placed[name].task.project, "")):
                    self._members.setdefault(key, []).append(name)
        self._known: dict[tuple[str, Key], int] = {}

    def of(self, card: str, key: Key | None = None) -> int:
        """Half days by which a card's target, or another milestone, would end earlier without its work."""
        wanted = key or self.targets.target[card]
        if (card, wanted) not in self._known:
            self._known[card, wanted] = self._gain(card, wanted)
        return self._known[card, wanted]

    def of_all(self, cards: Iterable[str], progress: Progress) -> dict[str, int]:
        """The drag of some cards; `progress` hears how far that has come, and may raise what ends it."""
        names = list(cards)
        found: dict[str, int] = {}
        for number, name in enumerate(names):
            progress("drag", number / len(names))
            found[name] = self.of(name)
        return found

    def _gain(self, card: str, key: Key) -> int:
        dates = self.dates
        one = dates.placed[card]
        again = one.part.without(one.number)
        end = 0
        for name in self._members[key]:
            other = dates.placed[name]
            is_beside = other.part is one.part
            end = max(end, again.ends[other.number] if is_beside else other.end)
        return max(0, self.targets.ends[key] - end)

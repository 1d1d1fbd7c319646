"""From commits, and what versions of cards say, to the history of each card.

A commit's own change is what its version says otherwise than the version before, or than all before in a merge; it is
laid over what the card said last, so that two branches that change different fields do not take back each other's
change. A card that gets another id, or goes to another project, is the same card: the commit removes one file and makes
one with the same content or with the same ending.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from ...model.flow.card_history import CardHistory, CardState, CardStep
from ...model.plan.ids import ending

Key = tuple[str, str]
"""Project and id of a card."""
States = Mapping[str, CardState | None]
"""What the versions say, by the names of the objects; None for one that cannot be read, nothing for one not fetched."""


class CardTouch(NamedTuple):
    """What a commit did to the file of a card."""

    key: Key
    before: tuple[str, ...]
    """Names of the versions before, one for each parent; empty where there was none."""
    after: str
    """Empty where the file was removed."""


class CardCommit(NamedTuple):
    """A commit, with what it did to cards."""

    id: str
    at: dt.datetime
    """When it was made, by its author's clock."""
    author: str
    touches: tuple[CardTouch, ...]


@dataclass
class _Card:
    """A card whose history is being put together."""

    key: Key
    steps: list[CardStep] = field(default_factory=list[CardStep])
    removed: dt.datetime | None = None
    earlier: list[str] = field(default_factory=list[str])

    def say(self, commit: CardCommit, state: CardState) -> None:
        """Adds a step where the state is another one."""
        if self.steps and self.steps[-1].state == state:
            return
        self.steps.append(CardStep(commit.at, commit.id, commit.author, state))

    def in_order(self) -> tuple[CardStep, ...]:
        """The steps with times in order: those of clocks that went wrong become that of the step before."""
        times = [one.at for one in self.steps]
        kept = _longest_rise(times)
        at = times[kept[0]]
        right = set(kept)
        found: list[CardStep] = []
        for number, one in enumerate(self.steps):
            at = one.at if number in right else at
            found.append(one if at == one.at else one._replace(at=at))
        return tuple(found)

    def settle(self, state: CardState | None, head: str) -> None:
        """Leaves out the steps of a side that a merge has decided against: the last commit says `state`."""
        if state is None or not self.steps or self.steps[-1].state == state:
            return
        same = [at for at, one in enumerate(self.steps) if one.state == state]
        if same:
            del self.steps[same[-1] + 1 :]
        else:
            last = self.steps[-1]
            self.steps.append(CardStep(last.at, head, last.author, state))


class CardSteps:
    """Takes commits, the oldest first, and gives the histories."""

    def __init__(self, states: States) -> None:
        self._states = states
        self._cards: dict[Key, _Card] = {}
        """Those that are there, or were last there, under a key."""
        self._renamed: dict[Key, Key] = {}
        """What a key that is no longer there leads to: a branch may still change the card under it."""

    def take(self, commit: CardCommit) -> None:
        """One commit."""
        gone = {one.key: one for one in commit.touches if not one.after}
        for one in commit.touches:
            if not one.after:
                continue
            card = self._card(one, gone)
            card.removed = None
            state = self._laid_over(card, one)
            if state is not None:
                card.say(commit, state)
        for key in gone:
            card = self._cards.get(key)
            if card is not None and card.removed is None:
                card.removed = commit.at

    def _card(self, touch: CardTouch, gone: dict[Key, CardTouch]) -> _Card:
        """The card that a touched file belongs to."""
        key = touch.key
        if any(touch.before):
            known = self._cards.get(key) or self._cards.get(self._last(key))
            return known or self._new(key)
        old = next((one for one in gone.values() if _is_same(one, touch)), None)
        card = self._cards.pop(old.key, None) if old is not None else None
        if old is None or card is None:
            self._renamed.pop(key, None)
            return self._cards.get(key) or self._new(key)
        del gone[old.key]
        self._renamed[old.key] = key
        self._renamed.pop(key, None)
        if old.key[1] != key[1]:
            card.earlier.append(old.key[1])
        card.key = key
        self._cards[key] = card
        return card

    def _new(self, key: Key) -> _Card:
        self._cards[key] = _Card(key)
        return self._cards[key]

    def _last(self, key: Key) -> Key:
        """The key under which a renamed card is now."""
        seen = {key}
        while (after := self._renamed.get(key)) is not None and after not in seen:
            key = after
            seen.add(key)
        return key

    def _laid_over(self, card: _Card, touch: CardTouch) -> CardState | None:
        """What a card says after a commit; None where that is not known."""
        after = self._states.get(touch.after)
        if after is None or not card.steps:
            return after
        before = [self._states.get(name) for name in touch.before if name]
        known = [one for one in before if one is not None]
        last = card.steps[-1].state
        if not known or known == [last]:
            return after
        values = (
            new if all(new != old for old in olds) else kept
            for new, kept, *olds in zip(after, last, *known, strict=True)
        )
        return CardState(*values)

    def histories(self, head: str, current: Mapping[Key, str]) -> dict[Key, CardHistory]:
        """The histories of all cards; `current` are the versions in the last commit."""
        found: dict[Key, CardHistory] = {}
        for key, card in self._cards.items():
            if key in current:
                card.removed = None
                card.settle(self._states.get(current[key]), head)
            elif card.removed is None and card.steps:
                card.removed = card.steps[-1].at
            if card.steps:
                steps, earlier = card.in_order(), tuple(dict.fromkeys(card.earlier))
                removed = max(card.removed, steps[-1].at) if card.removed is not None else None
                found[key] = CardHistory(*key, steps, removed, earlier)
        return found


def _longest_rise(times: Sequence[dt.datetime]) -> list[int]:
    """Which of some times are in order, so that as few as possible are left out (patience sorting)."""
    if all(one <= other for one, other in pairwise(times)):
        return list(range(len(times)))
    lowest: list[dt.datetime] = []
    ends: list[int] = []
    before: list[int] = []
    for number, one in enumerate(times):
        at = bisect_right(lowest, one)
        lowest[at : at + 1] = [one]
        before.append(ends[at - 1] if at else -1)
        ends[at : at + 1] = [number]
    found: list[int] = []
    number = ends[-1]
    while number >= 0:
        found.append(number)
        number = before[number]
    return found[::-1]


def _is_same(gone: CardTouch, came: CardTouch) -> bool:
    """Whether a removed file and a new one are the same card."""
    end = ending(gone.key[1])
    return came.after in gone.before or (bool(end) and end == ending(came.key[1]))

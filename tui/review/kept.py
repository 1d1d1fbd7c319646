"""What a reader has read and noted: kept at once in memory, and on disk behind."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from ...model.review.memory import Memory
from ...storage.plan.review_memory import ReviewMemory


class Kept:
    """The memory of one screen. What the disk refuses is tried again with the next change."""

    def __init__(self, on_disk: ReviewMemory) -> None:
        self.memory = Memory()
        self.is_loaded = False
        """Whether the disk has said what it has."""
        self._on_disk = on_disk
        self._unkept: list[Callable[[Memory], Memory]] = []
        """Changes that are not on the disk yet."""

    def take(self, found: Memory) -> None:
        """Takes over what the disk has."""
        self.memory, self.is_loaded = found, True

    def change(self, change: Callable[[Memory], Memory]) -> None:
        """Keeps something in memory, to be written with the next `write`."""
        self.memory = change(self.memory)
        self._unkept.append(change)

    def write(self) -> None:
        """Writes what is not kept yet. Runs on the writer's thread, while more may be added. Raises WriteRefused."""
        count = len(self._unkept)
        self._on_disk.change(lambda kept: reduce(lambda now, change: change(now), self._unkept[:count], kept))
        del self._unkept[:count]

"""Offers the rest of a path in a line that takes names of files; Right takes it. Folders are read in a thread."""

from __future__ import annotations

import asyncio

from textual.suggester import Suggester

from ...storage.disk.completion import paths_beginning


class PathSuggester(Suggester):
    """Completes the last name of a line, as long as nothing in it is quoted."""

    def __init__(self, folder: str) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._folder = folder

    async def get_suggestion(self, value: str) -> str | None:
        """The line with the first path that begins as its last name."""
        before, gap, name = value.rpartition(" ")
        if not name or any(quote in value for quote in "\"'\\"):
            return None
        found = await asyncio.to_thread(paths_beginning, self._folder, name)
        return f"{before}{gap}{found[0]}" if found and " " not in found[0] else None

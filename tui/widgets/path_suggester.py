"""Offers the rest of a path in a line that takes names of files; Right takes it.

Folders are read by the session's worker, never in a key.
"""

from __future__ import annotations

import asyncio

from textual.suggester import Suggester

from ...storage.disk.completion import paths_beginning
from ..session.session import Event
from ..session.worker import Known, Unknown, Worker


class PathSuggester(Suggester):
    """Completes the last name of a line, as long as nothing in it is quoted."""

    def __init__(self, folder: str, worker: Worker) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._folder = folder
        self._worker = worker
        self._wanted: asyncio.Future[tuple[str, ...]] | None = None

    async def get_suggestion(self, value: str) -> str | None:
        """The line with the first path that begins as its last name; nothing for a line that is out of date."""
        before, gap, name = value.rpartition(" ")
        self._find(())
        if not name or any(quote in value for quote in "\"'\\"):
            return None
        self._wanted = asyncio.get_running_loop().create_future()
        self._worker.ask(("paths", self), lambda _: paths_beginning(self._folder, name))
        found = await self._wanted
        return f"{before}{gap}{found[0]}" if found and " " not in found[0] else None

    def hear(self, event: Event) -> None:
        """Takes what the worker has found."""
        match event:
            case Known(("paths", about), found) if about is self:
                self._find(found)
            case Unknown(("paths", about), _) if about is self:
                self._find(())
            case _:
                pass

    def _find(self, found: tuple[str, ...]) -> None:
        if self._wanted is not None and not self._wanted.done():
            self._wanted.set_result(found)

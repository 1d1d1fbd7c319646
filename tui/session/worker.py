"""What is worked out or looked up while the person goes on: in threads of the session only.

A request has a key; its first part names its kind. Of a kind one is worked at, and at most one waits: the newest. One
that is out of date is dropped: its work is told to stop, and what it finds is not told.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Key = tuple[Any, ...]
"""The kind of a request, then what it is about."""
Stop = Callable[[], bool]
"""Whether it is out of date."""


@dataclass(frozen=True)
class Known:
    """What was asked for has been found out."""

    key: Key
    value: Any


@dataclass(frozen=True)
class Unknown:
    """What was asked for could not be found out."""

    key: Key
    error: Exception


@dataclass(frozen=True)
class _Request:
    key: Key
    work: Callable[[Stop], object]
    dropped: threading.Event = field(default_factory=threading.Event)


class Worker:
    """The threads that work at requests; `tell` is called from them."""

    def __init__(self, tell: Callable[[Known | Unknown], None]) -> None:
        self.tell = tell
        """Tells the screens; work that finds out one thing after another may call it."""
        self._guard = threading.Condition()
        self._running: dict[str, _Request] = {}
        self._waiting: dict[str, _Request] = {}

    def ask(self, key: Key, work: Callable[[Stop], object]) -> None:
        """Asks for what some work finds, in the place of what was asked for of its kind before."""
        kind: str = key[0]
        request = _Request(key, work)
        with self._guard:
            running = self._running.get(kind)
            self._waiting[kind] = request
            if running is not None:
                running.dropped.set()
                return
            self._running[kind] = request
        threading.Thread(target=self._run, args=(kind,), name=f"kedge-{kind}", daemon=True).start()

    def drop(self, kind: str) -> None:
        """Lets go of what was asked for of a kind."""
        with self._guard:
            self._waiting.pop(kind, None)
            if kind in self._running:
                self._running[kind].dropped.set()

    def wait(self) -> None:
        """Returns when everything asked for so far has been found out, or let go of."""
        with self._guard:
            self._guard.wait_for(lambda: not self._running)

    def close(self) -> None:
        """Lets go of everything."""
        for kind in list(self._running):
            self.drop(kind)

    @property
    def is_busy(self) -> bool:
        """Whether anything asked for has not been found out yet."""
        return bool(self._running)

    def _run(self, kind: str) -> None:
        while True:
            with self._guard:
                request = self._waiting.pop(kind, None)
                if request is None:
                    del self._running[kind]
                    self._guard.notify_all()
                    return
                self._running[kind] = request
            try:
                told: Known | Unknown = Known(request.key, request.work(request.dropped.is_set))
            except Exception as error:  # noqa: BLE001  whoever asked says what went wrong
                told = Unknown(request.key, error)
            if not request.dropped.is_set():
                self.tell(told)

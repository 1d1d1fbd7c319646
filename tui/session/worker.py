"""What is worked out or looked up while the person goes on: in threads of the session only.

A request has a key; its first part names its kind. Of a kind one is worked at, and at most one waits: the newest. One
that is out of date is dropped: its work is told to stop, and what it finds is not told. What takes long says how far it
has come.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...model.derived.progress import Stopped

Key = tuple[Any, ...]
"""The kind of a request, then what it is about."""
_BETWEEN = 0.1
"""Seconds between two reports of how far work has come, and before the first: what is done sooner says nothing."""


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
class Working:
    """What was asked for takes long: what is being worked out, and the share of it that is done, where that is known.

    The last one of a request says nothing: its work has ended, however it did.
    """

    key: Key
    doing: str = ""
    share: float | None = None


Told = Known | Unknown | Working


class Task:
    """A request that is being worked at, as its work sees it. It is the `Progress` that engines ask for."""

    def __init__(self, key: Key, work: Callable[[Task], object], *, is_kept: bool) -> None:
        self.key = key
        self.work = work
        self.is_kept = is_kept
        """Whether what it works out is of use although something newer is asked for."""
        self.dropped = threading.Event()
        self.stopped = threading.Event()
        self.has_told = False
        self._tell: Callable[[Told], None] | None = None
        self._next = 0.0

    def begin(self, tell: Callable[[Told], None]) -> None:
        """It is being worked at from now on."""
        self._tell = tell
        self._next = time.monotonic() + _BETWEEN

    def is_dropped(self) -> bool:
        """Whether what it finds is not wanted any more."""
        return self.dropped.is_set()

    def __call__(self, doing: str, share: float | None = None) -> None:
        """Says how far it has come. Raises Stopped where that need not go on."""
        if self.stopped.is_set() or (self.is_dropped() and not self.is_kept):
            raise Stopped
        if self._tell is not None and not self.is_dropped() and time.monotonic() >= self._next:
            self._next = time.monotonic() + _BETWEEN
            self.has_told = True
            self._tell(Working(self.key, doing, share))


class Worker:
    """The threads that work at requests; `tell` is called from them."""

    def __init__(self, tell: Callable[[Told], None]) -> None:
        self.tell = tell
        """Tells the screens; work that finds out one thing after another may call it."""
        self._guard = threading.Condition()
        self._running: dict[str, Task] = {}
        self._waiting: dict[str, Task] = {}

    def ask(self, key: Key, work: Callable[[Task], object], *, is_kept: bool = False) -> None:
        """Asks for what some work finds, in the place of what was asked for of its kind before.

        Work that `is_kept` goes on when something newer is asked for, because the newer one builds on it.
        """
        kind: str = key[0]
        task = Task(key, work, is_kept=is_kept)
        with self._guard:
            running = self._running.get(kind)
            self._waiting[kind] = task
            if running is not None:
                running.dropped.set()
                return
            self._running[kind] = task
        threading.Thread(target=self._run, args=(kind,), name=f"kedge-{kind}", daemon=True).start()

    def drop(self, kind: str) -> None:
        """Lets go of what was asked for of a kind, and ends the work on it."""
        with self._guard:
            self._waiting.pop(kind, None)
            running = self._running.get(kind)
            if running is not None:
                running.dropped.set()
                running.stopped.set()

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
                task = self._waiting.pop(kind, None)
                if task is None:
                    del self._running[kind]
                    self._guard.notify_all()
                    return
                self._running[kind] = task
            self._work_at(task)

    def _work_at(self, task: Task) -> None:
        task.begin(self.tell)
        found: Told | None = None
        try:
            found = Known(task.key, task.work(task))
        except Stopped:
            pass
        except Exception as error:  # noqa: BLE001  whoever asked says what went wrong
            found = Unknown(task.key, error)
        if task.has_told:
            self.tell(Working(task.key))
        if found is not None and not task.is_dropped():
            self.tell(found)

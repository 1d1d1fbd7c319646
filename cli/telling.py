"""What a person at a terminal is told while something takes long, and how Ctrl-C ends it without losing the rest."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..model.text.visible import one_line
from . import output

if TYPE_CHECKING:
    from .settings import Settings

Tell = Callable[[str, float | None], None]
"""Takes what is being done, and the share of it that is done where that is known."""
PATIENCE = 0.5
"""Seconds of work after which progress is shown."""
_PAUSE = 0.1
"""Seconds between two lines; a person reads no faster."""


@contextmanager
def told(settings: Settings, *, after: float = 0.0) -> Iterator[Tell]:
    """Tells a person at a terminal what takes so long, on one line that goes away; nothing for so many seconds."""
    if settings.quiet or not sys.stderr.isatty():
        yield lambda *_: None
        return
    from time import monotonic

    next_line = monotonic() + after

    def tell(what: str, share: float | None) -> None:
        nonlocal next_line
        if monotonic() >= next_line:
            next_line = monotonic() + _PAUSE
            done = f" {share:.0%}" if share is not None else ""
            sys.stderr.write(f"\r\x1b[K{output.shorten(one_line(what) + ' …' + done, 60)}  Ctrl-C ends it")
            sys.stderr.flush()

    try:
        yield tell
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed: the first time it only ends what goes on, the second time the command."""
    pressed = False
    try:
        before = signal.getsignal(signal.SIGINT)

        def press(number: int, frame: Any) -> None:  # noqa: ARG001  the signal's own form
            nonlocal pressed
            pressed = True
            signal.signal(signal.SIGINT, before)

        signal.signal(signal.SIGINT, press)
    except ValueError:  # not in the main thread: Ctrl-C does not come here
        yield lambda: False
        return
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, before)

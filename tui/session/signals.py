"""Leaving when the system asks, or for a while: what is queued is written, and the terminal left as it was.

A terminal that is closed takes its device away, then says so with SIGHUP, and with SIGCONT, which Textual takes for
the end of a pause: it would start anew on a device that is not there, and wait for it for ever.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable


def leave_when_asked(leave: Callable[[int], None]) -> None:
    """From now on SIGTERM and SIGHUP call `leave` on the running loop, with the exit code."""
    loop = asyncio.get_running_loop()

    def asked(number: int, _: object) -> None:
        if not _has_terminal():
            _let_go()
        with contextlib.suppress(RuntimeError):  # the loop has ended already
            loop.call_soon_threadsafe(leave, 128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None:
            # A thread beside the main one may not listen to signals.
            with contextlib.suppress(ValueError):
                signal.signal(number, asked)


def _has_terminal() -> bool:
    try:
        import termios
    except ImportError:  # Windows, where a console that is closed ends its programs itself
        return True
    try:
        termios.tcgetattr(sys.__stdin__)  # pyright: ignore[reportArgumentType]  without one it raises, too
    except (OSError, TypeError, ValueError, termios.error):
        return False
    return True


def _let_go() -> None:
    """Reads and writes nowhere from now on, so that nothing waits for a device that is gone."""
    signal.signal(signal.SIGCONT, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    os.close(nowhere)


def has_shell() -> bool:
    """Whether what started the program has the same terminal, so that it can take it and let the program go on."""
    try:
        return os.getsid(os.getppid()) == os.getsid(0)
    except (AttributeError, OSError):
        return False


def stop_all() -> None:
    """Stops the program with all that it runs in: a program between it and the shell waits for it otherwise."""
    os.kill(0, signal.SIGTSTP)

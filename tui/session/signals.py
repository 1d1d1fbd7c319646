"""Leaving when the system asks, or for a while: what is queued is written, and the terminal left as it was.

A terminal that is closed takes its device away, then says so with SIGHUP, and with SIGCONT, which Textual takes for
the end of a pause: it would start again on a device that is not there, and wait for it for ever.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable

_ASKING = ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT", "SIGABRT", "SIGALRM", "SIGUSR1", "SIGUSR2", "SIGXCPU")
"""Signals that would end the program at once, and leave the terminal to the shell as the board had it."""
HUNG_UP = 129
"""The exit code when the terminal has gone."""


def stop_at_once() -> None:
    """Until `leave_when_asked` Ctrl-C ends the program wherever it is: the plan is only being read.

    As an exception it could strike in the middle of Python's import, and leave the thread that reads the plan waiting
    for a lock that is never given back.
    """

    def stop(number: int, _: object) -> None:
        with contextlib.suppress(OSError):
            os.write(2, b"\nkedge: stopped; no file is half written\n")
        os._exit(128 + number)

    with contextlib.suppress(ValueError):  # beside the main thread nothing can be set, and nothing arrives
        signal.signal(signal.SIGINT, stop)


def leave_when_asked(leave: Callable[[int], None]) -> None:
    """From now on signals that ask to end call `leave` on the running loop, with the exit code."""
    loop = asyncio.get_running_loop()

    def asked(number: int, _: object) -> None:
        if not has_terminal():
            _let_go()
        with contextlib.suppress(RuntimeError):  # the loop has ended already
            loop.call_soon_threadsafe(leave, 128 + number)

    for name in _ASKING:
        number = getattr(signal, name, None)
        if number is not None:
            # A thread beside the main one may not listen to signals.
            with contextlib.suppress(ValueError):
                signal.signal(number, asked)


def end_on_failures(end: Callable[[Exception], object]) -> Callable[[], None]:
    """From now on an error in a thread or in a callback calls `end`; what is given back undoes that.

    It would be printed into the middle of the screen otherwise, and the board would go on without that thread.
    """

    def failed(error: BaseException | None) -> None:
        if isinstance(error, Exception):
            end(error)

    before = threading.excepthook
    threading.excepthook = lambda failure: failed(failure.exc_value)
    asyncio.get_running_loop().set_exception_handler(lambda _, context: failed(context.get("exception")))

    def undo() -> None:
        threading.excepthook = before

    return undo


def has_terminal() -> bool:
    """Whether the terminal that the program was started on is still there."""
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

"""Whether another program has a file open for writing: an editor that saves in place, a shell that appends.

Linux shows it, for files of the same user: a lease is only given on a file that no program has open for writing,
and whoever wants to open it afterwards waits until the lease is let go. A file can so be replaced without taking it
away from under an editor. Where no lease can be had (other systems, files of other people, network disks) the content
is compared, before and after.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Generator


class OpenElsewhere(Exception):
    """Another program has the file open for writing."""


@contextlib.contextmanager
def held(path: str) -> Generator[Callable[[], bool], None, None]:
    """Keeps others from opening a file for writing; what is yielded says whether one of them has tried.

    Raises OpenElsewhere, and OSError where the file cannot be opened.
    """
    if sys.platform != "linux":
        yield _not_wanted
        return
    import fcntl
    import signal

    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        try:
            # The signal of a lease that others wait for ends a process, unless it is one that is ignored.
            fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except BlockingIOError:
            raise OpenElsewhere from None
        except OSError:
            yield _not_wanted
            return
        try:
            yield lambda: fcntl.fcntl(handle, fcntl.F_GETLEASE) != fcntl.F_RDLCK
        finally:
            fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    finally:
        os.close(handle)


def is_open_elsewhere(path: str) -> bool:
    """Whether another program has a file open for writing, as far as the system shows that."""
    try:
        with held(path):
            return False
    except OpenElsewhere:
        return True
    except OSError:
        return False


def _not_wanted() -> bool:
    return False

"""One kedge writes to a plan at a time.

The lock is advisory and held on the plan's folder itself (`flock`), so that it needs no file in the work tree
and ends with the process that holds it. Git, editors and scripts do not know it: against them the content of
every file is compared before it is replaced.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Generator

from .errors import Locked, NotWritable

PATIENCE = 10.0
"""Seconds to wait for another kedge; a write takes milliseconds."""


@contextlib.contextmanager
def held(folder: str, patience: float = PATIENCE) -> Generator[bool, None, None]:
    """Holds the plan for writing; False where the system cannot keep other kedges out.

    Raises Locked where another kedge does not let go in time.
    """
    if sys.platform == "win32":
        # Windows cannot lock a folder; the comparison before each replace is what protects there.
        yield False
        return
    import fcntl

    try:
        handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise NotWritable(f"cannot open {folder}: {error.strerror}", "nothing was changed") from error
    try:
        is_alone = True
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise Locked(
                        "another kedge is writing to this plan", "nothing was changed; try again in a moment"
                    ) from None
                time.sleep(0.02)
            except OSError:
                is_alone = False
                break  # A network file system without locks: the comparison protects.
        yield is_alone
    finally:
        os.close(handle)

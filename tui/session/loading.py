"""Reading the plan in a thread, while the board's libraries are imported and the terminal is taken over."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread, Timer
from typing import TYPE_CHECKING

from ...storage.disk.errors import KedgeError

if TYPE_CHECKING:
    from ...storage.plan.workspace import Workspace

_PAINTED = 3.0
"""Seconds after which the largest of boards has been painted."""


def start_reading(root: str, barred: KedgeError | None) -> Future[Workspace]:
    """Begins to read a plan; `barred` is why it may only be read."""
    loading: Future[Workspace] = Future()

    def read() -> None:
        try:
            from ...storage.plan.workspace import Workspace

            workspace = Workspace.open(root, os.environ, barred=barred, later=_later)
        except BaseException as error:  # noqa: BLE001  it is raised again where the result is asked for
            loading.set_exception(error)
        else:
            loading.set_result(workspace)

    Thread(target=read, name="kedge-read", daemon=True).start()
    return loading


def _later(job: Callable[[], None]) -> None:
    """Does something when the board has been painted."""
    timer = Timer(_PAINTED, job)
    timer.daemon = True
    timer.start()

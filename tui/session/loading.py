"""Reading the plan in a thread, while the board's libraries are imported and the terminal is taken over."""

from __future__ import annotations

import os
from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING

from ...storage.disk.errors import KedgeError
from ...storage.disk.prefetch import Ahead

if TYPE_CHECKING:
    from ...storage.plan.workspace import Workspace


def start_reading(root: str, ahead: Ahead | None, barred: KedgeError | None) -> Future[Workspace]:
    """Begins to read; `ahead` is what a second process reads, `barred` why the plan may only be read."""
    loading: Future[Workspace] = Future()

    def read() -> None:
        try:
            from ...storage.plan.workspace import Workspace

            workspace = Workspace.open(root, os.environ, ahead=ahead, barred=barred)
        except BaseException as error:  # noqa: BLE001  it is raised again where the result is asked for
            loading.set_exception(error)
        else:
            loading.set_result(workspace)

    Thread(target=read, name="kedge-read", daemon=True).start()
    return loading

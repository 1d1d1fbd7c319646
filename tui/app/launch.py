"""The door to the board: starts to read the plan, then the terminal, and ends with everything saved."""

from __future__ import annotations

import datetime as dt
import gc
import os
import sys
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread, Timer
from typing import TYPE_CHECKING

from ...storage.disk.errors import KedgeError
from ...storage.disk.userconfig import read_config
from ...storage.disk.welcome import first_time
from ..draw.glyphs import chosen, shows_unicode
from ..keys.keymap import keymap

if TYPE_CHECKING:
    from ...storage.plan.workspace import Workspace

_PAINTED = 3.0
"""Seconds after which the largest of boards has been painted."""


def run(
    root: str,
    project: str | None,
    today: dt.date,
    ascii: bool = False,  # noqa: A002  the option's name
    barred: KedgeError | None = None,
) -> int:
    """Shows the board of a plan until the person quits; the exit code.

    `barred` is why the plan may only be read. Raises KedgeError where the plan cannot be read at all.
    """
    # Until the board stands nothing that is made is garbage; looking for it would be a third of the start.
    gc.disable()
    # The plan is read while Textual is imported and takes the terminal over.
    loading = _start_reading(root, barred)
    config = read_config(os.environ)
    keys = keymap(config.keys)
    from .app import KedgeApp

    ascii_only = ascii or config.ascii or not shows_unicode(os.environ, getattr(sys.stdout, "encoding", ""))
    app = KedgeApp(
        loading,
        today=today,
        project=project,
        keys=keys,
        glyphs=chosen(ascii_only),
        me=config.me,
        theme=config.theme,
        warnings=(*config.problems, *(f"{problem} (in {config.path})" for problem in keys.problems)),
        environment=os.environ,
        first_time=first_time(os.environ),
    )
    app.run()
    lost = app.close()
    failure = app.failure or app.crash
    if failure is None and app.return_code is None:
        failure = RuntimeError("the board has ended without being asked to")
    if failure is not None:
        raise failure
    for batch in lost:
        print(f"kedge: not saved: {batch.label} ({app.host.last_failure})", file=sys.stderr)  # noqa: T201  the board is gone
    return 3 if lost else app.return_code or 0


def _start_reading(root: str, barred: KedgeError | None) -> Future[Workspace]:
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

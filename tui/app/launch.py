"""The door to the board: starts to read the plan, then the terminal, and ends with everything saved."""

from __future__ import annotations

import datetime as dt
import gc
import os
import sys

from ...model.text.dates import day_month
from ...storage.disk.errors import KedgeError
from ...storage.disk.userconfig import read_config
from ...storage.disk.welcome import first_time
from ..draw.glyphs import chosen, shows_unicode
from ..keys.keymap import keymap
from ..session.loading import start_reading
from ..session.signals import stop_at_once


def run(
    root: str,
    project: str | None,
    today: dt.date,
    *,
    pinned: bool = False,
    ascii: bool = False,  # noqa: A002  the option's name
    barred: KedgeError | None = None,
) -> int:
    """Shows the board of a plan until the person quits; the exit code.

    `pinned`: whether the person chose what counts as today; the head then says the day. `barred` is why the plan
    may only be read. Raises KedgeError where the plan cannot be read at all.
    """
    stop_at_once()
    # Until the board is shown nothing that is made is garbage; looking for it would be a third of the start.
    gc.disable()
    # The plan is read while Textual is imported and takes the terminal over.
    loading = start_reading(root, barred)
    config = read_config(os.environ)
    keys = keymap(config.keys)
    from ..board.density import density_named
    from ..widgets.head_line import Heading
    from .app import KedgeApp

    ascii_only = ascii or config.ascii or not shows_unicode(os.environ, getattr(sys.stdout, "encoding", ""))
    app = KedgeApp(
        loading,
        today=today,
        project=project,
        keys=keys,
        glyphs=chosen(ascii_only=ascii_only),
        me=config.me,
        theme=config.theme,
        warnings=(*config.problems, *(f"{problem} (in {config.path})" for problem in keys.problems)),
        environment=os.environ,
        first_time=first_time(os.environ),
    )
    if pinned:
        app.host.heading = Heading(day=f"as of {day_month(today, today)} {today.year}")
    app.board.density = density_named(config.density)
    app.run()
    lost = app.close()
    failure = app.failure or app.crash
    if failure is None and app.return_code is None:
        failure = RuntimeError("the board has stopped by itself")
    if failure is not None:
        raise failure
    for batch in lost:
        print(f"kedge: not saved: {batch.label} ({app.host.last_failure})", file=sys.stderr)  # noqa: T201  the board is gone
    return 3 if lost else app.return_code or 0

"""The one door to the board: nothing else here knows that there are screens."""

from __future__ import annotations

import gc
import sys

import click

from ..storage.disk.errors import KedgeError
from . import context, output
from .command import Command
from .settings import Settings


def run_board(settings: Settings, root: str, barred: KedgeError | None = None) -> int:
    """Runs the board until the person leaves it; its exit code. `barred` is why the plan may only be read."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise KedgeError("the board needs a terminal", "kedge list and kedge show work without one")
    if settings.environment.get("TERM", "") == "dumb":
        raise KedgeError(
            "this terminal cannot place text on the screen (TERM=dumb)",
            "set TERM to what the terminal is, for example xterm-256color; kedge list and kedge show work here",
        )
    project = context.named_project(settings, context.project_ids(settings))
    from ..tui.app.launch import run

    gc.enable()
    return run(
        root,
        project,
        settings.today,
        pinned=bool(settings.today_text),
        ascii=settings.ascii,
        barred=barred,
    )


@click.command(cls=Command, reads=True, past=False)
@click.pass_obj
def keys(settings: Settings) -> None:
    """Print the keys of the board; those that you have changed as you have them."""
    from ..storage.disk.userconfig import read_config
    from ..tui.keys.actions import ACTIONS, GROUPS
    from ..tui.keys.keymap import key_name, keymap

    mine = read_config(settings.environment)
    known = keymap(mine.keys)
    if settings.json:
        data = [
            {
                "action": one.id,
                "keys": list(known.keys_of(one.id)),
                "label": one.label,
                "help": one.help,
                "group": one.group,
            }
            for one in ACTIONS
        ]
        output.data("keys", data)
    else:
        rows = [
            (one.group, ", ".join(map(key_name, known.keys_of(one.id))), one.help, one.id) for one in ACTIONS
        ]
        for group in GROUPS:
            output.lines(["", group] if group != GROUPS[0] else [group])
            fitting = [row[1:] for row in rows if row[0] == group]
            output.table(("KEY", "DOES", "ACTION"), fitting, settings, elastic="DOES")
    for problem in (*mine.problems, *known.problems):
        output.complain(f"kedge: {problem}")

"""What `kedge` without a command does: it opens the board, and offers to make a plan where there is none."""

from __future__ import annotations

from ..storage.disk.errors import PlanLeftOut, PlanNotFound
from . import output
from .board import run_board
from .plan_folder import barred, plan_root
from .settings import Settings


def open_board(settings: Settings) -> int:
    """Opens the board on the plan; where there is none, offers to make one. Raises KedgeError."""
    try:
        root = plan_root(settings)
    except PlanNotFound as error:
        if isinstance(error, PlanLeftOut) or not output.on_terminal():
            raise
        return _offer(settings, error)
    return run_board(settings, root, barred(settings, root))


def _offer(settings: Settings, error: PlanNotFound) -> int:
    output.complain(f"kedge: {error.message}")
    answer = output.ask(
        "Make one here (init), look at the sample (demo), or quit?", {"i": "init", "d": "demo", "q": ""}, "q"
    )
    if answer == "demo":
        from .demo import open_demo

        return open_demo(settings, into=None, opens=True)
    if answer != "init":
        return error.exit_code
    from .starting import make_plan

    return run_board(settings, make_plan(settings))

"""Reading metrics again from the files that their values came from: in the worker, and shown before it is kept."""

from __future__ import annotations

from collections.abc import Callable

from ...model.operations.measuring import Refreshed, refreshed, sources
from ...model.records.address import Address
from ...storage.disk.repository import GitProblem
from ...storage.git.head import head_commit
from ...storage.observations.dated import observe_dated
from ..dialogs.ask import Ask
from ..session.worker import Task
from .row_edits import ActsOnRow

KEY = "refresh"


def refresher(screen: ActsOnRow) -> Callable[[Task], Refreshed] | None:
    """What reads the metrics of the project again; None where none of them is read from a file."""
    plan, today, workspace = screen.plan, screen.today, screen.session.workspace
    metrics = [Address("metric", screen.project, key) for key in plan.strategy(screen.project).metrics]
    wanted = sources(plan, metrics)
    if not wanted:
        return None
    root, environment = workspace.root, workspace.environment

    def work(_: Task) -> Refreshed:
        answers = observe_dated(root, environment, list(wanted.values()), today)
        head = head_commit(root, environment)
        return refreshed(plan, wanted, answers, None if isinstance(head, GitProblem) else head, today)

    return work


def offer(screen: ActsOnRow, found: Refreshed) -> None:
    """Shows what the files say, and keeps it where the person wants that."""
    failed = [
        f"{address.id}: {why.why}{f'; {why.hint}' if why.hint else ''}"
        for address, why in found.failed.items()
    ]
    if not found.changed:
        if failed:
            screen.say("; ".join(failed), "warning")
        else:
            screen.say(f"{found.read} metrics are as their files say", "good")
        return

    def answered(answer: str) -> None:
        if answer == "t":
            screen.make(lambda: found.batch(screen.plan))

    text = "\n".join((*found.lines, *(f"not read: {one}" for one in failed)))
    options = (("t", f"take {len(found.changed)}"), ("k", "keep what the plan has"))
    screen.ask(Ask("Metrics from their files", text, options, is_long=True), answered)

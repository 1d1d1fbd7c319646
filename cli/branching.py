"""Cards in git: `start --branch` makes the branch of a card, `git card-trailer` names the card in a commit message."""

from __future__ import annotations

from collections.abc import Sequence

import click

from ..storage.disk.errors import KedgeError, PlanNotFound, WriteRefused
from ..storage.disk.repository import GitProblem
from . import context, output
from .command import Command
from .plan_folder import plan_root
from .settings import Settings


def start_on_branch(settings: Settings, ids: Sequence[str]) -> None:
    """Marks a card as in progress on a branch of its own. Raises KedgeError."""
    from ..model.edit.edits import set_status
    from ..model.plan.card_names import branch_name
    from ..storage.git.branches import is_on, make_branch

    workspace = context.open_on_demand(settings)
    cards = context.find_cards(settings, workspace.plan, ids)
    if len(cards) > 1:
        raise click.UsageError("--branch is for one card at a time")
    (card,) = cards
    name = branch_name(card.project, card.id)
    step = set_status([card], "doing") if card.status != "doing" else None
    if settings.dry_run:
        output.say(settings, f"would make the branch {name}")
        if step is not None:
            context.commit(settings, workspace, step)
        return

    def write() -> None:
        if step is not None:
            context.commit(settings, workspace, step)

    was_on = is_on(workspace.root, name, settings.environment)
    try:
        problem = make_branch(workspace.root, name, settings.environment, write)
    except KedgeError as error:
        if not was_on and is_on(workspace.root, name, settings.environment):
            error.hint = f"the branch {name} was made and could not be taken back; git switch - leaves it"
        raise
    if problem is not None:
        raise WriteRefused(f"the branch {name} was not made: {problem.message}", "nothing was written")
    output.say(settings, f"on the branch {name}")


@click.command(cls=Command)
@click.argument("file", type=click.Path(dir_okay=False))
@click.argument("source", default="")
@click.argument("commit", default="")
@click.pass_obj
def card_trailer(settings: Settings, file: str, source: str, commit: str) -> None:
    """Add the trailer `Card: ID` to a commit message, from the name of the branch: for a prepare-commit-msg hook.

    FILE is the message; SOURCE and COMMIT are what git gives the hook. A message that has the trailer, one of a merge,
    and one that is taken from another commit stay as they are.
    """
    from ..storage.git.branches import trailed_file

    del commit
    if source in ("merge", "squash", "commit"):
        return
    from ..storage.disk.scan import scan

    try:
        root = plan_root(settings)
    except PlanNotFound:
        # No commit is to fail for want of a plan.
        return
    ids = {found.address.id for found in scan(root, {"card"})[0]}
    problem = trailed_file(root, file, ids, settings.environment)
    if isinstance(problem, GitProblem):
        raise KedgeError(f"the message stays as it is: {problem.message}")

"""Bringing back what a merge has lost: what `check` finds as D107."""

from __future__ import annotations

import click

from ..storage.disk.errors import KedgeError
from . import context, output
from .command import Command
from .naming import one_of
from .settings import Settings


@click.command(cls=Command, writes=True)
@click.argument("merge", default="HEAD")
@click.argument("ids", metavar="[ID]…", nargs=-1)
@click.pass_obj
def recover(settings: Settings, merge: str, ids: tuple[str, ...]) -> None:
    """Bring back edits that a merge has lost, or a rebase, a pick or a revert.

    MERGE is its commit, as `kedge check` names it (D107); HEAD where none is written. With IDs only what was done
    to those records. It is one step: a card that is gone comes back with what was done to it, fields get the values
    that both sides together gave them, and what landed in another card is taken out of it. What was changed since the
    merge stays as it is. `kedge undo` takes it back.
    """
    from ..model.review.range_findings import is_lost
    from ..model.review.recovery import recovery
    from ..storage.disk.repository import GitProblem
    from ..storage.git.merge_results import lossy_merge_at

    workspace = context.open_workspace(settings)
    found = lossy_merge_at(workspace.root, merge, settings.environment)
    if isinstance(found, GitProblem):
        raise KedgeError(
            f"{merge}: {found.message}", "kedge check --since REV names merges that lost an edit"
        )
    edits = [edit for edit, _ in found.edits if is_lost(edit, workspace.plan)] if found else []
    known = sorted({edit.address.id for edit in edits})
    wanted = {one_of(text, "record with a lost edit", known) for text in ids} if known else set[str]()
    edits = [edit for edit in edits if not wanted or edit.address.id in wanted]
    if not edits:
        output.say(settings, f"{merge}: no edit is lost, or all are back")
        return
    context.commit(settings, workspace, recovery(workspace.plan, edits))

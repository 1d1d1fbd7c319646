"""`kedge at REV …`: any command that reads, with the plan as it was at a revision."""

from __future__ import annotations

from typing import Any

import click

from .command import Command
from .settings import Settings


@click.command(
    cls=Command,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("revision", metavar="REV")
@click.argument("words", metavar="COMMAND [ARGUMENTS]...", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_context
def at(context: click.Context, revision: str, words: tuple[str, ...]) -> Any:
    """Run a command that reads with the plan at a revision: kedge at HEAD~3 list.

    REV is a commit, a branch, a tag; A...B for the merge base of two; :base for that of the main branch and HEAD;
    :index for what is staged. The same as COMMAND --at REV.
    """
    settings = context.ensure_object(Settings)
    settings.at = revision
    parent = context.parent
    assert parent is not None
    group = parent.command
    assert isinstance(group, click.Group)
    name, command, rest = group.resolve_command(parent, list(words))
    assert command is not None
    with command.make_context(name, rest, parent=parent) as inner:
        return command.invoke(inner)

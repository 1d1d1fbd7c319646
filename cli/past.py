"""`kedge at REV …`: any command that reads, with the plan as it was at a revision."""

from __future__ import annotations

from typing import Any

import click
from click.shell_completion import CompletionItem

from .command import Command
from .revision import REVISION
from .settings import Settings


def _commands(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Completes the commands that read."""
    group = context.parent.command if context.parent is not None else None
    if not isinstance(group, click.Group) or context.params.get("words"):
        return []
    names = [name for name in group.list_commands(context) if name.startswith(incomplete)]
    found = ((name, group.get_command(context, name)) for name in names)
    return [CompletionItem(name) for name, one in found if getattr(one, "reads_past", False)]


@click.command(
    cls=Command,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("revision", metavar="REV", type=REVISION)
@click.argument(
    "words",
    metavar="COMMAND [ARGUMENTS]...",
    nargs=-1,
    required=True,
    type=click.UNPROCESSED,
    shell_complete=_commands,
)
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

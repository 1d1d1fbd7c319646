"""The family of commands about git: what it merged, and the program that it runs to merge."""

from __future__ import annotations

from importlib import import_module

import click

from .command import Group

_COMMANDS = {
    "install": "git_setup:install",
    "doctor": "git_setup:doctor",
    "fetch": "git_setup:fetch",
    "merges": "merging:merges",
    "recover": "recovering:recover",
    "card-trailer": "branching:card_trailer",
    "merge-driver": "merging:merge_driver",
}
"""Module below `cli` and attribute of each command, which is imported when it runs: git starts the driver often."""


class _Git(Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the help."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports the module of one command."""
        del ctx
        module, _, attribute = _COMMANDS.get(cmd_name, "").partition(":")
        return getattr(import_module(f".{module}", __package__), attribute) if module else None


@click.group(cls=_Git)
def git() -> None:
    """Set git up for the plan, and see what it merged."""

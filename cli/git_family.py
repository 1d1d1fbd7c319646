"""The family of `kedge git`: what a clone needs so that git and kedge work together. Each command is imported alone."""

from __future__ import annotations

from importlib import import_module

import click

from .command import Group

_COMMANDS = {
    "install": "git_setup:install",
    "doctor": "git_setup:doctor",
}
"""Module below `cli` and attribute."""


class _Family(Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the help."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports the module of one command."""
        del ctx
        module, _, attribute = _COMMANDS.get(cmd_name, "").partition(":")
        return getattr(import_module(f".{module}", __package__), attribute) if module else None


@click.group(cls=_Family, name="git")
def git() -> None:
    """Set up git for the plan: merge driver, hunk headers, hooks."""

"""A revision as an argument of a command: completed in the shell, and never empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .completing import complete_revision

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class Revision(click.ParamType):
    """What git takes for a revision; git says whether it is one."""

    name = "revision"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The same text. An empty one is most likely a variable of a script that is not set, and never meant."""
        return value or self.fail("the revision is empty: name one, or leave it out", param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Branches, tags, and what is near HEAD."""
        return complete_revision(ctx, param, incomplete)


REVISION = Revision()

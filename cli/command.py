"""Commands and families of commands: each takes the options that stand for all, before its name or after it."""

from __future__ import annotations

from typing import Any

import click

from .completing import complete_project, complete_revision
from .settings import Settings

AT = "The plan at a revision: a commit, A...B, :base (merge base with the main branch) or :index."


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    """Keeps an option that was given; one that was not never takes back what was given before the command."""
    if value not in (None, False):
        assert parameter.name is not None
        setattr(context.ensure_object(Settings), parameter.name, value)


def _option(*names: str, **attributes: Any) -> click.Option:
    return click.Option(names, expose_value=False, callback=_keep, **attributes)


def _flag(*names: str, **attributes: Any) -> click.Option:
    return _option(*names, is_flag=True, default=None, **attributes)


def shared_options(*, reads: bool, writes: bool) -> list[click.Option]:
    """The options that stand for all; `--json` where a command reads, `--dry-run` where it writes."""
    options = [
        _option("--plan", metavar="DIR", help="The plan's folder (also KEDGE_PLAN)."),
        _option(
            "--project",
            metavar="SLUG",
            shell_complete=complete_project,
            help="The project that is meant (also KEDGE_PROJECT).",
        ),
        _option("--today", "today_text", metavar="DATE", help="What counts as today."),
        _flag("--no-color", help="No colour (also NO_COLOR)."),
        _flag("-q", "--quiet", help="Say nothing but data and errors."),
        _flag("-v", "--verbose", help="Say more."),
    ]
    if writes:
        options.insert(0, _flag("--dry-run", help="Print the diff that would be made; write nothing."))
    if reads:
        options.append(_option("--at", metavar="REV", shell_complete=complete_revision, help=AT))
        options.insert(0, _flag("--json", help="Data for programs, on stdout alone."))
    return options


def _show_help(context: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001  click calls it
    if wanted and not context.resilient_parsing:
        from . import output

        output.write(context.get_help() + "\n")
        context.exit()


class _Helping(click.Command):
    """Writes its help where everything is written: there a full disk or a closed pipe is a line, and a code."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Click's option."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.callback = _show_help
        return option


class Command(_Helping):
    """A command that takes the shared options, and lists them apart from its own."""

    def __init__(
        self, *args: Any, reads: bool = False, writes: bool = False, past: bool = True, **attributes: Any
    ) -> None:
        """`past`: whether a command that reads can read the plan at another revision."""
        super().__init__(*args, **attributes)
        # A command may use a shared name for something of its own: `init --project TITLE`.
        own = {name for one in self.params for name in one.opts}
        self.shared = [
            one
            for one in shared_options(reads=reads, writes=writes)
            if not own.intersection(one.opts) and (past or "--at" not in one.opts)
        ]
        self.reads_past = reads and past
        self.reads = reads
        self.writes = writes
        self.params.extend(self.shared)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; refuses what it could not keep."""
        settings = ctx.ensure_object(Settings)
        settings.only_writes = self.writes and not self.reads
        if settings.json and not self.reads:
            raise click.UsageError(f"{ctx.info_name} has no --json", ctx)
        if settings.at == "":
            raise click.UsageError("--at needs a revision", ctx)
        if settings.at and not self.reads_past:
            what = "changes the plan" if self.writes else "does not read the plan"
            raise click.UsageError(f"{ctx.info_name} {what}, and cannot be run at another revision", ctx)
        if settings.today_text:
            _ = settings.today  # A day that is none is refused even where nothing asks for it.
        return super().invoke(ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the command's own options first."""
        own = [
            record
            for one in self.get_params(ctx)
            if isinstance(one, click.Option) and one not in self.shared
            if (record := one.get_help_record(ctx))
        ]
        if own:
            with formatter.section("Options"):
                formatter.write_dl(own)
        with formatter.section("Options of every command"):
            formatter.write_dl([record for one in self.shared if (record := one.get_help_record(ctx))])


class Group(_Helping, click.Group):
    """A family of commands; the shared options may come before the command's name too."""

    def __init__(self, *args: Any, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.params.extend(shared_options(reads=True, writes=True))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant. Raises UsageError with the nearest names."""
        name = args[0]
        command = self.get_command(ctx, name)
        if command is None and not ctx.resilient_parsing and not name.startswith("-"):
            import difflib

            near = difflib.get_close_matches(name, self.list_commands(ctx), 3, 0.6)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise click.UsageError(f"there is no command {name!r}{hint}", ctx)
        return super().resolve_command(ctx, args)

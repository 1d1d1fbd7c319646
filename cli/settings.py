"""What stands for all commands: the options that every one of them takes, before its name or after it.

The values lie in one `Settings`, which is made once per run and handed down by click as its object. Neither the
environment nor the clock is read anywhere else in this room.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import click


@dataclass
class Settings:
    """The options of a run."""

    environment: Mapping[str, str] = field(default_factory=dict)
    folder: str = "."
    """Where the person stands."""
    plan: str | None = None
    project: str | None = None
    today_text: str | None = None
    json: bool = False
    dry_run: bool = False
    no_color: bool = False
    ascii: bool = False
    quiet: bool = False
    verbose: bool = False

    @cached_property
    def today(self) -> dt.date:
        """What counts as today. Raises BadParameter where `--today` is no date."""
        real = dt.datetime.now().astimezone().date()
        if not self.today_text:
            return real
        try:
            return dt.date.fromisoformat(self.today_text)
        except ValueError:
            from ..model.text.dates import DateError, parse_date

            try:
                return parse_date(self.today_text, real)
            except DateError as error:
                raise click.BadParameter(str(error), param_hint="--today") from None

    @cached_property
    def me(self) -> str | None:
        """Who asks: `KEDGE_ME`, else what the person's own settings say."""
        from ..storage.disk.userconfig import read_config

        return self.environment.get("KEDGE_ME") or read_config(self.environment).me or None

    @property
    def color(self) -> bool:
        """Whether colour may be used at all; whether it makes sense depends on where the text goes."""
        return not self.no_color and not self.environment.get("NO_COLOR")


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    """Keeps an option that was given; one that was not never takes back what stood before the command."""
    if value not in (None, False):
        assert parameter.name is not None
        setattr(context.ensure_object(Settings), parameter.name, value)


def _option(*names: str, **attributes: Any) -> click.Option:
    return click.Option(names, expose_value=False, callback=_keep, **attributes)


def _flag(*names: str, **attributes: Any) -> click.Option:
    return _option(*names, is_flag=True, default=None, **attributes)


def shared_options(reads: bool, writes: bool) -> list[click.Option]:
    """The options that stand for all; `--json` where a command reads, `--dry-run` where it writes."""
    from .completing import complete_project

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
        options.insert(0, _flag("--json", help="Data for programs, on stdout alone."))
    return options


class Command(click.Command):
    """A command that takes the shared options, and lists them apart from its own."""

    def __init__(self, *args: Any, reads: bool = False, writes: bool = False, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        # A command may use a shared name for something of its own: `init --project TITLE`.
        own = {name for one in self.params for name in one.opts}
        self.shared = [one for one in shared_options(reads, writes) if not own.intersection(one.opts)]
        self.reads = reads
        self.writes = writes
        self.params.extend(self.shared)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; refuses what it could not keep."""
        settings = ctx.ensure_object(Settings)
        if settings.json and not self.reads:
            raise click.UsageError(f"{ctx.info_name} has no --json", ctx)
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
        with formatter.section("Options that stand for all"):
            formatter.write_dl([record for one in self.shared if (record := one.get_help_record(ctx))])


class Group(click.Group):
    """A family of commands; the shared options may stand before the command's name too."""

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

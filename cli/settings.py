"""The options of a run, in one `Settings`, which is made once and handed down by click as its object.

Neither the environment nor the clock is read anywhere else in this room.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import click


@dataclass
class Settings:
    """The options of a run."""

    environment: Mapping[str, str] = field(default_factory=dict)
    folder: str = "."
    """The current folder."""
    plan: str | None = None
    project: str | None = None
    today_text: str | None = None
    at: str | None = None
    """The revision at which the plan is read; None for the work tree."""
    json: bool = False
    dry_run: bool = False
    no_color: bool = False
    ascii: bool = False
    quiet: bool = False
    verbose: bool = False
    only_writes: bool = False
    """Whether the command that runs has no use but to change the plan."""
    held: object = None
    """What was read; it lives as long as the run, since taking ten thousand records apart takes its time."""

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
    def now(self) -> dt.datetime:
        """The moment that counts as now, in UTC; noon of the day that `--today` names."""
        real = dt.datetime.now(dt.UTC).replace(second=0, microsecond=0)
        return real if not self.today_text else dt.datetime.combine(self.today, dt.time(12), dt.UTC)

    @cached_property
    def me(self) -> str | None:
        """Who asks: `KEDGE_ME`, else what the person's own settings say."""
        from ..storage.disk.userconfig import read_config

        return self.environment.get("KEDGE_ME") or read_config(self.environment).me or None

    @property
    def color(self) -> bool:
        """Whether colour may be used at all; whether it makes sense depends on where the text goes."""
        return not self.no_color and not self.environment.get("NO_COLOR")

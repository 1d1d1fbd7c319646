"""Data files measured: their quality, into the record of a dataset, and how far one has moved from another."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from ..storage.disk.errors import KedgeError
from . import context, output
from .command import Command, Group
from .completing import ids_of
from .settings import Settings
from .telling import told

if TYPE_CHECKING:
    from ..model.plan.change import Batch
    from ..model.records.address import Address
    from ..storage.data.profiling_tables import Reading
    from ..storage.plan.workspace import Workspace

_file = click.Path()


@click.group(cls=Group)
def data() -> None:
    """Measure data files: their quality, and how far they have moved."""


def _reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say how files are read."""
    options = (
        click.option(
            "--missing",
            metavar="TEXT",
            multiple=True,
            help="A text that means no value, instead of NA, N/A, NaN, NULL, None; an empty cell always does.",
        ),
        click.option(
            "--delimiter", metavar="CHARACTER", help="What is between cells of a CSV file; or: tab."
        ),
        click.option(
            "--header/--no-header",
            default=None,
            help="Whether CSV files have a line of names; guessed if not given.",
        ),
        click.option(
            "--encoding",
            type=click.Choice(["utf-8", "utf-16", "latin-1"]),
            default="utf-8",
            show_default=True,
            help="How the characters of a CSV file are written.",
        ),
        click.option(
            "--memory", metavar="SIZE", help="Memory that may be used, such as 2GB; 600MB if not given."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _reading(
    missing: tuple[str, ...], delimiter: str | None, *, header: bool | None, encoding: str, memory: str | None
) -> Reading:
    from ..storage.data.profiling_tables import Reading

    return Reading.of(missing, delimiter or "", header=header, encoding=encoding, memory=memory or "")


# ---- profile


@data.command(cls=Command, reads=True, past=False, writes=True)
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=_file)
@click.option(
    "--dataset",
    "dataset",
    metavar="ID",
    shell_complete=ids_of("dataset"),
    help="Write the figures into this dataset's record; the change is shown, and asked for.",
)
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option(
    "--other-columns",
    is_flag=True,
    help="Write figures into the record although the file does not have the dataset's columns.",
)
@click.option(
    "--critical",
    metavar="COLUMN",
    multiple=True,
    help="A column that the project cannot do without; may be repeated.",
)
@click.option(
    "--key",
    metavar="COLUMN",
    multiple=True,
    help="The column that names a row, or several that do so together.",
)
@click.option("--date", metavar="COLUMN", help="The column whose days the dataset covers.")
@click.option(
    "--groups",
    metavar="COLUMN FILE",
    multiple=True,
    type=(str, _file),
    help="The values that must occur in a column, a line each.",
)
@click.option("--older", metavar="FILE", type=_file, help="An older file, whose groups must still occur.")
@click.option(
    "--outliers",
    type=click.Choice(["tukey", "mad"]),
    default="tukey",
    show_default=True,
    help="How outliers are found: Tukey's fences, or the distance from the median in MAD.",
)
@_reading_options
@click.pass_obj
def profile(  # noqa: PLR0913  an argument for each option
    settings: Settings,
    files: tuple[str, ...],
    dataset: str | None,
    *,
    yes: bool,
    other_columns: bool,
    critical: tuple[str, ...],
    key: tuple[str, ...],
    date: str | None,
    groups: tuple[tuple[str, str], ...],
    older: str | None,
    outliers: str,
    **reading: Any,
) -> None:
    """Measure the quality of data files: CSV, Parquet or JSON lines, of any size.

    Files with the columns of the first one are parts of one table; others are compared with it. With --dataset the
    figures go into that dataset's record.
    """
    from ..model.data.dataset_match import match_dataset
    from ..model.data.profile_findings import findings
    from ..model.text.visible import one_line
    from ..storage.data.profiling import Asked, date_column, listed_values, measure, measured_change
    from . import data_report

    for option, is_given in (
        ("--yes", yes),
        ("--dry-run", settings.dry_run),
        ("--other-columns", other_columns),
    ):
        if is_given and not dataset:
            raise click.UsageError(f"{option} needs --dataset: nothing is written without it")
    target = _target(settings, dataset) if dataset else None
    important = {*critical, *(_critical(*target) if target else ())}
    asked = Asked(outliers, key, {name: listed_values(path) for name, path in groups}, older or "")
    how = _reading(**reading)
    with told(settings) as progress:
        measured = measure(files, asked, how, progress)
    found = findings(measured, important, settings.today)
    day = date_column(measured, date or "")
    batch = match = None
    if target:
        workspace, address = target
        record: Any = workspace.plan.records[address]
        match = match_dataset(record.columns, measured.table)
        first, today = files[0], settings.today
        batch = measured_change(
            workspace.plan,
            workspace.root,
            address,
            measured,
            found,
            first,
            today,
            critical=critical,
            dates=day,
        )
    if settings.json:
        content = data_report.profile_data(measured, found, important, day)
        if target and batch and match:
            content["diff"] = target[0].preview(batch)
            content["dataset"] = data_report.match_data(target[1].id, match)
        output.data("profile", content)
    else:
        data_report.print_profile(settings, measured, found, important, day)
        if target and match and match.text:
            output.lines(["", one_line(f"{target[1].id}: {match.text}")])
    if target and batch and match:
        name = target[1].id
        if yes and not match.fits and not other_columns and not settings.dry_run:
            raise KedgeError(
                f"not written: {measured.source} does not look like {name}",
                "--other-columns writes it into this record",
            )
        question = (
            "Write this?" if match.fits else f"It does not look like {name}. Write it into that record?"
        )
        _write(settings, target[0], batch, yes=yes, question=question)


def _target(settings: Settings, text: str) -> tuple[Workspace, Address]:
    """The plan and the dataset that is meant, before anything long begins."""
    workspace = context.open_workspace(settings, {"board", "project", "dataset"})
    return workspace, context.find_of_kind(settings, workspace.plan, "dataset", text)


def _critical(workspace: Workspace, address: Address) -> set[str]:
    record: Any = workspace.plan.records[address]
    return {name for name, column in record.columns.items() if column.critical}


def _write(settings: Settings, workspace: Workspace, batch: Batch, *, yes: bool, question: str) -> None:
    """Writes the change once a person has seen it and agreed. Raises KedgeError without a terminal to ask on."""
    if settings.json and (settings.dry_run or not yes):
        output.say(settings, "not written: --yes writes it")
        return
    if not yes and not settings.dry_run and batch.changes:
        output.diff(f"\n{workspace.preview(batch)}")
        if not output.on_terminal():
            raise KedgeError(
                "the change was not written: there is no terminal to ask on",
                "--yes writes it, --dry-run only shows it",
            )
        if output.ask(question, {"y": "yes", "n": "no"}, "n") == "no":
            output.say(settings, "not written")
            return
    if settings.dry_run:
        output.lines([""])
    context.commit(settings, workspace, batch)


# ---- drift


@data.command(cls=Command, reads=True, past=False)
@click.argument("old", type=_file)
@click.argument("new", type=_file)
@click.option(
    "--matters",
    type=click.FloatRange(0, min_open=True),
    default=0.1,
    show_default=True,
    metavar="PSI",
    help="The change that would matter to you.",
)
@click.option(
    "--exit-code",
    is_flag=True,
    help="Exit with 1 where a column has drifted, is gone, empty, constant, or of another type.",
)
@click.option(
    "--cluster",
    metavar="COLUMN",
    help="Rows with the same value here come together: a session, a user, a day.",
)
@_reading_options
@click.pass_obj
def drift(
    settings: Settings,
    old: str,
    new: str,
    matters: float,
    cluster: str | None,
    *,
    exit_code: bool,
    **reading: Any,
) -> int:
    """Compare two data files column by column: has the data moved, and is that more than chance?

    A column has drifted where its stability index (PSI) is above what chance gives for so many rows, and above the
    change that matters. Beside it are the size of the effect (D of Kolmogorov-Smirnov, Cramér's V) and a test.

    Rows of one session, user or day are alike, and a thousand of them say less than a thousand independent rows: with
    --cluster the limits and tests follow from how far whole clusters differ. The moments of a date column are taken
    together by day.
    """
    from ..storage.data.profiling_drift import compare
    from . import data_report

    how = _reading(**reading)
    with told(settings) as progress:
        compared = compare(old, new, how, progress, matters, cluster)
    if settings.json:
        output.data("drift", data_report.drift_data(compared))
    else:
        data_report.print_drift(settings, compared)
    return int(exit_code and compared.has_drifted)

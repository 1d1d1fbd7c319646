"""Values of metrics and monitors: said by a person, or read from the file in which another tool keeps them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from ..model.text.visible import one_line
from ..storage.disk.errors import BadValue, KedgeError
from . import context, naming, output
from .command import Command
from .completing import ids_of
from .settings import Settings

if TYPE_CHECKING:
    from ..model.operations.observation import Observed, Unread, Where
    from ..model.records.address import Address
    from ..model.records.delivery import Monitor
    from ..storage.plan.workspace import Workspace

FROM = (
    click.option(
        "--from", "file", metavar="FILE", help="The file that has the value, from the repository's top."
    ),
    click.option(
        "--key",
        "key",
        metavar="NAME",
        multiple=True,
        help="What leads to it there, once for each level: --key val --key auc.",
    ),
    click.option("--run", metavar="RUN", help="Of MLflow: a run, experiment:NAME or model:NAME@ALIAS."),
    click.option("--row", metavar="COLUMN=VALUE", help="Of a table; the last row where it is not given."),
)


class Figure(click.ParamType):
    """A figure with a decimal point; a comma is told apart from one."""

    name = "figure"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The figure that is written there."""
        from ..model.operations.observation import Unread, cell

        found = cell(value, "VALUE") if isinstance(value, str) else float(value)
        if isinstance(found, Unread):
            self.fail(f"{found.why}{f'; {found.hint}' if found.hint else ''}", param, ctx)
        return found


def _from_options(command: Any) -> Any:
    for option in reversed(FROM):
        command = option(command)
    return command


@click.command(cls=Command, name="record", writes=True)
@click.argument("metric_id", metavar="ID", shell_complete=ids_of("metric"))
@click.argument("value", required=False, type=Figure())
@_from_options
@click.option(
    "--on",
    metavar="DATE",
    help="When it was measured; else what the file says, the day of its last commit, or today.",
)
@click.pass_obj
def record_metric(  # noqa: PLR0913  an argument for each option
    settings: Settings,
    metric_id: str,
    value: float | None,
    file: str | None,
    key: tuple[str, ...],
    run: str | None,
    row: str | None,
    on: str | None,
) -> None:
    """Record what a metric was measured at: a VALUE, or one read --from a file.

    The file may be a metrics file (JSON, YAML, TOML, CSV, TSV, JSON lines), MLflow's mlflow.db or mlruns/, DVC's
    dvc.yaml, a report of Evidently or lm-eval, results of Hugging Face. Where it is is kept, and kedge metric
    refresh reads it again.
    """
    from ..model.operations.measuring import undated

    workspace = context.open_workspace(settings)
    address = context.find_of_kind(settings, workspace.plan, "metric", metric_id)
    day = _day(settings, on)
    where, remark = _where(value, file, key, run, row), ""
    if where is None:
        assert value is not None
        fields: dict[str, object] = {"actual": value, "measured_on": day or settings.today}
    else:
        found = _found(_read(settings, workspace, [where])[0])
        fields = _measured(settings, workspace, where, found, day)
        remark = undated(where, found) if day is None else ""
    _commit(settings, workspace, {address: fields}, f"record {address.id} {_figure(fields['actual'])}")
    if remark:
        output.say(settings, f"  {remark}; --on DATE says another day")


@click.command(cls=Command, name="refresh", reads=True, writes=True)
@click.argument("ids", metavar="[ID…]", nargs=-1, shell_complete=ids_of("metric"))
@click.pass_obj
def refresh_metrics(settings: Settings, ids: tuple[str, ...]) -> int:
    """Read metrics again from the files that their values came from, as one step; --dry-run only shows it.

    The exit code is 1 where a value could not be read; it then stays as it was.
    """
    from ..model.operations.measuring import refreshed, sources

    workspace = context.open_workspace(settings)
    plan = workspace.plan
    project = context.named_project(settings, plan.projects)
    named = [context.find_of_kind(settings, plan, "metric", text) for text in ids]
    every = [one for one in naming.addresses(plan, "metric") if project in (None, one.project)]
    wanted = sources(plan, named or every)
    without = [one.id for one in named if one not in wanted]
    if without:
        raise KedgeError(
            f"{without[0]} was never read from a file",
            f"kedge metric record {without[0]} --from FILE --key NAME",
        )
    answers = _read(settings, workspace, list(wanted.values()))
    found = refreshed(plan, wanted, answers, _head(settings, workspace), settings.today)
    for address, why in found.failed.items():
        output.complain(f"kedge: {address.id}: {_one(why)}")
    if not wanted:
        output.say(settings, "no metric is read from a file: kedge metric record ID --from FILE --key NAME")
    elif not found.changed and not found.failed:
        output.say(settings, f"{found.read} metrics are as their files say")
    if settings.json:
        output.data(
            "refreshed",
            [{"id": one.id, "project": one.project, **_plain(each)} for one, each in found.changed.items()],
        )
    elif found.lines:
        output.lines(found.lines)
    if found.changed:
        context.commit(settings, workspace, found.batch(plan))
    return int(bool(found.failed))


@click.command(cls=Command, name="record", writes=True)
@click.argument("monitor_id", metavar="ID", shell_complete=ids_of("monitor"))
@click.argument("value", required=False, type=Figure())
@_from_options
@click.option(
    "--at",
    metavar="MOMENT",
    help="When it was read, in UTC: 2026-11-30T05:30; now where it is not given.",
)
@click.option("--events", type=click.IntRange(min=0), metavar="N", help="How many events it was taken from.")
@click.pass_obj
def record_monitor(  # noqa: PLR0913  an argument for each option
    settings: Settings,
    monitor_id: str,
    value: float | None,
    file: str | None,
    key: tuple[str, ...],
    run: str | None,
    row: str | None,
    at: str | None,
    events: int | None,
) -> int:
    """Record a reading of a monitor: a VALUE, or one read --from a file; says what its limit makes of it.

    Once a monitor was read from a file, its place is known: kedge monitor record ID reads it again. The exit code
    is 1 where the monitor fires.
    """
    from ..model.operations.limits import Reading, unread_limit, why_not_judged
    from ..model.operations.measuring import kept, source_of
    from ..model.operations.readings import add_reading, judged_with

    workspace = context.open_workspace(settings)
    address = context.find_of_kind(settings, workspace.plan, "monitor", monitor_id)
    monitor = _monitor(workspace, address)
    where = _where(value, file, key, run, row) if value is not None or file else source_of(monitor)
    if where is None and value is None:
        raise click.UsageError("a VALUE, or --from FILE --key NAME, is needed")
    moment = _moment(settings, at)
    proof: dict[str, object] = {}
    source: dict[str, object] = {}
    if where is not None:
        found = _found(_read(settings, workspace, [where])[0])
        value, moment = found.value, moment or _not_ahead(settings, where, found)
        source = kept(where)
        proof = {"commit": _head(settings, workspace), "hash": found.digest or None}
    assert value is not None
    reading = Reading(value, moment or settings.now, events)
    batch = add_reading(workspace.plan, monitor, reading, settings.today, proof, source)
    verdict = judged_with(monitor, reading, settings.today)
    context.commit(settings, workspace, batch)
    if verdict is not None:
        output.say(settings, f"{address.id}: {verdict.verdict}: {verdict.why}")
    else:
        output.say(settings, f"{address.id}: not judged: {why_not_judged(monitor, unread_limit(monitor))}")
    return int(verdict is not None and verdict.verdict == "fired")


@click.command(cls=Command, name="objective", writes=True)
@click.argument("monitor_id", metavar="ID", shell_complete=ids_of("monitor"))
@click.argument("file", metavar="FILE")
@click.argument("name", metavar="[NAME]", required=False)
@click.pass_obj
def monitor_objective(settings: Settings, monitor_id: str, file: str, name: str | None) -> None:
    """Take over an objective and its window from a FILE of OpenSLO, Sloth or Pyrra."""
    from ..model.operations.observation import Unread
    from ..storage.disk.repository_files import repository
    from ..storage.observations.slo import objectives

    workspace = context.open_workspace(settings)
    address = context.find_of_kind(settings, workspace.plan, "monitor", monitor_id)
    found = objectives(repository(workspace.root), file)
    if isinstance(found, Unread):
        raise BadValue(_one(found), found.hint)
    names = [one.name for one in found]
    if name is None and len(found) > 1:
        raise BadValue(f"{file} has {len(found)} objectives", f"say which: {', '.join(map(one_line, names))}")
    wanted = next((one for one in found if name in (None, one.name)), None)
    if wanted is None:
        raise BadValue(f"{file} has no objective {name!r}", f"there are: {', '.join(map(one_line, names))}")
    if wanted.share is None:
        raise BadValue(f"{file}: {one_line(wanted.name)}: {wanted.why}")
    fields: dict[str, object] = {"objective": wanted.share}
    if wanted.days is not None:
        fields["objective_days"] = wanted.days
    _commit(settings, workspace, {address: fields}, f"take the objective of {address.id} from {file}")
    if wanted.days is None:
        output.say(
            settings, "  the file names no window: 30 days count, unless objective_days says otherwise"
        )


# ---- what is asked for, and what was found


def _where(
    value: float | None, file: str | None, key: tuple[str, ...], run: str | None, row: str | None
) -> Where | None:
    """Where a value is to be read; None where it was said."""
    from ..model.operations.observation import Where

    if (value is None) == (file is None):
        raise click.UsageError("either a VALUE or --from FILE is needed")
    if file is None:
        if key or run or row:
            raise click.UsageError("--key, --run and --row go with --from FILE")
        return None
    if row is not None and "=" not in row:
        raise click.UsageError(f"--row wants COLUMN=VALUE, not {row!r}")
    return Where(file, key, run or "", row or "")


def _read(settings: Settings, workspace: Workspace, wanted: list[Where]) -> list[Observed | Unread]:
    from ..storage.observations.dated import observe_dated

    return observe_dated(workspace.root, settings.environment, wanted, settings.today)


def _found(answer: Observed | Unread) -> Observed:
    from ..model.operations.observation import Unread

    if isinstance(answer, Unread):
        raise BadValue(answer.why, answer.hint)
    return answer


def _measured(
    settings: Settings, workspace: Workspace, where: Where, found: Observed, day: dt.date | None
) -> dict[str, object]:
    """The fields of a metric with a value that was read. Raises BadValue where they do not fit."""
    from ..model.operations.measuring import measured
    from ..model.operations.observation import Unread

    fields = measured(where, found, _head(settings, workspace), settings.today, day)
    if isinstance(fields, Unread):
        raise BadValue(fields.why, fields.hint)
    return fields


def _head(settings: Settings, workspace: Workspace) -> str | None:
    """The commit at which files are read; None where there is none."""
    from ..storage.disk.repository import GitProblem, Reason
    from ..storage.git.head import head_commit

    found = head_commit(workspace.root, settings.environment)
    if not isinstance(found, GitProblem):
        return found
    if not found.is_expected and found.reason is not Reason.BAD_REVISION:
        output.say(settings, f"kedge: kept without the commit that it was read at: {found.message}")
    return None


def _one(answer: Unread) -> str:
    return f"{answer.why}; {answer.hint}" if answer.hint else answer.why


def _figure(value: object) -> str:
    from ..model.text.figure import written

    return "nothing" if value is None else written(value) if isinstance(value, int | float) else str(value)


def _plain(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: one.isoformat() if isinstance(one, dt.date) else one for name, one in fields.items()}


def _day(settings: Settings, text: str | None) -> dt.date | None:
    from ..model.text.dates import parse_date

    day = parse_date(text, settings.today) if text else None
    if day is not None and day > settings.today:
        raise BadValue(f"--on {day} is ahead", "a value is measured before it is recorded")
    return day


def _moment(settings: Settings, text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise BadValue(f"--at {text!r} is not a point in time", "such as 2026-11-30T05:30, in UTC") from None
    found = found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found.astimezone(dt.UTC)
    if found > settings.now:
        raise BadValue(f"--at {text} is ahead", "a reading is made before it is recorded")
    return found


def _not_ahead(settings: Settings, where: Where, found: Observed) -> dt.datetime | None:
    """The moment of a value that was read. Raises BadValue where a file names one that has not come yet."""
    at = found.at
    if at is not None and at > settings.now:
        if found.is_by_commit:
            return settings.now
        raise BadValue(
            f"{one_line(where.file)} says that it was read on {at:%Y-%m-%d %H:%M}, which is ahead",
            "--at MOMENT says when it was",
        )
    return at


def _monitor(workspace: Workspace, address: Address) -> Monitor:
    from typing import cast

    return cast("Monitor", workspace.plan.records[address])


def _commit(
    settings: Settings, workspace: Workspace, changes: Mapping[Address, Mapping[str, object]], label: str
) -> None:
    from ..model.operations.measuring import set_fields

    context.commit(settings, workspace, set_fields(workspace.plan, changes, label))

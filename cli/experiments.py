"""`kedge experiment size` and `read`: how large a live test must be, and what its counts say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from ..storage.disk.errors import BadValue, PlanNotFound
from . import context, fields, output
from .command import Command
from .completing import assignments_of
from .settings import Settings
from .text import wrapped

if TYPE_CHECKING:
    from ..model.operations.experiments import ExperimentSize, Trial
    from ..model.operations.reading import Effect, ExperimentRead
    from ..model.plan.change import Path
    from ..model.plan.plan import Plan
    from ..model.records.address import Address
    from ..model.records.delivery import Experiment
    from ..storage.plan.workspace import Workspace


@click.command(cls=Command, name="size", reads=True, writes=True)
@click.argument(
    "words", metavar="[ID] [FIELD=VALUE]...", nargs=-1, shell_complete=assignments_of("experiment")
)
@click.option(
    "--relative", type=float, metavar="SHARE", help="The smallest effect as a share of the baseline."
)
@click.option("--write", is_flag=True, help="Keep the size, the days and what was tried in the plan.")
@click.option("--explain", is_flag=True, help="Show the arithmetic.")
@click.pass_obj
def size(
    settings: Settings, words: tuple[str, ...], *, relative: float | None, write: bool, explain: bool
) -> None:
    """Say how many units and days a live test takes, from its record; FIELD=VALUE tries another value.

    Without an ID no plan is needed: kedge experiment size baseline=0.2 smallest_effect=0.05 per_day=500. Metrics
    of success share the level, guardrails with a margin share the power; the largest size decides.
    """
    ids, assignments = fields.split(words)
    if write and not ids:
        raise click.UsageError("--write needs the ID of an experiment")
    workspace = context.open_workspace(settings) if write else None
    trial, address, values = _trial(settings, workspace, ids, assignments)
    found = _sized(trial, relative)
    if workspace is not None and address is not None:
        _keep_size(settings, workspace, address, values, found)
    elif settings.json:
        output.data("experiment size", size_data(found))
    else:
        output.lines(_size_lines(found, explain=explain))


def _sized(trial: Trial, relative: float | None) -> ExperimentSize:
    from ..model.operations.experiments import experiment_size

    try:
        return experiment_size(trial, relative=relative)
    except ValueError as wrong:
        raise BadValue(str(wrong)) from None


def _trial(
    settings: Settings,
    workspace: Workspace | None,
    ids: Sequence[str],
    assignments: Sequence[fields.Assignment],
    *,
    counts: bool = False,
) -> tuple[Trial, Address | None, dict[Path, object]]:
    """The experiment with the typed values in it, its address (None where it is in no plan), and these values."""
    from ..model.edit import edits
    from ..model.operations.experiments import Trial
    from ..model.records.delivery import Experiment

    if len(ids) > 1:
        raise click.UsageError("one experiment is enough")
    plan, places = _plan(settings, workspace, needed=bool(ids))
    reader = fields.Reader(plan, settings.today, places)
    if not ids:
        record = Experiment(title="a test")
        return (
            Trial(_with(record, reader.values("experiment", Experiment, record, "", assignments)), {}),
            None,
            {},
        )
    address = context.find_of_kind(settings, plan, "experiment", ids[0])
    record = plan.get(address)
    assert isinstance(record, Experiment)
    if counts:
        assignments = [each for one in assignments for each in _counted(record, one)]
    values = reader.values("experiment", Experiment, record, address.project, assignments)
    batch = edits.edit(plan, address, values)
    after = batch.changes[0].after if batch.changes else record
    assert isinstance(after, Experiment)
    return Trial.of(plan, after), address, values


def _plan(settings: Settings, workspace: Workspace | None, *, needed: bool) -> tuple[Plan, tuple[str, ...]]:
    from ..model.plan.plan import Plan

    if workspace is not None:
        return workspace.plan, context.places(workspace.files)
    try:
        loaded = context.read(settings)
    except PlanNotFound:
        if needed or settings.plan:
            raise
        return Plan({}), ()
    return loaded.plan, context.places(loaded.files)


def _with(record: Experiment, values: dict[Path, object]) -> Experiment:
    """A record of no plan, with typed values. Raises BadValue."""
    from ..model.plan.change import MISSING, set_path
    from ..model.plan.validate import InvalidValues, parse
    from ..model.records.base import to_data
    from ..model.records.delivery import Experiment

    data = to_data(record)
    for path, value in values.items():
        if value is not MISSING:
            set_path(data, path, value)
    try:
        found = parse("experiment", "", "", data)
    except InvalidValues as wrong:
        raise BadValue(str(wrong)) from None
    assert isinstance(found, Experiment)
    return found


def _keep_size(
    settings: Settings,
    workspace: Workspace,
    address: Address,
    values: dict[Path, object],
    found: ExperimentSize,
) -> None:
    from ..model.edit.edits import edit

    if not found.per_arm:
        raise BadValue(f"{address.id}: not attainable: {found.why}", "nothing was written")
    sizes: dict[Path, object] = {
        ("sample_size",): found.per_arm[0],
        ("smallest_effect",): found.said,
    }
    if found.days is not None:
        sizes["days",] = found.days
    batch = edit(workspace.plan, address, {**values, **sizes}, f"size of {address.id}")
    days = f", {found.days} days" if found.days is not None else ""
    context.commit(
        settings, workspace, batch, f"{address.id}: {found.per_arm[0]:,} units in {found.arms[0]}{days}"
    )


def _size_lines(found: ExperimentSize, *, explain: bool) -> Iterator[str]:
    from ..model.text.figure import written

    relative = f", {100 * found.relative:+.3g} % of the baseline" if found.relative is not None else ""
    yield f"Smallest effect  {found.absolute:+.4g}{relative}"
    yield f"Power            {written(found.power)} at level {written(found.level)}"
    for name, count in zip(found.arms, found.per_arm, strict=False):
        yield f"  {name}: {written(count)} units"
    if found.per_arm:
        yield f"Total            {written(found.total)} units"
    if found.why:
        yield from wrapped(f"Not attainable: {found.why}", "  ")
    elif found.days is not None:
        yield f"Duration         {found.days} days"
    for note in found.notes:
        yield from wrapped(note, "  ")
    if explain:
        for name, part in found.parts:
            yield f"{name}:"
            yield from (f"  {line}" for line in part.lines())


def size_data(found: ExperimentSize) -> dict[str, Any]:
    """The size for programs."""
    return {
        "arms": list(found.arms),
        "per_arm": list(found.per_arm),
        "total": found.total if found.per_arm else None,
        "days": found.days,
        "attainable": not found.why,
        "why": found.why,
        "effect": {"absolute": found.absolute, "relative": found.relative},
        "power": found.power,
        "level": found.level,
        "notes": list(found.notes),
        "steps": [line for _, part in found.parts for line in part.lines()],
    }


# ---- reading


@click.command(cls=Command, name="read", reads=True, writes=True)
@click.argument(
    "words", metavar="ID [ARM=EVENTS/UNITS]...", nargs=-1, shell_complete=assignments_of("experiment")
)
@click.option("--write", is_flag=True, help="Record the result also where no counts are given.")
@click.pass_obj
def read(settings: Settings, words: tuple[str, ...], *, write: bool) -> int:
    """Read the result of a live test from its counts: split first, then effect, guardrails, verdict.

    Counts that are given are kept with the result, as one step: kedge experiment read holdout-test
    contact=2406/11912 hold-out=2636/11874 contact.complaint-rate=24 hold-out.complaint-rate=19. ARM.units,
    ARM.events and ARM.total say them one by one. --dry-run shows what would be written. The exit code is 1 where
    the split is not as planned, the change is worse, or a guardrail was not shown to hold at the end.
    """
    from ..model.operations.reading import read_experiment

    ids, assignments = fields.split(words)
    if not ids:
        raise click.UsageError("which experiment? kedge experiment list")
    writes = write or bool(assignments) or settings.dry_run
    workspace = context.open_workspace(settings) if writes else None
    trial, address, values = _trial(settings, workspace, ids, assignments, counts=True)
    try:
        found = read_experiment(trial, settings.today)
    except ValueError as wrong:
        raise BadValue(f"{trial.record.id}: {wrong}") from None
    if settings.json:
        output.data("experiment read", read_data(found))
    else:
        output.lines(_read_lines(found))
    if workspace is not None and address is not None:
        _record(settings, workspace, address, values, found)
    return int(found.needs_a_person)


def _counted(record: Experiment, one: fields.Assignment) -> list[fields.Assignment]:
    """Counts as they are typed, as fields."""
    from ..model.operations.counts import counted
    from ..model.plan.field_spec import TextRefused

    try:
        return [fields.Assignment(*each) for each in counted(record, one.path, one.text)]
    except TextRefused as wrong:
        raise BadValue(str(wrong)) from None


def _record(
    settings: Settings,
    workspace: Workspace,
    address: Address,
    values: dict[Path, object],
    found: ExperimentRead,
) -> None:
    from ..model.operations.recording import keep_counts
    from ..model.records.delivery import Experiment

    record = workspace.plan.get(address)
    assert isinstance(record, Experiment)
    batch = keep_counts(workspace.plan, record, values, found)
    if batch.changes or settings.dry_run:
        context.commit(settings, workspace, batch)
    if found.result is not None and not settings.dry_run:
        output.say(settings, f'the gate asks for the verdict: kedge answer tp-verdict "{found.verdict}"')


def _read_lines(found: ExperimentRead) -> Iterator[str]:
    yield from wrapped(found.split.text, "  ", "Split      ")
    for one in (*found.effects, *found.others):
        yield from wrapped(_effect_text(one), "  ", "Effect     ")
    for guardrail in found.guardrails:
        word = {True: "held", False: "not shown to hold", None: "not known"}[guardrail.ok]
        word = "broken" if guardrail.is_broken else word
        text = f"{guardrail.metric} in {guardrail.arm}: {word}"
        yield from wrapped(f"{text}: {guardrail.why}" if guardrail.why else text, "  ", "Guardrail  ")
    for note in found.notes:
        yield from wrapped(note, "  ", "Note       ")
    yield from wrapped(found.text, "  ", "Verdict    ")


def _effect_text(one: Effect) -> str:
    from ..model.text.figure import written

    value = one.control + one.absolute
    relative = f", {100 * one.relative:+.3g} %" if one.relative is not None else ""
    return (
        f"{one.metric or 'primary metric'}: {written(value)} in {one.arm} against {written(one.control)}: "
        f"{one.absolute:+.4g}{relative}; interval {one.low:+.4g} to {one.high:+.4g}; p = {one.p:.2g}"
    )


def read_data(found: ExperimentRead) -> dict[str, Any]:
    """The result for programs; `effect` is that of the best variant, and null where none may be read."""
    best = max(found.effects, key=lambda one: one.z, default=None)
    return {
        "split": {"p": found.split.p, "ok": found.split.ok, "text": found.split.text},
        "effect": None if best is None else _effect_data(best),
        "p": None if best is None else best.p,
        "effects": [_effect_data(one) for one in (*found.effects, *found.others)],
        "guardrails": [
            {
                "metric": one.metric,
                "arm": one.arm,
                "ok": one.ok,
                "low": one.low,
                "high": one.high,
                "margin": one.margin,
                "why": one.why,
            }
            for one in found.guardrails
        ],
        "verdict": found.verdict,
        "result": found.result,
        "text": found.text,
        "notes": list(found.notes),
    }


def _effect_data(one: Effect) -> dict[str, Any]:
    return {
        "metric": one.metric,
        "arm": one.arm,
        "control": one.control,
        "absolute": one.absolute,
        "relative": one.relative,
        "low": one.low,
        "high": one.high,
        "relative_interval": list(one.relative_interval) if one.relative_interval else None,
        "p": one.p,
        "z": one.z,
        "limit": one.limit,
    }

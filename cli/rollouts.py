"""`kedge rollout steps` and `read`: what each step exposes, and whether it goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from ..storage.disk.errors import BadValue
from . import context, fields, naming, output
from .command import Command
from .completing import ids_of
from .settings import Settings
from .text import wrapped

if TYPE_CHECKING:
    from ..model.operations.rollouts import Counts, StepRead, StepView
    from ..model.plan.plan import Plan
    from ..model.records.delivery import Rollout


def _rollout(settings: Settings, plan: Plan, text: str) -> Rollout:
    from ..model.records.delivery import Rollout

    address = context.find_of_kind(settings, plan, "rollout", text)
    record = plan.get(address)
    assert isinstance(record, Rollout)
    return record


@click.command(cls=Command, name="steps", reads=True)
@click.argument("rollout_id", metavar="ID", shell_complete=ids_of("rollout"))
@click.pass_obj
def steps(settings: Settings, rollout_id: str) -> None:
    """Show the steps of a rollout, and how many requests see each of them."""
    from ..model.operations.rollouts import steps_of

    record = _rollout(settings, context.read(settings).plan, rollout_id)
    try:
        found = steps_of(record)
    except ValueError as wrong:
        raise BadValue(f"{record.id}: {wrong}") from None
    if settings.json:
        output.data("rollout steps", [_step_data(one) for one in found])
    else:
        output.lines(_steps_lines(record, found))


def _steps_lines(record: Rollout, found: Sequence[StepView]) -> Iterator[str]:
    from ..model.operations.limits import limit_text, unread_limit
    from ..model.text.figure import written

    for one in found:
        step = one.step
        parts: list[str] = [step.kind]
        if step.share is not None and step.kind != "shadow":
            parts.append(f"{written(100 * step.share)} % of the traffic")
        if step.minutes:
            parts.append(f"{written(step.minutes)} minutes")
        if one.exposure == 0:
            parts.append("no user sees it")
        elif one.exposure is not None:
            parts.append(f"{written(one.exposure)} requests see it")
        parts.append(step.outcome or ("started" if step.started else "to come"))
        yield from wrapped(", ".join(parts), "    ", f"  {one.id}: ")
        for name in one.too_few:
            yield f"    {name} asks for more events than come: it is never judged"
    for name, guardrail in record.guardrails.items():
        unread = unread_limit(record, ("guardrails", name))
        limit = f"limit {unread}" if unread else limit_text(guardrail) or "no limit"
        yield from wrapped(f"{guardrail.metric} {limit}", "    ", f"  guardrail {name}: ")
    if record.stop_action:
        yield from wrapped(record.stop_action, "    ", "  where one is broken: ")
    if record.per_minute is None:
        yield f"  requests a minute are not known: kedge rollout set {record.id} per_minute=…"


def _step_data(one: StepView) -> dict[str, Any]:
    step = one.step
    return {
        "id": one.id,
        "kind": step.kind,
        "share": step.share,
        "minutes": step.minutes,
        "exposure": one.exposure,
        "requests": one.handled,
        "never_judged": list(one.too_few),
        "outcome": step.outcome,
    }


@click.command(cls=Command, name="read", reads=True, writes=True)
@click.argument("words", metavar="ID [GUARDRAIL=VALUE]...", nargs=-1, shell_complete=ids_of("rollout"))
@click.option("--step", metavar="STEP", help="Which step; by default the first one that has not passed.")
@click.option("--events", type=click.FloatRange(min=0), help="Events that the values were taken from.")
@click.option("--bad", metavar="BAD/ALL", help="Bad requests of all that met the new version.")
@click.option("--control", metavar="BAD/ALL", help="The same of an equal share that met the old one.")
@click.pass_obj
def read(
    settings: Settings,
    words: tuple[str, ...],
    *,
    step: str | None,
    events: float | None,
    bad: str | None,
    control: str | None,
) -> int:
    """Judge a step of a rollout by its guardrails, and say whether it goes on; the outcome is recorded.

    Several values of a guardrail are its readings, oldest first: kedge rollout read mvp-rollout complaints=2.1,2.4
    list-size=11900 --bad 12/3000 --control 9/3050. A guardrail with a margin is held against the control at the
    same time: complaints=2.4 complaints.control=2.1. --dry-run shows what would be written. The exit code is 1
    where it stops.
    """
    from ..model.operations.recording import keep_step
    from ..model.operations.rollouts import current_step, read_step

    ids, assignments = fields.split(words)
    if len(ids) != 1:
        raise click.UsageError("one rollout is expected: kedge rollout list")
    workspace = context.open_workspace(settings)
    record = _rollout(settings, workspace.plan, ids[0])
    key = naming.one_of(step, "step", record.steps) if step else current_step(record)
    if key is None:
        raise BadValue(f"{record.id} has passed all of its steps", f"kedge rollout steps {record.id}")
    try:
        values, controls = _values(record, assignments)
        found = read_step(record, key, values, controls=controls, events=events, counts=_counts(bad, control))
    except ValueError as wrong:
        raise BadValue(f"{record.id}: {wrong}") from None
    if settings.json:
        output.data("rollout read", _read_data(found))
    else:
        output.lines(_read_lines(found))
    batch = keep_step(workspace.plan, record, found, settings.today)
    if batch.changes:
        context.commit(settings, workspace, batch)
    return int(found.verdict == "stop")


def _values(
    record: Rollout, assignments: Sequence[fields.Assignment]
) -> tuple[Mapping[str, list[float]], Mapping[str, float]]:
    """The readings of each guardrail, and what the control has at the same time."""
    from ..model.operations.recording import CONTROL

    found: dict[str, list[float]] = {}
    controls: dict[str, float] = {}
    for one in assignments:
        typed = ".".join(one.path)
        name = naming.one_of(typed.removesuffix(CONTROL), "guardrail", record.guardrails)
        if typed.endswith(CONTROL):
            controls[name] = _number(typed, one.text)
        else:
            found[name] = [_number(name, text) for text in one.text.split(",")]
    return found, controls


def _number(name: str, text: str) -> float:
    from math import isfinite

    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise BadValue(f"{name}: a number is expected, such as 2.4, not {text!r}")
    return value


def _counts(bad: str | None, control: str | None) -> Counts | None:
    from ..model.operations.rollouts import Counts

    if bad is None and control is None:
        return None
    if bad is None or control is None:
        raise click.UsageError(
            "--bad and --control belong together: a canary is compared with an equal control"
        )
    return Counts(*_pair("--bad", bad), *_pair("--control", control))


def _pair(name: str, text: str) -> tuple[int, int]:
    some, slash, whole = text.partition("/")
    if not slash or not some.strip().isdecimal() or not whole.strip().isdecimal():
        raise BadValue(f"{name}: BAD/ALL is expected, such as 12/3000, not {text!r}")
    return int(some), int(whole)


def _read_lines(found: StepRead) -> Iterator[str]:
    yield f"Step {found.id} ({found.step.kind})"
    for name, guardrail, judged in found.guardrails:
        word = {"fine": "holds", "fired": "broken", "beyond": "not yet", "not judged": "not judged"}[
            judged.verdict
        ]
        yield from wrapped(f"{guardrail.metric}: {word}; {judged.why}", "    ", f"  {name}: ")
    if found.counts is not None:
        yield from (f"  {line}" for line in found.counts.lines())
    yield from wrapped(found.text, "  ", "Verdict  ")


def _read_data(found: StepRead) -> dict[str, Any]:
    return {
        "step": found.id,
        "kind": found.step.kind,
        "guardrails": [
            {
                "id": name,
                "metric": guardrail.metric,
                "verdict": judged.verdict,
                "value": judged.last.value if judged.last is not None else None,
                "why": judged.why,
            }
            for name, guardrail, judged in found.guardrails
        ],
        "p": found.counts.value if found.counts is not None else None,
        "verdict": found.verdict,
        "text": found.text,
    }

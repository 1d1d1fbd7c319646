"""What is done in place: a reading, the counts of a live test, a step of a rollout, an alarm that was tried."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import cast

from ...model.operations.limits import Reading
from ...model.operations.observation import Unread, cell
from ...model.operations.readings import add_reading
from ...model.operations.recording import (
    counts_text,
    fired_on_purpose,
    keep_step,
    next_step,
    read_counts,
    read_typed,
    start_or_end,
    typed_counts,
)
from ...model.operations.rollouts import current_step
from ...model.plan.field_spec import TextRefused
from ...model.records.delivery import Experiment, Monitor, Rollout
from ...model.text.named import quoted
from ..dialogs.message import Message
from ..dialogs.prompt import Prompt, refusal_of
from ..screens.row_edits import ActsOnRow, called, set_figure
from .project_data import step_of

RECORDED = ("monitor", "experiment", "rollout", "metric")
"""Kinds of rows on which something is recorded in place."""
RUNS = ("experiment", "rollout")
OWNERS: Mapping[str, str] = {
    "monitor": "owner",
    "metric": "owner",
    "risk": "owner",
    "rollout": "decides",
    "model": "oversight",
}
"""Who is picked in place, by kind."""


def record(screen: ActsOnRow) -> None:
    """Records what was seen, of the row under the cursor."""
    found = screen.plan.get(screen.place.address)
    if isinstance(found, Monitor):
        _reading(screen, found)
    elif isinstance(found, Experiment):
        _counts(screen, found)
    elif isinstance(found, Rollout):
        _values(screen, found)
    else:
        set_figure(screen, ("actual",), called(screen), lambda _: {("measured_on",): screen.today})


def _now(screen: ActsOnRow) -> dt.datetime:
    """The moment of a reading: now, or noon of the day that the board was opened for."""
    real = dt.datetime.now(dt.UTC).replace(second=0, microsecond=0)
    is_today = dt.datetime.now().astimezone().date() == screen.today
    return real if is_today else dt.datetime.combine(screen.today, dt.time(12), dt.UTC)


def _reading(screen: ActsOnRow, monitor: Monitor) -> None:
    def read(text: str) -> float:
        found = cell(text, "the value")
        if isinstance(found, Unread):
            raise TextRefused(f"{found.why}{f'; {found.hint}' if found.hint else ''}")
        return found

    def entered(text: str) -> None:
        reading = Reading(read(text), _now(screen))
        screen.make(lambda: add_reading(screen.plan, _same(screen, monitor), reading, screen.today))

    unit = f", {monitor.unit}" if monitor.unit else ""
    label = f"{monitor.signal or 'what is read now'}{unit}"
    screen.ask(Prompt(f"Record a reading of {quoted(monitor.label)}", label, "", refusal_of(read)), entered)


def _same(screen: ActsOnRow, monitor: Monitor) -> Monitor:
    """The monitor as it is now: it may have got a reading while the prompt was open."""
    return cast("Monitor", screen.plan.get(monitor.address) or monitor)


def _counts(screen: ActsOnRow, experiment: Experiment) -> None:
    def read(text: str) -> object:
        try:
            return read_counts(screen.plan, experiment, typed_counts(experiment, text), screen.today)
        except ValueError as error:
            raise TextRefused(str(error)) from None

    def entered(text: str) -> None:
        values = typed_counts(experiment, text)
        batch, found = read_counts(screen.plan, experiment, values, screen.today)
        screen.make(
            lambda: batch, then=lambda: screen.say(found.text, "warning" if found.needs_a_person else "good")
        )

    if not experiment.arms:
        screen.say("it has no variants yet: Enter adds them", "warning")
        return
    label = "ARM=EVENTS/UNITS of each variant; ARM.METRIC=COUNT of another metric"
    title = f"Enter the counts of {quoted(experiment.label)}"
    screen.ask(Prompt(title, label, counts_text(experiment), refusal_of(read)), entered)


def _values(screen: ActsOnRow, rollout: Rollout) -> None:
    key = step_of(screen.place.field) or current_step(rollout)
    if key is None or key not in rollout.steps:
        screen.say("all of its steps have passed")
        return

    def entered(text: str) -> None:
        found = read_typed(rollout, key, text)
        lines = [
            *(f"{name}: {judged.verdict}; {judged.why}" for name, _, judged in found.guardrails),
            *(found.counts.lines() if found.counts is not None else ()),
            found.text,
        ]
        batch = keep_step(screen.plan, rollout, found, screen.today)
        if batch.changes:
            screen.make(lambda: batch)
        screen.show_dialog(Message(f"Step {key}", lines))

    names = ", ".join(rollout.guardrails) or "none yet"
    label = f"GUARDRAIL=VALUE: {names}; NAME.control=VALUE; bad=BAD/ALL control=BAD/ALL"
    typed = " ".join(
        f"{name}= {name}.control=" if one.margin is not None else f"{name}="
        for name, one in rollout.guardrails.items()
    )
    title = f"Enter the values of step {key} of {quoted(rollout.label)}"
    screen.ask(Prompt(title, label, typed, refusal_of(lambda text: read_typed(rollout, key, text))), entered)


def start_next(screen: ActsOnRow) -> None:
    """Starts a step of a rollout; starts or ends a live test."""
    found = screen.plan.get(screen.place.address)
    if isinstance(found, Experiment):
        screen.make(lambda: start_or_end(screen.plan, found, screen.today))
    elif isinstance(found, Rollout):
        key = step_of(screen.place.field) or current_step(found) or ""
        screen.make(lambda: next_step(screen.plan, found, key, screen.today))


def tested(screen: ActsOnRow) -> None:
    """Says that an alarm was fired on purpose today."""
    found = screen.plan.get(screen.place.address)
    assert isinstance(found, Monitor)
    screen.make(lambda: fired_on_purpose(screen.plan, found, screen.today))

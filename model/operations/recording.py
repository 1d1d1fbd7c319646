"""Steps that keep what was seen while something runs: counts of a live test, the outcome of a rollout's step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from ..edit.edits import edit
from ..edit.refusal import EditRefused
from ..plan.change import MISSING, Batch, Path
from ..plan.field_spec import TextRefused
from ..plan.plan import Plan
from ..records.delivery import Experiment, Monitor, Rollout
from .counts import counted
from .experiments import Trial
from .live import in_order
from .observation import Unread, cell
from .reading import ExperimentRead, read_experiment
from .rollouts import Counts, StepRead, current_step, read_step

Values = Mapping[Path, object]


# ---- live tests


def read_counts(
    plan: Plan, experiment: Experiment, values: Values, today: dt.date
) -> tuple[Batch, ExperimentRead]:
    """A step that keeps counts with the result that they give, and what they say.

    Raises EditRefused, and ValueError where counts are missing or contradict each other.
    """
    batch = edit(plan, experiment.address, values)
    after = batch.changes[0].after if batch.changes else experiment
    assert isinstance(after, Experiment)
    found = read_experiment(Trial.of(plan, after), today)
    return keep_counts(plan, experiment, values, found), found


def keep_counts(plan: Plan, experiment: Experiment, values: Values, found: ExperimentRead) -> Batch:
    """A step that keeps counts with the result that they gave. Raises EditRefused."""
    result: dict[Path, object] = {("result",): found.result} if found.result is not None else {}
    return edit(plan, experiment.address, {**values, **result}, f"{experiment.id}: {found.verdict}")


def typed_counts(experiment: Experiment, text: str) -> dict[Path, object]:
    """Counts as they are typed on one line, by field. Raises TextRefused."""
    found: dict[Path, object] = {}
    for name, value in _pairs(text, "contact=2406/11912"):
        for path, one in counted(experiment, name.split("."), value):
            if path[0] not in ("arms", "measures"):
                known = ", ".join(experiment.arms) or "none yet"
                raise TextRefused(f"there is no variant {name!r}: there are {known}")
            figure = _figure(name, one)
            if figure < 0 or (path[-1] in ("units", "events") and not figure.is_integer()):
                raise TextRefused(f"{name}: a whole number from 0 on is expected, not {one}")
            found[path] = int(figure) if path[-1] in ("units", "events") else figure
    return found


def counts_text(experiment: Experiment) -> str:
    """The counts of the primary metric as they are typed, those that are there already filled in."""
    words: list[str] = []
    for name, arm in experiment.arms.items():
        events = arm.events if arm.total is None else arm.total
        words.append(f"{name}={'' if events is None else f'{events:.15g}'}/{arm.units or ''}")
    return " ".join(words)


# ---- rollouts


CONTROL = ".control"
"""Behind the name of a guardrail: its value in the control at the same time."""


def keep_step(plan: Plan, rollout: Rollout, found: StepRead, today: dt.date) -> Batch:
    """A step that keeps what came of a step of a rollout; an empty one where it is not decided yet."""
    outcome = {"stop": "stopped", "go on": "passed"}.get(found.verdict)
    if outcome is None:
        return Batch("", ())
    place = ("steps", found.id)
    values: dict[Path, object] = {(*place, "outcome"): outcome}
    if found.step.ended is None:
        values[*place, "ended"] = today
    return edit(plan, rollout.address, values, f"{rollout.id}: step {found.id} {outcome}")


def read_typed(rollout: Rollout, key: str, text: str) -> StepRead:
    """Judges a step by what is typed on one line: values of guardrails, `bad` and `control` counts, `events`.

    `complaints.control=1.9` is what the control has at the same time.

    Raises TextRefused.
    """
    values: dict[str, list[float]] = {}
    controls: dict[str, float] = {}
    counts: dict[str, tuple[int, int]] = {}
    events: float | None = None
    for name, value in _pairs(text, "complaints=2.1"):
        if name in rollout.guardrails:
            values[name] = [_figure(name, one) for one in value.split(",")]
        elif name.removesuffix(CONTROL) in rollout.guardrails:
            controls[name.removesuffix(CONTROL)] = _figure(name, value)
        elif name in ("bad", "control"):
            some, slash, whole = value.partition("/")
            if not slash or not some.isdecimal() or not whole.isdecimal():
                raise TextRefused(f"{name}: BAD/ALL is expected, such as 12/3000, not {value!r}")
            counts[name] = (int(some), int(whole))
        elif name == "events":
            events = _figure(name, value)
        else:
            known = ", ".join((*rollout.guardrails, "bad", "control", "events"))
            raise TextRefused(f"there is no guardrail {name!r}: there are {known}")
    if len(counts) == 1:
        raise TextRefused("bad and control belong together: a canary is compared with an equal control")
    both = Counts(*counts["bad"], *counts["control"]) if counts else None
    try:
        return read_step(rollout, key, values, controls=controls, events=events, counts=both)
    except ValueError as wrong:
        raise TextRefused(str(wrong)) from None


def next_step(plan: Plan, rollout: Rollout, key: str, today: dt.date) -> Batch:
    """A step that starts a step of a rollout. Raises EditRefused where another is to come first."""
    current = current_step(rollout)
    if current is None:
        raise EditRefused(f"{rollout.id} has passed all of its steps")
    if key != current:
        passed = [name for name, one in in_order(rollout) if one.outcome == "passed"]
        why = "has passed already" if key in passed else f"comes after {current}, which has not passed"
        raise EditRefused(f"step {key} {why}")
    step = rollout.steps[key]
    if step.started is not None and step.outcome is None:
        raise EditRefused(f"step {key} runs since {step.started}: its values say whether it goes on")
    values: dict[Path, object] = {("steps", key, "started"): today}
    if step.outcome is not None:
        # It was stopped, and is tried again.
        values |= {("steps", key, "ended"): MISSING, ("steps", key, "outcome"): MISSING}
    if rollout.started is None:
        values["started",] = today
    return edit(plan, rollout.address, values, f"{rollout.id}: start step {key}")


# ---- starting, ending, trying


def start_or_end(plan: Plan, experiment: Experiment, today: dt.date) -> Batch:
    """A step that starts a live test, or ends the one that runs. Raises EditRefused where it has ended."""
    if experiment.ended is not None:
        raise EditRefused(f"{experiment.id} ended on {experiment.ended}")
    name = "started" if experiment.started is None else "ended"
    return edit(plan, experiment.address, {(name,): today}, f"{experiment.id}: {name} {today}")


def fired_on_purpose(plan: Plan, monitor: Monitor, today: dt.date) -> Batch:
    """A step that says that an alarm was fired on purpose today, and was seen."""
    return edit(plan, monitor.address, {("last_tested",): today}, f"{monitor.id}: fired on purpose {today}")


def _pairs(text: str, example: str) -> Sequence[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for word in text.split():
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise TextRefused(f"NAME=VALUE is expected, such as {example}, not {word!r}")
        if value:
            found.append((name, value))
    if not found:
        raise TextRefused(f"nothing was typed: {example}")
    return found


def _figure(name: str, text: str) -> float:
    found = cell(text, name)
    if isinstance(found, Unread):
        raise TextRefused(found.why)
    return found

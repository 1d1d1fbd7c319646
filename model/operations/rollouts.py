"""Rollouts step by step: how many requests see each step, what one can see there, and whether it goes on.

A shadow run answers no user: its exposure is 0, but its guardrails are judged too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Literal, NamedTuple

from ..calculators.canaries import canary
from ..records.delivery import Guardrail, Rollout, Step
from ..text.figure import Calculated, Explained, expect, written
from .limits import Judged, Reading, judge, limit_of, unread_limit, why_not_judged
from .live import in_order, reaches_users

Verdict = Literal["stop", "go on", "not enough yet"]
_EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""Readings that are typed have no time, only an order: each comes a window after the one before."""


@dataclass(frozen=True)
class StepView:
    """A step of a rollout before it is made."""

    id: str
    step: Step
    exposure: float | None
    """Requests that users send to it while it is watched; None where traffic, share or minutes are not known."""
    handled: float | None
    """Requests that it handles, a shadow run included."""
    too_few: tuple[str, ...] = ()
    """Guardrails that ask for more events than it sees, so that they are never judged."""
    figure: Calculated | None = None
    """The arithmetic."""


class Counts(NamedTuple):
    """Bad requests of all requests, on both sides at the same time."""

    bad: int
    of: int
    control_bad: int
    control_of: int


@dataclass(frozen=True)
class StepRead:
    """What a step has shown."""

    id: str
    step: Step
    guardrails: tuple[tuple[str, Guardrail, Judged], ...]
    counts: Explained | None
    """The comparison with the control; None where no counts were given."""
    verdict: Verdict
    text: str


def steps_of(rollout: Rollout) -> tuple[StepView, ...]:
    """The steps in order, each with its exposure. Raises ValueError where traffic or a share makes no sense."""
    return tuple(_view(rollout, key, step) for key, step in in_order(rollout))


def _view(rollout: Rollout, key: str, step: Step) -> StepView:
    per_minute, minutes, share = rollout.per_minute, step.minutes, step.share
    # A shadow run sees all requests where no share is said.
    if share is None or (step.kind == "shadow" and not share):
        share = 1.0 if step.kind in ("shadow", "full") else None
    if per_minute is None or not minutes or share is None:
        return StepView(key, step, 0.0 if not reaches_users(step) else None, None)
    figure = canary(share=share, per_minute=per_minute, minutes=minutes)
    handled = share * per_minute * minutes
    expect(
        isfinite(handled),
        f"{key}: {minutes:g} minutes at {per_minute:g} requests are more than can be counted",
    )
    too_few = tuple(name for name, one in rollout.guardrails.items() if (one.least_events or 0) > handled)
    return StepView(key, step, handled if reaches_users(step) else 0.0, handled, too_few, figure)


def current_step(rollout: Rollout) -> str | None:
    """The first step that has not passed: the one that is being made, comes next, or is tried again after a stop."""
    return next((key for key, step in in_order(rollout) if step.outcome != "passed"), None)


def read_step(
    rollout: Rollout,
    key: str,
    values: Mapping[str, Sequence[float]],
    *,
    controls: Mapping[str, float] | None = None,
    events: float | None = None,
    counts: Counts | None = None,
) -> StepRead:
    """Judges a step by the values of its guardrails, oldest first, and by counts against a control.

    `controls` are values of the control at the same time, for guardrails with a margin. Raises ValueError for counts
    that contradict each other.
    """
    expect(values or counts, "a value of a guardrail, or counts against a control are expected")
    judged = tuple(
        (name, one, _seen(rollout, name, values.get(name, ()), (controls or {}).get(name), events))
        for name, one in rollout.guardrails.items()
    )
    figure = None
    if counts is not None:
        found = canary(
            base_bad=counts.control_bad,
            base_of=counts.control_of,
            canary_bad=counts.bad,
            canary_of=counts.of,
        )
        assert isinstance(found, Explained)
        figure = found
    verdict, why = _verdict(judged, figure)
    text = f"{verdict}: {why}"
    if verdict == "stop" and rollout.stop_action:
        text += f"; now: {rollout.stop_action}"
    return StepRead(key, rollout.steps[key], judged, figure, verdict, text)


def _seen(
    rollout: Rollout, name: str, values: Sequence[float], control: float | None, events: float | None
) -> Judged:
    unread = unread_limit(rollout, ("guardrails", name))
    if unread:
        return Judged("not judged", why_not_judged(rollout.guardrails[name], unread))
    return _held(name, rollout.guardrails[name], values, control, events)


def _held(
    name: str, guardrail: Guardrail, values: Sequence[float], control: float | None, events: float | None
) -> Judged:
    """A guardrail by its limit and by its margin; where both are there, the worse of them."""
    margin = guardrail.margin
    if margin is None:
        return _judged(guardrail, values, events)
    against = _against_control(name, guardrail, values, control, events)
    if limit_of(guardrail) is None:
        return against
    own = _judged(guardrail, values, events)
    order = ("fired", "beyond", "not judged", "fine")
    return min(own, against, key=lambda one: order.index(one.verdict))


def _against_control(
    name: str, guardrail: Guardrail, values: Sequence[float], control: float | None, events: float | None
) -> Judged:
    least, margin = guardrail.least_events or 0, guardrail.margin or 0.0
    if not values:
        return Judged("not judged", "no value was given")
    if control is None:
        return Judged("not judged", f"its margin needs the control at the same time: {name}.control=VALUE")
    if least and (events is None or events < least):
        return Judged("not judged", f"too few events: judged from {written(least)} on")
    more_is_worse = guardrail.operator not in (">", ">=")
    worse = values[-1] - control if more_is_worse else control - values[-1]
    size = f"{written(worse)} worse" if worse > 0 else "not worse"
    why = f"{written(values[-1])} against {written(control)}: {size}; margin {written(margin)}"
    return Judged("fired" if worse > margin else "fine", why, Reading(values[-1], _EPOCH, events))


def _judged(guardrail: Guardrail, values: Sequence[float], events: float | None) -> Judged:
    limit = limit_of(guardrail)
    if limit is None:
        return Judged("not judged", why_not_judged(guardrail, ""))
    apart = dt.timedelta(minutes=guardrail.window_minutes or 1)
    # The time of day is what a person waited for before reading it.
    clock = dt.time.fromisoformat(limit.at) if limit.at else dt.time()
    apart = max(apart, dt.timedelta(days=1)) if limit.at else apart
    first = dt.datetime.combine(_EPOCH.date(), clock, tzinfo=dt.UTC)
    return judge(limit, [Reading(value, first + apart * at, events) for at, value in enumerate(values)])


def _verdict(
    judged: Sequence[tuple[str, Guardrail, Judged]], counts: Explained | None
) -> tuple[Verdict, str]:
    broken = [f"{name} {one.why}" for name, _, one in judged if one.verdict == "fired"]
    if counts is not None and counts["verdict"] == "stop":
        broken.append(f"worse than the control (p = {counts.value:.2g})")
    if broken:
        return "stop", "; ".join(broken)
    waiting = [f"{name}: {one.why}" for name, _, one in judged if one.verdict in ("beyond", "not judged")]
    if counts is not None and counts["verdict"] == "not enough yet":
        waiting.append(f"too few requests to tell it from the control (p = {counts.value:.2g})")
    if waiting:
        return "not enough yet", "; ".join(waiting)
    return "go on", f"{written(len(judged))} guardrails hold" if judged else "not worse than the control"

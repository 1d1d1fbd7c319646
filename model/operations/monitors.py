"""Monitors: whether their alarms can work at all, and in which state each is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from ..calculators.operating import slo
from ..records.delivery import Monitor
from ..snapshot.snapshot import Snapshot
from ..text.amounts import counted
from ..text.dates import has_come
from ..text.figure import exact, written
from ..value.project_figures import Answers
from .budgets import ErrorBudget, error_budget, objective_of
from .coverage import monitors_of
from .limits import Judged, Limit, Reading, judge, limit_of, unread_limit, why_not_judged
from .readings import readings_of

State = Literal["fired", "beyond", "cannot be judged", "never tested", "silent too long", "fine"]
STATES: tuple[State, ...] = (
    "fired",
    "beyond",
    "cannot be judged",
    "never tested",
    "silent too long",
    "fine",
)
"""What needs a person first, first."""
TESTED_DAYS = 180
"""Days for which an alarm that was fired on purpose counts as tried."""
FIRED_DAYS = 7
"""Days for which an alarm counts as fired where no reading says otherwise."""
SILENT_TIMES = 3
"""Windows without a reading after which a monitor is silent."""
SILENT_HOURS = 48.0
"""The same where its window is not known."""

_SHARES = {"share": 1.0, "%": 100.0, "percent": 100.0}
_HOURS = {"minute": 1 / 60, "min": 1 / 60, "hour": 1.0, "h": 1.0, "day": 24.0, "week": 168.0, "month": 730.0}
_WINDOW = re.compile(rf"(?P<n>\d+(?:\.\d+)?|one|a|an)?\s*(?P<unit>{'|'.join(_HOURS)})s?\b")


def window_hours(monitor: Monitor) -> float | None:
    """The time over which a monitor measures: `30 minutes` is 0.5; None where it is not a time (`one run`)."""
    found = _WINDOW.search((monitor.window or "").lower())
    if found is not None:
        count = found["n"] or "1"
        return (1.0 if count.isalpha() else float(count)) * _HOURS[found["unit"]]
    return monitor.for_minutes / 60 if monitor.for_minutes else None


def is_burn(monitor: Monitor) -> bool:
    """Whether a monitor watches how fast an error budget is spent."""
    return "burn" in f"{monitor.unit or ''} {monitor.signal or ''}".lower()


def never_fires(monitor: Monitor, said: Answers) -> str:
    """Why an alarm can never fire; empty where it can, or where that cannot be known."""
    limit = limit_of(monitor)
    if limit is None:
        return ""
    if is_burn(monitor):
        promised = objective_of(monitor, said)
        if promised is None or limit.operator not in (">", ">=") or limit.value <= 0:
            return ""
        highest = 1 / (1 - exact(promised[0]))
        if exact(limit.value) < highest or (limit.operator == ">=" and exact(limit.value) == highest):
            return ""
        return (
            f"{written(limit.value)} times burn at an objective of {written(100 * promised[0])} %: all events failing "
            f"burn {written(float(highest))} times"
        )
    top = _SHARES.get(limit.unit.lower())
    if top is None:
        return ""
    ends = {">": limit.value >= top, ">=": limit.value > top, "<": limit.value <= 0, "<=": limit.value < 0}
    shown = f"{limit.operator} {written(limit.value)} {limit.unit}"
    return f"{shown}: it is always from 0 to {written(top)}" if ends[limit.operator] else ""


def least_events(monitor: Monitor, said: Answers) -> int | None:
    """The least number of events that an alarm should ask for, where one failure in its window fires it; else None."""
    limit, hours = limit_of(monitor), window_hours(monitor)
    if limit is None or not monitor.events_per_hour or not hours or limit.operator not in (">", ">="):
        return None
    if is_burn(monitor):
        promised = objective_of(monitor, said)
        if promised is None or limit.value <= 0:
            return None
        found = slo(objective=promised[0], burn=limit.value, per_hour=monitor.events_per_hour, hours=hours)
        if found.figures.get("failures_to_fire") != 1:
            return None
        least = int(found.number("least_events"))
    else:
        top = _SHARES.get(limit.unit.lower())
        if top is None or not 0 < limit.value < top:
            return None
        rate = exact(limit.value) / exact(top)
        if _failures(rate, exact(monitor.events_per_hour) * exact(hours), limit) != 1:
            return None
        least = ceil(1 / rate) + 1
    return least if limit.least_events < least else None


def _failures(rate: Fraction, events: Fraction, limit: Limit) -> int:
    """How many of some events must fail before the alarm fires."""
    return floor(rate * events) + 1 if limit.operator == ">" else max(1, ceil(rate * events))


@dataclass(frozen=True)
class MonitorState:
    """A monitor with what is known of it on a day."""

    monitor: Monitor
    state: State
    why: str
    judged: Judged | None = None
    """What its readings say; None where its limit cannot be judged."""
    budget: ErrorBudget | None = None


def states_of(snapshot: Snapshot, project: str) -> list[MonitorState]:
    """The monitors of a project, those that need a person first."""
    said = Answers(snapshot, project)
    return by_urgency(
        [monitor_state(one, said, snapshot.today) for one in monitors_of(snapshot.plan, project)]
    )


def monitor_state(monitor: Monitor, said: Answers, today: dt.date) -> MonitorState:
    """The state of a monitor on a day, from its readings where there are any and from its own dates."""
    limit, readings = limit_of(monitor), readings_of(monitor, today)
    try:
        budget = error_budget(monitor, said)
    except ValueError:
        budget = None  # counts that contradict each other have a rule of their own
    unread = unread_limit(monitor)
    judged = judge(limit, readings) if limit is not None and not unread else None
    state, why = _state(monitor, judged, today, readings, unread)
    return MonitorState(monitor, state, why, judged, budget)


def _state(
    monitor: Monitor, judged: Judged | None, today: dt.date, readings: Sequence[Reading], unread: str
) -> tuple[State, str]:
    if judged is not None and judged.verdict in ("fired", "beyond"):
        return ("fired" if judged.verdict == "fired" else "beyond"), judged.why
    fired = monitor.last_fired
    if not readings and fired is not None and 0 <= (today - fired).days <= FIRED_DAYS:
        return "fired", f"fired on {fired}"
    if judged is None:
        return "cannot be judged", why_not_judged(monitor, unread)
    if not has_come(monitor.last_tested, today):
        return "never tested", "it was never fired on purpose"
    if silent := silence(monitor, today):
        return "silent too long", silent
    if (today - monitor.last_tested).days > TESTED_DAYS:
        return (
            "silent too long",
            f"tested on {monitor.last_tested}, {counted((today - monitor.last_tested).days, 'day')} ago",
        )
    return "fine", judged.why if judged.last is not None else f"tested on {monitor.last_tested}"


def silence(monitor: Monitor, today: dt.date) -> str:
    """Since when a monitor that has readings has had none, where that is too long; else empty."""
    readings = readings_of(monitor, today)
    if not readings:
        return ""
    newest = readings[-1].at
    hours = SILENT_TIMES * (window_hours(monitor) or SILENT_HOURS / SILENT_TIMES)
    return f"no reading since {newest.date()}" if (today - newest.date()).days * 24 > max(hours, 24) else ""


def by_urgency(found: Sequence[MonitorState]) -> list[MonitorState]:
    """Monitors by their state, those that need a person first; within a state by id."""
    return sorted(found, key=lambda one: (STATES.index(one.state), one.monitor.id))

"""Limits that can be judged: which readings are beyond one, and when that counts.

A monitor fires where its limit holds, a rollout stops where it does not; which of the two, the caller says.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from ..plan.change import Path
from ..plan.unfit import touched, unreadable
from ..records.base import Record
from ..records.delivery import Guardrail, Limits, Monitor
from ..text.figure import written

COMPARE: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
)
Verdict = Literal["fired", "beyond", "fine", "not judged"]
"""`beyond`: beyond the limit, but not yet for as long, or as often, as counts."""


@dataclass(frozen=True)
class Reading:
    """One value of a signal."""

    value: float
    at: dt.datetime
    """When it was read; all readings of a signal in the same time zone, or in none."""
    events: float | None = None
    """How many events it was taken from, where that is known."""


@dataclass(frozen=True)
class Limit:
    """What a value is compared with, and when being beyond it counts."""

    operator: Literal[">", ">=", "<", "<="]
    value: float
    unit: str = ""
    in_a_row: int = 1
    """Readings in a row that must be beyond it."""
    for_minutes: float = 0.0
    """How long the readings must be beyond it."""
    at: str = ""
    """Time of day of the readings that are judged, as HH:MM; empty where all are."""
    least_events: int = 0
    """Readings from fewer events are not judged."""
    fires: bool = True
    """Whether it is beyond where the comparison holds (a monitor), or where it does not (a guardrail)."""

    def is_beyond(self, value: float) -> bool:
        """Whether a value is on the wrong side."""
        return COMPARE[self.operator](value, self.value) == self.fires

    @property
    def text(self) -> str:
        """The limit in words: `> 0.12 PSI, 2 in a row`."""
        parts = [f"{self.operator} {written(self.value)} {self.unit}".rstrip()]
        if self.in_a_row > 1:
            parts.append(f"{self.in_a_row} in a row")
        if self.for_minutes:
            parts.append(f"for {written(self.for_minutes)} minutes")
        if self.at:
            parts.append(f"at {self.at}")
        if self.least_events:
            parts.append(f"from {written(self.least_events)} events on")
        return ", ".join(parts)


@dataclass(frozen=True)
class Judged:
    """What readings say against a limit."""

    verdict: Verdict
    why: str
    last: Reading | None = None
    """The newest reading that was judged."""


def limit_of(record: Limits) -> Limit | None:
    """The limit of a monitor or a guardrail; None where it is only a sentence, or not there."""
    if record.operator is None or record.value is None:
        return None
    return Limit(
        record.operator,
        record.value,
        record.unit or "",
        max(1, record.in_a_row or 1),
        record.for_minutes or 0.0,
        record.at or "",
        record.least_events or 0,
        fires=not isinstance(record, Guardrail),
    )


def unread_limit(holder: Record, path: Path = ()) -> str:
    """What could not be read of a limit, or of what it is in; empty where all of it could.

    `holder` is the record that has it, `path` what leads to it there: nothing, or `guardrails` and its id.
    """
    names = (*Limits.model_fields, "margin", "limit")
    found = (touched(holder.unfit, (*path, name)) for name in names)
    return next((unreadable(one) for one in found if one is not None), "")


def why_not_judged(record: Monitor | Guardrail, unread: str) -> str:
    """Why no program can judge a limit; empty where one can. `unread` is what could not be read of it."""
    if unread:
        return f"its limit {unread}"
    if limit_of(record) is not None:
        return ""
    if record.limit:
        return "its limit is only a sentence"
    if record.operator is not None or record.value is not None:
        return f"its limit has no {'operator' if record.operator is None else 'value'}"
    return "it has no limit"


def limit_text(record: Monitor | Guardrail) -> str:
    """A limit as a person reads it: its figures, and its sentence where there is one; empty where there is none."""
    found = limit_of(record)
    parts = [found.text] if found is not None else []
    if isinstance(record, Guardrail) and record.margin is not None:
        parts.append(f"at most {written(record.margin)} worse than the control")
    return "; ".join([*parts, record.limit] if record.limit else parts)


def judge(limit: Limit, readings: Sequence[Reading]) -> Judged:
    """What readings, in any order, say against a limit. The newest ones decide.

    Of a limit with a time of day the last reading up to that time counts, a day at a time.
    """
    usable = sorted(readings, key=lambda one: one.at)
    counted = [one for one in usable if one.events is None or one.events >= limit.least_events]
    if limit.at:
        counted = _at_time(counted, limit.at)
    if not counted:
        return Judged("not judged", _nothing(limit, usable))
    last = counted[-1]
    value = f"{written(last.value)} {limit.unit}".rstrip()
    if not limit.is_beyond(last.value):
        return Judged("fine", f"{value}; limit {limit.text}", last)
    beyond = _run(limit, counted)
    lasted = (last.at - beyond[0].at).total_seconds() / 60
    if len(beyond) < limit.in_a_row:
        return Judged(
            "beyond", f"{value}: {len(beyond)} of {limit.in_a_row} readings in a row are beyond", last
        )
    if lasted < limit.for_minutes:
        return Judged(
            "beyond",
            f"{value}: beyond for {written(lasted)} of {written(limit.for_minutes)} minutes",
            last,
        )
    return Judged("fired", f"{value}; limit {limit.text}", last)


def _run(limit: Limit, readings: Sequence[Reading]) -> list[Reading]:
    """The readings at the end that are all beyond the limit, oldest first; the last one is."""
    found: list[Reading] = []
    for one in reversed(readings):
        if not limit.is_beyond(one.value):
            break
        found.append(one)
    return found[::-1]


def _at_time(readings: Sequence[Reading], at: str) -> list[Reading]:
    by_day = {one.at.date(): one for one in readings if one.at.strftime("%H:%M") <= at}
    return list(by_day.values())


def _nothing(limit: Limit, readings: Sequence[Reading]) -> str:
    if not readings:
        return "no reading yet"
    if limit.least_events and all(
        one.events is not None and one.events < limit.least_events for one in readings
    ):
        return f"too few events: judged from {written(limit.least_events)} on"
    return f"no reading up to {limit.at}"

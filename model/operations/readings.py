"""Readings that are kept with a monitor, and a step that adds one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

from ..edit.edits import edit_each
from ..edit.refusal import EditRefused
from ..plan.change import MISSING, Batch, Path
from ..plan.ids import free_id
from ..plan.plan import Plan
from ..records.delivery import Monitor
from ..text.figure import written
from .limits import Judged, Reading, judge, limit_of, unread_limit


def readings_of(monitor: Monitor, today: dt.date) -> list[Reading]:
    """The readings of a monitor that have a value and a moment, oldest first.

    Those of days after `today` are left out: a clock was wrong. In UTC the next day may have begun.
    """
    found = (
        Reading(one.value, dt.datetime.fromisoformat(one.read_at), one.events)
        for one in monitor.readings.values()
        if one.value is not None and one.read_at is not None
    )
    return sorted((one for one in found if (one.at.date() - today).days <= 1), key=lambda one: one.at)


def judged_with(monitor: Monitor, reading: Reading, today: dt.date) -> Judged | None:
    """What a monitor's limit makes of its readings and one more; None where it has no limit to judge by."""
    limit = limit_of(monitor) if not unread_limit(monitor) else None
    return judge(limit, [*readings_of(monitor, today), reading]) if limit is not None else None


def add_reading(
    plan: Plan,
    monitor: Monitor,
    reading: Reading,
    today: dt.date,
    proof: Mapping[str, object] = MappingProxyType({}),
    source: Mapping[str, object] = MappingProxyType({}),
) -> Batch:
    """A step that keeps a reading; where the monitor fires by it, that is noted. Raises EditRefused.

    `proof` is the commit and the hash of the file that it was read from, `source` fields of the monitor that say where.
    """
    moment = f"{reading.at:%Y-%m-%dT%H:%M}Z"
    same = [one for one in monitor.readings.values() if one.read_at == moment]
    if any(one.value == reading.value for one in same):
        raise EditRefused(f"{monitor.id} has this reading of {moment} already: {written(reading.value)}")
    key = free_id(f"{reading.at:%Y%m%d-%H%M}", monitor.readings)
    entry = {"read_at": moment, "value": reading.value, "events": reading.events, **proof}
    fields: dict[Path, object] = {
        ("readings", key): {name: one for name, one in entry.items() if one is not None}
    }
    fields |= {(name,): MISSING if one is None else one for name, one in source.items()}
    judged = judged_with(monitor, reading, today)
    if judged is not None and judged.verdict == "fired":
        fields["last_fired",] = max(reading.at.date(), monitor.last_fired or dt.date.min)
    return edit_each(plan, {monitor.address: fields}, f"read {monitor.id}: {written(reading.value)}")

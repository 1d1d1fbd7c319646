"""Values that are read again from the files of other tools: what changes, and what cannot be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..edit.edits import edit_each
from ..plan.change import MISSING, Batch
from ..plan.plan import Plan
from ..records.address import Address
from ..records.measured import Measured
from ..records.strategy import Metric
from ..text.figure import written
from ..text.visible import one_line
from .observation import Observed, Unread, Where

Fields = Mapping[str, object]
"""Fields by name; None takes one away."""


def source_of(record: Measured) -> Where | None:
    """Where a value was read; None where it was typed."""
    if not record.measured_in or not record.measured_key:
        return None
    return Where(
        record.measured_in, record.measured_key, record.measured_run or "", record.measured_row or ""
    )


def kept(where: Where) -> dict[str, object]:
    """The fields of a record that say where its value is read."""
    return {
        "measured_in": where.file,
        "measured_key": list(where.key),
        "measured_run": where.run or None,
        "measured_row": where.row or None,
    }


def measured(
    where: Where, found: Observed, commit: str | None, today: dt.date, day: dt.date | None = None
) -> dict[str, object] | Unread:
    """The fields of a metric with a value that was read; `commit` is that of the repository."""
    on = day or (found.at.date() if found.at is not None else today)
    if on == today + dt.timedelta(days=1):
        # A tool's moment is in UTC, where the next day has begun before that of a person further west.
        on = today
    if on > today:
        why = f"{where.file} says that it was measured on {on}, which is ahead"
        return Unread(why, "--on DATE says when it was")
    return {
        "actual": found.value,
        "measured_on": on,
        **kept(where),
        "measured_commit": commit,
        "measured_hash": found.digest or None,
    }


def undated(where: Where, found: Observed) -> str:
    """What is taken for the day of a value whose file names none, in words; empty where it names one."""
    if found.at is None:
        return (
            f"{one_line(where.file)} names no day and is not committed as it is: it counts as measured today"
        )
    if found.is_by_commit:
        return f"{one_line(where.file)} names no day: that of its last commit counts, {found.at.date()}"
    return ""


def sources(plan: Plan, metrics: Sequence[Address]) -> dict[Address, Where]:
    """Those of some metrics that are read from a file, with where."""
    return {one: where for one in metrics if (where := source_of(metric_at(plan, one))) is not None}


def metric_at(plan: Plan, address: Address) -> Metric:
    """The metric at an address that the plan has."""
    return plan.strategy(address.project).metrics[address.id]


@dataclass(frozen=True)
class Refreshed:
    """What reading some metrics again gives."""

    read: int
    """How many were looked at."""
    changed: Mapping[Address, Fields]
    lines: tuple[str, ...]
    """What changes, a line for each."""
    failed: Mapping[Address, Unread]

    def batch(self, plan: Plan) -> Batch:
        """The step that keeps what changes. Raises EditRefused."""
        return set_fields(plan, self.changed, f"refresh {len(self.changed)} metrics from their files")


def refreshed(
    plan: Plan,
    wanted: Mapping[Address, Where],
    answers: Sequence[Observed | Unread],
    commit: str | None,
    today: dt.date,
) -> Refreshed:
    """What the files say of some metrics now; `answers` are in the order of `wanted`."""
    changed: dict[Address, Fields] = {}
    failed: dict[Address, Unread] = {}
    lines: list[str] = []
    for (address, where), answer in zip(wanted.items(), answers, strict=True):
        metric = metric_at(plan, address)
        if isinstance(answer, Unread):
            failed[address] = answer
        elif answer.value != metric.actual or (answer.digest and answer.digest != metric.measured_hash):
            fields = measured(where, answer, commit, today)
            if isinstance(fields, Unread):
                failed[address] = fields
            else:
                changed[address] = fields
                lines.append(_moved(address.id, metric, answer))
                if remark := undated(where, answer):
                    lines.append(f"  {remark}")
    return Refreshed(len(wanted), changed, tuple(lines), failed)


def _moved(name: str, metric: Metric, found: Observed) -> str:
    note = f" ({one_line(found.note)})" if found.note else ""
    if metric.actual == found.value:
        return f"{name}: {written(found.value)} as before, from a file that has changed{note}"
    before = "nothing" if metric.actual is None else written(metric.actual)
    return f"{name}: {before} -> {written(found.value)}{note}"


def set_fields(plan: Plan, changes: Mapping[Address, Fields], label: str) -> Batch:
    """A step that sets fields of some records and entries. Raises EditRefused."""
    fields = {
        address: {(name,): MISSING if one is None else one for name, one in named.items()}
        for address, named in changes.items()
    }
    return edit_each(plan, fields, label)

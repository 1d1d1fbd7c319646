"""What the value that a metric was measured at means against its target and its limits, and where it was read."""

from __future__ import annotations

from typing import Literal

from ..records.measured import Measured
from ..records.strategy import Metric
from ..text.figure import written
from .observation import said

Standing = Literal["good", "bad", "open", "unknown"]
"""`open`: inside its limits, but not at its target."""


def against_target(one: Metric) -> tuple[str, Standing]:
    """What the value that was measured last means, in words."""
    if one.actual is None:
        return "not measured yet", "unknown"

    def reaches(value: float) -> bool:
        assert one.actual is not None
        return one.actual >= value if one.better == "higher" else one.actual <= value

    if one.kill is not None and not reaches(one.kill):
        return f"worse than {written(one.kill)}, at which the project stops", "bad"
    if one.limit is not None and not reaches(one.limit):
        return f"beyond its limit of {written(one.limit)}", "bad"
    if one.target is None:
        return ("inside its limit", "good") if one.limit is not None else ("", "open")
    if reaches(one.target):
        return "reaches its target", "good"
    return "below its target" if one.better == "higher" else "above its target", "open"


def wanted(one: Metric) -> float | None:
    """The figure that the value is compared with: the target; for a guardrail its limit, where it has one."""
    return one.target if one.role != "guardrail" or one.limit is None else one.limit


def said_source(record: Measured) -> str:
    """The file that a value was read from, with what leads to it there and the commit; empty where there is none."""
    if not record.measured_in:
        return ""
    inside = [said(record.measured_key), record.measured_run or "", record.measured_row or ""]
    place = f" ({', '.join(filter(None, inside))})" if any(inside) else ""
    commit = f", at commit {record.measured_commit[:8]}" if record.measured_commit else ""
    return f"{record.measured_in}{place}{commit}"

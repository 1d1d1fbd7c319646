"""Counts of a live test as they are typed: `contact=2406/11912 hold-out.complaint-rate=19`."""

from __future__ import annotations

from collections.abc import Sequence

from ..plan.change import Path
from ..plan.field_spec import TextRefused
from ..records.delivery import Experiment

OWN_COUNTS = ("units", "events", "total")


def counted(record: Experiment, path: Sequence[str], text: str) -> list[tuple[Path, str]]:
    """The fields that a typed count is about, each with its text; another field's path as it is. Raises TextRefused.

    `contact=2406/11912` is events, or the total of a mean, and units; `contact.units=11912` one of them;
    `contact.complaint-rate=24` the count of another metric, `contact.clicks=5210/48200` both sums of a ratio.
    """
    name, *rest = path
    near = [arm for arm in record.arms if arm == name] or [arm for arm in record.arms if arm.startswith(name)]
    if len(near) != 1 or len(rest) > 1:
        return [(tuple(path), text)]
    arm = near[0]
    if not rest:
        sum_text, slash, units = text.partition("/")
        if not slash:
            raise TextRefused(f"{name}: EVENTS/UNITS is expected, such as 2406/11912, not {text!r}")
        measure = record.measures.get(record.primary_metric or "")
        own = "events" if measure is None or measure.spread is None else "total"
        return [(("arms", arm, own), sum_text.strip()), (("arms", arm, "units"), units.strip())]
    if rest[0] in OWN_COUNTS:
        return [(("arms", arm, rest[0]), text)]
    if rest[0] in (*record.guardrails, *record.measures):
        return _of_metric(record, rest[0], arm, text)
    known = ", ".join(dict.fromkeys((*OWN_COUNTS, *record.guardrails, *record.measures)))
    raise TextRefused(f"{arm} has no count {rest[0]!r}: there are {known}")


def _of_metric(record: Experiment, metric: str, arm: str, text: str) -> list[tuple[Path, str]]:
    """The count of a metric; with a slash the two sums of a ratio. Raises TextRefused."""
    above, slash, below = text.partition("/")
    found: list[tuple[Path, str]] = [(("measures", metric, "counts", arm), above.strip())]
    if not slash:
        return found
    measure = record.measures.get(metric)
    if measure is None or measure.spread is None:
        raise TextRefused(
            f"{arm}.{metric}: SUM/SUM is for a ratio, whose spread per unit is known "
            f"(measures.{metric}.spread; kedge calc ab-size works it out); of a share the count is enough"
        )
    return [*found, (("measures", metric, "per", arm), below.strip())]

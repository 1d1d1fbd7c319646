"""A cycle looked back on, in words: the same lines for the command line and for the board."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..flow.calibration import Record
from ..gates.gates import GateReport
from ..records.governance import Review
from ..text.figure import amount, written
from .results import Compared, CycleReview, DateResult, MetricResult

_STATE = {"reached": "met", "missed": "not met", "not measured": "unknown", "no target": "n/a"}
_ESTIMATES = 3
"""Persons, and kinds of work, whose estimates are listed."""


class Row(NamedTuple):
    """A line of a look back."""

    text: str
    depth: int = 1
    """0 for a heading."""
    mark: str = ""
    """A state, whose sign comes before the text, or a sign itself."""


def review_rows(found: CycleReview, rank: tuple[int, int] | None, chance: float) -> Iterator[Row]:
    """Results, plan against what came out, lessons, and what may happen next with what it asks."""
    project = found.project
    since = f", since {project.started}" if project.started else ""
    yield Row(f"{project.title}: cycle {project.cycle}, {project.stage}, in {project.phase}{since}", 0)
    yield Row("Results", 0)
    yield from map(_metric, found.metrics)
    if not found.metrics:
        yield Row("no metric is defined: kedge metric add TITLE target=…")
    yield Row("Planned and actual", 0)
    yield from map(_figure, found.figures)
    yield from _estimates(found)
    if found.dates:
        yield Row("Dates", 0)
        yield from (_date(found, one) for one in found.dates)
    yield from _learned(found)
    if rank is not None:
        yield Row(f"Rank {rank[0]} of {rank[1]}, chance of success {written(chance)}", 0)
    if found.outcomes:
        yield Row("What may happen next", 0)
        for name, report in found.outcomes.items():
            yield from _outcome(name, report)
    if found.recorded is not None:
        yield from _recorded(found.recorded)
    if found.earlier:
        earlier = "; ".join(
            f"cycle {one.cycle if one.cycle is not None else '?'}: {one.next or 'not decided'}"
            for one in found.earlier
        )
        yield Row(f"Earlier: {earlier}", 0)


def _estimates(found: CycleReview) -> Iterator[Row]:
    """What estimates of this cycle's cards came to: all of them, then those with most cards."""
    if not found.estimates:
        return
    yield Row("Estimates of the cards done in this cycle, in working days by the owner's share", 0)
    for by in ("all", "person", "kind"):
        named = [one for one in found.estimates if one.by == by and (one.id or by == "all")]
        yield from (Row(_estimate(one)) for one in named[:_ESTIMATES])


def _estimate(one: Record) -> str:
    cards = f"{one.count} card{'s' if one.count != 1 else ''}"
    within = f"; {one.within} of {one.ranges} within their range" if one.ranges else ""
    return f"{one.id or 'all'}: {cards}, {written(one.factor)} times the estimate{within}"


def _learned(found: CycleReview) -> Iterator[Row]:
    yield Row("Lessons", 0)
    for one in found.lessons:
        shown = f"; shown in {', '.join(one.projects)}" if one.projects else ""
        tags = f" [{', '.join(one.lesson.tags)}]" if one.lesson.tags else " [no tag: it is shown nowhere]"
        yield Row(f"{one.lesson.what}{tags}{shown}")
    if not found.lessons:
        yield Row("none yet: kedge lesson add TEXT tags=…")
    for title, group in (
        (
            "Techniques to try",
            [(one.title, one.could_change, one.review_by) for one in found.techniques.values()],
        ),
        ("Debts", [(one.what, one.fix or one.interest, one.owner) for one in found.debts.values()]),
    ):
        if group:
            yield Row(title, 0)
            yield from (Row("; ".join(str(part) for part in parts if part)) for parts in group)


def _metric(one: MetricResult) -> Row:
    metric, unit = one.metric, one.metric.unit or ""
    parts = [f"{one.id}: {one.state}"]
    if metric.actual is not None:
        parts.append(amount(metric.actual, unit))
    if one.target is not None:
        kind = "target" if metric.target is not None else "limit"
        parts.append(f"{kind} {written(one.target)}")
    if metric.baseline is not None:
        parts.append(f"baseline {written(metric.baseline)}")
    if one.way is not None:
        parts.append(f"{100 * one.way:.0f} % of the way")
    if metric.measured_on is not None:
        parts.append(f"measured {metric.measured_on}")
    return Row(", ".join(parts), 1, _STATE[one.state])


def _figure(one: Compared) -> Row:
    planned = (
        f"planned {written(one.planned)}" if one.planned is not None else f"not planned ({one.planned_by})"
    )
    actual = (
        f"actual {written(one.actual)}" if one.actual is not None else f"actual unknown ({one.actual_by})"
    )
    ratio = f", {100 * one.ratio:.0f} %" if one.ratio is not None else ""
    return Row(f"{one.name}: {actual}, {planned}{ratio} ({one.unit})")


def _date(found: CycleReview, one: DateResult) -> Row:
    due = f", due {one.due}" if one.due else ""
    if one.state == "open":
        late = "late" if one.due is not None and one.due < found.today else "open"
        state = f"{late}, expected {one.expected}" if one.expected else late
    else:
        state = {"reached": "reached", "no cards": "no card leads to it"}[one.state]
    return Row(f"{one.id}: {state}{due}")


def _outcome(name: str, report: GateReport) -> Iterator[Row]:
    if report.is_open:
        yield Row(f"{name}: open", 1, "met")
        return
    yield Row(f"{name}: {'; '.join(report.asks)}", 1, "not met")
    for check in report.checks:
        if check.verdict not in ("met", "to be judged") and check.because:
            yield Row(check.because[-1], 2)


def _recorded(one: Review) -> Iterator[Row]:
    decided = f", decided: {one.decision}" if one.decision else ""
    yield Row(f"Written down in {one.id} on {one.date or 'no day'}{decided}", 0)
    for mark, texts in (("+", one.went_well), ("-", one.went_badly)):
        yield from (Row(text, 1, mark) for text in texts)
